"""Entries of menus that are made anew each time they open."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu


def add_entries(menu: QMenu, actions: Iterable[QAction]) -> None:
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
            inner = menu.addMenu(action.icon(), action.text())
            inner.setEnabled(action.isEnabled())
            add_entries(inner, choices.actions())
            continue
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        text = f"{action.text()}\t{keys}" if keys else action.text()
        entry = menu.addAction(action.icon(), text)
        entry.setEnabled(action.isEnabled())
        entry.setCheckable(action.isCheckable())
        entry.setChecked(action.isChecked())
        entry.triggered.connect(action.trigger)
