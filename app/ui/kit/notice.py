"""A bar that says one thing and offers one or two ways to answer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.closing import close_on_esc
from app.ui.kit.margins import margins
from app.ui.kit.tokens import SPACE_4, SPACE_8, SPACE_12

_SHOWN_FOR_MS = 12_000
_MOST_LINES = 3
"""With more of them beside it, the button goes below."""


class Saying:
    """One thing that a ``Notice`` says.

    Attributes:
        text: The sentence.
        button: Text of the button; empty for none.
        answer: What the button does.
        is_bad: Whether something went wrong.
        stays: Whether it waits to be dismissed.
    """

    def __init__(
        self,
        notice: Notice,
        text: str,
        button: str,
        answer: Callable[[], None] | None,
        *,
        is_bad: bool,
        stays: bool,
    ) -> None:
        self._notice = notice
        self.text = text
        self.button = button
        self.answer = answer
        self.is_bad = is_bad
        self.stays = stays

    @property
    def is_shown(self) -> bool:
        """Whether it stands there, or comes back once what was said since has gone."""
        return self._notice.has(self)

    def dismiss(self) -> None:
        """Say it no longer; what was said since stays."""
        self._notice.take_back(self)


class Notice(QFrame):
    """Hidden until something is to be said; a passing one goes by itself.

    It stays while the pointer or the focus is on it, so that nobody has to hurry. What waits to
    be dismissed comes back after what was said over it in passing; what went wrong, always.

    Attributes:
        button: What answers, where something is offered.
    """

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._saying: Saying | None = None
        self._is_below = False
        self._beneath: list[Saying] = []
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self.button = QPushButton()
        self.button.setProperty("quiet", True)  # noqa: FBT003 - Qt's signature
        self.button.clicked.connect(self._on_answered)
        self.button.hide()
        close = QToolButton()
        close.setAccessibleName(QCoreApplication.translate("Notice", "Dismiss"))
        close.setToolTip(close.accessibleName())
        close.clicked.connect(self.dismiss)
        appearance.apply_icon(close, "close", "muted")
        self._close = close
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(margins(SPACE_12, SPACE_4, SPACE_4, SPACE_4))
        self._grid.setSpacing(SPACE_8)
        self._grid.setColumnStretch(0, 1)
        self._grid.addWidget(self._text, 0, 0)
        self._grid.addWidget(self.button, 0, 1)
        self._grid.addWidget(close, 0, 2)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time_over)
        self.setProperty("notice", "plain")
        close_on_esc(self, self.dismiss)
        self.hide()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width())

    @override
    def heightForWidth(self, arg__1: int) -> int:
        self._arrange(arg__1)
        return super().heightForWidth(arg__1)

    def _arrange(self, width: int) -> None:
        """Put the button under the sentence where it would leave it a narrow column."""
        beside = self._close.sizeHint().width() + SPACE_12 + SPACE_4 + SPACE_8
        if not self.button.isHidden():
            beside += self.button.sizeHint().width() + SPACE_8
        line = self._text.fontMetrics().lineSpacing()
        lines = self._text.heightForWidth(max(1, width - beside)) / line
        is_below = lines > _MOST_LINES + 0.5
        if is_below != self._is_below:
            self._is_below = is_below
            place = (1, 0) if is_below else (0, 1)
            self._grid.addWidget(self.button, *place, Qt.AlignmentFlag.AlignLeading)

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
        saying = Saying(self, text, button, answer, is_bad=is_bad, stays=stays)
        before = self._saying
        if before is not None and before.stays and (before.is_bad or not stays):
            self._beneath.append(before)
        self._beneath = [one for one in self._beneath if one.text != text]
        self._show(saying)
        announce(self, f"{text} {button}".strip())  # a button is a choice one has to know of
        return saying

    def has(self, saying: Saying) -> bool:
        """Tell whether something is said, or comes back once what is over it has gone."""
        return saying is self._saying or saying in self._beneath

    def take_back(self, saying: Saying) -> None:
        """Say something no longer."""
        if saying is self._saying:
            self.dismiss()
        elif saying in self._beneath:
            self._beneath.remove(saying)

    def dismiss(self) -> None:
        """Say no longer what is said; what it had covered comes back."""
        self._timer.stop()
        self._saying = None
        if self._beneath:
            self._show(self._beneath.pop())
        else:
            self.hide()

    def _show(self, saying: Saying) -> None:
        self._saying = saying
        self._text.setText(saying.text)
        self.setAccessibleName(saying.text)
        self.button.setText(saying.button)
        self.button.setAccessibleName(saying.button)
        self.button.setVisible(bool(saying.button))
        self.setProperty("notice", "bad" if saying.is_bad else "plain")
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()
        if saying.stays:
            self._timer.stop()
        else:
            self._timer.start(_SHOWN_FOR_MS)

    def _on_answered(self) -> None:
        answer = self._saying.answer if self._saying is not None else None
        self.dismiss()
        if answer is not None:
            answer()

    def _on_time_over(self) -> None:
        focused = QApplication.focusWidget()
        if self.underMouse() or (focused is not None and self.isAncestorOf(focused)):
            self._timer.start(_SHOWN_FOR_MS)
        else:
            self.dismiss()
