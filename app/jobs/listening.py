"""From a transcript to what can be played: find the recording, make what is missing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from app.audio.cache import PlaybackCache
from app.audio.prepare import make_playback_files
from app.audio.probe import probe
from app.core.errors import AppError, StorageError
from app.core.peaks import Peaks, decode_peaks
from app.core.recording import Look, SoundChoice
from app.jobs.documents import find_recording
from app.store.audio_links import find_moved, link_to
from app.store.library import Library
from app.store.stored import TranscriptRecord
from app.system.files import explain

OnFetched = Callable[[int, int | None], object]
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Sound:
    """What to play for a transcript.

    Attributes:
        path: The recording, or its playback copy where the original seeks falsely.
        peaks: The waveform.
        is_copy: Whether ``path`` is the playback copy.
        has_video: Whether the recording shows moving pictures.
        duration_ms: How long it lasts, as decoded.
    """

    path: Path
    peaks: Peaks
    is_copy: bool
    has_video: bool
    duration_ms: int


class Listening:
    """Finds and prepares the sound of transcripts.

    Attributes:
        look: Looks at a recording.
    """

    def __init__(
        self,
        library: Library,
        cache: PlaybackCache,
        *,
        copies: Path,
        fetch: Callable[[str, Path, OnFetched], Awaitable[Path]],
        look: Look = probe,
    ) -> None:
        """Prepare.

        Args:
            library: The transcripts.
            cache: Waveforms and playback copies.
            copies: Where fetched recordings are kept.
            fetch: Fetches a link into a file.
            look: Looks at a recording.
        """
        self._library = library
        self._cache = cache
        self._copies = copies
        self._fetch = fetch
        self.look = look

    async def find(self, record: TranscriptRecord) -> Path | None:
        """Give the recording: where it was, its kept copy, or where it was moved to.

        One that moved is remembered at its new place.
        """
        found = await asyncio.to_thread(find_recording, record)
        if found is not None or record.link.is_url:
            return found
        moved = await asyncio.to_thread(self._find_moved, record)
        if moved is not None:
            link = await asyncio.to_thread(link_to, moved)
            await asyncio.to_thread(self._library.relink, record.entry.transcript_id, link)
        return moved

    async def fetch(self, record: TranscriptRecord, on_progress: OnFetched) -> Path:
        """Fetch the recording of a transcript made from a link, and remember the copy.

        Raises:
            AppError: It was not reached, is no recording, or there is no room.
        """
        entry = record.entry
        suffix = PurePosixPath(urlsplit(record.link.source).path).suffix
        name = f"{entry.transcript_id}{suffix if _SUFFIX.fullmatch(suffix) else ''}"
        path = await self._fetch(record.link.source, self._copies / name, on_progress)
        try:
            await self.look(path)
        except AppError:
            await asyncio.to_thread(path.unlink, missing_ok=True)
            raise
        await asyncio.to_thread(self._library.save_copy_path, entry.transcript_id, str(path))
        return path

    async def sound(
        self,
        path: Path,
        on_copying: Callable[[int, int], None] | None = None,
        *,
        choice: SoundChoice | None = None,
    ) -> Sound:
        """Give what to play of a recording, made first where the cache has lost it.

        Args:
            path: The recording.
            on_copying: Gets milliseconds done and in all while a playback copy is made.
            choice: Which of its sound was transcribed; ``None`` for what speaks.

        Raises:
            AppError: It cannot be decoded, or there is no room.
        """
        recording = await self.look(path, choice)
        try:
            playback = await make_playback_files(recording, on_copying, cache=self._cache)
            peaks = decode_peaks(await asyncio.to_thread(playback.peaks_path.read_bytes))
        except OSError as error:  # a file of our own: a recording's is an AppError
            raise StorageError(explain(error, self._cache.folder)) from error
        copy = playback.proxy_path
        return Sound(
            copy or path,
            peaks,
            copy is not None,
            recording.has_video,
            playback.facts.duration_ms,
        )

    def _find_moved(self, record: TranscriptRecord) -> Path | None:
        return find_moved(record.link, self._known_folders())

    def _known_folders(self) -> Iterable[Path]:
        folders = [
            Path(entry.source).parent for entry in self._library.entries() if not entry.is_url
        ]
        return tuple(dict.fromkeys(folders))
