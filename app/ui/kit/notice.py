"""A bar that says one thing and offers one or two ways to answer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from app.ui.kit.appearance import Appearance
from app.ui.kit.tokens import SPACE_4, SPACE_8, SPACE_12

_SHOWN_FOR_MS = 12_000


class Saying:
    """One thing that a ``Notice`` said."""

    def __init__(self, notice: Notice) -> None:
        self._notice = notice

    @property
    def is_shown(self) -> bool:
        """Whether it still stands there: nobody dismissed it, nothing took its place."""
        return self._notice.saying is self

    def dismiss(self) -> None:
        """Say it no longer; what was said since stays."""
        if self.is_shown:
            self._notice.dismiss()


class Notice(QFrame):
    """Hidden until something is to be said; a passing one goes by itself.

    It stays while the pointer or the focus is on it, so that nobody has to hurry.
    """

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answer: Callable[[], None] | None = None
        self._saying: Saying | None = None
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._button = QPushButton()
        self._button.setProperty("quiet", True)  # noqa: FBT003 - Qt's signature
        self._button.clicked.connect(self._on_answered)
        self._button.hide()
        close = QToolButton()
        close.setAccessibleName(QCoreApplication.translate("Notice", "Dismiss"))
        close.setToolTip(close.accessibleName())
        close.clicked.connect(self.dismiss)
        appearance.apply_icon(close, "close", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_12, SPACE_4, SPACE_4, SPACE_4)
        row.setSpacing(SPACE_8)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        row.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time_over)
        self.setProperty("notice", "plain")
        self.hide()

    @property
    def text(self) -> str:
        """What is being said; empty while nothing is."""
        return self._text.text() if not self.isHidden() else ""

    @property
    def saying(self) -> Saying | None:
        """What is being said, if anything is."""
        return self._saying

    def say(
        self,
        text: str,
        *,
        button: str = "",
        answer: Callable[[], None] | None = None,
        is_bad: bool = False,
        stays: bool = False,
    ) -> Saying:
        """Say something; see ``Stage.say``, whose promise this keeps."""
        self._saying = Saying(self)
        self._text.setText(text)
        self.setAccessibleName(text)
        self._answer = answer
        self._button.setText(button)
        self._button.setAccessibleName(button)
        self._button.setVisible(bool(button))
        self.setProperty("notice", "bad" if is_bad else "plain")
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()
        if stays:
            self._timer.stop()
        else:
            self._timer.start(_SHOWN_FOR_MS)
        return self._saying

    def dismiss(self) -> None:
        """Say nothing any more."""
        self._timer.stop()
        self._answer = None
        self._saying = None
        self.hide()

    def _on_answered(self) -> None:
        answer = self._answer
        self.dismiss()
        if answer is not None:
            answer()

    def _on_time_over(self) -> None:
        focused = QApplication.focusWidget()
        if self.underMouse() or (focused is not None and self.isAncestorOf(focused)):
            self._timer.start(_SHOWN_FOR_MS)
        else:
            self.dismiss()
