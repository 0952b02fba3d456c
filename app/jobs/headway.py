"""How far the work in hand is: how much of it is done, and how long the rest will take.

What is in hand begins with the first recording that is added to a queue at rest, and ends
when nothing is left. How long a recording takes is learned from those of it that are done:
so much for each, and so much for each second of it; that holds what lies beside recognition
as well (making ready, telling voices apart, saving). Until the first is done, what earlier
work took must do. On this computer one is recognised at a time, by the service several.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.core.job import Job, JobId, JobState
from app.core.options import CAPABILITIES, ModelId
from app.jobs.events import JobChanged, JobsInserted, QueueEvent
from app.jobs.throughput import ThroughputHistory

_USUAL_RATE = 100.0
"""Milliseconds for each second of sound, where nothing is known: a scale, no promise."""
_EACH_MS = 1_500.0
"""What a recording takes however short it is, before that was seen."""
_TRUST = 0.3
"""A mere guess counts as much as this part of a recording that was seen."""
_RATE_TRUST = 1.0
"""What earlier work took for each second counts as much as one recording that was seen."""
_TELLING_PART = 0.2
"""So much longer a recording takes until its voices are told apart, before that was seen."""
_TELLING_SHARE = 0.1
"""From this share on, how fast a job has been says how long it takes."""
_NEARLY = 0.9
"""A job that counts nothing is never taken for nearer to its end than this."""
_LEAST_MS = 1_000


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the work in hand is.

    Attributes:
        done: How many recordings of it are done.
        total: How many there are, without those that were cancelled.
        attention: How many recordings in the queue need a person, whenever they were added.
        left: How many are not over.
        left_ms: How long those will take; ``None`` if nobody knows.
        share: How much of the work is done, 0 to 1; ``None`` if nothing is in hand.
    """

    done: int = 0
    total: int = 0
    attention: int = 0
    left: int = 0
    left_ms: int | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class _Took:
    """One recording that was done.

    Attributes:
        ms: How long it took, without waiting for another one.
        amount: How much work it was, by what is known of its model.
    """

    ms: float
    amount: float


class Headway:
    """Follows a queue, and says how far its work is."""

    def __init__(
        self,
        *,
        clock_ms: Callable[[], int],
        lanes: Callable[[], int],
        history: Callable[[], ThroughputHistory],
    ) -> None:
        """Begin with a queue at rest.

        Args:
            clock_ms: A time that never jumps.
            lanes: Gives how many jobs may be at work at once.
            history: Gives what earlier work took.
        """
        self._clock_ms = clock_ms
        self._lanes = lanes
        self._history = history
        self._in_hand: set[JobId] = set()
        self._at_work: dict[JobId, float] = {}
        """When each was taken up, by the time that the queue had been at work."""
        self._counts_since: dict[JobId, float] = {}
        """And when each began to count what is recognised of it."""
        self._tells_since: dict[JobId, float] = {}
        """And when its words were there."""
        self._told: list[_Took] = []
        """How long voices took."""
        self._rates: dict[ModelId, float] = {}
        self._known: set[ModelId] = set()
        self._took: dict[bool, list[_Took]] = {True: [], False: []}
        """What was done, on this computer and by the service."""
        self._free_ms = 0.0
        """When recognition on this computer, one recording at a time, was free again."""
        self._busy_ms = 0.0
        self._seen_ms: int | None = None

    def follow(self, event: QueueEvent) -> None:
        """Take one event of the queue."""
        self._count_time()
        match event:
            case JobsInserted(_, jobs):
                self._in_hand.update(job.job_id for job in jobs if not _is_over(job))
            case JobChanged(_, job):
                self._take(job)
            case _:
                pass

    def standing(self, jobs: Sequence[Job]) -> Standing:
        """Say how far the work is.

        Args:
            jobs: All that the queue has.
        """
        self._count_time()
        gone = self._at_work.keys() - {job.job_id for job in jobs}
        for job_id in gone:  # another Wordlight does it
            del self._at_work[job_id]
        left = [job for job in jobs if not _is_over(job)]
        attention = sum(1 for job in jobs if job.needs_attention)
        if not left:
            self._rest()
            return Standing(attention=attention)
        self._in_hand.update(job.job_id for job in left)
        mine = [job for job in jobs if job.job_id in self._in_hand]
        done = sum(1 for job in mine if _is_done(job))
        total = sum(1 for job in mine if job.state is not JobState.CANCELLED)
        left_ms, share = self._left(jobs, mine)
        if share is None:
            share = done / total
        return Standing(done, total, attention, len(left), left_ms, share)

    # -- inside ---------------------------------------------------------------

    def _rest(self) -> None:
        """Forget the work that was in hand; the next begins anew."""
        self._in_hand.clear()
        self._at_work.clear()
        self._counts_since.clear()
        self._tells_since.clear()
        self._told.clear()
        self._rates.clear()
        self._known.clear()
        self._took = {True: [], False: []}
        self._busy_ms = self._free_ms = 0.0

    def _count_time(self) -> None:
        """Count the time in which anything was at work: no pause, no wait for a network."""
        now_ms = self._clock_ms()
        if self._at_work and self._seen_ms is not None:
            self._busy_ms += max(0, now_ms - self._seen_ms)
        self._seen_ms = now_ms

    def _take(self, job: Job) -> None:
        if not _is_over(job):
            self._in_hand.add(job.job_id)
        if job.state.is_running and job.wait_until_ms is None:
            self._at_work.setdefault(job.job_id, self._busy_ms)
            if job.awaits_voices:
                self._end_words(job)
            elif job.state is JobState.TRANSCRIBING and job.progress is not None:
                self._counts_since.setdefault(job.job_id, self._busy_ms)
            return
        if job.state is JobState.DONE and job.job_id in self._at_work:
            self._end_words(job)
            told_ms = self._busy_ms - self._tells_since[job.job_id]
            if job.duration_ms is not None and told_ms > 0:
                self._told.append(_Took(told_ms, self._amount(job, job.duration_ms)))
        self._at_work.pop(job.job_id, None)
        self._counts_since.pop(job.job_id, None)
        self._tells_since.pop(job.job_id, None)

    def _end_words(self, job: Job) -> None:
        """Note how long the words of a job took, once they are there."""
        if job.job_id in self._tells_since:
            return
        begun_ms = self._at_work[job.job_id]
        is_here = _is_here(job)
        if is_here:
            begun_ms, self._free_ms = max(begun_ms, self._free_ms), self._busy_ms
        self._tells_since[job.job_id] = self._busy_ms
        if job.duration_ms is not None:
            amount = self._amount(job, job.duration_ms)
            self._took[is_here].append(_Took(self._busy_ms - begun_ms, amount))

    def _amount(self, job: Job, duration_ms: float) -> float:
        """Say how much work a recording is: milliseconds, as earlier work took them."""
        model = job.options.model
        if model not in self._rates:  # as it was when the work began: it is a measure
            known = self._history().ms_per_second
            if model.value in known:
                self._known.add(model)
            self._rates[model] = known.get(model.value, _USUAL_RATE)
        return self._rates[model] * duration_ms / 1000

    def _left(
        self, jobs: Sequence[Job], mine: Sequence[Job]
    ) -> tuple[int | None, float | None]:
        """Say how long the rest takes and what share of all is done, if anything tells."""
        lengths = [job.duration_ms for job in jobs if job.duration_ms is not None]
        usual_ms = sum(lengths) / len(lengths) if lengths else None
        left: list[float] = []
        whole = rest = 0.0
        for is_here, these in self._by_place(mine, usual_ms).items():
            figures = self._figures(these, is_here=is_here)
            if figures is None:
                return None, None
            costs = [(job, figures[0] + figures[1] * amount) for job, amount in these]
            rests = [self._rest_of(job, cost) for job, cost in costs if not _is_over(job)]
            whole += sum(cost for _, cost in costs)
            rest += sum(rests)
            together = _together(rests, 1 if is_here else self._lanes())
            left.append(together + self._last_told_ms(these))
        if not left:
            return None, None
        left_ms = max(left) if self._lanes() > 1 else sum(left)
        return max(_LEAST_MS, round(left_ms)), 1 - rest / whole if whole > 0 else 0.0

    def _by_place(
        self, mine: Sequence[Job], usual_ms: float | None
    ) -> dict[bool, list[tuple[Job, float]]]:
        """Give jobs and how much work each is, by whether they are done on this computer.

        Only where anything is left, and of what length is known or can be guessed.
        """
        found: dict[bool, list[tuple[Job, float]]] = {True: [], False: []}
        has_left: set[bool] = set()
        rates: dict[ModelId, tuple[float, bool]] = {}
        for job in mine:  # of ten thousand as well, within a frame
            length_ms = usual_ms if job.duration_ms is None else job.duration_ms
            if length_ms is None or job.state is JobState.CANCELLED:
                continue
            model = job.options.model
            if model not in rates:
                rates[model] = self._amount(job, 1_000), _is_here(job)
            rate, is_here = rates[model]
            found[is_here].append((job, rate * length_ms / 1_000))
            if not _is_over(job):
                has_left.add(is_here)
        return {is_here: found[is_here] for is_here in has_left}

    def _figures(
        self, these: Sequence[tuple[Job, float]], *, is_here: bool
    ) -> tuple[float, float] | None:
        """Give what each recording takes, and what each bit of work in it does.

        Least squares over what was seen, beside what is known already, all by the share
        that it is out; neither figure is below 0. ``None`` if there is nothing to go by.
        """
        took = self._took[is_here]
        usual_each, usual_rate, trust = _EACH_MS, 1.0, _RATE_TRUST
        if not all(job.options.model in self._known for job, _ in these):
            trust = _TRUST
            counted = [(one, amount) for job, amount in these if (one := self._counted(job))]
            amount = sum(share * amount for (_, share), amount in counted)
            if amount > 0:
                usual_rate = sum(so_far_ms for (so_far_ms, _), _ in counted) / amount
            elif took:
                usual_rate = sum(one.ms for one in took) / max(
                    1.0, sum(one.amount for one in took)
                )
            else:
                return None
        if not took:
            return usual_each, usual_rate
        # (each / usual - 1)^2 + (rate / usual - 1)^2 + the square of each share it is out
        ones, squares = _TRUST / usual_each**2, trust / usual_rate**2
        mixed, sums, sums_mixed = 0.0, _TRUST / usual_each, trust / usual_rate
        for one in took:
            weight = 1 / (usual_each + usual_rate * one.amount) ** 2
            ones += weight
            mixed += weight * one.amount
            squares += weight * one.amount**2
            sums += weight * one.ms
            sums_mixed += weight * one.ms * one.amount
        whole = ones * squares - mixed * mixed
        each = (sums * squares - sums_mixed * mixed) / whole
        rate = (ones * sums_mixed - mixed * sums) / whole
        if each < 0:
            return 0.0, sums_mixed / squares
        return (each, rate) if rate >= 0 else (sums / ones, 0.0)

    def _rest_of(self, job: Job, cost_ms: float) -> float:
        """Say how long a job still takes: by what it counts, else by its time so far."""
        begun_ms = self._at_work.get(job.job_id)
        if begun_ms is None:
            return cost_ms
        fraction = 0.0 if job.progress is None else job.progress.fraction
        if not _is_here(job):
            return max(cost_ms * (1 - _NEARLY), cost_ms - (self._busy_ms - begun_ms))
        if job.awaits_voices:
            return 0.0  # told apart beside the words of the next one
        if (counted := self._counted(job)) is None:
            return cost_ms * (1 - fraction)
        so_far_ms, fraction = counted
        as_it_goes = so_far_ms * (1 - fraction) / fraction
        if job.progress is not None and job.progress.left_ms is not None:
            as_it_goes = job.progress.left_ms  # whoever recognises knows best
        return (1 - fraction) ** 2 * cost_ms + fraction * as_it_goes

    def _last_told_ms(self, these: Sequence[tuple[Job, float]]) -> float:
        """Say how long the last of some takes from its words to its end."""
        job, amount = next(
            (job, amount) for job, amount in reversed(these) if not _is_over(job)
        )
        if not job.options.diarize or not (_is_here(job) or self._told):
            return 0.0
        per_amount = _TELLING_PART
        if self._told:
            per_amount = sum(one.ms for one in self._told) / sum(
                one.amount for one in self._told
            )
        done = job.progress.fraction if job.awaits_voices and job.progress is not None else 0.0
        return per_amount * amount * (1 - done)

    def _counted(self, job: Job) -> tuple[float, float] | None:
        """Give how long a job has counted what is recognised, and what share that is."""
        since_ms = self._counts_since.get(job.job_id)
        if since_ms is None or job.progress is None or job.awaits_voices:
            return None
        if not _is_here(job):  # its parts come all at a time: one says nothing of the others
            return None
        fraction = job.progress.fraction
        if fraction < _TELLING_SHARE:
            return None
        return self._busy_ms - since_ms, fraction


def _together(rests: Sequence[float], lanes: int) -> float:
    """Say when all are done, if the next is begun wherever one ends."""
    ends = [0.0] * max(1, lanes)
    for rest in rests:
        heapq.heapreplace(ends, ends[0] + rest)
    return max(ends)


def _is_over(job: Job) -> bool:
    state = job.state  # most wait or are done: ten thousand look-ups less
    return state is JobState.DONE or (state is not JobState.WAITING and state.is_over)


def _is_here(job: Job) -> bool:
    return not CAPABILITIES[job.options.model].needs_key


def _is_done(job: Job) -> bool:
    return job.state is JobState.DONE or job.is_there_already
