"""The full transcript as JSON, and back without loss.

The format is described by ``transcript.schema.json``. What has its usual value is
left out; a reader takes the default that the schema names.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from app.core.errors import ExportError
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
from app.export.options import ExportOptions
from app.export.source import ExportDocument

FORMAT = "wordlight-transcript"
VERSION = 1


def write_json(document: ExportDocument, options: ExportOptions) -> bytes:
    """Write everything there is about the transcript, whatever the encoding chosen."""
    # Everything there is of what was chosen: remarks as well.
    everything = replace(options, notes=True)
    reduced = document.reduced(everything) if _is_reducing(options) else document
    about = {
        "title": document.title,
        "source": document.source_name,
        "created": document.created,
    }
    return dump(reduced.transcript, {key: value for key, value in about.items() if value})


def _is_reducing(options: ExportOptions) -> bool:
    return options.only_approved or options.only_highlighted or not options.struck


def dump(transcript: Transcript, about: dict[str, str] | None = None) -> bytes:
    """Write a transcript, a line for each turn."""
    head: dict[str, Any] = {"format": FORMAT, "version": VERSION, **(about or {})}
    head["language"] = transcript.language
    head["model"] = transcript.model
    head["duration_ms"] = transcript.duration_ms
    if transcript.gender:
        head["gender"] = transcript.gender
    if transcript.emotions:
        head["emotions"] = [
            {"label": label, "strength": strength} for label, strength in transcript.emotions
        ]
    if transcript.sound is not None:
        head["sound"] = _sound(transcript.sound)
    if transcript.wordless:
        head["wordless"] = [
            {"start_ms": start_ms, "end_ms": end_ms} for start_ms, end_ms in transcript.wordless
        ]
    head["speakers"] = [_speaker(speaker) for speaker in transcript.speakers]
    markers = dict.fromkeys(one for word in transcript.words() for one in word.markers)
    if markers:
        head["markers"] = [_marker(one) for one in markers]
    lines = ",\n".join(_line(_paragraph(paragraph)) for paragraph in transcript.paragraphs)
    start = json.dumps(head, ensure_ascii=False, indent=1)[:-2]
    text = f'{start},\n "segments": [\n{lines}\n ]\n}}\n'
    # Half a character cannot stand in UTF-8; as an escape JSON can hold it.
    return text.encode("utf-8", "backslashreplace")


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _line(value: dict[str, Any]) -> str:
    return _ENCODER.encode(value)


def _sound(sound: SoundChoice) -> dict[str, Any]:
    written: dict[str, Any] = {"tracks": [number + 1 for number in sound.tracks]}
    if sound.channel is not None:
        written["channel"] = sound.channel + 1
    return written


def _speaker(speaker: Speaker) -> dict[str, Any]:
    written: dict[str, Any] = {"id": speaker.speaker_id}
    if speaker.name:
        written["name"] = speaker.name
    if speaker.part:
        written["part"] = speaker.part
    return written


def _marker(marker: Marker) -> dict[str, Any]:
    written: dict[str, Any] = {"id": marker.marker_id, "kind": marker.kind.value}
    if marker.text:
        written["text"] = marker.text
    return written


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    written: dict[str, Any] = {"start_ms": paragraph.start_ms, "end_ms": paragraph.end_ms}
    if paragraph.speaker_id is not None:
        written["speaker"] = paragraph.speaker_id
    if paragraph.is_approved:
        written["approved"] = True
    if paragraph.is_highlighted:
        written["highlighted"] = True
    if paragraph.note:
        written["note"] = paragraph.note
    if paragraph.language:
        written["language"] = paragraph.language
    written["text"] = paragraph.text
    written["words"] = [_word(word) for word in paragraph.words]
    return written


def _word(word: Word) -> dict[str, Any]:
    written: dict[str, Any] = {
        "text": word.text,
        "start_ms": word.start_ms,
        "end_ms": word.end_ms,
    }
    if word.confidence is not None:
        written["confidence"] = word.confidence
    if word.speaker_confidence is not None:
        written["speaker_confidence"] = word.speaker_confidence
    if word.is_joined:
        written["joined"] = True
    if word.is_estimated:
        written["estimated"] = True
    if word.layout is not None:
        written["layout"] = _layout(word.layout)
    if word.review is not None:
        written |= _review(word.review)
    return written


def _review(review: Review) -> dict[str, Any]:
    said = {
        "accepted": review.is_accepted,
        "speaker_accepted": review.is_speaker_accepted,
        "struck": review.is_struck,
        "markers": [one.marker_id for one in review.markers],
    }
    return {name: value for name, value in said.items() if value}


def _layout(layout: Layout) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if layout.cue is not None:
        written["cue_start_ms"], written["cue_end_ms"] = layout.cue
    if layout.starts_line:
        written["line"] = True
    if layout.is_italic:
        written["italic"] = True
    if layout.is_named:
        written["named"] = True
    if layout.lead:
        written["lead"] = layout.lead
    return written


def load(data: bytes) -> Transcript:
    """Read a transcript back.

    Raises:
        ExportError: This is not such a file, or it is damaged.
    """
    content = as_fields(parse(data))
    if content.get("format") != FORMAT:
        raise ExportError("This file is not a transcript that Wordlight can read.")
    if content.get("version") != VERSION:
        raise ExportError(
            "This transcript was made by a newer Wordlight. Update Wordlight to open it."
        )
    try:
        return _Reader().transcript(content)
    except (_MisshapenError, KeyError) as error:
        raise ExportError(
            message(
                "This transcript is damaged: {what} is missing or wrong.", what=error.args[0]
            )
        ) from error


def parse(data: bytes) -> object:
    """Read JSON of any origin.

    Raises:
        ExportError: It is no JSON.
    """
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ExportError("This file is damaged or not JSON.") from error


def as_fields(value: object) -> dict[str, Any]:
    """Give the members of a JSON object; none for any other value."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


class _MisshapenError(Exception):
    """A value is not of the kind the schema asks for."""


class _Reader:
    """Reads values of parsed JSON and insists on their kind."""

    def __init__(self) -> None:
        self._markers: dict[str, Marker] = {}

    def transcript(self, content: dict[str, Any]) -> Transcript:
        self._markers = {
            one.marker_id: one for one in map(self._marker, self._items(content, "markers"))
        }
        return Transcript(
            paragraphs=tuple(self._paragraph(one) for one in self._items(content, "segments")),
            speakers=tuple(self._speaker(one) for one in self._items(content, "speakers")),
            language=self._text(content, "language", ""),
            duration_ms=self._whole(content, "duration_ms", 0),
            model=self._text(content, "model", ""),
            gender=self._text(content, "gender", ""),
            emotions=tuple(
                (self._text(one, "label"), self._share(one, "strength") or 0.0)
                for one in self._items(content, "emotions")
            ),
            sound=self._sound(content.get("sound")),
            wordless=tuple(
                (self._whole(one, "start_ms"), self._whole(one, "end_ms"))
                for one in self._items(content, "wordless")
            ),
        )

    def _sound(self, content: object) -> SoundChoice | None:
        fields = as_fields(content)
        tracks: object = fields.get("tracks")
        if not isinstance(tracks, list):
            return None
        numbers = [one for one in cast("list[object]", tracks) if isinstance(one, int)]
        channel = self._whole(fields, "channel", 0)
        return SoundChoice(
            tuple(number - 1 for number in numbers if number > 0),
            channel - 1 if channel > 0 else None,
        )

    def _speaker(self, content: dict[str, Any]) -> Speaker:
        return Speaker(
            SpeakerId(self._text(content, "id")),
            self._text(content, "name", ""),
            self._whole(content, "part", 0),
        )

    def _paragraph(self, content: dict[str, Any]) -> Paragraph:
        speaker = content.get("speaker")
        return Paragraph(
            words=tuple(self._word(one) for one in self._items(content, "words")),
            speaker_id=None if speaker is None else SpeakerId(self._text(content, "speaker")),
            start_ms=self._whole(content, "start_ms"),
            end_ms=self._whole(content, "end_ms"),
            is_approved=self._flag(content, "approved"),
            is_highlighted=self._flag(content, "highlighted"),
            note=self._text(content, "note", ""),
            language=self._text(content, "language", ""),
        )

    def _word(self, content: dict[str, Any]) -> Word:
        text = self._text(content, "text")
        if not text:
            raise _MisshapenError("text")
        return Word(
            text,
            self._whole(content, "start_ms"),
            self._whole(content, "end_ms"),
            self._share(content, "confidence"),
            self._share(content, "speaker_confidence"),
            self._flag(content, "joined"),
            self._flag(content, "estimated"),
            self._layout(content.get("layout")),
            self._review(content),
        )

    def _marker(self, content: dict[str, Any]) -> Marker:
        kind = self._text(content, "kind")
        if kind not in [one.value for one in MarkerKind]:
            raise _MisshapenError("kind")
        return Marker(
            MarkerId(self._text(content, "id")),
            MarkerKind(kind),
            self._text(content, "text", ""),
        )

    def _review(self, content: dict[str, Any]) -> Review | None:
        names = content.get("markers", [])
        if not isinstance(names, list):
            raise _MisshapenError("markers")
        review = Review(
            self._flag(content, "accepted"),
            self._flag(content, "speaker_accepted"),
            self._flag(content, "struck"),
            tuple(
                self._markers[name]
                for name in cast("list[object]", names)
                if isinstance(name, str) and name in self._markers
            ),
        )
        return None if review == _UNREVIEWED else review

    def _layout(self, value: object) -> Layout | None:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise _MisshapenError("layout")
        content = cast("dict[str, Any]", value)
        has_cue = "cue_start_ms" in content
        return Layout(
            (self._whole(content, "cue_start_ms"), self._whole(content, "cue_end_ms"))
            if has_cue
            else None,
            self._flag(content, "line"),
            self._flag(content, "italic"),
            self._flag(content, "named"),
            self._text(content, "lead", ""),
        )

    def _items(self, content: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
        items = content.get(name, [])
        if not isinstance(items, list):
            raise _MisshapenError(name)
        for item in cast("list[object]", items):
            if not isinstance(item, dict):
                raise _MisshapenError(name)
            yield cast("dict[str, Any]", item)

    def _text(self, content: dict[str, Any], name: str, default: str | None = None) -> str:
        value = content[name] if default is None else content.get(name, default)
        if not isinstance(value, str):
            raise _MisshapenError(name)
        return value

    def _whole(self, content: dict[str, Any], name: str, default: int | None = None) -> int:
        value = content[name] if default is None else content.get(name, default)
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # as tools write it again that know one kind of number only
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST:
            raise _MisshapenError(name)
        return value

    def _share(self, content: dict[str, Any], name: str) -> float | None:
        value = content.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise _MisshapenError(name)
        if not math.isfinite(value):
            raise _MisshapenError(name)
        return value

    def _flag(self, content: dict[str, Any], name: str) -> bool:
        value = content.get(name, False)
        if not isinstance(value, bool):
            raise _MisshapenError(name)
        return value


_UNREVIEWED = Review()
_LARGEST = 2**53
"""Greatest number that every JSON reader keeps exactly."""
