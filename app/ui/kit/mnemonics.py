"""Letters that are pressed with Alt: found in the words themselves, whatever the language.

No catalogue marks them with ``&``: a translation would have to know all that stands beside it.
Instead each menu and each dialog gives every entry a letter of its own when it is seen, the
first of a word before any other. macOS has no such letters.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator, Sequence

HAS_MNEMONICS = sys.platform != "darwin"
"""Whether this system has them."""


def places(texts: Sequence[str], taken: str = "") -> list[int | None]:
    """Find a letter in each text that no other one has; ``None`` where none is left.

    Who comes first chooses first, and all have their best choice before anybody has the second
    best: the first letter of the text, then of another word, then any.

    Args:
        texts: What is shown, in the order one reads.
        taken: Letters that mean something already.
    """
    choices: list[list[tuple[int, int, str]]] = [
        sorted(
            (rank, place, text[place].casefold())
            for place, rank in _letters(text)
            if text[place].casefold() not in taken.casefold()
        )
        for text in texts
    ]
    owners: dict[str, int] = {}
    found: list[int | None] = [None] * len(texts)
    for best in range(3):
        for number, some in enumerate(choices):
            if found[number] is None:
                for rank, place, letter in some:
                    if rank <= best and letter not in owners:
                        owners[letter], found[number] = number, place
                        break
    for number in range(len(texts)):
        if found[number] is None:
            _make_room(number, choices, owners, found, set())
    return found


def _make_room(
    number: int,
    choices: list[list[tuple[int, int, str]]],
    owners: dict[str, int],
    found: list[int | None],
    tried: set[str],
) -> bool:
    """Take a letter from one that can have another, where all of a text are taken."""
    for _, place, letter in choices[number]:
        if letter in tried:
            continue
        tried.add(letter)
        owner = owners.get(letter)
        if owner is None or _make_room(owner, choices, owners, found, tried):
            owners[letter], found[number] = number, place
            return True
    return False


def with_letters(texts: Sequence[str], taken: str = "") -> list[str]:
    """Give texts as Qt takes them, each with a letter of its own underlined if there is one."""
    return [
        escaped(text) if at is None else f"{escaped(text[:at])}&{escaped(text[at:])}"
        for text, at in zip(texts, places(texts, taken), strict=True)
    ]


def plain(text: str) -> str:
    """Give a text as it is read, of one that Qt takes: without the signs of letters."""
    return "&".join(part.replace("&", "") for part in text.split("&&"))


def escaped(text: str) -> str:
    """Give a text as Qt takes it, with no letter to press."""
    return text.replace("&", "&&")


def _letters(text: str) -> Iterator[tuple[int, int]]:
    """Give the places of letters, each with how good it is: 0 for the first of the text."""
    is_first, is_inside = True, False
    for place, letter in enumerate(text):
        if letter == "\t":  # the keys of an entry
            return
        category = unicodedata.category(letter)
        if category[0] in "LN" and len(letter.casefold()) == 1:
            yield place, 0 if is_first else (2 if is_inside else 1)
            is_first = False
        # A mark belongs to the letter before it, also where it is one by itself.
        is_inside = category[0] in "LNM" or letter in "'’\u200d\u200c"
