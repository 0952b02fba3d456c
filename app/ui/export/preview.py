"""How the beginning of a file will look, and what breaks the rules of subtitles."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFont, QFontDatabase, QHelpEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QToolTip,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.export.preview import BrokenCue, Preview, TextRole
from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.tokens import SPACE_8, TEXT_SMALL, TEXT_TITLE
from app.ui.translate import counted, translated


class ExportPreview(QWidget):
    """The text as it will look, and a line about it.

    Subtitles that break a rule stand out, say why when pointed at, and are gone to one
    after the other with a button.

    Attributes:
        text: The text itself.
        summary: What is to be known of it.
        next_button: Goes to the next subtitle that breaks a rule.
        reason: What the subtitle breaks that was gone to.
    """

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._broken: tuple[BrokenCue, ...] = ()
        self._gone_to = -1
        self._to_qt: Callable[[int], int] = _same
        self.text = _Page(self._reason_at)
        self.text.setAccessibleName(self.tr("Preview"))
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.next_button = QPushButton(self.tr("Show next"))
        self.next_button.setAccessibleName(self.tr("Show the next subtitle that breaks a rule"))
        self.next_button.setAutoDefault(False)
        self.next_button.clicked.connect(self._on_next)
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        self.reason.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        about = QVBoxLayout()
        about.setSpacing(0)
        about.addWidget(self.summary)
        about.addWidget(self.reason)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addLayout(about, 1)
        row.addWidget(self.next_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(self.text, 1)
        column.addLayout(row)
        self._shown: tuple[Preview, bool] | None = None
        self._show_broken(())
        appearance.theme_changed.connect(self._colour_anew)

    def show_preview(self, preview: Preview, *, is_running_text: bool) -> None:
        """Show the beginning of a file.

        Args:
            preview: What is shown.
            is_running_text: Whether it is read by people rather than by programs.
        """
        self._shown = preview, is_running_text
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPixelSize(self._appearance.font().pixelSize())
        self.text.setFont(self.font() if is_running_text else fixed)
        top = self.text.verticalScrollBar().value()
        self._to_qt = _places_of_qt(preview.text)
        self.text.setExtraSelections([])
        self.text.setPlainText(preview.text)
        self._lay_out(preview)
        self._show_broken(preview.broken)
        self.text.verticalScrollBar().setValue(top)  # a changed option keeps the place
        self._say(self._about(preview), is_bad=bool(preview.faults))

    def _colour_anew(self) -> None:
        if self._shown is not None:
            preview, is_running_text = self._shown
            self.show_preview(preview, is_running_text=is_running_text)

    def show_failure(self, sentence: str) -> None:
        """Say why there is nothing to show."""
        self._shown = None
        self._show_broken(())
        self.text.setPlainText("")
        self._say(sentence, is_bad=True)

    # -- how it looks ---------------------------------------------------------

    def _lay_out(self, preview: Preview) -> None:
        if not preview.marks:
            return
        formats = {role: self._format_of(role) for role in TextRole}
        cursor = QTextCursor(self.text.document())
        cursor.beginEditBlock()
        for mark in preview.marks:
            cursor.setPosition(self._to_qt(mark.start))
            cursor.setPosition(self._to_qt(mark.end), QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(formats[mark.role])
        cursor.endEditBlock()

    def _format_of(self, role: TextRole) -> QTextCharFormat:
        made = QTextCharFormat()
        match role:
            case TextRole.TITLE:
                made.setFont(self._appearance.font(TEXT_TITLE, weight=600))
            case TextRole.NAME:
                made.setFontWeight(QFont.Weight.DemiBold)
            case TextRole.TIME:
                made.setFont(self._appearance.font(TEXT_SMALL, tabular=True))
                made.setForeground(self._appearance.color("muted"))
            case TextRole.QUOTE:
                made.setFontItalic(True)
            case TextRole.NOTE:
                made.setFontItalic(True)
                made.setForeground(self._appearance.color("muted"))
        return made

    # -- what breaks a rule ---------------------------------------------------

    def _show_broken(self, broken: tuple[BrokenCue, ...]) -> None:
        self._broken = broken
        self._gone_to = -1
        # Always as high, so that the button stays under the pointer.
        self.reason.setText(self.tr("Point at a marked subtitle to see what is wrong."))
        self.reason.setMinimumHeight(2 * self.reason.fontMetrics().lineSpacing())
        self.reason.setVisible(bool(broken))
        self.next_button.setVisible(bool(broken))
        selections: list[QTextEdit.ExtraSelection] = []
        for one in broken:
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.text.document())
            cursor.setPosition(self._to_qt(one.start))
            cursor.setPosition(self._to_qt(one.end), QTextCursor.MoveMode.KeepAnchor)
            role = QTextCharFormat()
            role.setBackground(self._appearance.color("bad_highlight"))
            selection.cursor = cursor
            selection.format = role
            selections.append(selection)
        self.text.setExtraSelections(selections)

    def _reason_at(self, place: int) -> str:
        """Say what the subtitle at a place of Qt's breaks; empty for nothing."""
        at = bisect_right(self._broken, place, key=lambda one: self._to_qt(one.start)) - 1
        if at < 0 or place >= self._to_qt(self._broken[at].end):
            return ""
        return self._sentence(self._broken[at])

    def _sentence(self, one: BrokenCue) -> str:
        number = self.locale().toString(one.number)
        why = " ".join(translated(fault.message) for fault in one.faults)
        return (
            self.tr("Subtitle {number}: {why}")
            .replace("{number}", number)
            .replace("{why}", why)
        )

    def _on_next(self) -> None:
        """Go to the next one, behind where a person has clicked; after the last, the first."""
        cursor = self.text.textCursor()
        if cursor.hasSelection() or not cursor.position():
            self._gone_to += 1
        else:
            self._gone_to = bisect_right(
                self._broken, cursor.position(), key=lambda one: self._to_qt(one.start)
            )
        self._gone_to %= len(self._broken)
        one = self._broken[self._gone_to]
        cursor.setPosition(self._to_qt(one.start))
        cursor.setPosition(self._to_qt(one.end), QTextCursor.MoveMode.KeepAnchor)
        self.text.setTextCursor(cursor)
        self.text.centerCursor()
        self.reason.setText(self._sentence(one))
        announce(self, self.reason.text())

    # -- the line about it ----------------------------------------------------

    def _about(self, preview: Preview) -> str:
        parts: list[str] = []
        if preview.cues:
            parts.append(
                counted("ExportPreview", preview.cues, "1 subtitle", "{count} subtitles")
            )
        for rule, count in preview.complaints():
            number = self.locale().toString(count)
            parts.append(f"{number} × {translated(rule).rstrip('.')}")
        if not preview.text.strip():
            parts.append(self.tr("With these options the file would be empty."))
        elif not preview.is_whole:
            parts.append(self.tr("Only the beginning is shown here; the file has everything."))
        return "\n".join(parts)

    def _say(self, text: str, *, is_bad: bool) -> None:
        self.summary.setText(text)
        self.summary.setVisible(bool(text))
        self.summary.setProperty("bad", is_bad)
        self.summary.setProperty("muted", not is_bad)
        self.summary.style().unpolish(self.summary)
        self.summary.style().polish(self.summary)


class _Page(QPlainTextEdit):
    """Text to be read, which says what is wrong where the pointer rests."""

    def __init__(self, reason_at: Callable[[int], str]) -> None:
        super().__init__()
        self._reason_at = reason_at
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.document().setDocumentMargin(SPACE_8)

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            self._tell(event.pos(), event.globalPos())
            return True
        return super().viewportEvent(event)

    def _tell(self, at: QPoint, on_screen: QPoint) -> None:
        reason = self._reason_at(self.cursorForPosition(at).position())
        if reason:
            QToolTip.showText(on_screen, reason, self)
        else:
            QToolTip.hideText()


def _same(place: int) -> int:
    return place


def _places_of_qt(text: str) -> Callable[[int], int]:
    """Give where Qt has a place of a text: characters beyond U+FFFF are two to it."""
    wide = [place for place, character in enumerate(text) if character > "\uffff"]
    return (lambda place: place + bisect_left(wide, place)) if wide else _same
