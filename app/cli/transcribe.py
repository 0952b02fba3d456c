"""``wordlight transcribe``: the durable queue without a window."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.bootstrap.exporting import make_exporter
from app.bootstrap.services import Services, Storage, open_services
from app.cli.consent import ask_in_terminal
from app.cli.language import reader_labels
from app.cli.output import STANDARD_OUTPUT, Output, requests_of
from app.cli.progress import JsonEvents, TerminalProgress, events_for
from app.cli.terminal import logged
from app.core.errors import StorageError
from app.core.job import Job, JobState
from app.core.language_doubt import doubted_language
from app.core.languages import LANGUAGES
from app.core.messages import Message, message
from app.core.options import AUTO, CAPABILITIES, Feature, TranscriptionOptions, settle
from app.core.timecode import clock
from app.core.transcript import Transcript, TranscriptId
from app.core.utterances import Times
from app.jobs.events import JobChanged, JobsInserted, QueueEvent
from app.jobs.intake import gather
from app.jobs.spending import Bill
from app.ondevice.catalog import BASE, PACKAGES
from app.store.audio_links import is_there
from app.store.paths import AppPaths


async def transcribe(arguments: argparse.Namespace, options: TranscriptionOptions) -> int:
    """Transcribe files and write what was asked for; gives the exit status.

    A run that was stopped goes on when the same is asked again: jobs with the same
    recording and options are taken up, and what is done is only written out. With
    ``--again`` what is done is done again, unless a run that was stopped did it.
    """
    storage = await asyncio.to_thread(Storage.open, AppPaths.find())
    with logged(storage.paths):
        try:
            shown = events_for(
                in_json=arguments.json, to_standard_output=arguments.output == STANDARD_OUTPUT
            )
            if storage.notice is not None:
                shown.notice(storage.notice)
            async with open_services(storage) as services:
                return await _Run(services, arguments, settle(options), shown).go()
        finally:
            await asyncio.to_thread(storage.close)


_NO_LINKS = message(
    "only Pulse can transcribe links; add --model pulse, or download the recording and "
    "give the file name"
)


_MOST_SPANS = 9


async def _refuse(_bill: Bill) -> bool:
    """Answer for a person who said beforehand what may be spent."""
    return False


class _Run:
    """One run over the files of one command."""

    def __init__(
        self,
        services: Services,
        arguments: argparse.Namespace,
        options: TranscriptionOptions,
        shown: JsonEvents | TerminalProgress,
    ) -> None:
        self._services = services
        self._options = options
        if arguments.max_cost is not None:
            services.spending.limit = arguments.max_cost
            services.spending.ask = _refuse
        services.spending.consent.ask = ask_in_terminal(is_agreed=arguments.send_sound)
        self._again: bool = arguments.again
        self._files: Sequence[Path | str] = arguments.files
        self._shown = shown
        self._output = Output(
            make_exporter(
                services.storage.library, reader_labels(), look=services.storage.look
            ),
            requests=requests_of(arguments, services.storage.settings.settings),
            to_standard_output=arguments.output == STANDARD_OUTPUT,
            events=self._shown,
        )

    async def go(self) -> int:
        """Do the files; gives 0, or 1 if something failed."""
        intake = await asyncio.to_thread(gather, self._files)
        for refused in intake.refused:
            self._shown.fail(refused.name, refused.reason)
        if (left_out := intake.left_out.sentence()) is not None:
            self._shown.notice(left_out)
        queue = self._services.queue
        queue.subscribe(self._on_event)
        wanted = await self._jobs_for(intake.files)
        takes_links = Feature.BY_URL in CAPABILITIES[self._options.model].features
        if takes_links:
            wanted += await self._jobs_for(intake.links)
        else:
            for link in intake.links:
                self._shown.fail(link, _NO_LINKS)
        left = [job for job in wanted if job.state is not JobState.DONE or job.awaits_voices]
        await queue.open_for(left)
        await queue.join()
        for path in intake.transcripts:
            self._shown.fail(path.name, message("this is a transcript; use wordlight import"))
        failed = bool(intake.refused or intake.transcripts)
        failed = failed or bool(intake.links and not takes_links)
        for job in wanted:
            now = queue.job(job.job_id) or job
            failed = not await self._write_out(now) or failed
        self._shown.close()
        return 1 if failed else 0

    async def _jobs_for(self, files: Sequence[Path] | Sequence[str]) -> list[Job]:
        """Take up the job of an earlier run for each file or link, or make a new one."""
        wanted = {str(file) for file in files}
        earlier = await asyncio.to_thread(self._earlier, wanted)
        if self._again:
            earlier = _of_stopped_run(earlier)
        jobs: list[Job] = []
        new: list[Path | str] = []
        for file in files:
            job = earlier.get(str(file))
            if job is None:
                new.append(file)
            else:
                jobs.append(job)
        is_url = any(isinstance(file, str) for file in files)
        added = await self._services.queue.add(
            new, self._options, is_url=is_url, is_repeat=True
        )
        order = {str(file): place for place, file in enumerate(files)}
        return sorted([*jobs, *added], key=lambda job: order[job.source])

    def _earlier(self, wanted: set[str]) -> dict[str, Job]:
        """Give jobs of the same options whose recording has not changed; blocks."""
        store, library = self._services.storage.jobs, self._services.storage.library
        found: dict[str, Job] = {}
        # the latest of a recording counts: it was asked for with --again
        for job in sorted(store.load(), key=lambda one: one.created_ms):
            if job.source not in wanted or job.options != self._options:
                continue
            if job.state is JobState.DONE:
                if job.transcript_id is None or library.entry(job.transcript_id) is None:
                    continue
                link = library.record(job.transcript_id).link
                if not job.is_url and not is_there(link):
                    continue  # the recording is another one now
            found[job.source] = job
        return found

    def _on_event(self, event: QueueEvent) -> None:
        if isinstance(event, JobChanged):
            self._shown.show(event.job)
        elif isinstance(event, JobsInserted):
            for job in event.jobs:
                self._shown.show(job)

    async def _tell_doubts(self, transcript_id: TranscriptId, name: str) -> None:
        library = self._services.storage.library
        try:
            stored = await asyncio.to_thread(library.load, transcript_id)
        except StorageError:
            return  # what writes it tells why
        for told in (
            missed(stored.transcript.wordless),
            misheard(stored.transcript, stored.options),
        ):
            if told is not None:
                self._shown.notice(told, name)

    async def _write_out(self, job: Job) -> bool:
        if job.state is JobState.DONE and job.transcript_id is not None:
            for told in (job.remark, job.note if job.awaits_voices else None):
                if told is not None:
                    self._shown.notice(told, job.title)
            await self._tell_doubts(job.transcript_id, job.title)
            return await self._output.write(job.transcript_id, job.source)
        reason = message("it was not finished")
        if self._services.queue.job(job.job_id) is None:
            reason = message(
                "another Wordlight is working on it; run this again when that is done"
            )
        if job.failure is not None:
            reason = job.failure.message
        elif (hold := self._services.queue.hold) is not None:
            reason = hold.message
        elif job.state is JobState.AWAITING_SERVICE:
            reason = message("the result comes by webhook; open Wordlight to receive it")
        self._shown.fail(job.source, reason)
        return False


def missed(spans: Sequence[Times]) -> Message | None:
    """Say where somebody speaks and no words were heard, if anywhere.

    A text shows no hole where words are missing: who reads it has to be told.
    """
    if not spans:
        return None
    times = ", ".join(f"{clock(start)}–{clock(end)}" for start, end in spans[:_MOST_SPANS])
    times += "…" if len(spans) > _MOST_SPANS else ""
    return message(
        "there is speech without words at {times}; listen there, or try another language or "
        "model",
        times=times,
    )


def misheard(transcript: Transcript, options: TranscriptionOptions) -> Message | None:
    """Say that another language may be spoken than was listened for, and what to run then."""
    code = doubted_language(transcript, options)
    if not code:
        return None
    language = LANGUAGES[code].name if code in LANGUAGES else code
    if options.language == AUTO:
        return message(
            "many words are uncertain; if this is not {language}, run it again with "
            "--language and the code of what is spoken, such as de",
            language=language,
        )
    package = PACKAGES.get(options.package)
    is_for_one = package is not None and package.is_english_only
    return message(
        "many words are uncertain; if this is not {language}, run it again with {options}",
        language=language,
        options=f"--language {AUTO}" + (f" --package {BASE.name}" if is_for_one else ""),
    )


def _of_stopped_run(jobs: Mapping[str, Job]) -> dict[str, Job]:
    """Give the jobs of a run that was stopped: it is gone on with before all is done again.

    What one run added was added at one time. What it has done already was paid for.
    """
    stopped = {job.created_ms for job in jobs.values() if not job.state.is_over}
    return {
        source: job
        for source, job in jobs.items()
        if not job.state.is_over or (job.state is JobState.DONE and job.created_ms in stopped)
    }
