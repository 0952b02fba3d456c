"""What a person has just put right, and where else it stands wrongly. Pure."""

from __future__ import annotations

from itertools import chain

from app.core.document import Change
from app.core.finding import Query
from app.core.replacing import Hit, find_all
from app.core.transcript import Transcript, Word, join_words

LABEL = "Correct all"
_MOST_WORDS = 3
_LEAST_LETTERS = 2


def corrected(change: Change) -> tuple[str, str] | None:
    """Give the word that a step corrected, and what it is now, without punctuation.

    ``None`` where words only came or went, much was written anew, or nothing but capital
    letters at the beginning of a sentence.
    """
    if len(change.splices) != 1:
        return None
    one = change.splices[0]
    if len(one.removed) != len(one.inserted):
        return None
    old = list(chain.from_iterable(part.words for part in one.removed))
    new = list(chain.from_iterable(part.words for part in one.inserted))
    head = _alike(old, new)
    old, new = old[head:], new[head:]
    tail = _alike(old[::-1], new[::-1])
    old, new = old[: len(old) - tail], new[: len(new) - tail]
    if not 0 < len(old) <= _MOST_WORDS or not 0 < len(new) <= _MOST_WORDS:
        return None
    was, now = _bare(join_words(old)), _bare(join_words(new))
    if was == now or sum(sign.isalnum() for sign in was) < _LEAST_LETTERS or not now:
        return None
    if was.casefold() == now.casefold() and was[1:] == now[1:]:
        return None  # a sentence begins here, or no longer
    return was, now


def alike(transcript: Transcript, was: str, now: str) -> list[Hit]:
    """Give where else the same stands as a whole word, written the same."""
    query = Query(was, is_case_kept=True, is_whole_word=True)
    return list(find_all(transcript, query, now))


def _alike(one: list[Word], other: list[Word]) -> int:
    least = min(len(one), len(other))
    return next((at for at in range(least) if one[at].text != other[at].text), least)


def _bare(text: str) -> str:
    """Leave out what is no letter at either end."""
    first = next((at for at, sign in enumerate(text) if sign.isalnum()), len(text))
    last = next((at for at, sign in enumerate(reversed(text)) if sign.isalnum()), len(text))
    return text[first : len(text) - last]
