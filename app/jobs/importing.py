"""Take transcripts of other programs, and bundles, into the library."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from app.audio.probe import probe
from app.core.errors import ExportError, RecordingError
from app.core.file_kinds import is_recording_name
from app.core.fitting import Fit, fit_of
from app.core.messages import Message, message
from app.core.options import TranscriptionOptions
from app.core.recording import Look
from app.core.structure import cut_long
from app.core.transcript import Transcript, TranscriptId
from app.export.bundle import SUFFIX
from app.export.importing.encodings import recognise
from app.export.importing.hints import NO_HINTS, Hints
from app.export.importing.readers import read_title, read_transcript
from app.jobs.bundles import open_bundle
from app.store.audio_links import NO_RECORDING_BYTES, AudioLink, link_to
from app.store.library import Library
from app.system.files import printable

LARGEST_BYTES = 512 * 1024 * 1024
"""No transcript is that large; a file that is, is something else."""
_LANGUAGE = re.compile(
    r"(?<=.)\.[a-z]{2,3}([-_][a-z]{4})?([-_]([a-z]{2}|[0-9]{3}))?\Z", re.IGNORECASE
)
"""What subtitles have before their suffix: ``.en``, ``.de-DE``, ``.zh-Hant-TW``."""


_JSON = frozenset({".json", ".json3", ".jsonl"})


async def import_file(  # noqa: PLR0913 - the file, what is known of it, who is told
    library: Library,
    copies: Path,
    path: Path,
    *,
    now_ms: int,
    hints: Hints = NO_HINTS,
    on_progress: Callable[[float], None] | None = None,
    on_remark: Callable[[Message], None] | None = None,
    on_left_out: Callable[[Message], None] | None = None,
    on_known: Callable[[TranscriptId], None] | None = None,
    look: Look = probe,
) -> TranscriptId:
    """Take one file into the library.

    A recording of the same name beside it becomes its recording, if the words can be of it
    by its length; one that is not taken can be given to it later.

    Args:
        library: Where it goes.
        copies: Folder of kept copies, for the recording in a bundle.
        path: The file.
        now_ms: The time.
        hints: What a person says about the file.
        on_progress: Gets how far it is, 0 to 1.
        on_remark: Gets what a person has to know of a file that was taken, if anything.
        on_left_out: Gets which recording lies beside it and was not taken, and what to do. The
            page of the transcript says so, too.
        on_known: Gets the transcript that the same file has become before; it is not taken
            again then. Without it, it is.
        look: Looks at the recording beside it.

    Raises:
        UncertainUnitError: What its times count has to be asked.
        AppError: It cannot be read as a transcript, or not be kept.
    """
    if path.suffix.lower() == SUFFIX:
        return await open_bundle(
            library,
            copies,
            path,
            on_progress=on_progress,
            on_remark=on_remark,
            on_known=on_known,
        )
    recording = await asyncio.to_thread(find_recording_beside, path)
    if path.suffix.lower() in _JSON and recording is not None and not hints.recording_ms:
        # How fast somebody speaks may mislead; the recording does not.
        hints = replace(hints, recording_ms=await _length_ms(recording, look))
    transcript, title = await asyncio.to_thread(_read, path, hints)
    if recording is not None:
        duration_ms = await _length_ms(recording, look)
        if not _fits(transcript, duration_ms):
            if on_left_out is not None:
                on_left_out(_not_attached(recording))
            recording = None
        elif duration_ms:  # it lasts until the sound ends, not until the last word
            transcript = replace(transcript, duration_ms=duration_ms)
    link = await asyncio.to_thread(_link, path, recording)
    name = title or (recording.stem if recording else path.stem)

    def add() -> tuple[TranscriptId, bool]:
        with library.alone():
            known = on_known and library.taken_before(transcript, link)
            return known or _add(library, transcript, name, link, now_ms), bool(known)

    transcript_id, is_known = await asyncio.to_thread(add)
    if on_known is not None and is_known:
        on_known(transcript_id)
    return transcript_id


def _add(
    library: Library, transcript: Transcript, name: str, link: AudioLink, now_ms: int
) -> TranscriptId:
    return library.add(
        transcript,
        name=name,
        options=TranscriptionOptions(
            timestamps=True, language=transcript.language or TranscriptionOptions().language
        ),
        link=link,
        now_ms=now_ms,
    )


def _not_attached(recording: Path) -> Message:
    return message(
        "{name} does not fit these times, so it was not attached. Open the transcript, attach "
        "it there and enter an offset.",
        name=printable(recording.name),
    )


def _fits(transcript: Transcript, duration_ms: int) -> bool:
    """Tell whether a recording can be the one the words are of; one that is damaged may be."""
    return not duration_ms or fit_of(transcript, duration_ms) in {Fit.FITS, Fit.UNKNOWN}


@dataclass(frozen=True, slots=True)
class EncodingGuess:
    """How a file would be read.

    Attributes:
        encoding: As Python names it; empty for a file that is no text.
        is_sure: Whether that needs no look of a person's.
        beginning: What it says first that tells encodings apart.
        raw: The bytes of that.
    """

    encoding: str = ""
    is_sure: bool = True
    beginning: str = ""
    raw: bytes = b""


def guess_encoding(path: Path, encoding: str = "") -> EncodingGuess:
    """Give how a file would be read; blocks.

    Args:
        path: The file.
        encoding: One to try; recognised where it is empty.

    Raises:
        ExportError: It cannot be read at all.
    """
    if path.suffix.lower() not in _TEXTS:
        return EncodingGuess()
    data = _content(path)
    found = recognise(data)
    lines = [line for line in data.splitlines() if not line.isascii()][:_LOOK_LINES]
    shown = b"\n".join(lines) if not found.encoding.startswith("utf-16") else data[:2_000]
    chosen = encoding or found.encoding
    return EncodingGuess(chosen, found.is_sure, shown.decode(chosen, "replace"), shown)


_TEXTS = frozenset(
    {".srt", ".vtt", ".textgrid", ".txt", ".ass", ".ssa", ".sbv", ".lrc", *_JSON}
)
"""Those that may be in any encoding; the others say which they are in."""
_LOOK_LINES = 8


async def _length_ms(recording: Path, look: Look) -> int:
    """Give how long a recording is; 0 if that cannot be told."""
    try:
        return (await look(recording)).duration_ms
    except RecordingError:
        return 0


def find_recording_beside(path: Path) -> Path | None:
    """Give the recording a transcript belongs to, by its name; blocks.

    ``talk.srt`` belongs to ``talk.wav``; ``talk.wav.srt`` and ``talk.en.srt`` do as well.
    No more than a language is left out: ``Meeting 12.03.srt`` is not about ``Meeting 12``.
    """
    try:
        beside = sorted(one for one in path.parent.iterdir() if _is_recording(one))
    except OSError:
        return None
    for stem in (path.stem, _LANGUAGE.sub("", path.stem)):
        for one in beside:
            if stem in {one.stem, one.name}:
                return one
    return None


def _is_recording(path: Path) -> bool:
    return is_recording_name(path.name) and path.is_file()


def _read(path: Path, hints: Hints) -> tuple[Transcript, str]:
    """Give what a file says, and what it is called in it."""
    data = _content(path)
    transcript = read_transcript(path.name, data, hints)
    change = cut_long(transcript)
    whole = transcript if change is None else change.applied_to(transcript)
    return whole, read_title(path.name, data, hints)


def _link(path: Path, recording: Path | None) -> AudioLink:
    # Without a recording the link says where the transcript came from, and never fits:
    # nothing is 1 byte long and can be heard.
    nothing = AudioLink(os.fspath(path), size_bytes=NO_RECORDING_BYTES)
    return link_to(recording) if recording else nothing


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise ExportError(
                message("{name} is too large for a transcript.", name=printable(path.name))
            )
        return path.read_bytes()
    except OSError as error:
        # Whoever tells it says of which file.
        if isinstance(error, IsADirectoryError):
            raise ExportError("This is a folder. Choose the files in it.") from error
        raise ExportError("This file no longer exists, or you may not read it.") from error
