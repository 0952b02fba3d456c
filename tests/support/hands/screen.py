"""A screen of its own, with a window manager, and photographs of it."""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from PySide6.QtGui import QImage

from tests.support.hands.machinery import Machinery

_OPENBOX = Path(__file__).with_name("openbox.xml")
_HEADER = struct.Struct(">25I")
"""Of an X window dump: sizes and offsets in the order of XWDFile.h."""
_COLOUR_BYTES = 12
_KEYBOARD_S = 30


class Box(NamedTuple):
    """Where something is on the screen, in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    @property
    def middle(self) -> tuple[int, int]:
        return self.left + self.width // 2, self.top + self.height // 2

    def holds(self, other: Box) -> bool:
        """Tell whether another box lies in this one."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


class Screen:
    """An X server on a display that nobody has, and openbox on it.

    Attributes:
        box: The whole screen.
        surroundings: Variables of a program that is to be seen on it.
    """

    def __init__(
        self,
        machinery: Machinery,
        folder: Path,
        surroundings: Mapping[str, str],
        size: tuple[int, int],
    ) -> None:
        self.box = Box(0, 0, *size)
        self._frame = folder / "Xvfb_screen0"
        told, tell = os.pipe()
        machinery.start(
            [
                *("Xvfb", "-displayfd", str(tell), "-fbdir", str(folder)),
                *("-screen", "0", f"{size[0]}x{size[1]}x24", "-nolisten", "tcp", "-noreset"),
            ],
            surroundings,
            pass_fds=[tell],
        )
        os.close(tell)
        with os.fdopen(told) as answer:
            display = answer.readline().strip()
        if not display:
            raise RuntimeError("Xvfb did not start")
        self.surroundings = {**surroundings, "DISPLAY": f":{display}"}
        # A sign that the keyboard lacks is put on a key for as long as it is typed. A busy
        # program asks what the key means once it means nothing again. This layout is the
        # American one, with dead keys where AltGr is held.
        subprocess.run(
            ["setxkbmap", "-layout", "us", "-variant", "altgr-intl"],
            env=self.surroundings,
            check=True,
            timeout=_KEYBOARD_S,
        )
        machinery.start(["openbox", "--config-file", str(_OPENBOX)], self.surroundings)

    def photograph(self, path: Path) -> None:
        """Keep what is to be seen right now as a PNG file."""
        dump = self._frame.read_bytes()
        header = _HEADER.unpack_from(dump)
        head_bytes, width, height = header[0], header[4], header[5]
        line_bytes, colours = header[12], header[19]
        pixels = dump[head_bytes + colours * _COLOUR_BYTES :]
        image = QImage(pixels, width, height, line_bytes, QImage.Format.Format_RGB32)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not image.save(str(path)):
            raise OSError(f"{path} could not be written")
