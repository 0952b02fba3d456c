"""A question with a few answers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.kit.sheet import Sheet


class ChoiceSheet(Sheet):
    """A question with a few answers; Esc is the last of them.

    Attributes:
        buttons: The button of each answer, by its key.

    Signals:
        answered: Which answer was given, by its key.
    """

    answered = Signal(str)

    def __init__(
        self,
        title: str,
        text: str,
        answers: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        """Ask.

        Args:
            title: The question.
            text: What to know before answering.
            answers: Pairs of key and button text, the best first, the harmless last.
            parent: The window.
        """
        super().__init__(title, parent)
        self.add_text(text)
        self._answer = answers[-1][0]
        self.buttons: dict[str, QPushButton] = {}
        for place, (key, label) in reversed(list(enumerate(answers))):
            button = self.add_button(label, is_primary=place == 0)
            button.clicked.connect(lambda _=False, given=key: self._give(given))
            self.buttons[key] = button
        self.finished.connect(lambda: self.answered.emit(self._answer))

    def _give(self, answer: str) -> None:
        self._answer = answer
        self.accept()
