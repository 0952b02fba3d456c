from __future__ import annotations

import asyncio
import stat
import subprocess
import sys
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.audio.cache import OverviewCache
from app.audio.plan import Form, Limits, Plan, make_plan
from app.audio.prepare import DamagedError, Prepared, make_overview, prepare
from app.audio.probe import probe
from app.core.errors import Action, RecordingError, StorageError
from app.core.options import ModelId, TranscriptionOptions
from app.core.peaks import decode_peaks
from tests.audio.conftest import FORMATS, Make

pytestmark = pytest.mark.slow  # many short ones, which add up

PULSE = TranscriptionOptions(model=ModelId.PULSE)
HERE = TranscriptionOptions()
TALK_MS = 57_923


def sound_of(path: Path) -> NDArray[np.int16]:
    command = ["ffmpeg", "-v", "error", "-i", f"file:{path}", "-f", "s16le", "-"]
    done = subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return np.frombuffer(done.stdout, "<i2")


async def prepared(
    path: Path,
    cache: OverviewCache,
    options: TranscriptionOptions = PULSE,
    limits: Limits | None = None,
) -> tuple[Plan, Prepared]:
    recording = await probe(path)
    plan = make_plan(recording, options, limits)
    return plan, await prepare(recording, plan, path.parent / "job", cache=cache)


def children() -> set[str]:
    """Give the processes started from here and not reaped yet, where the system tells."""
    told = Path("/proc/self/task").glob("*/children")
    return {number for task in told for number in task.read_text().split()}


def leftovers(folder: Path) -> list[Path]:
    return list(folder.rglob(".making-*"))


@pytest.mark.parametrize("suffix", FORMATS)
async def test_every_format_becomes_what_the_recogniser_here_takes(
    make: Make, cache: OverviewCache, tmp_path: Path, suffix: str
) -> None:
    path = make(f"talk.{suffix}", *FORMATS[suffix])

    plan, got = await prepared(path, cache, HERE)

    with wave.open(str(got.parts[0].path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        assert abs(file.getnframes() / 16 - TALK_MS) < 150  # AAC adds a frame or two
    assert abs(got.duration_ms - TALK_MS) < 150
    assert got.damaged_at_ms is None
    assert got.note == plan.reason
    assert decode_peaks(got.peaks_path.read_bytes()).duration_ms == got.duration_ms
    assert (got.proxy_path is not None) == (suffix in {"aac", "avi", "wma", "amr", "3gp"})
    assert leftovers(tmp_path) == []


async def test_the_outline_is_that_of_the_sound(make: Make, cache: OverviewCache) -> None:
    path = make("talk.flac")

    _, got = await prepared(path, cache)

    peaks = decode_peaks(got.peaks_path.read_bytes())
    sound = sound_of(path)
    for level in peaks.levels:
        per_step = 16 * level.step_ms
        steps = [sound[at : at + per_step] for at in range(0, len(sound), per_step)]
        assert list(level.pairs[0::2]) == [step.min() for step in steps]
        assert list(level.pairs[1::2]) == [step.max() for step in steps]


async def test_the_original_is_sent_when_nothing_needs_doing(
    make: Make, cache: OverviewCache
) -> None:
    path = make("talk.flac")

    plan, got = await prepared(path, cache)

    assert plan.form is Form.ORIGINAL
    assert [(part.path, part.start_ms) for part in got.parts] == [(path, 0)]
    assert not any((path.parent / "job").iterdir())


async def test_one_encode_serves_service_and_player(make: Make, cache: OverviewCache) -> None:
    path = make("talk.wma", *FORMATS["wma"])

    _, got = await prepared(path, cache)

    assert got.proxy_path is not None
    assert got.proxy_path.samefile(got.parts[0].path)


async def test_a_range_is_cut_to_the_sample(make: Make, cache: OverviewCache) -> None:
    path = make("talk.flac")

    _, got = await prepared(path, cache, replace(PULSE, start_ms=10_123, end_ms=20_456))

    (part,) = got.parts
    assert (part.start_ms, part.end_ms) == (10_123, 20_456)
    assert np.array_equal(sound_of(part.path), sound_of(path)[10_123 * 16 : 20_456 * 16])
    assert abs(got.duration_ms - TALK_MS) < 100


async def test_a_range_behind_the_end_is_said_to_be(make: Make, cache: OverviewCache) -> None:
    with pytest.raises(RecordingError, match="after the end"):
        await prepared(make("talk.flac"), cache, replace(PULSE, start_ms=600_000))


async def test_parts_overlap_at_pauses_and_lose_nothing(
    make: Make, cache: OverviewCache
) -> None:
    path = make("talk.flac")
    limits = Limits(split_ms=20_000, overlap_ms=2_000)

    _, got = await prepared(path, cache, limits=limits)

    sound = sound_of(path)
    assert len(got.parts) >= 3
    assert (got.parts[0].start_ms, got.parts[-1].end_ms) == (0, got.duration_ms)
    for part in got.parts:
        assert part.end_ms - part.start_ms <= 20_000
        expected = sound[part.start_ms * 16 : part.end_ms * 16]
        assert np.array_equal(sound_of(part.path)[: len(expected)], expected)
    for before, after in zip(got.parts, got.parts[1:], strict=False):
        assert before.end_ms - after.start_ms == 2_000
        seam = (after.start_ms + 1_000) * 16
        quiet = np.abs(sound[seam - 800 : seam + 800].astype(int)).max()
        assert quiet < 2_000


async def test_each_channel_becomes_a_file_of_its_own(
    make: Make, cache: OverviewCache, clips: Path
) -> None:
    path = make(
        "talk.wav",
        *("-i", str(clips / "five-minutes.flac")),
        *("-filter_complex", "[0:a][1:a]join=channel_layout=stereo", "-t", "50"),
    )

    _, got = await prepared(path, cache, replace(PULSE, channels_are_speakers=True))

    left, right = got.parts
    assert (left.channel, right.channel) == (0, 1)
    both = sound_of(path).reshape(-1, 2)
    assert np.array_equal(sound_of(left.path), both[:, 0])
    assert np.array_equal(sound_of(right.path), both[:, 1])


async def test_forty_channels_are_mixed(make: Make, cache: OverviewCache) -> None:
    tones = "|".join(["sin(2500*t)"] * 40)
    sound = ("-f", "lavfi", "-i", f"aevalsrc={tones}:d=2:s=8000", "-map", "1:a")
    path = make("talk.wav", *sound)

    _, got = await prepared(path, cache, HERE)

    assert sound_of(got.parts[0].path).max() > 20_000


async def test_sound_that_begins_late_stays_late(
    make: Make, cache: OverviewCache, clips: Path
) -> None:
    path = make(
        "late.mp4",
        *("-itsoffset", "3", "-i", str(clips / "lj001-0001.flac")),
        *("-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac"),
        source=make("film.mp4", *FORMATS["mp4"]),
    )

    _, got = await prepared(path, cache, HERE)

    loud = np.flatnonzero(np.abs(sound_of(got.parts[0].path).astype(int)) > 500)
    assert 2_950 * 16 < loud[0] < 3_500 * 16


async def test_a_recording_that_changes_its_form_midway_keeps_its_length(
    make: Make, cache: OverviewCache
) -> None:
    bare = ("-write_xing", "0", "-id3v2_version", "0", "-ar", "44100")
    mono = make("mono.mp3", "-ac", "1", *bare).read_bytes()
    stereo = make("stereo.mp3", "-ac", "2", *bare).read_bytes()
    path = make("talk.mp3")
    path.write_bytes(mono + stereo + mono)

    _, got = await prepared(path, cache)

    assert abs(got.duration_ms - 3 * TALK_MS) < 500
    assert got.proxy_path is not None


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("talk.mp3", ("-b:a", "64k")),
        ("talk.flac", ()),
        ("talk.wav", ()),
        ("talk.m4a", ("-c:a", "aac", "-movflags", "faststart")),
    ],
)
async def test_a_recording_cut_short_offers_what_can_be_read(
    make: Make, cache: OverviewCache, name: str, arguments: tuple[str, ...]
) -> None:
    path = make(name, *arguments)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    recording = await probe(path)
    job = path.parent / "job"

    with pytest.raises(DamagedError, match=r"damaged after 0:[23]\d") as caught:
        await prepare(recording, make_plan(recording, PULSE), job, cache=cache)

    assert caught.value.action is Action.USE_READABLE_PART
    assert not any(job.iterdir())
    assert leftovers(path.parent) == []

    agreed = replace(recording, damaged_at_ms=caught.value.damaged_at_ms)
    got = await prepare(agreed, make_plan(agreed, PULSE), job, cache=cache)

    assert got.damaged_at_ms == caught.value.damaged_at_ms == got.parts[0].end_ms
    assert "only the part before" in got.note.fill()


async def test_a_file_that_changed_since_it_was_looked_at(
    make: Make, cache: OverviewCache
) -> None:
    path = make("talk.flac")
    recording = await probe(path)
    path.write_bytes(path.read_bytes() + b"more")

    with pytest.raises(RecordingError, match="still being written"):
        await prepare(recording, make_plan(recording, PULSE), path.parent / "j", cache=cache)


async def test_a_file_that_vanishes_between(make: Make, cache: OverviewCache) -> None:
    path = make("talk.flac")
    recording = await probe(path)
    path.unlink()

    with pytest.raises(RecordingError, match="no longer where it was"):
        await prepare(recording, make_plan(recording, PULSE), path.parent / "j", cache=cache)


async def test_a_full_disk_is_known_before(make: Make, cache: OverviewCache) -> None:
    path = make("talk.wav", "-ac", "2", "-ar", "44100")
    recording = await probe(path)
    job = path.parent / "job"

    with pytest.raises(StorageError, match="too little room"):
        await prepare(
            recording,
            make_plan(recording, HERE),
            job,
            cache=cache,
            free_bytes=lambda folder: 51_000_000,
        )
    assert not job.exists()


async def test_what_an_earlier_run_made_is_used_again(make: Make, cache: OverviewCache) -> None:
    path = make("talk.wma", *FORMATS["wma"])
    _, first = await prepared(path, cache)
    before = {part.path: part.path.stat().st_mtime_ns for part in first.parts}

    _, again = await prepared(path, cache)

    assert again == first
    assert {part.path: part.path.stat().st_mtime_ns for part in again.parts} == before


async def test_parts_of_another_plan_are_not_used(make: Make, cache: OverviewCache) -> None:
    path = make("talk.wma", *FORMATS["wma"])
    _, first = await prepared(path, cache)

    _, other = await prepared(path, cache, replace(PULSE, end_ms=5_000))

    assert other.parts[0].end_ms == 5_000
    assert len(sound_of(other.parts[0].path)) == 5_000 * 16
    assert other.peaks_path == first.peaks_path


async def test_a_lost_playback_copy_is_made_again(make: Make, cache: OverviewCache) -> None:
    path = make("talk.wma", *FORMATS["wma"])
    _, got = await prepared(path, cache)
    assert got.proxy_path is not None
    got.proxy_path.unlink()

    overview = await make_overview(await probe(path), cache=cache)

    assert overview.proxy_path == got.proxy_path
    assert got.proxy_path.is_file()


async def test_cancelling_leaves_no_file_and_no_process(
    make: Make, cache: OverviewCache, tmp_path: Path
) -> None:
    path = make(
        "long.flac",
        *("-f", "lavfi", "-i", "anoisesrc=d=3600:r=16000:c=pink", "-map", "1:a"),
        *("-compression_level", "0"),
    )
    recording = await probe(path)
    before = children()
    started = asyncio.Event()
    job = tmp_path / "job"
    work = asyncio.ensure_future(
        prepare(
            recording,
            make_plan(recording, HERE),
            job,
            lambda done_ms, total_ms: started.set(),
            cache=cache,
        )
    )
    await started.wait()
    assert sys.platform != "linux" or children() > before
    assert leftovers(job)
    assert leftovers(cache.folder)

    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work

    assert [*job.iterdir(), *cache.folder.iterdir()] == []
    assert children() == before


async def test_progress_counts_what_was_decoded(make: Make, cache: OverviewCache) -> None:
    path = make("talk.wav", "-ac", "2", "-ar", "44100")
    recording = await probe(path)
    told: list[tuple[int, int]] = []

    await prepare(
        recording,
        make_plan(recording, HERE),
        path.parent / "job",
        lambda done_ms, total_ms: told.append((done_ms, total_ms)),
        cache=cache,
    )

    assert told == sorted(told)
    assert 10_000 <= told[0][0] < 20_000
    assert all(done_ms <= total_ms for done_ms, total_ms in told)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights otherwise")
async def test_everything_made_is_private(make: Make, cache: OverviewCache) -> None:
    _, got = await prepared(make("talk.wma", *FORMATS["wma"]), cache)

    assert got.proxy_path is not None
    for path in (got.proxy_path, got.peaks_path, got.parts[0].path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_no_titles_leave_with_the_copy(make: Make, cache: OverviewCache) -> None:
    path = make("talk.mkv", "-c:a", "pcm_s16le", "-metadata", "title=private-matter")

    _, got = await prepared(path, cache)

    assert b"private-matter" in path.read_bytes()
    assert b"private-matter" not in got.parts[0].path.read_bytes()
