"""What those who hear the screen are told: beginnings and ends, no steps between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core.errors import Action
from app.core.job import Failure, Job, JobState, Progress, ProgressUnit
from app.core.messages import message
from app.jobs.events import JobChanged, JobsInserted, QueueEvent, QueuePaused
from app.ui.guide.announcer import Announcer
from tests.ui.jobs import make_job


class Queue:
    def __init__(self) -> None:
        self.jobs: tuple[Job, ...] = ()
        self.tell: Callable[[QueueEvent], None] = lambda _event: None
        self.is_followed = True
        self.is_paused = False

    def subscribe(self, listener: Callable[[QueueEvent], None]) -> Callable[[], None]:
        self.tell = listener

        def end() -> None:
            self.is_followed = False

        return end

    def add(self, *names: str) -> None:
        jobs = tuple(make_job(name) for name in names)
        self.jobs += jobs
        self.tell(JobsInserted(0, jobs))

    def move(self, name: str, state: JobState, **changes: object) -> None:
        place = [job.title for job in self.jobs].index(name)
        job = replace(self.jobs[place], state=state, **changes)
        self.jobs = (*self.jobs[:place], job, *self.jobs[place + 1 :])
        self.tell(JobChanged(place, job))


class Bench:
    def __init__(self, qtbot: QtBot) -> None:
        window = QWidget()
        qtbot.addWidget(window)
        self.said: list[str] = []
        self.now_ms = 0
        self.queue = Queue()
        self.announcer = Announcer(
            window=window,
            queue=self.queue,
            clock_ms=lambda: self.now_ms,
            say=lambda _widget, text: self.said.append(text),
        )


def test_one_job_is_told_when_it_begins_and_when_it_is_done_and_never_by_percent(
    qtbot: QtBot,
) -> None:
    bench = Bench(qtbot)
    bench.queue.add("talk.wav")
    for state in (JobState.PREPARING, JobState.UPLOADING, JobState.TRANSCRIBING):
        bench.queue.move("talk.wav", state)
    for done in range(100):
        progress = Progress(done, 100, ProgressUnit.BYTES)
        bench.queue.move("talk.wav", JobState.TRANSCRIBING, progress=progress)
    bench.queue.move("talk.wav", JobState.SAVING)
    bench.queue.move("talk.wav", JobState.DONE)
    assert bench.said == ["talk.wav started.", "talk.wav is done."]


def test_what_went_wrong_is_told_with_its_reason(qtbot: QtBot) -> None:
    bench = Bench(qtbot)
    bench.queue.add("talk.wav")
    failure = Failure(message("The key was refused."))
    bench.queue.move("talk.wav", JobState.NEEDS_ATTENTION, failure=failure)
    assert bench.said == ["talk.wav needs attention. The key was refused."]


def test_what_the_library_has_is_no_error(qtbot: QtBot) -> None:
    bench = Bench(qtbot)
    bench.queue.add("a", "b")
    there = Failure(message("You already have it."), Action.OPEN_OR_REPEAT)
    bench.queue.move("a", JobState.NEEDS_ATTENTION, failure=there)
    assert bench.said == ["a is already transcribed."]
    bench.queue.move("b", JobState.DONE)
    assert "attention" not in " ".join(bench.said)


def test_the_end_of_a_queue_sums_it_up(qtbot: QtBot) -> None:
    bench = Bench(qtbot)
    bench.queue.add("a", "b", "c")
    bench.queue.move("a", JobState.DONE)
    bench.queue.move("b", JobState.NEEDS_ATTENTION)
    assert "finished" not in " ".join(bench.said)
    bench.queue.move("c", JobState.DONE)
    assert bench.said[-1] == "The queue is done. 2 are done. 1 needs attention."
    bench.queue.move("b", JobState.DONE)  # the next time is another count
    assert bench.said[-1] == "b is done."


def test_saved_is_said_but_not_after_each_word(qtbot: QtBot) -> None:
    bench = Bench(qtbot)
    for bench.now_ms in (0, 1_000, 9_999, 10_000, 12_000):
        bench.announcer.tell_saved()
    assert bench.said == ["Saved", "Saved"]


def test_it_follows_no_longer_once_closed(qtbot: QtBot) -> None:
    bench = Bench(qtbot)
    bench.announcer.close()
    assert not bench.queue.is_followed


def test_a_queue_that_is_paused_and_goes_on_is_told_once(qtbot: QtBot) -> None:
    bench = Bench(qtbot)
    for is_paused in (True, True, False, False):
        bench.queue.tell(QueuePaused(is_paused, None))
    assert bench.said == ["Queue paused", "Queue resumed"]


def test_many_that_begin_at_once_are_not_all_told(qtbot: QtBot) -> None:
    bench = Bench(qtbot)
    names = [f"{number}.wav" for number in range(6)]
    bench.queue.add(*names)
    for name in names[:5]:
        bench.now_ms += 1_000
        bench.queue.move(name, JobState.PREPARING)
    bench.now_ms += 10_000
    bench.queue.move(names[5], JobState.PREPARING)
    assert bench.said == ["0.wav started.", "5.wav started."]
