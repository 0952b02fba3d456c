"""Where the files lie that come with the program: icons, the sample, translations."""

from __future__ import annotations

import sys
from pathlib import Path


def resource_path(*parts: str) -> Path:
    """Find a file or folder of ``resources/``.

    It lies beside ``app`` in the source tree and in an installed wheel, and where the
    frozen bundle unpacks itself.

    Raises:
        FileNotFoundError: It is not there.
    """
    # _MEIPASS is set by PyInstaller.
    root = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parents[2]))
    found = root.joinpath("resources", *parts)
    if not found.exists():
        raise FileNotFoundError("/".join(("resources", *parts)))
    return found
