"""Make what a bundle cannot leave out smaller: ICU's data, libraries only asked for by name.

Only for Linux, where the libraries of Qt's wheels bring both. All of it is made again from the
wheels' own files at each build, and gives the same bytes each time.
"""

from __future__ import annotations

import struct
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

# Qt compares text, knows old encodings and changes case with ICU. Dates, units, currencies,
# names of countries and where lines break it knows itself.
ICU_LEFT_OUT = ("brkitr", "curr", "lang", "rbnf", "region", "translit", "unit", "zone")
_MAGIC = b"\xda\x27"
_KIND = b"CmnD"
_ALIGNMENT = 16

# What Qt's player asks of Qt Quick: two names, for taking pictures of windows, which Wordlight
# never does. Without them the player does not load. No object is of this class, so that Qt's
# question whether a window is one has the right answer.
_QUICK = """
const char _ZN12QQuickWindow16staticMetaObjectE[64] = {0};
void _ZN12QQuickWindow10grabWindowEv(void) { __builtin_trap(); }
"""
STAND_INS = {"libQt6Quick.so.6": _QUICK, "libQt6Qml.so.6": ""}
"""Libraries in whose place a nearly empty one will do, with its source in C."""


class NotIcuError(Exception):
    """This is no package of ICU's data as it is known here."""


def is_leaner(inside: str) -> bool:
    """Tell whether a library is put in smaller than it comes."""
    name = inside.rpartition("/")[2]
    return name in STAND_INS or name.startswith("libicudata.so.")


def make_leaner(inside: str, source: Path, target: Path) -> None:
    """Write the small form of a library.

    Args:
        inside: Where it would lie in the bundle.
        source: As it comes.
        target: Where to write it.
    """
    name = inside.rpartition("/")[2]
    if name in STAND_INS:
        versions = "Qt_6 { global: *; };\n"
        _link(name, STAND_INS[name], "c", target, {"versions": versions})
        return
    version = name.rpartition(".")[2]
    data = without(icu_data(source.read_bytes()), ICU_LEFT_OUT)
    symbol = f"icudt{version}_dat"
    code = f"""
        .section .note.GNU-stack,"",@progbits
        .section .rodata
        .balign {_ALIGNMENT}
        .globl {symbol}
        .type {symbol}, @object
        .size {symbol}, {len(data)}
        {symbol}: .incbin "data"
    """
    _link(name, code, "assembler", target, {"data": data})


def icu_data(library: bytes) -> bytes:
    """Cut the package of data out of ICU's library.

    Raises:
        NotIcuError: There is none.
    """
    place = library.find(_KIND)
    start = place - 12
    if place < 0 or library[start + 2 : start + 4] != _MAGIC:
        raise NotIcuError("no package of data")
    return library[start:]


def without(package: bytes, left_out: Sequence[str]) -> bytes:
    """Give a package of ICU's data without some of its folders.

    Args:
        package: A header, the number of items, their names' and contents' places, names,
            contents; what follows it does not matter.
        left_out: Folders.

    Raises:
        NotIcuError: It is not made so.
    """
    if package[2:4] != _MAGIC or package[12:16] != _KIND:
        raise NotIcuError("no package of data")
    (header_size,) = struct.unpack_from("<H", package)
    header, table = package[:header_size], package[header_size:]
    (count,) = struct.unpack_from("<I", table)
    places = [struct.unpack_from("<II", table, 4 + 8 * one) for one in range(count)]
    kept: list[tuple[bytes, bytes]] = []
    for number, (name_at, data_at) in enumerate(places):
        name = table[name_at : table.index(b"\0", name_at)]
        # The last one has no next to end at; it is small, and taken up to its alignment.
        end = places[number + 1][1] if number + 1 < count else _end_of(table, data_at)
        folders = name.decode("ascii").split("/")[1:-1]
        if not set(folders) & set(left_out):
            kept.append((name, table[data_at:end]))
    return header + table_of(kept)


def _end_of(table: bytes, start: int) -> int:
    """Find where the last item ends: a bundle of resources tells its own length."""
    (header_size,) = struct.unpack_from("<H", table, start)
    if table[start + 12 : start + 16] != b"ResB":
        raise NotIcuError("the last item is no bundle of resources")
    # After the root come the indexes: how many there are, then lengths in words of four bytes.
    count = table[start + header_size + 4]
    top = 3
    if count <= top:
        raise NotIcuError("a bundle of resources without its length")
    (words,) = struct.unpack_from("<I", table, start + header_size + 4 + 4 * top)
    return start + header_size + 4 * words


def table_of(items: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Write the table of what is inside, by name, and what it is."""
    names_at = 4 + 8 * len(items)
    names = b"".join(name + b"\0" for name, _ in items)
    data_at = -(-(names_at + len(names)) // _ALIGNMENT) * _ALIGNMENT
    places, contents = bytearray(struct.pack("<I", len(items))), bytearray()
    name_at = names_at
    for name, content in items:
        contents += b"\0" * (-len(contents) % _ALIGNMENT)
        places += struct.pack("<II", name_at, data_at + len(contents))
        contents += content
        name_at += len(name) + 1
    head = bytes(places) + names
    return head + b"\0" * (data_at - len(head)) + bytes(contents)


def _link(
    name: str, code: str, language: str, target: Path, files: dict[str, str | bytes]
) -> None:
    with tempfile.TemporaryDirectory(prefix="wordlight-leaner-") as folder:
        for file_name, content in files.items():
            raw = content.encode() if isinstance(content, str) else content
            Path(folder, file_name).write_bytes(raw)
        Path(folder, "code").write_text(code, "utf-8")
        versions = ["-Wl,--version-script=versions"] if "versions" in files else []
        subprocess.run(
            [
                *("cc", "-shared", "-nostdlib", "-O1", "-fPIC", "-s", "-x", language, "code"),
                *(f"-Wl,-soname,{name}", "-Wl,--build-id=none", *versions),
                *("-o", str(target.absolute())),
            ],
            cwd=folder,
            check=True,
        )
