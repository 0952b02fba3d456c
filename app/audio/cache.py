"""Waveforms and playback copies of recordings, kept within a size and made again at need.

One folder for each recording as it was when looked at (path, size, time of change),
holding ``facts.json``, ``peaks`` and, where playback needs one, ``proxy.flac``. An
entry is made in a folder of its own and put in place whole. Blocking; call it through
``asyncio.to_thread``.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from app.core.recording import Recording
from app.system.locks import WorkFolder, is_work

MOST_BYTES = 4 * 1024**3
PEAKS_NAME = "peaks"
PROXY_NAME = "proxy.flac"
_FACTS_NAME = "facts.json"
_VERSION = 2
"""Of the way sound is mixed: what was made another way is made anew."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What only a full decode tells of a recording.

    Attributes:
        duration_ms: Length of the sound that was decoded.
        damaged_at_ms: Where it broke off, if it did.
        flawed_at_ms: Where something could not be decoded though the rest could.
    """

    duration_ms: int
    damaged_at_ms: int | None = None
    flawed_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class PlaybackFiles:
    """What the player needs of a recording besides the file itself.

    Attributes:
        peaks_path: Its waveform; ``app/core/peaks.py`` reads it.
        proxy_path: The copy to play, where the original seeks falsely.
        facts: What decoding told.
    """

    peaks_path: Path
    proxy_path: Path | None
    facts: Facts


class PlaybackCache:
    """The folder of playback files.

    Args:
        folder: Where they lie; made, private to the user, when first needed.
        most_bytes: Size above which the least recently used ones go.
    """

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes

    @property
    def folder(self) -> Path:
        """Where the playback files lie."""
        return self._folder

    def find(self, recording: Recording, *, needs_proxy: bool) -> PlaybackFiles | None:
        """Give what is kept of a recording, if it is complete, and note its use."""
        place = self._folder / _key(recording)
        facts_path = place / _FACTS_NAME
        try:
            facts = Facts(**json.loads(facts_path.read_text("utf-8")))
            os.utime(facts_path)
        except (OSError, ValueError, TypeError):
            return None
        proxy = place / PROXY_NAME
        if not (place / PEAKS_NAME).is_file() or (needs_proxy and not proxy.is_file()):
            return None
        return PlaybackFiles(place / PEAKS_NAME, proxy if proxy.is_file() else None, facts)

    def save(self, recording: Recording, made: Path, facts: Facts) -> PlaybackFiles:
        """Put playback files that was made in place, and drop old ones above the limit.

        Args:
            recording: What it belongs to.
            made: A ``WorkFolder`` in this cache with the files in it.
            facts: What decoding told.
        """
        (made / _FACTS_NAME).write_text(json.dumps(asdict(facts)), "utf-8")
        for path in made.iterdir():
            path.chmod(0o600)
        place = self._folder / _key(recording)
        shutil.rmtree(place, ignore_errors=True)
        with suppress(OSError):
            # Windows: the player may hold the old one open; then that one stays.
            made.replace(place)
        self.trim(spare=place)
        proxy = place / PROXY_NAME
        return PlaybackFiles(place / PEAKS_NAME, proxy if proxy.is_file() else None, facts)

    def trim(self, *, spare: Path | None = None) -> None:
        """Remove the least recently used playback files until the rest fits the limit."""
        sized = [
            (_used_ns(place), _size_bytes(place), place)
            for place in self._folder.iterdir()
            if place.is_dir() and not is_work(place)
        ]
        total_bytes = sum(size for _, size, _ in sized)
        for _, size_bytes, place in sorted(sized, key=lambda one: one[0]):
            if total_bytes <= self._most_bytes:
                return
            if place != spare:
                shutil.rmtree(place, ignore_errors=True)
                total_bytes -= size_bytes

    def tidy(self) -> None:
        """Remove what a crash left half made; for the start of the program."""
        WorkFolder.remove_leftovers(self._folder)


def _key(recording: Recording) -> str:
    path = os.fsencode(recording.path.absolute())
    stamp = f"|{recording.size_bytes}|{recording.modified_ns}|{_VERSION}"
    tracks, channel = recording.choice.tracks, recording.choice.channel
    if len(recording.tracks) > 1 or channel is not None:
        stamp += f"|{tracks}|{channel}"
    return hashlib.sha256(path + stamp.encode()).hexdigest()[:32]


def _used_ns(place: Path) -> int:
    try:
        return (place / _FACTS_NAME).stat().st_mtime_ns
    except OSError:
        return 0


def _size_bytes(place: Path) -> int:
    total = 0
    with suppress(OSError):
        for path in place.iterdir():
            total += path.stat().st_size
    return total
