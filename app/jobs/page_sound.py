"""The recording for a page that plays it: within the page, or beside it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from app.audio.probe import probe
from app.audio.share import encode_opus
from app.core.recording import Look
from app.export.options import AudioPlace
from app.export.source import Audio, ExportDocument
from app.jobs.documents import find_recording
from app.store.stored import StoredTranscript

OPUS = "audio/ogg; codecs=opus"
OnProgress = Callable[[float], None]


async def with_audio(
    document: ExportDocument,
    stored: StoredTranscript,
    place: AudioPlace = AudioPlace.EMBEDDED,
    *,
    folder: Path | None = None,
    on_progress: OnProgress | None = None,
    look: Look = probe,
) -> ExportDocument:
    """Add the recording for a page that plays: as small as it can be, or as a link.

    A recording that is gone leaves the page silent.

    Args:
        document: What is written.
        stored: Where the recording is.
        place: Within the page, beside it, or not at all.
        folder: Where the page will lie, so that a link can do without the whole path.
        on_progress: Gets the share of the recording that is done, 0 to 1.
        look: Looks at the recording.
    """
    if place is AudioPlace.NONE:
        return document
    recording = await asyncio.to_thread(find_recording, stored)
    if recording is None:
        return document
    if place is AudioPlace.LINKED:
        return replace(document, audio=Audio(link=_address(recording, folder)))

    def on_encoded(done_ms: int) -> None:
        if on_progress is not None:
            on_progress(min(1.0, done_ms / max(1, stored.transcript.duration_ms)))

    found = await look(recording, stored.transcript.sound)
    sound = await encode_opus(found, on_encoded)
    return replace(document, audio=Audio(OPUS, sound))


def _address(recording: Path, folder: Path | None) -> str:
    """Give the address of a recording as seen from a page in a folder."""
    if folder is not None:
        try:
            beside = recording.absolute().relative_to(folder.absolute())
        except ValueError:
            pass
        else:
            # A colon in the first part would make it look like a scheme. The bytes of the
            # file system, since a name need not be text.
            return "./" + quote(os.fsencode(beside.as_posix()))
    return recording.absolute().as_uri()
