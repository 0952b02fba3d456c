"""Leave out what captions show again: lines that roll on, and text that grows word by word.

Machines write captions as a screen shows them: the line before stands above the new one,
or a line comes again with each word that is heard. Whether a file does so is judged by
all of it; elsewhere two equal lines are somebody who said it twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from itertools import pairwise

from app.core.timecode import timestamp
from app.export.direction import MARKS
from app.export.importing.words import is_without_spaces, split_words

STAMP = r"(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}"
"""A time between words, as WebVTT has it; without its brackets."""
_TIMED = re.compile(rf"<{STAMP}>")
_ADJACENT_MS = 100
"""A line that rolls on is shown again at once."""
_FLASH_MS = 50
"""What is shown for less only repeats what stood before it."""
_LEAST = 2
_ROLLED_SHARE = 4
"""Of so many captions at least one rolls on."""
_GROWN_SHARE = 3
"""Of so many captions at least one is the one before with more words."""
_LEAST_SHARED = 2
"""So many words at the end of one caption and the beginning of the next are a repeat where
nearly all captions share some."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What is shown at once.

    Attributes:
        start_ms: From when.
        end_ms: Until when.
        lines: With their tags.
        number: Its place in the file it comes from.
    """

    start_ms: int
    end_ms: int
    lines: list[str]
    number: int = 0


def without_repeats(
    captions: Sequence[Caption], tag: re.Pattern[str], *, may_be_timed: bool = False
) -> list[Caption]:
    """Give captions that say everything once, in order; without empty ones and lines.

    Where one grew word by word, its words get times in brackets, as in WebVTT.

    Args:
        captions: By time.
        tag: What is no text in them.
        may_be_timed: Whether a line whose words have times may come again without them.
    """
    shown = [
        replace(one, lines=[line for line in one.lines if line.strip()]) for one in captions
    ]
    filled = [one for one in shown if one.lines]
    shown = _grown(filled, tag)
    may_be_timed = may_be_timed or len(shown) < len(filled)
    pairs = [(before.lines[-1], one.lines[0]) for before, one in pairwise(shown)]
    is_timed = may_be_timed and any(_comes_untimed(last, first, tag) for last, first in pairs)
    if is_timed or _is_rolling(shown, tag):
        return list(_unrolled(shown, tag))
    if _shares_words(shown, tag):
        return list(_unshared(shown, tag))
    return shown


# -- growing ---------------------------------------------------------------------------


def _grown(captions: list[Caption], tag: re.Pattern[str]) -> list[Caption]:
    """Put captions together that are one growing word by word, if the file is of those."""
    grows = [_grows(before, one, tag) for before, one in pairwise(captions)]
    in_a_row = any(first and second for first, second in pairwise(grows))
    if not in_a_row or sum(grows) * _GROWN_SHARE < len(captions):
        return captions
    whole: list[Caption] = []
    run = captions[:1]
    for is_grown, one in zip(grows, captions[1:], strict=True):
        if not is_grown:
            whole.append(_as_one(run, tag))
            run = []
        run.append(one)
    return [*whole, _as_one(run, tag)]


def _grows(before: Caption, after: Caption, tag: re.Pattern[str]) -> bool:
    """Tell whether a caption is the one before with more words behind it."""
    if after.start_ms - before.end_ms > _ADJACENT_MS:
        return False
    if any(_TIMED.search(line) for line in (*before.lines, *after.lines)):
        return False
    count = len(before.lines)
    if len(after.lines) > count and after.lines[:count] == before.lines:
        return False  # a line came below: it rolls
    least, most = _pieces(before, tag), _pieces(after, tag)
    return 0 < len(least) < len(most) and most[: len(least)] == least


def _as_one(run: Sequence[Caption], tag: re.Pattern[str]) -> Caption:
    """Give the last of a growing run, from the first on, with the times of what came later."""
    last = run[-1]
    lines = list(last.lines)
    # From the end, so that places in the text stay what they were.
    for before, after in reversed(list(pairwise(run))):
        stamp = f"<{timestamp(after.start_ms)}>"
        at, place = _place_behind(lines, len("".join(_pieces(before, tag))), tag)
        lines[at] = lines[at][:place] + stamp + lines[at][place:]
    return replace(last, start_ms=run[0].start_ms, lines=lines)


# -- rolling ---------------------------------------------------------------------------


def _unrolled(captions: Sequence[Caption], tag: re.Pattern[str]) -> Iterator[Caption]:
    yield from captions[:1]
    for before, one in pairwise(captions):
        count = _repeated(before, one, tag)
        is_all = count == len(one.lines)
        if is_all and count > 1 and one.end_ms - one.start_ms > _FLASH_MS:
            count -= 1  # all lines are alike, and one more of them was said
        if count < len(one.lines):
            yield replace(one, lines=one.lines[count:])


def _is_rolling(captions: Sequence[Caption], tag: re.Pattern[str]) -> bool:
    """Tell whether lines of several words keep moving up while new ones come below them."""
    again = sum(
        0 < _repeated(before, one, tag) < len(one.lines) and _has_words(one.lines[0], tag)
        for before, one in pairwise(captions)
        if one.start_ms - before.end_ms <= _ADJACENT_MS
    )
    return again >= _LEAST and again * _ROLLED_SHARE >= len(captions)


def _has_words(line: str, tag: re.Pattern[str]) -> bool:
    shown = _shown(line, tag)
    return " " in shown or is_without_spaces(shown[:1])


def _repeated(before: Caption, after: Caption, tag: re.Pattern[str]) -> int:
    """Count the lines at the top of a caption that stood at the bottom of the one before.

    One that only says the same again is a repeat if it is gone at once: for longer it
    is somebody who says it again.
    """
    last = [_shown(line, tag) for line in before.lines]
    first = [_shown(line, tag) for line in after.lines]
    # A line with times of its words is new, whatever it says.
    new = next((at for at, line in enumerate(after.lines) if _TIMED.search(line)), None)
    most = min(len(last), len(first) if new is None else new)
    count = next((n for n in range(most, 0, -1) if last[-n:] == first[:n]), 0)
    is_all = count == len(first)
    is_said_again = is_all and after.end_ms - after.start_ms > _FLASH_MS
    if is_said_again and count > 1 and len(set(first)) == 1:
        return count
    return 0 if is_said_again else count


def _comes_untimed(last: str, first: str, tag: re.Pattern[str]) -> bool:
    return (
        _has_words(first, tag)
        and _TIMED.search(last) is not None
        and _TIMED.search(first) is None
        and _shown(first, tag) == _shown(last, tag)
    )


# -- captions that share words -----------------------------------------------------------


def _shares_words(captions: Sequence[Caption], tag: re.Pattern[str]) -> bool:
    """Tell whether nearly each caption begins with words that ended the one before."""
    shared = sum(_shared(before, one, tag) > 0 for before, one in pairwise(captions))
    return shared >= _LEAST and shared * 4 >= (len(captions) - 1) * 3


def _unshared(captions: Sequence[Caption], tag: re.Pattern[str]) -> Iterator[Caption]:
    yield from captions[:1]
    for before, one in pairwise(captions):
        count = _shared(before, one, tag)
        if not count:
            yield one
            continue
        length = len("".join(_pieces(one, tag)[:count]))
        at, place = _place_behind(one.lines, length, tag)
        yield replace(one, lines=[one.lines[at][place:].lstrip(), *one.lines[at + 1 :]])


def _shared(before: Caption, after: Caption, tag: re.Pattern[str]) -> int:
    """Count the words that end one caption and begin the next, which says more."""
    if after.start_ms - before.end_ms > _ADJACENT_MS:
        return 0
    last, first = _pieces(before, tag), _pieces(after, tag)
    most = min(len(last), len(first) - 1)
    return next((n for n in range(most, _LEAST_SHARED - 1, -1) if last[-n:] == first[:n]), 0)


# -- text in tags ------------------------------------------------------------------------


def _shown(line: str, tag: re.Pattern[str]) -> str:
    return " ".join(unescape(tag.sub("", line)).translate(MARKS).split())


def _pieces(caption: Caption, tag: re.Pattern[str]) -> list[str]:
    """Give the words of a caption; characters where a script writes no spaces."""
    shown = " ".join(_shown(line, tag) for line in caption.lines)
    return [piece for piece, _ in split_words(shown)]


_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|\w{1,31});")


def _place_behind(lines: Sequence[str], length: int, tag: re.Pattern[str]) -> tuple[int, int]:
    """Say behind which place of which line so many characters of text have been shown."""
    for at, line in enumerate(lines):
        place = 0
        while place < len(line):
            if length <= 0:
                return at, place
            found = tag.match(line, place)
            if found is not None:
                place = found.end()
                continue
            entity = _ENTITY.match(line, place)
            end = entity.end() if entity else place + 1
            length -= len("".join(unescape(line[place:end]).translate(MARKS).split()))
            place = end
        if length <= 0 and at + 1 < len(lines):
            return at + 1, 0
    return len(lines) - 1, len(lines[-1])
