"""Tab goes the way one reads: through layouts and panes in their order, mirrored or not.

Qt goes in the order in which controls were made, which is another one wherever something was
made before what stands above it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTextEdit,
    QWidget,
)

_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
_WHOLE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)
"""Controls that are one for the keyboard, whatever they are made of."""


def follow_layout(top: QWidget) -> None:
    """Let Tab go through what is shown in a window in the order it stands there."""
    for one, other in pairwise(dict.fromkeys(stops(top))):
        QWidget.setTabOrder(one, other)


def step_round(top: QWidget, *, onward: bool) -> bool:
    """Go from the last control of a window to the first, or back; tells whether that was due.

    Qt finds another way round where something floats over a pane.
    """
    shown = [one for one in dict.fromkeys(stops(top)) if one.isVisible() and one.isEnabled()]
    end, begin = (shown[-1:], shown[:1]) if onward else (shown[:1], shown[-1:])
    focused = QApplication.focusWidget()
    if not end or focused is not end[0]:
        return False
    reason = Qt.FocusReason.TabFocusReason if onward else Qt.FocusReason.BacktabFocusReason
    begin[0].setFocus(reason)
    return True


def stops(top: QWidget) -> Iterator[QWidget]:
    """Give what Tab may come to within a widget, in the order it stands there.

    What is hidden is left out with all that is in it: a window has hundreds of such things.
    """
    if top.focusPolicy() & Qt.FocusPolicy.TabFocus and top.focusProxy() is None:
        yield top
    if isinstance(top, _WHOLE):
        return
    for part in dict.fromkeys(_parts(top)):
        if part is not None and not part.isHidden() and not part.isWindow():
            yield from stops(part)


def _parts(widget: QWidget) -> Iterator[QWidget | None]:
    """Give the parts of a widget: those with a place in their order, then all others.

    ``None`` stands for a place that is empty, as that of a scroll area may be.
    """
    match widget:
        case QSplitter():
            for at in range(widget.count()):
                if at:
                    yield widget.handle(at)
                yield widget.widget(at)
        case QStackedWidget():
            yield from map(widget.widget, range(widget.count()))
        case QScrollArea():
            yield widget.widget()
        case _:
            layout = widget.layout()
            if layout is not None:
                yield from _laid_out(layout)
    yield from widget.findChildren(QWidget, options=_DIRECT)


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        if item is None:
            continue
        if (inner := item.layout()) is not None:
            yield from _laid_out(inner)
        elif (part := item.widget()) is not None:
            yield part
