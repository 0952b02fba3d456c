"""Locks that end with the process that holds them, however it ends.

The system drops such a lock when its process dies, so there is nothing to time
out, no heartbeat to miss while the computer sleeps, and no process id to mistake
for another's.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from app.core.errors import StorageError
from app.store.files import explain

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class InstanceLock:
    """A lock that one process at a time can hold.

    Attributes:
        path: The lock's file; it stays when the lock is released.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def acquire(self) -> bool:
        """Take the lock if nobody has it; tells whether it is held now.

        Raises:
            StorageError: The lock's file cannot be made.
        """
        if self._descriptor is not None:
            return True
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StorageError(explain(error, self.path)) from error
        try:
            locked = _lock(descriptor)
        except OSError as error:
            os.close(descriptor)
            raise StorageError(explain(error, self.path)) from error
        if not locked:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let others have the lock; does nothing if it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


class Presence:
    """Shows other processes that this one lives, under a name of its own.

    Jobs are claimed and temporary folders are marked with that name; once its
    process is gone they are free for others.

    Attributes:
        token: The name; never used again by another process.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.token = f"{os.getpid()}-{os.urandom(6).hex()}"
        self._lock = InstanceLock(self._file(self.token))
        self._lock.acquire()
        self._sweep()

    def lives(self, token: str) -> bool:
        """Tell whether the process of that name, or this one, still runs."""
        if token == self.token:
            return self._lock.is_held
        file = self._file(token)
        if not file.exists():
            return False
        probe = InstanceLock(file)
        lives = not probe.acquire()
        probe.release()
        return lives

    def is_alone(self) -> bool:
        """Tell whether no other process shows itself here."""
        return not any(
            file.stem != self.token and self.lives(file.stem)
            for file in self._folder.glob("*.lock")
        )

    def close(self) -> None:
        """Stop showing; what carries the name becomes free."""
        if self._lock.is_held:
            self._lock.release()
            with contextlib.suppress(OSError):
                self._lock.path.unlink()

    def _file(self, token: str) -> Path:
        return self._folder / f"{token}.lock"

    def _sweep(self) -> None:
        for file in self._folder.glob("*.lock"):
            if not self.lives(file.stem):
                with contextlib.suppress(OSError):
                    file.unlink()
