"""Recording: what is lost beside a busy core, and what ten hours are like.

``python3 packaging/dev.py bench recording [--short]``. Five minutes are played into a sound
server of its own while one process records a microphone, another the computer's sound, and a
third keeps a core busy; what came is compared sample by sample with what was played. Ten
hours are fed through the whole recorder as quickly as it takes them, from two sources whose
clocks are 50 millionths apart, with a click in both each ten minutes; the disk is given back
what was looked at, so that a part beyond 4 GiB needs no room. ``--short`` takes twenty
seconds, and half an hour.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - the path comes first
from numpy.typing import NDArray  # noqa: E402

from app.audio.probe import probe  # noqa: E402
from app.audio.process import find_ffmpeg  # noqa: E402
from app.capture.journal import HEADER_BYTES, TakeFolder  # noqa: E402
from app.capture.protocol import (  # noqa: E402
    Begin,
    Finished,
    Heard,
    Started,
    Word,
    order_line,
    read_report,
)
from app.capture.recorder import TICK_MS, Recorder  # noqa: E402
from app.core.take import RATE_HZ, SAMPLE_BYTES, Device, Source, SourceKind  # noqa: E402
from app.jobs.taking import Kept, Taking  # noqa: E402
from app.system.children import OwnChild, own_command, own_environment  # noqa: E402
from bench import CannotMeasureError, Figure  # noqa: E402
from tests.support.fake_sound import PER_MS, FakeBackend, FakeTime  # noqa: E402
from tests.support.sound_server import IS_HERE, MISSING, SoundServer, sound_server  # noqa: E402

Samples = NDArray[np.int16]
Kind = TypeVar("Kind", Started, Heard, Finished)

LONG_S, SHORT_S = 300, 20
LONG_MS, SHORT_MS = 10 * 3_600_000, 1_800_000
PIECE = 2 * RATE_HZ
AHEAD_MS = 10_000
LEAD = RATE_HZ // 2
"""Not compared: a server that was idle lets a monitor hear silence where a stream begins."""
APART_PPM = 50
CLICK_MS = 600_000
CLICK_SAMPLES = 200
LOOK_MS = 60_000
WARM_MS = 600_000
MOST_APART_MS = 20
MOST_GROWN_MB = 8
AT_LEAST_TIMES = 60
_CHANNELS = 2


def figures(*, short: bool = False) -> Iterator[Figure]:
    """Record what is played, then ten hours."""
    if not IS_HERE:
        raise CannotMeasureError(MISSING)
    seconds = SHORT_S if short else LONG_S
    played = (np.random.default_rng(7).normal(0, 3_000, seconds * RATE_HZ + LEAD)).astype(
        np.int16
    )
    with sound_server() as server, tempfile.TemporaryDirectory() as name:
        takes = _record(server, Path(name), played)
        found = [(source.kind, *_compare(_sound(take), played)) for source, take in takes]
    for kind, lost, torn_ms in found:
        yield Figure(f"lost of {seconds} s of the {kind}", lost, "samples", target=0)
        yield Figure(f"out of place, of the {kind}", torn_ms, "ms", target=0)
    yield from _ten_hours(SHORT_MS if short else LONG_MS)


# ------------------------------------------------------------------ what is lost


def _record(
    server: SoundServer, folder: Path, played: Samples
) -> list[tuple[Source, TakeFolder]]:
    """Record what is played beside a busy core, as two windows would that record at once."""
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    environ = own_environment() | {
        name: server.environ[name] for name in ("XDG_RUNTIME_DIR", "HOME")
    }
    sources = (Source(SourceKind.MICROPHONE, "mic"), Source(SourceKind.COMPUTER))
    takes = [(source, TakeFolder(folder / source.kind)) for source in sources]
    children: list[subprocess.Popen[bytes]] = []
    try:
        for source, take in takes:
            child = subprocess.Popen(
                own_command(OwnChild.CAPTURE),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environ,
            )
            children.append(child)
            _tell(child, order_line(Begin(take.path, (source,), str(find_ffmpeg()))))
            _until(child, Started)
        server.play(played, ahead_ms=AHEAD_MS)
        for child, (_, take) in zip(children, takes, strict=True):
            end_ms = take.duration_ms() + 2_500
            while _until(child, Heard).at_ms < end_ms:
                pass
            _tell(child, order_line(Word.STOP))
            _until(child, Finished)
            child.wait(30)
    finally:
        for process in (*children, busy):
            process.kill()
            process.wait()
        for pipe in (pipe for child in children for pipe in (child.stdin, child.stdout)):
            if pipe is not None:
                pipe.close()
    return takes


def _sound(take: TakeFolder) -> Samples:
    data = b"".join(part.read_bytes()[HEADER_BYTES:] for part in take.parts())
    return np.frombuffer(data[: len(data) - len(data) % SAMPLE_BYTES], np.int16)


def _tell(child: subprocess.Popen[bytes], line: bytes) -> None:
    assert child.stdin is not None  # noqa: S101 - a pipe was asked for
    child.stdin.write(line)
    child.stdin.flush()


def _until(child: subprocess.Popen[bytes], kind: type[Kind]) -> Kind:
    assert child.stdout is not None  # noqa: S101 - a pipe was asked for
    while line := child.stdout.readline():
        report = read_report(line)
        if isinstance(report, kind):
            return report
    raise CannotMeasureError("the process that records ended")


def _compare(heard: Samples, played: Samples) -> tuple[int, float]:
    """Find each piece where it should be; gives lost samples, and how far pieces are off."""
    begin = _place(played[LEAD : LEAD + PIECE], heard) - LEAD
    lost, torn_ms = 0, 0.0
    for at in range(LEAD, len(played) - PIECE + 1, PIECE):
        piece = played[at : at + PIECE]
        first = max(0, begin + at - RATE_HZ)
        place = first + _place(piece, heard[first : begin + at + PIECE + RATE_HZ])
        torn_ms = max(torn_ms, abs(place - begin - at) / PER_MS)
        found = heard[place : place + PIECE]
        lost += PIECE - int(np.count_nonzero(found == piece[: len(found)]))
    return lost, torn_ms


def _place(needle: Samples, sound: Samples) -> int:
    count = 1 << (len(sound) + len(needle)).bit_length()
    product = np.fft.rfft(sound, count) * np.conj(np.fft.rfft(needle, count))
    return int(np.argmax(np.fft.irfft(product, count)[: len(sound)]))


# ---------------------------------------------------------------------- ten hours


@dataclass
class _Hours:
    """The recorder, and two sources whose clocks differ."""

    folder: TakeFolder
    time: FakeTime = field(default_factory=FakeTime)
    at_ms: int = 0
    carry: float = 0.0
    looked: int = HEADER_BYTES
    places: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))

    def feed(self, backend: FakeBackend, recorder: Recorder, noise: Samples) -> None:
        """Let both deliver for one tick."""
        self.time.pass_ms(TICK_MS)
        self.at_ms += TICK_MS
        self.carry += TICK_MS * PER_MS * (1 + APART_PPM / 1e6)
        count = int(self.carry)
        self.carry -= count
        first = self.at_ms * 7 % (len(noise) - 2 * TICK_MS * PER_MS)
        mic = noise[first : first + TICK_MS * PER_MS]
        speakers = noise[first : first + count]
        if self.at_ms % CLICK_MS == 0:
            mic, speakers = mic.copy(), speakers.copy()
            mic[1_000 : 1_000 + CLICK_SAMPLES] = speakers[1_000 : 1_000 + CLICK_SAMPLES] = (
                30_000
            )
        backend.last("mic").deliver(mic)
        backend.last("speakers").deliver(speakers)
        recorder.tick()

    def look(self) -> None:
        """Find the clicks in what is new on the disk, and give its room back."""
        (part,) = self.folder.path.glob("part-*.wav")
        frame = SAMPLE_BYTES * _CHANNELS
        with part.open("rb") as file:
            file.seek(self.looked)
            rows = np.frombuffer(file.read(), np.int16).reshape(-1, _CHANNELS)
        begin = (self.looked - HEADER_BYTES) // frame
        for channel, places in enumerate(self.places):
            loud = np.flatnonzero(rows[:, channel] > 29_000)
            if len(loud):
                places.append(begin + int(loud[0]))
        kept = 1 << 20  # what follows may be written into the same blocks
        until = self.looked + rows.nbytes
        _give_back(part, HEADER_BYTES + kept, until - 2 * kept)
        self.looked = until


def _ten_hours(length_ms: int) -> Iterator[Figure]:
    mic = Source(SourceKind.MICROPHONE, "mic", "Mic")
    speakers = Source(SourceKind.COMPUTER, "speakers", "Speakers")
    noise = np.random.default_rng(2).integers(-9_000, 9_000, 1 << 20).astype(np.int16)
    with tempfile.TemporaryDirectory() as name:
        folder = TakeFolder(Path(name) / "takes" / "long")
        folder.path.mkdir(parents=True)
        backend = FakeBackend([Device(mic), Device(speakers)])
        hours = _Hours(folder)
        recorder = Recorder(folder, (mic, speakers), backend, hours.time.clocks, lambda _: None)
        recorder.begin()
        begun_s = time.monotonic()
        warm_bytes = 0
        looked_s = 0.0
        while hours.at_ms < length_ms:
            hours.feed(backend, recorder, noise)
            if hours.at_ms % LOOK_MS == LOOK_MS // 2:
                since_s = time.monotonic()
                hours.look()
                looked_s += time.monotonic() - since_s
                if hours.at_ms < WARM_MS:
                    warm_bytes = _resident_bytes()
        grown_mb = (_resident_bytes() - warm_bytes) / 1e6
        took_s = time.monotonic() - begun_s - looked_s
        recorder.finish()
        hours.look()
        apart = [abs(a - b) / PER_MS for a, b in zip(*hours.places, strict=True)]
        yield Figure(
            f"{length_ms // 60_000} minutes fed", length_ms / 1_000 / took_s, "times as fast",
            target=AT_LEAST_TIMES, at_least=True,
        )  # fmt: skip
        yield Figure(
            f"apart at most, of {len(apart)} clicks", max(apart), "ms", target=MOST_APART_MS
        )
        yield Figure("memory grown meanwhile", grown_mb, "MB", target=MOST_GROWN_MB)
        size = sum(part.stat().st_size for part in folder.parts())
        yield Figure("sound on the disk", size / 2**30, "GiB")
        kept_ms = asyncio.run(_kept(Path(name)))
        yield Figure("missing from the recording", abs(length_ms - kept_ms), "ms", target=100)


async def _kept(folder: Path) -> int:
    """Make an ordinary recording of it; gives how long that is."""
    handed: list[Path] = []

    async def hand_on(kept: Kept) -> None:
        handed.append(kept.path)

    await Taking(folder / "takes", lambda: folder / "recordings", hand_on).adopt()
    (path,) = handed
    return (await probe(path)).duration_ms


def _give_back(path: Path, begin: int, end: int) -> None:
    """Let a part of a file take no room; it reads as zeros, and the file is as long."""
    if end > begin:
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            subprocess.run(
                ["fallocate", "-p", "-o", str(begin), "-l", str(end - begin), str(path)],
                check=True,
                capture_output=True,
            )


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
