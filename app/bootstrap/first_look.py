"""How the window looked last: read before anything else, so that it comes up the same.

The settings are in the database, which is opened after the first paint; this is
repeated in a small file for the moment before.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

_NAME = "window.json"


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What the bare window needs.

    Attributes:
        geometry: Place and size, as ``MainWindow.pack_geometry`` gives them.
        middle: Colour of the middle.
        side: Colour of the side.
    """

    geometry: str = ""
    middle: str = ""
    side: str = ""

    @classmethod
    def read(cls, config: Path) -> FirstLook:
        """Read how it was; a file that is missing or makes no sense gives the default."""
        try:
            found: object = json.loads((config / _NAME).read_text("utf-8"))
        except (OSError, ValueError):
            return cls()
        if not isinstance(found, dict):
            return cls()
        values = cast("dict[str, object]", found)
        return cls(*(str(values.get(name, "")) for name in ("geometry", "middle", "side")))

    def keep(self, config: Path) -> None:
        """Keep it; blocks.

        Raises:
            StorageError: It could not be written.
        """
        from app.system.files import write_whole

        write_whole(config / _NAME, json.dumps(asdict(self)).encode())
