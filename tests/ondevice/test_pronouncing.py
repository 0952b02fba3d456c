from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ondevice.pronouncing import phones_of, said_aloud


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("country.", ["country"]),
        ("don’t", ["don't"]),
        ("'Tis", ["tis"]),
        ("Mr.", ["mister"]),
        ("1455", ["fourteen", "fifty", "five"]),
        ("1900", ["nineteen", "hundred"]),
        ("2,005", ["two", "thousand", "five"]),
        ("45%", ["forty", "five", "percent"]),
        ("007", ["zero", "zero", "seven"]),
        ("well-known", ["well", "known"]),
        ("—", []),
        ("北京", []),
    ],
)
def test_what_somebody_says_who_reads_it(written: str, said: list[str]) -> None:
    assert said_aloud(written) == said


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("lubeck", "L AH B EH K"),
        ("schist", "SH IH S T"),
        ("hale", "HH AE L"),
        ("o'dell", "AA D EH L"),
    ],
)
def test_sounds_are_guessed_by_letters(word: str, phones: str) -> None:
    assert phones_of(word) == phones


@given(st.text(max_size=60))
def test_anything_can_be_read(text: str) -> None:
    for word in said_aloud(text):
        assert word
        assert all(one.isupper() for one in phones_of(word).split())
