"""Where a person lets sound be sent, and how they take it back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.jobs.consent import host_of
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.rows_anew import show_rows
from app.ui.kit.tokens import SPACE_8


class AddressList(QWidget):
    """A row for each address.

    Signals:
        take_back_requested: The address that nothing is to be sent to any more.
    """

    take_back_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[str, ...] = ()
        self._none = QLabel(
            self.tr("No audio is sent anywhere yet. Wordlight asks first, for each address.")
        )
        self._none.setWordWrap(True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE_8)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(self._none)
        column.addLayout(self._rows)
        self.setLayout(column)

    def show_addresses(self, addresses: Sequence[str]) -> None:
        """Show where sound may be sent."""
        if tuple(addresses) == self._shown:
            return
        self._shown = tuple(addresses)
        show_rows(self._rows, map(self._row, addresses), otherwise=self)
        self._none.setVisible(not addresses)

    def _row(self, address: str) -> QWidget:
        host = host_of(address)
        label = ElidedLabel()
        label.setText(self.tr("Audio may be sent to {host}").replace("{host}", host))
        back = QPushButton(self.tr("Take back"))
        back.setAccessibleName(self.tr("Send no more audio to {host}").replace("{host}", host))
        back.setAutoDefault(False)
        back.clicked.connect(lambda: self.take_back_requested.emit(address))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label, 1)
        row.addWidget(back)
        line = QWidget()
        line.setLayout(row)
        return line
