"""Names and terms that a recogniser may not know: a list, and what it changes.

A recogniser that is given names hears them well and, now and then, leaves out whole sentences
for it. So it listens twice: its words are those of the plain hearing, and the other is
believed only where it has a listed name and little else is different.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

MOST_NAMES = 10_000
_LONGEST = 60
_UNREADABLE = "\ufffd"
_COMMENT = re.compile(r"(?:^|\s)#.*", re.DOTALL)
_JOINERS = "\u200c\u200d"
"""Unseen, but letters of Persian and of Indian names."""
_BETWEEN_PARTS = re.compile(r"[,;|/]+")
_MOST_WORDS = 5
_MOST_PROMPTED = 60
"""More do not fit into what a recogniser is told before it listens."""
_MOST_LETTERS = 500
_LONGEST_CHANGE = 4
_APART_MS = 600
_LEAST_PART = 4
_ALIKE = 0.4

SaidWord = TypeVar("SaidWord", bound=tuple[str, int, int, float, bool])


def read_names(lines: Iterable[str], most: int = MOST_NAMES) -> tuple[str, ...]:
    """Read a list of names, one a line; what cannot be one is left out.

    Comments behind ``#`` are left out, and so is what a name never is: without a letter, very
    long, or with signs that cannot be read. A ``#`` within a word is part of it, as in ``C#``.

    Args:
        lines: The list.
        most: How many are read.
    """
    found: dict[str, str] = {}
    for line in lines:
        if name := _name_on(line):
            found.setdefault(name.casefold(), name)
        if len(found) == most:
            break
    return tuple(found.values())


def lines_without_name(lines: Iterable[str]) -> tuple[int, ...]:
    """Give the numbers, from 1, of lines on which something stands that is no name."""
    return tuple(
        number for number, line in enumerate(lines, 1) if _text_on(line) and not _name_on(line)
    )


def _text_on(line: str) -> str:
    shown = "".join(sign for sign in line if not _is_unseen(sign))
    return " ".join(_COMMENT.sub("", shown).split()).strip(",;")


def _is_unseen(sign: str) -> bool:
    """Tell marks of direction and the like, which stand in lists copied from a page."""
    return sign not in _JOINERS and unicodedata.category(sign) == "Cf"


def _name_on(line: str) -> str:
    """Give the name on a line; empty where there is none."""
    text = _text_on(line)
    is_readable = all(sign.isprintable() or sign in _JOINERS for sign in text)
    if len(text) > 4 * _LONGEST or not is_readable or _UNREADABLE in text:
        return ""
    name = unicodedata.normalize("NFC", text)
    is_short = len(name) <= _LONGEST and len(name.split()) <= _MOST_WORDS
    return name if is_short and any(one.isalpha() for one in name) else ""


def all_names(names: Sequence[str], own: Iterable[str]) -> tuple[str, ...]:
    """Give the names of one recording, and behind them a person's own, each once."""
    found: dict[str, str] = {}
    for name in (*names, *read_names(own)):
        found.setdefault(name.casefold(), name)
    return tuple(found.values())[:MOST_NAMES]


def likely_names(names: Sequence[str], words: Iterable[str]) -> tuple[str, ...]:
    """Choose those of a long list that may be among words which were heard.

    Args:
        names: The whole list.
        words: What was heard, rightly or wrongly.

    Returns:
        The whole list if it is short, else the names most like something that was heard.
    """
    if len(names) <= _MOST_PROMPTED and sum(map(len, names)) <= _MOST_LETTERS:
        return tuple(names)
    by_pair: dict[str, set[str]] = {}
    heard = {key(word) for word in words}
    pairs_of_word = {word: _pairs(word) for word in heard if len(word) > 2}
    for word, pairs in pairs_of_word.items():
        for pair in pairs:
            by_pair.setdefault(pair, set()).add(word)
    scored: list[tuple[float, int]] = []
    for place, name in enumerate(names):
        pairs = _pairs(key(name))
        shared: dict[str, int] = {}
        for pair in pairs:
            for word in by_pair.get(pair, ()):
                shared[word] = shared.get(word, 0) + 1
        best = max(
            (2 * n / (len(pairs) + len(pairs_of_word[word])) for word, n in shared.items()),
            default=0.0,
        )
        if best >= _ALIKE:
            scored.append((-best, place))
    chosen: list[str] = []
    letters = 0
    for _, place in sorted(scored)[:_MOST_PROMPTED]:
        letters += len(names[place])
        if letters > _MOST_LETTERS:
            break
        chosen.append(names[place])
    return tuple(chosen)


def with_names(
    plain: Sequence[SaidWord], told: Sequence[SaidWord], names: Sequence[str]
) -> list[SaidWord]:
    """Give the plain hearing with the names of the other put in.

    Where both differ, the other is believed only if it has a listed name there and the plain
    one has none, few words differ on either side, and they are said at the same time.

    Args:
        plain: What was heard without a list.
        told: What was heard with the list.
        names: The list.
    """
    listed = _listed(names)
    mine, other = [key(word[0]) for word in plain], [key(word[0]) for word in told]
    merged: list[SaidWord] = []
    at, beside = 0, 0
    # The last of these is empty and lies at both ends.
    same = SequenceMatcher(None, mine, other, autojunk=False).get_matching_blocks()
    for first, second, count in same:
        old, new = plain[at:first], told[beside:second]
        is_believed = (
            0 < len(old) <= _LONGEST_CHANGE
            and 0 < len(new) <= _LONGEST_CHANGE
            and abs(old[0][1] - new[0][1]) < _APART_MS
            and any(_bare(one) in listed for one in other[beside:second])
            and not any(_bare(one) in listed for one in mine[at:first])
        )
        merged += new if is_believed else old
        merged += plain[first : first + count]
        at, beside = first + count, second + count
    return merged


def key(word: str) -> str:
    """Give a word as it is compared: no case, no punctuation."""
    return re.sub(r"[^\w']", "", word.casefold().replace("’", "'")).strip("'")


def _bare(word: str) -> str:
    return word.removesuffix("'s")


def _listed(names: Iterable[str]) -> set[str]:
    """Give the words by which a listed name is known again."""
    listed: set[str] = set()
    for name in names:
        words = name.split()
        # In a line of a table there is no space between the parts.
        parts = [*words, *(part for word in words for part in _BETWEEN_PARTS.split(word))]
        listed |= {
            _bare(key(part))
            for part in parts
            if part == name or len(part) >= _LEAST_PART or part[:1].isupper()
        }
    listed.discard("")
    return listed


def _pairs(word: str) -> set[str]:
    edged = f"^{word}$"
    return {edged[at : at + 2] for at in range(len(edged) - 1)}
