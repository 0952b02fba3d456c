"""Take the pictures of the README: the program itself, reading its own sample.

``python3 packaging/dev.py pictures`` writes them again, after the window has changed.
Nothing in them is made up: the sample is transcribed on this computer, its two readers are
told apart and named, and it is paused in the middle of a word while another recording is read.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from app.bootstrap.program import open_program
from app.core.edits import rename_speaker
from app.core.finding import Query
from app.core.job import Job, JobState
from app.core.preferences import ThemeChoice
from app.core.replacing import find_all, replace_hits
from app.store.paths import AppPaths
from app.system.resources import sample_path
from app.ui.guide.first_words import FirstWords
from app.ui.stage import Page
from app.ui.window import MainWindow
from tests.flow.conftest import Opened
from tests.support.fit import settle
from tests.support.waiting import until

TARGET = Path(__file__).parents[1] / "resources" / "screenshots"
SIZE = QSize(1200, 760)
RATIO = 2
"""So many pixels a point, to be sharp on a screen of today."""
FONTS = ("Adwaita Sans", "Inter", "Cantarell", "Noto Sans")
"""What a desktop of today shows text in, the first that is there."""
SAMPLE = "Reading hour.flac"
NAMES = ("Linda", "Amelia")
TITLE = "Reading hour with Linda and Amelia"
SPOKEN = "considered"
"""The word that is lit."""
MORE = {
    "The art of printing.flac": "five-minutes.flac",
    "Inaugural address 1961.flac": "kennedy-1961.flac",
    "Voice memo.flac": "lj001-0001.flac",
}
"""Further recordings in the queue, and the clips of the tests that they are."""
CLIPS = Path(__file__).parents[1] / "tests" / "clips"
SEEN_SHARE = 0.25
PATIENCE_S = 300


def main() -> int:
    """Take the picture in light and in dark."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        screen = Path(folder, "screen.json")
        shape = {"name": "one", "x": 0, "y": 0, "width": 3200, "height": 2000}
        screen.write_text(json.dumps({"screens": [shape]}), "utf-8")
        os.environ["QT_SCALE_FACTOR"] = str(RATIO)
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screen}"
        os.environ["WORDLIGHT_LANGUAGE"] = "en"
        app = QApplication(sys.argv[:1])
        app.setQuitOnLastWindowClosed(False)
        known = set(QFontDatabase.families())
        app.setFont(QFont(next((one for one in FONTS if one in known), app.font().family())))
        with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
            runner.run(take(app, Path(folder)))
    return 0


async def take(app: QApplication, folder: Path) -> None:
    """Open the program, let it read, and take the pictures."""
    window = MainWindow()
    window.resize(SIZE)
    window.show()
    async with open_program(app, window, AppPaths.below(folder / "home")) as running:
        life = asyncio.ensure_future(running.run(()))
        await until(lambda: running.is_open, PATIENCE_S)
        opened = Opened(window, running)
        # One at a time, so that the last ones wait.
        await running.rooms.settings.change(
            jobs_at_once=1, is_welcomed=True, is_shown_around=True
        )
        opened.drop(Path(shutil.copy(sample_path(), folder / SAMPLE)))
        await until(lambda: window.page is Page.TRANSCRIPT and _done(opened, 0), PATIENCE_S)
        await until(lambda: len(opened.transcript.speakers) == len(NAMES), PATIENCE_S)
        window.findChildren(FirstWords)[0].read.emit()  # they stand there once
        await dress(opened)
        await add_more(opened, folder)
        opened.window.setFocus()  # no caret in the middle of the text
        for theme, name in ((ThemeChoice.LIGHT, "window"), (ThemeChoice.DARK, "window-dark")):
            await running.rooms.settings.change(theme=theme)
            settle()
            window.grab().save(str(TARGET / f"{name}.png"))
        running.leave()
        await life
    window.close_for_good()


async def dress(opened: Opened) -> None:
    """Name the two who read, and stand in the middle of a word."""
    reading = opened.program.rooms.reading
    await until(lambda: reading.current is not None)
    meta = opened.program.front.head.meta
    await until(lambda: "saved" in meta.text() and "2 speakers" in meta.text(), PATIENCE_S)
    current = reading.current
    for place, name in enumerate(NAMES):
        speaker = opened.transcript.speakers[place]
        if current is not None:
            current.apply(rename_speaker(opened.transcript, speaker.speaker_id, name))
    heard = opened.transcript
    wrong = tuple(find_all(heard, Query("ill-sposed"), "ill-disposed"))
    if current is not None and wrong:  # what a person would put right
        current.apply(replace_hits(heard, wrong))
    await reading.save()
    opened.program.rooms.library.rename(str(opened.jobs[0].transcript_id), TITLE)
    await until(lambda: opened.title.text() == TITLE)
    await until(lambda: opened.session.player.path is not None)
    spoken = next(
        one
        for paragraph in opened.transcript.paragraphs
        for one in paragraph.words
        if one.text == SPOKEN
    )
    opened.session.seek(spoken.start_ms + 1)
    await until(lambda: opened.session.player.position_ms > spoken.start_ms)


async def add_more(opened: Opened, folder: Path) -> None:
    """Let more recordings come, of which the first is being read."""
    for name, clip in MORE.items():
        shutil.copy(CLIPS / clip, folder / name)
    opened.drop(*(folder / name for name in MORE))
    await until(lambda: _share(opened) > SEEN_SHARE, PATIENCE_S)


def _share(opened: Opened) -> float:
    """Tell how much of the first of them is read."""
    found = [
        one.progress.fraction
        for one in opened.jobs
        if one.progress is not None and one.state is JobState.TRANSCRIBING
    ]
    return max(found, default=0.0)


def _done(opened: Opened, place: int) -> bool:
    jobs: tuple[Job, ...] = opened.jobs
    return len(jobs) > place and jobs[place].state is JobState.DONE


if __name__ == "__main__":
    sys.exit(main())
