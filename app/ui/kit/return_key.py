"""Return presses the button that has the focus, as Space does.

Qt leaves Return to whatever stands around a button: the page would play, a bar would go to
its next match, and a sheet would do what its first button says though another is chosen.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QDialog,
    QRadioButton,
    QWidget,
)
from typing_extensions import override

_RETURN = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class ReturnKey(QObject):
    """Sees to the button that has the focus, in whatever window of the program."""

    def __init__(self, application: QApplication, parent: QObject) -> None:
        """See to it from now on.

        Args:
            application: Tells what has the focus.
            parent: As long as it lives.
        """
        super().__init__(parent)
        application.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if isinstance(now, QAbstractButton):
            now.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusOut:
            watched.removeEventFilter(self)
        elif (
            event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and isinstance(watched, QAbstractButton)
            and event.key() in _RETURN
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            and _is_pressed_by_return(watched)
        ):
            if not event.isAutoRepeat():
                watched.click()
            return True
        return False


def _is_pressed_by_return(button: QAbstractButton) -> bool:
    """Tell whether Return is a button's own; in a sheet a box to tick leaves it to that."""
    is_ticked = isinstance(button, (QCheckBox, QRadioButton))
    return button.isEnabled() and not (is_ticked and isinstance(button.window(), QDialog))
