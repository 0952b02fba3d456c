"""Text that runs both ways: how it is read, and characters that keep its parts apart.

Where a file says nothing of direction, a program shows Hebrew or Arabic by rules
(UAX #9) that know nothing of what belongs together: a full stop jumps to the other end
of its sentence, a number to the other side of a word. Isolates are characters without width
that hold such text together. Formats with words of their own for this use those.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

RIGHT_TO_LEFT = "\u2067"
"""Begins an isolate that is read from right to left."""
LEFT_TO_RIGHT = "\u2066"
BY_ITSELF = "\u2068"
"""Begins one that is read as its first letter is."""
END = "\u2069"
FROM_THE_RIGHT = "\u200f"
"""A mark by which programs that guess put a line at the right."""

MARKS = dict.fromkeys(
    [0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]
)
"""Signs that only say how text runs, for ``str.translate`` to leave out."""

_LETTERS = re.compile(
    "[\u0590-\u0660\u066a-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Letters of scripts that are read from right to left, with their marks."""
_NO_LETTERS = re.compile(rf"[^{_LETTERS.pattern[1:-1]}]+")


def has_right_to_left(text: str) -> bool:
    """Tell whether any of a text is read from right to left."""
    return not text.isascii() and _LETTERS.search(text) is not None


def is_right_to_left(text: str) -> bool:
    """Tell whether a text as a whole is read from right to left.

    As most of its words are; the first letter alone would be wrong about each sentence
    that begins with a foreign name.
    """
    if not has_right_to_left(text):
        return False
    sides = [side for word in text.split() if (side := _side(word)) is not None]
    right = sum(sides)
    return right * 2 > len(sides) or (right * 2 == len(sides) and sides[:1] == [True])


def _side(word: str) -> bool | None:
    """Tell whether a word is read from right to left; ``None`` for a number."""
    for character in word:
        match unicodedata.bidirectional(character):
            case "R" | "AL":
                return True
            case "L":
                return False
            case _:
                continue
    return None


def isolated(text: str) -> str:
    """Give a line in which what is read from right to left is kept together.

    All of the line if that is its direction, its full stop too; else each part of it that has.
    A line that holds nothing of the kind stays as it is.
    """
    return " ".join(isolated_words(text.split(" "))) if has_right_to_left(text) else text


def isolated_words(texts: Sequence[str]) -> list[str]:
    """Do the same with a line whose words stand by themselves."""
    marked = list(texts)
    line = " ".join(texts)
    if not has_right_to_left(line):
        return marked
    if is_right_to_left(line):
        marked[0] = RIGHT_TO_LEFT + marked[0]
        marked[-1] += END
        return marked
    first = last = -1
    for place, text in enumerate([*texts, "a"]):
        if has_right_to_left(text):
            first, last = place if first < 0 else first, place
        elif first >= 0 and any(
            unicodedata.bidirectional(character) == "L" for character in text
        ):
            # Behind the last letter: a full stop there is that of the line.
            end = max(found.end() for found in _LETTERS.finditer(marked[last]))
            marked[last] = marked[last][:end] + END + marked[last][end:]
            begin = len(_lead(marked[first]))
            marked[first] = marked[first][:begin] + RIGHT_TO_LEFT + marked[first][begin:]
            first = last = -1
    return marked


def _lead(text: str) -> str:
    """Give what stands before the first letter that is read from right to left."""
    found = _NO_LETTERS.match(text)
    return found[0] if found else ""


def by_itself(name: str) -> str:
    """Give a name that neither changes what stands around it nor is changed by it."""
    return f"{BY_ITSELF}{name}{END}"


def as_line(text: str, *, is_rtl: bool) -> str:
    """Give a line of a file that is nothing but text, where a program can only guess.

    Args:
        text: Its parts isolated already.
        is_rtl: Whether the line belongs to a text that is read from right to left.
    """
    return f"{RIGHT_TO_LEFT}{text}{END}{FROM_THE_RIGHT}" if is_rtl else text
