"""The bar of a walk through what is in doubt: where one is, and one key for each answer."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSlider,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.margins import margins
from app.ui.kit.menus import Menu, show_keys
from app.ui.kit.mnemonics import escaped
from app.ui.kit.refusing import Button, ToolButton
from app.ui.kit.tips import show_tip
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_8, SPACE_12, SPACE_16
from app.ui.kit.turning import turn_to_fit
from app.ui.wording import number

_SLIDER_WIDTH = 120
_KEYS_SHOWN_FROM = 640
"""Narrower than this, the buttons say their keys only when pointed at."""
_MOST_BY_NUMBER = 9


class WalkKind(StrEnum):
    """What is in doubt."""

    WORDS = "words"
    SPEAKERS = "speakers"


class Answer(StrEnum):
    """What a person says of what they heard."""

    ACCEPT = "accept"
    FIX = "fix"
    FIX_ALIKE = "fix-alike"
    GIVE = "give"
    SKIP = "skip"
    BACK = "back"
    PLAY = "play"
    END = "end"


_KEYS = {
    Qt.Key.Key_A: Answer.ACCEPT,
    Qt.Key.Key_Return: Answer.ACCEPT,
    Qt.Key.Key_Enter: Answer.ACCEPT,
    Qt.Key.Key_F: Answer.FIX,
    Qt.Key.Key_L: Answer.FIX_ALIKE,
    Qt.Key.Key_G: Answer.GIVE,
    Qt.Key.Key_S: Answer.SKIP,
    Qt.Key.Key_Right: Answer.SKIP,
    Qt.Key.Key_B: Answer.BACK,
    Qt.Key.Key_Left: Answer.BACK,
    Qt.Key.Key_P: Answer.PLAY,
    Qt.Key.Key_Space: Answer.PLAY,
    Qt.Key.Key_Escape: Answer.END,
}
_FOR_WORDS = {Answer.FIX, Answer.FIX_ALIKE}


class WalkBar(QFrame):
    """Says *14 of 52* and what is in doubt there, and asks for an answer.

    While it is there its keys are single letters; they work while it has the focus.

    Signals:
        answered: What a person says: an ``Answer``.
        given: The speaker it is to be given to, by their place in the list.
        threshold_changed: How sure a word must be not to be in doubt, in per cent.
    """

    answered = Signal(object)
    given = Signal(int)
    threshold_changed = Signal(int)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = WalkKind.WORDS
        self.setProperty("notice", "plain")
        self.setAccessibleName(self.tr("Check what is uncertain"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._place = QLabel()
        self._place.setProperty("heading", True)  # noqa: FBT003 - Qt's signature
        self._about = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._about.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._below = QLabel()
        self._below.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setProperty("drawn", True)  # noqa: FBT003 - Qt's signature
        self._slider.setRange(1, 100)
        self._slider.setFixedWidth(_SLIDER_WIDTH)
        self._slider.setAccessibleName(self.tr("Uncertain below"))
        self._slider.setToolTip(
            self.tr(
                "Words that speech recognition was less sure of than this count as uncertain."
            )
        )
        self._slider.valueChanged.connect(self.threshold_changed)
        close = ToolButton()
        close.setAccessibleName(self.tr("Done"))
        show_tip(close, self.tr("Done (Esc)"))
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.clicked.connect(lambda: self.answered.emit(Answer.END))
        appearance.apply_icon(close, "close", "muted")
        self._head = self._head_of(close)
        self._speakers = Menu(self)
        self._buttons = {
            Answer.BACK: self._button(self.tr("Back"), "B"),
            Answer.PLAY: self._button(self.tr("Play"), "P"),
            Answer.ACCEPT: self._button(self.tr("Accept"), "A", is_primary=True),
            Answer.FIX: self._button(self.tr("Correct"), "F"),
            Answer.FIX_ALIKE: self._button(self.tr("Correct all"), "L"),
            Answer.GIVE: self._button(self.tr("Assign to"), "G"),
            Answer.SKIP: self._button(self.tr("Skip"), "S"),
        }
        for answer, button in self._buttons.items():
            button.clicked.connect(lambda _=False, said=answer: self._answer(said))
        self._answers = self._two_rows()
        column = QVBoxLayout(self)
        column.setContentsMargins(margins(SPACE_12, SPACE_8, SPACE_8, SPACE_8))
        column.setSpacing(SPACE_4)
        column.addLayout(self._head)
        column.addLayout(self._answers)
        self.setProperty("inset", True)  # noqa: FBT003 - Qt's signature
        self.hide()

    def _head_of(self, close: ToolButton) -> QHBoxLayout:
        """Lay out where one is, so that how much is uncertain can go to a second line."""
        whole = QHBoxLayout()
        whole.setSpacing(SPACE_8)
        where = QHBoxLayout()
        where.setSpacing(SPACE_8)
        where.addWidget(self._place)
        where.addWidget(self._about, 1)
        whole.addLayout(where, 1)
        below = QHBoxLayout()
        below.setSpacing(SPACE_8)
        below.addWidget(self._below)
        below.addWidget(self._slider)
        below.addWidget(close)
        whole.addLayout(below)
        return whole

    def _two_rows(self) -> QHBoxLayout:
        """Lay the answers out, so that half of them can go to a second line."""
        whole = QHBoxLayout()
        whole.setSpacing(SPACE_8)
        buttons = list(self._buttons.values())
        for some in (buttons[:3], buttons[3:]):
            row = QHBoxLayout()
            row.setSpacing(SPACE_8)
            for button in some:
                row.addWidget(button)
            whole.addLayout(row)
        whole.addStretch(1)
        return whole

    @property
    def kind(self) -> WalkKind:
        """What is gone through."""
        return self._kind

    def open(self, kind: WalkKind, speakers: Sequence[str] = ()) -> None:
        """Come, and take the keys.

        Args:
            kind: What is gone through.
            speakers: To whom a passage can be given.
        """
        self._kind = kind
        is_words = kind is WalkKind.WORDS
        for answer in (Answer.FIX, Answer.FIX_ALIKE):
            self._buttons[answer].setVisible(is_words)
        self._buttons[Answer.GIVE].setVisible(not is_words)
        self._slider.setVisible(is_words)
        self._below.setVisible(is_words)
        self.offer(speakers)
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def offer(self, speakers: Sequence[str]) -> None:
        """Offer speakers a passage can be given to."""
        self._speakers.clear()
        for place, name in enumerate(speakers):
            entry = self._speakers.addAction(escaped(name), partial(self.given.emit, place))
            if place < _MOST_BY_NUMBER:
                show_keys(entry, QKeySequence(str(place + 1)))

    def show_place(self, at: int, total: int, about: str) -> None:
        """Say where one is.

        Args:
            at: Which of all, from 1; 0 where none is left.
            total: How many there are.
            about: What is in doubt there.
        """
        text = self.tr("Nothing left to check") if not total else self.tr("All checked")
        if at:
            text = self.tr("{number} of {count}")
            text = text.replace("{number}", number(at))
            text = text.replace("{count}", number(total))
        if (text, about) != (self._place.text(), self._about.text()):
            announce(self, f"{text}, {about}" if about else text)
        self._place.setText(text)
        self._place.setAccessibleName(text)
        self._about.setText(about)
        for answer, button in self._buttons.items():
            button.refuse("" if at or answer is Answer.BACK else text)

    def show_threshold(self, percent: int, count: int) -> None:
        """Say how many words are in doubt below a threshold."""
        with QSignalBlocker(self._slider):
            self._slider.setValue(percent)
        text = self.tr("{count} below {percent} %")
        text = text.replace("{percent}", number(percent))
        self._below.setText(text.replace("{count}", number(count)))
        self._slider.setAccessibleDescription(self._below.text())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _KEYS_SHOWN_FROM
        for button in self._buttons.values():
            button.setText(button.toolTip() if is_wide else button.accessibleName())
        self._turn()

    def _turn(self) -> None:
        for row in (self._head, self._answers):
            turn_to_fit(row, self.width() - SPACE_12 - SPACE_8 - 2 * SPACE_16)

    @override
    def event(self, event: QEvent) -> bool:
        # Its keys play, pause and step elsewhere.
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._meaning(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        meaning = self._meaning(event)
        if meaning is None:
            super().keyPressEvent(event)
        elif isinstance(meaning, Answer):
            self._answer(meaning)
        else:
            self.given.emit(meaning)

    def _meaning(self, event: QKeyEvent) -> Answer | int | None:
        """Give what a key means here: an answer, or a speaker's place."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        if self._slider.hasFocus() and event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            return None
        at = event.key() - Qt.Key.Key_1
        is_words = self._kind is WalkKind.WORDS
        if 0 <= at < _MOST_BY_NUMBER:
            can_give = not is_words and at < len(self._speakers.actions())
            return at if can_give else None
        try:
            answer = _KEYS.get(Qt.Key(event.key()))
        except ValueError:
            return None
        if answer in _FOR_WORDS and not is_words:
            return None
        return None if answer is Answer.GIVE and is_words else answer

    def _answer(self, answer: Answer) -> None:
        button = self._buttons.get(answer)
        if button is not None and not button.isEnabled():
            return
        if answer is Answer.GIVE and button is not None:
            self._speakers.popup(button.mapToGlobal(button.rect().bottomLeft()))
            return
        self.answered.emit(answer)

    def _button(self, text: str, key: str, *, is_primary: bool = False) -> Button:
        button = Button(f"{text} ({key})")
        button.setAccessibleName(text)
        show_tip(button, f"{text} ({key})")
        button.setMinimumHeight(HIT_SIZE)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if is_primary:
            button.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        return button
