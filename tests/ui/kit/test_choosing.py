"""What assistive technology selects is chosen; what keys and pointer do stays as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QItemSelectionModel, QStringListModel, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from app.ui.kit.appearance import Appearance
from app.ui.kit.choosing import ChoosingList
from app.ui.kit.fields import Picker


@pytest.fixture(autouse=True)
def _heard() -> Iterator[None]:
    """Somebody listens to the screen."""
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(before)


def select(view: QListView, row: int) -> None:
    """Select as assistive technology does: without making it the current row."""
    index = view.model().index(row, 0)
    view.selectionModel().select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)


def test_a_selected_row_becomes_the_current_one(qtbot: QtBot) -> None:
    view = ChoosingList()
    qtbot.addWidget(view)
    view.setModel(QStringListModel(["text", "subtitles", "data"], view))
    view.setCurrentIndex(view.model().index(0, 0))
    select(view, 2)
    qtbot.waitUntil(lambda: view.currentIndex().row() == 2)


def test_a_picker_takes_what_is_selected_for_chosen(
    appearance: Appearance, qtbot: QtBot
) -> None:
    picker = Picker(appearance, "Model")
    qtbot.addWidget(picker)
    picker.addItems(["here", "there"])
    picker.show()
    picker.showPopup()
    with qtbot.waitSignal(picker.activated) as chosen:
        view = picker.view()
        assert isinstance(view, QListView)
        select(view, 1)
    assert chosen.args == [1]
    assert picker.currentIndex() == 1


def test_walking_through_an_open_picker_chooses_nothing(
    appearance: Appearance, qtbot: QtBot
) -> None:
    picker = Picker(appearance, "Model")
    qtbot.addWidget(picker)
    picker.addItems(["here", "there", "elsewhere"])
    picker.show()
    with qtbot.assertNotEmitted(picker.activated, wait=100):
        picker.showPopup()
        qtbot.keyClick(picker.view(), Qt.Key.Key_Down)
        qtbot.keyClick(picker.view(), Qt.Key.Key_Down)
    picker.hidePopup()
