"""Pieces of a recording heard several at a time, and given in their order.

What comes out is the same however many are heard at a time. Where each stretch of speech may
be in a language of its own, a piece begins in the language the one before it ended in; that
is supposed before it is known, and where it was supposed wrongly the piece is heard again.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from app.ondevice.hearing import Piece
from app.ondevice.languages import Run
from app.ondevice.sound import SAMPLE_RATE_HZ, Samples

_A_MS = SAMPLE_RATE_HZ // 1_000


@dataclass(slots=True)
class Share:
    """How many pieces may be heard at a time; another thread may change it meanwhile."""

    workers: int


class Hears(Protocol):
    """What hears a piece, in any thread."""

    def hear(self, samples: Samples, language: str) -> Iterator[int | Piece]:
        """Recognise a piece: how much is done, and at last what was heard."""
        ...

    def runs(self, samples: Samples) -> Callable[[str], list[Run]]:
        """Listen for languages; gives the runs for the language that was spoken before."""
        ...

    def hear_runs(self, samples: Samples, runs: list[Run]) -> Iterator[int | Piece]:
        """Recognise a piece of which it is known what is spoken when."""
        ...


@dataclass(frozen=True, slots=True)
class HeardPiece:
    """A piece that is heard.

    Attributes:
        start_ms: Where it begins.
        end_ms: Where it ends.
        language: What was spoken last up to its end, as far as is known.
        piece: What was heard.
    """

    start_ms: int
    end_ms: int
    language: str
    piece: Piece


@dataclass(slots=True)
class _Task:
    start_ms: int
    end_ms: int
    samples: Samples
    supposed: str
    done_ms: int = 0
    piece: Piece | None = None
    error: BaseException | None = None
    runs: list[Run] = field(default_factory=list[Run])
    runs_after: Callable[[str], list[Run]] | None = None

    @property
    def is_over(self) -> bool:
        return self.piece is not None or self.error is not None


class Ahead:
    """Hears the pieces of one recording."""

    def __init__(
        self, hearing: Hears, share: Share, *, language: str, is_by_stretch: bool
    ) -> None:
        """Begin.

        Args:
            hearing: What hears a piece.
            share: How many are heard at a time.
            language: What is spoken; with ``is_by_stretch`` only what was spoken last. Empty
                for nothing known.
            is_by_stretch: Whether each stretch is asked about.
        """
        self._hearing = hearing
        self._share = share
        self._language = language
        self._is_by_stretch = is_by_stretch
        self._news: queue.SimpleQueue[_Task] = queue.SimpleQueue()
        self._tasks: deque[_Task] = deque()

    def heard(self, pieces: Iterator[tuple[int, Samples]]) -> Iterator[int | HeardPiece]:
        """Hear all pieces.

        Args:
            pieces: Each with where it begins in samples, in order.

        Yields:
            How much of the recording is done, in milliseconds, and each piece in its turn.

        Raises:
            RuntimeError: A piece could not be heard; so are ``MemoryError``, ``ValueError``
                and ``OSError``. Those before it were given.
        """
        settled_ms = 0
        is_more = True
        while True:
            while is_more and self._has_room():
                found = next(pieces, None)
                is_more = found is not None
                if found is not None:
                    settled_ms = settled_ms if self._tasks else found[0] // _A_MS
                    self._begin(*found)
            if not self._tasks:
                return
            self._news.get()
            yield settled_ms + sum(task.done_ms for task in self._tasks)
            while self._tasks and self._tasks[0].is_over:
                task = self._tasks[0]
                if task.error is not None:
                    raise task.error
                if self._is_misheard(task):
                    task.piece, task.supposed = None, self._language
                    self._start(task)
                    break
                self._tasks.popleft()
                settled_ms = task.end_ms
                assert task.piece is not None  # noqa: S101 - it is over, and without an error
                # Only what is heard settles the language: a piece may be music or silence.
                self._language = task.piece.language or self._language
                yield HeardPiece(task.start_ms, task.end_ms, self._language, task.piece)

    def _has_room(self) -> bool:
        """Tell whether another may begin; nobody gets further ahead than as far again."""
        at_work = sum(not task.is_over for task in self._tasks)
        most = max(1, self._share.workers)
        return at_work < most and len(self._tasks) < 2 * most

    def _begin(self, start: int, samples: Samples) -> None:
        end_ms = round((start + samples.size) / _A_MS)
        task = _Task(round(start / _A_MS), end_ms, samples, self._language)
        self._tasks.append(task)
        self._start(task)

    def _start(self, task: _Task) -> None:
        # A daemon: the process ends when it is told to, whatever is still heard.
        threading.Thread(target=self._hear, args=(task,), daemon=True).start()

    def _is_misheard(self, task: _Task) -> bool:
        """Tell whether a piece was heard in the wrong languages, now that they are known."""
        if task.supposed == self._language or task.runs_after is None:
            return False
        return task.runs_after(self._language) != task.runs

    def _hear(self, task: _Task) -> None:
        try:
            for found in self._steps(task):
                if isinstance(found, Piece):
                    task.done_ms = task.end_ms - task.start_ms
                    task.piece = found
                else:
                    task.done_ms = max(task.done_ms, found)
                self._news.put(task)
        except BaseException as error:  # noqa: BLE001 - told where it is the piece's turn
            task.error = error
            self._news.put(task)

    def _steps(self, task: _Task) -> Iterator[int | Piece]:
        if not self._is_by_stretch:
            yield from self._hearing.hear(task.samples, task.supposed)
            return
        if task.runs_after is None:
            task.runs_after = self._hearing.runs(task.samples)
        task.runs = task.runs_after(task.supposed)
        yield from self._hearing.hear_runs(task.samples, task.runs)
