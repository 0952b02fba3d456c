"""Menus: letters to press, reasons of what cannot be done, entries made anew each time."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache

from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QHelpEvent, QIcon, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QMenu,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QToolTip,
    QWidget,
)
from typing_extensions import override

from app.ui.kit import mnemonics
from app.ui.kit.announcing import announce
from app.ui.kit.in_steps import Steps
from app.ui.kit.refusing import allow, why_not


class _Style(QProxyStyle):
    """Lets arrow keys come to what is grey, which Fusion leaves out."""

    @override
    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,
    ) -> int:
        if hint is QStyle.StyleHint.SH_Menu_AllowActiveAndDisabled:
            return 1
        return super().styleHint(hint, option, widget, returnData)


@cache
def _style() -> QStyle:
    style = _Style("Fusion")
    style.setParent(QApplication.instance())
    return style


def prepare_menus() -> Steps[None]:
    """Do piece by piece, while nobody waits, what would hold up the first menu for 15 ms.

    Python makes its classes of what a style is asked with as it first meets one, all at once.
    """
    for name in dir(QtWidgets):
        if name.startswith(("QStyleOption", "QStyleHintReturn")):
            getattr(QtWidgets, name)
            yield
    unseen = Menu()
    unseen.addAction("")
    yield
    unseen.sizeHint()


class Menu(QMenu):
    """A menu whose entries have letters, and say why where they cannot be done.

    Arrow keys come to such entries as well: Qt passes over what is grey.
    """

    def __init__(self, parent: QWidget | None = None, *, title: str = "") -> None:
        super().__init__(title, parent)
        self.setStyle(_style())
        self.hovered.connect(self._on_hovered)

    def add_submenu(self, title: str, icon: QIcon | None = None) -> Menu:
        """Add a menu of the same kind as an entry."""
        inner = Menu(self, title=title)
        if icon is not None:
            inner.setIcon(icon)
        self.addMenu(inner)
        return inner

    def refuse(self, reason: str) -> None:
        """Grey out its entry in another menu and say why; an empty reason offers it again."""
        allow(self.menuAction(), reason)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        if mnemonics.HAS_MNEMONICS:
            own = [one for one in self.actions() if one.parent() is self or one.menu()]
            entries = [one for one in own if not one.isSeparator()]
            texts = mnemonics.with_letters([mnemonics.plain(one.text()) for one in entries])
            for entry, text in zip(entries, texts, strict=True):
                entry.setText(text)
        super().showEvent(event)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_reason(self.actionAt(event.pos()), event.globalPos())
            return True
        return super().event(event)

    def _on_hovered(self, entry: QAction) -> None:
        if reason := why_not(entry):
            announce(self, reason)
            corner = self.actionGeometry(entry).bottomLeft()
            self._show_reason(entry, self.mapToGlobal(corner))

    def _show_reason(self, entry: QAction | None, at: QPoint) -> None:
        QToolTip.showText(at, "" if entry is None else why_not(entry), self)


def show_keys(entry: QAction, keys: QKeySequence) -> None:
    """Show at the end of an entry which keys do the same; here they do nothing.

    They are no part of its text, which is what it is called by assistive technology.
    """
    if sys.platform == "darwin":  # the system itself would press it in a menu of its bar
        text = keys.toString(QKeySequence.SequenceFormat.NativeText)
        entry.setText(f"{entry.text()}\t{text}" if text else entry.text())
        return
    entry.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # a menu has never the focus
    entry.setShortcut(keys)
    entry.setShortcutVisibleInContextMenu(True)  # some systems leave them out there


def add_entries(menu: Menu, actions: Iterable[QAction]) -> None:
    """Offer actions in a menu, each with an entry of its own.

    What assistive technology is told of a ``QAction`` belongs to the first menu that showed
    it: with the action itself as entry, it would meet dead ones from the second time on.
    An action that has a menu of its own (``QAction.setMenu``) opens the like of it.
    """
    for action in actions:
        if action.isSeparator():
            menu.addSeparator()
            continue
        if isinstance(choices := action.menu(), QMenu):
            inner = menu.add_submenu(action.text(), action.icon())
            add_entries(inner, choices.actions())
            entry = inner.menuAction()
        else:
            entry = menu.addAction(action.icon(), action.text())
            show_keys(entry, action.shortcut())
            entry.setCheckable(action.isCheckable())
            entry.setChecked(action.isChecked())
            entry.triggered.connect(action.trigger)
        allow(entry, why_not(action))
        entry.setEnabled(action.isEnabled())
