"""Pieces that are heard several at a time come out as if one had been heard after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.core.models import Device
from app.ondevice.ahead import Ahead, HeardPiece, Share
from app.ondevice.catalog import TINY_ENGLISH
from app.ondevice.hearing import Hearing, Piece
from app.ondevice.installed import ModelFolders
from app.ondevice.languages import Run
from app.ondevice.loading import maker
from app.ondevice.protocol import Request
from app.ondevice.sound import Samples, Sound
from app.ondevice.timing import Timing

LENGTH = 16_000


def pieces(count: int) -> Iterator[tuple[int, Samples]]:
    for number in range(count):
        yield number * LENGTH, np.full(LENGTH, number, np.int16)


class Hears:
    """Hears the number of a piece; some pieces wait until another one is heard."""

    def __init__(self, *, behind: dict[int, int] | None = None, fails: int = -1) -> None:
        self.behind = behind or {}
        self.fails = fails
        self.over = [threading.Event() for _ in range(20)]
        self.heard: list[tuple[int, str]] = []
        self.at_work = self.most = 0
        self.lock = threading.Lock()
        self.spoken: dict[int, str] = {}

    def hear(self, samples: Samples, language: str) -> Iterator[int | Piece]:
        number = int(samples[0])
        with self.lock:
            self.at_work += 1
            self.most = max(self.most, self.at_work)
            self.heard.append((number, language))
        yield 400
        if number in self.behind:
            assert self.over[self.behind[number]].wait(20)
        if number == self.fails:
            raise RuntimeError("no sums")
        yield 1_000
        with self.lock:
            self.at_work -= 1
        self.over[number].set()
        yield Piece(language, ((f"w{number}", 100, 200, 1.0, False),))

    def runs(self, samples: Samples) -> Callable[[str], list[Run]]:
        spoken = self.spoken.get(int(samples[0]), "")
        return lambda before: [Run(0, 1_000, spoken or before)]

    def hear_runs(self, samples: Samples, runs: list[Run]) -> Iterator[int | Piece]:
        yield from self.hear(samples, runs[0].language)


def heard(hears: Hears, count: int, workers: int, **how: object) -> list[int | HeardPiece]:
    kind = {"language": "en", "is_by_stretch": False} | how
    return list(Ahead(hears, Share(workers), **kind).heard(pieces(count)))  # type: ignore[arg-type]


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_pieces_come_in_their_order_however_many_are_heard_at_a_time(workers: int) -> None:
    hears = Hears(behind={0: 1} if workers > 1 else {})

    told = heard(hears, 7, workers)

    found = [one for one in told if isinstance(one, HeardPiece)]
    assert [one.piece.words[0][0] for one in found] == [f"w{n}" for n in range(7)]
    assert [(one.start_ms, one.end_ms) for one in found] == [
        (n * 1_000, n * 1_000 + 1_000) for n in range(7)
    ]
    assert {one.language for one in found} == {"en"}
    done = [one for one in told if isinstance(one, int)]
    assert done == sorted(done)
    assert done[-1] == 7_000
    assert hears.most <= workers
    assert workers == 1 or hears.most > 1


def test_what_fails_is_told_behind_all_that_comes_before_it() -> None:
    steps = Ahead(
        Hears(behind={1: 0}, fails=2), Share(3), language="en", is_by_stretch=False
    ).heard(pieces(6))
    found: list[int] = []

    def listen() -> None:
        found.extend(one.start_ms for one in steps if isinstance(one, HeardPiece))

    with pytest.raises(RuntimeError, match="no sums"):
        listen()
    assert found == [0, 1_000]


def test_a_share_that_grows_is_used_at_once() -> None:
    hears, share = Hears(), Share(1)
    steps = Ahead(hears, share, language="en", is_by_stretch=False).heard(pieces(6))
    next(steps)
    hears.behind = {2: 3}  # comes to an end only where two are heard at a time
    share.workers = 2

    assert sum(isinstance(one, HeardPiece) for one in steps) == 6
    assert hears.most == 2


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_a_piece_that_was_heard_in_the_wrong_language_is_heard_again(workers: int) -> None:
    hears = Hears()
    hears.spoken = {1: "de"}  # of the others nobody can tell

    told = heard(hears, 4, workers, is_by_stretch=True)

    found = [one for one in told if isinstance(one, HeardPiece)]
    assert [one.piece.language for one in found] == ["en", "de", "de", "de"]
    assert [one.language for one in found] == ["en", "de", "de", "de"]
    again = sorted(hears.heard)
    assert again.count((1, "de")) == 1
    assert again.count((3, "de")) == 1


@pytest.mark.slow
def test_words_are_the_same_however_many_workers_and_threads_a_model_has(
    folders: ModelFolders,
    wav_of: Callable[[str], Path],
    wav_with: Callable[[NDArray[np.int16]], Path],
) -> None:
    """Half a minute in noise, where it is unsure, in pieces of twelve seconds at most."""
    clean = Sound.open(wav_of("five-minutes")).read(0, 30 * 16_000).astype(np.float64)
    noise = np.random.default_rng(5).normal(0, clean.std() * 0.7, clean.size)
    wav = wav_with(np.clip(clean + noise, -32_768, 32_767).astype("<i2"))
    request = Request(str(folders.ready(TINY_ENGLISH)), str(wav), "en")
    told: list[list[HeardPiece]] = []
    for workers, threads in ((1, 1), (1, 2), (2, 1)):
        model = maker(workers, threads)(request, Device.CPU)
        ahead = Ahead(
            Hearing(model, Timing()), Share(workers), language="en", is_by_stretch=False
        )
        found = ahead.heard(Sound.open(wav).pieces(12_000, 4_000))
        told.append([one for one in found if isinstance(one, HeardPiece)])

    assert told[0] == told[1] == told[2]
    assert len(told[0]) >= 3
    assert sum(len(one.piece.words) for one in told[0]) > 40
