"""The whole program with its window, listening; run as a child by ``playing.py``.

Prints figures as JSON, one a line: how long the window stood still while a transcript
of 100,000 words was opened and played, and how far the lit word was from the sound.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import imageio_ffmpeg
import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from app.audio.cache import PEAKS_NAME
from app.bootstrap.program import open_program
from app.bootstrap.services import Storage
from app.core.options import TranscriptionOptions
from app.core.transcript import Paragraph, Transcript, Word
from app.player.commands import PlayerCommand
from app.player.session import PlaySession
from app.store.audio_links import link_to
from app.store.paths import AppPaths
from app.system.clocks import precise_ms
from app.ui.library.model import LibraryRow
from app.ui.library.view import LibraryView
from app.ui.transcript.view import TranscriptView
from app.ui.window import MainWindow
from bench.transcript_view import long_transcript
from bench.watchdog import Watchdog
from tests.support.sweep import SECONDS, Ear, place_ms, write_sweep

Kind = TypeVar("Kind", bound=QObject)
WORDS = 100_000
WORD_MS = 200
LISTENED_S = 60
FRAME_MS = 16
SETTLED_MS = 400
PLACES = 12
MOST_STILL_S = 0.05


def tell(name: str, value: float) -> None:
    """Print a figure."""
    print(json.dumps([name, value]), flush=True)


async def until(is_so: Callable[[], object], longest_s: float = 120) -> None:
    """Let the window live until something has happened."""
    async with asyncio.timeout(longest_s):
        while not is_so():  # noqa: ASYNC110 - it happens in children and in Qt
            await asyncio.sleep(0.01)


def long_recording(path: Path) -> Transcript:
    """Write a recording of many hours; gives its transcript."""
    transcript = long_transcript(WORDS)
    seconds = transcript.duration_ms // 1_000 + 1
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi"]
    command += ["-i", f"anoisesrc=r=8000:a=0.01:d={seconds}", "-c:a", "flac", str(path)]
    subprocess.run(command, check=True)
    return transcript


def telling_recording(path: Path) -> Transcript:
    """Write a recording that tells its time; gives its transcript, a word each 200 ms."""
    write_sweep(path)
    words = tuple(
        Word(str(place), place * WORD_MS, (place + 1) * WORD_MS)
        for place in range(SECONDS * 1_000 // WORD_MS)
    )
    paragraphs = tuple(
        Paragraph(words[at : at + 25], None, words[at].start_ms, words[at + 24].end_ms)
        for at in range(0, len(words), 25)
    )
    return Transcript(paragraphs, duration_ms=SECONDS * 1_000)


def fill(paths: AppPaths, folder: Path) -> tuple[LibraryRow, LibraryRow]:
    """Put both recordings into the library."""
    storage = Storage.open(paths)

    def add(path: Path, transcript: Transcript) -> LibraryRow:
        made_id = storage.library.add(
            transcript,
            name=path.stem,
            options=TranscriptionOptions(),
            link=link_to(path),
            now_ms=0,
        )
        entry = storage.library.entry(made_id)
        assert entry is not None  # noqa: S101 - it was added just now
        return LibraryRow(entry)

    try:
        long, telling = folder / "long.flac", folder / "telling.wav"
        return add(long, long_recording(long)), add(telling, telling_recording(telling))
    finally:
        storage.close()


class Listener:
    """Opens transcripts in the running program and plays them."""

    def __init__(self, window: MainWindow, paths: AppPaths) -> None:
        self._window = window
        self._paths = paths
        self._session = self._child(PlaySession)
        self._view = self._child(TranscriptView)

    def _child(self, kind: type[Kind]) -> Kind:
        (found,) = self._window.findChildren(kind)
        return found

    async def measure_stalls(self, row: LibraryRow) -> None:
        """Open, play and seek in a long one; tell how long the window stood still."""
        async with Watchdog() as watchdog:

            async def act(name: str, *acts: Callable[[], object], rest_s: float = 0.6) -> None:
                await asyncio.sleep(0.3)
                watchdog.reset()
                for one in acts:
                    one()
                    await asyncio.sleep(rest_s)
                tell(name, watchdog.longest_s * 1_000)
                if watchdog.longest_s > MOST_STILL_S:
                    print(watchdog.stack, file=sys.stderr, flush=True)

            session = self._session
            opening = asyncio.ensure_future(self._open(row, waveforms=1))
            await act("opening", lambda: None, rest_s=3)
            await opening
            await act("showing the waveform", lambda: None, rest_s=1)
            await act("first play", lambda: session.do(PlayerCommand.PLAY), rest_s=3)
            step_ms = session.player.duration_ms // PLACES
            hops = [lambda at=at: session.seek(at * step_ms) for at in range(PLACES)]
            await act("seeking while it plays", *hops)
            await act("pause", lambda: session.do(PlayerCommand.PAUSE))
            await act("play again", lambda: session.do(PlayerCommand.PLAY))
            await act("loop a turn", lambda: session.do(PlayerCommand.LOOP_TURN))
            session.do(PlayerCommand.LOOP_OFF)
            await act("skip silences", lambda: session.do(PlayerCommand.SKIP_SILENCES))
            session.do(PlayerCommand.SKIP_SILENCES)
            session.player.pause()

    async def measure_light(self, row: LibraryRow) -> None:
        """Play what tells its time, and compare it with the word lit on the page."""
        await self._open(row, waveforms=2)
        ear = Ear(self._session.player)
        lit: list[tuple[float, int | None]] = []
        frames = QTimer()
        frames.setTimerType(Qt.TimerType.PreciseTimer)
        frames.setInterval(FRAME_MS)
        frames.timeout.connect(lambda: lit.append((precise_ms(), self._view.text.spoken)))
        self._session.do(PlayerCommand.PLAY)
        await until(lambda: ear.count > 4)
        began = precise_ms()
        frames.start()
        await asyncio.sleep(LISTENED_S)
        frames.stop()
        ear.close()
        self._session.player.pause()
        heard, off = ear.heard(), list[float]()
        for at_ms, word in lit:
            true_ms = place_ms(heard, at_ms, 1.0)
            if word is None or true_ms is None or at_ms - began < SETTLED_MS:
                continue
            off.append(max(0.0, word * WORD_MS - true_ms, true_ms - (word + 1) * WORD_MS))
        tell("frames", len(off))
        tell("wrong", float(np.mean(np.array(off) > 0)) * 100)
        tell("median", float(np.median(off)))
        tell("99th percentile", float(np.percentile(off, 99)))
        tell("worst", max(off))

    async def _open(self, row: LibraryRow, *, waveforms: int) -> None:
        """Open a transcript from the library and wait for its sound and its waveform."""
        library, session = self._child(LibraryView), self._session
        before = session.player.path
        library.open_requested.emit(row)
        await until(lambda: session.player.path not in {None, before})
        await until(lambda: self._waveforms() >= waveforms)

    def _waveforms(self) -> int:
        """Give for how many recordings there is a waveform."""
        found = self._paths.cache.rglob(PEAKS_NAME)
        return sum(not path.parent.name.startswith(".") for path in found)


async def main(application: QApplication, folder: Path) -> None:
    """Bring the program up, listen, and put it away."""
    paths = AppPaths.below(folder / "home")
    long, telling = await asyncio.to_thread(fill, paths, folder)
    window = MainWindow()
    window.resize(1200, 780)
    window.show()
    async with open_program(application, window, paths) as program:
        life = asyncio.ensure_future(program.run(()))
        await until(lambda: window.findChildren(PlaySession))
        listener = Listener(window, paths)
        await listener.measure_stalls(long)
        await listener.measure_light(telling)
        window.close()
        await life
    window.close_for_good()


if __name__ == "__main__":
    qt = QApplication(sys.argv[:1])
    qt.setQuitOnLastWindowClosed(False)
    with (
        tempfile.TemporaryDirectory() as made,
        asyncio.Runner(loop_factory=lambda: QEventLoop(qt)) as runner,
    ):
        runner.run(main(qt, Path(made)))
