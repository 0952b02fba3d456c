"""Voices that are known by name: whether, whose, and how they are forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.kit.appearance import Appearance
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.fields import Switch
from app.ui.kit.tokens import SPACE_8, SPACE_12, SPACE_16


class VoicesPage(QWidget):
    """A switch that is off at first, and a row for each person whose voice is known.

    Signals:
        switched: Whether voices are to be known.
        forget_requested: The name of whose voice is to be deleted.
        forget_all_requested: All of them.
    """

    switched = Signal(bool)
    forget_requested = Signal(str)
    forget_all_requested = Signal()

    def __init__(
        self, appearance: Appearance, *, is_on: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.switch = Switch(
            appearance, self.tr("Suggest names for voices I have named before")
        )
        self.switch.setChecked(is_on)
        self.switch.toggled.connect(self.switched)
        about = QLabel(
            self.tr(
                "When you name a speaker, Wordlight asks whether to remember that voice. In "
                "later recordings it suggests the name and never applies it by itself. Voices "
                "stay on this computer and are never part of an export, backup, log or report."
            )
        )
        about.setWordWrap(True)
        about.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._none = QLabel(self.tr("No voices are remembered."))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE_8)
        self.forget_all = QPushButton(self.tr("Delete all remembered voices"))
        self.forget_all.setAccessibleName(self.forget_all.text())
        self.forget_all.clicked.connect(self.forget_all_requested)
        bottom = QHBoxLayout()
        bottom.addWidget(self.forget_all)
        bottom.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_16, SPACE_12, SPACE_16)
        column.setSpacing(SPACE_12)
        column.addWidget(self.switch)
        column.addWidget(about)
        column.addWidget(self._none)
        column.addLayout(self._rows)
        column.addLayout(bottom)
        column.addStretch()
        self.show_names(())

    def show_names(self, names: Sequence[str], problem: str = "") -> None:
        """Show whose voices are known; a problem is said in their place."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for name in names:
            self._rows.addWidget(self._row(name))
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
        delete.clicked.connect(lambda: self.forget_requested.emit(name))
        row.addWidget(label, 1)
        row.addWidget(delete)
        return line
