"""Whatever is killed while something is recorded, no more than half a second is lost."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.audio.probe import probe
from app.capture.journal import takes_in
from app.jobs.taking import Kept, Taking
from tests.crash.stage import ROOT
from tests.support.sound_server import IS_HERE, MISSING, SoundServer, sound_server

KILLS = int(os.environ.get("WORDLIGHT_TAKE_KILLS", "18"))
"""How often in all; a third each for the process that records, the window, and both."""
AT_ONCE = 3
LOST_MS = 500
CHILD, WINDOW, BOTH = "child", "window", "both"


@pytest.fixture(scope="module")
def server() -> Iterator[SoundServer]:
    with sound_server() as one:
        yield one


class Round:
    """One take, and its death at a random moment."""

    def __init__(self, server: SoundServer, folder: Path, victim: str, seed: int) -> None:
        self.folder = folder
        self.victim = victim
        self.chance = random.Random(seed)
        self.at_ms = self.child = 0
        folder.mkdir()
        self.window = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.taker", str(folder)],
            cwd=ROOT,
            env={**os.environ, "PULSE_SERVER": f"unix:{server.socket}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self) -> str:
        """Record, kill, take up what is left; gives what went wrong, or nothing."""
        with self.window:
            try:
                return self._run()
            finally:
                self.window.kill()

    def _run(self) -> str:
        until_ms = self.chance.randrange(100, 2_500)
        if not self._read_until(until_ms):
            return f"{self.victim}: it never recorded"
        heard_ms = self.at_ms
        if self.victim in {CHILD, BOTH}:
            os.kill(self.child, signal.SIGKILL)
        if self.victim in {WINDOW, BOTH}:
            self.window.kill()
            self.window.wait()
        if self.victim == CHILD:
            before = self.child
            if not self._read_until(heard_ms + 300, other_than=before):
                return f"{self.victim}: nobody recorded on"
            heard_ms = self.at_ms
            assert self.window.stdin is not None
            self.window.stdin.write("stop\n")
            self.window.stdin.flush()
            self._read_until(sys.maxsize)
        recordings = asyncio.run(self._adopted())
        if len(recordings) != 1:
            return f"{self.victim}: {len(recordings)} recordings"
        length_ms = asyncio.run(probe(recordings[0])).duration_ms
        if length_ms < heard_ms - LOST_MS:
            return f"{self.victim}: {length_ms} ms of {heard_ms}"
        if takes_in(self.folder / "takes"):
            return f"{self.victim}: something is left"
        return ""

    def _read_until(self, at_ms: int, *, other_than: int = 0) -> bool:
        assert self.window.stdout is not None
        for line in self.window.stdout:
            word, *rest = line.split()
            if word == "kept":
                return False
            self.at_ms, self.child = int(rest[0]), int(rest[1])
            if self.at_ms >= at_ms and self.child not in {0, other_than}:
                return True
        return False

    async def _adopted(self) -> list[Path]:
        handed: list[Path] = []

        async def hand_on(kept: Kept) -> None:
            handed.append(kept.path)

        taking = Taking(self.folder / "takes", lambda: self.folder / "recordings", hand_on)
        await taking.adopt()
        await taking.adopt()  # a second time there is nothing to do
        assert len(handed) <= 1
        return sorted((self.folder / "recordings").glob("*"))


@pytest.mark.slow
@pytest.mark.timeout(1_200)
@pytest.mark.skipif(not IS_HERE, reason=MISSING)
def test_no_more_than_half_a_second_is_lost(server: SoundServer, tmp_path: Path) -> None:
    victims = [(CHILD, WINDOW, BOTH)[number % 3] for number in range(KILLS)]

    def one(number: int) -> str:
        return Round(server, tmp_path / str(number), victims[number], number).run()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        problems = [problem for problem in pool.map(one, range(KILLS)) if problem]
    assert problems == []
