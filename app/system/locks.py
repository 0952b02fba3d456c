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
from app.system.files import explain

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


_WORK_PREFIX = ".making-"
_LOCK_SUFFIX = ".lock"


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
            while self._descriptor is None:
                descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
                if not _locked(descriptor):
                    return False
                if _is_at(descriptor, self.path):
                    self._descriptor = descriptor
                else:  # somebody removed the file before it was locked
                    os.close(descriptor)
        except OSError as error:  # the name of its file tells nobody anything
            raise StorageError(explain(error, self.path.parent)) from error
        return True

    def release(self) -> None:
        """Let others have the lock; does nothing if it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def remove(self) -> None:
        """Release the lock and remove its file; does nothing if it is not held."""
        if self._descriptor is None:
            return
        if sys.platform != "win32":  # there an open file cannot be removed
            # While it is held: nobody can have taken it under the name that goes.
            with contextlib.suppress(OSError):
                self.path.unlink()
        self.release()
        if sys.platform == "win32":
            with contextlib.suppress(OSError):
                self.path.unlink()

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
        while True:
            self.token = f"{os.getpid()}-{os.urandom(6).hex()}"
            self._lock = InstanceLock(self._file(self.token))
            if self._lock.acquire():  # else another one swept it away in that moment
                break
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
        self._lock.remove()

    def _file(self, token: str) -> Path:
        return self._folder / f"{token}.lock"

    def _sweep(self) -> None:
        for file in self._folder.glob("*.lock"):
            if file.stem != self.token:
                _remove_if_free(file)


class WorkFolder:
    """A private folder for unfinished files inside another one.

    It carries a lock, so that what a crash left can be told from the work of another
    process that runs.

    Attributes:
        path: The folder; whoever works in it may also move it away.
    """

    def __init__(self, parent: Path) -> None:
        """Make it; its parent has to be there.

        Raises:
            StorageError: It cannot be made.
        """
        name = f"{_WORK_PREFIX}{os.getpid()}-{os.urandom(6).hex()}"
        self._lock = InstanceLock(parent / f"{name}{_LOCK_SUFFIX}")
        self._lock.acquire()
        self.path = parent / name
        try:
            self.path.mkdir(mode=0o700)
        except OSError as error:
            self._lock.remove()
            raise StorageError(explain(error, self.path)) from error

    def close(self) -> None:
        """Remove it with all that is in it."""
        import shutil  # brings every compressor along, and the first paint needs no folder

        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.remove()

    @staticmethod
    def remove_leftovers(parent: Path) -> None:
        """Remove such folders of processes that no longer run."""
        import shutil

        for place in parent.glob(f"{_WORK_PREFIX}*"):
            if place.suffix == _LOCK_SUFFIX:
                if not place.with_suffix("").exists():
                    _remove_if_free(place)
                continue
            lock = InstanceLock(place.with_name(f"{place.name}{_LOCK_SUFFIX}"))
            if lock.acquire():
                shutil.rmtree(place, ignore_errors=True)
                lock.remove()


def is_work(path: Path) -> bool:
    """Tell whether a file or folder belongs to a ``WorkFolder``."""
    return path.name.startswith(_WORK_PREFIX)


def _locked(descriptor: int) -> bool:
    """Lock an open file; closes it where that fails."""
    locked = False
    try:
        locked = _lock(descriptor)
    finally:
        if not locked:
            os.close(descriptor)
    return locked


def _is_at(descriptor: int, path: Path) -> bool:
    """Tell whether an open file still has its name."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _remove_if_free(file: Path) -> None:
    """Remove the file of a lock that nobody holds."""
    lock = InstanceLock(file)
    with contextlib.suppress(StorageError):
        if lock.acquire():
            lock.remove()
