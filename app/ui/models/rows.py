"""One model on this computer: what it is good for, how long it takes, what can be done."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.core.models import DEVICE_NAMES, TIER_NAMES
from app.jobs.models import ModelEntry
from app.ui.kit.announcing import announce
from app.ui.kit.flow import Flow
from app.ui.kit.margins import read_from_here
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_12, SPACE_16
from app.ui.translate import counted, language_name, translated
from app.ui.wording import time_for_an_hour

_STEPS = 1000
TEXTS_WIDTH = 220
"""With less room than this beside them, the buttons stand under what is said."""


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
        self._recommended = QLabel(self.tr("Recommended"))
        self._recommended.setProperty("chip", True)  # noqa: FBT003 - Qt's signature
        self._recommended.hide()
        self._pace = QLabel()
        self._pace.setWordWrap(True)
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
        texts = QWidget()
        column = QVBoxLayout(texts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_4)
        column.addWidget(Flow(self._name, self._recommended, self._state))
        for one in (self._pace, self._facts, self._line, self._problem):
            column.addWidget(one)
        flow = Flow(spacing=SPACE_16)
        flow.add(texts, grows_from=TEXTS_WIDTH)
        flow.add(Flow(self.fetch, self.cancel, self.remove))
        row = QVBoxLayout(self)
        row.setContentsMargins(0, SPACE_12, 0, SPACE_12)
        row.addWidget(flow)

    def show_entry(self, entry: ModelEntry) -> None:
        """Show what is known of the model now."""
        self._entry = entry
        tier = entry.tier
        self._name.setText(entry.name if tier is None else translated(TIER_NAMES[tier]))
        self._recommended.setVisible(entry.is_recommended)
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
        was_fetching, self._is_fetching = self._is_fetching, False
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._show()
        if problem or (was_fetching and self._state.text()):
            announce(self, f"{self._name.text()}: {problem or self._state.text()}")

    def _show(self) -> None:
        entry = self._entry
        if entry is None:
            return
        is_here = entry.is_installed and not self._is_fetching
        self._state.setText(_state(self, entry) if not self._is_fetching else "")
        self._state.setProperty("good", is_here)
        self._state.style().unpolish(self._state)
        self._state.style().polish(self._state)
        self._pace.setText(_pace(self, entry))
        self._pace.setVisible(bool(self._pace.text()) and not self._is_fetching)
        self._facts.setText(read_from_here(_facts(self, entry)))
        self._line.setVisible(self._is_fetching)
        self.fetch.setText(self.tr("Resume") if entry.begun_bytes else self.tr("Download"))
        self.fetch.setAccessibleName(f"{self.fetch.text()} {entry.name}")
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


def _pace(row: ModelRow, entry: ModelEntry) -> str:
    """Say how long it takes here; before it was ever used, when that will be known."""
    if entry.ms_per_second is None:
        told = row.tr("You will see how fast it is here after the first recording.")
        return told if entry.is_installed else ""
    pace = time_for_an_hour(entry.ms_per_second)
    if entry.device is not None:
        pace = f"{pace} · {translated(DEVICE_NAMES[entry.device])}"
    return pace[:1].upper() + pace[1:]


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
    facts = [languages, takes, licence]
    if entry.tier is not None:
        facts.insert(0, entry.name)
    if entry.credit:
        facts.append(entry.credit)
    return " · ".join(facts)


def _room(size_bytes: int) -> str:
    """Write a size; models of 1.5 and 2 GB are to be told apart."""
    places = 1 if size_bytes >= 1_000_000_000 else 0
    kind = QLocale.DataSizeFormat.DataSizeSIFormat
    return QLocale().formattedDataSize(size_bytes, places, kind)


def separator() -> QFrame:
    """Give a thin line between two rows."""
    line = QFrame()
    line.setFrameShape(QFrame.Shape.NoFrame)
    line.setProperty("separator", True)  # noqa: FBT003 - Qt's signature
    line.setFixedHeight(1)
    return line
