"""The models on this computer, one under the other, and the person's own folder below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.jobs.models import ModelEntry
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.flow import Flow
from app.ui.kit.long_button import LongButton
from app.ui.kit.margins import from_left, margins, read_from_here
from app.ui.kit.tokens import SPACE_4, SPACE_8, SPACE_12
from app.ui.models.rows import TEXTS_WIDTH, ModelRow, separator
from app.ui.translate import counted


class ModelsPanel(QWidget):
    """A row a model, and the person's own folder below.

    Attributes:
        rows: The rows by the models' names.

    Signals:
        fetch_requested: Download a model, or go on with it: its name.
        cancel_requested: Stop a download; what is there stays: its name.
        remove_requested: Remove what was downloaded: its name.
        folder_requested: Choose a folder of one's own.
        folder_dropped: Use no folder of one's own any more.
    """

    fetch_requested = Signal(str)
    cancel_requested = Signal(str)
    remove_requested = Signal(str)
    folder_requested = Signal()
    folder_dropped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        about = QLabel(
            self.tr(
                "These models recognise speech without sending anything anywhere. Larger ones "
                "are more accurate, but slower, and need more memory."
            )
        )
        about.setWordWrap(True)
        about.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self.rows: dict[str, ModelRow] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(margins(0, 0, SPACE_8, SPACE_12))
        column.setSpacing(SPACE_12)
        column.addWidget(about)
        column.addLayout(self._list)
        column.addWidget(separator())
        column.addWidget(self._make_own())
        column.addStretch(1)

    def show_models(self, entries: Sequence[ModelEntry]) -> None:
        """Show what there is; rows that are known keep their progress and complaints."""
        for entry in entries:
            row = self.rows.get(entry.name)
            if row is None:
                row = self._add_row(entry.name)
            row.show_entry(entry)

    def show_progress(self, name: str, done: int, total: int) -> None:
        """Show how much of a model is there."""
        if name in self.rows:
            self.rows[name].show_progress(done, total)

    def show_rest(self, name: str, problem: str = "") -> None:
        """Show that nothing is being done to a model any more, and what went wrong."""
        if name in self.rows:
            self.rows[name].show_rest(problem)

    def show_folder(self, folder: Path | None, found: int) -> None:
        """Show which folder of one's own is used, and how many models are in it."""
        self._drop.setVisible(folder is not None)
        if folder is None:
            self._where.setText(self.tr("None. For computers without a network."))
            return
        count = counted("ModelsPanel", found, "1 model found", "{count} models found")
        if not found:
            count = self.tr("none of these models found")
        self._where.setText(read_from_here(f"{from_left(str(folder))} · {count}"))

    def _add_row(self, name: str) -> ModelRow:
        row = ModelRow(name)
        row.fetch.clicked.connect(self._asker(self.fetch_requested.emit, name))
        row.cancel.clicked.connect(self._asker(self.cancel_requested.emit, name))
        row.remove.clicked.connect(self._asker(self.remove_requested.emit, name))
        if self.rows:
            self._list.addWidget(separator())
        self._list.addWidget(row)
        self.rows[name] = row
        return row

    def _asker(self, emit: Callable[[str], None], name: str) -> Callable[[], None]:
        return lambda: emit(name)

    def _make_own(self) -> QWidget:
        title = QLabel(self.tr("Your own folder of models"))
        title.setWordWrap(True)
        title.setProperty("heading", True)  # noqa: FBT003 - Qt's signature
        self._where = ElidedLabel()
        self._where.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._drop = LongButton(self.tr("Stop using this folder"))
        self._drop.setAccessibleName(self.tr("Stop using my own folder"))
        self._drop.clicked.connect(self.folder_dropped)
        self._drop.setAutoDefault(False)
        self._drop.hide()
        choose = LongButton(self.tr("Choose…"))
        choose.setAccessibleName(self.tr("Choose my own folder of models"))
        choose.setAutoDefault(False)
        choose.clicked.connect(self.folder_requested)
        texts = QWidget()
        column = QVBoxLayout(texts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_4)
        column.addWidget(title)
        column.addWidget(self._where)
        row = Flow()
        row.add(texts, grows_from=TEXTS_WIDTH)
        row.add(Flow(self._drop, choose))
        return row
