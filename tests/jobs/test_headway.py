"""How far the work is and how long the rest takes, by a clock that tests turn."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest

from app.core.errors import Action
from app.core.job import Failure, Job, JobId, JobState, Progress, ProgressUnit
from app.core.messages import message
from app.core.options import CAPABILITIES, ModelId, TranscriptionOptions
from app.jobs.events import JobChanged, JobsInserted
from app.jobs.headway import Headway, Standing
from app.jobs.throughput import ThroughputHistory

TICK_MS = 500
MS = ProgressUnit.MILLISECONDS


@dataclass(frozen=True)
class Pace:
    """How a pretended computer or service works.

    Attributes:
        model: What recognises.
        lanes: How many jobs are at work at once.
        ms_per_second: What a second of sound takes.
        each_ms: What every recording takes besides.
        telling: What a second of sound takes to tell voices apart.
        known: What earlier work says a second takes; ``None`` if there was none.
        noise: By what share each recording takes longer or less.
    """

    model: ModelId
    lanes: int
    ms_per_second: float
    each_ms: float
    telling: float = 0.0
    known: float | None = None
    noise: float = 0.2


HERE = Pace(ModelId.ON_DEVICE, 2, 130.0, 2_000, telling=35.0, known=130.0)
NEW_HERE = replace(HERE, known=None)
SERVICE = Pace(ModelId.PULSE, 3, 40.0, 3_000, known=40.0)
NEW_SERVICE = replace(SERVICE, known=None)


class Pretended:
    """A queue at work, half a second at a time."""

    def __init__(self, lengths_s: Sequence[float], pace: Pace, seed: int = 0) -> None:
        chance = random.Random(seed)
        self.now_ms = 0
        self.pace = pace
        known = {} if pace.known is None else {pace.model.value: pace.known}
        self.headway = Headway(
            clock_ms=lambda: self.now_ms,
            lanes=lambda: pace.lanes,
            history=lambda: ThroughputHistory(known),
        )
        options = TranscriptionOptions(model=pace.model, diarize=pace.telling > 0)
        self.jobs = [
            Job(JobId(str(place)), f"/{place}.wav", options, 0, duration_ms=round(1_000 * one))
            for place, one in enumerate(lengths_s)
        ]
        self._costs = [
            (
                500.0,
                (pace.each_ms + pace.ms_per_second * one)
                * chance.uniform(1 - pace.noise, 1 + pace.noise),
                pace.telling * one,
            )
            for one in lengths_s
        ]
        self._at: dict[int, tuple[int, float]] = {}
        self._next = 0
        self.headway.follow(JobsInserted(0, tuple(self.jobs)))

    @property
    def standing(self) -> Standing:
        return self.headway.standing(self.jobs)

    def put(self, place: int, **changes: object) -> None:
        self.jobs[place] = replace(self.jobs[place], **changes)
        self.headway.follow(JobChanged(place, self.jobs[place]))

    def work(self) -> list[tuple[int, int, int]]:
        """Do everything; gives, after each that was done, how many are, said and when."""
        said: list[tuple[int, int, int]] = []
        done = 0
        while done < len(self.jobs):
            self._take_up()
            self.now_ms += TICK_MS
            for place in self._workable():
                if self._step(place):
                    done += 1
                    if done < len(self.jobs):
                        left_ms = self.standing.left_ms
                        assert left_ms is not None
                        said.append((done, left_ms, self.now_ms))
        return said

    def _take_up(self) -> None:
        while len(self._at) < self.pace.lanes and self._next < len(self.jobs):
            self._at[self._next] = (0, self._costs[self._next][0])
            self.put(self._next, state=JobState.PREPARING)
            self._next += 1

    def _workable(self) -> list[int]:
        """Give what goes on: here one is recognised, and one told apart, at a time."""
        if CAPABILITIES[self.pace.model].needs_key:
            return sorted(self._at)
        first = {self._at[place][0]: place for place in sorted(self._at, reverse=True)}
        return [
            place
            for place, (phase, _) in sorted(self._at.items())
            if phase == 0 or first[phase] == place
        ]

    def _step(self, place: int) -> bool:
        phase, rest_ms = self._at[place]
        rest_ms -= TICK_MS
        if rest_ms > 0:
            self._at[place] = (phase, rest_ms)
            if phase and not CAPABILITIES[self.pace.model].needs_key:
                done = round(1_000 * (1 - rest_ms / self._costs[place][phase]))
                self.put(place, progress=Progress(done, 1_000, MS))
            return False
        phase += 1
        if phase == 3 or not self._costs[place][phase]:
            del self._at[place]
            self.put(place, state=JobState.DONE, progress=None, awaits_voices=False)
            return True
        self._at[place] = (phase, self._costs[place][phase])
        self.put(place, state=JobState.TRANSCRIBING, progress=None, awaits_voices=phase == 2)
        return False


def lengths(seed: int) -> list[float]:
    chance = random.Random(seed)
    return [chance.lognormvariate(4.8, 0.8) for _ in range(40)]


ORDERS: dict[str, Callable[[int], list[float]]] = {
    "alike": lambda _: [120.0] * 40,
    "any": lengths,
    "short ones first": lambda seed: sorted(lengths(seed)),
    "long ones first": lambda seed: sorted(lengths(seed), reverse=True),
    "seconds": lambda seed: [one / 20 for one in lengths(seed)],
    "the longest last": lambda seed: [*[one / 3 for one in lengths(seed)][:39], 3600.0],
    "ten": lambda seed: lengths(seed)[:10],
}


def off_by(order: str, pace: Pace) -> list[float]:
    """Give by what share of what it really took each estimate from the fifth on was off."""
    found: list[float] = []
    for seed in range(3):
        pretended = Pretended(ORDERS[order](seed), pace, seed)
        said = pretended.work()
        found += [
            abs(left_ms - really) / really
            for done, left_ms, at_ms in said
            if done >= 5 and (really := pretended.now_ms - at_ms) >= 5_000
        ]
    return found


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("pace", [HERE, NEW_HERE], ids=["known", "new"])
def test_here_it_is_right_within_a_third_from_the_fifth_file_on(order: str, pace: Pace) -> None:
    assert max(off_by(order, pace)) <= 1 / 3


@pytest.mark.parametrize("order", ORDERS)
def test_with_the_service_it_is_right_within_a_third_nearly_always(order: str) -> None:
    off = sorted(off_by(order, SERVICE))
    assert off[len(off) * 9 // 10] <= (1 / 3 if order != "the longest last" else 1.0)


@pytest.mark.parametrize("order", ["alike", "any", "seconds", "ten"])
def test_a_service_nothing_is_known_of_yet_is_soon_known(order: str) -> None:
    off = sorted(off_by(order, NEW_SERVICE))
    assert off[len(off) * 9 // 10] <= 1 / 3


def one(job_id: str, state: JobState = JobState.WAITING, **changes: object) -> Job:
    options = TranscriptionOptions(model=ModelId.ON_DEVICE, diarize=False)
    job = Job(JobId(job_id), f"/{job_id}.wav", options, 0, state=state)
    return replace(job, **changes)


class Hands:
    """A queue that a test puts together by hand."""

    def __init__(self, *jobs: Job, known: float | None = 100.0, lanes: int = 1) -> None:
        self.now_ms = 0
        history = {} if known is None else {ModelId.ON_DEVICE.value: known}
        self.headway = Headway(
            clock_ms=lambda: self.now_ms,
            lanes=lambda: lanes,
            history=lambda: ThroughputHistory(history),
        )
        self.jobs = list(jobs)
        self.headway.follow(JobsInserted(0, jobs))

    def put(self, place: int, **changes: object) -> None:
        self.jobs[place] = replace(self.jobs[place], **changes)
        self.headway.follow(JobChanged(place, self.jobs[place]))

    def add(self, *jobs: Job) -> None:
        self.headway.follow(JobsInserted(len(self.jobs), jobs))
        self.jobs += jobs

    @property
    def standing(self) -> Standing:
        return self.headway.standing(self.jobs)


NO_SOUND = Failure(message("There is no audio in it."), Action.CHOOSE_FILE)
THERE = Failure(message("You already have it."), Action.OPEN_OR_REPEAT)


def test_nothing_is_said_of_a_time_that_nobody_knows() -> None:
    hands = Hands(one("a"), one("b"), known=None)
    assert hands.standing == Standing(0, 2, 0, 2, None, 0.0)
    hands = Hands(one("a"))  # of no known length
    assert hands.standing.left_ms is None


def test_what_was_there_before_is_no_part_of_what_is_in_hand() -> None:
    hands = Hands(*(one(f"old{number}", JobState.DONE) for number in range(7)))
    assert hands.standing == Standing()
    hands.add(one("a"), one("b"))
    hands.put(7, state=JobState.PREPARING)
    hands.put(7, state=JobState.DONE)
    standing = hands.standing
    assert (standing.done, standing.total, standing.left) == (1, 2, 1)
    hands.add(one("c"))
    assert (hands.standing.done, hands.standing.total) == (1, 3)
    hands.put(8, state=JobState.CANCELLED)
    assert (hands.standing.done, hands.standing.total) == (1, 2)
    hands.put(9, state=JobState.DONE)
    assert hands.standing == Standing()
    hands.add(one("d"))
    assert (hands.standing.done, hands.standing.total) == (0, 1)


def test_what_is_transcribed_already_is_done_and_what_is_broken_is_not() -> None:
    hands = Hands(one("a"), one("b"), one("c"))
    hands.put(0, state=JobState.NEEDS_ATTENTION, failure=THERE)
    hands.put(1, state=JobState.NEEDS_ATTENTION, failure=NO_SOUND)
    standing = hands.standing
    assert (standing.done, standing.total, standing.attention) == (1, 3, 1)
    hands.put(2, state=JobState.CANCELLED)
    assert hands.standing == Standing(attention=1)  # said until somebody saw to it


def test_a_late_job_and_unknown_lengths_never_leave_nothing_to_do() -> None:
    late = one("late", duration_ms=100_000)
    hands = Hands(late, *(one(str(number)) for number in range(32)))
    hands.put(0, state=JobState.TRANSCRIBING)
    hands.now_ms = 600_000
    left_ms = hands.standing.left_ms
    assert left_ms is not None
    assert left_ms >= 32 * 10_000
    last = Hands(late)
    last.put(0, state=JobState.TRANSCRIBING, progress=Progress(1_000, 1_000, MS))
    assert last.standing.left_ms == 1_000


def test_what_is_counted_of_the_first_tells_before_anything_is_done() -> None:
    jobs = [one(str(number), duration_ms=100_000) for number in range(3)]
    hands = Hands(*jobs, known=None)
    hands.put(0, state=JobState.TRANSCRIBING)
    hands.put(0, progress=Progress(0, 100, MS))
    hands.now_ms = 10_000
    hands.put(0, progress=Progress(25, 100, MS))
    left_ms = hands.standing.left_ms
    assert left_ms is not None
    assert left_ms == pytest.approx(30_000 + 2 * 40_000, rel=0.1)


def test_time_in_which_nothing_is_at_work_does_not_count() -> None:
    def after(pause_ms: int) -> int | None:
        hands = Hands(*(one(str(number), duration_ms=100_000) for number in range(9)))
        for place in range(4):
            hands.put(place, state=JobState.TRANSCRIBING)
            hands.now_ms += 10_000
            if place == 2:  # offline for a while
                hands.put(place, wait_until_ms=1)
                hands.now_ms += pause_ms
                hands.put(place, wait_until_ms=None)
            hands.put(place, state=JobState.DONE)
            hands.now_ms += pause_ms  # and paused by a person
        return hands.standing.left_ms

    assert after(3_600_000) == after(0)


def test_half_is_half_at_the_icon_too() -> None:
    hands = Hands(one("a", duration_ms=100_000), one("b", duration_ms=100_000))
    assert hands.standing.share == pytest.approx(0.0)
    hands.put(0, state=JobState.TRANSCRIBING)
    hands.now_ms = 10_000
    hands.put(0, state=JobState.DONE)
    assert hands.standing.share == pytest.approx(0.5)
