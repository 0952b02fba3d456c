"""Walking through a window as a screen reader does, and saying what somebody would miss."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTabWidget,
    QTextEdit,
    QToolButton,
    QWidget,
)

from app.ui.kit.refusing import Refused
from app.ui.listening.bar import PlayerBar
from app.ui.listening.timeline import TimelineBar

_Role = QAccessible.Role
ROWS = {_Role.ListItem, _Role.TreeItem, _Role.Cell}
NO_ROLES = {_Role.NoRole, _Role.Client}
OF_NO_ROLE = (QScrollArea, QTabWidget)
"""Named frames around what has the focus, which Qt itself gives no role."""
NAMED = {
    _Role.Button,
    _Role.ButtonMenu,
    _Role.ButtonDropDown,
    _Role.CheckBox,
    _Role.RadioButton,
    _Role.PageTab,
    _Role.MenuItem,
    _Role.Slider,
    _Role.SpinBox,
    _Role.EditableText,
    _Role.ProgressBar,
    _Role.Link,
    *ROWS,
}
"""What has to have a name even where it cannot have the focus."""
CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
_ROWS_WALKED = 3
_ROUNDING = 2  # pixels


def everything(top: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Walk down from a window, as a screen reader does; of the rows of a list the first."""
    yield top
    rows = 0
    for place in range(top.childCount()):
        child = top.child(place)
        if child is None or child.state().invisible:
            continue
        if child.role() in ROWS:
            rows += 1
            if rows > _ROWS_WALKED:
                continue
        yield from everything(child)


def faults(top: QWidget) -> list[str]:
    """Say what somebody misses who hears a window, works it by names, or reads it by touch."""
    start = QAccessible.queryAccessibleInterface(top)
    assert start is not None
    found = [] if start.text(QAccessible.Text.Name) or not top.isWindow() else ["no title"]
    for thing in everything(start):
        if thing.object() is top:
            continue
        found += [
            f"{fault}: {thing.role().name} {thing.text(QAccessible.Text.Name)!r} "
            f"{thing.object()}"
            for fault in _faults_of(thing, top)
        ]
    return found


def _faults_of(thing: QAccessibleInterface, top: QWidget) -> Iterator[str]:
    state, widget = thing.state(), thing.object()
    if state.focusable or thing.role() in NAMED:
        yield from _nameless(thing)
    name, about = (
        thing.text(one) for one in (QAccessible.Text.Name, QAccessible.Text.Description)
    )
    if name and about.startswith(f"{name} ("):
        yield f"its name is said again: {about!r}"
    if "✓" in name or "   " in name:
        yield "signs are read out"
    if thing.role() in NAMED and thing.role() not in ROWS:
        yield from _badly_named(thing, name, about)
    if isinstance(widget, CONTROLS) and widget.isVisible():
        yield from _unreasoned(widget, about)
    if isinstance(widget, QToolButton) and widget.menu() is not None:
        yield "its menu cannot be opened: Qt does nothing when it is pressed by action"
    yield from _misplaced(thing, top)


def _unreasoned(widget: QWidget, about: str) -> Iterator[str]:
    """Say whether one cannot come to it, or does not learn why it does nothing."""
    if isinstance(widget, Refused) and widget.is_refused:
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
            yield "refused, and Tab does not come to it"
        if not (about and about == widget.toolTip()):
            yield "refused, and does not say why"
        return
    inside: QWidget | None = widget
    while inside is not None and not isinstance(inside, PlayerBar):
        inside = inside.parentWidget()
    if not widget.isEnabled() and inside is None:  # of the player its first button says why
        yield "disabled: it can be come to by nobody, and does not say why"


def _nameless(thing: QAccessibleInterface) -> Iterator[str]:
    widget, role = thing.object(), thing.role()
    if role in NO_ROLES and not isinstance(widget, OF_NO_ROLE):
        yield "no role"
    elif isinstance(widget, QComboBox):
        # On Linux Qt names a combo box by its value, and its label says what it is.
        labels = thing.relations(QAccessible.RelationFlag.Label)
        is_told = bool(labels) or bool(thing.text(QAccessible.Text.Description))
        if not widget.accessibleName() or not is_told:
            yield "no label"
    elif not thing.text(QAccessible.Text.Name):
        yield "no name"


def _badly_named(thing: QAccessibleInterface, name: str, about: str) -> Iterator[str]:
    """Say whether its name tells no more than what it is, or the same as that of another."""
    if name.rstrip().endswith(":"):
        yield "its name ends with a colon"
    if name.casefold() in {"button", "check box", "combo box", "list", "slider", "text"}:
        yield "its name is its role"
    # The one over the waveform says its times only while somebody listens to the screen.
    is_silent = isinstance(thing.object(), TimelineBar) and not QAccessible.isActive()
    if thing.role() is _Role.Slider and about in {"", name} and not is_silent:
        yield "its value has no unit"
    parent = thing.parent()
    if parent is None or not name:
        return
    beside = [parent.child(place) for place in range(parent.childCount())]
    alike = [
        one
        for one in beside
        if one is not None
        and not one.state().invisible
        and one.role() is thing.role()
        and one.text(QAccessible.Text.Name) == name
        and one.text(QAccessible.Text.Description) == about
    ]
    if len(alike) > 1:
        yield "another one beside it is called the same"


def _misplaced(thing: QAccessibleInterface, top: QWidget) -> Iterator[str]:
    """Say whether it, or a character of it, is told to be where it is not."""
    widget = thing.object()
    if not isinstance(widget, QWidget) or not widget.isVisible():
        return
    told = thing.rect()
    real = QRect(widget.mapToGlobal(widget.rect().topLeft()), widget.size())
    # Of a check box Qt tells where its box and its words are.
    if not real.isEmpty() and (told.isEmpty() or not real.contains(told)):
        yield f"said to be at {told.getRect()}, and is at {real.getRect()}"
    text = thing.textInterface()
    if text is None or not text.characterCount():
        return
    for place in _places(widget, text.characterCount()):
        box = text.characterRect(place)
        if box.isEmpty() and text.text(place, place + 1).strip():
            yield f"character {place} is nowhere"
        elif not real.adjusted(-_ROUNDING, -_ROUNDING, _ROUNDING, _ROUNDING).intersects(box):
            yield f"character {place} at {box.getRect()} lies outside of {real.getRect()}"


def _places(widget: QWidget, count: int) -> Iterator[int]:
    """Give characters that can be seen: the first of each paragraph, and its last."""
    if not isinstance(widget, QPlainTextEdit | QTextEdit):
        yield 0
        return
    shown = widget.viewport().rect()
    block = widget.document().firstBlock()
    while block.isValid():
        for place in {block.position(), block.position() + max(0, block.length() - 2)}:
            cursor = widget.textCursor()
            cursor.setPosition(place)
            if place < count and shown.contains(widget.cursorRect(cursor).center()):
                yield place
        block = block.next()
