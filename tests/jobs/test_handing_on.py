"""A recording goes to the queue once, and its live text with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.capture.journal import TakeFolder, wav_header
from app.core.job import Job, JobId
from app.core.live import LiveLeft
from app.core.options import ModelId, TranscriptionOptions
from app.core.take import Source, SourceKind, Take
from app.core.transcript import Transcript, TranscriptId
from app.jobs.handing_on import HandingOn
from app.jobs.job_progress import JobProgress
from app.jobs.open_transcript import OpenTranscripts
from app.jobs.queue import JobQueue
from app.jobs.taking import Taking
from app.store.audio_links import AudioLink
from app.store.job_store import JobStore
from app.store.library import Library
from app.store.opening import open_database
from app.store.projects import Projects
from app.system.locks import Presence
from tests.support.fake_sound import PER_MS, noise
from tests.support.speech import turn

PULSE = TranscriptionOptions(model=ModelId.PULSE, language="en", diarize=True)


class NoWork:
    """Jobs wait for ever: the queue is never opened."""

    async def run(self, progress: JobProgress) -> None:
        raise AssertionError(progress)

    async def discard(self, job: Job) -> None:
        raise AssertionError(job)


@pytest.mark.parametrize("is_whole", [True, False])
@pytest.mark.parametrize("is_final", [True, False])
@pytest.mark.parametrize("is_there", [True, False])
@pytest.mark.parametrize("is_moved", [True, False])
async def test_what_a_killed_window_recorded_comes_back_with_its_live_text(
    tmp_path: Path, is_final: bool, is_there: bool, is_whole: bool, is_moved: bool
) -> None:
    database, _ = open_database(tmp_path / "wordlight.db")
    library, projects = Library(database), Projects(database)
    thesis = projects.add("Thesis", now_ms=1).project_id
    presence = Presence(tmp_path / "running")
    queue = JobQueue(JobStore(database, presence), NoWork(), new_id=lambda: JobId("a"))
    hand_on = HandingOn(queue, library, OpenTranscripts(library), lambda: PULSE)
    folder = TakeFolder(tmp_path / "takes" / "1-a")
    folder.path.mkdir(parents=True)
    (folder.path / "part-1.wav").write_bytes(wav_header(1) + noise(900 * PER_MS).tobytes())
    folder.write(Take("1-a", (Source(SourceKind.MICROPHONE),), 1_790_000_000_000))
    live = Transcript((turn("Good morning.", 100, None),), language="en", duration_ms=850)
    transcript_id = library.add(
        live,
        name="Recording",
        options=PULSE,
        link=AudioLink(str(folder.path / "part-1.wav")),
        now_ms=1,
        project_id=thesis,
    )
    folder.write_live(LiveLeft(transcript_id, is_final, is_whole))
    folder.write_project(thesis)
    other = projects.add("Other", now_ms=1).project_id
    if is_moved:
        projects.move([transcript_id], other)
    if not is_there:
        library.purge([transcript_id])

    taking = Taking(tmp_path / "takes", lambda: tmp_path / "recordings", hand_on)
    (kept,) = await taking.adopt()

    assert kept.live == LiveLeft(transcript_id, is_final, is_whole)
    (job,) = queue.jobs
    assert job.source == str(kept.path)
    assert kept.project_id == thesis
    # The names that are listened for are those of the project it is in by now.
    assert job.project_id == (other if is_moved and is_there else thesis)
    known = TranscriptId(transcript_id) if is_there else None
    assert (job.transcript_id, job.has_live_text) == (known, is_there)
    # What ended early is recognised to its end, whatever was wished.
    assert job.keeps_live_text == (is_there and is_final and is_whole)
    is_here = is_there and is_final
    assert (job.options.model is ModelId.ON_DEVICE) == is_here
    if is_there:
        assert library.record(transcript_id).link.path == kept.path
    await queue.aclose()
    presence.close()
    database.close()
