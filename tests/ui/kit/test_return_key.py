"""Return presses the button that has the focus, and nothing that stands around it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.ui.kit.return_key import ReturnKey
from app.ui.kit.sheet import Sheet

KEYS = [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space]


class Around(QWidget):
    """Something that has a use for Return itself, as the page and the find bar have."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[int] = []

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keys.append(event.key())


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("kind", [QPushButton, QToolButton, QCheckBox])
def test_a_button_is_pressed_once_and_what_stands_around_it_hears_nothing(
    kind: type[QAbstractButton], key: Qt.Key, qapp: QApplication, qtbot: QtBot
) -> None:
    around = Around()
    ReturnKey(qapp, around)
    button, other = kind(), QPushButton()
    column = QVBoxLayout(around)
    column.addWidget(button)
    column.addWidget(other)
    clicks: list[str] = []
    button.clicked.connect(lambda: clicks.append("button"))
    other.clicked.connect(lambda: clicks.append("other"))
    qtbot.addWidget(around)
    with qtbot.waitActive(around):
        around.show()
        around.activateWindow()
    for _ in range(2):  # also when it gets the focus again
        clicks.clear()
        button.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.keyClick(button, key)
        assert clicks == ["button"]
        other.setFocus(Qt.FocusReason.TabFocusReason)
    button.setEnabled(False)
    qtbot.keyClick(button, key)
    assert clicks == ["button"]


def test_a_sheet_does_what_the_chosen_button_says(qapp: QApplication, qtbot: QtBot) -> None:
    sheet = Sheet("Delete it?")
    ReturnKey(qapp, sheet)
    chosen: list[str] = []
    box = QCheckBox("Also the copy")
    sheet.body.addWidget(box)
    keep, delete = sheet.add_button("Keep"), sheet.add_button("Delete", is_primary=True)
    keep.clicked.connect(lambda: chosen.append("keep"))
    delete.clicked.connect(lambda: chosen.append("delete"))
    qtbot.addWidget(sheet)
    with qtbot.waitActive(sheet):
        sheet.show()
        sheet.activateWindow()
    keep.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(keep, Qt.Key.Key_Return)
    assert chosen == ["keep"]
    box.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert chosen == ["keep", "delete"]
    assert not box.isChecked()
