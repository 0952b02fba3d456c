"""One word corrected in a long transcript: what all that follow the document cost together."""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator

from app.core import edits
from app.core.document import Change, Document
from app.core.transcript import Transcript
from bench import Figure
from bench.transcript_view import long_transcript

SIZES = (100_000, 1_000)
ROUNDS = 200
_SOUGHT = "nothing"
_THRESHOLD = 0.05


def figures() -> Iterator[Figure]:
    """Measure on a long and a short transcript, in processor time."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication, QLineEdit

    from app.core.preferences import ThemeChoice
    from app.player.player import Player
    from app.player.session import PlaySession
    from app.ui.kit.appearance import Appearance
    from app.ui.listening.bar import PlayerBar
    from app.ui.transcript.view import TranscriptView

    application = QApplication(sys.argv[:1])
    appearance = Appearance(application, ThemeChoice.LIGHT)
    view, bar, session = (
        TranscriptView(appearance),
        PlayerBar(appearance),
        PlaySession(Player()),
    )
    view.hits_changed.connect(bar.timeline.show_hits)
    view.low_confidence_changed.connect(bar.timeline.show_low_confidence)
    session.word_changed.connect(view.show_spoken)
    view.resize(900, 600)
    bar.resize(900, 140)
    for widget in (view, bar):
        widget.show()
    view.open_find()
    next(one for one in view.findChildren(QLineEdit) if one.isVisible()).setText(_SOUGHT)
    view.set_confidence_threshold(_THRESHOLD)

    def show(transcript: Transcript) -> tuple[Document, dict[str, Callable[[Change], None]]]:
        document = Document(transcript)
        view.show_document(document)  # from here on it follows by itself
        session.open(None, transcript)
        bar.show_transcript(transcript)
        bar.show_duration(transcript.duration_ms)
        application.processEvents()
        return document, {
            "player": lambda change: session.follow_change(change, document.transcript),
            "bar": lambda change: bar.follow_change(change, document.transcript),
        }

    medians: list[tuple[float, float]] = []
    for size in SIZES:
        document, followers = show(long_transcript(size))
        told_ms, painted_ms, parts = _correct(document, followers, application.processEvents)
        medians.append((told_ms, painted_ms))
        if size == SIZES[0]:
            for name, cost_ms in parts.items():
                yield Figure(f"of this the {name}, {size} words", cost_ms, "ms")
            yield Figure(
                f"all followers of one correction, {size} words", told_ms, "ms", target=4
            )
    (long_ms, long_painted_ms), (short_ms, short_painted_ms) = medians
    against = f"{SIZES[-1]} words"
    yield Figure("all followers", long_ms, "ms", short_ms, against)
    yield Figure(
        "correction to paint", long_painted_ms, "ms", short_painted_ms, against, target=1.5
    )


def _correct(
    document: Document,
    followers: dict[str, Callable[[Change], None]],
    paint: Callable[[], object],
) -> tuple[float, float, dict[str, float]]:
    """Correct words one after the other, near and far; gives medians."""
    rnd = random.Random(3)
    costs: dict[str, list[float]] = {name: [] for name in ("text and marks", *followers)}
    totals: list[float] = []
    painted: list[float] = []
    for number in range(ROUNDS):
        # Most of them where one looks, some anywhere.
        count = len(document.transcript.paragraphs)
        paragraph = rnd.randrange(min(6, count) if number % 4 else count)
        words = document.transcript.paragraphs[paragraph].words
        change = edits.correct_words(
            document.transcript, paragraph, rnd.randrange(len(words)), 1, rnd.choice(_WORDS)
        )
        if change is None:
            continue
        begin = time.process_time()
        document.apply(change)
        last = time.process_time()
        costs["text and marks"].append((last - begin) * 1_000)
        for name, follow in followers.items():
            follow(change)
            now = time.process_time()
            costs[name].append((now - last) * 1_000)
            last = now
        totals.append((last - begin) * 1_000)
        paint()
        painted.append((time.process_time() - begin) * 1_000)
    parts = {name: statistics.median(found) for name, found in costs.items()}
    return statistics.median(totals), statistics.median(painted), parts


_WORDS = ("something", "nothing", "two words", "a much longer text than there was", "tape")
