"""The page of text: how long a step, an opening, a jump and a scroll take, by length."""

from __future__ import annotations

import gc
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.document import Document
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word
from bench import Figure

if TYPE_CHECKING:
    from app.ui.transcript.view import TranscriptView

SIZES = (100_000, 30_000, 1_000)  # the longest first, into memory nobody has used yet
STEPS = 400
_VOCABULARY = "we started with nothing but a borrowed tape recorder and a list"


def figures() -> Iterator[Figure]:
    """Measure on transcripts of three lengths, in processor time."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from app.core.preferences import ThemeChoice
    from app.ui.kit.appearance import Appearance
    from app.ui.transcript.view import TranscriptView

    application = QApplication(sys.argv[:1])
    appearance = Appearance(application, ThemeChoice.LIGHT)
    view = TranscriptView(appearance)
    view.resize(900, 600)
    view.show()
    view.show_document(Document(long_transcript(50)))
    application.processEvents()
    empty_bytes = _memory_bytes()
    steps: list[float] = []
    for size in SIZES:
        yield from _measure(view, size, steps)
        if empty_bytes and size == SIZES[0]:
            gc.collect()
            per_word = (_memory_bytes() - empty_bytes) / size
            yield Figure("memory a word", per_word, "bytes", target=900)
    yield Figure(
        "next word, longest against shortest",
        steps[0],
        "ms",
        reference=steps[-1],
        reference_name=f"{SIZES[-1]} words",
        target=1.5,
    )
    view.close()
    application.processEvents()


def _measure(view: TranscriptView, size: int, steps: list[float]) -> Iterator[Figure]:
    document = Document(long_transcript(size))
    opened_ms = _cost_ms(lambda: view.show_document(document))
    yield Figure(f"open, {size} words", opened_ms, "ms", target=300)
    bar = view.text.verticalScrollBar()
    jumped_ms = _cost_ms(lambda: bar.setValue(bar.maximum()))
    yield Figure(f"jump to the end, {size} words", jumped_ms, "ms", target=200)
    middle = bar.maximum() // 2
    scrolls = [_cost_ms(lambda at=at: bar.setValue(middle - 3 * at)) for at in range(100)]
    yield Figure(f"worst of 100 scrolls, {size} words", max(scrolls), "ms", target=50)
    widths = [_cost_ms(lambda to=to: view.resize(700 + to, 600)) for to in range(0, 400, 20)]
    yield Figure(f"worst of 20 resizes, {size} words", max(widths), "ms", target=50)
    view.resize(900, 600)
    view.show_playing(playing=True)
    view.follow()
    lit = [_cost_ms(lambda at=at: view.show_spoken(size // 2 + at)) for at in range(STEPS)]
    steps.append(statistics.median(lit))
    yield Figure(f"next word, {size} words", steps[-1], "ms", target=1.0)


def _cost_ms(act: Callable[[], object]) -> float:
    """Give the processor time of an act and the painting that follows it."""
    from PySide6.QtCore import QCoreApplication

    begin = time.process_time()
    act()
    QCoreApplication.processEvents()
    return (time.process_time() - begin) * 1_000


def long_transcript(size: int) -> Transcript:
    """Make up a talk of four speakers with so many words."""
    rnd = random.Random(1)
    vocabulary = _VOCABULARY.split()
    paragraphs: list[Paragraph] = []
    at_ms = made = 0
    while made < size:
        words: list[Word] = []
        for _ in range(min(rnd.choice((5, 12, 30, 60, 80)), size - made)):
            lasts_ms = rnd.randint(80, 400)
            text = str(rnd.choice(vocabulary)).encode().decode()  # as read from a reply
            words.append(Word(text, at_ms, at_ms + lasts_ms, rnd.random()))
            at_ms += lasts_ms + 20
        made += len(words)
        who = SpeakerId(str(rnd.randrange(4)))
        paragraphs.append(Paragraph(tuple(words), who, words[0].start_ms, words[-1].end_ms))
    speakers = tuple(Speaker(SpeakerId(str(number))) for number in range(4))
    return Transcript(tuple(paragraphs), speakers, duration_ms=at_ms)


def _memory_bytes() -> int:
    """Give what the process occupies; 0 where the system does not say it this way."""
    if not sys.platform.startswith("linux"):
        return 0
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
