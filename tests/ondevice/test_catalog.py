from __future__ import annotations

import re

import pytest

from app.core.errors import Action, RecogniserError
from app.core.options import AUTO, CAPABILITIES, ModelId, TranscriptionOptions
from app.ondevice.catalog import PACKAGES, WEIGHTS, Package, package_for


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
    assert {"config.json", WEIGHTS, "tokenizer.json"} <= set(names)
