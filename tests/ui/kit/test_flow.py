"""Parts that go on in the next line, and texts of buttons that do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.ui.kit.appearance import Appearance
from app.ui.kit.flow import Flow
from app.ui.kit.long_button import LongButton
from app.ui.kit.sheet import Sheet
from tests.support.fit import cut_texts, overlaps, settle

pytestmark = pytest.mark.usefixtures("appearance")


def shown(qtbot: QtBot, flow: Flow, width: int) -> QWidget:
    top = QWidget()
    column = QVBoxLayout(top)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(flow)
    column.addStretch()
    qtbot.addWidget(top)
    top.resize(width, 300)
    top.show()
    qtbot.waitExposed(top)
    settle()
    return top


def test_parts_stand_beside_each_other_until_there_is_no_room(qtbot: QtBot) -> None:
    first, second = QPushButton("Save as preset…"), QPushButton("Delete preset")
    flow = Flow(first, second)
    top = shown(qtbot, flow, 600)
    assert first.y() == second.y()
    assert second.x() > first.geometry().right()
    top.resize(first.width() + 20, 300)
    settle()
    assert second.y() > first.geometry().bottom()
    assert second.x() == first.x() == 0
    assert flow.height() >= second.geometry().bottom()
    assert overlaps(top) == []


def test_one_part_takes_what_is_left_of_its_line(qtbot: QtBot) -> None:
    label, field = QLabel("File name"), QLineEdit()
    flow = Flow(label)
    flow.add(field, grows_from=120)
    top = shown(qtbot, flow, 500)
    assert field.geometry().right() == flow.width() - 1
    top.resize(100, 300)
    settle()
    assert field.y() > label.geometry().bottom()
    assert field.geometry().right() < 120


def test_a_part_that_goes_leaves_no_gap(qtbot: QtBot) -> None:
    first, second = QPushButton("One"), QPushButton("Two")
    top = shown(qtbot, Flow(first, second), 400)
    first.hide()
    settle()
    assert second.x() == 0
    assert top.isVisible()


def test_parts_begin_where_reading_begins(qtbot: QtBot, qapp: QApplication) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        first, second = QPushButton("One"), QPushButton("Two")
        flow = Flow(first, second)
        top = shown(qtbot, flow, 400)
        assert first.geometry().right() == flow.width() - 1
        assert second.geometry().right() < first.x()
        assert top.isVisible()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_a_long_text_on_a_button_wraps_and_all_of_it_is_painted(
    qtbot: QtBot, appearance: Appearance
) -> None:
    button = LongButton("Send the recording again")
    qtbot.addWidget(button)
    whole = button.sizeHint()
    narrow = whole.width() * 2 // 3
    assert button.minimumSizeHint().width() <= narrow
    assert button.heightForWidth(whole.width()) == whole.height()
    needed = button.heightForWidth(narrow)
    assert needed >= whole.height() + button.fontMetrics().height()
    button.resize(narrow, needed)
    button.show()
    qtbot.waitExposed(button)
    image = button.grab().toImage()
    foreground = appearance.color("text").rgb()
    rows = [
        y
        for y in range(4, image.height() - 4)
        if any(image.pixel(x, y) == foreground for x in range(8, image.width() - 8))
    ]
    assert max(rows) - min(rows) > button.fontMetrics().height()
    sides = [
        image.pixel(x, y) == foreground
        for y in range(4, image.height() - 4)
        for x in (4, image.width() - 5)
    ]
    assert not any(sides)
    assert button.text() == "Send the recording again"


def test_keys_pressed_together_part_behind_their_plus(qtbot: QtBot) -> None:
    button = LongButton("Ctrl+Shift+PgDown")
    qtbot.addWidget(button)
    assert button.minimumSizeHint().width() < button.sizeHint().width() * 3 // 4
    assert button.heightForWidth(button.minimumSizeHint().width()) > button.sizeHint().height()


@pytest.mark.parametrize(
    "texts", [("Stay open", "Finish, then close", "Go on next time"), ("A",)]
)
def test_the_buttons_of_a_sheet_stand_in_a_row_that_is_just_wide_enough(
    qtbot: QtBot, texts: tuple[str, ...]
) -> None:
    sheet = Sheet("Some recordings are not finished", width=200)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(sheet)
    buttons = [sheet.add_button(text) for text in texts]
    sheet.show()
    qtbot.waitExposed(sheet)
    settle()
    assert len({one.y() for one in buttons}) == 1
    sheet.setMinimumWidth(100)
    sheet.resize(max(one.width() for one in buttons) + 60, 400)
    settle()
    assert len({one.y() for one in buttons}) == len(buttons)
    assert cut_texts(sheet) == []


class Counted(QLabel):
    """Counts how often it is measured."""

    count = 0

    @override
    def minimumSizeHint(self) -> QSize:
        self.count += 1
        return super().minimumSizeHint()


def test_a_part_of_a_part_is_measured_a_few_times_only(qtbot: QtBot) -> None:
    part = Counted("How many people?")
    row = Flow(Flow(QLabel("first"), part), QLabel("last"))
    qtbot.addWidget(row)
    row.heightForWidth(400)
    assert 0 < part.count < 12


def test_a_part_is_measured_again_only_when_something_has_changed(qtbot: QtBot) -> None:
    part = Counted("one")
    row = Flow(part, QLabel("two"))
    _top = shown(qtbot, row, 600)
    settle()
    row.heightForWidth(500)
    before, width = part.count, row.sizeHint().width()
    for _ in range(5):
        row.heightForWidth(500)
    assert part.count - before <= 1  # for what it wants in all

    part.setText("one that is much longer")
    settle()
    longer = row.sizeHint().width()
    assert longer > width
    part.setStyleSheet("font-size: 40px")
    settle()
    assert row.sizeHint().width() > longer
    part.hide()
    settle()
    assert row.sizeHint().width() < width
