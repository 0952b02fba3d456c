"""Live text: how soon words are there, how good they are, what they cost.

``python3 packaging/dev.py bench live [--short]``. On this computer, a minute of two readers
is written into a take as a microphone would give it, and heard while it grows, with tiny.en;
beside it the same minute is recognised whole. A word is shown when its place first has any
word. By the service: see ``live_service.py``.
"""

from __future__ import annotations

import asyncio
import gc
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from app.audio.process import find_ffmpeg  # noqa: E402 - the path comes first
from app.capture.journal import TakeFolder, wav_header  # noqa: E402
from app.core.document import Document  # noqa: E402
from app.core.live_growth import with_utterance  # noqa: E402
from app.core.options import TranscriptionOptions  # noqa: E402
from app.core.take import RATE_HZ, SAMPLE_BYTES  # noqa: E402
from app.core.transcript import Transcript, Word, join_words  # noqa: E402
from app.jobs.live_session import LiveNow, LiveSession  # noqa: E402
from app.ondevice.catalog import TINY_ENGLISH  # noqa: E402
from app.ondevice.installed import ModelFolders  # noqa: E402
from app.ondevice.live import LiveEars  # noqa: E402
from app.ondevice.recogniser import Recogniser  # noqa: E402
from bench import CannotMeasureError, Figure, live_service  # noqa: E402
from bench.sounds import CLIPS, Samples, clip, write  # noqa: E402
from bench.watchdog import Watchdog  # noqa: E402
from tests.support.wer import word_error_rate  # noqa: E402

CLIP = "two-readers-alternating"
STEP_MS = 50
SHORT_MS = 20_000
SLOT_MS = 100
MOST_FIRST_S = 1.0
MOST_ERRORS = 1.2
MOST_STALL_MS = 16


@dataclass
class Page:
    """Notes when words come, as a page would show them.

    Attributes:
        begun_s: When the sound began.
        shown_s: When each tenth of a second of sound first had a word.
        settled: Each settled word, and how long after its end.
        document: What has grown.
        read: What was read of the open utterance the last time.
        count: How many words were read so, the last of each time left out: it is cut off.
        changed: How many of them read otherwise the next time.
    """

    begun_s: float
    shown_s: dict[int, float] = field(default_factory=dict[int, float])
    settled: list[tuple[Word, float]] = field(default_factory=list[tuple[Word, float]])
    document: Document = field(default_factory=lambda: Document(Transcript(())))
    read: list[str] = field(default_factory=list[str])
    count: int = 0
    changed: int = 0

    def settle(self, channel: int, words: tuple[Word, ...], language: str) -> None:
        """Note words that stand for good."""
        del channel, language
        self._note(words)
        now_s = time.monotonic() - self.begun_s
        self.settled += [(word, now_s - word.end_ms / 1_000) for word in words]
        self.document.grow(with_utterance(self.document.transcript, words, None, extends=True))

    def mark_wordless(self, spans: tuple[tuple[int, int], ...]) -> None:
        """Count words alone."""

    def show(self, now: LiveNow) -> None:
        """Note words that may change."""
        for _, words in now.tentative:
            self._note(words)
            read = [word.text.strip(".,;…-").casefold() for word in words]
            same = 0
            while same < min(len(read), len(self.read)) and read[same] == self.read[same]:
                same += 1
            sure = max(0, len(self.read) - 1)
            self.count += sure
            self.changed += max(0, sure - same)
            self.read = read
        if not now.tentative:
            self.read = []

    def _note(self, words: tuple[Word, ...]) -> None:
        now_s = time.monotonic() - self.begun_s
        for word in words:
            for slot in range(word.start_ms // SLOT_MS, word.end_ms // SLOT_MS + 1):
                self.shown_s.setdefault(slot, now_s)

    def first_delays_s(self) -> list[float]:
        """Give how long after its end each settled word's place first had a word."""
        return [
            max(0.0, self.shown_s[word.end_ms // SLOT_MS] - word.end_ms / 1_000)
            for word, _ in self.settled
        ]


def figures(*, short: bool = False) -> Iterator[Figure]:
    """Hear the minute while it grows, and whole."""
    if not sys.platform.startswith("linux"):
        raise CannotMeasureError("processor time of another process is read from the system")
    yield from live_service.figures(short=short)
    spoken = clip(CLIP)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folders = ModelFolders(folder / "models")
        if not folders.is_installed(TINY_ENGLISH):
            raise CannotMeasureError("tiny.en is not installed")
        folders.save_speed(TINY_ENGLISH, 100.0)
        most_ms = SHORT_MS if short else round(spoken.seconds * 1_000)
        before_s = _children_s()
        page, stall_s = asyncio.run(_live(folder, folders, most_ms))
        live_s = _children_s() - before_s
        heard_s = most_ms / 1_000
        first = page.first_delays_s()
        late = [delay for _, delay in page.settled]
        yield Figure("first shown, median", statistics.median(first), "s", target=MOST_FIRST_S)
        yield Figure("first shown, 90 %", sorted(first)[len(first) * 9 // 10], "s")
        yield Figure("settled, median", statistics.median(late), "s")
        yield Figure("settled, 90 %", sorted(late)[len(late) * 9 // 10], "s")
        changed = 100 * page.changed / max(1, page.count)
        yield Figure("read otherwise the next time", changed, "% of words")
        yield Figure("longest work of the loop", 1_000 * stall_s, "ms", target=MOST_STALL_MS)
        before_s = _children_s()
        whole = asyncio.run(_whole(folder, folders, spoken.samples[: most_ms * 16]))
        yield Figure(
            "processor", live_s / heard_s, "s per second",
            (_children_s() - before_s) / heard_s, "whole file",
        )  # fmt: skip
        if not short:
            text = join_words([word for word, _ in page.settled])
            yield Figure(
                "word errors", 100 * word_error_rate(spoken.text, text), "%",
                100 * word_error_rate(spoken.text, whole), "whole file", MOST_ERRORS,
            )  # fmt: skip


async def _live(folder: Path, folders: ModelFolders, most_ms: int) -> tuple[Page, float]:
    """Write the clip as it would be spoken, and hear it; gives what the loop did at most."""
    sound = await asyncio.to_thread(_sound)
    take = TakeFolder(folder / "take")
    take.path.mkdir()
    options = TranscriptionOptions(language="en", package=TINY_ENGLISH.name)
    ears = LiveEars(folders, options)
    first = ears.channel()
    await first.feed(bytes(32_000))  # loads the model, as while somebody draws breath
    await first.pause()
    page = Page(time.monotonic())
    session = LiveSession(take, [ears.channel()], page)
    session.start()
    step = RATE_HZ * STEP_MS // 1_000 * SAMPLE_BYTES
    gc.freeze()  # as the program does once it is up
    async with Watchdog() as watchdog:
        with (take.path / "part-1.wav").open("wb", buffering=0) as file:
            file.write(wav_header(1))
            for count in range(most_ms // STEP_MS):
                file.write(sound[count * step : (count + 1) * step])
                due_s = page.begun_s + (count + 1) * STEP_MS / 1_000
                await asyncio.sleep(max(0.0, due_s - time.monotonic()))
        await session.finish()
    await first.aclose()
    return page, watchdog.busiest_s


def _sound() -> bytes:
    """Decode the clip as a microphone gives it."""
    return subprocess.run(
        [
            str(find_ffmpeg()), "-loglevel", "error", "-i", str(CLIPS / f"{CLIP}.flac"),
            "-ac", "1", "-ar", str(RATE_HZ), "-f", "s16le", "-",
        ],
        check=True, capture_output=True,
    ).stdout  # fmt: skip


async def _whole(folder: Path, folders: ModelFolders, samples: Samples) -> str:
    """Recognise the same sound in one go."""
    recogniser = Recogniser(folders)
    options = TranscriptionOptions(language="en", package=TINY_ENGLISH.name)
    path = write(folder / "whole.wav", samples)
    transcript = await recogniser.transcribe(path, options)
    await recogniser.aclose()
    return transcript.text


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
