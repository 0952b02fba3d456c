"""Asks what to replace in the whole library, and shows by transcript what would be."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget
from typing_extensions import override

from app.core.finding import Query
from app.jobs.library_replacing import FoundIn
from app.ui.kit.announcing import announce
from app.ui.kit.chosen_rows import ChosenRows
from app.ui.kit.flow import Flow
from app.ui.kit.letters import text_of
from app.ui.kit.line_field import LineField, room_for_example
from app.ui.kit.sheet import Sheet
from app.ui.kit.tick_list import TickList
from app.ui.kit.tokens import SPACE_16
from app.ui.translate import counted
from app.ui.wording import by_itself, spoken_change

_WIDTH, _LIST_HEIGHT = 640, 260
_FIELD_LEAST = 240
_BEFORE, _AFTER = 24, 32


class FoundModel(ChosenRows[FoundIn]):
    """Transcripts in which something is found, all of them chosen at first."""

    @override
    def text(self, number: int) -> str:
        one = self.row(number)
        head, old, new, tail = _first(one)
        place = by_itself(f"…{head}[{old} → {new}]{tail}…")
        return f"{one.name} · {_how_often(one)}\n    {place}"

    @override
    def spoken(self, number: int) -> str:
        one = self.row(number)
        head, old, new, tail = _first(one)
        return f"{one.name} · {_how_often(one)} · {spoken_change(old, new)}: {head}{old}{tail}"


class LibraryReplaceSheet(Sheet):
    """Two fields, how it is looked for, and a row a transcript; each can be left out.

    Signals:
        look_wanted: It is to be looked for: the ``Query`` and what is to stand there.
        replace_wanted: It is to be replaced in these: a list of ``FoundIn``, the query
            they were found by, and what is to stand there.
    """

    look_wanted = Signal(object, str)
    replace_wanted = Signal(object, object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Replace in all transcripts"), parent, width=_WIDTH)
        self._looked_for: tuple[Query, str] | None = None
        self._field = self._line(self.tr("Find in all transcripts"))
        self._with = self._line(self.tr("Replace with"))
        fields = Flow()
        for field in (self._field, self._with):
            fields.add(field, grows_from=max(_FIELD_LEAST, room_for_example(field)))
        self._switches = [
            QCheckBox(text)
            for text in (
                self.tr("Whole words"),
                self.tr("Match case"),
                self.tr("Ignore accents"),
                self.tr("Regular expression"),
            )
        ]
        self._switches[0].setChecked(True)
        switches = Flow(*self._switches, spacing=SPACE_16)
        for one in self._switches:
            one.toggled.connect(self._on_edited)
        self.model = FoundModel(parent=self)
        self._list = TickList()
        self._list.setAccessibleName(self.tr("Transcripts with matches"))
        self._list.setModel(self.model)
        self._list.setProperty("framed", True)  # noqa: FBT003 - Qt's signature
        self._list.setMinimumHeight(_LIST_HEIGHT)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(fields)
        self.body.addWidget(switches)
        self.body.addWidget(self._list, 1)
        self._told = self.add_text(
            self.tr("A version of each transcript is saved before it is changed."), muted=True
        )
        close = self.add_button(self.tr("Close"))
        close.clicked.connect(self.reject)
        self.look_button = self.add_button(self.tr("Find"))
        self.look_button.setAutoDefault(False)
        self.look_button.clicked.connect(self._on_look)
        self.replace_button = self.add_button(self.tr("Replace"), is_primary=True)
        self.replace_button.setDefault(False)
        self.replace_button.setAutoDefault(False)
        self.replace_button.clicked.connect(self._on_replace)
        self._field.textChanged.connect(self._on_edited)
        self._with.textChanged.connect(self._on_edited)
        self.model.chosen_changed.connect(self._show_count)
        self._show_count()
        self._field.setFocus()

    def tell(self, text: str) -> None:
        """Say how far it is."""
        self._told.setText(text)

    def tell_result(self, text: str) -> None:
        """Say what came of it; in how many transcripts, the button to replace says."""
        self._told.setText(text)
        announce(self, text_of(self.replace_button) if self.model.chosen_count else text)

    @override
    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        if arg__1.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._on_look()
            arg__1.accept()
            return
        super().keyPressEvent(arg__1)

    @property
    def _asked(self) -> tuple[Query, str]:
        word, case, accents, pattern = (one.isChecked() for one in self._switches)
        query = Query(
            self._field.text(),
            is_case_kept=case,
            is_whole_word=word,
            is_pattern=pattern,
            ignores_accents=accents,
        )
        return query, self._with.text()

    def _on_look(self) -> None:
        query, replacement = self._asked
        self.model.clear()
        self._looked_for = None
        if query:
            self._looked_for = query, replacement
            self.look_wanted.emit(query, replacement)

    def _on_edited(self) -> None:
        """What was found is not what is asked for now."""
        if self._looked_for is not None and self._looked_for != self._asked:
            self._looked_for = None
            self.model.clear()

    def _on_replace(self) -> None:
        if self._looked_for is not None:
            self.replace_wanted.emit(self.model.chosen, *self._looked_for)
            self.accept()

    def _show_count(self) -> None:
        count = self.model.chosen_count
        text = self.tr("Replace")
        if count:
            text = counted(
                "LibraryReplaceSheet",
                count,
                "Replace in 1 transcript",
                "Replace in {count} transcripts",
            )
        self.replace_button.setText(text)
        self.replace_button.setAccessibleName(text)
        self.replace_button.refuse("" if count else self.tr("Nothing is selected."))

    def _line(self, name: str) -> QLineEdit:
        field = LineField()
        field.setPlaceholderText(name)
        field.setAccessibleName(name)
        return field


def _how_often(one: FoundIn) -> str:
    return counted("LibraryReplaceSheet", len(one.hits), "1 match", "{count} matches")


def _first(one: FoundIn) -> tuple[str, str, str, str]:
    """Give the first place: what stands before it, in it, is to stand there, and behind it."""
    hit = one.hits[0]
    text = one.transcript.paragraphs[hit.paragraph].text
    found = hit.found
    head = text[max(0, found.start - _BEFORE) : found.start]
    return head, text[found.start : found.end], found.text, text[found.end : found.end + _AFTER]
