"""Files that are handed to people: whole or not at all, and never over another's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from app.core.errors import StorageError
from app.export.plain import Content
from app.system.files import NameTakenError, explain, unused_name, write_whole


def save(path: Path, content: Content, *, replaces: bool) -> Path:
    """Write a file whole; blocks.

    Args:
        path: Where.
        content: What.
        replaces: Whether a person agreed that what is there goes; otherwise another
            name is found, and the same content is not written again: not if it is
            there under this name, nor if an earlier call gave it a number.

    Returns:
        Where it was written.

    Raises:
        StorageError: It could not be; what was there is untouched.
    """
    make_folder(path.parent)
    if replaces:
        write_whole(path, content)
        return path
    while True:
        for there in names_in_use(path):
            if _holds(there, content):
                return there
        name = unused_name(path)
        with suppress(NameTakenError):  # another program was quicker: the next name
            write_whole(name, content, is_new=True)
            return name


def names_in_use(path: Path) -> Iterator[Path]:
    """Give the path, ``name 2``, ``name 3``, … as far as something is there; blocks."""
    free = unused_name(path)
    if free == path:
        return
    yield path
    stem, _, count = free.name.removesuffix(path.suffix).rpartition(" ")
    for number in range(2, int(count)):
        yield path.with_name(f"{stem} {number}{path.suffix}")


def make_folder(folder: Path) -> None:
    """Make a folder that files are to be written into; blocks.

    Raises:
        StorageError: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(explain(error, folder)) from error


def _holds(path: Path, content: Content) -> bool:
    """Tell whether a file is there that says the same; blocks."""
    try:
        if not path.is_file():  # reading from a pipe might never end
            return False
        identity = _pdf_identity(content)
        if identity is not None:
            return _pdf_identity(path.read_bytes()) == identity
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _pdf_identity(content: Content) -> bytes | None:
    """Give what identifies a PDF and its state (ISO 32000-1, 14.4); nothing for others.

    Programs that change a file change the second half of it.
    """
    if not content.startswith(b"%PDF"):
        return None
    found = _PDF_ID.search(content, max(0, len(content) - _TRAILER_BYTES))
    return found[0] if found else None


_PDF_ID = re.compile(rb"/ID\s*\[[^\]]*\]")
_TRAILER_BYTES = 1_000
