"""How quick the library is when it is full: 10,000 transcripts of 5,000 words.

Filling it takes a while: ``WORDLIGHT_BENCH_TRANSCRIPTS=1000`` makes it quicker, and
says less. Then the library's page in the window's loop: opened, and searched in.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app.core.job import Job, JobId
from app.core.options import TranscriptionOptions
from app.core.transcript import Paragraph, SpeakerId, Transcript, Word
from app.store.audio_links import AudioLink
from app.store.database import Database
from app.store.job_store import JobStore
from app.store.library import Library
from app.store.opening import open_database
from app.store.projects import Projects
from app.system.locks import Presence
from bench import Figure

TRANSCRIPTS = int(os.environ.get("WORDLIGHT_BENCH_TRANSCRIPTS", "10000"))
JOBS = 10_000
WORDS_EACH = 5_000
TURN_WORDS = 50
_SYLLABLES = (
    *("ka", "lo", "mi", "ten", "ra", "sho", "vi", "un", "bel", "pra"),
    *("se", "dor", "nu", "ga", "fi", "es", "tam", "qui", "ol", "je"),
)
_WORDS = [  # beginning as differently as those of a language
    _SYLLABLES[rank % 20] + _SYLLABLES[rank // 20 % 20] + _SYLLABLES[rank // 400 % 20]
    for rank in range(8_000)
]
SEARCHES = {
    "a rare word": "rare17",
    "two common words": f"{_WORDS[1]} {_WORDS[3]}",
    "the most common word": _WORDS[0],
    "a beginning of two letters": "ka",
    "a beginning": "tenra",
    "a phrase": f'"{_WORDS[1]} {_WORDS[2]}"',
    "no hit": "nowhere",
}


def figures() -> Iterator[Figure]:
    """Measure the store, then the page on it."""
    with tempfile.TemporaryDirectory(prefix="wordlight-bench-") as folder:
        opened, _ = open_database(Path(folder, "wordlight.db"))
        try:
            yield from _library(opened)
            yield from _page(opened)
            yield from _jobs(opened, Path(folder))
        finally:
            opened.close()


def _library(opened: Database) -> Iterator[Figure]:
    library = Library(opened)
    begin = time.perf_counter()
    _fill(opened, library, TRANSCRIPTS)
    yield Figure(f"add {TRANSCRIPTS} transcripts", time.perf_counter() - begin, "s")
    yield Figure("database", opened.path.stat().st_size / 1e6, "MB")
    for name, typed in SEARCHES.items():
        seconds = _fastest(lambda typed=typed: library.search(typed), 5)
        yield Figure(f"search {name}", seconds * 1000, "ms", target=100)
    seconds = _fastest(library.entries, 3)
    yield Figure(f"list {TRANSCRIPTS} transcripts", seconds * 1000, "ms", target=500)
    long = made_transcript(random.Random(1), 100_000)
    long_id = library.add(
        long, name="long", options=TranscriptionOptions(), link=AudioLink("/x"), now_ms=0
    )
    seconds = _fastest(lambda: library.load(long_id), 3)
    yield Figure("open 100,000 words", seconds * 1000, "ms", target=1_000)
    seconds = _fastest(lambda: library.record(long_id), 3)
    yield Figure("its recording and options", seconds * 1000, "ms", target=1)
    edited = Transcript(long.paragraphs[:500] + long.paragraphs[501:])
    begin = time.perf_counter()
    library.save(long_id, edited, now_ms=1)
    seconds = time.perf_counter() - begin
    yield Figure("save an edit of 100,000 words", seconds * 1000, "ms", target=1_000)


def _page(opened: Database) -> Iterator[Figure]:
    """Open the library's page and type a search, on the window's own loop."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import qasync
    from PySide6.QtWidgets import QApplication

    qt_app = QApplication.instance() or QApplication(sys.argv[:1])
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(qt_app)) as runner:
        found = runner.run(_watch_page(qt_app, opened))
    for name, stall_s, took_s in found:
        yield Figure(f"{name}, longest stall", stall_s * 1000, "ms", target=50)
        yield Figure(f"{name}, until shown", took_s * 1000, "ms")


async def _watch_page(qt_app: object, opened: Database) -> list[tuple[str, float, float]]:
    from typing import cast

    from PySide6.QtWidgets import QApplication

    from app.bootstrap.furnish import furnish
    from app.bootstrap.life import TURN_S
    from app.core.preferences import ThemeChoice
    from app.ui.actions import ActionId, Actions
    from app.ui.kit.appearance import Appearance
    from app.ui.kit.in_steps import at_once
    from app.ui.library.controller import LibraryController
    from app.ui.library.view import LibraryView
    from app.ui.queue.model import JobModel
    from app.ui.stage import Page
    from app.ui.tasks import Tasks
    from app.ui.window import MainWindow
    from bench.watchdog import Watchdog

    def fail(name: str, error: BaseException) -> None:
        raise RuntimeError(name) from error

    sys.setswitchinterval(TURN_S)
    appearance = Appearance(cast("QApplication", qt_app), ThemeChoice.LIGHT)
    actions, tasks = Actions(appearance), Tasks(fail)
    window = MainWindow()
    at_once(furnish(window, appearance, actions, JobModel()))
    view = LibraryView(appearance)
    window.place(Page.LIBRARY, view)
    LibraryController(
        stage=window, actions=actions, view=view, library=Library(opened),
        projects=Projects(opened), tasks=tasks, now_ms=lambda: 0,
    ).setParent(window)  # fmt: skip
    window.resize(1200, 780)
    window.show()
    await asyncio.sleep(1)
    found: list[tuple[str, float, float]] = []
    async with Watchdog() as watchdog:
        for name, act in (
            ("open the page", actions[ActionId.LIBRARY].trigger),
            ("type a search", lambda: view.search.setText(_WORDS[0])),
            ("take it back", view.search.clear),
        ):
            watchdog.reset()
            begin = time.perf_counter()
            shown: list[float] = []
            told = view.model.modelReset.connect(
                lambda shown=shown: shown.append(time.perf_counter())
            )
            act()
            while not shown:  # noqa: ASYNC110 - the page is at work in this loop
                await asyncio.sleep(0.005)
            await asyncio.sleep(0.5)  # rows are laid out and painted
            view.model.modelReset.disconnect(told)
            found.append((name, watchdog.longest_s, shown[0] - begin))
    await tasks.aclose()
    window.close_for_good()
    return found


def _jobs(opened: Database, folder: Path) -> Iterator[Figure]:
    presence = Presence(folder / "running")
    store = JobStore(opened, presence)
    made = [
        Job(JobId(f"job-{number}"), f"/talks/{number}.wav", TranscriptionOptions(), 0, number)
        for number in range(JOBS)
    ]
    begin = time.perf_counter()
    store.insert(made)
    yield Figure(f"insert {JOBS} jobs", (time.perf_counter() - begin) * 1000, "ms")
    yield Figure(f"load {JOBS} jobs", _fastest(store.load, 3) * 1000, "ms")
    begin = time.perf_counter()
    for job in made[:100]:
        store.update(job)
    yield Figure("one committed step", (time.perf_counter() - begin) * 10, "ms", target=50)
    presence.close()


def _fill(opened: Database, library: Library, transcripts: int) -> None:
    chance = random.Random(5)
    options = TranscriptionOptions()
    for first in range(0, transcripts, 200):
        with opened.writing():  # many at once: only the filling is quicker for it
            for number in range(first, min(first + 200, transcripts)):
                library.add(
                    made_transcript(chance, WORDS_EACH),
                    name=f"Talk {number}",
                    options=options,
                    link=AudioLink(f"/talks/{number}.wav"),
                    now_ms=number,
                )


def made_transcript(chance: random.Random, count: int) -> Transcript:
    """Make up a talk of two speakers with so many words."""
    # frequencies fall as in a language: the first words make up much of the text
    ranks = [int(8_000 ** chance.random()) - 1 for _ in range(count)]
    texts = [_WORDS[rank] if chance.random() > 1e-5 else "rare17" for rank in ranks]
    words = tuple(
        Word(text, place * 300, place * 300 + 280, 0.9) for place, text in enumerate(texts)
    )
    turns = tuple(
        Paragraph(
            words[first : first + TURN_WORDS],
            SpeakerId(str(first // TURN_WORDS % 2)),
            words[first].start_ms,
            words[min(first + TURN_WORDS, count) - 1].end_ms,
        )
        for first in range(0, count, TURN_WORDS)
    )
    return Transcript(turns, language="en", duration_ms=count * 300)


def _fastest(act: Callable[[], object], times: int) -> float:
    seconds: list[float] = []
    for _ in range(times):
        begin = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)
