"""A person's own words, and what sounds like them."""

from __future__ import annotations

import pytest

from app.core.preferences import ListedWord
from app.core.replacing import replace_hits
from app.core.word_list import (
    listed_hits,
    looks_like,
    sound_alikes,
    sound_key,
    with_word,
)
from tests.support.builders import transcript

WORDS = (
    ListedWord("Müller", ("Muller", "miller")),
    ListedWord("New York City", ("new york",)),
    ListedWord("Kubernetes"),
)


def test_wrong_forms_are_put_right_as_whole_words_and_no_others() -> None:
    talk = transcript(("A", "MULLER's miller millers went to new York, Müller"))
    hits = list(listed_hits(talk, WORDS))
    change = replace_hits(talk, hits)
    assert change is not None
    text = change.splices[0].inserted[0].text
    assert text == "Müller's Müller millers went to New York City, Müller"


def test_what_sounds_alike_is_suggested() -> None:
    talk = transcript(("A", "cubernetis and kubernetes, Muehler muller mill"))
    found = [
        (talk.text[one.found.start : one.found.end], one.found.text)
        for one in sound_alikes(talk, WORDS)
    ]
    assert found == [("cubernetis", "Kubernetes"), ("Muehler", "Müller")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Meyer", "Maier"),
        ("Schmidt", "Schmitt"),
        ("Sofia", "Sophia"),
        ("Catherine", "Katarina"),
    ],
)
def test_names_that_are_said_alike_have_one_key(one: str, other: str) -> None:
    assert sound_key(one) == sound_key(other)


def test_other_scripts_have_no_key_and_other_words_do_not_look_alike() -> None:
    assert sound_key("Иванов") == sound_key("王") == sound_key("") == ""
    assert not looks_like("moller", "amelie")
    assert list(listed_hits(transcript(("A", "a b")), ())) == []
    assert list(sound_alikes(transcript(("A", "a b")), ())) == []


def test_a_form_is_put_to_its_word_once() -> None:
    words = with_word(with_word(WORDS, "Müller", "Mueller"), "Müller", "Mueller")
    assert words[0] == ListedWord("Müller", ("Muller", "miller", "Mueller"))
    assert with_word((), "Anna", "Ana") == (ListedWord("Anna", ("Ana",)),)
