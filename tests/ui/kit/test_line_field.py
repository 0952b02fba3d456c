from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import NumberField
from app.ui.kit.line_field import LineField, room_for_example


@pytest.fixture
def from_the_right(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def caret_share(field: QLineEdit) -> float:
    """Give how far to the right the caret stands, from 0 to 1."""
    field.grab()  # only then the line is where it is seen
    caret = field.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    return caret.center().x() / field.width()


@pytest.mark.usefixtures("appearance", "from_the_right")
def test_the_caret_of_an_empty_field_stands_where_reading_begins(qtbot: QtBot) -> None:
    field = LineField()
    qtbot.addWidget(field)
    field.setPlaceholderText("بحث")
    field.resize(300, 28)
    assert caret_share(field) > 0.9
    with QSignalBlocker(field):
        field.setText("word")  # runs its own way, as everywhere
    assert caret_share(field) < 0.2
    field.clear()
    assert caret_share(field) > 0.9


@pytest.mark.usefixtures("appearance")
def test_a_field_turns_round_with_what_it_stands_in(qtbot: QtBot) -> None:
    field = LineField()
    qtbot.addWidget(field)
    field.resize(300, 28)
    assert caret_share(field) < 0.1
    field.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert caret_share(field) > 0.9


@pytest.mark.usefixtures("from_the_right")
def test_a_number_without_a_unit_stands_where_one_with_a_unit_does(
    appearance: Appearance, qtbot: QtBot
) -> None:
    field = NumberField(appearance, "Backups")
    qtbot.addWidget(field)
    field.setValue(3)
    field.resize(220, 30)
    field.show()
    qtbot.waitExposed(field)
    assert caret_share(field.lineEdit()) > 0.8


@pytest.mark.usefixtures("appearance")
def test_an_example_asks_for_room_by_how_long_it_is(qtbot: QtBot) -> None:
    field = LineField()
    qtbot.addWidget(field)
    empty = room_for_example(field)
    field.setPlaceholderText("Wrong spellings, separated by commas")
    text = field.fontMetrics().horizontalAdvance(field.placeholderText())
    assert room_for_example(field) == empty + text
