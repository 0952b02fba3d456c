"""What a drop will do is said over the window, and where things go, below it."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.appearance import Appearance
from app.ui.kit.drop_overlay import DropOverlay


def shown(overlay: DropOverlay, text: str, more: str) -> QImage:
    overlay.answer(text, more)
    return overlay.grab().toImage()


def changed(one: QImage, other: QImage) -> QRect:
    """Give where two pictures of the same size differ."""
    found = QRegion()
    for y in range(one.height()):
        for x in range(0, one.width(), 2):
            if one.pixel(x, y) != other.pixel(x, y):
                found += QRect(x, y, 1, 1)
    return found.boundingRect()


def test_a_long_name_wraps_below_the_sentence_and_stays_in_the_frame(
    appearance: Appearance, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(640, 440)
    window.show()
    overlay = DropOverlay(appearance, window)
    plain = shown(overlay, "Drop to add", "")
    short = changed(plain, shown(overlay, "Drop to add", "New recordings go into Thesis."))
    name = "the harbour and its people " * 6
    long = changed(plain, shown(overlay, "Drop to add", f"New recordings go into {name}."))
    assert short.top() > plain.height() // 2
    assert long.top() == short.top()
    assert long.height() > 2 * short.height()
    assert window.rect().adjusted(20, 20, -20, -20).contains(long)
