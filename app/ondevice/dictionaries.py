"""Where the dictionaries lie that spelling is checked with, the system's and of others."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_LINUX = (
    "/usr/share/hunspell",
    "/usr/local/share/hunspell",
    "/usr/share/myspell/dicts",
    "/usr/share/myspell",
    "/var/lib/snapd/hostfs/usr/share/hunspell",
)
_OFFICES = (
    "/usr/lib/libreoffice/share/extensions",
    "/usr/lib64/libreoffice/share/extensions",
    "/opt/libreoffice*/share/extensions",
    "/Applications/LibreOffice.app/Contents/Resources/extensions",
)


def dictionary_folders(
    environ: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> tuple[Path, ...]:
    """Give the folders in which dictionaries may lie; few of them are there."""
    folders = [Path(one) for one in environ.get("DICPATH", "").split(os.pathsep) if one]
    home = Path.home()
    if platform == "darwin":
        folders += [home / "Library/Spelling", Path("/Library/Spelling")]
    elif platform == "win32":
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432"):
            if program_files := environ.get(variable):
                folders += _within(Path(program_files) / "LibreOffice/share/extensions")
    else:
        folders += [home / ".local/share/hunspell", *map(Path, _LINUX)]
    for office in _OFFICES:
        for found in sorted(Path("/").glob(office.removeprefix("/"))):
            folders += _within(found)
    return tuple(dict.fromkeys(folders))


def dictionaries(folders: Iterable[Path]) -> dict[str, Path]:
    """Give the dictionaries there are, by name: the path without its ending. Blocks."""
    found: dict[str, Path] = {}
    for folder in folders:
        try:
            files = sorted(folder.glob("*.dic"))
        except OSError:
            continue
        for file in files:
            if file.with_suffix(".aff").is_file() and not file.stem.startswith("hyph_"):
                found.setdefault(file.stem, file.with_suffix(""))
    return found


def _within(extensions: Path) -> Iterator[Path]:
    """Give the folders of an office's dictionaries, an extension each."""
    try:
        yield from sorted(extensions.glob("dict-*"))
    except OSError:
        return
