"""The voices that are known by name: whose, and how they are forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.long_button import LongButton
from app.ui.kit.rows_anew import show_rows
from app.ui.kit.tokens import SPACE_8


class VoiceList(QWidget):
    """A row for each person whose voice is known.

    Signals:
        forget_requested: The name of whose voice is to be deleted.
        forget_all_requested: All of them.
    """

    forget_requested = Signal(str)
    forget_all_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._none = QLabel(self.tr("No voices are remembered."))
        self._none.setWordWrap(True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE_8)
        self.forget_all = LongButton(self.tr("Delete all remembered voices"))
        self.forget_all.setAccessibleName(self.forget_all.text())
        self.forget_all.setAutoDefault(False)
        self.forget_all.clicked.connect(self.forget_all_requested)
        bottom = QHBoxLayout()
        bottom.addWidget(self.forget_all)
        bottom.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(self._none)
        column.addLayout(self._rows)
        column.addLayout(bottom)
        self.show_names(())

    def show_names(self, names: Sequence[str], problem: str = "") -> None:
        """Show whose voices are known; a problem is said in their place."""
        show_rows(self._rows, map(self._row, names), otherwise=self)
        self._none.setText(problem or self.tr("No voices are remembered."))
        self._none.setVisible(not names)
        self.forget_all.setVisible(len(names) > 1 or bool(problem))

    def _row(self, name: str) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        label = ElidedLabel()
        label.setText(name)
        delete = QPushButton(self.tr("Delete"))
        delete.setAccessibleName(self.tr("Delete the voice of {name}").replace("{name}", name))
        delete.setAutoDefault(False)
        delete.clicked.connect(lambda: self.forget_requested.emit(name))
        row.addWidget(label, 1)
        row.addWidget(delete)
        return line
