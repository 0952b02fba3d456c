"""What was heard with doubt is heard again, and the likelier words are taken."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ondevice.doubtful import LONGEST_MS, as_sure_as_at_first, doubtful, faint_in, surer
from app.ondevice.protocol import HeardWord


def said(text: str, *, begin_ms: int = 0, each_ms: int = 400) -> list[HeardWord]:
    """Give words written as ``word`` or ``word:0.3``, one behind the other."""
    words: list[HeardWord] = []
    for place, one in enumerate(text.split()):
        word, _, chance = one.partition(":")
        start_ms = begin_ms + place * each_ms
        words.append((word, start_ms, start_ms + each_ms - 50, float(chance or 0.9), False))
    return words


def texts(words: list[HeardWord]) -> str:
    return " ".join(word[0] for word in words)


def test_what_is_sure_is_not_heard_again() -> None:
    assert doubtful(said("we print books of all kinds"), [(0, 2_400)]) == []


def test_one_unsure_word_among_sure_ones_is_mostly_a_name() -> None:
    words = said("in Maintz:0.3 we print books of all kinds for all of them that read")

    assert doubtful(words, [(0, 6_000)]) == []
    assert doubtful(words[:3], [(0, 1_200)]) == [(0, 1_200)]


def test_a_single_word_that_is_unsure_is_heard_again() -> None:
    assert doubtful(said("yes:0.3"), [(0, 400)]) == [(0, 400)]


def test_what_was_missed_is_heard_again_with_what_is_said_around_it() -> None:
    sure = said("we print books")
    speech = [(0, 1_200), (1_600, 4_000), (9_000, 10_000)]

    assert doubtful(sure, speech, [(2_000, 4_000)]) == [(0, 4_000)]
    assert doubtful([], speech) == []


def test_only_the_stretch_is_heard_again_that_is_unsure() -> None:
    sure = said("we print books of all kinds")
    unsure = said("of:0.2 grate:0.3 beauty", begin_ms=20_000)

    assert doubtful([*sure, *unsure], [(0, 2_400), (20_000, 21_200)]) == [(20_000, 21_200)]


def test_short_pauses_do_not_cut_and_long_ones_do() -> None:
    words = [*said("a:0.1 b:0.1"), *said("c:0.1 d:0.1", begin_ms=1_500)]
    later = said("e:0.1 f:0.1", begin_ms=6_000)

    assert doubtful([*words, *later], [(0, 800), (1_500, 2_300), (6_000, 6_800)]) == [
        (0, 2_300),
        (6_000, 6_800),
    ]


def test_who_never_pauses_is_cut_all_the_same() -> None:
    spans = doubtful(said("so:0.2 " * 100), [(0, 40_000)])

    assert spans[0][0] == 0
    assert spans[-1][1] == 40_000
    assert all(end - start <= LONGEST_MS for start, end in spans)
    assert all(one[1] == other[0] for one, other in pairwise(spans))


@pytest.mark.parametrize(
    ("first", "second", "best"),
    [
        ("the execution:0.3 of", "the exhibition:0.8 of", "the exhibition of"),
        ("the exhibition:0.8 of", "the execution:0.3 of", "the exhibition of"),
        ("the exhibition:0.50 of", "the execution:0.52 of", "the exhibition of"),
        ("means of printing", "means printing", "means of printing"),
        ("means of:0.1 printing", "means printing", "means printing"),
        ("means printing", "means of:0.6 printing", "means of printing"),
        ("means printing", "means of:0.2 printing", "means printing"),
        ("re:0.1 bubbing:0.2 now", "the:0.8 Gutenberg:0.7 now", "the Gutenberg now"),
        ("a:0.1 b:0.1", "", ""),
        ("", "we:0.8 print:0.7", "we print"),
        ("Basle, and", "basle and", "Basle, and"),
    ],
)
def test_the_likelier_words_are_taken(first: str, second: str, best: str) -> None:
    assert texts(surer(said(first), said(second))) == best


def test_a_word_said_elsewhere_is_another_word() -> None:
    first = said("of:0.2")
    second = said("of:0.6", begin_ms=5_000)

    assert surer(first, second) == second


@pytest.mark.parametrize(("quieter_db", "best"), [(0, "we print"), (3, "we print"), (12, "")])
def test_what_is_said_in_the_background_adds_no_words(quieter_db: int, best: str) -> None:
    loud = np.random.default_rng(1).normal(0, 0.1, 4 * 16_000).astype(np.float32)
    loud[2 * 16_000 :] *= 10 ** (-quieter_db / 20)
    is_faint = faint_in(loud, said("of all kinds of beauty"))
    added = said("we print", begin_ms=2_500)

    assert texts(surer([], added, is_faint)) == best
    assert is_faint(added) is not bool(best)
    assert not is_faint([])


def test_what_is_said_in_the_background_may_still_be_corrected() -> None:
    assert texts(surer(said("pint:0.2"), said("print:0.7"), lambda _: True)) == "print"


def test_where_nothing_was_heard_at_first_nothing_is_faint() -> None:
    is_faint = faint_in(np.zeros(16_000, np.float32), [])

    assert not is_faint(said("we print"))


words = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", "d"]), st.floats(0, 1)), max_size=8
).map(lambda found: said(" ".join(f"{word}:{chance:.2f}" for word, chance in found)))


@given(words)
def test_the_same_heard_twice_is_heard_once(heard: list[HeardWord]) -> None:
    assert surer(heard, heard) == heard


@given(words, words)
def test_only_what_was_heard_is_taken_and_what_both_heard_stays(
    first: list[HeardWord], second: list[HeardWord]
) -> None:
    found = surer(first, second)

    assert all(word in first or word in second for word in found)
    assert len(found) <= len(first) + len(second)
    if texts(first) == texts(second):
        assert texts(found) == texts(first)


def test_who_goes_round_in_circles_is_no_surer_than_at_first() -> None:
    row = "I:0.1 am:0.2 not:0.3 sure:0.4 but:0.5 "
    again = "I:0.9 am:0.9 not:0.9 sure:0.9 but:0.9 "
    given = as_sure_as_at_first(said(row + again + again + "good:0.8 day:0.9"))

    assert [word[0] for word in given] == [
        word[0] for word in said(row + again + again + "good day")
    ]
    chances = [word[3] for word in given]
    assert chances[:5] == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert chances[5:8] == [0.9, 0.9, 0.9]  # what comes before them is new
    assert chances[8:10] == [0.4, 0.5]
    assert chances[13:15] == [0.4, 0.5]
    assert chances[-2:] == [0.8, 0.9]


@given(st.lists(st.sampled_from(["a:0.2", "b:0.9", "c:0.5"]), max_size=30))
def test_nothing_becomes_surer_and_no_word_is_lost(words: list[str]) -> None:
    before = said(" ".join(words))
    after = as_sure_as_at_first(before)
    assert [(*one[:3], one[4]) for one in after] == [(*one[:3], one[4]) for one in before]
    assert all(new[3] <= old[3] for old, new in zip(before, after, strict=True))
