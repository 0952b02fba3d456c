"""From files dropped on the real window to words on the page, and back again tomorrow."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from app.core.job import JobState
from tests.flow.conftest import Opened, OpenProgram
from tests.support.waiting import until
from tests.support.wer import word_error_rate

CLIPS = [
    "kennedy-1961",
    "lj001-0002",
    "lj001-0004",
    "lj001-0008",
    "librispeech-2412-153948-0000",
]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_dropped_recordings_become_words_that_light_up_and_stay(
    open_program: OpenProgram, run_async, clips: Path, tmp_path: Path
):
    folder = tmp_path / "talks"
    folder.mkdir()
    talks = [Path(shutil.copy(clips / f"{name}.flac", folder)) for name in CLIPS]

    async def first_day() -> None:
        async with open_program() as opened:
            opened.drop(*talks)
            await until(lambda: len(opened.jobs) == len(talks))
            await opened.at_rest(len(talks))
            assert {job.state for job in opened.jobs} == {JobState.DONE}
            said = " ".join((clips / f"{name}.txt").read_text("utf-8") for name in CLIPS)
            heard: list[str] = []
            for job in opened.jobs:
                assert job.transcript_id is not None
                heard.append(opened.storage.library.load(job.transcript_id).transcript.text)
            assert word_error_rate(said, " ".join(heard)) <= 0.12
            await _listens(opened)
            await _copies(opened)

    async def next_day() -> None:
        async with open_program() as opened:
            assert [job.title for job in opened.jobs] == [talk.name for talk in talks]
            await opened.shown(opened.jobs[0])
            assert "Americans" in opened.transcript.text
            stored = opened.program.rooms.reading.stored
            assert stored is not None
            assert stored.link.path == talks[0]
            await until(lambda: opened.session.player.path is not None)

    run_async(first_day(), timeout_s=200)
    run_async(next_day(), timeout_s=80)


async def _listens(opened: Opened) -> None:
    """Play: the word under the playing position is lit; a click on a word goes there."""
    await opened.shown(opened.jobs[0])
    await until(lambda: opened.session.player.path is not None)
    text = opened.view.text
    opened.named(QToolButton, "Play").click()
    await until(lambda: text.spoken is not None and text.spoken >= 1)
    position_ms, lit = opened.session.player.position_ms, text.spoken
    assert lit is not None
    due = opened.session.timeline.word_at(position_ms)
    assert due is None or abs(lit - due) <= 1
    opened.named(QToolButton, "Pause").click()
    await until(lambda: not opened.session.player.is_playing)

    last = opened.transcript.word_count - 1
    opened.view.scroll_to(last)
    await until(lambda: text.word_rects(last))
    middle = text.word_rects(last)[0].center()
    place = QPoint(round(middle.x()), round(middle.y()))
    QTest.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=place)
    start_ms = opened.session.timeline.start_of(last)
    await until(lambda: abs(opened.session.player.position_ms - start_ms) < 200)


async def _copies(opened: Opened) -> None:
    clipboard = QApplication.clipboard()
    clipboard.clear()
    opened.copy_button.click()
    await until(clipboard.text)
    for word in ("Americans", "country"):
        assert word in clipboard.text()
