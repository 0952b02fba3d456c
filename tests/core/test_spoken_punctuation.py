"""Who says “comma” gets a comma, and nobody loses a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.spoken_punctuation import (
    Begin,
    SpokenSigns,
    has_spoken_signs,
    punctuated,
    text_of,
)
from tests.support.builders import words


def written(said: str, language: str = "en") -> str:
    return text_of(punctuated(words(said), language))


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("Hello comma world full stop", "Hello, world."),
        ("Hello, comma, world, full stop.", "Hello, world."),
        ("Hello. Comma. world. Full stop.", "Hello, world."),
        ("Is it question mark yes exclamation mark", "Is it? Yes!"),
        ("one colon two semicolon three", "one: two; three"),
        ("he said colon open quote go close quote full stop now", "he said: “go”. Now"),
        ("open bracket see below close bracket", "(see below)"),
        ("Dear Anna comma new line thank you", "Dear Anna,\nThank you"),
        ("end period new paragraph next", "end.\n\nNext"),
        ("a new line new line b", "a\nB"),
        ("a new line new paragraph b", "a\n\nB"),
        ("It came full circle", "It came full circle"),
        ("commas and periods", "commas and periods"),
        ("", ""),
    ],
)
def test_english(said: str, text: str) -> None:
    assert written(said) == text


@pytest.mark.parametrize(
    ("language", "said", "text"),
    [
        ("de", "Hallo Komma Welt Punkt neue Zeile wer Fragezeichen", "Hallo, Welt.\nWer?"),
        ("fr", "Oui virgule ça va point d’interrogation à la ligne si", "Oui, ça va?\nSi"),
        ("es", "abre interrogación qué tal cierra interrogación bien", "¿qué tal? Bien"),
        ("hi", "नमस्ते अल्पविराम दुनिया पूर्ण विराम", "नमस्ते, दुनिया।"),
        ("ar", "مرحبا فاصلة كيف الحال علامة استفهام", "مرحبا، كيف الحال؟"),
    ],
)
def test_the_other_languages_of_the_window(language: str, said: str, text: str) -> None:
    assert written(said, language) == text


def test_a_longer_name_goes_before_a_shorter_one() -> None:
    assert written("fin punto y coma", "es") == "fin;"
    assert written("fin point virgule", "fr") == "fin;"
    assert written("نعم فاصلة منقوطة", "ar") == "نعم؛"


def test_in_a_language_that_is_not_known_all_stays_as_it_was() -> None:
    said = words("ciao virgola mondo")
    (line,) = punctuated(said, "it")
    assert line.words == said
    assert not has_spoken_signs("it")
    assert has_spoken_signs("hi")


def test_a_sign_that_nothing_comes_before_is_joined_to_what_stands_there() -> None:
    (line,) = punctuated(words("comma and so on", start_ms=700), "en")
    first = line.words[0]
    assert (first.text, first.is_joined) == (",", True)
    assert (first.start_ms, first.end_ms) == (700, 1_200)


def test_what_follows_a_new_line_may_come_later() -> None:
    lines = punctuated(words("That is all full stop new paragraph"), "en")
    assert [(one.begin, len(one.words)) for one in lines] == [
        (Begin.HERE, 3),
        (Begin.PARAGRAPH, 0),
    ]
    assert punctuated(words("new line"), "en")[0].words == ()


def in_pieces(*pieces: str) -> list[str]:
    signs = SpokenSigns()
    return [
        *(text_of(signs.take(words(piece), "en")) for piece in pieces),
        text_of(signs.rest()),
    ]


def test_what_a_sign_is_called_may_be_cut_in_two() -> None:
    assert in_pieces("that is all full", "stop and so") == ["that is all", ". And so", ""]
    assert in_pieces("quite new", "line here") == ["quite", "\nHere", ""]
    assert in_pieces("all is new") == ["all is", "new"]
    assert in_pieces("half full", "moon") == ["half", "full moon", ""]


def test_a_sentence_begins_large_also_in_the_next_piece() -> None:
    assert in_pieces("the end full stop", "now we go") == ["the end.", "Now we go", ""]
    assert in_pieces("dear Anna new line", "thank you") == ["dear Anna\n", "Thank you", ""]


def test_what_may_change_is_written_likewise_and_changes_nothing() -> None:
    signs = SpokenSigns()
    signs.take(words("one new"), "en")
    assert text_of(signs.preview(words("line two"), "en")) == "\nTwo"
    assert text_of(signs.take(words("line three"), "en")) == "\nThree"


@given(
    st.lists(
        st.sampled_from(["so", "it", "goes", "full", "new", "open", "line", "comma", "Stop."])
    ),
    st.sampled_from(["en", "de", "xx"]),
)
def test_no_word_is_lost_or_moved(said: list[str], language: str) -> None:
    spoken = words(" ".join(said))
    lines = punctuated(spoken, language)
    kept = [word for line in lines for word in line.words]
    assert [one.start_ms for one in kept] == sorted(one.start_ms for one in kept)
    plain = {"so", "it", "goes"}
    assert [
        one.text.rstrip(",.").lower() for one in kept if one.text.strip("“(,.").lower() in plain
    ] == [one for one in said if one in plain]
    if language == "xx":
        assert tuple(kept) == spoken
