"""Look for words in the transcript: what, how many, the next and the one before."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget
from typing_extensions import override

from app.ui.kit.appearance import Appearance
from app.ui.kit.tokens import SPACE_4, SPACE_8

_FIELD_WIDTH = 220


class FindBar(QFrame):
    """Ask what to look for, and say how often it is there.

    Signals:
        text_changed: Something else is looked for; empty for nothing.
        step_requested: Show the next hit (1) or the one before (-1).
        closed: The reader is done looking.
    """

    text_changed = Signal(str)
    step_requested = Signal(int)
    closed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("notice", "plain")
        self._field = QLineEdit()
        self._field.setPlaceholderText(self.tr("Find in transcript"))
        self._field.setAccessibleName(self.tr("Find in transcript"))
        self._field.setMinimumWidth(_FIELD_WIDTH)
        self._field.textChanged.connect(self.text_changed)
        self._count = QLabel()
        self._count.setProperty("muted", True)  # noqa: FBT003 – Qt's signature
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_8, SPACE_4, SPACE_4, SPACE_4)
        row.setSpacing(SPACE_4)
        row.addWidget(self._field, 1)
        row.addWidget(self._count)
        for icon, text, places in (
            ("up", self.tr("Previous hit (Shift+Return)"), -1),
            ("down", self.tr("Next hit (Return)"), 1),
        ):
            button = self._button(appearance, icon, text)
            button.clicked.connect(lambda _=False, by=places: self.step_requested.emit(by))
            row.addWidget(button)
        close = self._button(appearance, "close", self.tr("Close (Esc)"))
        close.clicked.connect(self.close_bar)
        row.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        """What is looked for."""
        return self._field.text() if not self.isHidden() else ""

    def open(self, text: str = "") -> None:
        """Ask, with a text to begin with."""
        if text:
            self._field.setText(text)
        self.show()
        self._field.selectAll()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_bar(self) -> None:
        """Go away."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def show_count(self, count: int, current: int | None) -> None:
        """Say how many hits there are and which one is shown."""
        if not self._field.text():
            text = ""
        elif not count:
            text = QCoreApplication.translate("FindBar", "No hits")
        elif current is None:
            one, many = self.tr("{count} hit"), self.tr("{count} hits")
            text = (one if count == 1 else many).replace(
                "{count}", self.locale().toString(count)
            )
        else:
            text = self.tr("{number} of {count}")
            text = text.replace("{number}", self.locale().toString(current + 1))
            text = text.replace("{count}", self.locale().toString(count))
        self._count.setText(text)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.step_requested.emit(-1 if is_back else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.text_changed.emit(self._field.text())

    def _button(self, appearance: Appearance, icon: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setToolTip(text)
        button.setAccessibleName(text.partition(" (")[0])
        appearance.apply_icon(button, icon, "muted")
        return button
