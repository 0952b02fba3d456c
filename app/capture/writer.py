"""Write the sound of a take so that nothing that was written can be lost again.

What another process of the same take has written is gone on with, in the same file: whoever
plays or reads that meanwhile need not know. A new one begins only where the disk refuses.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections import deque
from collections.abc import Callable
from pathlib import Path

from app.capture.journal import HEADER_BYTES, TakeFolder, wav_header
from app.core.take import RATE_HZ, SAMPLE_BYTES, bytes_to_ms
from app.system.files import sync, sync_folder

SYNC_MS = 5_000
"""So often the disk itself is told to write: a power cut loses no more."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""The disk is full: the rest of a frame goes to the same part once there is room."""
_RETRY_MS = 2_000
_HELD_MS = 60_000
"""So much sound waits in memory for a disk that takes nothing."""
_BINARY = getattr(os, "O_BINARY", 0)
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
_OLD_FILE = os.O_WRONLY | _BINARY


class PartWriter:
    """Appends sound to a part of a take, and begins another part where the disk fails.

    Attributes:
        problem: Why nothing can be written at present, if so.
        lost_bytes: Sound that had to be given up since the disk took nothing for too long.
        first_bytes: How many bytes this process had written when it had to begin another
            part; ``None`` as long as it goes on with the first.
    """

    def __init__(self, folder: TakeFolder, channels: int, now_ms: Callable[[], int]) -> None:
        self.problem: OSError | None = None
        self.lost_bytes = 0
        self.first_bytes: int | None = None
        self._folder = folder
        self._channels = channels
        self._frame = channels * SAMPLE_BYTES
        self._now_ms = now_ms
        self._descriptor: int | None = None
        self._part: Path | None = None
        self._written = 0
        self._held: deque[bytes] = deque()
        self._held_bytes = 0
        self._synced_ms = now_ms()
        self._tried_ms = now_ms() - _RETRY_MS

    @property
    def position_ms(self) -> int:
        """How much sound this process has taken and not lost."""
        return bytes_to_ms(self._written + self._held_bytes, self._channels)

    @property
    def written_bytes(self) -> int:
        """How many bytes of sound this process has written."""
        return self._written

    def is_deleted(self) -> bool:
        """Tell whether somebody has deleted what is being written."""
        if self._descriptor is None or self._part is None:
            folder = self._folder.path  # where a whole disk is gone, it may come back
            return folder.parent.exists() and not folder.exists()
        return os.fstat(self._descriptor).st_nlink == 0 and not self._part.exists()

    def free_bytes(self) -> int:
        """How much room the disk has."""
        with contextlib.suppress(OSError):
            return shutil.disk_usage(self._folder.path).free
        return 0

    def write(self, sound: bytes) -> None:
        """Append sound; what the disk does not take waits, and is tried again."""
        if sound:
            self._held.append(sound)
            self._held_bytes += len(sound)
        if self.problem is not None and self._now_ms() - self._tried_ms < _RETRY_MS:
            self._give_up_oldest()
            return
        try:
            self._write_held()
        except OSError as error:
            self._fail(error)
            return
        self.problem = None
        if self._now_ms() - self._synced_ms >= SYNC_MS:
            self.sync()

    def sync(self) -> None:
        """Make what has been written survive a power cut."""
        self._synced_ms = self._now_ms()
        if self._descriptor is not None:
            try:
                sync(self._descriptor)
            except OSError as error:
                self._fail(error)

    def close(self) -> None:
        """Write what waits, if the disk takes it, and end the part."""
        with contextlib.suppress(OSError):
            self._write_held()
        if self._held_bytes:
            self.lost_bytes += self._held_bytes
            self._held.clear()
            self._held_bytes = 0
        self.sync()
        self._end_part()

    def _write_held(self) -> None:
        while self._held:
            if self._descriptor is None:
                self._begin_part()
            assert self._descriptor is not None  # noqa: S101 - it has just been opened
            sound = self._held[0]
            done = os.write(self._descriptor, sound)
            self._written += done
            self._held_bytes -= done
            if done == len(sound):
                self._held.popleft()
            else:
                self._held[0] = sound[done:]

    def _begin_part(self) -> None:
        if self._part is None and self._go_on():
            return
        path = self._folder.next_part()
        descriptor = os.open(path, _NEW_FILE, 0o600)
        try:
            header = wav_header(self._channels)
            _write_header(descriptor, header, str(path))
        except OSError:
            os.close(descriptor)
            with contextlib.suppress(OSError):
                path.unlink()
            raise
        if self.first_bytes is None and self._folder.parts():
            self.first_bytes = self._written
        self._descriptor, self._part = descriptor, path
        sync_folder(path.parent)

    def _go_on(self) -> bool:
        """Go on with what another process has written; tells whether that can be done."""
        try:
            path = self._folder.part_to_go_on(self._channels)
            if path is None:
                return False
            descriptor = os.open(path, _OLD_FILE)
        except OSError:
            return False
        try:
            frames = (os.fstat(descriptor).st_size - HEADER_BYTES) // self._frame
            os.ftruncate(descriptor, HEADER_BYTES + frames * self._frame)
            os.lseek(descriptor, 0, os.SEEK_END)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor, self._part = descriptor, path
        return True

    def _fail(self, error: OSError) -> None:
        self.problem = error
        self._tried_ms = self._now_ms()
        if self._descriptor is not None and error.errno not in FULL:
            self._end_part()
        self._give_up_oldest()

    def _give_up_oldest(self) -> None:
        most = bytes_of(_HELD_MS, self._channels)
        while self._held_bytes > most and len(self._held) > 1:
            # Not the first: the disk may have half of it already.
            given_up = self._held[1]
            del self._held[1]
            self._held_bytes -= len(given_up)
            self.lost_bytes += len(given_up)

    def _end_part(self) -> None:
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None
            if self._held:  # a new part begins with a whole frame
                rest = len(self._held[0]) % self._frame
                self._held[0] = self._held[0][rest:]
                self._held_bytes -= rest


def _write_header(descriptor: int, header: bytes, path: str) -> None:
    if os.write(descriptor, header) != len(header):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)


def bytes_of(duration_ms: int, channels: int) -> int:
    """Tell how many bytes so much sound takes."""
    return duration_ms * RATE_HZ // 1_000 * SAMPLE_BYTES * channels
