"""A hand on mouse and keyboard: real events of the X server (XTEST), through xdotool."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from typing import TypeAlias

from tests.support.hands.screen import Box

Place: TypeAlias = "Box | tuple[int, int]"
_LEFT, _RIGHT = 1, 3
_KEY_MS = 8
_FOREIGN_MS = 250
_DOUBLE_CLICK_MS = 60
_STEPS = 6
"""Of a drag; programs ask for more than one before they believe in it."""


class Hand:
    """Move, click, drag and type as a person does, where the screen has the focus."""

    def __init__(self, surroundings: Mapping[str, str]) -> None:
        self._surroundings = dict(surroundings)

    def move(self, to: Place) -> None:
        """Move the pointer; to the middle of a box."""
        self._do("mousemove", *_at(to))

    def click(self, at: Place, *, holding: str = "") -> None:
        """Click with the left button, perhaps while a key is held."""
        held = ("keydown", holding) if holding else ()
        left = ("keyup", holding) if holding else ()
        self._do("mousemove", *_at(at), *held, "click", str(_LEFT), *left)

    def double_click(self, at: Place) -> None:
        """Click twice, as quickly as people do."""
        pause = str(_DOUBLE_CLICK_MS)
        self._do("mousemove", *_at(at), "click", "--repeat", "2", "--delay", pause, str(_LEFT))

    def right_click(self, at: Place) -> None:
        """Click with the right button."""
        self._do("mousemove", *_at(at), "click", str(_RIGHT))

    def drag(self, start: Place, end: Place) -> None:
        """Press at one place and let go at another."""
        self.grab(start, end)
        self.drop()

    def grab(self, start: Place, end: Place) -> None:
        """Press at one place and go to another, still pressing."""
        (x1, y1), (x2, y2) = _point(start), _point(end)
        steps = [
            (x1 + (x2 - x1) * step // _STEPS, y1 + (y2 - y1) * step // _STEPS)
            for step in range(1, _STEPS + 1)
        ]
        moves = [
            word for x, y in steps for word in ("mousemove", str(x), str(y), "sleep", "0.02")
        ]
        self._do("mousemove", str(x1), str(y1), "mousedown", str(_LEFT), *moves)

    def drop(self) -> None:
        """Let go."""
        self._do("mouseup", str(_LEFT))

    def press(self, *keys: str) -> None:
        """Press keys one after the other, each written as xdotool does: ``ctrl+f``."""
        self._do("key", "--delay", str(_KEY_MS), *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        # Letters the keyboard lacks are put on one of its keys first, which takes a while to
        # be known everywhere.
        delay_ms = _KEY_MS if text.isascii() else _FOREIGN_MS
        self._do("type", "--delay", str(delay_ms), text)

    def answer(self, text: str) -> None:
        """Type a text and press Return."""
        self.type(text)
        self.press("Return")

    def _do(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self._surroundings, check=True, timeout=30)


def _point(place: Place) -> tuple[int, int]:
    return place.middle if isinstance(place, Box) else place


def _at(place: Place) -> tuple[str, str]:
    x, y = _point(place)
    return str(x), str(y)
