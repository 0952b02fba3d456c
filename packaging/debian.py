"""Write a package of Debian: three members in an ``ar`` archive, the same bytes each time.

``dpkg-deb`` does it too, but packs programs less tightly: xz has a filter for the machine's
code that it does not offer. Every dpkg unpacks it.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import platform
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Filters = list[dict[str, Any]]


def filters(*, is_fast: bool) -> Filters:
    """Give how xz packs a program: its code and all else, as tightly as it can, or fast."""
    if is_fast:
        return [{"id": lzma.FILTER_LZMA2, "preset": 0}]
    code = platform.machine().lower() in {"x86_64", "amd64"}
    return [
        *([{"id": lzma.FILTER_X86}] if code else []),
        {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME},
    ]


def write_package(
    root: Path, control: Mapping[str, str], target: Path, *, seconds: int, is_fast: bool
) -> None:
    """Write a package.

    Args:
        root: The tree that is installed.
        control: Fields of ``control``.
        target: Where to; whole or not at all.
        seconds: The time everything is of.
        is_fast: Packed less tightly.
    """
    files = [path for path in sorted(root.rglob("*")) if path.is_file()]
    sums = "".join(
        # What dpkg calls them by, to tell later which was changed.
        f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(root)}\n"  # noqa: S324
        for path in files
        if not path.is_symlink()
    )
    fields = "".join(f"{name}: {value}\n" for name, value in control.items())
    about = {"./control": fields.encode(), "./md5sums": sums.encode()}
    half = target.with_suffix(".half")
    data = target.with_suffix(".data")
    try:
        with (
            lzma.open(data, "wb", filters=filters(is_fast=is_fast)) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive,
        ):
            add_tree(archive, root, ".", seconds)
        with half.open("wb") as out:
            out.write(b"!<arch>\n")
            _add_member(out, "debian-binary", b"2.0\n", seconds)
            _add_member(out, "control.tar.xz", _control(about, seconds), seconds)
            _add_member(out, "data.tar.xz", data, seconds)
        half.replace(target)
    finally:
        data.unlink(missing_ok=True)
        half.unlink(missing_ok=True)


def add_tree(archive: tarfile.TarFile, root: Path, name: str, seconds: int) -> None:
    """Add a folder and all in it: in order, nobody's own, all of one time."""
    for path in (root, *sorted(root.rglob("*"))):
        inside = name if path == root else f"{name}/{path.relative_to(root)}"
        member = archive.gettarinfo(path, inside)
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        member.mtime = seconds
        if member.islnk():  # the same file twice; told as a link it would depend on the order
            member.type = tarfile.REGTYPE
            member.size = path.stat().st_size
        if member.isreg():
            with path.open("rb") as file:
                archive.addfile(member, file)
        else:
            archive.addfile(member)


def _control(files: Mapping[str, bytes], seconds: int) -> bytes:
    out = io.BytesIO()
    with (
        lzma.open(out, "wb", preset=6) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        folder = tarfile.TarInfo("./")
        folder.type, folder.mode, folder.mtime = tarfile.DIRTYPE, 0o755, seconds
        archive.addfile(folder)
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(content), seconds
            member.uname = member.gname = "root"
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def _add_member(out: io.BufferedWriter, name: str, content: bytes | Path, seconds: int) -> None:
    size = len(content) if isinstance(content, bytes) else content.stat().st_size
    out.write(f"{name:<16}{seconds:<12}{0:<6}{0:<6}{'100644':<8}{size:<10}`\n".encode())
    if isinstance(content, bytes):
        out.write(content)
    else:
        with content.open("rb") as file:
            while block := file.read(1 << 20):
                out.write(block)
    if size % 2:
        out.write(b"\n")
