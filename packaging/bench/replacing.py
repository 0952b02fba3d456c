"""Find and replace in a long transcript: as one types, all of the commonest word, and back."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from app.core import striking
from app.core.document import Change, Document
from app.core.finding import Query
from app.core.replacing import find_all, replace_hits
from bench import Figure
from bench.transcript_view import long_transcript

if TYPE_CHECKING:
    from app.ui.transcript.view import TranscriptView

Act = Callable[[], object]
SIZE = 100_000
WORD = "through"


def figures() -> Iterator[Figure]:
    """Measure with page, bar and player following, painting included, in processor time."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtWidgets import QApplication

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
    view.resize(900, 600)
    view.hits_changed.connect(bar.timeline.show_hits)
    view.show()
    bar.show()
    document = Document(long_transcript(SIZE))
    view.show_document(document)
    bar.show_transcript(document.transcript)
    bar.show_duration(document.transcript.duration_ms)
    session.open(None, document.transcript)

    def follow(change: Change) -> None:
        session.follow_change(change, document.transcript)
        bar.follow_change(change, document.transcript)

    document.subscribe(follow)

    def took(act: Act) -> tuple[float, float, float]:
        """Give what it took until something was painted, in one go at most, and in all."""
        begin = time.process_time()
        act()
        view.text.viewport().repaint()
        first = (time.process_time() - begin) * 1_000
        longest = first
        is_told: list[bool] = []
        document.afterwards(lambda: is_told.append(True))
        while True:
            went_on = time.process_time()
            QCoreApplication.processEvents()
            longest = max(longest, (time.process_time() - went_on) * 1_000)
            if is_told and not view.finder.is_looking:
                break
        return first, longest, (time.process_time() - begin) * 1_000

    yield from _replacing(document, lambda act: took(act)[-1])
    yield from _finding(view, took)


def _replacing(document: Document, took: Callable[[Act], float]) -> Iterator[Figure]:
    (word, count), *_ = _words(document).most_common(1)
    query = Query(word, is_whole_word=True)

    def replace(new: str) -> Change | None:
        hits = list(find_all(document.transcript, query, new))
        return replace_hits(document.transcript, hits)

    def places() -> dict[int, list[int]]:
        return {
            number: [at for at, one in enumerate(paragraph.words) if one.text == word]
            for number, paragraph in enumerate(document.transcript.paragraphs)
        }

    steps: tuple[tuple[str, Callable[[], Change | None]], ...] = (
        ("replace by one word", lambda: replace("xyz")),
        ("replace by two words", lambda: replace("x y")),
        ("replace by nothing", lambda: replace("")),
        ("strike through", lambda: striking.strike(document.transcript, places())),
        ("delete as fillers", lambda: striking.delete(document.transcript, places())),
    )
    for what, make in steps:

        def apply(make: Callable[[], Change | None] = make) -> None:
            change = make()
            if change is not None:
                document.apply(change)

        # The words of this text are few, so that one is three times as common as "the" is.
        yield Figure(f"{what}, {count} × “{word}”", took(apply), "ms", target=500)
        yield Figure(f"undo it ({what})", took(document.undo), "ms", target=500)
        yield Figure(f"redo it ({what})", took(document.redo), "ms", target=500)
        document.undo()


def _words(document: Document) -> Counter[str]:
    return Counter(word.text.lower() for word in document.transcript.words())


def _finding(
    view: TranscriptView, took: Callable[[Act], tuple[float, float, float]]
) -> Iterator[Figure]:
    from PySide6.QtWidgets import QLineEdit

    (word, _), *_ = _words(view.document).most_common(1)
    view.open_find()
    field = view.find_bar.findChildren(QLineEdit)[0]
    for typed in (WORD, word):
        firsts: list[float] = []
        longests: list[float] = []
        wholes: list[float] = []
        for end in range(1, len(typed) + 1):
            text = typed[:end]
            first, longest, whole = took(partial(field.setText, text))
            firsts.append(first)
            longests.append(longest)
            wholes.append(whole)
        hits = len(view.finder.hits)
        yield Figure(f"find “{typed}”: key to first hit", max(firsts), "ms", target=30)
        yield Figure("the longest the window stands still", max(longests), "ms", target=30)
        yield Figure(f"until all are marked, {hits} at last", statistics.median(wholes), "ms")
        yield Figure("the slowest of these keys", max(wholes), "ms")
