from __future__ import annotations

import pytest
from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import DecimalField, NumberField, Picker
from app.ui.kit.line_field import LineField


def turn_wheel(field: NumberField | DecimalField) -> QWheelEvent:
    event = QWheelEvent(
        QPointF(field.rect().center()),
        QPointF(field.mapToGlobal(field.rect().center())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, event)
    return event


@pytest.mark.parametrize("kind", [NumberField, DecimalField])
def test_a_number_counts_by_arrows_and_leaves_the_wheel_to_the_page(
    kind: type[NumberField | DecimalField], appearance: Appearance, qtbot: QtBot
) -> None:
    field = kind(appearance, "How many")
    qtbot.addWidget(field)
    field.setValue(3)
    field.show()
    field.setFocus()
    assert not turn_wheel(field).isAccepted()
    assert field.value() == 3
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.value() == 4
    assert field.accessibleName() == "How many"


@pytest.mark.parametrize("kind", [NumberField, DecimalField])
def test_the_frame_of_a_number_is_painted_in_the_colours_of_the_theme(
    kind: type[NumberField | DecimalField], appearance: Appearance, qtbot: QtBot
) -> None:
    field = kind(appearance, "How many")
    qtbot.addWidget(field)
    field.resize(120, 32)
    field.show()
    image = field.grab().toImage()
    assert image.pixelColor(60, 0) == QColor(appearance.theme.edge)
    assert image.pixelColor(100, 16) == QColor(appearance.theme.surface)


class _Measured(QStyledItemDelegate):
    """Notes which rows are measured."""

    def __init__(self, parent: Picker) -> None:
        super().__init__(parent)
        self.rows: set[int] = set()

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        self.rows.add(index.row())
        return super().sizeHint(option, index)


def test_rows_of_a_picker_are_measured_when_it_opens_and_not_when_it_is_put_somewhere(
    appearance: Appearance, qtbot: QtBot
) -> None:
    picker = Picker(appearance, "Language")
    qtbot.addWidget(picker)
    picker.addItems([str(number) * (1 + number % 9) for number in range(100)])
    measured = _Measured(picker)
    picker.setItemDelegate(measured)

    def put_somewhere() -> set[int]:
        measured.rows.clear()
        QApplication.sendEvent(picker.view(), QEvent(QEvent.Type.StyleChange))
        return measured.rows

    picker.show()
    assert len(put_somewhere()) <= 1
    picker.showPopup()
    assert len(measured.rows) == picker.count()
    picker.hidePopup()
    assert len(put_somewhere()) <= 1


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_text_of_every_kind_of_field_begins_at_one_line(
    appearance: Appearance, qtbot: QtBot, scale: float
) -> None:
    appearance.set_text_scale(scale)
    picker, line = Picker(appearance, "one"), LineField("HHH")
    picker.addItem("HHH")
    whole = NumberField(appearance, "number")
    whole.setPrefix("HHH ")
    fields: list[QWidget] = [picker, line, whole]
    begins: list[int] = []
    for one in fields:
        qtbot.addWidget(one)
        one.resize(300, one.sizeHint().height())
        one.show()
        image = one.grab().toImage()
        ground = image.pixel(6, image.height() // 2)
        rows = range(image.height() // 3, image.height() * 2 // 3)
        begins.append(
            next(x for x in range(6, 60) if any(image.pixel(x, y) != ground for y in rows))
        )
    assert max(begins) - min(begins) <= 1
    heights = [one.sizeHint().height() for one in fields]
    assert max(heights) - min(heights) <= 2
    appearance.set_text_scale(1.0)
