"""Whatever is dropped ends in one sentence on its row, and the recording beside it is done."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from typing_extensions import override

from app.core.errors import Action
from app.core.job import Job, JobState
from app.core.options import ModelId, TranscriptionOptions
from app.jobs.intake import gather
from app.ui.actions import ActionId
from app.ui.queue.wording import RowAction, buttons, sentence
from tests.flow.conftest import Opened, OpenProgram
from tests.support.bench import opened
from tests.support.fake_waves import FakeWaves
from tests.support.sounds import ffmpeg
from tests.support.waiting import until

PULSE = TranscriptionOptions(model=ModelId.PULSE)


def no_sound(good: Path, bad: Path) -> Path:
    bad = bad.with_suffix(".mp4")
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=64x64:r=5:d=1", "-c:v", "mpeg4", bad)
    return bad


def empty(good: Path, bad: Path) -> Path:
    bad.touch()
    return bad


def a_text(good: Path, bad: Path) -> Path:
    bad.write_text("Dear reader, this is no music at all.\n" * 200)
    return bad


def truncated(good: Path, bad: Path) -> Path:
    bad = bad.with_suffix(".flac")
    talk = good.with_name("lj001-0004.flac")  # a copy short by less than 2 s is used as it is
    bad.write_bytes(talk.read_bytes()[: talk.stat().st_size // 2])
    return bad


def unfinished(good: Path, bad: Path) -> Path:
    whole = bad.with_suffix(".m4a")
    ffmpeg("-i", good, "-c:a", "aac", whole)
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    return whole


def vanished(good: Path, bad: Path) -> Path:
    return bad


def a_playlist(good: Path, bad: Path) -> Path:
    bad.write_text(f"#EXTM3U\n#EXTINF:1,\nfile://{good}\n")
    return bad


BAD: dict[Callable[[Path, Path], Path], tuple[str, Action]] = {
    no_sound: ("There is no audio in this file", Action.CHOOSE_FILE),
    empty: ("empty", Action.CHOOSE_FILE),
    a_text: ("not a recording, whatever its name says", Action.CHOOSE_FILE),
    truncated: ("This recording is damaged after 0:", Action.USE_READABLE_PART),
    unfinished: ("is incomplete", Action.CHOOSE_FILE),
    vanished: ("cannot be read. Check that it is still there", Action.NONE),
    a_playlist: ("not a recording, whatever its name says", Action.CHOOSE_FILE),
}


@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_bad_input_is_one_sentence_and_the_other_recording_is_done(
    make, fake_waves: FakeWaves, run_async, clips: Path, tmp_path: Path
):
    good = clips / "lj001-0002.flac"
    bad = make(good, tmp_path / "talk.mp3")
    says, offers = BAD[make]

    async def flow() -> None:
        async with opened(tmp_path / "home", fake_waves) as bench:
            job, other = await bench.queue.add([bad, good], PULSE)
            await bench.done(job)
            assert says in bench.sentence(job)
            assert bench.failure(job).action is offers
            assert bench.sentence(job).count("\n") == 0
            assert bench.now(other).state is JobState.DONE
            assert not any(bench.storage.paths.temp.glob("*/making*"))

    run_async(flow(), timeout_s=50)
    assert len(fake_waves.transcriptions) == 1


def test_the_readable_part_of_a_damaged_recording_is_used_on_demand(
    fake_waves: FakeWaves, run_async, clips: Path, tmp_path: Path
):
    bad = truncated(clips / "lj001-0004.flac", tmp_path / "talk.mp3")

    async def flow() -> None:
        async with opened(tmp_path / "home", fake_waves) as bench:
            (job,) = await bench.queue.add([bad], PULSE)
            await bench.done(job)
            assert not fake_waves.transcriptions
            await bench.queue.retry([job.job_id], consent=True)
            await bench.done(job)
            assert bench.now(job).state is JobState.DONE, bench.sentence(job)

    run_async(flow(), timeout_s=50)


NAMES = [
    'it\'s "quoted" & $HOME `x`; rm.flac',
    "two\nlines\tand a tab.flac",
    "emoji 🎙️ – ünïcode.flac",
    "-i dash first.flac",
    "file:odd%20name?x=1#y.flac",
    " spaces .flac",
    "talk%03d.flac",
    "no suffix",
    "a" * 245 + ".flac",
    "bad \udcff bytes.flac",
]


@pytest.mark.slow
def test_any_name_will_do(fake_waves: FakeWaves, run_async, clips: Path, tmp_path: Path):
    folder = tmp_path / "names"
    folder.mkdir()
    for name in NAMES:
        try:
            shutil.copy(clips / "lj001-0008.flac", folder / name)
        except OSError:  # a file system that takes Unicode only
            continue
    files = [folder / name for name in NAMES if (folder / name).exists()]

    async def flow() -> None:
        async with opened(tmp_path / "home", fake_waves) as bench:
            jobs = await bench.queue.add(gather(files).files, PULSE, is_repeat=True)
            assert len(jobs) >= len(NAMES) - 1
            await bench.done(jobs[0])
            for job in jobs:
                assert bench.now(job).state is JobState.DONE, bench.sentence(job)
                job.title.encode("utf-8")  # can be shown

        async with opened(tmp_path / "home", fake_waves) as again:
            assert {Path(job.source) for job in again.queue.jobs} == set(files)
            entries = again.storage.library.entries()
            assert {Path(entry.source) for entry in entries} == set(files)

    run_async(flow(), timeout_s=55)


def test_a_folder_gives_its_recordings(clips: Path, tmp_path: Path):
    found = gather([clips])
    assert {path.suffix for path in found.files} == {".flac"}
    assert len(found.files) == len(list(clips.rglob("*.flac")))
    assert not found.refused
    (tmp_path / "none").mkdir()
    (refused,) = gather([tmp_path / "none"]).refused
    assert refused.reason.fill() == "No recordings in this folder."


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
def test_what_cannot_be_read_is_refused_at_once(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.wav")  # root may read everything, but nobody a pipe
    (tmp_path / "loop.wav").symlink_to(tmp_path / "loop.wav")
    found = gather([tmp_path / "pipe.wav", tmp_path / "loop.wav", tmp_path / "gone.wav"])
    assert not found.files
    assert [one.name for one in found.refused] == ["pipe.wav", "loop.wav", "gone.wav"]
    assert all(one.reason.fill().endswith(".") for one in found.refused)


def test_a_full_disk_is_said_before_anything_is_made(
    fake_waves: FakeWaves, run_async, clips: Path, tmp_path: Path
):
    async def flow() -> None:
        async with opened(tmp_path, fake_waves, free_bytes=lambda _: 10_000) as bench:
            (job,) = await bench.queue.add([clips / "lj001-0002.flac"], PULSE)
            await bench.done(job)
            assert "not enough disk space" in bench.sentence(job)
            assert not any(bench.storage.paths.temp.rglob("*.flac"))

    run_async(flow())
    assert not fake_waves.transcriptions


def test_a_model_that_is_not_there_is_said(run_async, clips: Path, tmp_path: Path):
    options = TranscriptionOptions(package="large-v3")

    async def flow() -> None:
        async with opened(tmp_path) as bench:
            (job,) = await bench.queue.add([clips / "lj001-0008.flac"], options)
            await bench.done(job)
            assert bench.now(job).state is JobState.NEEDS_ATTENTION
            assert "model" in bench.sentence(job)
            assert bench.failure(job).action in {Action.CHOOSE_MODEL, Action.OPEN_SETTINGS}

    run_async(flow(), timeout_s=50)


def test_a_reply_that_cannot_be_kept_is_not_lost_while_wordlight_runs(
    fake_waves: FakeWaves, run_async, clips: Path, tmp_path: Path
):
    """What was paid for is kept as soon as there is room, and not paid for again."""
    from app.core.errors import StorageError
    from app.store.job_steps import JobSteps

    class Full(JobSteps):
        is_full = True

        @override
        def save_reply(self, job_id, part, raw, request_id=""):
            if self.is_full:
                raise StorageError("The disk is full.")
            super().save_reply(job_id, part, raw, request_id)

    made: list[Full] = []

    def steps(storage) -> Full:
        made.append(Full(storage.database))
        return made[0]

    async def flow() -> None:
        async with opened(tmp_path, fake_waves, steps=steps) as bench:
            (job,) = await bench.queue.add([clips / "lj001-0008.flac"], PULSE)
            await bench.done(job)
            assert bench.sentence(job) == "The disk is full."
            made[0].is_full = False
            await bench.queue.retry([job.job_id])
            await bench.done(job)
            assert bench.now(job).state is JobState.DONE, bench.sentence(job)

    run_async(flow())
    assert len(fake_waves.transcriptions) == 1


def encrypted(good: Path, bad: Path) -> Path:
    bad = bad.with_name("locked.m4a")
    ffmpeg("-i", good, "-c:a", "aac", bad)
    bad.write_bytes(bad.read_bytes().replace(b"mp4a", b"drms"))
    return bad


def test_the_row_of_a_bad_file_has_a_button_that_helps(
    open_program: OpenProgram,
    fake_waves: FakeWaves,
    run_async,
    clips: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("SMALLEST_API_KEY", fake_waves.key)
    monkeypatch.setenv("WORDLIGHT_BASE_URL", fake_waves.address)
    good = clips / "lj001-0002.flac"
    broken, silent, locked = (
        make(good, tmp_path / "talk.mp3") for make in (truncated, no_sound, encrypted)
    )

    async def flow() -> None:
        async with open_program() as opened:
            opened.options.show_options(PULSE)
            opened.drop(broken, silent, locked)
            await opened.at_rest(3)
            offered = {
                job.title: [button.text for button in buttons(job)] for job in opened.jobs
            }
            assert offered == {
                broken.name: ["Use the readable part", "Choose the file…", "Details"],
                silent.name: ["Choose the file…", "Details"],
                locked.name: ["Choose the file…", "Details"],
            }
            said = {job.title: sentence(job) for job in opened.jobs}
            assert "damaged after 0:" in said[broken.name]
            assert "no audio in this file" in said[silent.name]
            assert "copy-protected" in said[locked.name]
            assert not fake_waves.transcriptions
            if opened.program.front.side.is_folded:  # the window is held on a narrow screen
                opened.program.front.actions[ActionId.FOLD_QUEUE].trigger()
                await until(lambda: opened.queue.list.viewport().width() > 200)

            job = next(one for one in opened.jobs if one.title == broken.name)
            press(opened, job, RowAction.USE_READABLE_PART)
            await until(lambda: state_of(opened, job) is JobState.DONE)
            done = opened.services.queue.job(job.job_id)
            assert done is not None
            assert done.transcript_id is not None
            assert opened.storage.library.load(done.transcript_id).transcript.word_count

            job = next(one for one in opened.jobs if one.title == locked.name)
            press(opened, job, RowAction.CHOOSE_FILE)
            await until(lambda: opened.window.findChildren(QFileDialog))
            (dialog,) = opened.window.findChildren(QFileDialog)
            dialog.filesSelected.emit([str(good)])
            dialog.close()
            await until(lambda: locked.name not in {one.title for one in opened.jobs})
            other = next(one for one in opened.jobs if one.title == good.name)
            await until(lambda: state_of(opened, other) is JobState.DONE)

    run_async(flow(), timeout_s=50)
    assert len(fake_waves.transcriptions) == 2


def state_of(opened: Opened, job: Job) -> JobState | None:
    now = opened.services.queue.job(job.job_id)
    return None if now is None else now.state


def press(opened: Opened, job: Job, action: RowAction) -> None:
    """Press a button on a job's row."""
    view = opened.queue.list
    place = [one.job_id for one in opened.jobs].index(job.job_id)
    index = view.model().index(place, 0)
    view.scrollTo(index)
    rect = view.delegate.button_rect(index, action)
    assert rect is not None
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
