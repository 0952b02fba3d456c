"""Put the words of a transcript where they are said in its recording."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from app.audio.cache import PlaybackCache
from app.audio.plan import make_plan
from app.audio.prepare import prepare
from app.audio.probe import probe
from app.audio.room import free_bytes_at
from app.core.aligning import with_times
from app.core.document import Change
from app.core.errors import RecogniserError
from app.core.messages import message
from app.core.options import ModelId, TranscriptionOptions
from app.core.recording import Look
from app.core.transcript import Transcript
from app.ondevice.alignment import OnProgress, WordAligner
from app.store.paths import AppPaths


@dataclass(frozen=True, slots=True)
class Alignment:
    """What came of it.

    Attributes:
        change: The one step that puts words where they are said; ``None`` if those that were
            found are there already.
        missing: How many words were not found, and stay where they are.
    """

    change: Change | None
    missing: int


class Aligning:
    """Aligns the words of transcripts, whoever wrote them, with their recordings."""

    def __init__(
        self,
        *,
        paths: AppPaths,
        aligner: WordAligner,
        cache: PlaybackCache,
        free_bytes: Callable[[Path], int] = free_bytes_at,
        look: Look = probe,
        scratch: Callable[[], Path] | None = None,
    ) -> None:
        self._aligner = aligner
        self._cache = cache
        self._free_bytes = free_bytes
        self._look = look
        self._scratch = scratch or (lambda: paths.temp)

    def knows(self, transcript: Transcript) -> bool:
        """Tell whether the words of a transcript can be aligned on this computer."""
        return self._aligner.knows(_language_of(transcript))

    async def align(
        self,
        made_with: TranscriptionOptions,
        transcript: Transcript,
        path: Path,
        on_progress: OnProgress,
    ) -> Alignment:
        """Find where each word is said.

        Args:
            made_with: Which part of the recording was transcribed, and how.
            transcript: The words as they are now.
            path: Where the recording lies.
            on_progress: Told how many milliseconds are done, of how many.

        Raises:
            AppError: In one sentence why not.
        """
        if not self.knows(transcript):
            raise RecogniserError(
                message("Only English words can be aligned with the audio so far.")
            )
        recording = await self._look(path, transcript.sound)
        options = replace(
            made_with,
            model=ModelId.ON_DEVICE,
            channels_are_speakers=False,
            tracks_are_speakers=False,
        )
        scratch = await asyncio.to_thread(self._scratch)
        folder = Path(await asyncio.to_thread(mkdtemp, prefix="align-", dir=scratch))
        try:
            made = await prepare(
                recording,
                make_plan(recording, options),
                folder,
                cache=self._cache,
                free_bytes=self._free_bytes,
            )
            part = made.parts[0]
            found = await self._aligner.align(
                part.path,
                _language_of(transcript),
                [
                    (
                        word.text,
                        max(0, word.start_ms - part.start_ms),
                        max(0, word.end_ms - part.start_ms),
                        word.is_estimated,
                    )
                    for word in transcript.words()
                ],
                on_progress=on_progress,
            )
        finally:
            await asyncio.shield(asyncio.to_thread(rmtree, folder, ignore_errors=True))
        begin_ms = part.start_ms
        times = [
            None if one is None else (one[0] + begin_ms, one[1] + begin_ms) for one in found
        ]
        return Alignment(with_times(transcript, times), times.count(None))


def _language_of(transcript: Transcript) -> str:
    """Give the language, without its country; imported text that tells none is tried."""
    return transcript.language.partition("-")[0] or "en"
