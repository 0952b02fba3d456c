"""Earlier versions of the transcript, and how they differ from what is on the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QTextEdit, QWidget

from app.core.differences import Difference
from app.core.transcript import SpeakerId, Word, join_words
from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.choosing import ChoosingList
from app.ui.kit.sheet import Sheet
from app.ui.kit.tokens import SPACE_8, SPACE_12, SPACE_24
from app.ui.translate import counted
from app.ui.wording import clock

_WIDTH, _LEAST_HEIGHT = 720, 300
_LIST_LEAST, _LIST_MOST = 160, 300
_AROUND_NAME = SPACE_24 + SPACE_12
"""What is left free on both sides of the name of a version, and for a scroll bar."""
_BESIDE = 12
"""Words shown on either side of what differs."""


class VersionsSheet(Sheet):
    """Lists versions, shows the differences of one, and asks to bring it back.

    Signals:
        looked_at: A version is to be compared: its place in the list.
        restore_wanted: It is to be brought back: its place.
    """

    looked_at = Signal(int)
    restore_wanted = Signal(int)

    def __init__(
        self, appearance: Appearance, names: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(self.tr("Versions"), parent, width=_WIDTH)
        self._appearance = appearance
        self._show_again: Callable[[], None] | None = None
        appearance.theme_changed.connect(self._colour_anew)
        self._list = ChoosingList()
        self._list.setProperty("choices", True)  # noqa: FBT003 - Qt's signature
        self._list.setAccessibleName(self.tr("Versions"))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setEditTriggers(ChoosingList.EditTrigger.NoEditTriggers)
        self._list.setWordWrap(True)
        self._list.setFixedWidth(self._width_for(names))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setModel(QStringListModel(list(names), self._list))
        self._told = QLabel()
        self._told.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._told.setWordWrap(True)
        self._told.setTextFormat(Qt.TextFormat.PlainText)
        self._page = QTextEdit()
        self._page.document().setDocumentMargin(SPACE_8)
        self._page.setReadOnly(True)
        self._page.setProperty("framed", True)  # noqa: FBT003 - Qt's signature
        self._page.setAccessibleName(self.tr("Differences from the current text"))
        self._page.setMinimumHeight(_LEAST_HEIGHT)
        row = QHBoxLayout()
        row.setSpacing(SPACE_12)
        row.addWidget(self._list)
        row.addWidget(self._page, 1)
        self.body.addLayout(row, 1)
        self.body.addWidget(self._told)
        close = self.add_button(self.tr("Close"))
        close.clicked.connect(self.reject)
        self.restore_button = self.add_button(self.tr("Restore"), is_primary=True)
        self.restore_button.refuse(self.tr("Comparing…"))
        self.restore_button.clicked.connect(self._on_restore)
        self._list.selectionModel().currentChanged.connect(self._on_current_changed)

    def _width_for(self, names: Sequence[str]) -> int:
        """Give the width in which each line of a name has room, within reason."""
        metrics = self.fontMetrics()
        lines = [line for name in names for line in name.splitlines()]
        widest = max((metrics.horizontalAdvance(line) for line in lines), default=0)
        most = round(_LIST_MOST * min(self._appearance.text_scale, 1.3))
        return max(_LIST_LEAST, min(most, widest + _AROUND_NAME))

    def begin(self) -> None:
        """Show the first version."""
        self._list.doItemsLayout()  # rows are as high as the sheet says only now
        self._list.setCurrentIndex(self._list.model().index(0, 0))
        self._list.setFocus()

    @property
    def place(self) -> int:
        """Which version is looked at."""
        return self._list.currentIndex().row()

    def show_waiting(self) -> None:
        """Say that it takes a moment."""
        self._page.clear()
        self._told.setText(self.tr("Comparing…"))
        self.restore_button.refuse(self._told.text())

    def show_problem(self, sentence: str) -> None:
        """Say why a version cannot be shown."""
        self._show_again = None
        self._page.clear()
        self.restore_button.refuse(sentence)
        self._tell(sentence)

    def show_differences(
        self,
        found: Sequence[Difference],
        left_out: int,
        who: Callable[[Sequence[SpeakerId | None]], str],
        *,
        is_other: bool,
    ) -> None:
        """Show what restoring would change: what would go struck through, what would come bold.

        Args:
            found: The differences, from the page to the version.
            left_out: How many more there are.
            who: Names speakers.
            is_other: Whether anything differs, be it only what no text shows: what is struck
                out or approved, times, where paragraphs begin.
        """
        self._show_again = partial(
            self.show_differences, found, left_out, who, is_other=is_other
        )
        self._page.clear()
        cursor = self._page.textCursor()
        for one in found:
            self._write(cursor, one, who)
        cursor.setPosition(0)
        self._page.setTextCursor(cursor)
        count = len(found) + left_out
        same = self.tr("It is the same as the current text.")
        self.restore_button.refuse("" if is_other else same)
        if not found:
            self._tell(
                self.tr("The words are the same; paragraphs, marks or times differ.")
                if is_other
                else same
            )
            return
        text = counted("VersionsSheet", count, "1 difference.", "{count} differences.")
        if left_out:
            text += " " + counted(
                "VersionsSheet", left_out, "1 is not shown.", "{count} are not shown."
            )
        self._tell(text)

    def _tell(self, text: str) -> None:
        """Say what came of comparing; aloud, too, for the focus is on the list."""
        if text != self._told.text():  # else only the colours are others
            self._told.setText(text)
            announce(self._list, text)

    def _colour_anew(self) -> None:
        if self._show_again is not None:
            self._show_again()

    def _write(
        self,
        cursor: QTextCursor,
        one: Difference,
        who: Callable[[Sequence[SpeakerId | None]], str],
    ) -> None:
        plain, muted = QTextCharFormat(), QTextCharFormat()
        muted.setForeground(QColor(self._appearance.color("muted")))
        head = clock(one.start_ms)
        cursor.insertText(f"{head}  ", muted)
        if one.are_speakers_changed and one.old_speakers and one.new_speakers:
            cursor.insertText(who(one.old_speakers), self._format("bad"))
            cursor.insertText(" → ", muted)
            cursor.insertText(who(one.new_speakers), self._format("good"))
        else:
            cursor.insertText(who(one.new_speakers or one.old_speakers), muted)
        cursor.insertBlock()
        for place, piece in enumerate(one.pieces):
            if piece.is_same:
                is_last = place == len(one.pieces) - 1
                cursor.insertText(_shortened(piece.new, place == 0, is_last) + " ", plain)
                continue
            for words, role in ((piece.old, "bad"), (piece.new, "good")):
                if words:
                    cursor.insertText(join_words(words), self._format(role))
                    cursor.insertText(" ", plain)
        cursor.insertBlock()
        cursor.insertBlock()

    def _format(self, role: str) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setForeground(QColor(self._appearance.color(role)))
        if role == "bad":
            form.setFontStrikeOut(True)
        else:
            form.setFontWeight(QFont.Weight.DemiBold)
        return form

    def _on_current_changed(self) -> None:
        if self.place >= 0:
            self.looked_at.emit(self.place)

    def _on_restore(self) -> None:
        self.restore_wanted.emit(self.place)
        self.accept()


def _shortened(words: Sequence[Word], is_first: bool, is_last: bool) -> str:  # noqa: FBT001
    """Give what stands beside a difference, and no more."""
    if len(words) <= 2 * _BESIDE:
        return join_words(tuple(words))
    head = "" if is_first else join_words(tuple(words[:_BESIDE])) + " "
    tail = "" if is_last else " " + join_words(tuple(words[-_BESIDE:]))
    return f"{head}…{tail}"
