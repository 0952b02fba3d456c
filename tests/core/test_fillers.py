"""Fillers are found as they are said, in each language, and with what a person adds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from app.core.fillers import PHRASES, SOUNDS, Filler, find_fillers, hits_of, listed, places_of
from app.core.transcript import Transcript
from tests.support.builders import any_transcripts, transcript


def counts(found: tuple[Filler, ...]) -> dict[str, int]:
    return {one.text: len(one.places) for one in found}


@pytest.mark.parametrize(
    ("language", "said", "told"),
    [
        ("en", "Um, you know, ummm we, UH. Uhh", {"um": 2, "uh": 2, "you know": 1}),
        ("en-US", "Hmm. Hm hmmm! summer hummed", {"hm": 3}),
        ("de", "Ähm, das ist, äh, halt so. Ähhh", {"äh": 2, "ähm": 1, "halt": 1}),
        ("fr", "Euh, tu vois, c’est euuuh ça", {"euh": 2, "tu vois": 1}),
        ("es", "Eh, o sea, bueno, ehh", {"eh": 2, "o sea": 1, "bueno": 1}),
        ("hi", "हम्म, मतलब वो आया", {"हम्म": 1, "मतलब": 1, "वो": 1}),
        ("ar", "اممم يعني هو", {"ام": 1, "يعني": 1}),
        ("ja", "um ähm euh", {"um": 1, "ähm": 1, "euh": 1}),
    ],
)
def test_what_is_said_is_found(language: str, said: str, told: dict[str, int]) -> None:
    talk = replace(transcript(("A", said)), language=language)
    assert counts(find_fillers(talk)) == told


def test_a_longer_phrase_wins_and_words_are_counted_once() -> None:
    talk = transcript(("A", "sort of, you know what you know"))
    found = find_fillers(talk, own=("you know what", "of"))
    assert counts(found) == {"sort of": 1, "you know what": 1, "you know": 1}
    assert [one.is_own for one in found if one.text == "you know what"] == [True]


def test_sounds_are_told_from_phrases_that_may_be_meant() -> None:
    found = {one.text: one.is_sound for one in find_fillers(transcript(("A", "um like so")))}
    assert found == {"um": True, "like": False, "so": False}


def test_what_a_person_adds_holds_in_any_language_and_nonsense_does_nothing() -> None:
    talk = replace(transcript(("A", "nu, what nu")), language="yi")
    assert counts(find_fillers(talk, own=("Nu", "", " … "))) == {"Nu": 2}


@given(any_transcripts())
def test_places_are_words_of_the_transcript_and_none_twice(talk: Transcript) -> None:
    found = find_fillers(talk, own=("a", "b"))
    places = places_of(found)
    assert sum(len(own) for own in places.values()) == sum(
        len(words) for one in found for _, words in one.places
    )
    for number, own in places.items():
        assert max(own) < len(talk.paragraphs[number].words)


def test_every_language_has_both_kinds_and_no_word_twice() -> None:
    assert SOUNDS.keys() == PHRASES.keys()
    for language in SOUNDS:
        texts = [text for text, _ in listed(language)]
        assert len(texts) == len(set(texts))


def test_each_place_is_given_in_reading_order_with_its_words() -> None:
    talk = transcript(("A", "so um you know yes"), ("B", "Um, no"))
    places = hits_of(talk, find_fillers(talk))
    read = [
        (hit.paragraph, talk.paragraphs[hit.paragraph].text[hit.found.start : hit.found.end])
        for hit in places
    ]
    assert read == [(0, "so"), (0, "um"), (0, "you know"), (1, "Um,")]
    assert list(places.values())[2] == range(2, 4)
