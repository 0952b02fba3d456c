"""Where the files lie that come with the program: icons, the sample, translations."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from app import __version__


def resource_path(*parts: str) -> Path:
    """Find a file or folder of ``resources/``.

    It lies beside ``app`` in the source tree and in an installed wheel, and where the
    frozen bundle unpacks itself.

    Raises:
        FileNotFoundError: It is not there.
    """
    found = (_bundle() or Path(__file__).resolve().parents[2]).joinpath("resources", *parts)
    if not found.exists():
        raise FileNotFoundError("/".join(("resources", *parts)))
    return found


def bundled_path(name: str) -> Path | None:
    """Find a program that a frozen bundle brings; ``None`` if there is none."""
    bundle = _bundle()
    if bundle is None or not (bundle / name).is_file():
        return None
    return bundle / name


def build_commit() -> str:
    """Give the commit that a bundle was built from; empty where the program is no bundle."""
    bundle = _bundle()
    try:
        return "" if bundle is None else (bundle / "commit.txt").read_text("utf-8").strip()
    except OSError:
        return ""


@cache
def build_name() -> str:
    """Tell this build from any other: version and commit, as they were when first asked.

    A bundle asks at its very start. Later its files may be those of another one that was
    put in its place.
    """
    commit = build_commit()
    return f"{__version__}+{commit}" if commit else __version__


def is_packaged() -> bool:
    """Tell whether a package manager brought the program, and brings new releases too."""
    bundle = _bundle()
    return bundle is not None and (bundle.parent / "PACKAGED").is_file()


def _bundle() -> Path | None:
    """Give the folder of a frozen bundle's contents; PyInstaller tells where it is."""
    told: str | None = getattr(sys, "_MEIPASS", None)
    return None if told is None else Path(told)


def sample_path() -> Path:
    """Give the recording to try the program with: a minute of two people.

    Raises:
        FileNotFoundError: The installation is not whole.
    """
    return resource_path("sample", "two-readers.flac")
