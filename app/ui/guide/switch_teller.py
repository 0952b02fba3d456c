"""Says of a switch that was turned by its key or its command whether it is on now."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.ui.actions import ActionId, Actions
from app.ui.kit.announcing import announce

_SAY_THEMSELVES = {
    ActionId.APPROVE,
    ActionId.HIGHLIGHT,
    ActionId.READ_SPEAKERS,
    ActionId.RETIME,
}
"""What they do is a step that is said, or opens what is said."""


class SwitchTeller(QObject):
    """Lets those who hear the screen know what others see in a menu or on the page."""

    def __init__(
        self, actions: Actions, window: QWidget, say: Callable[[QWidget, str], None] = announce
    ) -> None:
        """Follow every switch.

        Args:
            actions: What can be done.
            window: In whose name it is said.
            say: Has a sentence said.
        """
        super().__init__(window)
        self._window = window
        self._say = say
        for action_id in actions:
            action = actions[action_id]
            if action.isCheckable() and action_id not in _SAY_THEMSELVES:
                action.triggered.connect(lambda _=False, one=action: self._soon(one))

    def _soon(self, action: QAction) -> None:
        # Whoever answers may not do it, and turns the switch back.
        QTimer.singleShot(0, self, lambda: self._tell(action))

    def _tell(self, action: QAction) -> None:
        text = self.tr("{name}: on") if action.isChecked() else self.tr("{name}: off")
        self._say(self._window, text.replace("{name}", action.text().rstrip("…")))
