"""Preparing a recording: time beside bare ffmpeg's, memory on ten hours, stalls, cancelling."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from app.audio.cache import PlaybackCache  # noqa: E402
from app.audio.plan import PartLimits, make_plan  # noqa: E402
from app.audio.prepare import prepare  # noqa: E402
from app.audio.probe import probe  # noqa: E402
from app.audio.process import find_ffmpeg  # noqa: E402
from app.core.options import ModelId, TranscriptionOptions  # noqa: E402
from bench import Figure, in_turns  # noqa: E402 - the path comes first
from bench.watchdog import Watchdog  # noqa: E402

ROUNDS = 3
CANCELS = 10
_CLIP = ROOT / "tests" / "clips" / "five-minutes.flac"
_PULSE = TranscriptionOptions(model=ModelId.PULSE)
_WHOLE = PartLimits(split_ms=24 * 3_600_000)
_MIB = 1024 * 1024


def figures() -> Iterator[Figure]:
    """Measure on the window's own kind of loop."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # A variable rate, so that a playback copy is made too: all three outputs.
        hour = _recording(folder / "hour.mp3", 3600, "-ac", "2", "-ar", "44100", "-q:a", "5")
        bare = [str(find_ffmpeg()), "-v", "error", "-nostdin", "-y", "-i", str(hour)]
        bare += ["-ac", "1", "-ar", "16000", "-sample_fmt", "s16", str(folder / "bare.flac")]
        ours = _Ours(folder)

        def plain() -> float:
            began = time.perf_counter()
            subprocess.run(bare, check=True)
            return time.perf_counter() - began

        took_s, reference_s = in_turns(lambda: ours.measure(hour), plain, rounds=ROUNDS)
        yield Figure(
            "Preparing 1 h of MP3: copy, playback copy and waveform",
            took_s,
            "s",
            reference_s,
            "bare ffmpeg, copy alone",
            1.15,
        )
        yield Figure("Longest stall of the loop", ours.stall_s * 1000, "ms", target=50)
        yield Figure(
            f"Cancelling in the pass, worst of {CANCELS}: ffmpeg gone, no file left",
            ours.cancel(hour) * 1000,
            "ms",
            target=200,
        )
        film = _film(folder / "film.mp4", hour)
        yield Figure("Probing 2 h of film with 4 tracks", _probed_s(film), "s", target=1)
        ten = _recording(folder / "ten.mp3", 36_000, "-ac", "1", "-ar", "16000", "-b:a", "32k")
        ours.measure(ten, weighs=True)
        if ours.resident_bytes:
            grown = max(ours.resident_bytes) - ours.resident_bytes[0]
            yield Figure("Memory gained on 10 h, with ffmpeg's", grown / _MIB, "MiB", target=64)


class _Ours:
    """Prepare as the program does, and keep the worst that was seen."""

    def __init__(self, folder: Path) -> None:
        from PySide6.QtWidgets import QApplication

        self.stall_s = 0.0
        self.resident_bytes: list[int] = []
        self._folder = folder
        self._runs = 0
        self._qt = QApplication.instance() or QApplication([])

    def measure(self, path: Path, *, weighs: bool = False) -> float:
        """Prepare once, from nothing; gives seconds.

        Args:
            path: The recording.
            weighs: Look at the memory with every progress, which takes tens of
                milliseconds of the loop; such a run says nothing of stalls.
        """
        from qasync import QEventLoop

        self._runs += 1
        self.resident_bytes = []
        with asyncio.Runner(loop_factory=lambda: QEventLoop(self._qt)) as runner:
            folder = self._folder / f"run-{self._runs}"
            return runner.run(self._prepare(path, folder, weighs=weighs))

    def cancel(self, path: Path) -> float:
        """Cancel the pass at random moments; gives the longest it took, in seconds."""
        from qasync import QEventLoop

        chance = random.Random(2)
        with asyncio.Runner(loop_factory=lambda: QEventLoop(self._qt)) as runner:
            return max(
                runner.run(self._cancel(path, self._folder / "cancelled", chance.random()))
                for _ in range(CANCELS)
            )

    async def _cancel(self, path: Path, folder: Path, after_s: float) -> float:
        recording = await probe(path)
        plan = make_plan(recording, _PULSE, _WHOLE)
        begun = asyncio.Event()
        cache = PlaybackCache(folder / "cache")
        work = asyncio.ensure_future(
            prepare(recording, plan, folder / "job", lambda *_: begun.set(), cache=cache)
        )
        await begun.wait()
        await asyncio.sleep(after_s)
        cancelled = time.perf_counter()
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
        took_s = time.perf_counter() - cancelled
        left = [one for one in folder.rglob("*") if one.is_file()]
        if not work.cancelled() or left or _children():
            raise RuntimeError(f"cancelling left something behind: {left}, {_children()}")
        return took_s

    async def _prepare(self, path: Path, folder: Path, *, weighs: bool) -> float:
        recording = await probe(path)
        plan = make_plan(recording, _PULSE, _WHOLE)
        cache = PlaybackCache(folder / "cache")
        async with Watchdog() as watchdog:
            began = time.perf_counter()
            on_progress = self._weigh if weighs else _ignore
            await prepare(recording, plan, folder, on_progress, cache=cache)
            took_s = time.perf_counter() - began
        if self._runs > 1 and not weighs:
            self.stall_s = max(self.stall_s, watchdog.longest_s)
        return took_s

    def _weigh(self, _done_ms: int, _total_ms: int) -> None:
        found = _resident_with_children()
        if found is not None:
            self.resident_bytes.append(found)


def _ignore(_done_ms: int, _total_ms: int) -> None:
    pass


def _recording(target: Path, seconds: int, *arguments: str) -> Path:
    """Make a long recording of real speech, over and over."""
    command = [str(find_ffmpeg()), "-v", "error", "-nostdin", "-y", "-stream_loop", "-1"]
    command += ["-i", str(_CLIP), "-t", str(seconds), *arguments, str(target)]
    subprocess.run(command, check=True)
    return target


def _film(target: Path, speech: Path) -> Path:
    """Make two hours of film with speech on the second of four sound tracks."""
    command = [str(find_ffmpeg()), "-v", "error", "-nostdin", "-y"]
    command += ["-stream_loop", "-1", "-i", str(speech)]
    command += ["-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono"]
    command += ["-f", "lavfi", "-i", "color=black:s=160x90:r=10"]
    for source in ("2:v", "1:a", "0:a", "1:a", "1:a"):
        command += ["-map", source]
    command += ["-t", "7200", "-c:v", "mpeg4", "-c:a", "aac", "-b:a", "64k", str(target)]
    subprocess.run(command, check=True)
    return target


def _probed_s(path: Path) -> float:
    """Probe once, for what is loaded the first time, and then once more; gives seconds."""
    took_s = 0.0
    for _ in range(2):
        began = time.perf_counter()
        recording = asyncio.run(probe(path))
        took_s = time.perf_counter() - began
        if [track.number for track in recording.tracks if track.may_speak] != [1]:
            raise RuntimeError("the track that speaks was not found")
    return took_s


def _resident_with_children() -> int | None:
    """Add up the resident memory of this process and its children, on Linux."""
    if not Path("/proc/self/statm").exists():
        return None
    total = 0
    for number in (os.getpid(), *_children()):
        try:
            pages = int(Path(f"/proc/{number}/statm").read_text().split()[1])
        except OSError:
            continue  # it ended just now
        total += pages * os.sysconf("SC_PAGE_SIZE")
    return total


def _children() -> list[int]:
    """Give the processes started from here and not reaped yet, on Linux."""
    return [
        int(number)
        for children in Path("/proc/self/task").glob("*/children")
        for number in children.read_text().split()
    ]
