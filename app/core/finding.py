"""What is looked for in a transcript, and where it stands: as written, or by a pattern.

A pattern a person types may go on for ever: Python's own cannot be stopped, so patterns are
those of the package ``regex``, which take a time limit and let other threads work meanwhile.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from app.core.errors import AppError
from app.core.messages import message
from app.core.transcript import Paragraph, SpeakerId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.document import Change

PATTERN_LIMIT_S = 2.0
"""So long a pattern may take for a whole transcript."""
_usual_limit: Callable[[], float] = lambda: PATTERN_LIMIT_S  # noqa: E731 - a default
_WITHOUT_STROKE = str.maketrans("øØłŁđĐħĦŧŧıƀɨ", "oOlLdDhHttibi")


class PatternError(AppError):
    """A pattern cannot be searched by."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for, and where.

    Attributes:
        text: As a person typed it; empty for nothing.
        is_case_kept: Whether capital letters must be the same.
        is_whole_word: Whether nothing of a word may stand beside it.
        is_pattern: Whether it is a regular expression.
        ignores_accents: Whether *é* is found by *e*.
        speaker_id: Only in what this speaker says; ``None`` for all.
        within: Only between these two places, each a paragraph and an offset in
            characters; ``None`` for all.
    """

    text: str
    is_case_kept: bool = False
    is_whole_word: bool = False
    is_pattern: bool = False
    ignores_accents: bool = False
    speaker_id: SpeakerId | None = None
    within: tuple[tuple[int, int], tuple[int, int]] | None = None

    def __bool__(self) -> bool:
        return bool(self.text if self.is_pattern else self.text.strip())


@dataclass(frozen=True, slots=True)
class FoundText:
    """A place where it stands, in characters of one paragraph.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        text: What is to stand there instead.
    """

    start: int
    end: int
    text: str = ""


class Search:
    """Looks for what a query wants, text by text."""

    def __init__(self, query: Query, left_s: Callable[[], float] = _usual_limit) -> None:
        """Make ready.

        Args:
            query: What.
            left_s: Gives for how many seconds a pattern may go on; asked before each text.

        Raises:
            PatternError: It is no pattern.
        """
        self.query = query
        self._left_s = left_s
        self._pattern = _compile_pattern(query) if query.is_pattern else _compile_plain(query)

    def wants(self, number: int, paragraph: Paragraph) -> bool:
        """Tell whether a paragraph is one of those that are looked through."""
        query = self.query
        if query.speaker_id is not None and paragraph.speaker_id != query.speaker_id:
            return False
        return query.within is None or query.within[0][0] <= number <= query.within[1][0]

    def find(self, text: str, number: int = 0) -> list[tuple[int, int]]:
        """Give where every place in a paragraph's text begins and ends, ascending.

        Args:
            text: The text.
            number: Number of the paragraph, for a query within a range.

        Raises:
            PatternError: The pattern takes too long.
        """
        if self._is_plain(text):
            return [hit.span() for hit in self._pattern.finditer(text)]
        return [(one.start, one.end) for one in self._found(text, number, None)]

    def replace(self, text: str, number: int, replacement: str) -> list[FoundText]:
        r"""Give every place with what is to stand there.

        Args:
            text: The text.
            number: Number of the paragraph.
            replacement: As a person typed it; with a pattern, ``\1`` is its first group.

        Raises:
            PatternError: The pattern takes too long, or there is no such group.
        """
        if self._is_plain(text):
            hits = self._pattern.finditer(text)
            return [FoundText(hit.start(), hit.end(), replacement) for hit in hits]
        if not self.query.is_pattern:
            return list(self._found(text, number, lambda _hit: replacement))
        return list(self._found(text, number, lambda hit: _expanded(hit, replacement)))

    def _is_plain(self, text: str) -> bool:
        """Tell whether all that is found counts as it is, as nearly always."""
        return text.isascii() and self.query.within is None and not self.query.is_pattern

    def _found(
        self, text: str, number: int, write: Callable[[Any], str] | None
    ) -> Iterator[FoundText]:
        bounds = self._bounds(text, number)
        searched, places = text, None
        if self.query.ignores_accents and not text.isascii():
            searched, places = _without_accents(text)
        for hit in self._hits(searched):
            start, end = cast("tuple[int, int]", hit.span())
            if places is not None:
                start, end = places[start], places[end]
            elif not self.query.is_pattern and _has_accent_at(text, end):
                continue  # that sign with its accent is another one
            if start < end and bounds[0] <= start and end <= bounds[1]:
                yield FoundText(start, end, "" if write is None else write(hit))

    def _bounds(self, text: str, number: int) -> tuple[int, int]:
        first, last = 0, len(text)
        if self.query.within is not None:
            begin, finish = self.query.within
            first = begin[1] if number == begin[0] else 0
            last = finish[1] if number == finish[0] else last
        return first, last

    def _hits(self, text: str) -> Iterable[Any]:
        if not self.query.is_pattern:
            return self._pattern.finditer(text)
        left = self._left_s()
        if left <= 0:
            raise _too_slow()
        try:
            return list(self._pattern.finditer(text, timeout=left, concurrent=True))
        except (TimeoutError, MemoryError) as error:  # it is given a gigabyte
            raise _too_slow() from error


def range_after(
    within: tuple[tuple[int, int], tuple[int, int]], change: Change
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Give where a range of the text is after a step that was made in it or beside it."""
    (first, start), (last, end) = within
    for one in reversed(change.splices):
        if one.first > last:
            continue
        more = len(one.inserted) - len(one.removed)
        if one.end <= first:
            first += more
        elif not more and one.first <= last < one.end:
            at = last - one.first
            end += len(one.inserted[at].text) - len(one.removed[at].text)
        last += more
    return (first, start), (max(first, last), max(0, end))


def _has_accent_at(text: str, at: int) -> bool:
    return at < len(text) and text[at] > "\x7f" and unicodedata.category(text[at])[0] == "M"


def _compile_plain(query: Query) -> Any:
    wanted = " ".join(query.text.split())
    if query.ignores_accents:
        wanted = _without_accents(wanted)[0]
    source = r"\s".join(re.escape(word) for word in wanted.split(" "))
    if query.is_whole_word:
        source = rf"(?<!\w){source}(?!\w)"
    return re.compile(source, 0 if query.is_case_kept else re.IGNORECASE)


def _compile_pattern(query: Query) -> Any:
    import regex  # only who searches by a pattern pays for it

    source = query.text
    if query.ignores_accents:
        source = _without_accents(source)[0]
    if query.is_whole_word:
        source = rf"(?<!\w)(?:{source})(?!\w)"
    if _is_endless(source):
        raise _too_slow()
    try:
        return regex.compile(source, 0 if query.is_case_kept else regex.IGNORECASE)
    except (regex.error, RecursionError, OverflowError, MemoryError) as error:
        raise PatternError(
            message("This is not a valid regular expression: {reason}.", reason=str(error))
        ) from error


_PARTS = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<open>\()|(?P<close>\))|\{(?P<least>\d+)(?:,\d*)?\}|.",
    re.DOTALL,
)
_MOST_PARTS = 20_000
_MOST_DIGITS = 6


def _is_endless(source: str) -> bool:
    """Tell a pattern that would take all the memory: ``(a{9999}){9999}`` is written out."""
    sizes, last = [0], 0
    for part in _PARTS.finditer(source):
        least = part["least"]
        if part["open"]:
            sizes.append(0)
        elif part["close"] and len(sizes) > 1:
            last = sizes.pop()
            sizes[-1] += last
        elif least is not None:
            if len(least.lstrip("0")) > _MOST_DIGITS:
                return True
            sizes[-1] += last * (int(least) - 1)
            last *= int(least)
        else:
            sizes[-1], last = sizes[-1] + 1, 1
        if sizes[-1] > _MOST_PARTS:
            return True
    return False


def _expanded(hit: Any, replacement: str) -> str:
    try:
        return hit.expand(replacement)
    except Exception as error:  # the package raises several kinds
        raise PatternError(
            message(
                "“{wanted}” cannot be used as the replacement: {reason}.",
                wanted=replacement,
                reason=str(error),
            )
        ) from error


def _too_slow() -> PatternError:
    return PatternError(message("This regular expression takes too long. Try a simpler one."))


def _without_accents(text: str) -> tuple[str, list[int] | None]:
    """Give a text without accents, and where each place of it was, if not at the same."""
    plain = [_plain(sign) for sign in text]
    if all(len(one) == 1 for one in plain):
        return "".join(plain), None
    places = [at for at, one in enumerate(plain) for _ in one]
    # What ends before an accent ends behind it: the next sign begins there.
    return "".join(plain), [*places, len(text)]


def _plain(sign: str) -> str:
    if sign.isascii():
        return sign
    apart = unicodedata.normalize("NFD", sign.translate(_WITHOUT_STROKE))
    bare = "".join(one for one in apart if unicodedata.category(one) != "Mn")
    return unicodedata.normalize("NFC", bare)
