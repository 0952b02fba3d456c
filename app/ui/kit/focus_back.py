"""Brings the focus back to where it was, once what had taken it is gone."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


class FocusBack:
    """Remembers what had the focus in a window, and gives it back.

    The window remembers it also while another one is in front: a list of commands, which
    something was chosen in, is only just going.
    """

    def __init__(self) -> None:
        self._before: QWidget | None = None

    def remember(self, taker: QWidget) -> None:
        """Remember what has the focus in the window.

        Args:
            taker: What is about to take it.
        """
        before = taker.window().focusWidget()
        if before is not taker and not (before and taker.isAncestorOf(before)):
            self._before = before

    def give(self, otherwise: QWidget) -> None:
        """Give it back, if what had it is still there.

        Args:
            otherwise: What gets it if not.
        """
        before, self._before = self._before, None
        is_there = before is not None and shiboken6.isValid(before)
        to = before if before is not None and is_there and _takes(before) else otherwise
        to.setFocus(Qt.FocusReason.OtherFocusReason)


def _takes(widget: QWidget) -> bool:
    return (
        widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() is not Qt.FocusPolicy.NoFocus
    )
