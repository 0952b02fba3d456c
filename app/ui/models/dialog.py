"""The models on this computer: what each takes and knows, fetched and removed one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.core.models import DEVICE_NAMES
from app.jobs.models import ModelEntry
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.sheet import Sheet
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_8, SPACE_12, SPACE_16
from app.ui.translate import counted, language_name, translated
from app.ui.wording import package_name, time_for_an_hour

_STEPS = 1000


class ModelsDialog(Sheet):
    """A row a model, and the person's own folder below.

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
        super().__init__(self.tr("Models on this computer"), parent, width=580)
        self.add_text(
            self.tr(
                "These models recognise speech without sending anything anywhere. Larger ones "
                "are more accurate, but slower, and need more memory."
            )
        )
        self._rows: dict[str, ModelRow] = {}
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, SPACE_8, 0)
        self._list.setSpacing(0)
        self._list.addStretch()
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(self.tr("Models"))
        area.setMinimumHeight(420)
        area.setWidget(inner)
        self.body.addWidget(area, 1)
        self.body.addWidget(_line())
        self.body.addLayout(self._make_own())
        close = self.add_button(self.tr("Close"), is_primary=True)
        close.clicked.connect(self.accept)

    def show_models(self, entries: Sequence[ModelEntry]) -> None:
        """Show what there is; rows that are known keep their progress and complaints."""
        for entry in entries:
            row = self._rows.get(entry.name)
            if row is None:
                row = self._add_row(entry.name)
            row.show_entry(entry)

    def show_progress(self, name: str, done: int, total: int) -> None:
        """Show how much of a model is there."""
        if name in self._rows:
            self._rows[name].show_progress(done, total)

    def show_rest(self, name: str, problem: str = "") -> None:
        """Show that nothing is being done to a model any more, and what went wrong."""
        if name in self._rows:
            self._rows[name].show_rest(problem)

    def show_folder(self, folder: Path | None, found: int) -> None:
        """Show which folder of one's own is used, and how many models are in it."""
        self._drop.setVisible(folder is not None)
        if folder is None:
            self._where.setText(self.tr("None. For computers without a network."))
            return
        count = counted("ModelsDialog", found, "1 model found", "{count} models found")
        if not found:
            count = self.tr("none of these models found")
        self._where.setText(f"{folder} · {count}")

    def _add_row(self, name: str) -> ModelRow:
        row = ModelRow(name)
        row.fetch.clicked.connect(self._asker(self.fetch_requested.emit, name))
        row.cancel.clicked.connect(self._asker(self.cancel_requested.emit, name))
        row.remove.clicked.connect(self._asker(self.remove_requested.emit, name))
        if self._rows:
            self._list.insertWidget(self._list.count() - 1, _line())
        self._list.insertWidget(self._list.count() - 1, row)
        self._rows[name] = row
        return row

    def _asker(self, emit: Callable[[str], None], name: str) -> Callable[[], None]:
        return lambda: emit(name)

    def _make_own(self) -> QHBoxLayout:
        title = QLabel(self.tr("Your own folder of models"))
        title.setProperty("heading", True)  # noqa: FBT003 - Qt's signature
        self._where = ElidedLabel()
        self._where.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._drop = QPushButton(self.tr("Stop using this folder"))
        self._drop.setAccessibleName(self.tr("Stop using my own folder"))
        self._drop.clicked.connect(self.folder_dropped)
        self._drop.hide()
        choose = QPushButton(self.tr("Choose…"))
        choose.setAccessibleName(self.tr("Choose my own folder of models"))
        choose.clicked.connect(self.folder_requested)
        texts = QVBoxLayout()
        texts.setSpacing(SPACE_4)
        texts.addWidget(title)
        texts.addWidget(self._where)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addLayout(texts, 1)
        row.addWidget(self._drop)
        row.addWidget(choose)
        return row


class ModelRow(QWidget):
    """One model: its name, what it takes, and what can be done about it.

    Attributes:
        fetch: *Download*, or *Go on*.
        cancel: *Cancel*.
        remove: *Remove*.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self._is_fetching = False
        self._entry: ModelEntry | None = None
        self._name = QLabel(name)
        self._name.setProperty("heading", True)  # noqa: FBT003 - Qt's signature
        self._state = QLabel()
        self._facts = QLabel()
        self._facts.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._facts.setWordWrap(True)
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        self._problem.setProperty("bad", True)  # noqa: FBT003 - Qt's signature
        self._problem.hide()
        self._line = QProgressBar()
        self._line.setRange(0, _STEPS)
        self._line.setTextVisible(False)
        self._line.setFixedHeight(4)
        self._line.setAccessibleName(self.tr("Download of {name}").replace("{name}", name))
        self._line.hide()
        self.fetch = self._button(self.tr("Download"), name)
        self.cancel = self._button(self.tr("Cancel"), name)
        self.remove = self._button(self.tr("Remove"), name)
        head = QHBoxLayout()
        head.setSpacing(SPACE_8)
        head.addWidget(self._name)
        head.addWidget(self._state)
        head.addStretch()
        texts = QVBoxLayout()
        texts.setSpacing(SPACE_4)
        texts.addLayout(head)
        texts.addWidget(self._facts)
        texts.addWidget(self._line)
        texts.addWidget(self._problem)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, SPACE_12, 0, SPACE_12)
        row.setSpacing(SPACE_16)
        row.addLayout(texts, 1)
        for button in (self.fetch, self.cancel, self.remove):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_entry(self, entry: ModelEntry) -> None:
        """Show what is known of the model now."""
        self._entry = entry
        self._name.setText(package_name(entry.name, entry.tier))
        self._show()

    def show_progress(self, done: int, total: int) -> None:
        """Show how much is there."""
        self._is_fetching = True
        self._line.setValue(done * _STEPS // max(1, total))
        self._problem.hide()
        self._show()
        self._facts.setText(
            self.tr("{done} of {total}")
            .replace("{done}", _room(done))
            .replace("{total}", _room(total))
        )

    def show_rest(self, problem: str = "") -> None:
        """Show that nothing is being done to it."""
        self._is_fetching = False
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._show()

    def _show(self) -> None:
        entry = self._entry
        if entry is None:
            return
        is_here = entry.is_installed and not self._is_fetching
        self._state.setText(_state(self, entry) if not self._is_fetching else "")
        self._state.setProperty("good", is_here)
        self._state.style().unpolish(self._state)
        self._state.style().polish(self._state)
        self._facts.setText(_facts(self, entry))
        self._line.setVisible(self._is_fetching)
        self.fetch.setText(self.tr("Resume") if entry.begun_bytes else self.tr("Download"))
        self.fetch.setVisible(not entry.is_installed and not self._is_fetching)
        self.cancel.setVisible(self._is_fetching)
        can_remove = entry.is_removable or (bool(entry.begun_bytes) and not entry.is_installed)
        self.remove.setVisible(can_remove and not self._is_fetching)

    def _button(self, text: str, name: str) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(f"{text} {name}")
        button.setMinimumHeight(HIT_SIZE)
        button.setAutoDefault(False)
        button.hide()
        return button


def _state(row: ModelRow, entry: ModelEntry) -> str:
    if entry.is_own:
        return row.tr("in your folder")
    if entry.is_installed:
        return row.tr("downloaded") if entry.is_removable else row.tr("installed")
    return row.tr("partly downloaded") if entry.begun_bytes else ""


def _facts(row: ModelRow, entry: ModelEntry) -> str:
    if len(entry.languages) == 1:
        languages = row.tr("{language} only").replace(
            "{language}", language_name(entry.languages[0])
        )
    else:
        languages = counted(
            "ModelRow", len(entry.languages), "{count} language", "{count} languages"
        )
    takes = _room(entry.size_bytes)
    if entry.begun_bytes and not entry.is_installed:
        takes = (
            row.tr("{done} of {total} downloaded")
            .replace("{done}", _room(entry.begun_bytes))
            .replace("{total}", takes)
        )
    licence = row.tr("{licence} licence").replace("{licence}", entry.licence)
    facts = [takes, languages, licence]
    if entry.ms_per_second is not None:
        facts.append(time_for_an_hour(entry.ms_per_second))
        if entry.device is not None:
            facts.append(translated(DEVICE_NAMES[entry.device]))
    if entry.credit:
        facts.append(entry.credit)
    return " · ".join(facts)


def _room(size_bytes: int) -> str:
    """Write a size; models of 1.5 and 2 GB are to be told apart."""
    places = 1 if size_bytes >= 1_000_000_000 else 0
    kind = QLocale.DataSizeFormat.DataSizeSIFormat
    return QLocale().formattedDataSize(size_bytes, places, kind)


def _line() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.NoFrame)
    line.setProperty("separator", True)  # noqa: FBT003 - Qt's signature
    line.setFixedHeight(1)
    return line
