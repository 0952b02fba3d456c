"""What is selected or switched on is seen: three to one against what it stands on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QStringListModel
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.core.document import Document
from app.core.preferences import ThemeChoice
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Picker
from app.ui.kit.row_painting import paint_ground
from app.ui.transcript.view import TranscriptView
from tests.support.builders import transcript
from tests.support.colours import contrast

LOOKS = (ThemeChoice.LIGHT, ThemeChoice.DARK, ThemeChoice.HIGH_CONTRAST)
LEAST = 12
"""Pixels of the selection in a row, at least, that is looked at."""
Case = tuple[QWidget, Callable[[], object]]


def field(_appearance: Appearance) -> Case:
    made = QLineEdit("a name")
    return made, made.selectAll


def choices(_appearance: Appearance) -> Case:
    made = QListView()
    made.setProperty("choices", True)
    made.setModel(QStringListModel(["one", "two"], made))
    return made, lambda: made.setCurrentIndex(made.model().index(0, 0))


def drawn_rows(appearance: Appearance) -> Case:
    class Rows(QStyledItemDelegate):
        @override
        def paint(self, painter, option: QStyleOptionViewItem, index) -> None:
            state = option.state & QStyle.StateFlag.State_Selected
            paint_ground(painter, option.rect.toRectF(), state, appearance.theme, made)

    made = QListView()
    made.setModel(QStringListModel(["one", "two"], made))
    made.setItemDelegate(Rows(made))
    return made, lambda: made.setCurrentIndex(made.model().index(0, 0))


def popup(appearance: Appearance) -> Case:
    picker = Picker(appearance, "Language")
    picker.addItems(["English", "German"])
    return picker, lambda: picker.view().setCurrentIndex(picker.model().index(1, 0))


def menu(_appearance: Appearance) -> Case:
    made = QMenu()
    action = made.addAction("Copy")
    return made, lambda: made.setActiveAction(action)


def tool(_appearance: Appearance) -> Case:
    made = QToolButton()
    made.setText("W")
    made.setCheckable(True)
    return made, lambda: made.setChecked(True)


def quiet_button(_appearance: Appearance) -> Case:
    made = QPushButton("Bin")
    made.setProperty("quiet", True)
    made.setCheckable(True)
    return made, lambda: made.setChecked(True)


def page(appearance: Appearance) -> Case:
    made = TranscriptView(appearance)
    made.show_document(Document(transcript(("A", "one two three."))))
    return made, made.text.selectAll


KINDS = (field, choices, drawn_rows, popup, menu, tool, quiet_button, page)


def picture(widget: QWidget) -> QImage:
    QApplication.sendPostedEvents()
    return widget.grab().toImage()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.__name__)
def test_it_is_seen_whatever_it_stands_on(
    appearance: Appearance, qtbot: QtBot, kind: Callable[[Appearance], Case], look: ThemeChoice
) -> None:
    appearance.choose(look)
    widget, select = kind(appearance)
    qtbot.addWidget(widget)
    widget.show()
    if isinstance(widget, Picker):
        widget.showPopup()
        widget = widget.view()
    before = picture(widget)
    select()
    after = picture(widget)
    changed = {
        (before.pixelColor(x, y).name(), after.pixelColor(x, y).name())
        for x in range(after.width())
        for y in range(after.height())
        if before.pixel(x, y) != after.pixel(x, y)
    }
    assert max(contrast(was, now) for was, now in changed) >= 3


@pytest.mark.parametrize("look", LOOKS)
def test_words_that_are_selected_on_the_page_can_be_read(
    appearance: Appearance, qtbot: QtBot, look: ThemeChoice
) -> None:
    appearance.choose(look)
    view, select_all = page(appearance)
    qtbot.addWidget(view)
    view.show()
    select_all()
    shown = picture(view)
    ground = appearance.theme.selection
    middle = [
        shown.pixelColor(x, y).name()
        for y in range(shown.height())
        if (row := [shown.pixelColor(x, y).name() for x in range(shown.width())]).count(ground)
        > LEAST
        for x in range(row.index(ground), len(row) - row[::-1].index(ground))
    ]
    assert max(contrast(one, ground) for one in middle) >= 6  # more than the line at its foot
