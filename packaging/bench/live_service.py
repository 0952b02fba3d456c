"""Live text by the service, against the strict stand-in of its socket, in real time.

Part of ``dev.py bench live``. How long a service takes to think is its own affair: what is
measured is what the program adds, the sound's way to the socket and the words' way from it
to the page, and what it costs here. The stand-in notes when it had which sound and when it
said which word; its own work is not counted.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from typing_extensions import override

from app.capture.journal import TakeFolder, wav_header
from app.core.live_models import LIVE_MODELS, LiveModel
from app.core.take import RATE_HZ
from app.core.transcript import Word
from app.jobs.live_session import LiveNow, LiveSession
from app.waves.live_access import LiveAccess
from app.waves.live_codec import LiveRequest
from app.waves.network import ServiceNetwork
from app.waves.price import LiveBudget
from app.waves.realtime import RealtimeRecogniser
from bench import Figure
from bench.watchdog import Watchdog
from tests.support.fake_live import FakeLive, Visit

STEP_MS = 50
WORD_MS = 280
BREATH_MS = 60
PAUSE_MS = 900
SENTENCE = 12
MOST_ADDED_S = 0.5
MOST_STALL_MS = 16


class Service(FakeLive):
    """The stand-in, which notes times.

    Attributes:
        heard: When it had how much sound, in ms.
        said_s: When it first said each word, in whatever form.
        settled_s: When it said each word for good.
    """

    def __init__(self, script: Sequence[Word]) -> None:
        super().__init__(script, is_coded=False)
        self.heard: list[tuple[int, float]] = []
        self.said_s: dict[str, float] = {}
        self.settled_s: dict[str, float] = {}

    def used_s(self) -> float:
        """Give the processor time of its own thread."""
        clock = time.pthread_getcpuclockid(self._thread.ident or threading.get_ident())
        return time.clock_gettime(clock)

    @override
    def _on_sound(self, visit: Visit, raw: bytes, expected: int | None) -> int:
        end = super()._on_sound(visit, raw, expected)
        self.heard.append((visit.heard_ms, time.monotonic()))
        return end

    @override
    async def _send(self, connection: Any, visit: Visit, fields: dict[str, Any]) -> None:
        now_s = time.monotonic()
        for word in str(fields["transcript"]).split():
            self.said_s.setdefault(_bare(word), now_s)
            if fields["is_final"]:
                self.settled_s.setdefault(_bare(word), now_s)
        await super()._send(connection, visit, fields)

    def had_s(self, at_ms: int) -> float:
        """Give when it had the sound up to a moment of the take."""
        return next(now_s for heard_ms, now_s in self.heard if heard_ms >= at_ms)


@dataclass
class Page:
    """Notes when each word comes, as a page would show it."""

    shown_s: dict[str, float] = field(default_factory=dict[str, float])
    settled_s: dict[str, float] = field(default_factory=dict[str, float])

    def settle(self, channel: int, words: tuple[Word, ...], language: str) -> None:
        """Note words that stand for good."""
        del channel, language
        now_s = time.monotonic()
        for word in words:
            self.settled_s.setdefault(_bare(word.text), now_s)
            self.shown_s.setdefault(_bare(word.text), now_s)

    def mark_wordless(self, spans: tuple[tuple[int, int], ...]) -> None:
        """Count words alone."""

    def show(self, now: LiveNow) -> None:
        """Note words that may change."""
        now_s = time.monotonic()
        for _, words in now.tentative:
            for word in words:
                self.shown_s.setdefault(_bare(word.text), now_s)


@dataclass(frozen=True)
class Run:
    """What one take brought.

    Attributes:
        begun_s: When its sound began.
        page: What was shown.
        used_s: Processor time of the program.
        stall_s: The longest work of its loop.
    """

    begun_s: float
    page: Page
    used_s: float
    stall_s: float


def figures(*, short: bool = False) -> Iterator[Figure]:
    """Have a minute heard by the stand-in."""
    length_ms = 20_000 if short else 60_000
    script = _script(length_ms)
    with Service(script) as service, tempfile.TemporaryDirectory() as name:
        run = asyncio.run(_live(Path(name), service, length_ms))
        if service.violations:
            raise RuntimeError(f"the service would not have taken this: {service.violations}")
    names = [_bare(word.text) for word in script]
    missing = [one for one in names if one not in run.page.settled_s]
    if missing:
        raise RuntimeError(f"words are missing: {missing[:5]}")
    ends_s = {_bare(word.text): run.begun_s + word.end_ms / 1_000 for word in script}
    ways_s = {
        _bare(word.text): service.had_s(word.end_ms) - ends_s[_bare(word.text)]
        for word in script
    }
    first = [run.page.shown_s[one] - ends_s[one] for one in names]
    own = [service.said_s[one] - ends_s[one] - ways_s[one] for one in names]
    added_first = sorted(
        ways_s[one] + run.page.shown_s[one] - service.said_s[one] for one in names
    )
    settled = [run.page.settled_s[one] - ends_s[one] for one in names]
    own_settled = [service.settled_s[one] - ends_s[one] - ways_s[one] for one in names]
    added = sorted(
        ways_s[one] + run.page.settled_s[one] - service.settled_s[one] for one in names
    )
    yield Figure(
        "Pulse: first shown, median", statistics.median(first), "s",
        statistics.median(own), "the stand-in by itself",
    )  # fmt: skip
    yield Figure(
        "Pulse: added by us, median", statistics.median(added_first), "s", target=MOST_ADDED_S
    )
    yield Figure("Pulse: added by us, 90 %", added_first[len(added_first) * 9 // 10], "s")
    yield Figure(
        "Pulse: settled, median", statistics.median(settled), "s",
        statistics.median(own_settled), "the stand-in by itself",
    )  # fmt: skip
    yield Figure(
        "Pulse: added by us to settled words, median", statistics.median(added), "s",
        target=MOST_ADDED_S,
    )  # fmt: skip
    yield Figure("Pulse: added by us to settled words, 90 %", added[len(added) * 9 // 10], "s")
    yield Figure("Pulse: processor", run.used_s / (length_ms / 1_000), "s per second")
    yield Figure(
        "Pulse: longest work of the loop", 1_000 * run.stall_s, "ms", target=MOST_STALL_MS
    )


async def _live(folder: Path, service: Service, length_ms: int) -> Run:
    """Write a take as a microphone would give it, and have it heard."""
    take = TakeFolder(folder / "take")
    take.path.mkdir()
    access = LiveAccess(service.address, lambda: service.key, ServiceNetwork())
    budget = LiveBudget(LIVE_MODELS[LiveModel.PULSE].dollars_per_minute)
    page = Page()
    session = LiveSession(take, [RealtimeRecogniser(access, LiveRequest(), budget)], page)
    session.start()
    step = RATE_HZ * STEP_MS // 1_000
    noise = np.random.default_rng(1).integers(-9_000, 9_000, step, np.int16).tobytes()
    before_s = time.process_time() - service.used_s()
    gc.freeze()  # as the program does once it is up
    async with Watchdog() as watchdog:
        begun_s = time.monotonic()
        with (take.path / "part-1.wav").open("wb", buffering=0) as file:
            file.write(wav_header(1))
            for count in range(length_ms // STEP_MS):
                file.write(noise)
                due_s = begun_s + (count + 1) * STEP_MS / 1_000
                await asyncio.sleep(max(0.0, due_s - time.monotonic()))
        await session.finish()
    used_s = time.process_time() - service.used_s() - before_s
    return Run(begun_s, page, used_s, watchdog.busiest_s)


def _script(length_ms: int) -> list[Word]:
    """Give words no two of which are alike, in sentences with a pause behind each."""
    words: list[Word] = []
    at_ms = 300
    while at_ms + WORD_MS + PAUSE_MS < length_ms:
        is_end = len(words) % SENTENCE == SENTENCE - 1
        text = f"word{len(words):03d}{'.' if is_end else ''}"
        words.append(Word(text, at_ms, at_ms + WORD_MS))
        at_ms += WORD_MS + (PAUSE_MS if is_end else BREATH_MS)
    return words


def _bare(word: str) -> str:
    return word.strip(".,? ")
