"""Aligners are lent to one thread after the other; which one it is makes no difference."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.ondevice.aligner import Aligner, Aligners, Placed
from app.ondevice.sound import Sound

SAID = (("And", 200), ("so", 600), ("my", 1_000), ("fellow", 1_200), ("Americans", 1_700))


@pytest.fixture(autouse=True)
def _installed() -> None:
    pytest.importorskip("soundswallower")


def test_one_is_lent_to_one_after_the_other_and_loaded_once() -> None:
    aligners = Aligners()
    with aligners.one() as first:
        pass
    with aligners.one() as second:
        assert second is first


def test_no_more_are_lent_at_a_time_than_there_may_be() -> None:
    aligners, lent = Aligners(2), list[Aligner]()
    is_lent, may_end = threading.Semaphore(0), threading.Event()

    def use() -> None:
        with aligners.one() as one:
            lent.append(one)
            is_lent.release()
            may_end.wait(20)

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert is_lent.acquire(timeout=20)
    assert is_lent.acquire(timeout=20)
    assert len({id(one) for one in lent}) == 2
    assert not is_lent.acquire(blocking=False)
    may_end.set()
    for thread in threads:
        thread.join(20)
    assert len(lent) == 3
    assert len({id(one) for one in lent}) == 2


def test_one_that_could_not_be_loaded_may_be_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    aligners = Aligners()
    with monkeypatch.context() as missing:
        missing.setitem(sys.modules, "soundswallower", None)
        with pytest.raises(ImportError), aligners.one():
            pass
    with aligners.one() as one:
        assert isinstance(one, Aligner)


def test_words_lie_where_they_lie_whatever_was_aligned_before(
    wav_of: Callable[[str], Path],
) -> None:
    sound = Sound.open(wav_of("kennedy-1961"))
    words = [Placed(text, start_ms, start_ms + 300) for text, start_ms in SAID]
    other = [Placed("Zyxquon,", 3_000, 3_500), Placed("ask", 3_300, 3_800)]
    aligner = Aligner()

    fresh = list(aligner.align(words, sound))
    list(aligner.align(other, sound))

    assert len(fresh) == 1
    assert list(aligner.align(words, sound)) == fresh
