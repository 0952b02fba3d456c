"""The rows of the queue: keys, drops of its own rows, heights."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget
from typing_extensions import override

from app.core.job import Job, JobId
from app.ui.kit.appearance import Appearance
from app.ui.kit.row_list import RowList
from app.ui.queue import wording
from app.ui.queue.model import JOB_IDS_MIME, JobModel
from app.ui.queue.rows import JobDelegate

_LAID_OUT_AT_ONCE = 200


class JobList(RowList):
    """The rows; takes drops of its own rows and leaves files to the window.

    Attributes:
        jobs: The jobs, a row each.

    Signals:
        opened: Enter on a row that has no button, or a double click: the job's id.
        row_action_requested: A row's button, by mouse or Enter: the job's id and a
            ``RowAction``.
        moved_by_key: A key may have moved to another row, or scrolled.
        move_requested: Rows were dropped: job ids, and the place to stand before.
    """

    opened = Signal(str)
    row_action_requested = Signal(str, str)
    moved_by_key = Signal()
    move_requested = Signal(list, int)

    def __init__(
        self, appearance: Appearance, model: JobModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.jobs = model
        self._is_taking_focus = False
        self.setModel(model)
        self.delegate = JobDelegate(self, appearance)
        self.delegate.button_pressed.connect(self.row_action_requested)
        self.setItemDelegate(self.delegate)
        self.setAccessibleName(self.tr("Queue"))
        self.set_up()
        self.setResizeMode(QListView.ResizeMode.Adjust)
        # Ten thousand rows are laid out some hundred at a time, between events.
        self.lay_out_some(_LAID_OUT_AT_ONCE)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.doubleClicked.connect(self._on_double_clicked)

    def selected_ids(self) -> list[JobId]:
        """Give the selected jobs in their order."""
        return [self.jobs.job_at(row).job_id for row in self.selected_rows()]

    def current_job(self) -> Job | None:
        """Give the job the keyboard is at."""
        index = self.currentIndex()
        return self.jobs.job_at(index.row()) if index.isValid() else None

    @property
    def is_taking_focus(self) -> bool:
        """Whether the focus is just coming, and a row becomes current for no other reason."""
        return self._is_taking_focus

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        # Qt makes the first row current where none is.
        self._is_taking_focus = True
        super().focusInEvent(event)
        self._is_taking_focus = False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        job = self.current_job()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and job is not None:
            buttons = wording.buttons(job)
            if buttons:
                self.row_action_requested.emit(job.job_id, buttons[0].action)
            else:
                self.opened.emit(job.job_id)
            return
        super().keyPressEvent(event)
        self.moved_by_key.emit()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._only_rows(event)

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._only_rows(event)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        if event.source() is not self:
            event.ignore()
            return
        place = self._place_at(event.position().toPoint())
        # Reported as a copy, or Qt would take the dragged rows out of the model by itself.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.setState(QAbstractItemView.State.NoState)
        self.viewport().update()
        self.move_requested.emit(self.selected_ids(), place)

    @override
    def resizeEvent(self, e: QResizeEvent) -> None:
        super().resizeEvent(e)
        if e.oldSize().width() != e.size().width():
            self.scheduleDelayedItemsLayout()  # sentences wrap anew

    @override
    def dataChanged(
        self,
        topLeft: QModelIndex | QPersistentModelIndex,
        bottomRight: QModelIndex | QPersistentModelIndex,
        roles: Sequence[int] = (),
    ) -> None:
        if topLeft == bottomRight and not self.delegate.is_other_height(topLeft):
            # QListView would lay out all rows anew, ten times a second while one counts.
            QAbstractItemView.dataChanged(self, topLeft, bottomRight, roles)
        else:
            super().dataChanged(topLeft, bottomRight, roles)

    @override
    def doItemsLayout(self) -> None:
        # Asking for each row's height costs a wait each while a thread is at work.
        is_uniform = not self.delegate.has_higher(self.jobs.jobs)
        self.setUniformItemSizes(is_uniform)
        if is_uniform:
            self.delegate.forget_heights()
        super().doItemsLayout()

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(self.jobs.job_at(index.row()).job_id)

    def _only_rows(self, event: QDragMoveEvent) -> None:
        if event.source() is not self or not event.mimeData().hasFormat(JOB_IDS_MIME):
            event.ignore()
            return
        super().dragMoveEvent(event)
        event.setDropAction(Qt.DropAction.MoveAction)
        event.accept()

    def _place_at(self, position: QPoint) -> int:
        index = self.indexAt(position)
        if not index.isValid():
            return self.jobs.rowCount()
        is_lower_half = position.y() > self.visualRect(index).center().y()
        return index.row() + (1 if is_lower_half else 0)
