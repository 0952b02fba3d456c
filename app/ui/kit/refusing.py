"""What cannot be done now is grey, can be come to by Tab or arrow, and says why.

A disabled widget takes no focus: who works by keys, or hears the window, would never learn
that it is there, let alone why it does nothing. So a control that a person can make possible
again is *refused* with a reason, not disabled. The reason is its tip and its description, and
is said where one tries all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionToolButton,
    QToolButton,
    QToolTip,
    QWidget,
)
from typing_extensions import override

from app.ui.kit.announcing import announce

_WHY_NOT = "why_not"


def allow(action: QAction, reason: str = "") -> None:
    """Offer an action, or refuse it and say why in menus and in the list of commands."""
    is_changed = why_not(action) != reason
    action.setProperty(_WHY_NOT, reason)
    if action.isEnabled() is not bool(reason):
        if is_changed:
            action.changed.emit()
    else:
        action.setEnabled(not reason)


def why_not(action: QAction) -> str:
    """Give why an action cannot be done now; nothing if it can, or nobody said."""
    return "" if action.isEnabled() else str(action.property(_WHY_NOT) or "")


class Refused(QWidget if TYPE_CHECKING else object):
    """A control that can be refused; each is besides this a widget of Qt's own kind."""

    _against = ""
    _usual: tuple[str, str] = ("", "")

    @property
    def is_refused(self) -> bool:
        """Whether it is grey and stays as it is; ``refuse`` told why."""
        return bool(self._against)

    def refuse(self, reason: str) -> None:
        """Grey it out and say why; an empty reason offers it again."""
        if reason == self._against:
            return
        if not self._against:
            self._usual = self.toolTip(), self.accessibleDescription()
        self._against = reason
        tip, about = (reason, reason) if reason else self._usual
        self.setToolTip(tip)
        self.setAccessibleDescription(about)
        self.update()

    def _paint_grey(self, option: QStyleOption) -> None:
        """Have it painted as what is off, while it is refused."""
        if self._against:
            option.state &= ~QStyle.StateFlag.State_Enabled

    def say_why_not(self) -> None:
        """Say the reason to whoever tried all the same."""
        announce(self, self._against)
        QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), self._against, self)


class _Button(Refused, QAbstractButton if TYPE_CHECKING else object):
    """A button that does nothing while it is refused, by whatever means it is pressed."""

    @override
    def refuse(self, reason: str) -> None:
        super().refuse(reason)
        self.blockSignals(bool(reason))

    @override
    def nextCheckState(self) -> None:
        if self._against:
            self.say_why_not()
        else:
            super().nextCheckState()


class Button(_Button, QPushButton):
    """A push button that can be refused."""

    @override
    def initStyleOption(self, option: QStyleOptionButton) -> None:
        super().initStyleOption(option)
        self._paint_grey(option)


class ToolButton(_Button, QToolButton):
    """A tool button that can be refused."""

    @override
    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        super().initStyleOption(option)
        self._paint_grey(option)


class RadioButton(_Button, QRadioButton):
    """One of several to choose from that can be refused."""

    @override
    def initStyleOption(self, option: QStyleOptionButton) -> None:
        super().initStyleOption(option)
        self._paint_grey(option)
