"""Read JSON: our own, the speech service's raw reply, and what Whisper programs write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from app.core.errors import ExportError
from app.core.transcript import Transcript, Word
from app.export.importing.otranscribe import read_content
from app.export.importing.words import Gathered, spread, to_ms
from app.export.transcript_json import FORMAT, as_fields, load, parse

Fields = dict[str, Any]


def read_json(data: bytes) -> Transcript:
    """Read JSON of any kind we know.

    Raises:
        ExportError: It is none of them.
    """
    content = as_fields(parse(data))
    if content.get("format") == FORMAT:
        return load(data)
    if isinstance(content.get("segments"), list):
        return _whisper(content)
    if isinstance(content.get("transcription"), list):
        return _whisper_cpp(content)
    if isinstance(content.get("transcription"), str):
        return _service(content)
    if isinstance(content.get("text"), str) and "media" in content:
        return read_content(content["text"])
    raise ExportError("This JSON is not a transcript of a kind that Wordlight knows.")


def _items(content: Fields, name: str) -> Iterator[Fields]:
    items = content.get(name)
    if isinstance(items, list):
        for item in cast("list[object]", items):
            if isinstance(item, dict):
                yield cast("Fields", item)


def _text(content: Fields, name: str) -> str:
    value = content.get(name)
    return value if isinstance(value, str) else ""


def _share(content: Fields, *names: str) -> float | None:
    for name in names:
        value = content.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
    return None


def _who(content: Fields) -> str:
    """Give the name of a speaker; a number counts from 0 and is named from 1."""
    speaker = content.get("speaker")
    if isinstance(speaker, int) and not isinstance(speaker, bool):
        return f"Speaker {speaker + 1}"
    return speaker if isinstance(speaker, str) else ""


def _whisper(content: Fields) -> Transcript:
    """Read what openai-whisper, faster-whisper and WhisperX write."""
    gathered = Gathered()
    for segment in _items(content, "segments"):
        speaker = _who(segment)
        words = list(_whisper_words(segment))
        if not words:
            words = [
                (word, "")
                for word in spread(
                    _text(segment, "text"),
                    to_ms(segment.get("start")),
                    to_ms(segment.get("end")),
                )
            ]
        for word, name in words:
            gathered.add([word], gathered.speaker(name or speaker))
    return gathered.transcript(language=_text(content, "language"))


def _whisper_words(segment: Fields) -> Iterator[tuple[Word, str]]:
    """Read words; Whisper marks the beginning of one by a space before it."""
    at_ms = to_ms(segment.get("start", 0))
    items = list(_items(segment, "words"))
    has_spaces = any(_text(item, "word").startswith(" ") for item in items)
    for place, item in enumerate(items):
        raw = _text(item, "word") or _text(item, "text")
        text = raw.strip()
        if not text:
            continue
        # WhisperX leaves out the times of what it could not align.
        is_estimated = "start" not in item or "end" not in item
        start_ms = to_ms(item["start"]) if "start" in item else at_ms
        end_ms = max(start_ms, to_ms(item["end"])) if "end" in item else start_ms
        at_ms = end_ms
        yield (
            Word(
                text,
                start_ms,
                end_ms,
                _share(item, "probability", "score", "confidence"),
                is_joined=has_spaces and place > 0 and not raw[0].isspace(),
                is_estimated=is_estimated,
            ),
            _who(item),
        )


def _whisper_cpp(content: Fields) -> Transcript:
    """Read what whisper.cpp writes: offsets in milliseconds."""
    gathered = Gathered()
    for segment in _items(content, "transcription"):
        offsets = as_fields(segment.get("offsets"))
        start_ms, end_ms = _milliseconds(offsets.get("from")), _milliseconds(offsets.get("to"))
        gathered.add(spread(_text(segment, "text"), start_ms, end_ms), None)
    language = _text(as_fields(content.get("result")), "language")
    return gathered.transcript(language=language)


def _milliseconds(value: object) -> int:
    return to_ms(value / 1_000) if isinstance(value, (int, float)) else to_ms(value)


def _service(content: Fields) -> Transcript:
    """Read the raw reply of the Pulse service."""
    gathered = Gathered()
    for item in _items(content, "words"):
        text = " ".join((_text(item, "word") or _text(item, "text")).split())
        if not text:
            continue
        start_ms = to_ms(item.get("start"))
        end_ms = max(start_ms, to_ms(item.get("end")))
        word = Word(
            text,
            start_ms,
            end_ms,
            _share(item, "confidence"),
            _share(item, "speaker_confidence"),
        )
        gathered.add([word], gathered.speaker(_who(item)))
    if not gathered.words:
        for item in _items(content, "utterances"):
            text = _text(item, "text") or _text(item, "transcript")
            words = spread(text, to_ms(item.get("start")), to_ms(item.get("end")))
            gathered.add(words, gathered.speaker(_who(item)))
    duration_ms = _duration(content)
    if not gathered.words:
        gathered.add(spread(_text(content, "transcription"), 0, duration_ms), None)
    return gathered.transcript(language=_text(content, "language"), duration_ms=duration_ms)


def _duration(content: Fields) -> int:
    return to_ms(as_fields(content.get("metadata")).get("duration") or 0)
