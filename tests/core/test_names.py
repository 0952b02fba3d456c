from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.names import MOST_NAMES, all_names, likely_names, read_names, with_names

Heard = tuple[str, int, int, float, bool]
words = st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=4), max_size=12)


def said(text: str, step_ms: int = 300) -> list[Heard]:
    return [
        (word, place * step_ms, place * step_ms + 250, 0.9, False)
        for place, word in enumerate(text.split())
    ]


def text_of(heard: list[Heard]) -> str:
    return " ".join(word[0] for word in heard)


def test_a_list_is_read_line_by_line() -> None:
    lines = [
        "Gutenberg\n",
        "  Ada   Lovelace # who else\n",
        "\n",
        "# a comment\n",
        "gutenberg\n",
    ]

    assert read_names(lines) == ("Gutenberg", "Ada Lovelace")


@pytest.mark.parametrize(
    "line", ["", "   ", "12345", "\x00\x01", "a" * 61, "a b c d e f", "\ud800"]
)
def test_what_is_no_name_is_left_out(line: str) -> None:
    assert read_names([line]) == ()


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("C#", "C#"),
        ("F# # a language", "F#"),
        ("\u200fמשה\u200e", "משה"),
        ("\u202bمحمود\u202c", "محمود"),
        ("\ufeffWolfe", "Wolfe"),
        ("Gut\u00aden\u200bberg", "Gutenberg"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Margaret\u00a0Wolfe\t", "Margaret Wolfe"),
    ],
)
def test_signs_that_lists_carry_along_are_no_part_of_a_name(line: str, name: str) -> None:
    assert read_names([line]) == (name,)


@pytest.mark.parametrize("line", ["Wolfe,speaker", "guest;Wolfe;Margaret", "Wolfe|of", "Wolfe"])
def test_a_name_in_a_line_of_a_table_is_believed(line: str) -> None:
    plain, told = said("doctor wolf will speak"), said("doctor Wolfe will speak")

    assert text_of(with_names(plain, told, read_names([line]))) == "doctor Wolfe will speak"


def test_small_words_of_a_table_and_signs_within_a_name_change_nothing_more() -> None:
    plain, told = said("he spoke off it"), said("he spoke of it")
    assert text_of(with_names(plain, told, ["Wolfe,of"])) == "he spoke off it"
    plain, told = said("they hear acdc. now"), said("they hear AC/DC now")
    assert text_of(with_names(plain, told, ["AC/DC"])) == "they hear acdc. now"  # said alike
    plain = said("they hear easy now")
    assert text_of(with_names(plain, told, ["AC/DC"])) == "they hear AC/DC now"


def test_a_very_long_list_is_cut() -> None:
    assert len(read_names(f"Name{number}" for number in range(20_000))) == MOST_NAMES


def test_of_a_long_list_those_are_taken_that_sound_like_what_was_heard() -> None:
    many = [f"Qzx{number}vwj" for number in range(10_000)]
    chosen = likely_names([*many, "Gutenberg"], ["the", "printer", "gutenburg", "of", "mainz"])

    assert "Gutenberg" in chosen
    assert sum(map(len, chosen)) <= 500


def test_a_short_list_is_taken_whole() -> None:
    assert likely_names(["Hale", "Thornton"], []) == ("Hale", "Thornton")


def test_a_name_is_put_in_where_it_was_misheard() -> None:
    plain = said("it was gooten berg who printed")
    told = said("it was Gutenberg, who printed")

    assert text_of(with_names(plain, told, ["Gutenberg"])) == "it was Gutenberg, who printed"


@pytest.mark.parametrize(
    ("plain", "told"),
    [
        ("it was him who printed", "it was her who printed"),  # no name
        ("it was Gutenberg who printed", "it was Gutenberg's who printed"),  # there already
        ("a b c d e f g h", "Gutenberg"),  # a whole sentence left out
        ("it was", "it was Gutenberg"),  # invented behind the end
    ],
)
def test_the_plain_hearing_stays_where_there_is_no_reason(plain: str, told: str) -> None:
    assert text_of(with_names(said(plain), said(told), ["Gutenberg"])) == plain


def test_a_name_said_at_another_time_is_not_taken() -> None:
    late = [(word[0], word[1] + 2_000, word[2] + 2_000, *word[3:]) for word in said("so Hale")]

    assert text_of(with_names(said("so hail"), late, ["Hale"])) == "so hail"


@given(words, words)
def test_a_wrong_list_changes_nothing(plain: list[str], told: list[str]) -> None:
    heard: list[Any] = said(" ".join(plain))

    assert with_names(heard, said(" ".join(told)), ["Zzzzzz"]) == heard


@given(st.lists(st.text(max_size=80), max_size=30), words)
def test_nonsense_harms_nothing(lines: list[str], plain: list[str]) -> None:
    names = read_names(lines)
    heard = said(" ".join(plain))

    assert with_names(heard, heard, likely_names(names, plain)) == heard


def test_a_persons_own_words_stand_behind_those_of_the_recording():
    both = all_names(("Hale", "Thornton"), ["thornton", "Dashwood", "42", "Dashwood"])

    assert both == ("Hale", "Thornton", "Dashwood")
    assert all_names((), []) == ()
    assert len(all_names((), [f"name{number:05}x" for number in range(20_000)])) == MOST_NAMES
