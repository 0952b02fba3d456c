"""Words in place of words: which stands for which, and when each is said.

An untouched word stays the very word it was, a corrected one keeps the time of the one it
replaces, a split one shares it, joined ones span theirs, and a new one takes the silence it
stands in or, where there is none, the end of the word before. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate
from typing import TypeAlias

from app.core.layouts import beginning_as, laid_out
from app.core.reviewing import review_between, shared_review
from app.core.transcript import Review, Word

Groups: TypeAlias = tuple[tuple[int, int], ...]
"""How many old words, and how many new ones that stand for them, from the first on."""
_LEAST_SILENCE_MS = 60
"""A silence shorter than this for each new word has no room for them."""
_ALIGN_MOST = 4_000
"""Pairs of an old and a new word that are compared; beyond, all share the whole time."""
_MOST_PARTS = 3
"""A word is seen as split into so many, or joined from so many."""
_ALONE, _DIFFERENT, _PARTS = 0.6, 1.0, 0.1
"""Costs of a word that came or went, of one that is another, and of one split or joined."""


NO_BREAK = "\u00a0\u202f\u2007"
"""Spaces at which no line breaks: what stands at either side of one is one word."""
_RUNS = re.compile(rf"[\S{NO_BREAK}]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word to be.

    Attributes:
        text: How it reads.
        is_joined: No space stands before it.
    """

    text: str
    is_joined: bool = False


def runs_of(text: str) -> list[str]:
    """Give what stands between spaces that part words, with those that part none."""
    return text.split() if text.isascii() else _RUNS.findall(text)


def parted(text: str) -> list[str]:
    """Give the words of a text; none begins or ends with a space."""
    return [word for one in runs_of(text) if (word := one.strip())]


# ------------------------------------------------------------------ which word is which


def grouped(
    old: Sequence[str], new: Sequence[str], *, has_left: bool = False, has_right: bool = False
) -> Groups:
    """Lay old and new words beside each other so that the least has changed.

    Args:
        old: How the words read that are replaced.
        new: How those read that stand there now.
        has_left: Something of the first old word is left in the first new one.
        has_right: Something of the last old word is left in the last new one.
    """
    if len(old) <= 1 and has_left and has_right:  # an edit within one word
        return ((len(old), len(new)),)
    if len(new) == 1 and has_left and has_right:  # the edges have become one word
        return ((len(old), len(new)),)
    head: Groups = ()
    tail: Groups = ()
    if has_left and new:
        head, old, new = ((len(old[:1]), 1),), old[1:], new[1:]
    if has_right and new:
        tail, old, new = ((len(old[-1:]), 1),), old[:-1], new[:-1]
    return (*head, *_aligned(old, new), *tail)


def _aligned(old: Sequence[str], new: Sequence[str]) -> Groups:
    least = min(len(old), len(new))
    same = next((at for at in range(least) if old[at] != new[at]), least)
    least -= same
    rest = next((at for at in range(least) if old[-1 - at] != new[-1 - at]), least)
    old, new = old[same : len(old) - rest], new[same : len(new) - rest]
    middle: Groups = ()
    if old or new:
        is_one = not old or not new or len(old) * len(new) > _ALIGN_MOST
        middle = ((len(old), len(new)),) if is_one else _cheapest(old, new)
    return (*((1, 1),) * same, *middle, *((1, 1),) * rest)


def _cheapest(old: Sequence[str], new: Sequence[str]) -> Groups:
    """Find the way through old and new words that changes least."""
    rows, columns = len(old) + 1, len(new) + 1
    costs = [[0.0] * columns for _ in range(rows)]
    steps: list[list[tuple[int, int]]] = [[(0, 0)] * columns for _ in range(rows)]
    for row in range(rows):
        for column in range(columns):
            if not row and not column:
                continue
            best = (float("inf"), (0, 0))
            for step, cost in _ways(old, new, row, column):
                whole = costs[row - step[0]][column - step[1]] + cost
                best = min(best, (whole, step))
            costs[row][column], steps[row][column] = best
    groups: list[tuple[int, int]] = []
    row, column = len(old), len(new)
    while row or column:
        up, back = steps[row][column]
        groups.append((up, back))
        row, column = row - up, column - back
    return tuple(reversed(groups))


def _ways(
    old: Sequence[str], new: Sequence[str], row: int, column: int
) -> list[tuple[tuple[int, int], float]]:
    """Give each last step to a place, old and new words it takes, with its cost."""
    ways: list[tuple[tuple[int, int], float]] = []
    if row and column:
        ways.append(((1, 1), _difference(old[row - 1], new[column - 1])))
        for parts in range(2, _MOST_PARTS + 1):
            if column >= parts:
                texts = "".join(new[column - parts : column])
                if texts.casefold() == old[row - 1].casefold():
                    ways.append(((1, parts), _PARTS))
            if row >= parts:
                texts = "".join(old[row - parts : row])
                if texts.casefold() == new[column - 1].casefold():
                    ways.append(((parts, 1), _PARTS))
    if row:
        ways.append(((1, 0), _ALONE))
    if column:
        ways.append(((0, 1), _ALONE))
    return ways


def _difference(old: str, new: str) -> float:
    """Give how different two words are, 0 for the same."""
    if old == new:
        return 0.0
    if old.casefold() == new.casefold():
        return _PARTS
    return _DIFFERENT * (1 - SequenceMatcher(None, old.casefold(), new.casefold()).ratio() / 2)


# ------------------------------------------------------------------ times


def timed(
    old: Sequence[Word],
    new: Sequence[Token],
    groups: Groups,
    before: Word | None,
    after: Word | None,
    silence: tuple[int, int],
) -> list[Word]:
    """Give each new word the time of what it stands for.

    Args:
        old: The words that are replaced.
        new: What stands there now.
        groups: Which of them stand for which, as ``grouped`` gives it.
        before: The word before them.
        after: The word behind them.
        silence: When nobody speaks between those two; the ends of the paragraph where
            there is none.
    """
    words: list[Word | None] = []  # one for each of the new
    row = 0
    for up, back in groups:
        at = len(words)
        if not up:
            words += [None] * back
        elif up == back == 1:
            token = new[at]
            words.append(written_as(old[row], token.text, is_joined=token.is_joined))
        else:
            words += _share(old[row : row + up], new[at : at + back])
        row += up
    made = [word for word in words if word is not None]
    if len(made) < len(words):
        made = _with_places(words, new, before, after, silence)
    if any([word.layout for word in old]):  # noqa: C419 - quicker for the few there are
        made = _laid_out(old, made, groups)
    return _held_back(made, after)


def _with_places(
    words: list[Word | None],
    new: Sequence[Token],
    before: Word | None,
    after: Word | None,
    silence: tuple[int, int],
) -> list[Word]:
    """Find a time for words that stand for no other, now that their neighbours are known."""
    made: list[Word] = []
    while len(made) < len(words):
        at = end = len(made)
        while end < len(words) and words[end] is None:
            end += 1
        following = words[end] if end < len(words) else None
        if end > at:
            previous = made[-1] if made else before
            made += _placed(new[at:end], previous, following or after, silence)
        if following is not None:
            made.append(following)
    return made


def left_out_last(old: Sequence[Word], groups: Groups) -> tuple[Word, ...]:
    """Give the last old words that no new one stands for; what is behind them begins anew."""
    rest = len(old)
    for up, back in reversed(groups):
        if back:
            break
        rest -= up
    return tuple(old[rest:])


def _laid_out(old: Sequence[Word], words: list[Word], groups: Groups) -> list[Word]:
    """Let new words stand in the subtitles as those did which they replace."""
    made: list[Word] = []
    gone: tuple[Word, ...] = ()
    row = column = 0
    for up, back in groups:
        before, after = tuple(old[row : row + up]), tuple(words[column : column + back])
        row, column = row + up, column + back
        if not back:
            gone += before
            continue
        if (up, back) != (1, 1):
            after = laid_out(before, after)
        if gone and up:
            after, gone = (beginning_as(gone, after[0]), *after[1:]), ()
        made += after
    return made


def _held_back(words: list[Word], after: Word | None) -> list[Word]:
    """Let no estimated time begin later than the word behind it; a time that is known stays."""
    latest_ms = after.start_ms if after else None
    for at in range(len(words) - 1, -1, -1):
        word = words[at]
        if latest_ms is not None and word.start_ms > latest_ms and word.is_estimated:
            words[at] = word = replace(word, start_ms=latest_ms)
        latest_ms = word.start_ms
    return words


def written_as(word: Word, text: str, *, is_joined: bool) -> Word:
    """Give a word as it is written now; its time is its own."""
    is_same = word.text == text
    if is_same and word.is_joined == is_joined:
        return word
    return Word(  # thousands of them: ``replace`` takes three times as long
        text,
        word.start_ms,
        word.end_ms,
        word.confidence if is_same else None,
        word.speaker_confidence,
        is_joined,
        word.is_estimated,
        word.layout,
        word.review,
    )


def _share(old: Sequence[Word], new: Sequence[Token]) -> list[Word]:
    """Give new words the time of old ones, of which they are more or fewer."""
    if not new:
        return []
    start_ms = old[0].start_ms
    end_ms = max(start_ms, *(word.end_ms for word in old))
    review = shared_review(old)
    if len(new) > 1:
        return _spread(new, start_ms, end_ms, review)
    text, is_joined = new[0].text, new[0].is_joined
    is_estimated = any(word.is_estimated for word in old)
    return [Word(text, start_ms, end_ms, None, None, is_joined, is_estimated, None, review)]


def _spread(
    new: Sequence[Token], start_ms: int, end_ms: int, review: Review | None
) -> list[Word]:
    """Share a time among words by their length."""
    marks = [start_ms, end_ms]
    if len(new) > 1:
        reached = list(accumulate((len(one.text) for one in new), initial=0))
        marks = [start_ms + (end_ms - start_ms) * done // reached[-1] for done in reached]
    return [
        Word(
            one.text,
            begin,
            finish,
            is_joined=one.is_joined,
            is_estimated=True,
            review=review,
        )
        for one, begin, finish in zip(new, marks, marks[1:], strict=False)
    ]


def _placed(
    new: Sequence[Token], before: Word | None, after: Word | None, silence: tuple[int, int]
) -> list[Word]:
    """Give new words the silence they stand in, or the end of the word before."""
    begin_ms = max(before.start_ms, before.end_ms) if before else silence[0]
    finish_ms = after.start_ms if after else max(silence[1], begin_ms)
    if finish_ms - begin_ms < _LEAST_SILENCE_MS * len(new) and before is not None:
        # The word before keeps its time; the new ones are lit while it ends.
        length_ms = max(0, before.end_ms - before.start_ms)
        begin_ms = before.start_ms + length_ms * 2 // 3
        finish_ms = max(before.start_ms + length_ms, finish_ms)
    if after is not None:
        finish_ms = min(finish_ms, after.start_ms)
        begin_ms = min(begin_ms, after.start_ms)
    if before is not None:
        begin_ms = max(begin_ms, before.start_ms)
    return _spread(new, begin_ms, max(begin_ms, finish_ms), review_between(before, after))
