"""Words as another program heard them, made whole.

Programs leave out the times of what they could not place, the spaces or the
punctuation. The times come from the neighbours, the rest from the text in which the
words stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.core.transcript import Word
from app.export.importing.words import is_without_spaces

_REACH = 80
"""How many characters of a text may belong to words that were not heard."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A word, or a piece of one, as it was written.

    Attributes:
        text: With a space before it, where the program writes those.
        start_ms: ``None`` if the program did not say; so is ``end_ms``.
        name: Who speaks, if the word itself says so.
        is_estimated: Its times were worked out already.
    """

    text: str
    start_ms: int | None
    end_ms: int | None
    confidence: float | None = None
    speaker_confidence: float | None = None
    name: str = ""
    is_estimated: bool = False


def whole_words(
    heard: Sequence[Heard], text: str = "", start_ms: int | None = None
) -> Iterator[tuple[Word, str]]:
    """Make words of what was heard, each with the name of who speaks.

    Args:
        heard: In reading order.
        text: In which they stand, with spaces and punctuation.
        start_ms: When the text begins, if that is known.
    """
    heard = [one for one in heard if one.text.strip()]
    has_spaces = any(one.text[0].isspace() for one in heard)
    before = ""
    spans = _spans(heard, start_ms)
    for one, span, (written, is_next) in zip(heard, spans, _written(heard, text), strict=True):
        if is_next is not None:
            is_joined = is_next
        elif has_spaces:
            is_joined = not one.text[0].isspace()
        else:
            is_joined = is_without_spaces(before[-1:]) and is_without_spaces(written[0])
        is_estimated = one.is_estimated or one.start_ms is None or one.end_ms is None
        word = Word(
            written,
            *span,
            one.confidence,
            one.speaker_confidence,
            is_joined=bool(before) and is_joined,
            is_estimated=is_estimated,
        )
        yield word, one.name
        before = written


def _spans(heard: Sequence[Heard], start_ms: int | None) -> Iterator[tuple[int, int]]:
    """Give each word its time; one that has none lies between its neighbours."""
    known = (one.start_ms for one in heard if one.start_ms is not None)
    at_ms = next(known, 0) if start_ms is None else start_ms
    for place, one in enumerate(heard):
        begin_ms = one.start_ms
        if begin_ms is None:
            begin_ms = at_ms if one.end_ms is None else min(at_ms, one.end_ms)
        end_ms = one.end_ms
        if end_ms is None and place + 1 < len(heard):
            end_ms = heard[place + 1].start_ms
        at_ms = begin_ms if end_ms is None else max(begin_ms, end_ms)
        yield begin_ms, at_ms


def _written(heard: Sequence[Heard], text: str) -> list[tuple[str, bool | None]]:
    """Find the words in their text: how each is written, and whether joined to the last.

    ``None`` stands where the text does not tell.
    """
    words: list[tuple[str, bool | None]] = []
    lowered = text.lower()
    folded = lowered if len(lowered) == len(text) else text
    place, last = 0, -1
    for number, one in enumerate(heard):
        piece = " ".join(one.text.split())
        at = _find(folded, piece if folded is text else piece.lower(), place)
        if at is None:
            words.append((piece, None))
            continue
        behind, ahead = _divided(text[place:at])
        if last >= 0:
            words[last] = (words[last][0] + behind, words[last][1])
        else:
            ahead = behind.strip() + ahead
        is_next = not any(character.isspace() for character in text[place:at])
        words.append((ahead + piece, is_next if last == number - 1 else None))
        place, last = at + len(piece), number
    if last >= 0:
        behind, ahead = _divided(text[place:])
        words[last] = (f"{words[last][0]}{behind} {ahead}".strip(), words[last][1])
    return words


def _find(text: str, piece: str, place: int) -> int | None:
    """Find a word where it should follow, or whole a little later."""
    at = text.find(piece, place, place + _REACH + len(piece))
    while at >= 0:
        end = at + len(piece)
        if not _has_letters(text[place:at]):
            return at
        if not _has_letters(text[at - 1]) and not _has_letters(text[end : end + 1]):
            return at
        at = text.find(piece, at + 1, place + _REACH + len(piece))
    return None


def _divided(between: str) -> tuple[str, str]:
    """Divide what stands between two words among them; other words are not theirs."""
    if not any(character.isspace() for character in between):
        return ("" if _has_letters(between) else between), ""
    behind = between[: len(between) - len(between.lstrip())] or between.split(None, 1)[0]
    ahead = "" if between[-1].isspace() else between.rsplit(maxsplit=1)[-1]
    middle = between[len(behind) : len(between) - len(ahead)].strip()
    if _has_letters(middle):
        middle = ""
    behind = "" if _has_letters(behind) else behind.strip()
    return f"{behind} {middle}" if middle else behind, "" if _has_letters(ahead) else ahead


def _has_letters(text: str) -> bool:
    return any(character.isalnum() for character in text)


def merge_pieces(pieces: Sequence[Heard]) -> list[Heard]:
    """Put the pieces of words together where no space stands before them."""
    words: list[Heard] = []
    for piece in pieces:
        if words and _continues(words[-1], piece):
            words[-1] = _merged(words[-1], piece)
        else:
            words.append(piece)
    return words


def _continues(word: Heard, piece: Heard) -> bool:
    before, first = word.text[-1], piece.text[0]
    if first.isspace() or before.isspace() or word.name != piece.name:
        return False
    is_of_its_own = is_without_spaces(before) or is_without_spaces(first)
    return not (is_of_its_own and first.isalnum())


def _merged(word: Heard, piece: Heard) -> Heard:
    known = [one for one in (word.confidence, piece.confidence) if one is not None]
    return replace(
        word,
        text=word.text + piece.text,
        end_ms=piece.end_ms,
        confidence=min(known, default=None),
        is_estimated=word.is_estimated or piece.is_estimated,
    )
