"""Read what Whisper programs write: openai-whisper and its kin, and whisper.cpp."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from app.core.timecode import parse_time
from app.core.transcript import Transcript, Word
from app.export.importing.fields import (
    Fields,
    items_of,
    language_of,
    name_of,
    number_of,
    share_of,
    text_of,
)
from app.export.importing.heard import Heard, merge_pieces, whole_words
from app.export.importing.rolling import STAMP, Caption, without_repeats
from app.export.importing.shapes import LENGTH_S
from app.export.importing.words import (
    WORD_MS,
    Gathered,
    split_words,
    spread,
    to_ms_if_known,
)
from app.export.transcript_json import as_fields

_STAMP = re.compile(rf"<({STAMP})>")
_MARK = re.compile(r"\[_\w+\]|<\|.*\|>")
_LARGEST = 2**53
"""Greater numbers are damage, and some cannot be divided."""
_LOST = "\ufffd"
_LONGEST_PIECE = 3
"""Characters of a segment on average, below which segments are pieces of a line."""


def read_whisper(content: Fields) -> Transcript:
    """Read what openai-whisper, faster-whisper, WhisperX and OpenAI's service write.

    Raises:
        ExportError: There are no words in it, or a time is none.
    """
    segments = _by_time(list(items_of(content, "segments")))
    gathered = Gathered()
    has_own = any(True for segment in segments for _ in items_of(segment, "words"))
    if not has_own and (words := [_heard(item) for item in items_of(content, "words")]):
        text = text_of(content, "text") or " ".join(text_of(one, "text") for one in segments)
        _add_words(gathered, words, segments, text)
    else:
        _add_segments(gathered, _said_once(segments))
    length_ms = round((number_of(content.get(LENGTH_S)) or 0) * 1_000)
    return _timed(gathered, language_of(content), length_ms)


def _by_time(segments: list[Fields]) -> list[Fields]:
    """Put segments right that programs wrote one speaker or one part after the other."""
    starts_ms = [to_ms_if_known(segment.get("start")) for segment in segments]
    known = [start_ms for start_ms in starts_ms if start_ms is not None]
    if len(known) < len(segments):
        return segments
    order = sorted(range(len(segments)), key=known.__getitem__)
    return [segments[place] for place in order]


def _timed(gathered: Gathered, language: str, duration_ms: int = 0) -> Transcript:
    """Refuse what has no time at all, where each word could only be at the beginning."""
    if not any(word.end_ms for word in gathered.words):
        gathered = Gathered()
    return gathered.transcript(language=language, duration_ms=duration_ms)


def _heard(item: Fields) -> Heard:
    return Heard(
        text_of(item, "word", "text"),
        to_ms_if_known(item.get("start")),
        to_ms_if_known(item.get("end")),
        share_of(item, "probability", "score", "confidence"),
        name=name_of(item),
    )


def _add_words(
    gathered: Gathered, words: Sequence[Heard], segments: Sequence[Fields], text: str
) -> None:
    """Take words that stand beside the segments; a segment says who speaks in its time."""
    timed = [(to_ms_if_known(segment.get("start")), name_of(segment)) for segment in segments]
    turns = sorted((start_ms, name) for start_ms, name in timed if start_ms is not None)
    starts_ms = [start_ms for start_ms, _ in turns]
    for word, name in whole_words(words, text):
        place = bisect_right(starts_ms, (word.start_ms + word.end_ms) // 2)
        speaker = name or (turns[place - 1][1] if place else "")
        gathered.add([word], gathered.speaker(speaker))


def _said_once(segments: Sequence[Fields]) -> Sequence[Fields]:
    """Leave out what segments show again of those before them, as captions do."""
    captions: list[Caption] = []
    for number, segment in enumerate(segments):
        start_ms, end_ms = (
            to_ms_if_known(segment.get("start")),
            to_ms_if_known(segment.get("end")),
        )
        if start_ms is None or end_ms is None:
            return segments
        text = text_of(segment, "text") or _text_of_words(segment)
        captions.append(Caption(start_ms, end_ms, text.split("\n"), number))
    if [one.start_ms for one in captions] != sorted(one.start_ms for one in captions):
        return segments
    return [
        _cut_to(segments[one.number], captions[one.number], one)
        for one in without_repeats(captions, _STAMP)
    ]


def _text_of_words(segment: Fields) -> str:
    texts = [text_of(word, "word", "text") for word in items_of(segment, "words")]
    gap = "" if any(text[:1].isspace() for text in texts) else " "
    return gap.join(texts)


def _cut_to(segment: Fields, before: Caption, now: Caption) -> Fields:
    """Give a segment with what is left of it, its words with it."""
    text = "\n".join(now.lines)
    if text == "\n".join(before.lines) and now.start_ms == before.start_ms:
        return segment
    pieces = _STAMP.split(text)
    left = " ".join("".join(pieces[::2]).split())
    words = list(items_of(segment, "words"))
    if words:
        words = _last_of(words, len("".join(left.split())))
    elif len(pieces) > 1:
        starts_ms = [now.start_ms, *(parse_time(stamp) for stamp in pieces[1::2]), now.end_ms]
        words = [
            {
                "word": word.text if is_joined else f" {word.text}",
                "start": word.start_ms / 1_000,
                "end": word.end_ms / 1_000,
            }
            for number, (piece, start_ms, end_ms) in enumerate(
                zip(pieces[::2], starts_ms[:-1], starts_ms[1:], strict=True)
            )
            for place, word in enumerate(spread(piece, start_ms, end_ms))
            for is_joined in [word.is_joined or (number and not place and piece[0] > " ")]
        ]
    return {**segment, "start": now.start_ms / 1_000, "text": left, "words": words}


def _last_of(words: Sequence[Fields], length: int) -> list[Fields]:
    """Give as many of the last words as make up so much text."""
    place = len(words)
    while place and length > 0:
        place -= 1
        length -= len("".join(text_of(words[place], "word", "text").split()))
    return list(words[place:])


def _add_segments(gathered: Gathered, segments: Sequence[Fields]) -> None:
    spans = [
        Heard(
            text_of(segment, "text"),
            to_ms_if_known(segment.get("start")),
            to_ms_if_known(segment.get("end")),
        )
        for segment in segments
    ]
    at_ms = 0
    for place, (segment, span) in enumerate(zip(segments, spans, strict=True)):
        start_ms = at_ms if span.start_ms is None else span.start_ms
        heard = [_heard(item) for item in items_of(segment, "words")]
        words = list(whole_words(heard, span.text, start_ms if place else span.start_ms))
        if not words:
            later_ms = spans[place + 1].start_ms if place + 1 < len(spans) else None
            end_ms = later_ms if span.end_ms is None else span.end_ms
            is_last = place + 1 == len(spans)
            if (
                end_ms is None and is_last and span.start_ms is not None
            ):  # the recording ended within it
                end_ms = start_ms + WORD_MS * len(split_words(span.text))
            shared = spread(span.text, start_ms, start_ms if end_ms is None else end_ms)
            words = [(word, "") for word in shared]
        for word, name in words:
            gathered.add([word], gathered.speaker(name or name_of(segment)))
            at_ms = word.end_ms


def read_whisper_cpp(content: Fields) -> Transcript:
    """Read what whisper.cpp writes: offsets in milliseconds, with or without tokens.

    Raises:
        ExportError: There are no words in it, or a time is none.
    """
    segments = [one for one in items_of(content, "transcription") if text_of(one, "text")]
    texts = [text_of(segment, "text") for segment in segments]
    gap = "" if _is_in_pieces(texts) else " "
    pieces = chain.from_iterable(_pieces(one, gap) for one in segments)
    gathered = Gathered()
    for word, name in whole_words(merge_pieces(list(pieces)), gap.join(texts)):
        gathered.add([word], gathered.speaker(name))
    return _timed(gathered, language_of(as_fields(content.get("result"))))


def _is_in_pieces(texts: Sequence[str]) -> bool:
    """Tell whether a segment may go on with the word of the one before."""
    if any(text[0].isspace() for text in texts):
        return True
    return sum(len(text) for text in texts) <= _LONGEST_PIECE * len(texts)


def _pieces(segment: Fields, gap: str) -> list[Heard]:
    """Give the tokens of a segment, or its words sharing its time."""
    text = text_of(segment, "text")
    name = _counted_name(segment)
    pieces = _whole_tokens(segment, text)
    if not pieces:
        start_ms, end_ms = _offsets(segment)
        shared = spread(text, start_ms or 0, end_ms or start_ms or 0)
        pieces = [_piece(word, is_guess=len(shared) > 1) for word in shared]
        if pieces and not text[0].isspace():
            pieces[0] = replace(pieces[0], text=pieces[0].text.lstrip())
    if pieces and not pieces[0].text[0].isspace():
        pieces[0] = replace(pieces[0], text=gap + pieces[0].text)
    return [replace(piece, name=name) for piece in pieces]


def _piece(word: Word, *, is_guess: bool) -> Heard:
    text = word.text if word.is_joined else f" {word.text}"
    return Heard(text, word.start_ms, word.end_ms, is_estimated=is_guess)


def _counted_name(segment: Fields) -> str:
    """Name the sides of a stereo recording, which are counted from 0 or unknown (``?``)."""
    name = name_of(segment)
    if re.fullmatch(r"\d{1,3}", name):
        return f"Speaker {int(name) + 1}"
    return "" if name == "?" else name


def _whole_tokens(segment: Fields, text: str) -> list[Heard]:
    """Give the tokens with their times; none unless they make up the text."""
    tokens = [
        Heard(text_of(token, "text"), *_offsets(token), share_of(token, "p"))
        for token in items_of(segment, "tokens")
    ]
    tokens = [one for one in tokens if one.text and _MARK.fullmatch(one.text) is None]
    if any(one.start_ms is None or one.end_ms is None for one in tokens):
        return []
    mended = list(_mended(tokens, text))
    return mended if "".join(one.text for one in mended).strip() == text.strip() else []


def _mended(tokens: Sequence[Heard], text: str) -> Iterator[Heard]:
    """Take characters whose bytes are divided among tokens from the text."""
    place = 0
    broken: Heard | None = None
    for token in tokens:
        if _LOST in token.text:
            broken = token if broken is None else replace(broken, end_ms=token.end_ms)
            continue
        at = text.find(token.text, place)
        if broken is not None and at > place:
            yield replace(broken, text=text[place:at])
        broken = None
        yield token
        place = max(place, at) + len(token.text)
    if broken is not None and text[place:]:
        yield replace(broken, text=text[place:])


def _offsets(content: Fields) -> tuple[int | None, int | None]:
    offsets = as_fields(content.get("offsets"))
    return _milliseconds(offsets.get("from")), _milliseconds(offsets.get("to"))


def _milliseconds(value: object) -> int | None:
    if isinstance(value, (int, float)) and abs(value) < _LARGEST:
        return to_ms_if_known(value / 1_000)
    return to_ms_if_known(value)
