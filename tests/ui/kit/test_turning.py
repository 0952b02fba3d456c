from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.turning import keep_turned, turn_to_fit
from tests.support.fit import settle


def test_a_row_turns_also_when_its_parts_grow(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    holder = QWidget(window)  # not the window: that would grow instead
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    button = QPushButton("Bin")
    row.addWidget(button)
    row.addWidget(QPushButton("Back"))
    keep_turned(holder, lambda: turn_to_fit(row, holder.width()))
    holder.resize(300, 100)
    window.show()
    qtbot.waitExposed(window)
    settle()
    assert row.direction() is QBoxLayout.Direction.LeftToRight
    button.setText("A bin for all that was deleted and may come back yet")
    settle()
    assert row.direction() is QBoxLayout.Direction.TopToBottom
