"""The border between panes is reached by Tab and moved by arrows, whichever way one reads."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.key_splitter import KeySplitter


@pytest.fixture(params=[Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def splitter(request: pytest.FixtureRequest, qtbot: QtBot) -> KeySplitter:
    made = KeySplitter("Width of the queue")
    made.setLayoutDirection(request.param)
    qtbot.addWidget(made)
    for _ in range(2):
        made.addWidget(QWidget())
    made.resize(600, 200)
    made.show()
    made.setSizes([300, 300])
    return made


def test_arrows_move_the_border_where_they_point(splitter: KeySplitter, qtbot: QtBot) -> None:
    border = splitter.handle(1)
    assert border.accessibleName() == "Width of the queue"
    assert border.focusPolicy() & Qt.FocusPolicy.TabFocus
    before = border.x()
    qtbot.keyClick(border, Qt.Key.Key_Right)
    assert border.x() == before + 16
    qtbot.keyClick(border, Qt.Key.Key_Left)
    qtbot.keyClick(border, Qt.Key.Key_Left)
    assert border.x() == before - 16
    qtbot.keyClick(border, Qt.Key.Key_PageDown)
    assert border.x() == before + 80
