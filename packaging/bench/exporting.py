"""How long a transcript of 100,000 words takes to be written in each format.

And how long the window's loop stands still while it is: making text in a thread holds
the loop up wherever Python does much in one step.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from bench import Figure
from bench.watchdog import BEAT_S, Watchdog

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from app.core.options import TranscriptionOptions  # noqa: E402
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word  # noqa: E402
from app.export.formats import FORMATS, Format  # noqa: E402
from app.export.request import ExportRequest  # noqa: E402
from app.export.source import Audio, ExportDocument  # noqa: E402
from app.jobs.exporting import render  # noqa: E402
from app.jobs.page_sound import OPUS  # noqa: E402
from app.jobs.writing import save  # noqa: E402
from app.store.audio_links import AudioLink  # noqa: E402
from app.store.library import Library  # noqa: E402
from app.store.opening import open_database  # noqa: E402

if TYPE_CHECKING:
    from PySide6.QtGui import QGuiApplication

WORDS = 100_000
TURN_WORDS = 80
QUICK = ("txt", "srt", "vtt", "json", "csv")
QUICK_MS = 300
SLOW = ("docx", "odt")
SLOW_MS = 15_000
STALL_MS = 50
TEN_HOURS_BYTES = 144_000_000
TEXT = [
    "the",
    "river",
    "runs",
    "past",
    "our",
    "town,",
    "and",
    "people",
    "walk",
    "along",
    "it",
    "every",
    "day.",
]


def figures() -> Iterator[Figure]:
    """Measure; the reference is Python's own JSON writer on the same words."""
    document = sample(WORDS)
    plain = [[word.text, word.start_ms, word.end_ms] for word in document.transcript.words()]
    reference = _fastest(lambda: json.dumps(plain))
    for name in QUICK:
        milliseconds = _fastest(lambda name=name: FORMATS[name].write(document))
        yield Figure(f"{name}, {WORDS} words", milliseconds, "ms", target=QUICK_MS)
    yield Figure("plain json.dumps of the same words", reference, "ms")
    for name in SLOW:
        yield from _stepwise(FORMATS[name], document)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from app.paper.format import PDF

    application = QGuiApplication([])
    yield from _stepwise(PDF, document)
    yield from _stalls(application, document)
    del application


def sample(count: int) -> ExportDocument:
    """Make a transcript of a number of words, two speakers in turn."""
    speakers = (SpeakerId("a"), SpeakerId("b"))
    paragraphs: list[Paragraph] = []
    for begin in range(0, count, TURN_WORDS):
        words = tuple(
            Word(TEXT[n % len(TEXT)], n * 300, n * 300 + 250, 0.9)
            for n in range(begin, min(count, begin + TURN_WORDS))
        )
        who = speakers[begin // TURN_WORDS % 2]
        paragraphs.append(Paragraph(words, who, words[0].start_ms, words[-1].end_ms))
    named = (Speaker(speakers[0], "Anna"), Speaker(speakers[1], "Ben"))
    return ExportDocument(Transcript(tuple(paragraphs), named, "en", count * 300), "A long day")


def _stepwise(kind: Format, document: ExportDocument) -> Iterator[Figure]:
    """Measure a format that reports as it goes, and its longest silence."""
    began = last = time.perf_counter()
    longest = 0.0
    for _ in kind.build(document, kind.preset):
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    ended = time.perf_counter()
    longest = max(longest, ended - last)
    milliseconds = (ended - began) * 1_000
    yield Figure(f"{kind.name}, {WORDS} words", milliseconds, "ms", target=SLOW_MS)
    yield Figure(f"{kind.name}, longest time between two reports", longest * 1_000, "ms")


class _Standstill(Watchdog):
    """Measure standstills that this process made itself, whatever else the machine does.

    Attributes:
        held_s: The most of its own time the process took while the loop was late.
    """

    def __init__(self) -> None:
        super().__init__()
        self.held_s = 0.0
        self._used = time.process_time()

    @override
    def _note(self) -> None:
        late_s = time.perf_counter() - self._last - BEAT_S
        used = time.process_time()
        self.held_s = max(self.held_s, min(late_s, used - self._used))
        self._used = used
        super()._note()


def _stalls(application: QGuiApplication, document: ExportDocument) -> Iterator[Figure]:
    """Export as the window does, on its kind of loop, and watch the loop."""
    import qasync

    from app.bootstrap.exporting import make_exporter

    async def export_all(folder: Path) -> list[Figure]:
        database, _ = open_database(folder / "library.sqlite3")
        library = Library(database)
        transcript_id = library.add(
            document.transcript,
            name="A long day",
            options=TranscriptionOptions(timestamps=True),
            link=AudioLink(str(folder / "day.wav"), size_bytes=1),
            now_ms=0,
        )
        exporter = make_exporter(library)
        stored = await exporter.load(transcript_id)
        found: list[Figure] = []
        for kind in exporter.formats.values():
            watchdog = _Standstill()
            async with watchdog:
                await exporter.write(stored, ExportRequest(kind.name, kind.preset, str(folder)))
            name = f"{kind.name}, longest standstill of the window"
            found.append(Figure(name, watchdog.held_s * 1_000, "ms", target=STALL_MS))
        sounding = replace(exporter.document(stored), audio=Audio(OPUS, bytes(TEN_HOURS_BYTES)))
        watchdog = _Standstill()
        async with watchdog:
            content = await render(sounding, stored, FORMATS["html"])
            await asyncio.to_thread(save, folder / "sounding.html", content, replaces=True)
        name = "html with ten hours of sound, longest standstill of the window"
        found.append(Figure(name, watchdog.held_s * 1_000, "ms", target=STALL_MS))
        database.close()
        return found

    with tempfile.TemporaryDirectory() as folder, qasync.QEventLoop(application) as loop:
        yield from loop.run_until_complete(export_all(Path(folder)))


def _fastest(work: Callable[[], object], times: int = 5) -> float:
    """Give the quickest of several runs in milliseconds of this process's own time.

    The work neither waits nor starts threads: on a machine that others use too, its own
    time is what it would take alone.
    """
    found = float("inf")
    for _ in range(times):
        began = time.process_time()
        work()
        found = min(found, time.process_time() - began)
    return found * 1_000
