"""Words of which few are sure read as if another language had been spoken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.language_doubt import doubted_language
from app.core.options import AUTO, ModelId, TranscriptionOptions
from app.core.transcript import Transcript
from tests.support.builders import heard

GERMAN = TranscriptionOptions(language="de")


def ours(one: Transcript, language: str = "") -> Transcript:
    return replace(one, model="on-device:base", language=language)


@pytest.mark.parametrize(
    ("one", "is_doubtful"),
    [
        (heard(*[0.53] * 30), True),
        (heard(*[0.93] * 30), False),
        (heard(*[0.8] * 25, *[0.5] * 5), False),
        (heard(*[0.1] * 12), False),  # too few to tell
        (heard(*[None] * 40), False),  # nothing is known
        (heard(*[0.5] * 30, *[None] * 40), True),
        (Transcript(()), False),
    ],
)
def test_the_mean_tells(one: Transcript, is_doubtful: bool) -> None:
    assert doubted_language(ours(one), GERMAN) == ("de" if is_doubtful else "")


def test_each_language_is_judged_by_its_own_words() -> None:
    sure, unsure = heard(*[0.9] * 200).paragraphs, heard(*[0.5] * 30).paragraphs
    welsh = tuple(replace(one, language="cy") for one in unsure)
    found_out = TranscriptionOptions(language=AUTO)

    assert doubted_language(ours(Transcript((*sure, *welsh)), "en"), found_out) == "cy"
    assert doubted_language(ours(Transcript((*sure, *unsure)), "en"), found_out) == ""
    assert doubted_language(ours(Transcript(unsure), "pt"), found_out) == "pt"
    assert doubted_language(ours(Transcript(unsure)), found_out) == ""  # which is not known


def test_words_of_the_service_are_not_judged() -> None:
    unsure = heard(*[0.5] * 30)
    service = replace(GERMAN, model=ModelId.PULSE)

    assert doubted_language(replace(unsure, model="pulse"), GERMAN) == ""
    assert doubted_language(ours(unsure), service) == ""
