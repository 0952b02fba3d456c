from __future__ import annotations

import pytest

from app.ui.kit.folding import folded, places_of


@pytest.mark.parametrize(
    ("text", "plain"), [("ÉTÉ", "ete"), ("Straße", "strasse"), ("naïve", "naive"), ("", "")]
)
def test_case_and_accents_are_left_out(text: str, plain: str) -> None:
    assert folded(text) == plain


@pytest.mark.parametrize(
    ("wanted", "text", "found"),
    [
        (("text",), "Text size, text", ["Text", "text"]),
        (("strasse",), "Die Straße", ["Straße"]),
        (("ete",), "l’été", ["été"]),
        (("si", "ize"), "Text size", ["size"]),
        (("zoom",), "Text size", []),
        ((), "Text size", []),
    ],
)
def test_what_is_found_is_told_as_it_stands_in_the_text(
    wanted: tuple[str, ...], text: str, found: list[str]
) -> None:
    assert [text[start:end] for start, end in places_of(wanted, text)] == found
