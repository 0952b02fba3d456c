"""The queue: which jobs there are, in what order, and a few of them at work.

What people do with jobs is here: add, cancel, try again, remove and bring back, put in
order, pause. The list itself is in ``job_list``, what is at work in ``runner``. The queue
knows neither Qt nor the network: it is given the work of one job.
"""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from app.core.errors import Action
from app.core.job import Failure, Job, JobId, JobState
from app.core.live import LiveLeft
from app.core.messages import Message
from app.core.options import TranscriptionOptions, settle
from app.core.projects import NO_PROJECT, ProjectId
from app.jobs.events import Hold
from app.jobs.job_list import JobList, Listener
from app.jobs.runner import Runner
from app.jobs.work import Doing, Work
from app.store.job_store import JobStore
from app.system.clocks import now_ms
from app.system.files import printable

_ADDED_AT_ONCE = 500
"""More rows at a time would hold up the window for longer than a person notices."""


def _with_options(job: Job, options: TranscriptionOptions) -> Job:
    """Give a job other options; its words are kept only if they are for the same ones."""
    is_same = replace(options, speakers=job.options.speakers) == job.options
    return replace(job, options=options, awaits_voices=job.awaits_voices and is_same)


@dataclass(frozen=True, slots=True)
class Removed:
    """What ``remove`` took out, to be handed to ``restore``.

    Attributes:
        jobs: In the order they stood in.
        stopped: Those that were not over yet; restored, they wait again.
    """

    jobs: tuple[Job, ...]
    stopped: frozenset[JobId] = frozenset()


class JobQueue:
    """Run jobs in the order of the list, a few at a time.

    Every step of a job reaches the listeners as a new ``Job``. A job that fails
    stays in the list with its reason, ready to be tried again; the others go on.

    Attributes:
        limit: How many jobs may be at work at once.
    """

    def __init__(
        self,
        store: JobStore,
        work: Work,
        *,
        limit: int = 2,
        now_ms: Callable[[], int] = now_ms,
        new_id: Callable[[], JobId] = lambda: JobId(uuid.uuid4().hex),
    ) -> None:
        self._store = store
        self._now_ms = now_ms
        self._new_id = new_id
        self._list = JobList(store, now_ms)
        self._runner = Runner(self._list, store, work, limit=limit, now_ms=now_ms)

    # -- looking -------------------------------------------------------------

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs in their order."""
        return self._list.jobs

    @property
    def limit(self) -> int:
        """How many jobs may be at work at once."""
        return self._runner.limit

    @limit.setter
    def limit(self, limit: int) -> None:
        self._runner.limit = limit

    @property
    def is_paused(self) -> bool:
        """Whether a person paused the queue."""
        return self._runner.is_paused

    @property
    def hold(self) -> Hold | None:
        """Why jobs of the service wait, if they do."""
        return self._runner.hold

    @property
    def is_working(self) -> bool:
        """Whether any job is at work."""
        return self._runner.is_working

    def job(self, job_id: JobId) -> Job | None:
        """Give a job by its id."""
        return self._list.job(job_id)

    def unfinished(self, options: TranscriptionOptions) -> list[Job]:
        """Give the jobs of these options that are not done, nor given up by a person."""
        settled = settle(options)
        over = {JobState.DONE, JobState.CANCELLED}
        return [job for job in self.jobs if job.state not in over and job.options == settled]

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with every event from now on; gives a function that ends this."""
        return self._list.subscribe(listener)

    # -- life ----------------------------------------------------------------

    async def open(self) -> None:
        """Bring back the kept jobs and start working.

        What was at work when the program ended goes on from its last kept step;
        what may have been billed asks instead.
        """
        kept = await asyncio.to_thread(self._recover)
        self._runner.is_open = True
        if kept:
            self._list.insert(0, kept)
        self._runner.start_waiting()

    async def open_for(self, earlier: Sequence[Job]) -> None:
        """Work on the jobs just added and on these kept ones alone; claims them all.

        Ended ones are tried again, but for what may have been billed. A job that
        another living process has is left out.
        """
        known = [one.job_id for one in earlier if one.job_id not in self._list]
        recovered = await asyncio.to_thread(
            lambda: [job for job_id in known if (job := self._runner.claim(job_id)) is not None]
        )
        for job in self.jobs:
            is_saved = self._list.is_saved(job.job_id)
            if is_saved and await asyncio.to_thread(self._runner.claim, job.job_id) is None:
                self._list.drop(job.job_id)
        self._list.insert(0, recovered)
        await self._list.change(recovered)
        await self.retry([job.job_id for job in recovered])
        self._runner.is_open = True
        self._runner.start_waiting()

    async def aclose(self) -> None:
        """Stop all work; unfinished jobs go on at the next ``open``."""
        await self._runner.aclose()
        await self._list.wait_until_written()

    async def join(self) -> None:
        """Wait until no job is at work and none could be started."""
        await self._runner.join()

    # -- acting --------------------------------------------------------------

    async def add(
        self,
        sources: Iterable[Path | str],
        options: TranscriptionOptions,
        *,
        is_url: bool = False,
        is_repeat: bool = False,
        live: LiveLeft | None = None,
        project_id: ProjectId = NO_PROJECT,
    ) -> tuple[Job, ...]:
        """Put recordings at the end of the list; they show at once and then are kept.

        Args:
            sources: Paths, or links when ``is_url``.
            options: What to ask for; each job keeps its own copy.
            is_url: Whether the service is to fetch the recordings itself.
            is_repeat: Whether to transcribe again what is in the library already.
            live: The words that were heard while it was recorded, if there are any.
            project_id: The project the transcripts go into.
        """
        settled = settle(options)
        left = iter(sources)
        added: list[Job] = []
        now = self._now_ms()  # the same for all: what was asked for in one go can be told
        while some := tuple(itertools.islice(left, _ADDED_AT_ONCE)):
            first = self.jobs[-1].position + 1 if len(self._list) else 0
            jobs = tuple(
                Job(
                    self._new_id(),
                    str(source),
                    settled,
                    created_ms=now,
                    position=first + offset,
                    is_url=is_url,
                    is_repeat=is_repeat,
                    transcript_id=None if live is None else live.transcript_id,
                    has_live_text=live is not None,
                    keeps_live_text=live is not None and live.is_final,
                    title=_title(str(source), is_url=is_url),
                    since_ms=now,
                    project_id=project_id,
                )
                for offset, source in enumerate(some)
            )
            await self._list.append(jobs)
            self._runner.start_waiting()
            added += jobs
        return tuple(added)

    async def cancel(self, job_ids: Iterable[JobId]) -> None:
        """Stop jobs, waiting or at work; what is being saved or over stays as it is."""
        stopped: list[Job] = []
        for job_id in job_ids:
            job = self.job(job_id)
            if job is None or job.state.is_over or job.state is JobState.SAVING:
                continue
            self._runner.cancel(job_id)
            stopped.append(job.moved(JobState.CANCELLED, now_ms=self._now_ms()))
        await self._list.change(stopped)

    async def retry(self, job_ids: Iterable[JobId], *, consent: bool = False) -> None:
        """Put jobs that ended without being done back to waiting, with what was kept of them.

        One that is done but for who says its words is told apart once more; nothing is
        sent for that.

        Args:
            job_ids: Which.
            consent: A person agreed to what the failure asks: to send what may have
                been billed, to do again what the library has, to use the readable
                part of a damaged recording. Without it, what may have been billed
                stays as it is.
        """
        again: list[Job] = []
        for job_id in job_ids:
            job = self.job(job_id)
            if job is None or not job.state.is_over:
                continue
            if job.state is JobState.DONE and not job.awaits_voices:
                continue  # what is done is never sent again; ``add`` a repeat of it instead
            asked = Action.NONE if job.failure is None else job.failure.action
            if asked is Action.ASK_RESEND:
                if not consent:
                    continue
                await self._list.write(self._forget_sent, job_id)
            again.append(
                replace(
                    job.moved(JobState.WAITING, now_ms=self._now_ms()),
                    note=None,
                    is_repeat=job.is_repeat or consent,
                    accepts_damage=job.accepts_damage
                    or (consent and asked is Action.USE_READABLE_PART),
                )
            )
        await self._list.change(again)
        self._runner.start_waiting()

    async def remove(self, job_ids: Iterable[JobId]) -> Removed:
        """Take jobs out of the list, stopping them first; transcripts stay in the library."""
        wanted = {job_id for job_id in job_ids if job_id in self._list}
        stopped = frozenset(
            job.job_id for job in self.jobs if job.job_id in wanted and not job.state.is_over
        )
        await self.cancel(stopped)
        gone = self._list.take(wanted)
        await self._list.write(self._remove_kept, [job.job_id for job in gone])
        await self._runner.discard(gone)
        self._runner.start_waiting()
        return Removed(gone, stopped)

    async def restore(self, removed: Removed) -> None:
        """Undo ``remove``: the jobs come back where they were; stopped ones wait again."""
        gone = [job for job in removed.jobs if job.job_id not in self._list]
        back = await self._list.write(self._bring_back, gone)
        await self._list.bring_back(back)
        came = {job.job_id for job in back}
        await self._list.change(
            [
                job.moved(JobState.WAITING, now_ms=self._now_ms())
                for job in self.jobs
                if job.job_id in removed.stopped & came and job.state is not JobState.DONE
            ]
        )
        self._runner.start_waiting()

    async def clear_finished(self) -> Removed:
        """Take all done and cancelled jobs out of the list."""
        return await self.remove(
            [
                job.job_id
                for job in self.jobs
                if job.state in {JobState.DONE, JobState.CANCELLED}
            ]
        )

    async def move(self, job_ids: Iterable[JobId], before: int) -> None:
        """Put jobs, in their present order, before the job now at place ``before``."""
        wanted = set(job_ids)
        moved = [job for job in self.jobs if job.job_id in wanted]
        head = [job for job in self.jobs[:before] if job.job_id not in wanted]
        tail = [job for job in self.jobs[before:] if job.job_id not in wanted]
        ordered = [*head, *moved, *tail]
        if [job.job_id for job in ordered] == [job.job_id for job in self.jobs]:
            return
        await self._list.order(ordered)
        self._runner.start_waiting()

    async def do_next(self, job_ids: Iterable[JobId]) -> None:
        """Put waiting jobs before all others that wait."""
        wanted = [
            job_id
            for job_id in job_ids
            if (job := self.job(job_id)) is not None and job.state is JobState.WAITING
        ]
        first = next(
            (place for place, job in enumerate(self.jobs) if job.state is JobState.WAITING), 0
        )
        await self.move(wanted, first)

    async def set_options(
        self, job_ids: Iterable[JobId], options: TranscriptionOptions
    ) -> None:
        """Give waiting jobs other options; what is at work or over keeps its own."""
        await self._list.change(
            [
                _with_options(job, settle(options))
                for job_id in job_ids
                if (job := self.job(job_id)) is not None and job.state is JobState.WAITING
            ]
        )
        self._runner.start_waiting()

    async def note_duration(self, job_id: JobId, duration_ms: int) -> None:
        """Note how long the recording of a waiting job is, found out before its turn."""
        job = self.job(job_id)
        if job is not None and job.state is JobState.WAITING and job.duration_ms is None:
            await self._list.change([replace(job, duration_ms=duration_ms)])

    async def refuse(self, job_id: JobId, failure: Failure) -> None:
        """Say of a waiting job that its turn will not help, before that comes."""
        job = self.job(job_id)
        is_waiting = job is not None and job.state is JobState.WAITING
        if job is not None and is_waiting and not self._runner.is_at(job_id):
            await self._list.change([job.failed(failure, now_ms=self._now_ms())])

    async def resume_with(self, job_id: JobId, doing: Doing) -> None:
        """Do other work for a job that rests, such as keeping what the service delivered.

        Steps, failures and cancelling are treated as in a usual run.
        """
        await self._runner.do(job_id, doing)

    async def rename(self, job_id: JobId, title: str) -> None:
        """Show a job under another name."""
        job = self.job(job_id)
        if job is not None and title.strip():
            await self._list.change([replace(job, title=_in_one_line(title))])

    def pause(self) -> None:
        """Start no further job; what is at work goes on."""
        self._runner.set_pause(is_paused=True, hold=self.hold)

    def resume(self) -> None:
        """Start jobs again, those held back for the service too."""
        self._runner.set_pause(is_paused=False, hold=None)
        self._runner.start_waiting()

    def wait_for_restart(self, why: Message) -> None:
        """Start no further job of any kind; what is at work goes on."""
        self._runner.set_pause(is_paused=self.is_paused, hold=Hold(why, Action.RESTART))

    def skip_wait(self, job_id: JobId) -> None:
        """End a visible wait before another try at once."""
        self._runner.skip_wait(job_id)

    # -- inside: each blocks -------------------------------------------------

    def _recover(self) -> tuple[Job, ...]:
        """Give the kept jobs as they should go on, but those of other processes."""
        elsewhere = self._store.claimed_elsewhere()
        jobs: list[Job] = []
        for kept in self._store.load():
            job = kept if kept.job_id not in elsewhere else None
            if job is not None and job.state.is_running:
                job = self._runner.claim(job.job_id)
                if job is not None:
                    self._store.update(job)
                    self._store.release(job.job_id)
            if job is not None:
                jobs.append(job)
        return tuple(jobs)

    def _forget_sent(self, job_id: JobId) -> None:
        for part in self._store.steps.sent_without_reply(job_id):
            self._store.steps.note_refused(job_id, part)

    def _remove_kept(self, job_ids: Sequence[JobId]) -> None:
        self._store.remove(job_ids, at_ms=self._now_ms())

    def _bring_back(self, jobs: Sequence[Job]) -> list[Job]:
        """Undo a removal; gives the jobs, those that got done meanwhile as done."""
        self._store.restore([job.job_id for job in jobs])
        back: list[Job] = []
        for job in jobs:
            kept = self._store.get(job.job_id) if job.state is JobState.SAVING else None
            back.append(job if kept is None else kept)
        return back


def _title(source: str, *, is_url: bool) -> str:
    """Name a recording after its file, as a person would read it."""
    if is_url:
        parts = urlsplit(source)
        return _in_one_line(unquote(PurePosixPath(parts.path).name)) or parts.netloc
    name = Path(source).name.encode("utf-8", "replace").decode("utf-8")
    return _in_one_line(name) or printable(name)


def _in_one_line(name: str) -> str:
    """Give a name as a row can show it: whatever bytes it holds, and without line breaks."""
    return printable(" ".join(name.split()))
