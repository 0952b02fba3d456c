"""Said once under the first transcript: how to correct, to play, and to get it out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.ui.actions import ActionId, Actions
from app.ui.kit.margins import margins
from app.ui.kit.tokens import SPACE_8, SPACE_12
from app.ui.kit.turning import keep_turned, turn_to_fit


class FirstWords(QFrame):
    """A strip that is there until somebody has read it.

    Signals:
        read: It is not wanted any more.
    """

    read = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.setProperty("notice", "plain")
        self._text = QLabel()
        self._text.setWordWrap(True)
        close = QPushButton(self.tr("Got it"))
        close.setAccessibleName(self.tr("Got it"))
        close.setProperty("quiet", True)  # noqa: FBT003 - Qt's signature
        close.clicked.connect(self.read)
        inner = self._row = QHBoxLayout()
        inner.setContentsMargins(margins(SPACE_12, SPACE_8, SPACE_8, SPACE_8))
        inner.setSpacing(SPACE_8)
        inner.addWidget(self._text, 1)
        inner.addWidget(close)
        self.setLayout(inner)
        keep_turned(self, self._turn)
        self.hide()

    def _turn(self) -> None:
        turn_to_fit(self._row, self.width() - SPACE_12 - SPACE_8)

    def tell(self) -> None:
        """Say it, with the keys as they are."""
        text = self.tr(
            "To correct, click into the text and type. To listen, click a word and press "
            "{play}. To save it as a file, press {export}. For everything else, press "
            "{commands}."
        )
        for name, action_id in (
            ("{play}", ActionId.PLAY),
            ("{export}", ActionId.EXPORT),
            ("{commands}", ActionId.COMMANDS),
        ):
            keys = self._actions[action_id].shortcut()
            text = text.replace(name, keys.toString(keys.SequenceFormat.NativeText))
        self._text.setText(text)
        self.setAccessibleName(text)
        self.show()
