"""Move a file to a name that nothing has, in one step.

To look first whether a name is free, or to give a file a second name and take the first away,
are two steps: in between somebody else takes the name, or a killed process leaves both.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

_HERE = -100
"""``AT_FDCWD`` of Linux: names are as for any other call."""
_NO_REPLACE = 1
"""``RENAME_NOREPLACE``, renameat2(2)."""
_EXCLUSIVE = 4
"""``RENAME_EXCL``, renamex_np(2) of macOS."""
_CANNOT = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
"""What systems and disks answer that know no such step."""


def move_to_free(source: Path, target: Path) -> None:
    """Move a file, unless something has the name: file, folder or link, even one to nothing.

    Args:
        source: The file.
        target: On the same disk.

    Raises:
        FileExistsError: Something has the name; the file is where it was.
        OSError: It could not be moved.
    """
    if sys.platform == "win32":
        source.rename(target)  # refused there if something has the name
        return
    rename = _rename_to_free()
    if rename is not None:
        number = rename(os.fsencode(source), os.fsencode(target))
        if not number:
            return
        if number not in _CANNOT:
            raise OSError(number, os.strerror(number), str(target))
    _move_by_two_names(source, target)


def _move_by_two_names(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except FileExistsError:
        raise
    except OSError:  # a disk without links either, a stick on an old system for one
        if os.path.lexists(target):
            raise FileExistsError(
                errno.EEXIST, os.strerror(errno.EEXIST), str(target)
            ) from None
        source.replace(target)
    else:
        source.unlink()


@cache
def _rename_to_free() -> Callable[[bytes, bytes], int] | None:
    """Give the system's own way, which answers with its number of an error or 0."""
    with suppress(OSError, AttributeError):  # a C library that has none
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            linux = library.renameat2

            def on_linux(source: bytes, target: bytes) -> int:
                failed = linux(_HERE, source, _HERE, target, ctypes.c_uint(_NO_REPLACE))
                return ctypes.get_errno() if failed else 0

            return on_linux
        if sys.platform == "darwin":
            macos = library.renamex_np

            def on_macos(source: bytes, target: bytes) -> int:
                failed = macos(source, target, ctypes.c_uint(_EXCLUSIVE))
                return ctypes.get_errno() if failed else 0

            return on_macos
    return None
