"""A button whose text goes on in another line where it is too narrow for it."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QStyleOptionButton, QWidget
from typing_extensions import override

from app.ui.kit.mnemonics import plain
from app.ui.kit.refusing import Button

_PIECE = re.compile(r"[^\s+]*(?:\++|\s+|$)")
"""A word with what ends it; keys pressed together may part behind their plus."""


class LongButton(Button):
    """As narrow as its longest word, and as high as its text needs then."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    _is_measured = False

    @override
    def sizeHint(self) -> QSize:
        self._is_measured = True  # Qt asks for what it paints as well
        hint = super().sizeHint()
        self._is_measured = False
        return hint

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, arg__1: int) -> int:
        more = len(self._lines(arg__1)) - 1
        return self.sizeHint().height() + more * self.fontMetrics().lineSpacing()

    @override
    def minimumSizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        words = [metrics.horizontalAdvance(one.rstrip()) for one in _pieces(plain(self.text()))]
        height = self.sizeHint().height()
        return QSize(max(words, default=0) + self._frame, height)

    @override
    def initStyleOption(self, option: QStyleOptionButton) -> None:
        super().initStyleOption(option)
        if not self._is_measured:
            option.text = "\n".join(self._lines(self.width()))

    @property
    def _frame(self) -> int:
        """What is around the text."""
        return self.sizeHint().width() - self.fontMetrics().horizontalAdvance(
            plain(self.text())
        )

    def _lines(self, width: int) -> list[str]:
        metrics, room = self.fontMetrics(), width - self._frame
        lines = [""]
        for piece in _pieces(self.text()):
            longer = lines[-1] + piece
            if lines[-1] and metrics.horizontalAdvance(plain(longer).rstrip()) > room:
                lines.append(piece)
            else:
                lines[-1] = longer
        return [one.rstrip() for one in lines]


def _pieces(text: str) -> list[str]:
    return [one for one in _PIECE.findall(text) if one]
