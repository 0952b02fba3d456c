"""Buttons of actions and of menus, which open also when assistive technology presses them.

``QToolButton.setMenu`` is not used: what assistive technology asks of such a button is done
by nobody, and Qt runs its menu in a loop of its own, within which no task may go on.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget
from typing_extensions import override

from app.ui.kit.refusing import ToolButton, why_not
from app.ui.kit.tips import show_tip


class MenuButton(ToolButton):
    """A button whose press opens a menu below it."""

    def __init__(self, menu: QMenu | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._menu = menu
        self._action: QAction | None = None
        self.clicked.connect(self.open_menu)

    def set_menu(self, menu: QMenu) -> None:
        """Open this menu from now on."""
        self._menu = menu

    def follow(self, action: QAction) -> None:
        """Look and be called as an action, and open its choices."""
        self._action = action
        action.changed.connect(self._look_alike)
        self._look_alike()

    def open_menu(self) -> None:
        """Open the menu, where reading begins."""
        menu = self._menu
        if menu is None and self._action is not None:
            choices = self._action.menu()
            menu = choices if isinstance(choices, QMenu) else None
        if menu is None:
            return
        corner = self.mapToGlobal(QPoint(0, self.height()))
        if self.isRightToLeft():
            corner += QPoint(self.width() - menu.sizeHint().width(), 0)
        menu.popup(corner)

    @override
    def nextCheckState(self) -> None:
        """Stay as it is: being checked only says that something in the menu is on."""
        if self.is_refused:
            super().nextCheckState()

    def _look_alike(self) -> None:
        action = self._action
        if action is None:
            return
        self.refuse("")
        self.setIcon(action.icon())
        self.setText(action.iconText())
        self.setAccessibleName(action.text().rstrip("…"))
        show_tip(self, action.toolTip())
        self.refuse(why_not(action))
        self.setEnabled(action.isEnabled() or self.is_refused)
        if action.icon().isNull():
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)


class ActionButton(ToolButton):
    """A button that does an action, and says why where that cannot be done."""

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action = action
        self.setAccessibleName(action.text().rstrip("…"))
        self.clicked.connect(action.trigger)
        action.changed.connect(self._look_alike)
        action.toggled.connect(self._look_alike)
        self._look_alike()

    @override
    def nextCheckState(self) -> None:
        """Be checked as the action is, which decides."""
        if self.is_refused:
            super().nextCheckState()

    def _look_alike(self) -> None:
        action = self._action
        self.refuse("")
        self.setIcon(action.icon())
        self.setText(action.iconText())
        self.setCheckable(action.isCheckable())
        self.setChecked(action.isChecked())
        self.setEnabled(action.isEnabled() or bool(why_not(action)))
        self.setToolTip(action.toolTip())
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.setAccessibleDescription(keys)
        self.refuse(why_not(action))
