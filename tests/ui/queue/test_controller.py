from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from PySide6.QtWidgets import QLabel

from app.core.errors import Action, RecordingError
from app.core.job import Job, JobState
from app.core.messages import message
from app.core.options import ModelId, TranscriptionOptions
from app.core.recording import Recording, Track
from app.jobs.headway import Headway, Standing
from app.jobs.job_progress import JobProgress
from app.jobs.throughput import ThroughputHistory
from app.system.children import UPDATED_MEANWHILE
from app.ui.actions import ActionId
from app.ui.kit.appearance import Appearance
from app.ui.queue.controller import Estimates
from app.ui.queue.sheets import RepeatSheet
from tests.support.waiting import until
from tests.ui.queue.conftest import Stage

HERE = TranscriptionOptions(diarize=False)


def test_removing_can_be_undone(stage: Stage, run_async) -> None:
    async def flow() -> None:
        await stage.queue.add([Path("/a.wav"), Path("/b.wav")], TranscriptionOptions())
        stage.window.queue.select(stage.model.job_at(0).job_id)
        stage.actions[ActionId.REMOVE].trigger()
        await stage.settle()
        assert [job.title for job in stage.model.jobs] == ["b.wav"]
        notice = stage.window.queue.notice
        assert notice.text == "Removed 1"
        notice.button.click()
        await stage.settle()
        assert [job.title for job in stage.model.jobs] == ["a.wav", "b.wav"]
        await stage.aclose()

    run_async(flow())


def test_cancel_retry_and_pause_reach_the_queue(stage: Stage, run_async) -> None:
    async def flow() -> None:
        await stage.queue.add([Path("/a.wav")], TranscriptionOptions())
        job_id = stage.model.job_at(0).job_id
        stage.window.queue.select(job_id)
        stage.window.queue.update_rows()
        stage.actions[ActionId.CANCEL].trigger()
        await stage.settle()
        assert stage.model.job_at(0).state is JobState.CANCELLED
        stage.window.queue.update_rows()
        stage.actions[ActionId.RETRY].trigger()
        await stage.settle()
        assert stage.model.job_at(0).state is JobState.WAITING
        stage.actions[ActionId.PAUSE_QUEUE].trigger()
        assert stage.queue.is_paused
        stage.actions[ActionId.PAUSE_QUEUE].trigger()
        assert not stage.queue.is_paused
        await stage.aclose()

    run_async(flow())


class Finishes:
    """Work that is done at once."""

    def __init__(self) -> None:
        self.runs = 0

    async def run(self, progress: JobProgress) -> None:
        self.runs += 1
        for state in (JobState.PREPARING, JobState.TRANSCRIBING, JobState.SAVING):
            await progress.move(state)
        await progress.move(JobState.DONE)

    async def discard(self, job: Job) -> None: ...


def test_what_is_done_is_sent_again_only_as_another_job_that_was_asked_for(
    appearance: Appearance, qtbot, run_async
) -> None:
    def price_of(options: TranscriptionOptions, duration_ms: int) -> Decimal:
        return Decimal(duration_ms) / 100_000

    work = Finishes()
    stage = Stage(appearance, qtbot, work, Estimates(price_of=price_of))
    pulse = TranscriptionOptions(model=ModelId.PULSE)

    async def flow() -> None:
        await stage.queue.open()
        (job,) = await stage.queue.add([Path("/a.wav")], pulse)
        await stage.queue.note_duration(job.job_id, 250_000)
        await stage.queue.join()
        stage.window.queue.select(job.job_id)
        stage.window.queue.update_rows()
        assert not stage.actions[ActionId.RETRY].isEnabled()
        stage.actions[ActionId.RETRY].trigger()
        stage.window.queue.retry_requested.emit([job.job_id])  # however it came about
        await stage.settle()
        assert (work.runs, stage.model.rowCount()) == (1, 1)

        stage.window.queue.again_requested.emit([job.job_id])
        (sheet,) = stage.window.findChildren(RepeatSheet)
        said = [one.text() for one in sheet.findChildren(QLabel) if one.isVisible()]
        assert any("$2.50" in one for one in said), said
        assert any("stays as it is" in one for one in said)
        assert work.runs == 1
        sheet.options_given.emit(replace(pulse, language="de"))
        sheet.accept()
        await stage.settle()
        await stage.queue.join()
        first, second = stage.model.jobs
        assert (first.state, second.state) == (JobState.DONE, JobState.DONE)
        assert (second.options.language, second.is_repeat) == ("de", True)
        assert work.runs == 2
        await stage.aclose()

    run_async(flow())


def test_what_is_offered_of_one_recording_is_what_it_has(
    appearance: Appearance, qtbot, run_async
) -> None:
    looked: list[Path] = []

    async def look(path: Path) -> Recording:
        looked.append(path)
        if path.name == "bad.wav":
            raise RecordingError(message("There is no sound in it."))
        tracks = tuple(Track(number, "aac", 2, 48_000) for number in range(6))
        return Recording(path, 1, 1, 1_000, "mov", "aac", 2, 48_000, tracks=tracks)

    stage = Stage(appearance, qtbot, Finishes(), Estimates(look=look))

    async def flow() -> None:
        await stage.queue.open()
        jobs = await stage.queue.add([Path("/a.mov"), Path("/bad.wav")], TranscriptionOptions())
        await stage.queue.join()
        for job, last in zip(jobs, ("Track 6", "Track 4"), strict=True):
            stage.window.queue.again_requested.emit([job.job_id])
            await stage.settle()
            (sheet,) = [
                one for one in stage.window.findChildren(RepeatSheet) if one.isVisible()
            ]
            sound = sheet.panel.more.sound
            names = [sound.itemText(place) for place in range(sound.count())]
            assert [name for name in names if name.startswith("Track")][-1] == last
            sheet.reject()
        assert looked == [job.path for job in jobs]
        await stage.aclose()

    run_async(flow())


def test_beside_the_queue_is_offered_what_the_recording_has_that_is_shown(
    appearance: Appearance, qtbot, run_async
) -> None:
    counts = {"/a.mov": 6, "/b.mov": 2}

    async def look(path: Path) -> Recording:
        tracks = tuple(Track(number, "aac", 1, 48_000) for number in range(counts[str(path)]))
        return Recording(path, 1, 1, 1_000, "mov", "aac", 1, 48_000, tracks=tracks)

    stage = Stage(appearance, qtbot, Finishes(), Estimates(look=look))

    async def offered() -> list[str]:
        stage.window.options.more_button.click()
        await stage.settle()
        sound = stage.window.options.more.sound
        stage.window.options.more.close()
        names = [sound.itemText(place) for place in range(sound.count())]
        return [name for name in names if name.startswith("Track")]

    async def flow() -> None:
        await stage.queue.open()
        assert len(await offered()) == 4  # of none in particular
        jobs = await stage.queue.add([Path("/a.mov"), Path("/b.mov")], TranscriptionOptions())
        await stage.queue.join()
        assert await offered() == ["Track 1", "Track 2"]  # of the last one
        stage.window.queue.job_selected.emit(jobs[0].job_id)
        assert await offered() == [f"Track {number}" for number in range(1, 7)]
        await stage.aclose()

    run_async(flow())


class Goes:
    """Work that ends as each recording's name says, once a test lets it."""

    def __init__(self) -> None:
        self.may_go_on, self.is_slow = asyncio.Event(), asyncio.Event()

    async def run(self, progress: JobProgress) -> None:
        for state in (JobState.PREPARING, JobState.TRANSCRIBING):
            await progress.move(state)
        if "slow" in progress.job.title:
            self.is_slow.set()
            await self.may_go_on.wait()
        if "bad" in progress.job.title:
            raise RecordingError(message("There is no sound in it."), action=Action.CHOOSE_FILE)
        if "there" in progress.job.title:
            raise RecordingError(message("You have it."), action=Action.OPEN_OR_REPEAT)
        await progress.move(JobState.SAVING)
        await progress.move(JobState.DONE)

    async def discard(self, job: Job) -> None: ...


def test_the_queue_says_how_far_it_is_in_one_line(
    appearance: Appearance, qtbot, run_async
) -> None:
    now_ms = 0
    known = ThroughputHistory({ModelId.ON_DEVICE.value: 1_000.0})
    headway = Headway(clock_ms=lambda: now_ms, lanes=lambda: 1, history=lambda: known)
    work = Goes()
    stage = Stage(appearance, qtbot, work, Estimates(headway))
    standing: list[Standing] = []
    stage.controller.stands.connect(standing.append)
    names = ["bad 1", "bad 2", "there", *(f"{one}" for one in range(30)), "slow", "last"]

    summary = stage.window.queue.summary

    async def flow() -> None:
        nonlocal now_ms
        stage.queue.limit = 1
        jobs = await stage.queue.add([Path(f"/{name}") for name in names], HERE)
        for job in jobs:
            await stage.queue.note_duration(job.job_id, 60_000)
        await stage.queue.open()
        await work.is_slow.wait()
        stage.queue.pause()
        begin = "31 of 35 done, 2 need attention, about "
        await until(lambda: summary.text().startswith(begin))
        text = summary.text()
        assert text.endswith(" left")
        assert stage.window.windowTitle() == f"{text} – Wordlight"
        assert not stage.window.queue.summary.isHidden()
        work.may_go_on.set()
        await stage.queue.join()
        await until(lambda: summary.text() == "32 of 35 done, 2 need attention, paused")
        stage.queue.resume()
        await stage.queue.join()
        await until(lambda: summary.text() == "2 need attention")
        assert stage.window.windowTitle() == "Wordlight"
        assert standing[-1].share is None
        await stage.queue.clear_finished()
        await stage.queue.remove([job.job_id for job in stage.queue.jobs])
        await until(lambda: summary.text() == "")
        assert stage.window.queue.summary.isHidden()
        await stage.aclose()

    run_async(flow())


def test_of_a_single_recording_only_the_time_is_said(
    appearance: Appearance, qtbot, run_async
) -> None:
    known = ThroughputHistory({ModelId.ON_DEVICE.value: 1_000.0})
    headway = Headway(clock_ms=lambda: 0, lanes=lambda: 1, history=lambda: known)
    stage = Stage(appearance, qtbot, Goes(), Estimates(headway))

    async def flow() -> None:
        (job,) = await stage.queue.add([Path("/slow")], HERE)
        summary = stage.window.queue.summary
        await until(lambda: summary.text() == "1 recording left")
        await stage.queue.note_duration(job.job_id, 360_000)
        await until(lambda: summary.text() == "about 6 min left")
        await stage.aclose()

    run_async(flow())


def test_what_is_on_hold_has_no_time_left(appearance: Appearance, qtbot, run_async) -> None:
    known = ThroughputHistory({ModelId.PULSE.value: 1_000.0})
    headway = Headway(clock_ms=lambda: 0, lanes=lambda: 1, history=lambda: known)
    stage = Stage(appearance, qtbot, Goes(), Estimates(headway))

    async def flow() -> None:
        pulse = TranscriptionOptions(model=ModelId.PULSE)
        for job in await stage.queue.add([Path("/a"), Path("/b")], pulse):
            await stage.queue.note_duration(job.job_id, 360_000)
        summary = stage.window.queue.summary
        await until(lambda: summary.text().endswith(" left"))
        stage.queue.wait_for_restart(UPDATED_MEANWHILE)
        await until(lambda: summary.text() == "0 of 2 done")
        await stage.aclose()

    run_async(flow())


def test_where_only_a_restart_helps_that_is_offered_and_every_row_says_that_it_waits(
    stage: Stage, run_async
) -> None:
    wanted: list[None] = []
    stage.window.restart_requested.connect(lambda: wanted.append(None))

    async def flow() -> None:
        await stage.queue.add([Path("/a.wav")], HERE)
        stage.queue.wait_for_restart(UPDATED_MEANWHILE)
        notice = stage.window.notice
        assert notice.text == UPDATED_MEANWHILE.fill()
        saying = notice.saying
        assert saying is not None
        assert (saying.button, saying.is_bad, saying.stays) == ("Restart Wordlight", True, True)
        assert stage.model.state_text(stage.model.job_at(0)) == "Waiting · on hold"
        notice.button.click()
        assert wanted == [None]

        assert notice.text == ""
        stage.window.queue.select(stage.model.job_at(0).job_id)
        assert notice.text == UPDATED_MEANWHILE.fill()  # whoever turns to it can do something
        notice.dismiss()
        stage.queue.resume()
        stage.window.queue.select_nothing()
        stage.window.queue.select(stage.model.job_at(0).job_id)
        assert notice.text == ""
        await stage.aclose()

    run_async(flow())


def test_whichever_part_says_that_wordlight_was_updated_a_restart_is_offered(
    stage: Stage, run_async
) -> None:
    said = stage.window.say(UPDATED_MEANWHILE.fill(), is_bad=True)
    again = stage.window.say(UPDATED_MEANWHILE.fill())
    assert not said.is_shown  # said once, however many find it out
    assert again.is_shown
    saying = stage.window.notice.saying
    assert saying is not None
    assert (saying.button, saying.stays) == ("Restart Wordlight", True)
    run_async(stage.aclose())
