"""Keep the row at work in sight, until a person looks elsewhere in the list."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QListView

from app.core.job import JobId
from app.ui.queue.model import JobModel


class RunningRow(QObject):
    """Scrolls to the row at work whenever another one is taken up.

    Whoever scrolls away from it is left where they are; scrolling back to it goes on.
    """

    def __init__(self, view: QListView, model: JobModel) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._followed: JobId | None = None
        self._is_followed = True
        view.verticalScrollBar().actionTriggered.connect(self.look_again)

    @property
    def is_followed(self) -> bool:
        """Whether the list goes along with the work."""
        return self._is_followed

    def look_again(self) -> None:
        """Take note that a person moved in the list; where to is known a moment later."""
        QTimer.singleShot(0, self, self._see)

    def follow(self) -> None:
        """Scroll to the row at work, if it is another one than before."""
        job = next((job for job in self._model.jobs if job.state.is_running), None)
        if job is None or job.job_id == self._followed:
            return
        self._followed = job.job_id
        if self._is_followed:  # once rows that fold away have made room
            QTimer.singleShot(0, self, self._scroll)

    def _scroll(self) -> None:
        row = None if self._followed is None else self._model.row_of(self._followed)
        if row is not None:
            self._view.scrollTo(self._model.index(row))

    def _see(self) -> None:
        row = None if self._followed is None else self._model.row_of(self._followed)
        if row is None:
            return
        there = self._view.visualRect(self._model.index(row))
        self._is_followed = self._view.viewport().rect().intersects(there)
