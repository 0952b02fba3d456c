"""A scrap of speech is not finished to a phrase, and no word is quicker than people speak."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ondevice.brief import agreed, sayable, without_flashes
from app.ondevice.protocol import HeardWord


def said(text: str, begin_ms: int = 0, each_ms: int = 250) -> list[HeardWord]:
    return [
        (word, begin_ms + place * each_ms, begin_ms + (place + 1) * each_ms, 0.5, False)
        for place, word in enumerate(text.split())
    ]


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("Ask.", "ask", "Ask."),
        ("America", "From America.", "America"),
        ("for you.", "You", "You"),
        ("Thank you.", "Why'd you", ""),
        ("can you", "can do", ""),
        ("Watch it.", "", ""),
        ("", "", ""),
        ("a b a", "b a", "b a"),
        ("a b", "b a", ""),
    ],
)
def test_what_both_hearings_have_is_believed(first: str, second: str, both: str) -> None:
    found = agreed(said(first), said(second))

    assert " ".join(word[0] for word in found) == both


words = st.lists(st.sampled_from(["we", "print", "books"]), max_size=5).map(
    lambda found: said(" ".join(found))
)


@given(words)
def test_two_hearings_that_are_one_agree(heard: list[HeardWord]) -> None:
    assert agreed(heard, heard) == heard


@given(words, words)
def test_nothing_is_agreed_on_that_only_one_has(
    first: list[HeardWord], second: list[HeardWord]
) -> None:
    found = [word[0] for word in agreed(first, second)]

    assert len(found) in {0, min(len(first), len(second))}
    assert all(found.count(word) <= [one[0] for one in first].count(word) for word in found)
    assert all(found.count(word) <= [one[0] for one in second].count(word) for word in found)


@pytest.mark.parametrize(
    ("text", "within_ms", "can"),
    [
        ("Thank you.", 250, False),
        ("Thank you my fellow.", 500, False),
        ("and so", 500, True),
        ("Americans", 540, True),
        ("1455", 100, True),
        ("", 0, True),
    ],
)
def test_nobody_says_much_in_no_time(text: str, within_ms: int, *, can: bool) -> None:
    assert sayable(said(text), within_ms) is can


def test_a_flash_far_from_all_words_is_none() -> None:
    talk = said("we print books")
    flash = said("you.", 9_680, 60)
    pair = said("That's you.", 20_000, 60)

    assert without_flashes([*talk, *flash, *pair]) == talk


def test_a_quick_word_among_others_stays_and_so_does_a_single_one() -> None:
    talk = [*said("we"), ("print", 250, 280, 0.9, False), *said("books", 300)]
    alone = said("Right.", 5_000)

    assert without_flashes([*talk, *alone]) == [*talk, *alone]
    assert without_flashes([]) == []
