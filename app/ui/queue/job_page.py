"""A job that has no transcript yet, large, in the middle of the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.job import Job, JobState
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.tokens import SPACE_8, SPACE_12, SPACE_16, SPACE_32
from app.ui.kit.turning import turn_to_fit
from app.ui.queue import wording
from app.ui.queue.model import JobModel
from app.ui.queue.wording import RowButton
from app.ui.translate import translated

_MEASURE = 520


class JobPage(QWidget):
    """Shows how far one job is, why it stopped, and what can be done.

    Signals:
        row_action_requested: A button: the job's id and a ``RowAction``.
    """

    row_action_requested = Signal(str, str)

    def __init__(self, model: JobModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._job: Job | None = None
        self._shown: tuple[RowButton, ...] = ()
        self._title = ElidedLabel()
        self._title.setProperty("title", True)  # noqa: FBT003 - Qt's signature
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._state = _centred()
        self._line = QProgressBar()
        self._line.setTextVisible(False)
        self._line.setRange(0, 1000)
        self._line.setFixedHeight(4)
        self._line.setAccessibleName(self.tr("Progress"))
        self._sentence = _centred()
        self._note = _centred()
        self._note.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SPACE_8)
        inner = QWidget()
        inner.setMaximumWidth(_MEASURE)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_12)
        column.addWidget(self._title)
        column.addWidget(self._state)
        column.addWidget(self._line)
        column.addWidget(self._sentence)
        column.addWidget(self._note)
        column.addSpacing(SPACE_8)
        column.addLayout(self._buttons)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(inner, 100)
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE_32, SPACE_16, SPACE_32, SPACE_16)
        outer.addStretch(4)
        outer.addLayout(across)
        outer.addStretch(6)
        model.dataChanged.connect(self._on_rows_changed)

    def show_job(self, job: Job) -> None:
        """Show a job; it is followed from then on."""
        self._job = job
        self._title.setText(job.title)
        self._state.setText(self._model.state_text(job))
        is_counted = job.progress is not None and job.state.is_running
        self._line.setVisible(is_counted)
        if job.progress is not None:
            self._line.setValue(round(job.progress.fraction * 1000))
        why = wording.sentence(job)
        self._sentence.setText(why)
        self._sentence.setVisible(bool(why))
        is_said = job.wait_until_ms is not None or job.state is JobState.DONE  # by the state
        note = translated(job.note) if job.note and not is_said else ""
        self._note.setText(note)
        self._note.setVisible(bool(note))
        buttons = wording.buttons(job)
        if buttons != self._shown:
            self._show_buttons(buttons)

    def _show_buttons(self, buttons: tuple[RowButton, ...]) -> None:
        self._shown = buttons
        while (item := self._buttons.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._buttons.addStretch()
        for place, button in enumerate(buttons):
            pressed = QPushButton(button.text)
            pressed.setAccessibleName(button.text)
            pressed.setProperty("primary", place == 0)
            pressed.clicked.connect(
                lambda _=False, action=button.action: self._on_pressed(action)
            )
            self._buttons.addWidget(pressed)
        self._buttons.addStretch()
        self._turn()

    @override
    def event(self, event: QEvent) -> bool:
        # With larger text the buttons need another width, and the page stays as wide.
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}:
            self._turn()
        return super().event(event)

    def _turn(self) -> None:
        turn_to_fit(self._buttons, min(_MEASURE, self.width() - 2 * SPACE_32))

    def _on_pressed(self, action: str) -> None:
        if self._job is not None:
            self.row_action_requested.emit(self._job.job_id, action)

    def _on_rows_changed(self) -> None:
        if self._job is None or not self.isVisible():
            return
        row = self._model.row_of(self._job.job_id)
        if row is not None:
            self.show_job(self._model.job_at(row))


def _centred() -> QLabel:
    label = QLabel()
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
