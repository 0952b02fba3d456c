"""Make what a recogniser needs of a job's recording, as an earlier run of the job began."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.audio.cache import PlaybackCache
from app.audio.plan import PartLimits, Plan, make_plan, smaller
from app.audio.prepare import DamagedError, LongerError, Prepared, prepare
from app.core.job import Job, JobId, Progress, ProgressUnit
from app.core.recording import Recording
from app.jobs.job_progress import JobProgress
from app.jobs.preparation import Preparation, UnreadableError
from app.store.job_steps import JobSteps
from app.store.kept_options import words_text
from app.store.paths import AppPaths
from app.store.settings import SettingsStore

_NEVER_SPLIT_MS = 24 * 3_600_000
"""Longer than anything: a job that is called back about goes in one piece."""


class Preparing:
    """Prepares recordings in the folders of their jobs, and keeps how."""

    def __init__(
        self,
        *,
        paths: AppPaths,
        job_steps: JobSteps,
        settings: SettingsStore,
        cache: PlaybackCache,
        free_bytes: Callable[[Path], int],
    ) -> None:
        self._paths = paths
        self._job_steps = job_steps
        self._settings = settings
        self._cache = cache
        self._free_bytes = free_bytes

    async def prepare(
        self, progress: JobProgress, recording: Recording, content_hash: str
    ) -> Prepared:
        """Make what the recogniser needs, in the form an earlier run began with.

        Raises:
            AppError: The recording cannot be decoded, or there is no room.
        """
        job = progress.job
        await asyncio.to_thread(self.begin, job, content_hash)
        progress.show(duration_ms=recording.duration_ms)
        plan = await self._plan(job, recording)
        try:
            return await self.carry_out(progress, recording, plan)
        except LongerError as error:
            longer = replace(recording, duration_ms=error.duration_ms)
            return await self.carry_out(progress, longer, await self._plan(job, longer))

    async def plan_smaller(self, job: Job, recording: Recording) -> Plan | None:
        """Give the next smaller plan; ``None`` when nothing smaller is left to try."""
        return smaller(await self._plan(job, recording))

    async def carry_out(
        self, progress: JobProgress, recording: Recording, plan: Plan
    ) -> Prepared:
        """Prepare a recording by a plan, and keep how.

        Raises:
            AppError: The recording cannot be decoded, or there is no room.
        """
        job_id = progress.job.job_id

        def count(done_ms: int, total_ms: int) -> None:
            progress.count(Progress(done_ms, total_ms, ProgressUnit.MILLISECONDS))

        folder = await asyncio.to_thread(self._paths.job_folder, job_id)
        try:
            prepared = await self._make(recording, plan, folder, count)
        except DamagedError as error:
            if not progress.job.accepts_damage:
                raise
            recording = replace(recording, damaged_at_ms=error.damaged_at_ms)
            plan = make_plan(recording, progress.job.options, self._limits(progress.job))
            prepared = await self._make(recording, plan, folder, count)
        await asyncio.to_thread(self._save, job_id, plan, prepared)
        progress.show(
            note=prepared.note, remark=prepared.remark, duration_ms=prepared.duration_ms
        )
        return prepared

    def begin(self, job: Job, content_hash: str) -> None:
        """Forget what was kept of another recording at this place, or for other options.

        So is what was kept with a preparation that cannot be read: nobody can say which
        parts the replies belong to. Blocks.
        """
        asked = f"{content_hash} {words_text(job.options)}"
        try:
            begun = self.known(job.job_id)
            is_other = begun is not None and not begun.fits(asked)
        except UnreadableError:
            begun, is_other = None, True
        if is_other:
            self._job_steps.forget(job.job_id)
            self._paths.remove_job_folder(job.job_id)
            begun = None
        if begun is None:
            self._job_steps.save_preparation(job.job_id, Preparation(asked).to_json())

    def known(self, job_id: JobId) -> Preparation | None:
        """Give how a job was prepared, or nothing if it never was; blocks.

        Raises:
            UnreadableError: What was kept makes no sense.
        """
        text = self._job_steps.preparation(job_id)
        return None if text is None else Preparation.from_json(text)

    async def _plan(self, job: Job, recording: Recording) -> Plan:
        """Plan anew, or as an earlier run of the job began."""
        plan = make_plan(recording, job.options, self._limits(job))
        begun = await asyncio.to_thread(self.known, job.job_id)
        return plan if begun is None else begun.resumed(plan)

    async def _make(
        self, recording: Recording, plan: Plan, folder: Path, count: Callable[[int, int], None]
    ) -> Prepared:
        return await prepare(
            recording, plan, folder, count, cache=self._cache, free_bytes=self._free_bytes
        )

    def _limits(self, job: Job) -> PartLimits:
        if job.options.by_webhook:
            return PartLimits(split_ms=_NEVER_SPLIT_MS)
        return PartLimits(split_ms=self._settings.settings.split_ms)

    def _save(self, job_id: JobId, plan: Plan, prepared: Prepared) -> None:
        """Keep how the job was cut, and forget replies to parts that were cut otherwise."""
        before = self.known(job_id) or Preparation(None)
        now = before.prepared(plan, prepared.parts)
        if before.is_cut_otherwise(now):
            self._job_steps.forget(job_id)
        if before != now:
            self._job_steps.save_preparation(job_id, now.to_json())
