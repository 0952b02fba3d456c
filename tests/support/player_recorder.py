"""Record what Qt's player says, and what it plays, for the tests of the clock.

``python -m tests.support.player_recorder tests/player/recorded_reports.json`` plays a
sweep that tells the time by its pitch, for some minutes, with seeks, pauses, speeds, a
window that is busy now and then, a machine under load and a process that is held.
Written down are, each with a steady time, what the clock was told and what sounded, and
from when to when the window could not have painted.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from typing_extensions import override

from app.player.clock import PlayClock
from app.player.player import Player
from app.system.clocks import precise_ms
from tests.support.sweep import SECONDS, Ear, write_sweep

FURTHEST_MS = 62_000
SPEEDS = (1.0, 0.5, 2.0, 3.0, 1.0, 0.75, 1.5, 1.0)
SECONDS_A_SPEED = 24
_BEAT_MS = 4
_BUSY_MS = 20
_HOLD = "kill -STOP {pid}; sleep {seconds}; kill -CONT {pid}"


class ToldClock(PlayClock):
    """A clock that writes down what it is told."""

    def __init__(self, now_ms: Callable[[], float], rows: list[list[Any]]) -> None:
        self._rows = rows
        super().__init__(now_ms)

    def _note(self, kind: str, value: float) -> None:
        self._rows.append([precise_ms(), kind, value])

    @override
    def seek(self, position_ms: float) -> None:
        self._note("seek", position_ms)
        super().seek(position_ms)

    @override
    def set_playing(self, playing: bool) -> None:
        self._note("playing", int(playing))
        super().set_playing(playing)

    @override
    def set_stalled(self, stalled: bool) -> None:
        if stalled != self._is_stalled:
            self._note("stalled", int(stalled))
        super().set_stalled(stalled)

    @override
    def set_rate(self, rate: float) -> None:
        self._note("rate", rate)
        super().set_rate(rate)

    @override
    def report(self, position_ms: float, *, is_sounding: bool = False) -> None:
        self._note("sounding" if is_sounding else "report", position_ms)
        super().report(position_ms, is_sounding=is_sounding)


class Recorder:
    """Plays through a script of wishes and keeps what comes of it."""

    def __init__(self) -> None:
        self.told: list[list[Any]] = []
        self.busy: list[tuple[float, float]] = []
        self.player = Player()
        self.player.clock = ToldClock(precise_ms, self.told)
        self.player.prepare()
        self.ear = Ear(self.player)
        self._chance = random.Random(6)
        self._load: list[subprocess.Popen[bytes]] = []
        self._wishes = self._script()
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self._beat_at = precise_ms()
        self._beat = QTimer()
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.setInterval(_BEAT_MS)
        self._beat.timeout.connect(self._on_beat)

    def begin(self, path: Path) -> None:
        """Open the sweep and go through all wishes."""
        self.player.open(path, duration_ms=SECONDS * 1_000)
        self.player.play()
        self._timer.start(0)
        self._beat.start()

    def _on_beat(self) -> None:
        before, self._beat_at = self._beat_at, precise_ms()
        if self._beat_at - before > _BUSY_MS:
            self.busy.append((before, self._beat_at))

    def _on_timeout(self) -> None:
        delay_ms = next(self._wishes, None)
        if delay_ms is not None:
            self._timer.start(delay_ms)
            return
        self.ear.close()
        self.player.close()
        QCoreApplication.quit()

    def _script(self) -> Iterator[int]:
        """Do one thing after another; each time give how long to wait for the next."""
        player, chance = self.player, self._chance
        acts = (
            self._seek,
            self._seek,
            self._pause,
            self._pause,
            self._be_busy,
            self._hold,
            self._turn,
        )
        for round_number, speed in enumerate(SPEEDS):
            player.set_rate(speed)
            if round_number == len(SPEEDS) - 1:
                self._load_machine()
            ends_ms = precise_ms() + SECONDS_A_SPEED * 1_000
            while precise_ms() < ends_ms:
                yield chance.randint(400, 2_200)
                if player.position_ms > FURTHEST_MS:
                    player.seek(chance.randint(0, 20_000))
                else:
                    yield from chance.choice(acts)()
        for process in self._load:
            process.kill()
            process.wait()

    def _seek(self) -> Iterator[int]:
        self.player.seek(self._chance.randint(0, 50_000))
        yield 300

    def _pause(self) -> Iterator[int]:
        self.player.pause()
        yield self._chance.randint(100, 900)
        if self._chance.random() < 0.5:
            self.player.seek(self._chance.randint(0, 50_000))
            yield self._chance.randint(50, 300)
        self.player.play()

    def _be_busy(self) -> Iterator[int]:
        for _ in range(6):
            threading.Event().wait(self._chance.uniform(0.02, 0.12))
            yield self._chance.randint(1, 60)

    def _hold(self) -> Iterator[int]:
        """Stop the whole process for a moment, sound and all."""
        seconds = f"{self._chance.uniform(0.08, 0.3):.2f}"
        held = subprocess.Popen(["sh", "-c", _HOLD.format(pid=os.getpid(), seconds=seconds)])
        yield 600
        held.wait()

    def _turn(self) -> Iterator[int]:
        """Turn the speed a little, as with the wheel."""
        before = self.player.rate
        for step in (0.05, 0.1, 0.15):
            self.player.set_rate(before + step)
            yield 150
        yield 600
        self.player.set_rate(before)

    def _load_machine(self) -> None:
        for _ in range(2 * (os.cpu_count() or 1)):
            self._load.append(subprocess.Popen([sys.executable, "-c", "while True: pass"]))


def main() -> None:
    """Record into the file named on the command line."""
    application = QCoreApplication([])
    recorder = Recorder()
    with tempfile.TemporaryDirectory() as folder:
        sweep = Path(folder) / "sweep.wav"
        write_sweep(sweep)
        recorder.begin(sweep)
        application.exec()
    from_ms = recorder.told[0][0]
    told = [
        [round(at - from_ms, 1), kind, round(value, 2)] for at, kind, value in recorder.told
    ]
    heard = [[round(at - from_ms, 1), round(place, 1)] for at, place in recorder.ear.heard()]
    busy = [[round(at - from_ms, 1) for at in span] for span in recorder.busy]
    parts = {"told": told, "heard": heard, "busy": busy}
    text = ",\n".join(f'"{name}": [\n{_lines(part)}\n]' for name, part in parts.items())
    Path(sys.argv[1]).write_text(f"{{{text}}}\n", encoding="utf-8")


def _lines(rows: list[list[Any]]) -> str:
    return ",\n".join(json.dumps(row) for row in rows)


if __name__ == "__main__":
    main()
