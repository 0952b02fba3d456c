"""What can be checked for its spelling, and with which dictionary."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.spelling import best_dictionary, spelled_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Well, I don’t know.", ["Well", "don't", "know"]),
        ("well-known (really)", ["well-known", "really"]),
        ("write to ann@example.org or C3PO at 10am", ["write", "to", "or", "at"]),
        ("Größe naïve 🎉 déjà", ["Größe", "naïve", "déjà"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("สวัสดีครับ 你好 かな", []),
        ("soft\u00adhyphen", ["softhyphen"]),
        ("'quoted' -dash- a", ["quoted", "dash"]),
        ("", []),
    ],
)
def test_words_are_taken_without_what_stands_around_them(text: str, words: list[str]) -> None:
    assert [one.word for one in spelled_words(text)] == words


@given(st.text())
def test_places_are_those_of_the_text(text: str) -> None:
    at = 0
    for one in spelled_words(text):
        assert at <= one.start < one.end <= len(text)
        assert len(one.word) <= one.end - one.start
        at = one.end


@pytest.mark.parametrize(
    ("language", "names", "best"),
    [
        ("en", ["en_AU", "en_GB", "en_US"], "en_US"),
        ("en-GB", ["en_AU", "en_GB", "en_US"], "en_GB"),
        ("en_NZ", ["en_AU", "en_GB", "en_US"], "en_US"),
        ("de", ["de_AT_frami", "de_DE_frami", "de_CH"], "de_DE_frami"),
        ("it", ["it_IT", "ita"], "it_IT"),
        ("eo", ["eo"], "eo"),
        ("nl", ["de_DE"], None),
        ("auto", ["au_AU"], None),
        ("", ["en_US"], None),
    ],
)
def test_the_nearest_dictionary_is_taken(
    language: str, names: list[str], best: str | None
) -> None:
    assert best_dictionary(language, names) == best
