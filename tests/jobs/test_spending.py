from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.audio.probe import probe
from app.core.job import Job, JobState
from app.core.options import ModelId, TranscriptionOptions
from app.core.recording import Recording
from app.jobs.events import Hold
from app.jobs.spending import HELD_BACK, Bill, Spending
from tests.support.bench import Bench, opened
from tests.support.fake_waves import FakeWaves, fake_waves
from tests.support.waiting import until

__all__ = ["fake_waves"]
PULSE = TranscriptionOptions(model=ModelId.PULSE)


class Person:
    """Answers what is asked, and remembers it."""

    def __init__(self, *answers: bool) -> None:
        self.answers = list(answers)
        self.asked: list[Bill] = []

    async def __call__(self, bill: Bill) -> bool:
        self.asked.append(bill)
        return self.answers.pop(0)


def copies(clips: Path, folder: Path, count: int) -> list[Path]:
    made: list[Path] = []
    for number in range(count):
        made.append(folder / f"talk {number}.flac")
        shutil.copy(clips / "kennedy-1961.flac", made[-1])
    return made


async def add(bench: Bench, paths: list[Path], options: TranscriptionOptions = PULSE):
    bench.spending.follow(bench.queue)
    return await bench.queue.add(paths, options, is_repeat=True)


def states(bench: Bench, jobs: tuple[Job, ...]) -> set[JobState]:
    return {bench.now(job).state for job in jobs}


async def test_what_is_cheap_is_sent_without_a_question(
    tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    async with opened(tmp_path / "home", fake_waves) as bench:
        spending = bench.spending
        spending.ask = person = Person()
        jobs = await add(bench, copies(clips, tmp_path, 2))
        await bench.queue.join()
        assert states(bench, jobs) == {JobState.DONE}
        assert person.asked == []
        await spending.aclose()


async def test_one_question_for_everything_that_waits_before_a_byte_leaves(
    tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    async with opened(tmp_path / "home", fake_waves) as bench:
        spending = bench.spending
        bench.storage.settings.change(ask_above=0.0001, prices=((ModelId.PULSE, 6.0),))
        seen: list[int] = []

        async def ask(bill: Bill) -> bool:
            seen.append(len(fake_waves.transcriptions))
            return await person(bill)

        person = Person(True)
        spending.ask = ask
        jobs = await add(bench, copies(clips, tmp_path, 3))
        await bench.queue.join()
        assert states(bench, jobs) == {JobState.DONE}
        assert seen == [0]
        (bill,) = person.asked
        assert bill.count == 3
        assert Decimal("3.2") < bill.dollars < Decimal("3.4")  # 3 times 11 s at $6 a minute
        assert len(fake_waves.transcriptions) == 3
        await spending.aclose()


async def test_lengths_found_after_preparing_began_count_as_well(
    tmp_path: Path, clips: Path, fake_waves: FakeWaves, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path / "home", fake_waves) as bench:
        spending = bench.spending
        bench.storage.settings.change(ask_above=0.0001)
        spending.ask = person = Person(True)

        async def look_late(path: Path) -> Recording:
            recording = await probe(path)
            (job,) = (job for job in bench.queue.jobs if job.path == path)
            await bench.until(lambda: bench.now(job).state is not JobState.WAITING)
            return recording

        monkeypatch.setattr(spending, "_look", look_late)
        jobs = await add(bench, copies(clips, tmp_path, 2))
        await bench.queue.join()
        assert states(bench, jobs) == {JobState.DONE}
        (bill,) = person.asked
        assert (bill.count, bill.unknown) == (2, 0)
        for job in jobs:  # as long as preparing has not told the queue
            assert spending.cost_of(replace(job, duration_ms=None)) is not None
        await spending.aclose()


async def test_holding_keeps_them_waiting_until_they_are_let_go(
    tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    async with opened(tmp_path / "home", fake_waves) as bench:
        spending = bench.spending
        bench.storage.settings.change(ask_above=0.0001)
        spending.ask = person = Person(False, True)
        jobs = await add(bench, copies(clips, tmp_path, 3))
        await bench.queue.join()
        assert states(bench, jobs) == {JobState.WAITING}
        assert bench.queue.hold == Hold(HELD_BACK)
        assert fake_waves.transcriptions == []
        assert len(person.asked) == 1  # not once for each that was being prepared

        bench.queue.resume()
        await bench.queue.join()
        assert states(bench, jobs) == {JobState.DONE}
        assert len(person.asked) == 2
        await spending.aclose()


async def test_small_amounts_add_up_to_a_question(
    tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    """Each alone is below the amount; together they are not."""
    async with opened(tmp_path / "home", fake_waves) as bench:
        spending = bench.spending
        bench.queue.limit = 1
        bench.storage.settings.change(ask_above=2.5, prices=((ModelId.PULSE, 6.0),))
        spending.ask = person = Person(False)
        await add(bench, copies(clips, tmp_path, 3))
        await bench.queue.join()
        assert len(person.asked) == 1
        assert fake_waves.transcriptions == []
        await spending.aclose()


async def test_nothing_on_this_computer_is_looked_up_or_asked_about(
    tmp_path: Path, clips: Path
) -> None:
    looked: list[Path] = []

    async with opened(tmp_path / "home") as bench:
        await bench.spending.aclose()

        async def look(path: Path):
            looked.append(path)
            raise AssertionError

        consent = bench.spending.consent
        spending = Spending(bench.service, bench.storage.settings, consent, look=look)
        spending.follow(bench.queue)
        bench.queue.pause()
        await add(bench, copies(clips, tmp_path, 1), TranscriptionOptions())
        await asyncio.sleep(0)
        assert looked == []
        assert spending.bill() == Bill(Decimal(0), 0)
        await spending.aclose()


async def test_lengths_are_known_beforehand_but_of_links(
    tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    async with opened(tmp_path / "home", fake_waves) as bench:
        spending = bench.spending
        bench.queue.pause()
        (job,) = await add(bench, copies(clips, tmp_path, 1))
        await bench.queue.add(["https://example.org/talk.mp3"], PULSE, is_url=True)
        await bench.until(lambda: bench.now(job).duration_ms is not None)
        bill = spending.bill()
        assert (bill.count, bill.unknown) == (1, 1)
        assert bill.dollars == spending.cost_of(bench.now(job))
        await until(lambda: bench.storage.jobs.load()[0].duration_ms is not None)
        assert bench.now(job).duration_ms == bench.storage.jobs.load()[0].duration_ms
        await spending.aclose()


async def test_a_limit_given_beforehand_goes_before_the_settings(
    tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    async with opened(tmp_path / "home", fake_waves) as bench:
        spending = bench.spending
        bench.storage.settings.change(ask_above=0)  # never asks
        spending.limit, spending.ask = Decimal(0), Person(False)
        jobs = await add(bench, copies(clips, tmp_path, 1))
        await bench.queue.join()
        assert states(bench, jobs) == {JobState.WAITING}
        assert fake_waves.transcriptions == []
        await spending.aclose()
