"""How the beginning of a file will look, and what breaks the rules of subtitles."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from app.export.preview import Preview
from app.ui.theme import SPACE_8, Appearance
from app.ui.translate import counted, translated


class ExportPreview(QWidget):
    """The text, and a line about it.

    Attributes:
        text: The text itself.
        summary: What is to be known of it.
    """

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Preview"))
        self.text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.text.document().setDocumentMargin(SPACE_8)
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setAccessibleName(self.tr("About the preview"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(self.text, 1)
        column.addWidget(self.summary)

    def show_preview(self, preview: Preview, *, is_running_text: bool) -> None:
        """Show the beginning of a file.

        Args:
            preview: What is shown.
            is_running_text: Whether it is read by people rather than by programs.
        """
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        self.text.setFont(self.font() if is_running_text else fixed)
        top = self.text.verticalScrollBar().value()
        self.text.setPlainText(preview.text)
        self.text.verticalScrollBar().setValue(top)  # a changed option keeps the place
        self._say(self._about(preview), is_bad=bool(preview.faults))

    def show_failure(self, sentence: str) -> None:
        """Say why there is nothing to show."""
        self.text.setPlainText("")
        self._say(sentence, is_bad=True)

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
            parts.append(self.tr("Nothing would be written with these options."))
        elif not preview.is_whole:
            parts.append(self.tr("This is the beginning; the file has all of it."))
        return "\n".join(parts)

    def _say(self, text: str, *, is_bad: bool) -> None:
        self.summary.setText(text)
        self.summary.setVisible(bool(text))
        self.summary.setProperty("bad", is_bad)
        self.summary.setProperty("muted", not is_bad)
        self.summary.style().unpolish(self.summary)
        self.summary.style().polish(self.summary)
