"""Write a file whole or not at all, and name files so that none is overwritten unasked."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import unicodedata
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import IO

from app.core.errors import StorageError
from app.core.messages import Message, message
from app.system.free_name import move_to_free

if sys.platform == "win32":

    def _lock(descriptor: int) -> None:
        """Nothing to do: an open file cannot be removed there."""
        del descriptor

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


TEMPORARY_PREFIX = ".wordlight-"
"""How the names of files begin that are being written."""
_TEMPORARY_SUFFIX = ".part"
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_MOST_NAME_BYTES = 200
_WINDOWS_INVALID_NAME = 123
_WINDOWS_SHARING = frozenset({32, 33})


def explain(error: OSError, path: Path) -> Message:
    """Say in one sentence why a file or folder could not be written, and what to do."""
    name = printable(path.name or str(path))
    if getattr(error, "winerror", None) == _WINDOWS_INVALID_NAME:
        return message("The name {name} is not allowed here. Choose another.", name=name)
    if getattr(error, "winerror", None) in _WINDOWS_SHARING:
        return message(
            "{name} is open in another program. Close it there and try again.", name=name
        )
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return message(
                "The disk is full, so {name} was not saved. Free some space and try again.",
                name=name,
            )
        case errno.EROFS:
            return message("{name} is on a read-only disk. Choose another folder.", name=name)
        case errno.EACCES | errno.EPERM:
            return message(
                "You do not have permission to write {name}. Choose another folder or "
                "change its permissions.",
                name=name,
            )
        case errno.ENAMETOOLONG:
            return message("The name {name} is too long. Choose a shorter one.", name=name)
        case errno.EINVAL | errno.EILSEQ:
            return message("The name {name} is not allowed here. Choose another.", name=name)
        case errno.EISDIR:
            return message("{name} is a folder. Choose another name.", name=name)
        case errno.ENOENT | errno.ENOTDIR:
            return message(
                "The folder for {name} no longer exists. Choose another folder.",
                name=name,
            )
        case _:
            return message(
                "{name} could not be saved ({reason}). Try again or choose another folder.",
                name=name,
                reason=error.strerror or type(error).__name__,
            )


def may_not_write(folder: Path) -> Message:
    """Say that the program may not write into one of its own folders, and what to do."""
    return message(
        "Wordlight may not write to {folder}. Change its permissions, or set "
        "WORDLIGHT_HOME to another folder.",
        folder=folder,
    )


def is_folder(path: Path) -> bool:
    """Tell whether a folder is there.

    A name too long for the disk, a folder that may not be looked into, a network drive that
    does not answer: nothing that could be used is there, while ``Path.is_dir`` raises.
    """
    return os.path.isdir(path)  # noqa: PTH112


def is_file(path: Path) -> bool:
    """Tell whether a file is there, in the sense of ``is_folder``."""
    return os.path.isfile(path)  # noqa: PTH113


def printable(text: str) -> str:
    """Give a file's name so that it can be shown and kept, whatever bytes it holds."""
    return "".join("�" if _is_broken(character) else character for character in text)


def _is_broken(character: str) -> bool:
    """Tell controls and halves of characters; joiners within emoji or Persian stay."""
    return unicodedata.category(character) in {"Cc", "Cs"}


class NameTakenError(StorageError):
    """Somebody else made a file of this name while it was being written."""


def write_whole(
    path: Path, data: bytes | bytearray | Iterable[bytes], *, is_new: bool = False
) -> None:
    """Write a file so that it is there in full or the old one is still there.

    An existing file keeps its permissions; a link keeps pointing at its target,
    which is what gets replaced.

    Args:
        path: The file.
        data: What goes into it.
        is_new: It takes the place of nothing, whoever else writes under this name meanwhile.

    Raises:
        NameTakenError: It was to be new, and something of that name is there by now.
        StorageError: It could not be written; whatever was there is untouched.
    """
    chunks = (data,) if isinstance(data, bytes | bytearray) else data
    try:
        with _replacing(path, is_new=is_new) as descriptor:
            for chunk in chunks:
                _write_all(descriptor, chunk)
    except ValueError as error:  # a NUL in the name
        raise StorageError(explain(OSError(errno.EINVAL, ""), path)) from error
    except OSError as error:
        raise StorageError(explain(error, path)) from error


@contextlib.contextmanager
def opened_whole(
    path: Path, *, is_private: bool = False, is_new: bool = False
) -> Generator[IO[bytes]]:
    """Open a file to be written at will; it takes the place of the old one at the end.

    Args:
        path: The file.
        is_private: Nobody else may read it, whoever could read the old one.
        is_new: It takes the place of nothing, whoever else writes under this name meanwhile.

    Raises:
        NameTakenError: It was to be new, and something of that name is there by now.
        StorageError: It could not be written; whatever was there is untouched.
    """
    try:
        with replacing(path, is_private=is_private, is_new=is_new) as file:
            yield file
    except OSError as error:
        raise StorageError(explain(error, path)) from error


@contextlib.contextmanager
def replacing(
    path: Path, *, is_private: bool = False, is_new: bool = False
) -> Generator[IO[bytes]]:
    """Do as ``opened_whole``, for a caller with a sentence of its own for what goes wrong.

    Raises:
        OSError: It could not be written; whatever was there is untouched.
    """
    with (
        _replacing(path, is_private=is_private, is_new=is_new) as descriptor,
        os.fdopen(descriptor, "wb", closefd=False) as file,
    ):
        yield file


@contextlib.contextmanager
def _replacing(path: Path, *, is_private: bool = False, is_new: bool = False) -> Generator[int]:
    place = _place_new if is_new else Path.replace
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    descriptor, temporary = _open_temporary(target, 0o600 if is_private else 0o666)
    try:
        try:
            if not is_private:
                with contextlib.suppress(FileNotFoundError):
                    temporary.chmod(stat.S_IMODE(target.stat().st_mode))
            yield descriptor
            os.fsync(descriptor)
            if sys.platform != "win32":
                # While it is locked: without, another writer may take it for left over.
                place(temporary, target)
        finally:
            os.close(descriptor)
        if sys.platform == "win32":  # there an open file keeps its name
            place(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(target.parent)


def _place_new(temporary: Path, target: Path) -> None:
    """Give a file its name unless something has it: two who look first find it free both."""
    try:
        move_to_free(temporary, target)
    except FileExistsError as error:
        raise NameTakenError(explain(error, target)) from None


def _open_temporary(target: Path, mode: int) -> tuple[int, Path]:
    """Open a file beside the target, under the same name each time.

    So what a killed process left is overwritten when it is tried again. A living one
    keeps its own: it holds a lock, and another name is taken. The name is short, since
    a long one made longer would be refused though the target fits.
    """
    import hashlib  # loads a library of its own, and is not needed before the first paint

    digest = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]
    for mark in (digest, digest, os.urandom(8).hex()):
        temporary = target.with_name(f"{TEMPORARY_PREFIX}{mark}{_TEMPORARY_SUFFIX}")
        try:
            descriptor = os.open(temporary, _NEW_FILE, mode)
        except FileExistsError:
            _remove_left_over(temporary)
            continue
        if _is_ours(descriptor, temporary, is_new=True):
            return descriptor, temporary
        os.close(descriptor)
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))


def _remove_left_over(temporary: Path) -> None:
    """Remove an unfinished file unless somebody still writes it."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            temporary.unlink()  # refused while it is open
            return
        descriptor = os.open(temporary, os.O_WRONLY | os.O_NOFOLLOW)
        try:
            if _is_ours(descriptor, temporary, is_new=False):
                temporary.unlink()
        finally:
            os.close(descriptor)


def _is_ours(descriptor: int, temporary: Path, *, is_new: bool) -> bool:
    """Lock an open file; tells whether nobody else has it and it still has its name."""
    try:
        _lock(descriptor)
    except BlockingIOError:
        return False
    except OSError:  # a disk that knows no locks
        if not is_new:
            return False
    try:
        found = temporary.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(descriptor), found)


def _write_all(descriptor: int, chunk: bytes | bytearray) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def sync(descriptor: int) -> None:
    """Make what was written to an open file survive a power cut.

    Raises:
        OSError: The disk did not take it.
    """
    os.fsync(descriptor)


def sync_file(path: Path) -> None:
    """Do as ``sync``, for a file that somebody else has written."""
    with path.open("rb+") as file:
        sync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut, where the system knows how."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network disks refuse to sync folders
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def unused_name(path: Path) -> Path:
    """Give the path, or the first of ``name 2``, ``name 3``, … that nothing has yet."""
    candidate, number = path, 1
    while os.path.lexists(candidate):
        number += 1
        ending = f" {number}{path.suffix}"
        stem = _shortened(path.stem, _MOST_NAME_BYTES + 50 - len(os.fsencode(ending)))
        candidate = path.with_name(f"{stem}{ending}")
    return candidate


def _shortened(text: str, most_bytes: int) -> str:
    encoded = os.fsencode(text)
    if len(encoded) <= most_bytes:
        return text
    return encoded[:most_bytes].decode("utf-8", "ignore")
