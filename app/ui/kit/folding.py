"""Texts without what people leave out when they look for something: case and accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def folded(text: str) -> str:
    """Give a text without case and accents."""
    return "".join(_folded(character) for character in text)


def places_of(wanted: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Give where in a text some of what is wanted stands, as start and end, in order.

    Args:
        wanted: Folded words or parts of words, none of them empty.
        text: As people see it.
    """
    origins: list[int] = []  # of each folded character the place of the one it came from
    plain: list[str] = []
    for place, character in enumerate(text):
        bare = _folded(character)
        plain.append(bare)
        origins += [place] * len(bare)
    whole = "".join(plain)
    found: set[int] = set()
    for one in wanted:
        at = whole.find(one)
        while at >= 0:
            found.update(origins[at : at + len(one)])
            at = whole.find(one, at + len(one))
    spans: list[tuple[int, int]] = []
    for place in sorted(found):
        if spans and spans[-1][1] == place:
            spans[-1] = (spans[-1][0], place + 1)
        else:
            spans.append((place, place + 1))
    return spans


def _folded(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one))
