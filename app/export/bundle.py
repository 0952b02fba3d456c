"""A transcript with its history and its recording in one file.

A ``.wordlight`` file is a ZIP archive with four kinds of members, all of fixed
names: ``transcript.json``, ``history/N.json`` (oldest first), ``audio`` (stored as
it is) and ``manifest.json``, which says what each must hash to. Nothing in it is
ever unpacked by a name from within, and nothing is read beyond its stated size.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import IO, Any, cast

from app.core.errors import ExportError
from app.core.transcript import Transcript
from app.export.formats import Format
from app.export.names import safe_name
from app.export.options import ExportOptions
from app.export.source import ExportDocument
from app.export.transcript_json import as_fields, dump, load, parse

SUFFIX = ".wordlight"
_FORMAT = "wordlight-bundle"
_VERSION = 1
_BLOCK_BYTES = 1 << 20
_LARGEST_JSON_BYTES = 512 << 20
_MOST_VERSIONS = 1_000
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle holds besides the sound itself.

    Attributes:
        transcript: As it is now.
        history: As it was before, oldest first.
        taken_ms: When each of ``history`` was kept, milliseconds since 1970; 0 for what
            was recognised. Empty if that is not known.
        title: What a person called it.
        source_name: File name of the recording; safe to use.
        created: When it was transcribed, ISO 8601.
        audio_bytes: Size of the recording; 0 if it is not in the bundle.
        tags: A person's tags.
    """

    transcript: Transcript
    history: tuple[Transcript, ...] = ()
    taken_ms: tuple[int, ...] = ()
    title: str = ""
    source_name: str = ""
    created: str = ""
    audio_bytes: int = 0
    tags: tuple[str, ...] = ()


def build_bundle(
    bundle: Bundle, target: IO[bytes], audio: IO[bytes] | None = None
) -> Generator[float, None, None]:
    """Write a bundle step by step, yielding how much of the sound is in, 0 to 1.

    Args:
        bundle: What goes in; ``audio_bytes`` is the size of ``audio``.
        target: Where it is written; must be able to seek.
        audio: The recording.
    """
    files: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        texts = {"transcript.json": bundle.transcript}
        for number, transcript in enumerate(bundle.history):
            texts[f"history/{number}.json"] = transcript
        for name, transcript in texts.items():
            yield 0.0
            content = dump(transcript)
            archive.writestr(_member(name, zipfile.ZIP_DEFLATED), content)
            files[name] = {
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        if audio is not None:
            hashed = hashlib.sha256()
            done = 0
            member = _member("audio", zipfile.ZIP_STORED)
            with archive.open(member, "w", force_zip64=True) as out:
                while block := audio.read(_BLOCK_BYTES):
                    hashed.update(block)
                    out.write(block)
                    done += len(block)
                    yield min(1.0, done / max(1, bundle.audio_bytes))
            files["audio"] = {"bytes": done, "sha256": hashed.hexdigest()}
        manifest = {
            "format": _FORMAT,
            "version": _VERSION,
            "title": bundle.title,
            "source": bundle.source_name,
            "created": bundle.created,
            "taken": list(bundle.taken_ms),
            "tags": list(bundle.tags),
            "files": files,
        }
        content = json.dumps(manifest, ensure_ascii=True, indent=1).encode("ascii")
        archive.writestr(_member("manifest.json", zipfile.ZIP_DEFLATED), content)


def _build_without_history(
    document: ExportDocument, options: ExportOptions
) -> Generator[float, None, bytes]:
    """Write the transcript alone; what lies beside it is added by ``app/jobs/bundles``."""
    content = io.BytesIO()
    bundle = Bundle(
        document.reduced(replace(options, notes=True, struck=True)).transcript,
        title=document.title,
        source_name=document.source_name,
        created=document.created,
    )
    yield from build_bundle(bundle, content)
    return content.getvalue()


BUNDLE = Format(
    "wordlight",
    SUFFIX,
    "Wordlight bundle",
    "Transcript, history and recording in one file, to continue on another computer.",
    frozenset({"audio"}),
    _build_without_history,
)
"""Beside those of ``app.export.formats.FORMATS``; holds the history and the recording."""


class DamagedRecordingError(ExportError):
    """The recording in a bundle is damaged; what ``read_bundle`` gives of it is not."""

    def __init__(self) -> None:
        super().__init__(
            "The recording in this bundle is damaged, so only the transcript was imported. "
            "Ask for the bundle again, or choose the recording by hand."
        )


def read_bundle(file: IO[bytes]) -> Bundle:
    """Read all but the sound, each part checked against the manifest.

    Args:
        file: A bundle; must be able to seek.

    Raises:
        ExportError: It is no bundle, or it is damaged.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _read(archive)
    except _DAMAGES as error:
        raise _damaged() from error


def extract_audio(file: IO[bytes], target: IO[bytes]) -> Generator[float, None, None]:
    """Copy the recording out of a bundle, yielding how much is out, 0 to 1.

    Args:
        file: A bundle that ``read_bundle`` has read.
        target: Where the recording is written; worthless unless this comes to its end.

    Raises:
        DamagedRecordingError: The recording is not in it whole.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            stated = _Manifest(archive).stated("audio")
            member = archive.getinfo("audio")
            if member.compress_type != zipfile.ZIP_STORED or member.file_size != stated.size:
                raise DamagedRecordingError
            hashed = hashlib.sha256()
            done = 0
            with archive.open(member) as source:
                while block := source.read(_BLOCK_BYTES):
                    hashed.update(block)
                    target.write(block)
                    done += len(block)
                    yield done / max(1, stated.size)
            if done != stated.size or hashed.hexdigest() != stated.sha256:
                raise DamagedRecordingError
    except _DAMAGES as error:
        raise DamagedRecordingError from error


# What ``zipfile`` raises on archives that are damaged, encrypted or packed in unknown ways.
_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)


def _damaged() -> ExportError:
    return ExportError("This bundle is damaged or not from Wordlight. Ask for it again.")


def _member(name: str, compression: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _EPOCH)
    member.compress_type = compression
    member.external_attr = 0o644 << 16
    return member


@dataclass(frozen=True, slots=True)
class _Stated:
    size: int
    sha256: str


class _Manifest:
    """What a bundle says about itself."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        content = as_fields(parse(_bounded(archive, "manifest.json", _BLOCK_BYTES)))
        if content.get("format") != _FORMAT:
            raise _damaged()
        if content.get("version") != _VERSION:
            raise ExportError(
                "This bundle was made by a newer Wordlight. Update Wordlight to open it."
            )
        self.files = as_fields(content.get("files"))
        self._content = content

    def text(self, name: str) -> str:
        value = self._content.get(name, "")
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._content.get(name)
        found = cast("list[object]", value) if isinstance(value, list) else []
        return tuple(one for one in found if isinstance(one, str))

    def times(self, name: str, count: int) -> tuple[int, ...]:
        value = self._content.get(name)
        found = cast("list[object]", value) if isinstance(value, list) else []
        times = tuple(one for one in found if type(one) is int and 0 <= one < 1 << 53)
        return times if len(times) == count else ()

    def stated(self, name: str) -> _Stated:
        entry = as_fields(self.files.get(name))
        size, sha256 = entry.get("bytes"), entry.get("sha256")
        if not isinstance(size, int) or size < 0 or not isinstance(sha256, str):
            raise _damaged()
        return _Stated(size, sha256)


def _read(archive: zipfile.ZipFile) -> Bundle:
    manifest = _Manifest(archive)
    versions: list[Transcript] = []
    for number in range(_MOST_VERSIONS):
        name = f"history/{number}.json"
        if name not in manifest.files:
            break
        versions.append(_transcript(archive, manifest, name))
    return Bundle(
        transcript=_transcript(archive, manifest, "transcript.json"),
        history=tuple(versions),
        taken_ms=manifest.times("taken", len(versions)),
        title=manifest.text("title"),
        source_name=safe_name(manifest.text("source")),
        created=manifest.text("created"),
        audio_bytes=manifest.stated("audio").size if "audio" in manifest.files else 0,
        tags=manifest.texts("tags"),
    )


def _transcript(archive: zipfile.ZipFile, manifest: _Manifest, name: str) -> Transcript:
    stated = manifest.stated(name)
    if stated.size > _LARGEST_JSON_BYTES:
        raise _damaged()
    content = _bounded(archive, name, stated.size)
    if hashlib.sha256(content).hexdigest() != stated.sha256:
        raise _damaged()
    return load(content)


def _bounded(archive: zipfile.ZipFile, name: str, most_bytes: int) -> bytes:
    """Read a member, but never more than was stated, whatever it unpacks to."""
    with archive.open(name) as member:
        content = member.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise _damaged()
    return content
