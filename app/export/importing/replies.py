"""Read JSON: our own, the speech service's raw reply, and what Whisper programs write."""

from __future__ import annotations

from typing import cast

from app.core.errors import ExportError
from app.core.transcript import Transcript
from app.export.importing.encodings import recognise
from app.export.importing.fields import (
    Fields,
    items_of,
    language_of,
    name_of,
    share_of,
    text_of,
)
from app.export.importing.heard import Heard, whole_words
from app.export.importing.hints import NO_HINTS, Hints
from app.export.importing.origins import unknown
from app.export.importing.otranscribe import read_content
from app.export.importing.recognisers import ANY_LIST, find_recogniser
from app.export.importing.shapes import whisper_shape
from app.export.importing.whisper import read_whisper, read_whisper_cpp
from app.export.importing.words import Gathered, spread, to_ms_if_known
from app.export.transcript_json import FORMAT, as_fields, load, parse


def read_json(data: bytes, hints: Hints = NO_HINTS) -> Transcript:
    """Read JSON of any kind we know.

    Args:
        data: The whole file.
        hints: What is known about it besides.

    Raises:
        ExportError: It is none of them.
        UncertainUnitError: What its times count has to be asked.
    """
    data = _in_utf8(data, hints.encoding)
    content = _content(data)
    if content.get("format") == FORMAT:
        return load(data)
    recogniser = find_recogniser(content)
    if recogniser is not None:
        shape = recogniser.read(content, hints)
        if not (shape["segments"] or shape.get("words")):
            raise unknown(content, recogniser.name)
        return read_whisper(shape)
    if isinstance(content.get("transcription"), list):
        return read_whisper_cpp(content)
    if isinstance(content.get("transcription"), str):
        return _service(content)
    if isinstance(content.get("segments"), list) or isinstance(content.get("words"), list):
        segments = list(items_of(content, "segments"))
        return read_whisper(whisper_shape(content, hints, segments, items_of(content, "words")))
    if isinstance(content.get("text"), str) and "media" in content:
        return read_content(content["text"])
    if ANY_LIST.fits(content):
        return read_whisper(ANY_LIST.read(content, hints))
    raise unknown(content)


def title_in(data: bytes, hints: Hints = NO_HINTS) -> str:
    """Give what a JSON of any kind says it is called, on one line; empty if it does not."""
    data = _in_utf8(data, hints.encoding)
    if b'"title"' not in data:
        return ""
    try:
        return " ".join(text_of(_content(data), "title").split())
    except ExportError:
        return ""


def _in_utf8(data: bytes, encoding: str) -> bytes:
    """Turn what Windows tools save into what JSON is written in."""
    if any(mark in data for mark in _ALWAYS_UTF8):
        return data
    found = encoding or recognise(data).encoding
    if found.startswith("utf-8"):
        return data
    try:
        return data.decode(found).encode()
    except UnicodeDecodeError:
        return data


_ALWAYS_UTF8 = (FORMAT.encode(), b'"offsets"')
"""What our own holds, and that of whisper.cpp, which cuts characters in two."""


def _content(data: bytes) -> Fields:
    """Read the object, or the list of segments that faster-whisper's users save."""
    try:
        content = parse(data)
    except ExportError:
        lines = _json_lines(data)
        if lines:
            return {"items": lines}
        # whisper.cpp cuts characters in two; our own are refused when they are loaded.
        content = parse(data.decode("utf-8", "replace").encode())
    if isinstance(content, list):
        listed: Fields = {"items": cast("list[object]", content)}
        pages = list(items_of(listed, "items"))
        if len(pages) == 1 and find_recogniser(pages[0]) is not None:
            return pages[0]
        return listed
    return as_fields(content)


def _json_lines(data: bytes) -> list[object]:
    """Read a file that has an object on each line; nothing if it is none."""
    lines = [line for line in data.splitlines() if line.strip()]
    if len(lines) < 2 or not all(line.lstrip().startswith(b"{") for line in lines):
        return []
    try:
        return [parse(line) for line in lines]
    except ExportError:
        return []


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
