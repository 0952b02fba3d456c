from __future__ import annotations

import asyncio
import os
import shutil
import stat
import sys
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.audio.cache import PlaybackCache
from app.audio.plan import Form, PartLimits, Plan, make_plan
from app.audio.prepare import DamagedError, LongerError, Prepared, make_playback_files, prepare
from app.audio.probe import probe
from app.audio.process import find_ffmpeg
from app.core.errors import Action, RecordingError, StorageError
from app.core.options import ModelId, TranscriptionOptions
from app.core.peaks import decode_peaks
from tests.support.recordings import FORMATS, ODD_NAMES, Make
from tests.support.sounds import ffmpeg

pytestmark = pytest.mark.slow  # many short ones, which add up

PULSE = TranscriptionOptions(model=ModelId.PULSE)
HERE = TranscriptionOptions()
TALK_MS = 57_923


def sound_of(path: Path) -> NDArray[np.int16]:
    return np.frombuffer(ffmpeg("-i", f"file:{path}", "-f", "s16le", "-"), "<i2")


async def prepared(
    path: Path,
    cache: PlaybackCache,
    options: TranscriptionOptions = PULSE,
    limits: PartLimits | None = None,
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
    make: Make, cache: PlaybackCache, tmp_path: Path, suffix: str
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


async def test_the_outline_is_that_of_the_sound(make: Make, cache: PlaybackCache) -> None:
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
    make: Make, cache: PlaybackCache
) -> None:
    path = make("talk.flac")

    plan, got = await prepared(path, cache)

    assert plan.form is Form.ORIGINAL
    assert [(part.path, part.start_ms) for part in got.parts] == [(path, 0)]
    assert not any((path.parent / "job").iterdir())


async def test_one_encode_serves_service_and_player(make: Make, cache: PlaybackCache) -> None:
    path = make("talk.wma", *FORMATS["wma"])

    _, got = await prepared(path, cache)

    assert got.proxy_path is not None
    assert got.proxy_path.samefile(got.parts[0].path)


async def test_a_range_is_cut_to_the_sample(make: Make, cache: PlaybackCache) -> None:
    path = make("talk.flac")

    _, got = await prepared(path, cache, replace(PULSE, start_ms=10_123, end_ms=20_456))

    (part,) = got.parts
    assert (part.start_ms, part.end_ms) == (10_123, 20_456)
    assert np.array_equal(sound_of(part.path), sound_of(path)[10_123 * 16 : 20_456 * 16])
    assert abs(got.duration_ms - TALK_MS) < 100


async def test_a_range_behind_the_end_is_said_to_be(make: Make, cache: PlaybackCache) -> None:
    with pytest.raises(RecordingError, match="after the end"):
        await prepared(make("talk.flac"), cache, replace(PULSE, start_ms=600_000))


async def test_parts_overlap_at_pauses_and_lose_nothing(
    make: Make, cache: PlaybackCache
) -> None:
    path = make("talk.flac")
    limits = PartLimits(split_ms=20_000, overlap_ms=2_000)

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
    make: Make, cache: PlaybackCache, clips: Path
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


async def test_forty_channels_are_mixed(make: Make, cache: PlaybackCache) -> None:
    tones = "|".join(["sin(2500*t)"] * 40)
    sound = ("-f", "lavfi", "-i", f"aevalsrc={tones}:d=2:s=8000", "-map", "1:a")
    path = make("talk.wav", *sound)

    _, got = await prepared(path, cache, HERE)

    assert sound_of(got.parts[0].path).max() > 20_000


async def test_sound_that_begins_late_stays_late(
    make: Make, cache: PlaybackCache, clips: Path
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
    make: Make, cache: PlaybackCache
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
    make: Make, cache: PlaybackCache, name: str, arguments: tuple[str, ...]
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
    assert "Only the part before" in got.note.fill()


async def test_a_file_that_changed_since_it_was_looked_at(
    make: Make, cache: PlaybackCache
) -> None:
    path = make("talk.flac")
    recording = await probe(path)
    path.write_bytes(path.read_bytes() + b"more")

    with pytest.raises(RecordingError, match="still being written"):
        await prepare(recording, make_plan(recording, PULSE), path.parent / "j", cache=cache)


async def test_a_file_that_vanishes_between(make: Make, cache: PlaybackCache) -> None:
    path = make("talk.flac")
    recording = await probe(path)
    path.unlink()

    with pytest.raises(RecordingError, match="moved or deleted"):
        await prepare(recording, make_plan(recording, PULSE), path.parent / "j", cache=cache)


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(bytes(32_000))


def shorten(path: Path) -> None:
    os.truncate(path, 1_000_000)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (append, "still being written"),
        (shorten, "changed while it was being read"),
        (Path.unlink, "moved or deleted"),
    ],
)
@pytest.mark.parametrize("options", [HERE, PULSE], ids=["copied", "as it is"])
async def test_a_file_that_is_not_left_alone_in_the_pass(
    cache: PlaybackCache,
    tmp_path: Path,
    change: Callable[[Path], None],
    says: str,
    options: TranscriptionOptions,
) -> None:
    path = silence(tmp_path / "talk.wav", seconds=1200)
    recording = await probe(path)
    changes: list[int] = []

    def when_begun(done_ms: int, total_ms: int) -> None:
        if not changes:
            change(path)
        changes.append(done_ms)

    with pytest.raises(RecordingError, match=says):
        await prepare(
            recording,
            make_plan(recording, options),
            tmp_path / "job",
            when_begun,
            cache=cache,
        )
    assert changes[0] < 60_000
    assert [*(tmp_path / "job").iterdir(), *cache.folder.iterdir()] == []


def silence(path: Path, *, seconds: int) -> Path:
    """Write a long recording that takes next to no room."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.setnframes(seconds * 16_000)
        file.writeframes(bytes(2))
    with path.open("r+b") as file:
        file.seek(4)
        file.write((36 + seconds * 32_000).to_bytes(4, "little"))
        file.seek(40)
        file.write((seconds * 32_000).to_bytes(4, "little"))
    os.truncate(path, 44 + seconds * 32_000)
    return path


def bomb(make: Make, *, minutes: int) -> Path:
    """Write a small file of so much silence that says it is ten seconds long."""
    quiet = ("-f", "lavfi", "-i", f"anullsrc=r=1000:cl=mono:d={minutes * 60}", "-map", "1:a")
    path = make("talk.flac", *quiet, "-frame_size", "65535", "-compression_level", "0")
    data = bytearray(path.read_bytes())
    assert len(data) < 100_000
    data[21:26] = (data[21] & 0xF0).to_bytes(1) + (10_000).to_bytes(4)
    path.write_bytes(data)
    return path


async def test_a_small_file_that_hides_more_than_a_day_of_sound(
    make: Make, cache: PlaybackCache, tmp_path: Path
) -> None:
    path = bomb(make, minutes=31 * 60)
    recording = await probe(path)
    assert recording.duration_ms == 10_000

    with pytest.raises(RecordingError, match="Wordlight takes up to 24 hours"):
        await prepare(recording, make_plan(recording, HERE), tmp_path / "job", cache=cache)
    with pytest.raises(RecordingError, match="Wordlight takes up to 24 hours"):
        await make_playback_files(recording, cache=cache)

    assert [*(tmp_path / "job").iterdir(), *cache.folder.iterdir()] == []


async def test_a_recording_longer_than_it_says_can_be_planned_anew(
    make: Make, cache: PlaybackCache, tmp_path: Path
) -> None:
    recording = await probe(bomb(make, minutes=15))

    with pytest.raises(LongerError) as caught:
        await prepare(recording, make_plan(recording, PULSE), tmp_path / "job", cache=cache)
    longer = replace(recording, duration_ms=caught.value.duration_ms)
    got = await prepare(longer, make_plan(longer, PULSE), tmp_path / "job", cache=cache)

    assert got.duration_ms == 900_000
    assert len(got.parts) == 2
    assert (await make_playback_files(recording, cache=cache)).facts.duration_ms == 900_000


async def test_telephone_sound_is_brought_up_to_the_rate(
    make: Make, cache: PlaybackCache
) -> None:
    path = make("talk.wav", "-ar", "8000", "-c:a", "pcm_mulaw")

    plan, got = await prepared(path, cache)

    assert plan.form is Form.FLAC
    assert abs(len(sound_of(got.parts[0].path)) / 16 - TALK_MS) < 10


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such names")
async def test_odd_names_are_converted_like_others(
    clips: Path, tmp_path: Path, cache: PlaybackCache, name: str
) -> None:
    path = tmp_path / name
    shutil.copyfile(clips / "lj001-0002.flac", path)

    _, got = await prepared(path, cache, HERE)

    heard = sound_of(got.parts[0].path)
    assert np.array_equal(heard, sound_of(clips / "lj001-0002.flac"))


@pytest.mark.skipif(sys.platform != "linux", reason="needs the device that is always full")
async def test_a_disk_that_fills_up_in_the_pass(
    make: Make, cache: PlaybackCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make("talk.wav", "-ac", "2", "-ar", "44100")
    recording = await probe(path)
    # The real ffmpeg, whose copy goes where every write finds the disk full.
    script = tmp_path / "bin" / "ffmpeg"
    script.parent.mkdir()
    script.write_text(
        "#!/bin/sh\n"
        'for last; do :; done\nln -s /dev/full "${last#file:}"\n'
        f'exec {find_ffmpeg()} -y "$@"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:{os.environ['PATH']}")

    with pytest.raises(StorageError, match="The disk is full"):
        await prepare(recording, make_plan(recording, HERE), tmp_path / "job", cache=cache)

    assert [*(tmp_path / "job").iterdir(), *cache.folder.iterdir()] == []


@pytest.mark.parametrize("turned", ["c0=c0|c1=-0.8*c0", "c0=-0.8*c0|c1=c0"])
async def test_sides_that_cancel_out_are_not_mixed_to_silence(
    make: Make, cache: PlaybackCache, clips: Path, turned: str
) -> None:
    path = make("talk.wav", "-af", f"pan=stereo|{turned}")

    plan, got = await prepared(path, cache)

    assert np.array_equal(
        sound_of(got.parts[0].path), sound_of(clips / "two-readers-alternating.flac")
    )
    assert plan.form is Form.FLAC  # small enough, but the service would mix it too
    assert "one side only, since both together cancel out" in got.note.fill()
    loudest = np.abs(decode_peaks(got.peaks_path.read_bytes()).levels[-1].pairs).max()
    assert loudest > 5_000


async def test_a_full_disk_is_known_before(make: Make, cache: PlaybackCache) -> None:
    path = make("talk.wav", "-ac", "2", "-ar", "44100")
    recording = await probe(path)
    job = path.parent / "job"

    with pytest.raises(StorageError, match="not enough disk space"):
        await prepare(
            recording,
            make_plan(recording, HERE),
            job,
            cache=cache,
            free_bytes=lambda folder: 51_000_000,
        )
    assert not job.exists()


async def test_what_an_earlier_run_made_is_used_again(make: Make, cache: PlaybackCache) -> None:
    path = make("talk.wma", *FORMATS["wma"])
    _, first = await prepared(path, cache)
    before = {part.path: part.path.stat().st_mtime_ns for part in first.parts}

    _, again = await prepared(path, cache)

    assert again == first
    assert {part.path: part.path.stat().st_mtime_ns for part in again.parts} == before


async def test_parts_of_another_plan_are_not_used(make: Make, cache: PlaybackCache) -> None:
    path = make("talk.wma", *FORMATS["wma"])
    _, first = await prepared(path, cache)

    _, other = await prepared(path, cache, replace(PULSE, end_ms=5_000))

    assert other.parts[0].end_ms == 5_000
    assert len(sound_of(other.parts[0].path)) == 5_000 * 16
    assert other.peaks_path == first.peaks_path


async def test_a_lost_playback_copy_is_made_again(make: Make, cache: PlaybackCache) -> None:
    path = make("talk.wma", *FORMATS["wma"])
    _, got = await prepared(path, cache)
    assert got.proxy_path is not None
    got.proxy_path.unlink()

    playback = await make_playback_files(await probe(path), cache=cache)

    assert playback.proxy_path == got.proxy_path
    assert got.proxy_path.is_file()


async def test_cancelling_leaves_no_file_and_no_process(
    make: Make, cache: PlaybackCache, tmp_path: Path
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


async def test_progress_counts_what_was_decoded(make: Make, cache: PlaybackCache) -> None:
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
async def test_everything_made_is_private(make: Make, cache: PlaybackCache) -> None:
    _, got = await prepared(make("talk.wma", *FORMATS["wma"]), cache)

    assert got.proxy_path is not None
    for path in (got.proxy_path, got.peaks_path, got.parts[0].path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_no_titles_leave_with_the_copy(make: Make, cache: PlaybackCache) -> None:
    path = make("talk.mkv", "-c:a", "pcm_s16le", "-metadata", "title=private-matter")

    _, got = await prepared(path, cache)

    assert b"private-matter" in path.read_bytes()
    assert b"private-matter" not in got.parts[0].path.read_bytes()
