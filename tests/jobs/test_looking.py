"""Recordings looked at before their turn: bad ones say so, good ones say how long they are."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from app.audio.probe import glance, probe
from app.core.errors import Action, RecordingError
from app.core.job import Failure, JobState
from app.core.messages import message
from app.core.options import TranscriptionOptions
from app.jobs.looking import Looking
from app.jobs.queue import JobQueue
from tests.support.bench import no_sleep, opened
from tests.support.sounds import ffmpeg

HERE = TranscriptionOptions(diarize=False)
NO_SOUND = RecordingError(message("There is no audio in it."), action=Action.CHOOSE_FILE)
GONE = RecordingError(message("It was moved."), action=Action.FIND_FILE)
GROWS = RecordingError(message("It is still being written."), action=Action.RETRY)


def tone(path: Path, seconds: int) -> None:
    ffmpeg("-f", "lavfi", "-i", f"sine=duration={seconds}", "-f", "wav", "-y", path)


async def looked_at(
    queue: JobQueue,
    look: Callable[[Path], Awaitable[int | None]],
    *,
    now_ms: Callable[[], int] = lambda: 0,
    patience_s: float = 20.0,
    at_once: int = 2,
) -> None:
    """Look at all that waits, and no longer."""
    looking = Looking(look=look, now_ms=now_ms, patience_s=patience_s, at_once=at_once)
    looking.follow(queue)
    await looking.join()
    await looking.aclose()


async def test_a_file_that_is_no_recording_says_so_while_the_queue_is_paused(
    tmp_path: Path,
) -> None:
    good, text = tmp_path / "good.wav", tmp_path / "text.mp3"
    tone(good, seconds=3)
    text.write_text("no sound at all\n" * 50)
    async with opened(tmp_path / "home") as bench:
        bench.queue.pause()
        looking = Looking(pause=no_sleep)
        looking.follow(bench.queue)
        sound, words = await bench.queue.add([good, text], HERE)
        await looking.join()
        assert bench.now(words).state is JobState.NEEDS_ATTENTION
        assert bench.failure(words).action is Action.CHOOSE_FILE
        assert "not a recording" in bench.sentence(words)
        assert bench.now(sound).state is JobState.WAITING
        assert bench.now(sound).duration_ms == pytest.approx(3_000, abs=100)

        text.unlink()
        tone(text, seconds=2)  # put right, and given once more
        await bench.queue.retry([words.job_id])
        await looking.join()
        assert bench.now(words).state is JobState.WAITING
        assert bench.now(words).duration_ms == pytest.approx(2_000, abs=100)
        await looking.aclose()

    async with opened(tmp_path / "home") as bench:  # what was found out is kept
        assert bench.now(sound).duration_ms == pytest.approx(3_000, abs=100)


async def test_what_may_mend_itself_is_left_to_its_turn(tmp_path: Path) -> None:
    async def look(path: Path) -> int | None:
        raise {"gone": GONE, "grows": GROWS, "none": NO_SOUND}[path.stem]

    async with opened(tmp_path / "home") as bench:
        bench.queue.pause()
        jobs = await bench.queue.add(
            [tmp_path / f"{name}.wav" for name in ("gone", "grows", "none")], HERE
        )
        added_ms = jobs[0].created_ms
        # After a restart the disk they lie on may not be there yet.
        await looked_at(bench.queue, look, now_ms=lambda: added_ms + 3_600_000)
        states = [bench.now(job).state for job in jobs]
        assert states == [JobState.WAITING, JobState.WAITING, JobState.NEEDS_ATTENTION]
        await looked_at(bench.queue, look, now_ms=lambda: added_ms + 5)
        states = [bench.now(job).state for job in jobs]
        assert states == [
            JobState.NEEDS_ATTENTION,
            JobState.WAITING,
            JobState.NEEDS_ATTENTION,
        ]


async def test_a_file_that_is_being_copied_is_left_to_its_turn(tmp_path: Path) -> None:
    path = tmp_path / "talk.mp4"
    path.write_bytes(b"half")
    paused: list[float] = []

    async def look(_: Path) -> int | None:
        raise NO_SOUND

    async def pause(seconds: float) -> None:
        paused.append(seconds)
        if len(paused) == 1:
            path.write_bytes(b"more than half")

    async with opened(tmp_path / "home") as bench:
        bench.queue.pause()
        (job,) = await bench.queue.add([path], HERE)
        for state in (JobState.WAITING, JobState.NEEDS_ATTENTION):
            looking = Looking(look=look, pause=pause)
            looking.follow(bench.queue)
            await looking.join()
            await looking.aclose()
            assert bench.now(job).state is state
        assert len(paused) == 2

        os.utime(path, (0, 0))  # nobody has written to it for years
        await bench.queue.retry([job.job_id])
        await looked_at(bench.queue, look)
        assert bench.now(job).state is JobState.NEEDS_ATTENTION
        assert len(paused) == 2


async def test_no_more_than_two_are_looked_at_at_a_time(tmp_path: Path) -> None:
    at_once: list[int] = []
    looked = 0

    async def look(_: Path) -> int | None:
        nonlocal looked
        looked += 1
        at_once.append(looked - len(ended))
        await asyncio.sleep(0)
        ended.append(1)
        return 1_000

    ended: list[int] = []
    async with opened(tmp_path / "home") as bench:
        bench.queue.pause()
        jobs = await bench.queue.add([tmp_path / f"{one}.wav" for one in range(40)], HERE)
        await looked_at(bench.queue, look)
        assert looked == 40
        assert max(at_once) == 2
        assert {bench.now(job).duration_ms for job in jobs} == {1_000}


async def test_a_disk_that_does_not_answer_is_asked_no_further(tmp_path: Path) -> None:
    asked: list[Path] = []

    async def look(path: Path) -> int | None:
        asked.append(path)
        await asyncio.Event().wait()
        return None

    async with opened(tmp_path / "home") as bench:
        bench.queue.pause()
        jobs = await bench.queue.add([tmp_path / f"{one}.wav" for one in range(9)], HERE)
        await looked_at(bench.queue, look, patience_s=0)
        assert len(asked) == 2
        assert {bench.now(job).state for job in jobs} == {JobState.WAITING}


async def test_what_left_the_queue_or_is_a_link_is_not_looked_at(tmp_path: Path) -> None:
    asked: list[str] = []

    async def look(path: Path) -> int | None:
        asked.append(path.name)
        return 1_000

    async with opened(tmp_path / "home") as bench:
        bench.queue.pause()
        first, second = await bench.queue.add([tmp_path / "a.wav", tmp_path / "b.wav"], HERE)
        await bench.queue.add(["https://example.org/c.mp3"], HERE, is_url=True)
        await bench.queue.cancel([first.job_id])
        await looked_at(bench.queue, look)
        assert asked == ["b.wav"]
        assert bench.now(second).duration_ms == 1_000
        await looked_at(bench.queue, look)
        assert asked == ["b.wav"]  # it is known by now


async def test_a_job_that_is_just_being_taken_up_is_left_to_its_turn(tmp_path: Path) -> None:
    text = tmp_path / "text.wav"
    text.write_text("no sound\n")
    async with opened(tmp_path / "home") as bench:
        bench.queue.pause()
        (job,) = await bench.queue.add([text], HERE)
        bench.queue.resume()  # taken up, and waiting still until that is written down
        assert bench.now(job).state is JobState.WAITING
        await bench.queue.refuse(job.job_id, Failure.of(NO_SOUND))
        assert bench.now(job).state is JobState.WAITING
        await bench.done(job)
        assert "not a recording" in bench.sentence(job)  # as its turn found it


async def test_a_look_says_of_real_recordings_what_a_probe_does(clips: Path) -> None:
    for path in sorted(clips.glob("*.flac"))[:3]:
        assert await glance(path) == (await probe(path)).duration_ms


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no such folder there")
async def test_a_folder_that_poses_as_a_recording_is_none(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="folder"):
        await glance(tmp_path)
