"""What follows in several rooms when something happens in one of them."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.bootstrap.rooms import Rooms
from app.bootstrap.services import Services
from app.core.errors import Action
from app.core.job import Job, JobId
from app.core.messages import message
from app.core.options import CAPABILITIES, TranscriptionOptions
from app.core.preferences import Region, Settings
from app.core.transcript import TranscriptId
from app.store.stored import StoredTranscript
from app.ui.dropping import Dropped
from app.ui.stage import Page
from app.ui.tasks import Tasks
from app.ui.translate import translated
from app.ui.window import MainWindow


class Errands:
    """Does it; ``wiring`` says when."""

    def __init__(
        self,
        window: MainWindow,
        rooms: Rooms,
        services: Services,
        tasks: Tasks,
    ) -> None:
        self._window = window
        self._rooms = rooms
        self._services = services
        self._tasks = tasks
        self._job_before: JobId | None = None

    # -- what stands in the middle --------------------------------------------

    def show_job(self, job: Job | None) -> None:
        """Open the transcript of the job somebody turned to, or what there is of it so far."""
        growing = self._rooms.growing
        if job is None or job.transcript_id is None or job.failure is not None:
            growing.show(job)
        elif not growing.go_on(job.job_id, job.transcript_id):
            self._open(job.transcript_id)

    def show_transcript(self, transcript_id: str, word: int | None = None) -> None:
        """Open a transcript of the library, at a word or where one was."""
        self._rooms.queue.turn_away()
        self._job_before = None
        self._window.notice.dismiss()
        self._open(TranscriptId(transcript_id), word)

    async def reopen_last(self) -> None:
        """Open the transcript that was read last, where one was, unless that is not wanted."""
        storage = self._services.storage
        settings = storage.settings.settings
        last = TranscriptId(settings.last_transcript)
        if not settings.reopens_last or not last:
            return
        entry = await asyncio.to_thread(storage.library.entry, last)
        is_there = entry is not None and entry.deleted_ms is None
        if is_there and self._is_idle():
            self._tasks.start(self._reopen(last), "open a transcript", replace=True)

    async def _reopen(self, last: TranscriptId) -> None:
        """Open what was read last; it may make way until somebody reads it again."""
        await self._rooms.reading.open(
            last, is_wanted=self._is_idle, then=self._rooms.reopened.begin
        )

    def _is_idle(self) -> bool:
        """Tell whether nobody was quicker."""
        return self._window.page is Page.EMPTY

    def remember_opened(self, stored: StoredTranscript) -> None:
        """Note which transcript was read last."""
        known, settings = stored.entry.transcript_id, self._services.storage.settings
        if settings.settings.last_transcript != known:
            self._tasks.start(
                asyncio.to_thread(lambda: settings.change(last_transcript=known)),
                "note the last transcript",
            )

    def rename_on_page(self, name: str) -> None:
        """Give the transcript on the page another name."""
        stored = self._rooms.reading.stored
        if stored is not None:
            self._rooms.library.rename(stored.entry.transcript_id, name)

    def make_way_for_library(self) -> None:
        """Stop the sound and keep the transcript: the library stands there now."""
        self._rooms.reading.pause()
        self._tasks.start(self._rooms.reading.save(), "keep the transcript")
        self._job_before = self._rooms.queue.shown
        self._rooms.queue.turn_away()

    def go_back_from_library(self) -> None:
        """Turn to the job that was shown before the library."""
        if self._job_before is not None:
            self._rooms.queue.turn_to(self._job_before)

    def _open(self, transcript_id: TranscriptId, word: int | None = None) -> None:
        self._tasks.start(
            self._rooms.reading.open(transcript_id, word), "open a transcript", replace=True
        )

    # -- the transcript on the page -------------------------------------------

    def offer_fetching(self, stored: StoredTranscript) -> None:
        """Offer to fetch the recording of a link, where it is not here."""
        if stored.link.is_url and not stored.copy_path:
            self._rooms.fetching.offer(stored)

    def reload_sound(self, transcript_id: str) -> None:
        """Take up the recording of a transcript, which is there only now."""
        self._tasks.start(
            self._rooms.reading.reload_sound(TranscriptId(transcript_id)),
            "open the sound",
            replace=True,
        )

    def show_name(self, transcript_id: str, name: str) -> None:
        """Show another name of the transcript, if it is the one on the page."""
        self._rooms.reading.show_name(TranscriptId(transcript_id), name)

    # -- settings and key -----------------------------------------------------

    def follow_settings(self, settings: Settings) -> None:
        """Let everything that works follow settings that were changed."""
        self._services.queue.limit = settings.jobs_at_once
        self._rooms.reading.follow_settings(settings)
        self._rooms.reviewing.take_settings(settings)
        self._rooms.spelling.take_settings(settings)
        self._rooms.watching.follow_settings(settings)
        self._rooms.work.follow_settings()
        self._rooms.account.follow_settings(settings)
        self._rooms.deliveries.follow_settings(settings)
        self._rooms.updates.begin()
        self._rooms.recent.follow_settings(settings)

    def go_on_with_key(self) -> None:
        """Go on with what waited for the key, and try again what failed for want of it."""
        queue = self._services.queue

        async def go_on() -> None:
            queue.resume()
            await queue.retry(
                [
                    job.job_id
                    for job in queue.jobs
                    if job.failure is not None and job.failure.action is Action.ENTER_KEY
                ]
            )

        self._tasks.start(go_on(), "go on with the key")

    def try_other_region(self, job_id: str) -> None:
        """Use the other regional host from now on, and try the job again there."""
        now = self._services.storage.settings.settings.region
        other = Region.INDIA if now is Region.US else Region.US

        async def retry() -> None:
            await self._rooms.settings.change(region=other, base_url="")
            await self._services.queue.retry([JobId(job_id)])

        self._tasks.start(retry(), "try the other region")

    # -- from elsewhere -------------------------------------------------------

    def take_files(self, files: list[Path]) -> None:
        """Come forward and queue what another start was given."""
        self._window.come_forward()
        if files:
            self._rooms.queue.adding.take(Dropped(tuple(files)))

    def tell_refused(self, version: str) -> None:
        """Say that another start wanted to hand over what this version cannot read."""
        self._window.come_forward()
        self._window.say(
            translated(
                message(
                    "Another Wordlight ({version}) tried to add files in a way this one does "
                    "not understand. Add them here, or quit this one and start the other.",
                    version=version or "?",
                )
            ),
            is_bad=True,
            stays=True,
        )


def is_local(options: TranscriptionOptions) -> bool:
    """Tell whether recordings stay on this computer with these options."""
    return not CAPABILITIES[options.model].needs_key
