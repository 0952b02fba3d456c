"""A transcript as a compact blob for the database, and back without loss.

Words are kept as columns (all texts, all starts, …): it packs well, and a hundred
thousand words are read in a tenth of a second. The public file format is another
one (``app/export``); this one may change, its number tells.
"""

from __future__ import annotations

import json
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple
from itertools import repeat
from typing import Any

from app.core.errors import StorageError
from app.core.messages import message
from app.core.recording import SoundChoice
from app.core.transcript import (
    Layout,
    Marker,
    MarkerId,
    MarkerKind,
    Paragraph,
    Review,
    Speaker,
    SpeakerId,
    Transcript,
    Word,
)

_VERSION = 1
_LEVEL = 3
_AT_ONCE = 2_000
_SETTERS: dict[str, Callable[[Word, Any], None]] = {
    name: getattr(Word, name).__set__ for name in Word.__slots__
}


def pack(transcript: Transcript) -> bytes:
    """Write a transcript as a blob.

    Done piece by piece: writing JSON holds up every other thread of the program, the one
    that paints among them, and in one go it would do so for 30 ms at 100,000 words.
    """
    squeeze = zlib.compressobj(_LEVEL)
    packed = [squeeze.compress(piece.encode()) for piece in _written(transcript)]
    return b"".join([*packed, squeeze.flush()])


def _written(transcript: Transcript) -> Iterator[str]:
    """Write a transcript as one JSON object, in pieces."""
    words = list(transcript.words())
    sound = transcript.sound
    yield _dumps(
        {
            "version": _VERSION,
            "language": transcript.language,
            "duration_ms": transcript.duration_ms,
            "model": transcript.model,
            "gender": transcript.gender,
            "emotions": transcript.emotions,
            "sound": None if sound is None else (sound.tracks, sound.channel),
            "wordless": transcript.wordless,
            "speakers": [(one.speaker_id, one.name, one.part) for one in transcript.speakers],
        }
    )[:-1]
    paragraphs = [
        (
            len(one.words),
            one.speaker_id,
            one.start_ms,
            one.end_ms,
            one.is_approved,
            one.is_highlighted,
            one.note,
        )
        for one in transcript.paragraphs
    ]
    columns: dict[str, Sequence[Any] | None] = {
        "segments": paragraphs,
        "texts": [word.text for word in words],
        "starts": [word.start_ms for word in words],
        "ends": [word.end_ms for word in words],
        "confidences": _column([word.confidence for word in words], None),
        "speaker_confidences": _column([word.speaker_confidence for word in words], None),
        "joined": _column([word.is_joined for word in words], usual=False),
        "estimated": _column([word.is_estimated for word in words], usual=False),
    }
    if any(word.layout is not None for word in words):  # only what was imported has any
        columns["layouts"] = [_packed_layout(word.layout) for word in words]
    if any(one.language for one in transcript.paragraphs):  # only where it is mixed
        columns["languages"] = [one.language for one in transcript.paragraphs]
    columns |= _packed_reviews(words)
    for name, values in columns.items():
        yield f',"{name}":'
        if values is None:
            yield "null"
            continue
        yield "["
        for begin in range(0, len(values), _AT_ONCE):
            comma = "," if begin else ""
            yield comma + _dumps(values[begin : begin + _AT_ONCE])[1:-1]
        yield "]"
    yield "}"


def _packed_layout(layout: Layout | None) -> tuple[Any, ...] | None:
    return None if layout is None else astuple(layout)


def _layout(packed: Sequence[Any] | None) -> Layout | None:
    if packed is None:
        return None
    cue, *others = packed
    return Layout(None if cue is None else (int(cue[0]), int(cue[1])), *others)


def _packed_reviews(words: Sequence[Word]) -> dict[str, Sequence[Any]]:
    """Write what a person made of words: which word, three yes or no, which markers."""
    reviewed = [(at, word.review) for at, word in enumerate(words) if word.review is not None]
    if not reviewed:
        return {}
    distinct = dict.fromkeys(marker for _, review in reviewed for marker in review.markers)
    markers = {marker: number for number, marker in enumerate(distinct)}
    return {
        "markers": [(one.marker_id, one.kind.value, one.text) for one in markers],
        "reviews": [
            (
                at,
                review.is_accepted,
                review.is_speaker_accepted,
                review.is_struck,
                [markers[marker] for marker in review.markers],
            )
            for at, review in reviewed
        ],
    }


def _reviews(plain: dict[str, Any], count: int) -> Iterable[Review | None]:
    """Read what a person made of words; older blobs do not tell."""
    if not plain.get("reviews"):
        return repeat(None, count)
    markers = [
        Marker(MarkerId(one), MarkerKind(kind), text) for one, kind, text in plain["markers"]
    ]
    reviews: list[Review | None] = [None] * count
    alike: dict[tuple[Any, ...], Review] = {}
    packed: list[tuple[int, bool, bool, bool, list[int]]] = plain["reviews"]
    for at, accepted, speaker_accepted, struck, numbers in packed:
        key = (accepted, speaker_accepted, struck, *numbers)
        if key not in alike:
            own = tuple(markers[number] for number in numbers)
            alike[key] = Review(accepted, speaker_accepted, struck, own)
        reviews[at] = alike[key]
    return reviews


def _dumps(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def unpack(blob: bytes) -> Transcript:
    """Read a transcript from its blob.

    Raises:
        StorageError: The blob is damaged.
    """
    try:
        plain = _known_version(json.loads(zlib.decompress(blob)))
        words = _words(plain)
        paragraphs: list[Paragraph] = []
        begin = 0
        languages: list[str] = plain.get("languages") or []
        for count, speaker, start_ms, end_ms, approved, highlighted, note in plain["segments"]:
            paragraphs.append(
                Paragraph(
                    tuple(words[begin : begin + count]),
                    None if speaker is None else SpeakerId(speaker),
                    start_ms,
                    end_ms,
                    approved,
                    highlighted,
                    note,
                    languages[len(paragraphs)] if languages else "",
                )
            )
            begin += count
        return Transcript(
            tuple(paragraphs),
            tuple(Speaker(SpeakerId(one), name, part) for one, name, part in plain["speakers"]),
            plain["language"],
            plain["duration_ms"],
            plain["model"],
            plain["gender"],
            tuple((label, strength) for label, strength in plain["emotions"]),
            _sound(plain.get("sound")),
            # Older blobs do not tell.
            tuple((start, end) for start, end in plain.get("wordless", ())),
        )
    except (zlib.error, ValueError, TypeError, KeyError, IndexError) as error:
        raise _damaged(error) from error


Times = tuple[list[tuple[int, str | None]], Sequence[int], list[tuple[str, str]]]
"""Of each paragraph how many words and whose, of each word its start, of each speaker id and
name."""


def read_times(blob: bytes) -> Times:
    """Read when words are spoken and by whom, which takes a fifth of reading them.

    Raises:
        StorageError: The blob is damaged.
    """
    try:
        plain = _known_version(json.loads(zlib.decompress(blob)))
        paragraphs = [(int(one[0]), one[1]) for one in plain["segments"]]
        count = sum(words for words, _ in paragraphs)
        starts = list(_full(plain["starts"], count, 0))
        return paragraphs, starts, [(one[0], one[1]) for one in plain["speakers"]]
    except (zlib.error, ValueError, TypeError, KeyError, IndexError) as error:
        raise _damaged(error) from error


def _damaged(error: Exception) -> StorageError:
    return StorageError(
        message(
            "This transcript is damaged and cannot be opened. “Restore the library…” in "
            "the menu has older copies."
        ),
        details=type(error).__name__,
    )


def _sound(plain: Any) -> SoundChoice | None:
    """Read which sound was heard; older blobs do not tell."""
    if plain is None:
        return None
    tracks, channel = plain
    return SoundChoice(tuple(tracks), channel)


def _column(values: Sequence[Any], usual: Any) -> Sequence[Any] | None:
    """Leave out a column in which every word has the usual value."""
    return values if any(value is not usual for value in values) else None


def _known_version(plain: dict[str, Any]) -> dict[str, Any]:
    if plain["version"] != _VERSION:
        raise ValueError
    return plain


def _words(plain: dict[str, Any]) -> list[Word]:
    texts: list[str] = plain["texts"]
    count = len(texts)
    columns: dict[str, Iterable[Any]] = {
        "text": texts,
        "start_ms": _full(plain["starts"], count, 0),
        "end_ms": _full(plain["ends"], count, 0),
        "confidence": _full(plain["confidences"], count, None),
        "speaker_confidence": _full(plain["speaker_confidences"], count, None),
        "is_joined": _full(plain["joined"], count, usual=False),
        "is_estimated": _full(plain["estimated"], count, usual=False),
        "layout": map(_layout, _full(plain.get("layouts"), count, None)),
        "review": _reviews(plain, count),
    }
    # A frozen value's own constructor sets each field by name: 0.20 s for 100,000 words.
    # Setting slot after slot through its descriptor does it in half of that.
    words: list[Word] = list(map(Word.__new__, repeat(Word, count)))
    for name, values in columns.items():
        deque(map(_SETTERS[name], words, values), maxlen=0)
    return words


def _full(values: Sequence[Any] | None, count: int, usual: Any) -> Iterable[Any]:
    if values is None:
        return repeat(usual, count)
    if len(values) != count:
        raise ValueError
    return values
