"""The bar above the text that asks what to find, and by what to replace it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QSizePolicy,
    QWidget,
)
from typing_extensions import override

from app.core.document import Change
from app.core.finding import Query, range_after
from app.core.transcript import SpeakerId, Transcript
from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Picker
from app.ui.kit.line_field import LineField
from app.ui.kit.refusing import Button, ToolButton
from app.ui.kit.tips import show_tip
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_8
from app.ui.kit.turning import row_width, turn_to_fit
from app.ui.translate import QT_TRANSLATE_NOOP, counted
from app.ui.wording import number

_FIELD_LEAST = 120
_REST_MS = 400
"""So long what was found stands still before it is announced: not after each letter."""
_SCOPE_SIGNS = 11
_SWITCHES = (
    ("Aa", QT_TRANSLATE_NOOP("FindBar", "Match case")),
    ("W", QT_TRANSLATE_NOOP("FindBar", "Whole words")),
    ("é", QT_TRANSLATE_NOOP("FindBar", "Ignore accents")),
    (".*", QT_TRANSLATE_NOOP("FindBar", "Regular expression")),
)
_EVERYWHERE, _SELECTION = "everywhere", "selection"
Scope = tuple[str, SpeakerId | None]


class FindBar(QFrame):
    """Ask what to look for, and say how often it is there.

    Signals:
        query_changed: Something else is looked for, or elsewhere.
        step_requested: Show the next hit (1) or the one before (-1).
        replace_requested: Replace the hit before the reader.
        replace_all_requested: Replace all hits.
        closed: The reader is done looking.
    """

    query_changed = Signal()
    step_requested = Signal(int)
    replace_requested = Signal()
    replace_all_requested = Signal()
    closed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("notice", "plain")
        self._within: tuple[tuple[int, int], tuple[int, int]] | None = None
        self._is_typed_in = False
        self._field = self._line(self.tr("Find in transcript"))
        self._field.textChanged.connect(self._on_typed)
        self._count = QLabel()
        self._count.setProperty("muted", True)  # noqa: FBT003 – Qt's signature
        self._count.setTextFormat(Qt.TextFormat.PlainText)
        self._switches = [self._switch(sign, self.tr(name)) for sign, name in _SWITCHES]
        self._scope = Picker(appearance, self.tr("Where to search"))
        self._scope.setToolTip(self._scope.accessibleName())
        self._scope.setMinimumContentsLength(_SCOPE_SIGNS)
        self._scope.addItem(self.tr("Everywhere"), (_EVERYWHERE, None))
        self._scope.activated.connect(self.query_changed)
        self._more = self._button(appearance, "right", self.tr("Replace"))
        self._more.setCheckable(True)
        self._more.toggled.connect(self._show_replacing)
        self._with = self._line(self.tr("Replace with"))
        self._replace = Button(self.tr("Replace"))
        self._replace.clicked.connect(self.replace_requested)
        self._replace_all = Button(self.tr("Replace all…"))
        self._replace_all.setAccessibleName(self.tr("Replace all"))
        self._replace_all.clicked.connect(self.replace_all_requested)
        self._problem = QLabel()
        self._problem.setProperty("bad", True)  # noqa: FBT003 – Qt's signature
        self._problem.setWordWrap(True)
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.hide()
        self._appearance = appearance
        steps = [
            self._button(appearance, "up", self.tr("Previous match (Shift+Return)")),
            self._button(appearance, "down", self.tr("Next match (Return)")),
            self._button(appearance, "close", self.tr("Close (Esc)")),
        ]
        steps[0].clicked.connect(lambda: self.step_requested.emit(-1))
        steps[1].clicked.connect(lambda: self.step_requested.emit(1))
        steps[2].clicked.connect(self.close_bar)
        self._announced = ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._announce)
        self.query_changed.connect(self._announce_anew)
        self.step_requested.connect(self._announce_anew)
        self._lay_out(steps)
        self._show_replacing(shown=False)
        self.hide()

    # What is asked for

    @property
    def text(self) -> str:
        """What is looked for."""
        return self._field.text() if not self.isHidden() else ""

    @property
    def query(self) -> Query:
        """What is looked for, how, and where."""
        case, word, accents, pattern = (one.isChecked() for one in self._switches)
        kind, speaker = self._chosen()
        return Query(
            self.text,
            is_case_kept=case,
            is_whole_word=word,
            is_pattern=pattern,
            ignores_accents=accents,
            speaker_id=speaker,
            within=self._within if kind == _SELECTION else None,
        )

    @property
    def replacement(self) -> str:
        """What is to stand there instead."""
        return self._with.text()

    @property
    def is_typed_in(self) -> bool:
        """Whether a person is just typing what to look for."""
        return self._is_typed_in

    def offer_scopes(
        self,
        transcript: Transcript,
        within: tuple[tuple[int, int], tuple[int, int]] | None,
    ) -> None:
        """Offer where to look: everywhere, in a range, or in what one speaker says.

        Args:
            transcript: Whose speakers.
            within: The range, which is chosen then; ``None`` if there is none.
        """
        before = self._chosen()
        self._within = within
        scopes: list[tuple[str, Scope]] = [(self.tr("Everywhere"), (_EVERYWHERE, None))]
        if within is not None:
            scopes.append((self.tr("In the selection"), (_SELECTION, None)))
        for speaker in transcript.speakers:
            label = transcript.speaker_label(
                speaker.speaker_id,
                self.tr("Speaker {number}"),
                self.tr("Part {part} · Speaker {number}"),
            )
            scopes.append(
                (
                    self.tr("{name} only").replace("{name}", label),
                    ("speaker", speaker.speaker_id),
                )
            )
        self._scope.clear()
        for text, scope in scopes:
            self._scope.addItem(text, scope)
        wanted = (_SELECTION, None) if within is not None else before
        values = [scope for _, scope in scopes]
        self._scope.setCurrentIndex(values.index(wanted) if wanted in values else 0)

    def move_range(self, change: Change) -> None:
        """Keep looking in the same words after an edit."""
        if self._within is not None:
            self._within = range_after(self._within, change)

    def open(self, text: str = "", *, replaces: bool = False) -> None:
        """Ask, with a text to begin with.

        Args:
            text: The text.
            replaces: Whether it is to be replaced.
        """
        if text:
            self._field.setText(text)
        if replaces:
            self._more.setChecked(True)
        self.show()
        wanted = self._with if replaces and self._field.text() else self._field
        wanted.selectAll()
        wanted.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_bar(self) -> None:
        """Go away."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    # What came of it

    def show_count(self, count: int, current: int | None) -> None:
        """Say how many hits there are and which one is shown."""
        self._problem.hide()
        if not self._field.text():
            text = ""
        elif not count:
            text = self.tr("No matches")
        elif current is None:
            text = counted("FindBar", count, "{count} match", "{count} matches")
        else:
            text = self.tr("{number} of {count}")
            text = text.replace("{number}", number(current + 1))
            text = text.replace("{count}", number(count))
        self._count.setText(text)
        self._rest.start()
        for button in (self._replace, self._replace_all):
            button.refuse("" if count else self.tr("No matches"))

    def show_working(self) -> None:
        """Say that it takes a moment."""
        self._problem.hide()
        self._count.setText(self.tr("Searching…"))

    def show_problem(self, sentence: str) -> None:
        """Say why nothing can be found."""
        self._count.clear()
        self._problem.setText(sentence)
        self._problem.show()
        self._rest.start()
        for button in (self._replace, self._replace_all):
            button.refuse(sentence)

    # Qt's part

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if self.focusWidget() is self._with:
                self.replace_requested.emit()
            else:
                self.step_requested.emit(-1 if is_back else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_typed()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    # Inside

    def _on_typed(self) -> None:
        self._is_typed_in = True
        self.query_changed.emit()
        self._is_typed_in = False

    def _announce(self) -> None:
        """Say to those who hear the screen what was found; the focus is elsewhere."""
        shown = self._count if self._problem.isHidden() else self._problem
        text = shown.text()
        if not self.isHidden() and text != self._announced:
            self._announced = text
            announce(self._field, text)

    def _announce_anew(self) -> None:
        self._announced = ""  # the same may be the answer to another question

    def _chosen(self) -> Scope:
        data = self._scope.currentData()
        return tuple(data) if data else (_EVERYWHERE, None)

    def _show_replacing(self, shown: bool) -> None:  # noqa: FBT001 - a slot
        for one in (self._with, self._by):
            one.setVisible(shown)
        self._appearance.apply_icon(self._more, "down" if shown else "right", "muted")

    def _lay_out(self, steps: list[ToolButton]) -> None:
        self._find_row = _row(
            _row(*self._switches), self._scope, None, _row(self._count, *steps)
        )
        self._replace_row = _row(self._replace, self._replace_all, None)
        self._how, self._by = QWidget(), QWidget()
        self._how.setLayout(self._find_row)
        self._by.setLayout(self._replace_row)
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        grid.setHorizontalSpacing(SPACE_8)
        grid.setVerticalSpacing(SPACE_4)
        grid.addWidget(self._more, 0, 0)
        grid.addWidget(self._field, 0, 1)
        grid.addWidget(self._how, 0, 2)
        grid.addWidget(self._with, 2, 1)
        grid.addWidget(self._by, 2, 2)
        grid.addWidget(self._problem, 4, 1, 1, 2)
        grid.setColumnStretch(1, 1)

    def _turn(self) -> None:
        """Put what is beside the fields under them, where there is no room beside."""
        width = self.width() - 2 * SPACE_4
        beside = self._more.sizeHint().width() + 2 * SPACE_8 + _FIELD_LEAST
        room = width - beside
        widths = [row_width(one) for one in (self._find_row, self._replace_row)]
        is_wide = max(widths) <= room
        for part, row in ((self._how, 0), (self._by, 2)):
            place = (row, 2, 1, 1) if is_wide else (row + 1, 0, 1, 3)
            if self._grid.getItemPosition(self._grid.indexOf(part)) != place:
                self._grid.removeWidget(part)
                self._grid.addWidget(part, *place)
        columns = 1 if is_wide else 2
        for field, row in ((self._field, 0), (self._with, 2)):
            self._grid.removeWidget(field)
            self._grid.addWidget(field, row, 1, 1, columns)
        for part in (self._find_row, self._replace_row):
            turn_to_fit(part, room if is_wide else width)

    def _line(self, name: str) -> QLineEdit:
        field = LineField()
        field.setPlaceholderText(name)
        field.setAccessibleName(name)
        field.setMinimumWidth(_FIELD_LEAST)
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return field

    def _switch(self, sign: str, name: str) -> ToolButton:
        button = ToolButton()
        button.setText(sign)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setCheckable(True)
        button.setMinimumHeight(HIT_SIZE)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.toggled.connect(self.query_changed)
        return button

    def _button(self, appearance: Appearance, icon: str, text: str) -> ToolButton:
        button = ToolButton()
        button.setAccessibleName(text.partition(" (")[0])
        show_tip(button, text)
        appearance.apply_icon(button, icon, "muted")
        return button


def _row(*parts: QWidget | QLayout | None) -> QHBoxLayout:
    """Lay parts out beside each other; what is after ``None`` at the other end."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE_4)
    for part in parts:
        if isinstance(part, QLayout):
            row.addLayout(part)
        elif part is None:
            row.addStretch(1)
        else:
            row.addWidget(part)
    return row
