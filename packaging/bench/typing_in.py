"""Typing in a long transcript: from the key to the paint, with the words saved meanwhile."""

from __future__ import annotations

import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from app.core.document import Document
from app.core.typing_run import Typewriter
from app.store.transcript_blob import pack
from bench import Figure
from bench.transcript_view import long_transcript

if TYPE_CHECKING:
    from app.ui.transcript.view import TranscriptView

SIZES = (100_000, 1_000)
KEYS = 300
_TEXT = "we put in some more words, and take a few out again. "


def figures() -> Iterator[Figure]:
    """Measure real key events into the page, in processor time and, while saving, in time."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from app.core.preferences import ThemeChoice
    from app.ui.kit.appearance import Appearance
    from app.ui.transcript.view import TranscriptView

    application = QApplication(sys.argv[:1])
    view = TranscriptView(Appearance(application, ThemeChoice.LIGHT))
    view.resize(900, 600)
    view.show()
    medians: list[float] = []
    for size in SIZES:
        document = Document(long_transcript(size))
        typewriter = Typewriter(document)
        view.show_document(document)
        view.typed.connect(lambda typed, one=typewriter: one.type(typed, joins=True))
        view.typing_moved.connect(typewriter.end)
        costs = _press(view, time.process_time)
        medians.append(statistics.median(costs))
        last = statistics.quantiles(costs, n=100)[-1]
        yield Figure(f"key to paint, {size} words", medians[-1], "ms", target=16)
        yield Figure(f"the slowest of a hundred keys, {size} words", last, "ms", target=50)
        if size == SIZES[0]:
            yield from _while_saving(view, document)
        view.finish_typing()
        view.typed.disconnect()
        view.typing_moved.disconnect()
    yield Figure("key to paint", medians[0], "ms", medians[1], f"{SIZES[1]} words", target=1.5)


def _press(view: TranscriptView, clock: Callable[[], float]) -> list[float]:
    """Press keys in the middle of a paragraph; gives what each took, painting included."""
    from PySide6.QtCore import QCoreApplication, Qt
    from PySide6.QtTest import QTest

    costs: list[float] = []
    for number in range(KEYS):
        begin = clock()
        if number % 10 == 9:
            QTest.keyClick(view.text, Qt.Key.Key_Backspace)
        else:
            QTest.keyClicks(view.text, _TEXT[number % len(_TEXT)])
        QCoreApplication.processEvents()
        costs.append((clock() - begin) * 1_000)
    return costs


def _while_saving(view: TranscriptView, document: Document) -> Iterator[Figure]:
    """Press keys while a thread packs the words over and over, worse than any autosave."""
    alone = _press(view, time.perf_counter)
    is_over = threading.Event()

    def save() -> None:
        while not is_over.is_set():
            pack(document.transcript)

    saving = threading.Thread(target=save)
    saving.start()
    try:
        beside = _press(view, time.perf_counter)
    finally:
        is_over.set()
        saving.join()
    yield Figure(
        "key to paint while all is packed without a pause",
        statistics.median(beside),
        "ms",
        statistics.median(alone),
        "without",
    )
