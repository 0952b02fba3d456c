"""How far a recognised text is from what was said."""

from __future__ import annotations

import re
import unicodedata

_UNITS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
    "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WRITTEN_SHORT = {
    "1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth",
    "6th": "sixth", "7th": "seventh", "8th": "eighth", "9th": "ninth", "10th": "tenth",
    "15th": "fifteenth", "16th": "sixteenth", "18th": "eighteenth", "19th": "nineteenth",
    "mr": "mister", "mrs": "missus", "dr": "doctor", "st": "saint", "%": "percent",
}  # fmt: skip


def normalised(text: str) -> list[str]:
    """Give the words of a text without case, punctuation, or digits.

    "1455" is read as a year is: fourteen fifty five.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    words: list[str] = []
    found: list[str] = re.findall(r"[^\W_]+(?:'[^\W_]+)*|%", plain)
    for word in found:
        if word.isascii() and word.isdigit() and len(word) <= 4:
            words.extend(_spoken(int(word)))
        else:
            words.append(_WRITTEN_SHORT.get(word, word))
    return words


def word_error_rate(reference: str, heard: str) -> float:
    """Give the share of words that were put in, left out or changed.

    Args:
        reference: What was said.
        heard: What the recogniser wrote.

    Returns:
        0.0 for the same words; may pass 1.0 when much was put in.
    """
    said, got = normalised(reference), normalised(heard)
    if not said:
        return float(len(got) > 0)
    row = list(range(len(got) + 1))
    for place, word in enumerate(said, start=1):
        diagonal, row[0] = row[0], place
        for column, other in enumerate(got, start=1):
            change = diagonal + (word != other)
            diagonal = row[column]
            row[column] = min(change, row[column] + 1, row[column - 1] + 1)
    return row[-1] / len(said)


def _spoken(number: int) -> list[str]:
    if number < 20:
        return [_UNITS[number]]
    if number < 100:
        return [_TENS[number // 10 - 2], *([_UNITS[number % 10]] if number % 10 else [])]
    if number < 1000 or number % 1000 < 100:
        size = 100 if number < 1000 else 1000
        rest = number % size
        name = "hundred" if size == 100 else "thousand"
        return [*_spoken(number // size), name, *(_spoken(rest) if rest else [])]
    century, rest = divmod(number, 100)
    return [*_spoken(century), *(_spoken(rest) if rest else ["hundred"])]
