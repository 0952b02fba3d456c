"""Read JSON: our own, the speech service's raw reply, and what Whisper programs write."""

from __future__ import annotations

from typing import cast

from app.core.errors import ExportError
from app.core.transcript import Transcript
from app.export.importing.fields import (
    Fields,
    items_of,
    language_of,
    name_of,
    share_of,
    text_of,
)
from app.export.importing.heard import Heard, whole_words
from app.export.importing.otranscribe import read_content
from app.export.importing.whisper import read_whisper, read_whisper_cpp
from app.export.importing.words import Gathered, spread, to_ms_if_known
from app.export.transcript_json import FORMAT, as_fields, load, parse


def read_json(data: bytes) -> Transcript:
    """Read JSON of any kind we know.

    Raises:
        ExportError: It is none of them.
    """
    data = _in_utf8(data)
    content = _content(data)
    if content.get("format") == FORMAT:
        return load(data)
    if isinstance(content.get("segments"), list):
        return read_whisper(content)
    if isinstance(content.get("transcription"), list):
        return read_whisper_cpp(content)
    if isinstance(content.get("transcription"), str):
        return _service(content)
    if isinstance(content.get("words"), list):
        return read_whisper(content)
    if isinstance(content.get("text"), str) and "media" in content:
        return read_content(content["text"])
    raise ExportError("This JSON is not a transcript of a kind that Wordlight knows.")


def _in_utf8(data: bytes) -> bytes:
    """Turn what Windows tools save as Unicode into what JSON is written in."""
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    try:
        return data.decode("utf-16").encode()
    except UnicodeDecodeError:
        return data


def _content(data: bytes) -> Fields:
    """Read the object, or the list of segments that faster-whisper's users save."""
    try:
        content = parse(data)
    except ExportError:
        # whisper.cpp cuts characters in two; our own are refused when they are loaded.
        content = parse(data.decode("utf-8", "replace").encode())
    if isinstance(content, list):
        listed: Fields = {"segments": cast("list[object]", content)}
        is_known = any(
            "start" in item and "text" in item for item in items_of(listed, "segments")
        )
        return listed if is_known else {}
    return as_fields(content)


def _service(content: Fields) -> Transcript:
    """Read the raw reply of the Pulse service."""
    text = text_of(content, "transcription")
    gathered = Gathered()
    for word, name in whole_words(_heard(content, "words"), text):
        gathered.add([word], gathered.speaker(name))
    if not gathered.words:
        for word, name in whole_words(_heard(content, "utterances")):
            words = spread(word.text, word.start_ms, word.end_ms)
            gathered.add(words, gathered.speaker(name))
    duration_ms = to_ms_if_known(as_fields(content.get("metadata")).get("duration")) or 0
    if not gathered.words:
        gathered.add(spread(text, 0, duration_ms), None)
    return gathered.transcript(language=language_of(content), duration_ms=duration_ms)


def _heard(content: Fields, name: str) -> list[Heard]:
    return [
        Heard(
            text_of(item, "word", "text", "transcript"),
            to_ms_if_known(item.get("start")),
            to_ms_if_known(item.get("end")),
            share_of(item, "confidence"),
            share_of(item, "speaker_confidence"),
            name=name_of(item),
        )
        for item in items_of(content, name)
    ]
