"""How quick the library is when it is full: 10,000 transcripts of 5,000 words.

Filling it takes minutes, so the number of transcripts can be lowered on the
command line: ``python -m packaging.bench.library 1000``.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from app.core.job import Job, JobId  # noqa: E402 - the path comes first
from app.core.options import TranscriptionOptions  # noqa: E402
from app.core.transcript import Segment, SpeakerId, Transcript, Word  # noqa: E402
from app.store.audio_links import AudioLink  # noqa: E402
from app.store.database import Database, open_database  # noqa: E402
from app.store.job_store import JobStore  # noqa: E402
from app.store.library import Library  # noqa: E402
from app.store.locks import Presence  # noqa: E402

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


def figures(transcripts: int = 10_000, jobs: int = 10_000) -> Iterator[tuple[str, float, str]]:
    """Measure; gives what, how much, and the unit."""
    with tempfile.TemporaryDirectory() as folder:
        opened, _ = open_database(Path(folder, "wordlight.db"))
        try:
            yield from _library(opened, transcripts)
            yield from _jobs(opened, Path(folder), jobs)
        finally:
            opened.close()


def _library(opened: Database, transcripts: int) -> Iterator[tuple[str, float, str]]:
    library = Library(opened)
    begin = time.perf_counter()
    _fill(opened, library, transcripts)
    yield f"add {transcripts} transcripts", time.perf_counter() - begin, "s"
    yield "database", opened.path.stat().st_size / 1e6, "MB"
    for name, typed in SEARCHES.items():
        seconds = _fastest(lambda typed=typed: library.search(typed), 5)
        yield f"search {name}", seconds * 1000, "ms"
    yield f"list {transcripts} transcripts", _fastest(library.entries, 3) * 1000, "ms"
    long = _transcript(random.Random(1), 100_000)
    long_id = library.add(
        long, name="long", options=TranscriptionOptions(), link=AudioLink("/x"), now_ms=0
    )
    seconds = _fastest(lambda: library.load(long_id), 3)
    yield "open 100,000 words", seconds * 1000, "ms"
    edited = Transcript(long.segments[:500] + long.segments[501:])
    begin = time.perf_counter()
    library.save(long_id, edited, now_ms=1)
    yield "save an edit of 100,000 words", (time.perf_counter() - begin) * 1000, "ms"


def _jobs(opened: Database, folder: Path, jobs: int) -> Iterator[tuple[str, float, str]]:
    presence = Presence(folder / "running")
    store = JobStore(opened, presence)
    made = [
        Job(JobId(f"job-{number}"), f"/talks/{number}.wav", TranscriptionOptions(), 0, number)
        for number in range(jobs)
    ]
    begin = time.perf_counter()
    store.insert(made)
    yield f"insert {jobs} jobs", (time.perf_counter() - begin) * 1000, "ms"
    yield f"load {jobs} jobs", _fastest(store.load, 3) * 1000, "ms"
    begin = time.perf_counter()
    for job in made[:100]:
        store.update(job)
    yield "one committed step", (time.perf_counter() - begin) * 10, "ms"
    presence.close()


def _fill(opened: Database, library: Library, transcripts: int) -> None:
    chance = random.Random(5)
    options = TranscriptionOptions()
    for first in range(0, transcripts, 200):
        with opened.writing():  # many at once: only the filling is quicker for it
            for number in range(first, min(first + 200, transcripts)):
                library.add(
                    _transcript(chance, WORDS_EACH),
                    name=f"Talk {number}",
                    options=options,
                    link=AudioLink(f"/talks/{number}.wav"),
                    now_ms=number,
                )


def _transcript(chance: random.Random, count: int) -> Transcript:
    # frequencies fall as in a language: the first words make up much of the text
    ranks = [int(8_000 ** chance.random()) - 1 for _ in range(count)]
    texts = [_WORDS[rank] if chance.random() > 1e-5 else "rare17" for rank in ranks]
    words = tuple(
        Word(text, place * 300, place * 300 + 280, 0.9) for place, text in enumerate(texts)
    )
    turns = tuple(
        Segment(
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


if __name__ == "__main__":
    for what, amount, unit in figures(*(int(one) for one in sys.argv[1:2])):
        print(f"{what:40} {amount:10.1f} {unit}", flush=True)
