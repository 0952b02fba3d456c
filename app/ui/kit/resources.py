"""Where icons, translations and the sample lie."""

from __future__ import annotations

import sys
from pathlib import Path


def resource_path(*parts: str) -> Path:
    """Find a file or folder of ``resources/``.

    Works in the source tree, in an installed wheel (beside ``app`` or inside it), and
    in a frozen bundle.

    Raises:
        FileNotFoundError: It is in none of these places.
    """
    here = Path(__file__).resolve()
    roots = [here.parents[3] / "resources", here.parents[2] / "resources"]
    bundle = getattr(sys, "_MEIPASS", None)  # set by PyInstaller
    if bundle is not None:
        roots.insert(0, Path(bundle) / "resources")
    for root in roots:
        found = root.joinpath(*parts)
        if found.exists():
            return found
    raise FileNotFoundError("/".join(("resources", *parts)))
