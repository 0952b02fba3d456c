"""What assistive technology does with a row ticks it; keys and pointer do what they did."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.ui.kit.chosen_rows import ChosenRows
from app.ui.kit.tick_list import TickList

_Flag = QItemSelectionModel.SelectionFlag


class Names(ChosenRows[str]):
    """Rows that say a name."""

    @override
    def text(self, number: int) -> str:
        return self.row(number)


@pytest.fixture(autouse=True)
def _heard() -> Iterator[None]:
    """Somebody listens to the screen."""
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(before)


@pytest.fixture
def names(qtbot: QtBot) -> tuple[TickList, Names]:
    view = TickList()
    qtbot.addWidget(view)
    model = Names(["Ann", "Bob", "Cem"], parent=view)
    view.setModel(model)
    view.setCurrentIndex(model.index(0))
    view.show()
    return view, model


def toggle(view: TickList, row: int) -> None:
    """Do what Qt does for *Toggle*: select a row, or take the selected one out again."""
    model, index = view.selectionModel(), view.model().index(row, 0)
    is_selected = model.isSelected(index)
    model.select(index, _Flag.Deselect if is_selected else _Flag.Select)


@pytest.mark.parametrize("row", [0, 2])
def test_a_row_is_left_out_and_taken_in_again(
    names: tuple[TickList, Names], qtbot: QtBot, row: int
) -> None:
    view, model = names
    for left in (2, 3):
        toggle(view, row)
        qtbot.waitUntil(lambda left=left: model.chosen_count == left)
        assert (model.row(row) in model.chosen) == (left == 3)
        assert [one.row() for one in view.selectedIndexes()] == [row]
        assert view.currentIndex().row() == row


def test_keys_walk_and_tick_and_never_select_more_than_one(
    names: tuple[TickList, Names], qtbot: QtBot
) -> None:
    view, model = names
    with qtbot.assertNotEmitted(model.chosen_changed, wait=50):
        for modifier in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
            Qt.KeyboardModifier.ControlModifier,
        ):
            qtbot.keyClick(view, Qt.Key.Key_Down, modifier)
            assert view.selectedIndexes() == [view.currentIndex()]
            qtbot.keyClick(view, Qt.Key.Key_Up, modifier)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert model.chosen == ["Ann", "Cem"]
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert model.chosen == ["Ann", "Bob", "Cem"]


def test_the_row_that_the_focus_comes_to_is_the_one_selected(
    names: tuple[TickList, Names], qtbot: QtBot
) -> None:
    view, model = names
    view.selectionModel().clear()
    view.selectionModel().setCurrentIndex(model.index(1), _Flag.NoUpdate)
    assert [one.row() for one in view.selectedIndexes()] == [1]


def test_a_click_beside_the_box_only_goes_to_the_row(
    names: tuple[TickList, Names], qtbot: QtBot
) -> None:
    view, model = names
    middle = view.visualRect(model.index(1)).center()
    with qtbot.assertNotEmitted(model.chosen_changed, wait=50):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert view.currentIndex().row() == 1
