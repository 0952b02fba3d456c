"""ZIP archives, which Word and OpenDocument files are, made the same each time."""

from __future__ import annotations

import io
import struct
import zipfile

_DOS_EPOCH = bytes((0, 0, 0b00100001, 0))
"""1 January 1980 as a ZIP archive has it."""
_DATE_IN_MEMBER = 10
_DATE_IN_ENTRY = 12
_LENGTHS_IN_ENTRY = struct.Struct("<28x3H12x")
"""Of name, extra field and comment, which follow an entry of the directory."""


def undated(packed: bytes) -> bytes:
    """Give a ZIP archive whose members say nothing of when they were packed.

    The libraries that pack documents write the present time into every member, so that
    no two files of the same document would be the same.
    """
    content = bytearray(packed)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        place = archive.start_dir
        for member in archive.infolist():
            _put_date(content, member.header_offset + _DATE_IN_MEMBER)
            _put_date(content, place + _DATE_IN_ENTRY)
            place += _LENGTHS_IN_ENTRY.size + sum(_LENGTHS_IN_ENTRY.unpack_from(content, place))
    return bytes(content)


def _put_date(content: bytearray, place: int) -> None:
    content[place : place + len(_DOS_EPOCH)] = _DOS_EPOCH
