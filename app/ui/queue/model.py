"""The queue's list as a Qt model: a snapshot that follows the queue's events.

It has no rules of its own. A drop does not move rows; it asks (``move_requested``),
and the rows move when the queue says so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from typing_extensions import override

from app.core.errors import Action
from app.core.job import Job, JobId, JobState
from app.jobs.events import (
    JobChanged,
    JobsInserted,
    JobsRemoved,
    JobsReordered,
    QueueEvent,
    QueuePaused,
)
from app.system.clocks import now_ms
from app.ui.dragging import WriteFiles, dragged
from app.ui.queue import wording

_Index = QModelIndex | QPersistentModelIndex
JOB_IDS_MIME = "application/x-wordlight-job-ids"


_FIRST = int(Qt.ItemDataRole.UserRole)


class JobRole(IntEnum):
    """What ``JobModel`` knows of a row."""

    JOB = _FIRST + 1
    JOB_ID = _FIRST + 2
    STATE_TEXT = _FIRST + 3
    """The second line: state, numbers, how long."""
    FRACTION = _FIRST + 4
    """Share counted, 0 to 1; ``None`` where nothing is counted."""
    SENTENCE = _FIRST + 5
    """Why it needs attention; empty otherwise."""
    BUTTONS = _FIRST + 6
    """What can be pressed on the row: a tuple of ``RowButton``."""


class JobModel(QAbstractListModel):
    """The jobs, one a row.

    Args:
        now_ms: The clock, milliseconds since 1970.

    Signals:
        move_requested: Somebody dropped rows: their job ids, and the place they are
            to stand before.
    """

    move_requested = Signal(list, int)

    def __init__(self, now_ms: Callable[[], int] = now_ms) -> None:
        super().__init__()
        self._now_ms = now_ms
        self._jobs: list[Job] = []
        self._is_paused = False
        self._held: Action | None = None
        self._cost_of: Callable[[Job], str] = lambda _: ""
        self._write_files: WriteFiles | None = None

    def write_files_by(self, write: WriteFiles) -> None:
        """Let done rows that are dragged out of the window be files there."""
        self._write_files = write

    # -- following the queue --------------------------------------------------

    def show_jobs(self, jobs: Sequence[Job]) -> None:
        """Start from what the queue holds now."""
        self.beginResetModel()
        self._jobs = list(jobs)
        self.endResetModel()

    def follow(self, event: QueueEvent) -> None:
        """Take one event of the queue."""
        match event:
            case JobsInserted(at, jobs):
                if jobs:
                    self.beginInsertRows(QModelIndex(), at, at + len(jobs) - 1)
                    self._jobs[at:at] = jobs
                    self.endInsertRows()
            case JobsRemoved(at, count):
                if count:
                    self.beginRemoveRows(QModelIndex(), at, at + count - 1)
                    del self._jobs[at : at + count]
                    self.endRemoveRows()
            case JobChanged(at, job):
                self._jobs[at] = job
                index = self.index(at)
                self.dataChanged.emit(index, index)
            case JobsReordered(jobs):
                self._reorder(jobs)
            case QueuePaused(is_paused, hold):
                self._is_paused = is_paused
                self._held = None if hold is None else hold.action
                self._tell_all_changed()

    def show_costs(self, cost_of: Callable[[Job], str]) -> None:
        """Say on waiting rows what they will cost; asked for with each drawing."""
        self._cost_of = cost_of
        self._tell_all_changed()

    def refresh_times(self) -> bool:
        """Let the rows that count time be drawn again.

        Returns:
            Whether there are any, so that a clock may rest when there are none.
        """
        counting = False
        for row, job in enumerate(self._jobs):
            if job.state.is_running or (
                job.wait_until_ms is not None and not job.state.is_over
            ):
                counting = True
                index = self.index(row)
                self.dataChanged.emit(index, index, [JobRole.STATE_TEXT])
        return counting

    # -- asking ---------------------------------------------------------------

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs in their order."""
        return tuple(self._jobs)

    @property
    def is_counting(self) -> bool:
        """Whether any row shows a time that goes on."""
        return any(
            job.state.is_running or (job.wait_until_ms is not None and not job.state.is_over)
            for job in self._jobs
        )

    def job_at(self, row: int) -> Job:
        """Give the job of a row."""
        return self._jobs[row]

    def row_of(self, job_id: JobId) -> int | None:
        """Find the row of a job."""
        for row, job in enumerate(self._jobs):
            if job.job_id == job_id:
                return row
        return None

    def count(self, state: JobState) -> int:
        """Count the jobs in a state."""
        return sum(1 for job in self._jobs if job.state is state)

    def state_text(self, job: Job) -> str:
        """Say how far a job is."""
        return wording.state_text(
            job,
            now_ms=self._now_ms(),
            held=self._held,
            is_paused=self._is_paused,
            cost=self._cost_of(job) if job.state is JobState.WAITING else "",
        )

    # -- Qt -------------------------------------------------------------------

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._jobs)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._jobs):
            return None
        job = self._jobs[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return job.title
            case Qt.ItemDataRole.ToolTipRole:
                return f"{job.title}\n{job.source}" if job.title != job.source else job.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return wording.spoken(job, self.state_text(job))
            case JobRole.JOB:
                return job
            case JobRole.JOB_ID:
                return job.job_id
            case JobRole.STATE_TEXT:
                return self.state_text(job)
            case JobRole.FRACTION:
                return job.progress.fraction if job.progress and job.state.is_running else None
            case JobRole.SENTENCE:
                return wording.sentence(job)
            case JobRole.BUTTONS:
                return wording.buttons(job)
            case _:
                return None

    @override
    def roleNames(self) -> dict[int, QByteArray]:
        return {int(role): QByteArray(role.name.lower().encode()) for role in JobRole}

    @override
    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    @override
    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    @override
    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    @override
    def mimeTypes(self) -> list[str]:
        return [JOB_IDS_MIME]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        rows = sorted({index.row() for index in indexes})
        jobs = [self._jobs[row] for row in rows]
        ids = json.dumps([job.job_id for job in jobs]).encode()
        made = [job.transcript_id for job in jobs if job.transcript_id is not None]
        return dragged(JOB_IDS_MIME, ids, made, self._write_files)

    @override
    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index
    ) -> bool:
        if not data.hasFormat(JOB_IDS_MIME) or action is not Qt.DropAction.MoveAction:
            return False
        ids = [JobId(one) for one in json.loads(data.data(JOB_IDS_MIME).toStdString())]
        before = row if row >= 0 else parent.row() if parent.isValid() else len(self._jobs)
        self.move_requested.emit(ids, before)
        return False  # nothing was moved yet: the queue decides

    def _reorder(self, jobs: Sequence[Job]) -> None:
        self.layoutAboutToBeChanged.emit()
        place = {job.job_id: row for row, job in enumerate(jobs)}
        before = self.persistentIndexList()
        after = [self.index(place[self._jobs[index.row()].job_id]) for index in before]
        # Indexes are asked for before the list changes length: it does not, by contract.
        self._jobs = list(jobs)
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _tell_all_changed(self) -> None:
        if self._jobs:
            self.dataChanged.emit(self.index(0), self.index(len(self._jobs) - 1))
