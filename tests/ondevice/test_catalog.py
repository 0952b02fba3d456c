from __future__ import annotations

import re

import pytest

from app.core.errors import Action, RecogniserError
from app.core.options import AUTO, CAPABILITIES, ModelId, TranscriptionOptions
from app.ondevice.catalog import (
    BASE,
    PACKAGES,
    WEIGHTS,
    Engine,
    Package,
    package_for,
)


@pytest.mark.parametrize(
    ("language", "package", "expected"),
    [
        ("en", "", "tiny.en"),
        ("de", "", "base"),
        (AUTO, "", "base"),
        ("en", "base", "base"),
        ("yue", "large-v3-turbo", "large-v3-turbo"),
        (AUTO, "base.en", "base.en"),
    ],
)
def test_model_follows_language_unless_chosen(
    language: str, package: str, expected: str
) -> None:
    options = TranscriptionOptions(language=language, package=package)

    assert package_for(options).name == expected


@pytest.mark.parametrize(
    ("language", "package", "sentence"),
    [
        (
            "de",
            "tiny.en",
            "The model tiny.en does not support German. Choose another model or language.",
        ),
        (
            "yue",
            "",
            "The model base does not support Cantonese. Choose another model or language.",
        ),
        ("en", "huge", "There is no model called huge. Choose another."),
    ],
)
def test_impossible_choice_is_one_sentence(language: str, package: str, sentence: str) -> None:
    with pytest.raises(RecogniserError) as caught:
        package_for(TranscriptionOptions(language=language, package=package))

    assert str(caught.value) == sentence
    assert caught.value.action is Action.CHOOSE_MODEL


def test_every_language_offered_has_a_model() -> None:
    for language in CAPABILITIES[ModelId.ON_DEVICE].languages:
        package_for(TranscriptionOptions(language=language))


@pytest.mark.parametrize("package", PACKAGES.values(), ids=lambda package: package.name)
def test_every_file_is_pinned(package: Package) -> None:
    assert re.fullmatch("[0-9a-f]{40}", package.revision)
    assert all(re.fullmatch("[0-9a-f]{64}", file.sha256) for file in package.files)
    names = [file.name for file in package.files]
    assert len(set(names)) == len(names)
    needed = {"config.json", WEIGHTS, "tokenizer.json"}
    if package.engine is Engine.PARAKEET:
        needed = {"config.json", "vocab.txt", "encoder-model.int8.onnx"}
    assert needed <= set(names)


def test_english_is_heard_by_what_this_computer_manages() -> None:
    english = TranscriptionOptions(language="en")

    assert package_for(english, BASE) is BASE
    assert (
        package_for(TranscriptionOptions(language="en", package="tiny.en"), BASE).name
        == "tiny.en"
    )


def test_a_licence_that_asks_for_credit_has_it_and_published_figures_a_source() -> None:
    for package in PACKAGES.values():
        assert bool(package.credit) == package.licence.startswith("CC BY")
        assert package.timing is None or not package.published
    assert [package.name for package in PACKAGES.values() if package.tier is None] == [
        "base.en",
        "small",
        "medium",
        "distil-large-v3",
        "distil-large-v3.5",
    ]
