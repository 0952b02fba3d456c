"""Names of commands and their keys stand beside each other, however little room there is."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.ui.actions import ActionId
from app.ui.guide.palette import Command, Palette
from app.ui.kit.appearance import Appearance

KEYS = "Ctrl+Shift+V"


def _end_of_row(appearance: Appearance, qtbot: QtBot, label: str) -> QImage:
    shown = Palette(appearance, [Command(ActionId.PASTE, label, "Recordings", KEYS)])
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitExposed(shown)
    row = shown.list.visualRect(shown.list.model().index(0, 0))
    keys = shown.list.fontMetrics().horizontalAdvance(KEYS) + 16
    end = QRect(row.right() - keys, row.top(), keys, row.height())
    return shown.list.viewport().grab(end).toImage()


def test_a_long_name_ends_before_its_keys(appearance: Appearance, qtbot: QtBot) -> None:
    short = _end_of_row(appearance, qtbot, "Paste")
    assert _end_of_row(appearance, qtbot, "Paste files or paths " * 6) == short
