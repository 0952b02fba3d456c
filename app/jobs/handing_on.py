"""A take that has become a recording goes to the queue, and takes its live text along."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from app.core.errors import StorageError
from app.core.live import LiveLeft
from app.core.options import AUTO, CAPABILITIES, ModelId, TranscriptionOptions
from app.jobs.open_transcript import OpenTranscripts
from app.jobs.queue import JobQueue
from app.jobs.taking import Kept
from app.store.audio_links import link_to
from app.store.library import Library
from app.store.listing import TranscriptEntry


class HandingOn:
    """Makes a job of each recording, once."""

    def __init__(
        self,
        queue: JobQueue,
        library: Library,
        transcripts: OpenTranscripts,
        options: Callable[[], TranscriptionOptions],
    ) -> None:
        """Set up.

        Args:
            queue: Where jobs go.
            library: Where live texts are.
            transcripts: Those that are open.
            options: What is chosen for new recordings.
        """
        self._queue = queue
        self._library = library
        self._transcripts = transcripts
        self._options = options

    async def __call__(self, kept: Kept) -> None:
        """Make a job of a recording unless it has one; its live text plays it from now on."""
        if any(job.source == str(kept.path) for job in self._queue.jobs):
            return  # the program ended right after it was added
        options = self._options()
        if len(kept.take.sources) > 1:
            options = replace(options, channels_are_speakers=True)
        live, project_id = kept.live, kept.project_id
        if live is not None:
            entry = await self._attached(live, kept)
            # A person may have moved it since; the names of its project are listened for.
            live, project_id = (None, project_id) if entry is None else (live, entry.project_id)
        if live is not None and live.is_final:
            # What it lacks is recognised where nothing is sent and nothing costs anything.
            options = options_here(options)
            live = replace(live, is_final=live.is_whole)
        await self._queue.add([kept.path], options, live=live, project_id=project_id)

    async def _attached(self, live: LiveLeft, kept: Kept) -> TranscriptEntry | None:
        """Let a live text have the recording; ``None`` if it is gone."""

        def attach() -> None:
            link = link_to(kept.path)
            record = self._library.record(live.transcript_id)
            self._library.attach(live.transcript_id, link, duration_ms=record.entry.duration_ms)

        try:
            await asyncio.to_thread(attach)
            record = await asyncio.to_thread(self._library.record, live.transcript_id)
        except StorageError:
            return None
        opened = self._transcripts.opened(live.transcript_id)
        if opened is not None:
            opened.take_recording(record)
        return record.entry


def options_here(options: TranscriptionOptions) -> TranscriptionOptions:
    """Give options for words that are made on this computer while they are spoken."""
    known = CAPABILITIES[ModelId.ON_DEVICE].languages
    language = options.language if options.language in known else AUTO
    is_here = options.model is ModelId.ON_DEVICE
    return replace(
        options,
        model=ModelId.ON_DEVICE,
        language=language,
        package=options.package if is_here else "",
    )
