"""Read Praat TextGrid and ELAN EAF: tiers of intervals, one or more a speaker."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from app.core.errors import ExportError
from app.core.transcript import SpeakerId, Transcript, Word
from app.export.importing.hints import NO_HINTS, Hints
from app.export.importing.words import (
    WORD_MS,
    Gathered,
    decode,
    split_words,
    spread,
    to_ms,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_TOKEN = re.compile(
    r'"((?:[^"]|"")*)"'
    r"|\[[^\]\n]*\]"
    r"|(?<![\w.])([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.])"
    r"|![^\n]*"
)
_WORD_TIER = re.compile(r"^(?:(.*?)\s*)(?:\(words\)|-\s*words)$", re.IGNORECASE)
_PHONE_TIER = re.compile(r"(?:^|\W)(?:phones?|phonemes?|segments?)\W*$", re.IGNORECASE)
_PLAIN_TIER = re.compile(r"words?|transcript|transcription|text|utterances?", re.IGNORECASE)
_ONLY_WORDS = re.compile(r"words?|ORT-MAU", re.IGNORECASE)
_BESIDE_ORT_MAU = frozenset(["KAN-MAU", "MAS", "MAU", "TRN"])
"""Tiers in which WebMAUS says again what its tier of words says."""
_SILENCE = re.compile(r"<(?:eps|p:|sil)>|sil|spn?")
"""What aligners write where no word is."""
_NAMELESS = "Transcript"
"""What Wordlight calls the tier of those whose names are not known."""
_TIER_NUMBER = re.compile(r"^\d+ ")


@dataclass(frozen=True, slots=True)
class _Tier:
    """A tier of a file.

    Attributes:
        tier_id: What the file calls it.
        name: Who speaks in it.
        parent_id: The tier that it divides further, if the file says so.
    """

    tier_id: str
    name: str
    intervals: list[tuple[int, int, str]]
    parent_id: str = ""


def read_textgrid(data: bytes, hints: Hints = NO_HINTS) -> Transcript:
    """Read a TextGrid in Praat's long or short text format.

    Raises:
        ExportError: It is none, or it is damaged.
    """
    text = decode(data, hints.encoding)
    if "TextGrid" not in text[:200] or "ooTextFile" not in text[:200]:
        raise ExportError(
            "This TextGrid is not in text form. Save it as text in Praat and import that."
        )
    return _from_tiers(_textgrid_tiers(text))


def _textgrid_tiers(text: str) -> list[_Tier]:
    """Read the values in their order; what stands around them is only for people."""
    values: list[str | float] = []
    for token in _TOKEN.finditer(text):
        if token[1] is not None:
            values.append(token[1].replace('""', '"'))
        elif token[2] is not None:
            values.append(float(token[2]))
    tiers: list[_Tier] = []
    place = 0
    while place < len(values):
        kind = values[place]
        place += 1
        if kind not in {"IntervalTier", "TextTier"}:
            continue
        head = values[place : place + 4]
        if len(head) < 4 or not isinstance(head[0], str) or not isinstance(head[3], float):
            raise _damaged()
        place += 4
        if kind == "TextTier":
            continue
        tier = _Tier(head[0], head[0], [])
        for _ in range(int(min(head[3], len(values)))):
            row = values[place : place + 3]
            if len(row) < 3 or not isinstance(row[2], str):
                raise _damaged()
            tier.intervals.append((to_ms(row[0]), to_ms(row[1]), row[2]))
            place += 3
        tiers.append(tier)
    return tiers


def _damaged() -> ExportError:
    return ExportError("This file is damaged: an annotation in it is not complete.")


def read_eaf(data: bytes, _hints: Hints = NO_HINTS) -> Transcript:
    """Read an ELAN document; times that are not given lie between those that are.

    Raises:
        ExportError: It is none, or it is damaged.
    """
    try:
        root = fromstring(data)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise ExportError("This file is damaged or not from ELAN.") from error
    if root.tag != "ANNOTATION_DOCUMENT":
        raise ExportError("This file is not from ELAN.")
    slots = _slots(root.iter("TIME_SLOT"))
    tiers: list[_Tier] = []
    for element in root.iter("TIER"):
        participant = element.get("PARTICIPANT") or ""
        name = element.get("TIER_ID") or ""
        parent = element.get("PARENT_REF") or ""
        if parent and not _WORD_TIER.match(name):
            continue  # translations, glosses: not what was said
        tier = _Tier(name, participant or _TIER_NUMBER.sub("", name), [], parent)
        for annotation in element.iter("ALIGNABLE_ANNOTATION"):
            start = slots.get(annotation.get("TIME_SLOT_REF1"))
            end = slots.get(annotation.get("TIME_SLOT_REF2"))
            text = annotation.findtext("ANNOTATION_VALUE") or ""
            if start is not None and end is not None:
                length_ms = end - start or WORD_MS * len(split_words(text))
                tier.intervals.append((start, start + length_ms, text))
        tiers.append(tier)
    return _from_tiers(tiers)


def _slots(elements: Iterable[Element]) -> dict[str | None, int]:
    """Give the time of each slot; those without one share what lies between their neighbours.

    ELAN shows what somebody wrote before it was aligned in the same way. Slots stand in the
    order of time; behind the last that is known there is nothing to share.
    """
    found: dict[str | None, int] = {}
    unknown: list[str | None] = []
    before_ms = 0
    for element in elements:
        value = element.get("TIME_VALUE")
        if value is None:
            unknown.append(element.get("TIME_SLOT_ID"))
            continue
        at_ms = _whole(value)
        each_ms = max(0, at_ms - before_ms) // (len(unknown) + 1)
        for place, slot in enumerate(unknown, start=1):
            found[slot] = before_ms + place * each_ms
        found[element.get("TIME_SLOT_ID")] = before_ms = at_ms
        unknown = []
    found.update(dict.fromkeys(unknown, before_ms))
    return found


def _whole(text: str) -> int:
    if not re.fullmatch(r"\d{1,12}", text):
        raise _damaged()
    return to_ms(int(text) / 1_000)


def _from_tiers(tiers: list[_Tier]) -> Transcript:
    """Put the turns of all speakers in the order of time.

    Where a speaker has a tier of words beside the one of turns, the words say when
    and the turns say which belong together.
    """
    turns, words = _sorted_out(tiers)
    gathered = Gathered()
    found: list[tuple[int, list[Word], SpeakerId | None]] = []
    for tier in turns:
        speaker = gathered.speaker(tier.name)
        own = sorted(words.get(tier.tier_id, []))
        for start_ms, end_ms, text in tier.intervals:
            if text.strip():
                said = _said(text, start_ms, end_ms, _within(own, start_ms, end_ms))
                found.append((start_ms, said, speaker))
    for _, said, speaker in sorted(found, key=lambda turn: turn[0]):
        gathered.add(said, speaker)
    return gathered.transcript()


def _sorted_out(
    tiers: list[_Tier],
) -> tuple[list[_Tier], dict[str, list[tuple[int, int, str]]]]:
    """Tell the tiers of turns, with who speaks in them, from those of their words."""
    ids = Counter(tier.tier_id for tier in tiers)
    words: dict[str, list[tuple[int, int, str]]] = {}
    others: list[_Tier] = []
    for place, tier in enumerate(tiers):
        base = _base(tier, ids, tiers[place - 1].tier_id if place else "")
        if base:
            words[base] = tier.intervals
        else:
            others.append(tier)
    turns: list[_Tier] = []
    for tier in others:
        if tier.tier_id in words:
            turns.append(replace(tier, name="") if tier.name == _NAMELESS else tier)
        elif not _is_beside(tier, ids):
            turns.append(_named(tier, ids))
    return turns, words


def _base(tier: _Tier, ids: Counter[str], before: str) -> str:
    """Give the tier whose words these are; a speaker may be called “Ann (words)” too."""
    named = _WORD_TIER.match(tier.tier_id)
    if named is None:
        return ""
    if tier.parent_id in ids:
        return tier.parent_id
    base = named[1]
    is_only = ids[tier.tier_id] == 1 or before == base
    return base if base in ids and is_only else ""


def _named(tier: _Tier, ids: Counter[str]) -> _Tier:
    """Tell the speaker of a tier without words of its own, and what in it is no word."""
    aligned = _WORD_TIER.match(tier.tier_id)
    if aligned and f"{aligned[1]} - phones" in ids:  # Montreal Forced Aligner
        return replace(tier, name=aligned[1], intervals=_without_silence(tier.intervals))
    if _ONLY_WORDS.fullmatch(tier.name.strip()):
        return replace(tier, name="", intervals=_without_silence(tier.intervals))
    return replace(tier, name="") if _PLAIN_TIER.fullmatch(tier.name.strip()) else tier


def _is_beside(tier: _Tier, ids: Counter[str]) -> bool:
    if "ORT-MAU" in ids and tier.tier_id in _BESIDE_ORT_MAU:
        return True
    return _PHONE_TIER.search(tier.name) is not None


def _without_silence(intervals: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    return [one for one in intervals if _SILENCE.fullmatch(one[2].strip()) is None]


def _said(
    text: str, start_ms: int, end_ms: int, timed: list[tuple[int, int, str]]
) -> list[Word]:
    """Give the words of an interval; one that is alone in it has been heard there."""
    said = _matched(text, timed) or _matched(text, _without_silence(timed))
    if said is None:
        said = spread(text, start_ms, end_ms)
        if len(said) == 1:
            return [replace(said[0], is_estimated=False)]
    return said


def _within(
    words: list[tuple[int, int, str]], start_ms: int, end_ms: int
) -> list[tuple[int, int, str]]:
    begin = bisect_left(words, (start_ms,))
    end = bisect_left(words, (end_ms,))
    return [word for word in words[begin:end] if word[2].strip()]


def _matched(text: str, timed: list[tuple[int, int, str]]) -> list[Word] | None:
    """Give the words of a turn their heard times, if they are the same words."""
    said: list[Word] = []
    place = 0
    for start_ms, end_ms, word in timed:
        piece = word.strip()
        at = text.find(piece, place)
        if at < 0 or text[place:at].strip():
            return None
        word_now = Word(" ".join(piece.split()), start_ms, max(start_ms, end_ms))
        said.append(replace(word_now, is_joined=bool(said) and at == place))
        place = at + len(piece)
    return None if text[place:].strip() else said
