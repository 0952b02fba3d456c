"""The person's own words: how they are written, and how recognisers get them wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.preferences import ListedWord
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Switch
from app.ui.kit.flow import Flow
from app.ui.kit.line_field import LineField, room_for_example
from app.ui.kit.margins import margins
from app.ui.kit.rows_anew import show_rows
from app.ui.kit.tokens import SPACE_4, SPACE_8, SPACE_12, SPACE_16
from app.ui.settings.field_row import FieldRow
from app.ui.translate import counted

_WORD_LEAST, _FIELD_LEAST = 120, 180
_SHOWN = 200
"""So many rows are laid out; a longer list is narrowed by what is typed."""


class WordsPage(QWidget):
    """A row a word, with its wrong forms; a field to add one, which narrows the list too.

    Signals:
        words_changed: ``words`` gives what to keep.
        switched: Whether the list is applied to each new transcript.
    """

    words_changed = Signal()
    switched = Signal(bool)

    def __init__(
        self,
        appearance: Appearance,
        words: Sequence[ListedWord],
        *,
        applies: bool | None,
        keep: Callable[[tuple[ListedWord, ...]], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Make the page.

        Args:
            appearance: The theme.
            words: The list.
            applies: Whether it is applied to each new transcript; ``None`` for a list that
                cannot be, and is explained by what it stands in.
            keep: Gets the whole list each time it changes, if anybody wants it so.
            parent: What it is shown in.
        """
        super().__init__(parent)
        self._appearance = appearance
        self._words = list(words)
        if keep is not None:
            self.words_changed.connect(lambda: keep(self.words()))
        about = QLabel(
            self.tr(
                "Names and terms, spelled the way you want. “Apply the word list…” in a "
                "transcript's menu corrects the wrong forms and suggests words that sound "
                "alike. Speech recognition on this computer listens for these words in every "
                "recording."
            )
        )
        about.setWordWrap(True)
        about.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self.always = Switch(appearance, "")
        self.always.setAccessibleName(self.tr("Apply the word list to each new transcript"))
        always = FieldRow(appearance, self.tr("Apply to each new transcript"), self.always)
        self.always.setChecked(bool(applies))
        self.always.toggled.connect(self.switched)
        self._right = self._field(self.tr("Correct spelling, such as “Müller”"))
        self._wrong = self._field(self.tr("Wrong spellings, separated by commas"))
        self._add = QPushButton(self.tr("Add"))
        self._add.setAccessibleName(self.tr("Add the word"))
        self._add.setAutoDefault(False)
        self._add.clicked.connect(self._on_add)
        self._right.textChanged.connect(self._show)
        self.setFocusProxy(self._right)
        self._told = QLabel()
        self._told.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE_8)
        top = Flow()
        for field in (self._right, self._wrong):
            top.add(field, grows_from=room_for_example(field))
        top.add(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(margins(0, SPACE_4, SPACE_8, SPACE_16))
        column.setSpacing(SPACE_12)
        for one in (about, always):
            column.addWidget(one)
            one.setVisible(applies is not None)
        column.addWidget(top)
        column.addLayout(self._rows)
        column.addWidget(self._told)
        column.addStretch()
        self._show()

    def words(self) -> tuple[ListedWord, ...]:
        """Give the list as it is now."""
        return tuple(self._words)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() in {"\r", "\n"} and self._right.text().strip():
            self._on_add()
            event.accept()  # not for the sheet, which would close
            return
        super().keyPressEvent(event)

    def _on_add(self) -> None:
        right = " ".join(self._right.text().split())
        if not right:
            return
        wrong = _forms(self._wrong.text())
        place = next((at for at, one in enumerate(self._words) if one.right == right), None)
        if place is None:
            self._words.insert(0, ListedWord(right, wrong))
        else:
            both = dict.fromkeys((*self._words[place].wrong, *wrong))
            self._words[place] = ListedWord(right, tuple(both))
        self._right.clear()
        self._wrong.clear()
        self._right.setFocus()
        self._show()
        self.words_changed.emit()

    def _on_changed(self, right: str, text: str) -> None:
        # By the word: a field that goes with its row is left, too, and places have moved.
        forms = _forms(text)
        for place, one in enumerate(self._words):
            if one.right == right and one.wrong != forms:
                self._words[place] = ListedWord(right, forms)
                self.words_changed.emit()

    def _on_removed(self, right: str) -> None:
        self._words = [one for one in self._words if one.right != right]
        self._show()
        self.words_changed.emit()

    def _show(self) -> None:
        sought = self._right.text().strip().casefold()
        fitting = [at for at, one in enumerate(self._words) if sought in one.right.casefold()]
        rows = [self._row(self._words[place]) for place in fitting[:_SHOWN]]
        show_rows(self._rows, rows, otherwise=self._right)
        more = len(fitting) - _SHOWN
        text = counted(
            "WordsPage",
            max(more, 0),
            "{count} more; type to filter the list.",
            "{count} more; type to filter the list.",
        )
        self._told.setText(text if more > 0 else "")
        self._told.setVisible(more > 0)

    def _row(self, one: ListedWord) -> QWidget:
        right = QLabel(one.right)
        wrong = LineField(", ".join(one.wrong))
        wrong.setAccessibleName(
            self.tr("Wrong spellings of {word}").replace("{word}", one.right)
        )
        wrong.editingFinished.connect(lambda: self._on_changed(one.right, wrong.text()))
        remove = QToolButton()
        remove.setAccessibleName(self.tr("Remove {word}").replace("{word}", one.right))
        remove.setToolTip(self.tr("Remove"))
        self._appearance.apply_icon(remove, "remove")
        remove.clicked.connect(lambda: self._on_removed(one.right))
        right.setWordWrap(True)
        row = Flow()
        row.add(right, grows_from=_WORD_LEAST)
        row.add(wrong, grows_from=_FIELD_LEAST)
        row.add(remove)
        return row

    def _field(self, name: str) -> QLineEdit:
        field = LineField()
        field.setPlaceholderText(name)
        field.setAccessibleName(name)
        return field


def _forms(text: str) -> tuple[str, ...]:
    """Give wrong forms as they were typed, with commas between."""
    forms = (" ".join(one.split()) for one in text.split(","))
    return tuple(dict.fromkeys(one for one in forms if one))
