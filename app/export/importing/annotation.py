"""Read Praat TextGrid and ELAN EAF: tiers of intervals, one or more a speaker."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from app.core.errors import ExportError
from app.core.transcript import SpeakerId, Transcript, Word
from app.export.importing.words import Gathered, decode, spread, to_ms

_TOKEN = re.compile(
    r'"((?:[^"]|"")*)"'
    r"|\[[^\]\n]*\]"
    r"|(?<![\w.])([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.])"
    r"|![^\n]*"
)
_WORD_TIER = re.compile(r"^(?:(.*?)\s*)(?:\(words\)|-\s*words)$", re.IGNORECASE)
_PHONE_TIER = re.compile(r"(?:^|\W)(?:phones?|phonemes?|segments?)\W*$", re.IGNORECASE)
_PLAIN_TIER = re.compile(r"words?|transcript|transcription|text|utterances?", re.IGNORECASE)
_TIER_NUMBER = re.compile(r"^\d+ ")


@dataclass(frozen=True, slots=True)
class _Tier:
    name: str
    intervals: list[tuple[int, int, str]]


def read_textgrid(data: bytes) -> Transcript:
    """Read a TextGrid in Praat's long or short text format.

    Raises:
        ExportError: It is none, or it is damaged.
    """
    text = decode(data)
    if "TextGrid" not in text[:200] or "ooTextFile" not in text[:200]:
        raise ExportError(
            "This is no TextGrid in text form; save it as text with Praat and import that."
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
        tier = _Tier(head[0], [])
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


def read_eaf(data: bytes) -> Transcript:
    """Read an ELAN document; annotations without times of their own are left out.

    Raises:
        ExportError: It is none, or it is damaged.
    """
    try:
        root = fromstring(data)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise ExportError("This file is damaged or not from ELAN.") from error
    if root.tag != "ANNOTATION_DOCUMENT":
        raise ExportError("This file is not from ELAN.")
    slots = {
        slot.get("TIME_SLOT_ID"): slot.get("TIME_VALUE") for slot in root.iter("TIME_SLOT")
    }
    tiers: list[_Tier] = []
    for element in root.iter("TIER"):
        participant = element.get("PARTICIPANT") or ""
        name = element.get("TIER_ID") or ""
        is_words = _WORD_TIER.match(name) is not None
        if element.get("PARENT_REF") and not is_words:
            continue  # translations, glosses: not what was said
        label = participant or _TIER_NUMBER.sub("", name)
        tier = _Tier(f"{label} (words)" if is_words and participant else label, [])
        for annotation in element.iter("ALIGNABLE_ANNOTATION"):
            start = slots.get(annotation.get("TIME_SLOT_REF1"))
            end = slots.get(annotation.get("TIME_SLOT_REF2"))
            text = annotation.findtext("ANNOTATION_VALUE") or ""
            if start is not None and end is not None:
                tier.intervals.append((_whole(start), _whole(end), text))
        tiers.append(tier)
    return _from_tiers(tiers)


def _whole(text: str) -> int:
    if not re.fullmatch(r"\d{1,12}", text):
        raise _damaged()
    return to_ms(int(text) / 1_000)


def _from_tiers(tiers: list[_Tier]) -> Transcript:
    """Put the turns of all speakers in the order of time.

    Where a speaker has a tier of words beside the one of turns, the words say when
    and the turns say which belong together.
    """
    words: dict[str, list[tuple[int, int, str]]] = {}
    turns: list[_Tier] = []
    for tier in tiers:
        named = _WORD_TIER.match(tier.name)
        if named:
            words[named[1] or ""] = tier.intervals
        elif not _PHONE_TIER.search(tier.name):
            turns.append(tier)
    with_turns = {tier.name for tier in turns}
    turns += [_Tier(name, list(own)) for name, own in words.items() if name not in with_turns]
    gathered = Gathered()
    found: list[tuple[int, list[Word], SpeakerId | None]] = []
    for tier in turns:
        is_name = _PLAIN_TIER.fullmatch(tier.name.strip()) is None
        speaker = gathered.speaker(tier.name) if is_name else None
        own = sorted(words.get(tier.name, []))
        for start_ms, end_ms, text in tier.intervals:
            if not text.strip():
                continue
            timed = _within(own, start_ms, end_ms)
            said = _matched(text, timed) if timed else None
            found.append((start_ms, said or spread(text, start_ms, end_ms), speaker))
    for _, said, speaker in sorted(found, key=lambda turn: turn[0]):
        gathered.add(said, speaker)
    return gathered.transcript()


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
