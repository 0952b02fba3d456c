"""How English is said aloud: numbers as words, and unknown words by their letters.

Rough is enough here: the words are known, and only where they lie in the sound is asked.
"""

from __future__ import annotations

import re

_LETTERS = {
    "tion": "SH AH N", "sch": "SH", "tch": "CH", "igh": "AY", "ough": "AO", "ch": "CH",
    "sh": "SH", "th": "TH", "ph": "F", "gh": "G", "ck": "K", "ng": "NG", "qu": "K W",
    "wh": "W", "kn": "N", "wr": "R", "ee": "IY", "ea": "IY", "oo": "UW", "ou": "AW",
    "ow": "OW", "ai": "EY", "ay": "EY", "oa": "OW", "oi": "OY", "oy": "OY", "au": "AO",
    "aw": "AO", "ie": "IY", "ei": "EY", "er": "ER", "ir": "ER", "ur": "ER", "ar": "AA R",
    "or": "AO R", "a": "AE", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G",
    "h": "HH", "i": "IH", "j": "JH", "k": "K", "l": "L", "m": "M", "n": "N", "o": "AA",
    "p": "P", "q": "K", "r": "R", "s": "S", "t": "T", "u": "AH", "v": "V", "w": "W",
    "x": "K S", "y": "IY", "z": "Z",
}  # fmt: skip
"""Groups of letters before the letters they are made of."""
_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SHORT = {"mr": "mister", "mrs": "missus", "dr": "doctor"}
_SIGNS = {"%": "percent", "&": "and", "$": "dollars", "£": "pounds", "€": "euros"}
_LONGEST_WORD = 40
"""Longer ones are web addresses and the like, whose sound nobody can guess."""


def said_aloud(text: str) -> list[str]:
    """Give the words somebody says who reads a word with its punctuation aloud."""
    plain = re.sub(r"(?<=\d),(?=\d)", "", text.lower().replace("’", "'"))
    words: list[str] = []
    found: list[str] = re.findall(r"[a-z']+|\d+|[%&$£€]", plain)
    for one in found:
        if one.isdigit():
            words += _number(one)
        elif one in _SIGNS:
            words.append(_SIGNS[one])
        elif (word := one.strip("'")) and len(word) <= _LONGEST_WORD:
            words.append(_SHORT.get(word, word))
    return words


def phones_of(word: str) -> str:
    """Guess the sounds of a word by its letters, as the aligner's dictionary names them."""
    rest = word.replace("'", "")
    if len(rest) > 3 and rest.endswith("e") and rest[-2] not in "aeiou":
        rest = rest[:-1]
    phones: list[str] = []
    place = 0
    while place < len(rest):
        for length in (4, 3, 2, 1):
            group = rest[place : place + length]
            if len(group) == length and group in _LETTERS:
                is_doubled = length == 1 and place and group == rest[place - 1]
                if not is_doubled or group in "aeiou":
                    phones.append(_LETTERS[group])
                break
        place += length
    return " ".join(phones)


def _number(digits: str) -> list[str]:
    if len(digits) > 6 or (len(digits) > 1 and digits.startswith("0")):
        return [_UNITS[int(one)] for one in digits]
    return _spoken(int(digits))


def _spoken(number: int) -> list[str]:
    if number < 20:
        return [_UNITS[number]]
    if number < 100:
        return [_TENS[number // 10 - 2], *([_UNITS[number % 10]] if number % 10 else [])]
    if number < 1_000:
        return [_UNITS[number // 100], "hundred", *_rest(number % 100)]
    if 1_100 <= number < 2_000 or 2_010 <= number < 2_100:  # most likely a year
        return [*_spoken(number // 100), *(_rest(number % 100) or ["hundred"])]
    return [*_spoken(number // 1_000), "thousand", *_rest(number % 1_000)]


def _rest(number: int) -> list[str]:
    return _spoken(number) if number else []
