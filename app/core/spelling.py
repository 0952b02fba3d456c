"""What of a text can be checked for its spelling, and which dictionaries would do for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_LETTER = (
    r"(?:[^\W\d_][\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06ed\u0900-\u0903\u093a-\u094f\u0962\u0963\u0980-\u0983\u09bc-\u09cd"
    r"\u0a01-\u0a03\u0a3c-\u0a4d\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b4d"
    r"\u0b82\u0bbe-\u0bcd\u0c00-\u0c03\u0c3c-\u0c4d\u0c81-\u0c83\u0cbc-\u0ccd"
    r"\u0d00-\u0d03\u0d3b-\u0d4d]*)"
)
"""A letter with the marks that belong to it."""
_WORD = re.compile(rf"{_LETTER}+(?:[’'\u00ad\u200c\u200d.·-]{_LETTER}+)*")
"""Letters, with what may stand between them: apostrophes, hyphens, a dot as in *e.g*."""
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff]")
"""Scripts without spaces, of which no word can be told by looking."""
_BESIDE = frozenset("0123456789_@/\\#&")
"""Beside these, letters are part of an address, a path or a number."""
_MARKS = re.compile(r"[\u00ad\u200c\u200d]")


@dataclass(frozen=True, slots=True)
class Spelled:
    """A word of a text that can be checked.

    Attributes:
        start: Where it begins, in characters.
        end: Where it ends.
        word: As a dictionary knows it: straight apostrophes, nothing that is not seen.
    """

    start: int
    end: int
    word: str


def spelled_words(text: str) -> tuple[Spelled, ...]:
    """Give the words of a text that can be checked; single letters and addresses cannot."""
    found: list[Spelled] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if end - start < 2 or text[max(0, start - 1) : start] in _BESIDE:
            continue
        if text[end : end + 1] in _BESIDE or _UNSPACED.search(match.group()):
            continue
        word = _MARKS.sub("", match.group()).replace("’", "'")
        found.append(Spelled(start, end, word))
    return tuple(found)


_USUAL = {"en": "US", "pt": "PT", "de": "DE", "es": "ES", "fr": "FR", "zh": "CN", "sv": "SE"}
"""Where several countries have a dictionary of a language, that of which is taken."""


def best_dictionary(language: str, names: Iterable[str]) -> str | None:
    """Choose a dictionary for a language among those there are.

    Args:
        language: Code of a transcript, with a region or without: ``de``, ``en-GB``.
        names: As dictionaries are called: ``de_DE``, ``de_DE_frami``, ``eo``.

    Returns:
        The name; ``None`` if there is none for the language.
    """
    wanted = language.replace("-", "_")
    head = wanted.partition("_")[0].casefold()
    if not head or head == "auto":
        return None
    fits = sorted(one for one in names if one.partition("_")[0].casefold() == head)
    for favourite in (wanted, f"{head}_{_USUAL.get(head, head.upper())}", head):
        for one in fits:
            if one.casefold() == favourite.casefold():
                return one
    near = [
        one
        for one in fits
        if one.casefold().startswith(f"{head}_{_USUAL.get(head, head)}".casefold())
    ]
    return next(iter([*near, *fits]), None)
