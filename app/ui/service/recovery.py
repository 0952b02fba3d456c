"""What the service still knows of a job: details, lost texts, and forgetting them."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QObject

from app.core.errors import AppError
from app.core.job import JobId
from app.jobs.queue import JobQueue
from app.jobs.recovery import Recovery
from app.ui.service.sheets import DetailsSheet
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.translate import translated


class RecoveryController(QObject):
    """Shows raw replies, looks into the service's log, asks it to forget."""

    def __init__(
        self, *, stage: Stage, queue: JobQueue, recovery: Recovery, tasks: Tasks
    ) -> None:
        super().__init__()
        self._stage = stage
        self._queue = queue
        self._recovery = recovery
        self._tasks = tasks

    def show_details(self, job_id: str) -> None:
        """Show what is known of a job, the service's own words included."""
        self._tasks.start(self._show_details(JobId(job_id)), "show details", replace=True)

    def look_in_log(self, job_id: str) -> None:
        """Look for a job's text in the service's log."""
        self._tasks.start(self._look(JobId(job_id)), f"look for {job_id}", replace=True)

    async def _show_details(self, job_id: JobId) -> None:
        job = self._queue.job(job_id)
        if job is None:
            return
        replies = await self._recovery.replies(job)
        sheet = DetailsSheet(job, job.failure, self._stage.dialog_parent, replies=replies)

        def on_forget(ids: list[str]) -> None:
            self._tasks.start(self._forget(ids, sheet), "let the service forget")

        sheet.forget_requested.connect(on_forget)
        sheet.open()

    async def _forget(self, ids: list[str], sheet: DetailsSheet) -> None:
        try:
            for request_id in ids:
                await self._recovery.forget(request_id)
            said, is_done = self.tr("The service has deleted it."), True
        except AppError as error:
            said, is_done = translated(error.message), False
        if shiboken6.isValid(sheet):
            sheet.show_forgotten(said, is_done=is_done)
        else:
            self._stage.say(said, is_bad=not is_done)

    async def _look(self, job_id: JobId) -> None:
        self._stage.say(self.tr("Checking with the service…"), stays=True)
        try:
            is_found = await self._recovery.look(job_id)
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True, stays=True)
            return
        if is_found:
            self._stage.say(
                self.tr(
                    "The service had the text, but without times. The times of the words are "
                    "estimates."
                )
            )
        else:
            self._stage.say(
                self.tr(
                    "The service has no text that is clearly from this recording. Check again "
                    "later, or try again."
                ),
                stays=True,
            )
