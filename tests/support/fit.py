"""Finding what is cut off in a window."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QMainWindow,
    QScrollArea,
    QToolButton,
    QWidget,
)

from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.fields import Picker, Switch
from app.ui.kit.sheet import Sheet

_ROUNDING = 2  # pixels
_LEAST_AIR = 5
"""Between a framed panel's inside and the edge of the page: its frame, and 4 of air."""
_PICKER_FRAME = 38
"""What is before the text, and behind it for the arrow."""
_FIELD_FRAME = 6
"""Border of a field and what Qt leaves free in it."""
_TOOL_FRAME = 8
"""Border and padding of a button with text alone; what it asks for besides is air."""


def cut_texts(top: QWidget) -> list[str]:
    """Give each label and button that is smaller than its text, or outside of what it is in."""
    return [f"{type(one).__name__} {_text(one)!r}: {why}" for one, why in _cut(top)]


def settle() -> None:
    """Let layouts come to rest: what turns or wraps asks all that is around it for room."""
    for _round in range(12):
        QApplication.sendPostedEvents()


def too_wide(window: QMainWindow) -> list[str]:
    """Tell by how much the contents of a window are wider than it, so that they scroll."""
    area = window.centralWidget()
    assert isinstance(area, QAbstractScrollArea)
    beyond = area.horizontalScrollBar().maximum()
    return [f"{beyond} pixels too wide"] if beyond else []


def sideways(top: QWidget) -> list[str]:
    """Give each part that one would have to scroll sideways to see all of."""
    found: list[str] = []
    for area in top.findChildren(QAbstractScrollArea):
        beyond = area.horizontalScrollBar().maximum()
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if beyond and area.isVisibleTo(top) and area.horizontalScrollBarPolicy() != off:
            found.append(f"{type(area).__name__} {area.accessibleName()!r}: {beyond} beyond")
    return found


def loose(sheet: Sheet) -> list[str]:
    """Give each sentence of a sheet that has more room than its lines need: a hole there."""
    found: list[str] = []
    for place in range(sheet.body.count()):
        item = sheet.body.itemAt(place)
        label = item.widget() if item is not None else None
        if isinstance(label, QLabel) and label.wordWrap() and label.isVisibleTo(sheet):
            spare = label.height() - label.heightForWidth(label.width())
            if spare > _ROUNDING:
                found.append(f"{label.text()!r}: {spare} pixels too high")
    return found


def cut_examples(top: QWidget) -> list[str]:
    """Give each example in an empty field that is wider than the field."""
    found: list[str] = []
    for field in top.findChildren(QLineEdit):
        margins = field.textMargins()
        room = field.width() - margins.left() - margins.right() - _FIELD_FRAME
        needed = field.fontMetrics().horizontalAdvance(field.placeholderText())
        if field.isVisibleTo(top) and room < needed:
            found.append(f"{field.placeholderText()!r}: {room} of {needed} pixels wide")
    return found


def cut_choices(top: QWidget) -> list[str]:
    """Give each choice that is wider than the picker it stands in."""
    found: list[str] = []
    for picker in top.findChildren(Picker):
        room = picker.width() - _PICKER_FRAME
        needed = picker.fontMetrics().horizontalAdvance(picker.currentText())
        if picker.isVisibleTo(top) and room < needed:
            found.append(f"{picker.currentText()!r}: {room} of {needed} pixels wide")
    return found


def scrolled_twice(top: QWidget) -> list[str]:
    """Give each page that scrolls within something that scrolls as well."""
    scrolling = [
        one
        for one in top.findChildren(QScrollArea)
        if one.isVisibleTo(top) and one.verticalScrollBar().maximum()
    ]
    return [
        f"{type(one).__name__} {one.accessibleName()!r}"
        for one in scrolling
        if any(other is not one and other.isAncestorOf(one) for other in scrolling)
    ]


def overlaps(top: QWidget) -> list[str]:
    """Give each two things with a text in the same panel that lie over each other."""
    shown = [
        one
        for one in top.findChildren(QWidget)
        if isinstance(one, QLabel | QAbstractButton | QAbstractSpinBox | QComboBox)
        and one.isVisibleTo(top)
        and one.window() is top.window()
    ]
    found: list[str] = []
    for place, one in enumerate(shown):
        for other in shown[place + 1 :]:
            if one.parentWidget() is not other.parentWidget():
                continue
            both = one.geometry() & other.geometry()
            if min(both.width(), both.height()) > _ROUNDING:
                found.append(f"{_text(one)!r} and {_text(other)!r} overlap by {both.size()}")
    return found


def stuck(top: QWidget) -> list[str]:
    """Give each framed panel whose frame touches the side of what it stands on."""
    found: list[str] = []
    for one in top.findChildren(QFrame):
        under = one.parentWidget()
        if not one.property("notice") or not one.isVisibleTo(top) or under is None:
            continue
        inside = one.contentsRect()  # without the frame and what is left free around it
        left = one.x() + inside.left()
        free = min(left, under.width() - left - inside.width())
        if free < _LEAST_AIR:
            found.append(f"{type(one).__name__} {one.accessibleName()!r}: {free} at the side")
    return found


def _cut(top: QWidget) -> Iterator[tuple[QWidget, str]]:
    for one in top.findChildren(QWidget):
        if not isinstance(one, QLabel | QAbstractButton | QAbstractSpinBox | QLineEdit):
            continue
        if not one.isVisibleTo(top) or one.window() is not top.window() or not _text(one):
            continue
        if isinstance(one, QToolButton) and not one.icon().isNull():
            continue  # an icon is shown, and its text only told
        if not isinstance(one, ElidedLabel):
            yield from _too_small(one)
        line = one.fontMetrics().tightBoundingRect("Ég").height()
        if one.height() + _ROUNDING < line:
            yield one, f"{one.height()} of {line} pixels high for a line"
        yield from _outside(one, top)


def _too_small(one: QWidget) -> Iterator[tuple[QWidget, str]]:
    if (isinstance(one, QLabel) and one.wordWrap()) or one.hasHeightForWidth():
        needed = one.heightForWidth(one.width())
        if one.height() + _ROUNDING < needed:
            yield one, f"{one.height()} of {needed} pixels high"
        return
    needed = one.minimumSizeHint().width()
    if isinstance(one, Switch):
        needed = one.sizeHint().width()  # it would be elided
    if isinstance(one, QToolButton):
        needed = one.fontMetrics().horizontalAdvance(one.text()) + _TOOL_FRAME
    if isinstance(one, QAbstractSpinBox):
        needed = one.fontMetrics().horizontalAdvance(one.text())
    if one.width() + _ROUNDING < needed:
        yield one, f"{one.width()} of {needed} pixels wide"


def _outside(one: QWidget, top: QWidget) -> Iterator[tuple[QWidget, str]]:
    """Say whether it lies where nobody can see it, nor scroll to it."""
    above = one
    while (above := above.parentWidget()) is not None and above is not top:
        if not _grown(above).contains(_place(one, above)):
            area = above.parentWidget()
            if not (isinstance(area, QAbstractScrollArea) and area.viewport() is above):
                yield one, f"outside of {type(above).__name__}"
                return
        area = above.parentWidget()
        if not isinstance(area, QAbstractScrollArea) or area.viewport() is not above:
            continue
        place = _place(one, above)
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        is_across = place.left() < -_ROUNDING or place.right() > above.width() + _ROUNDING
        if is_across and area.horizontalScrollBarPolicy() == off:
            yield one, f"from {place.left()} to {place.right()} of {above.width()} across"
        return
    room = _grown(top)
    if not room.contains(place := _place(one, top)):
        yield one, f"{place.getRect()} in {room.getRect()}"


def _grown(one: QWidget) -> QRect:
    return one.rect().adjusted(-_ROUNDING, -_ROUNDING, _ROUNDING, _ROUNDING)


def _place(one: QWidget, top: QWidget) -> QRect:
    return QRect(one.mapTo(top, QPoint(0, 0)), one.size())


def _text(one: QWidget) -> str:
    if isinstance(one, QLabel | QAbstractButton | QAbstractSpinBox):
        return one.text()
    if isinstance(one, QLineEdit):
        return one.text() or one.placeholderText()
    return ""
