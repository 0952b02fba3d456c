"""Make a transcript of what the service heard, however odd it looks. Pure.

Times are kept as they come where they make sense at all (contract 11.9): unsorted
and overlapping words stay so. Negative ones become 0, and those that are missing
are worked out from the neighbours and marked as estimated.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from app.core.options import TranscriptionOptions
from app.core.paragraphs import group_words
from app.core.transcript import Speaker, SpeakerId, Transcript, Word
from app.waves.json_reading import as_array, as_number, as_object, as_share, as_text, clean

LONGEST_MS = 1_000 * 3_600_000
"""No recording is a thousand hours long; a later time is a mistake."""
_GUESSED_MS_PER_LETTER = 60
_LONGEST_GUESSED_WORD_MS = 1_000
_LONGEST_LABEL = 80
_MOST_EMOTIONS = 50
_LOOK_AHEAD = 64
_MOST_TOKENS = 100_000

# Han, kana and their marks: written without spaces between words
_UNSPACED = (
    "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_CLOSING = "、。，．！？；：）」』】》〉…・"
_TOKEN = re.compile(f"[{_UNSPACED}]{{1,2}}[{_CLOSING}]*|[^\\s{_UNSPACED}]+")
_ENDS_UNSPACED = re.compile(f"[{_UNSPACED}{_CLOSING}]$")
_STARTS_UNSPACED = re.compile(f"[{_UNSPACED}{_CLOSING}]")
_LAST_NUMBER = re.compile(r"([0-9]{1,9})$")


@dataclass(slots=True)
class _Heard:
    """A word on its way to becoming a ``Word``."""

    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    confidence: float | None = None
    speaker: str | None = None
    speaker_confidence: float | None = None
    is_joined: bool = False
    is_estimated: bool = False


@dataclass(frozen=True, slots=True)
class _Turn:
    start_ms: int
    speaker: str


def build_transcript(
    reply: Mapping[str, object],
    options: TranscriptionOptions,
    duration_ms: int | None = None,
) -> Transcript:
    """Make a transcript of a reply's content.

    Args:
        reply: The JSON object; every part of it may be missing or odd.
        options: What was asked for.
        duration_ms: Length of the recording, if known better than from the reply.
    """
    said_ms = _ms(as_object(reply.get("metadata")).get("duration"))
    length_ms = duration_ms if duration_ms is not None else (said_ms or 0)
    text = as_text(reply.get("transcription"))
    heard = _heard_words(as_array(reply.get("words")))
    if heard:
        _join_as_in(text, heard)
        heard = _with_missing(text, heard)
        _borrow_speakers(heard, as_array(reply.get("utterances")))
        _fill_times(heard, 0, length_ms)
    else:
        heard = _spoken_turns(as_array(reply.get("utterances"))) if not text else []
        heard = heard or _tokens(text)
        _fill_times(heard, 0, length_ms)
    words = [_finished(one) for one in heard]
    speakers = _carried_on([one.speaker for one in heard])
    ids, named = _identities(speakers)
    return Transcript(
        group_words(words, ids),
        named,
        language=as_text(reply.get("language"), _LONGEST_LABEL) or options.language,
        duration_ms=length_ms,
        model=options.model.value,
        gender=as_text(reply.get("gender"), _LONGEST_LABEL),
        emotions=_emotions(reply.get("emotions")),
    )


def build_words(
    text: str, entries: Sequence[object], begin_ms: int, end_ms: int
) -> tuple[Word, ...]:
    """Make words of a piece of text and of what came with it about its words.

    Args:
        text: What was said; what has no entry among the words has its times worked out.
        entries: The words as they came; may be empty or odd.
        begin_ms: Where the piece begins at the earliest.
        end_ms: Where it ends at the latest.
    """
    heard = _heard_words(entries)
    if heard:
        _join_as_in(text, heard)
        heard = _with_missing(text, heard)
    else:
        heard = _tokens(text)
    _fill_times(heard, begin_ms, end_ms)
    return tuple(_finished(one) for one in heard)


def follows_unspaced(before: str, text: str) -> bool:
    """Tell whether a word follows another without a space because of their script."""
    return bool(_STARTS_UNSPACED.match(text) and _ENDS_UNSPACED.search(before))


def _heard_words(entries: Sequence[object]) -> list[_Heard]:
    heard: list[_Heard] = []
    for entry in entries:
        fields = as_object(entry)
        raw = fields.get("word", entry)
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            raw = str(raw)
        text = as_text(raw)
        if not text:
            continue
        start_ms, end_ms = _ms(fields.get("start")), _ms(fields.get("end"))
        if start_ms is None and end_ms is not None:
            start_ms = end_ms
        heard.append(
            _Heard(
                text,
                start_ms,
                end_ms if start_ms is None or end_ms is None else max(start_ms, end_ms),
                as_share(fields.get("confidence")),
                _speaker(fields.get("speaker")),
                as_share(fields.get("speaker_confidence")),
            )
        )
    return heard


def _ms(seconds: object) -> int | None:
    number = as_number(seconds)
    if number is None:
        return None
    return round(min(LONGEST_MS / 1000, max(0.0, number)) * 1000)


def _speaker(value: object) -> str | None:
    """Name a speaker: a number where one is given, else the label (contract 1.1)."""
    if isinstance(value, str):
        label = clean(value, _LONGEST_LABEL)
        numbered = _LAST_NUMBER.search(label)
        return f"#{int(numbered[1])}" if numbered else label or None
    number = as_number(value)
    if number is None or abs(number) > LONGEST_MS:
        return None
    return f"#{round(number)}"


def _join_as_in(text: str, heard: list[_Heard]) -> None:
    """Find out from the text which words follow the one before without a space."""
    place = 0
    for number, one in enumerate(heard):
        found = text.find(one.text, place, place + len(one.text) + _LOOK_AHEAD)
        if found >= 0:
            one.is_joined = number > 0 and found == place
            place = found + len(one.text)
        elif number > 0:
            one.is_joined = follows_unspaced(heard[number - 1].text, one.text)


def _tokens(text: str) -> list[_Heard]:
    """Cut text into words, that of unspaced scripts into pairs of characters.

    More words than any recording has are taken several at a time, to bound the work.
    """
    spans = [found.span() for found in _TOKEN.finditer(text)]
    step = 1 + len(spans) // _MOST_TOKENS
    tokens: list[_Heard] = []
    for first in range(0, len(spans), step):
        start = spans[first][0]
        end = spans[min(first + step, len(spans)) - 1][1]
        joined = start > 0 and not text[start - 1].isspace()
        tokens.append(_Heard(text[start:end], is_joined=joined))
    return tokens


def _with_missing(text: str, heard: list[_Heard]) -> list[_Heard]:
    """Put words that are only in the text between those that came with times.

    Words that are merely spelt otherwise in the text are left as they came, so
    nothing is said twice.
    """
    tokens = _tokens(text)
    spare = len(tokens) - len(heard)
    if spare <= 0:
        return heard
    places: dict[str, list[int]] = {}
    for place, token in enumerate(tokens):
        places.setdefault(_bare(token.text), []).append(place)
    whole: list[_Heard] = []
    place = 0
    unmatched = 0
    for one in heard:
        candidates = places.get(_bare(one.text), [])
        nearest = bisect_left(candidates, place)
        found = candidates[nearest] if nearest < len(candidates) else None
        if found is None or found - place - unmatched > spare:
            unmatched += 1
        else:
            spare -= max(0, found - place - unmatched)
            if not unmatched:
                whole += tokens[place:found]
            place = found + 1
            unmatched = 0
        whole.append(one)
    return whole + tokens[place + unmatched :]


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum()) or text


def _borrow_speakers(heard: list[_Heard], utterances: Sequence[object]) -> None:
    """Where no word names its speaker, take the speaker of the utterance around it."""
    if any(one.speaker is not None for one in heard):
        return
    turns = sorted(_turns(utterances), key=lambda turn: turn.start_ms)
    if not turns:
        return
    starts = [turn.start_ms for turn in turns]
    for one in heard:
        if one.start_ms is None:
            continue
        middle_ms = (one.start_ms + (one.end_ms or one.start_ms)) // 2
        one.speaker = turns[max(0, bisect_right(starts, middle_ms) - 1)].speaker


def _turns(utterances: Sequence[object]) -> Iterable[_Turn]:
    for entry in utterances:
        fields = as_object(entry)
        speaker, start_ms = _speaker(fields.get("speaker")), _ms(fields.get("start"))
        if speaker is not None and start_ms is not None:
            yield _Turn(start_ms, speaker)


def _spoken_turns(utterances: Sequence[object]) -> list[_Heard]:
    """Make words of utterances, for a reply that has nothing else."""
    heard: list[_Heard] = []
    for entry in utterances:
        fields = as_object(entry)
        tokens = _tokens(as_text(fields.get("text")))
        start_ms, end_ms = _ms(fields.get("start")), _ms(fields.get("end"))
        if start_ms is not None and end_ms is not None:
            _fill_times(tokens, start_ms, end_ms)
        for token in tokens:
            token.speaker = _speaker(fields.get("speaker"))
        heard += tokens
    return heard


def _fill_times(heard: list[_Heard], begin_ms: int, end_ms: int) -> None:
    """Give times to the words without: spread between neighbours by their length."""
    left_ms = begin_ms
    place = 0
    while place < len(heard):
        one = heard[place]
        if one.start_ms is not None:
            left_ms = one.start_ms if one.end_ms is None else one.end_ms
            place += 1
            continue
        stop = place
        while stop < len(heard) and heard[stop].start_ms is None:
            stop += 1
        right_ms = heard[stop].start_ms if stop < len(heard) else end_ms
        _spread(heard[place:stop], left_ms, right_ms or 0, is_last=stop == len(heard))
        place = stop
    for one, following in zip_longest(heard, heard[1:]):
        start_ms = one.start_ms or 0
        if one.end_ms is None:
            next_ms = following.start_ms if following else end_ms
            one.end_ms = min(max(start_ms, next_ms or 0), start_ms + _LONGEST_GUESSED_WORD_MS)
            one.is_estimated = True


def _spread(run: list[_Heard], left_ms: int, right_ms: int, *, is_last: bool) -> None:
    weights = [len(one.text) + 1 for one in run]
    total = sum(weights)
    if right_ms <= left_ms and is_last:  # the length is unknown: speak at a usual speed
        right_ms = min(LONGEST_MS, left_ms + total * _GUESSED_MS_PER_LETTER)
    room_ms = max(0, right_ms - left_ms)
    passed = 0
    for one, weight in zip(run, weights, strict=True):
        one.start_ms = left_ms + room_ms * passed // total
        passed += weight
        one.end_ms = left_ms + room_ms * passed // total
        one.is_estimated = True


def _finished(one: _Heard) -> Word:
    start_ms = one.start_ms or 0
    return Word(
        one.text,
        start_ms,
        start_ms if one.end_ms is None else one.end_ms,
        one.confidence,
        one.speaker_confidence,
        one.is_joined,
        one.is_estimated,
    )


def _carried_on(speakers: list[str | None]) -> list[str | None]:
    """Let a word without a speaker belong to whoever spoke before, or speaks first."""
    last = next((speaker for speaker in speakers if speaker is not None), None)
    carried: list[str | None] = []
    for speaker in speakers:
        last = last if speaker is None else speaker
        carried.append(last)
    return carried


def _identities(
    speakers: list[str | None],
) -> tuple[list[SpeakerId | None], tuple[Speaker, ...]]:
    """Give the ids word by word, and the speakers in order of appearance."""
    known: dict[str, Speaker] = {}
    for speaker in speakers:
        if speaker is not None and speaker not in known:
            is_number = speaker.startswith("#")
            identity = f"speaker-{speaker[1:]}" if is_number else speaker
            known[speaker] = Speaker(SpeakerId(identity), "" if is_number else speaker)
    ids = [None if speaker is None else known[speaker].speaker_id for speaker in speakers]
    return ids, tuple(known.values())


def _emotions(value: object) -> tuple[tuple[str, float], ...]:
    found: list[tuple[str, float]] = []
    for label, strength in as_object(value).items():  # contract 1.1: treat keys as open
        name, share = clean(label, _LONGEST_LABEL), as_share(strength)
        if name and share is not None and len(found) < _MOST_EMOTIONS:
            found.append((name, share))
    return tuple(found)
