"""What a feature may ask of the window it is shown in, and nothing else.

A room is given a ``Stage``; that it is the whole window is known to ``bootstrap`` alone.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Page(IntEnum):
    """What stands in the middle."""

    EMPTY = 0
    JOB = 1
    TRANSCRIPT = 2
    LIBRARY = 3


class Said(Protocol):
    """One thing that was said about the program."""

    @property
    def is_shown(self) -> bool:
        """Whether it stands there, or comes back once what was said since has gone."""
        ...

    def dismiss(self) -> None:
        """Say it no longer; what was said since stays."""
        ...


class Stage(Protocol):
    """Where a feature is shown."""

    @property
    def page(self) -> Page:
        """What stands in the middle."""
        ...

    @property
    def dialog_parent(self) -> QWidget:
        """What dialogs and sheets are laid over."""
        ...

    def turn_to(self, page: Page) -> None:
        """Put a page into the middle, as it was left."""
        ...

    def say(
        self,
        text: str,
        *,
        button: str = "",
        answer: Callable[[], None] | None = None,
        is_bad: bool = False,
        stays: bool = False,
    ) -> Said:
        """Say one thing, in place of what was said before.

        What went wrong and stays comes back afterwards.

        Args:
            text: The sentence.
            button: Text of the button; none without it.
            answer: What the button does.
            is_bad: Whether something went wrong.
            stays: Whether it waits to be dismissed.
        """
        ...

    def show_recording(self, *, is_on: bool) -> None:
        """Tell in the title bar whether something is being recorded."""
        ...

    def show_progress(self, text: str) -> None:
        """Tell in the title bar how far work is; empty for nothing under way."""
        ...
