"""Typing in a transcript: a range of its text now reads otherwise, and words keep their sound.

A person edits characters; what is kept are words with times. Here the words around an edit
are laid beside what stands there now: an untouched word stays the very word it was, a
corrected one keeps the time of the one it replaces, a split one shares it, joined ones span
theirs, and a new one takes the silence it stands in or, where there is none, the end of the
word before. Nothing outside the edited range is looked at.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import inf
from operator import gt

from app.core.document import Change, Splice
from app.core.layouts import beginning_as
from app.core.moving import with_sound
from app.core.rewriting import NO_BREAK, Token, grouped, left_out_last, runs_of, timed
from app.core.transcript import Paragraph, Transcript, Word, join_words

LABEL = "Typing"
_BREAKS = dict.fromkeys(map(ord, "\r\u2028\u2029\x85\v\f\x1c\x1d\x1e\ufdd0\ufdd1"), "\n")
_RUN = 8
"""A longer run of characters written without spaces is taken character by character."""
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x30FF),  # characters of Japanese
    (0x31F0, 0x31FF),
    (0x3400, 0x9FFF),  # Chinese
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),
    (0x20000, 0x3FFFF),
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A range of the text, and what stands there now.

    Attributes:
        first: Number of the paragraph it begins in.
        start: Offset in that paragraph's text, in characters.
        last: Number of the paragraph it ends in.
        end: Offset in that one's text.
        text: What is written there; a line break begins another paragraph.
        carried: What of it was cut, copied or dragged elsewhere in the same transcript; its
            words keep their sound where they can (see ``app/core/moving.py``).
        is_apart: It was not written sign by sign: pasted, cut, dropped. It is a step of its
            own to take back.
    """

    first: int
    start: int
    last: int
    end: int
    text: str
    carried: tuple[Paragraph, ...] = ()
    is_apart: bool = False


@dataclass(frozen=True, slots=True)
class _Side:
    """What an edit leaves of the paragraph at one side of it.

    Attributes:
        kept: Words it does not touch.
        word: The word at its edge, if it reaches there.
        rest: What is left of that word.
        is_seam: The word is whole and was written together with one that is replaced.
    """

    kept: tuple[Word, ...]
    word: Word | None = None
    rest: str = ""
    is_seam: bool = False


def retype(transcript: Transcript, typed: Typed) -> Change | None:
    """Let a range of the text read otherwise; ``None`` if no word would be another.

    Several spaces count as one, and none stands at either end of a paragraph.
    """
    paragraphs = transcript.paragraphs
    if paragraphs:
        old = paragraphs[typed.first : typed.last + 1]
        new = retyped(old, replace(typed, first=0, last=typed.last - typed.first))
        splice = Splice(typed.first, old, new)
    else:
        nobody = Paragraph((), None, 0, transcript.duration_ms)
        new = retyped((nobody,), typed)
        splice = Splice(0, (), new if any(one.words for one in new) else ())
    if typed.carried:
        splice = with_sound(splice, typed.carried, transcript)
    if splice.removed == splice.inserted:
        return None
    return Change((splice,), transcript.speakers, transcript.speakers, LABEL)


def typeable(text: str) -> str:
    """Give of a text what can be typed: signs and line breaks, no controls.

    Elsewhere an empty line parts two paragraphs; here a line break does, so that it goes.
    """
    lines = [line.translate(_DROPPED) for line in _lines(text)]
    inner = (line for line in lines[1:-1] if line.strip())
    return "\n".join([*lines[:1], *inner, *lines[1:][-1:]])


def retyped(paragraphs: Sequence[Paragraph], typed: Typed) -> tuple[Paragraph, ...]:
    """Give paragraphs as they are after a range of their text reads otherwise.

    Args:
        paragraphs: The paragraphs the range reaches into, and no others.
        typed: The range, counted from the first of them.
    """
    new = _lines(typed.text)
    if len(paragraphs) == 1 or len(new) != len(paragraphs):
        return _retyped_as_one(paragraphs, typed)
    # As many lines as before: each stays with whoever says it. So what is carried from one
    # paragraph to another leaves those between as they are.
    old = [join_words(one.words) for one in paragraphs]
    new[0], new[-1] = old[0][: typed.start] + new[0], new[-1] + old[-1][typed.end :]
    made: list[Paragraph] = []
    for number, (before, after) in enumerate(zip(old, new, strict=True)):
        if before == after:
            made.append(paragraphs[number])
        else:
            differing = _differing(before, after, is_end_kept=number == len(old) - 1)
            made += _retyped_as_one((paragraphs[number],), differing)
    return tuple(made)


def _differing(old: str, new: str, *, is_end_kept: bool) -> Typed:
    """Give what of a line reads otherwise: behind what is the same, or in front of it."""
    least = min(len(old), len(new))
    if is_end_kept:
        tail = _as_long_as_same(old[::-1], new[::-1], least)
        head = _as_long_as_same(old, new, least - tail)
    else:
        head = _as_long_as_same(old, new, least)
        tail = _as_long_as_same(old[::-1], new[::-1], least - head)
    return Typed(0, head, 0, len(old) - tail, new[head : len(new) - tail])


def _as_long_as_same(one: str, other: str, most: int) -> int:
    return next((at for at in range(most) if one[at] != other[at]), most)


def _retyped_as_one(paragraphs: Sequence[Paragraph], typed: Typed) -> tuple[Paragraph, ...]:
    first, last = paragraphs[0], paragraphs[-1]
    lines = [line.translate(_DROPPED) for line in _lines(typed.text)]
    left, right, middle = _sides(paragraphs, typed)
    if _parts(left.rest[-1:]):  # cut in a word that has a space in it
        left, lines[0] = replace(left, rest=left.rest.rstrip()), " " + lines[0]
    if _parts(right.rest[:1]):
        right, lines[-1] = replace(right, rest=right.rest.lstrip()), lines[-1] + " "
    is_inside = left.word is not None and left.word is right.word
    is_break_removed = (
        typed.first != typed.last
        and not typed.text
        and not middle
        and typed.start == len(join_words(first.words))
        and not typed.end
    )
    tokens = [_tokens(line) for line in lines]
    _attach(tokens, lines, left, right, is_inside=is_inside, is_apart=is_break_removed)
    tokens = [_trimmed(line) for line in tokens]
    old = [one for one in (left.word, *middle, None if is_inside else right.word) if one]
    flat = [token for line in tokens for token in line]
    before = left.kept[-1] if left.kept else None
    after = right.kept[0] if right.kept else None
    silence = (
        before.end_ms if before else first.start_ms,
        after.start_ms if after else last.end_ms,
    )
    groups = grouped(
        [word.text for word in old],
        [token.text for token in flat],
        has_left=bool(left.word),
        has_right=bool(right.word),
    )
    words = timed(old, flat, groups, before, after, silence)
    behind = right.kept
    if behind and (gone := left_out_last(old, groups)):
        behind = (beginning_as(gone, behind[0]), *behind[1:])
    rests = bool(left.kept or left.word or lines[0].strip()), bool(behind or right.word)
    kept, words, behind = _in_order(left.kept, words, behind)
    return _parted(paragraphs, kept, words, behind, [len(one) for one in tokens], rests)


def _in_order(
    kept: tuple[Word, ...], words: list[Word], behind: tuple[Word, ...]
) -> tuple[tuple[Word, ...], list[Word], tuple[Word, ...]]:
    """Let estimated times at a seam run on; where two turns become one they may cross there."""
    heard = len(kept)
    while heard and kept[heard - 1].is_estimated:
        heard -= 1
    before = kept[heard - 1] if heard else None
    ordered = _between(before, (*kept[heard:], *words, *behind))
    begin = len(kept) - heard
    end = begin + len(words)
    return (*kept[:heard], *ordered[:begin]), list(ordered[begin:end]), ordered[end:]


def _between(before: Word | None, words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Let each estimated time begin between its neighbours', where known ones go on."""
    starts = [before.start_ms if before else 0, *(word.start_ms for word in words)]
    if not any(map(gt, starts, starts[1:])):
        return words
    known: list[float] = [inf]  # when the next one that was heard begins, from the last on
    for word in reversed(words):
        known.append(known[-1] if word.is_estimated else word.start_ms)
    made: list[Word] = []
    at_ms = starts[0]
    for word, next_ms in zip(words, reversed(known), strict=False):
        start_ms = word.start_ms
        if word.is_estimated and at_ms <= next_ms:
            start_ms = int(min(max(start_ms, at_ms), next_ms))
        is_same = start_ms == word.start_ms
        end_ms = max(start_ms, word.end_ms)
        made.append(word if is_same else replace(word, start_ms=start_ms, end_ms=end_ms))
        at_ms = start_ms
    return tuple(made)


# ------------------------------------------------------------------ what an edit touches


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").translate(_BREAKS).split("\n")


class _Dropped(dict[int, str | None]):
    """Leaves out of a text what is no character: controls and halves of a pair."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        self[code] = None if unicodedata.category(character) in {"Cc", "Cs"} else character
        return self[code]


_DROPPED = _Dropped({ord("\t"): " "})


def _ends(words: Sequence[Word]) -> list[int]:
    """Give where each word ends in its paragraph's text."""
    sizes = [len(word.text) + (not word.is_joined) for word in words]
    if sizes:
        sizes[0] = len(words[0].text)
    return list(accumulate(sizes))


def _begin_of(words: Sequence[Word], ends: Sequence[int], place: int) -> int:
    return ends[place] - len(words[place].text)


def _sides(
    paragraphs: Sequence[Paragraph], typed: Typed
) -> tuple[_Side, _Side, tuple[Word, ...]]:
    """Give what stands at either side of an edit, and the words wholly within it."""
    first, last = paragraphs[0].words, paragraphs[-1].words
    is_one = len(paragraphs) == 1
    ends = _ends(first)
    begin = inner = bisect_left(ends, typed.start)
    left = _Side(first[:begin])
    is_removing = not is_one or typed.end > typed.start
    if begin < len(first) and _begin_of(first, ends, begin) < typed.start:
        inner = begin + 1
        is_seam = (
            is_removing
            and ends[begin] == typed.start
            and inner < len(first)
            and _begin_of(first, ends, inner) == typed.start
        )
        rest = first[begin].text[: typed.start - _begin_of(first, ends, begin)]
        left = _Side(first[:begin], first[begin], rest, is_seam)
    ends = ends if is_one else _ends(last)
    finish = bisect_right(ends, typed.end)
    right = _Side(last[finish:])
    if finish < len(last) and (start := _begin_of(last, ends, finish)) <= typed.end:
        is_seam = is_removing and finish > 0 and ends[finish - 1] == start == typed.end
        rest = last[finish].text[typed.end - start :]
        right = _Side(last[finish + 1 :], last[finish], rest, is_seam)
    if is_one:
        return left, right, first[inner:finish]
    between = [word for one in paragraphs[1:-1] for word in one.words]
    return left, right, (*first[inner:], *between, *last[:finish])


# ------------------------------------------------------------------ what stands there now


def _parts(character: str) -> bool:
    """Tell whether a character is a space that parts words."""
    return character.isspace() and character not in NO_BREAK


def _is_unspaced(character: str) -> bool:
    return any(low <= ord(character) <= high for low, high in _UNSPACED)


def belong_together(before: str, after: str) -> bool:
    """Tell whether characters side by side are of one word."""
    if unicodedata.category(after).startswith("M"):
        return True
    return not (_is_unspaced(before) or _is_unspaced(after))


def _tokens(line: str) -> list[Token]:
    """Cut a line into words; long runs without spaces character by character.

    They may have spaces at their ends that part no words, until they stand where they belong.
    """
    tokens: list[Token] = []
    for text in runs_of(line):
        parts: list[str] = [text]
        if len(text) > _RUN and not text.isascii() and any(map(_is_unspaced, text)):
            parts.clear()
            for character in text:
                if parts and belong_together(parts[-1][-1], character):
                    parts[-1] += character
                else:
                    parts.append(character)
        tokens += [Token(part, is_joined=place > 0) for place, part in enumerate(parts)]
    return tokens


def _trimmed(tokens: Sequence[Token]) -> list[Token]:
    """Give words without spaces at their ends."""
    if all(one.text.isascii() for one in tokens):
        return list(tokens)
    return [
        one if one.text == text else replace(one, text=text)
        for one in tokens
        if (text := one.text.strip())
    ]


def _attach(
    paragraphs: list[list[Token]],
    lines: list[str],
    left: _Side,
    right: _Side,
    *,
    is_inside: bool,
    is_apart: bool,
) -> None:
    """Put what is left of the words at the edges before and behind what was typed."""
    first, last = paragraphs[0], paragraphs[-1]
    is_empty = len(lines) == 1 and not lines[0]
    if left.word is not None:
        head = Token(left.rest, left.word.is_joined)
        is_close = not is_empty and bool(lines[0]) and not _parts(lines[0][0])
        if first and is_close:
            if not left.is_seam and belong_together(left.rest[-1], first[0].text[0]):
                first[0] = replace(head, text=left.rest + first[0].text)
            else:
                first[:1] = [head, replace(first[0], is_joined=True)]
        else:
            first.insert(0, head)
    if right.word is None:
        return
    is_close = bool(lines[-1]) and not _parts(lines[-1][-1])
    if is_apart and last and _is_unspaced(last[-1].text[-1]) and _is_unspaced(right.rest[0]):
        last.append(Token(right.rest, is_joined=True))
        return
    if is_empty:
        is_close = left.word is not None and not is_apart
    if not last or not is_close:
        last.append(Token(right.rest, is_joined=False))
        return
    is_one = is_inside or (not (left.is_seam and is_empty) and not right.is_seam)
    if is_one and (
        (is_inside and is_empty) or belong_together(last[-1].text[-1], right.rest[0])
    ):
        last[-1] = replace(last[-1], text=last[-1].text + right.rest)
    else:
        last.append(Token(right.rest, is_joined=True))


# ------------------------------------------------------------------ paragraphs


def _parted(
    paragraphs: Sequence[Paragraph],
    kept_left: tuple[Word, ...],
    words: list[Word],
    kept_right: tuple[Word, ...],
    counts: list[int],
    rests: tuple[bool, bool],
) -> tuple[Paragraph, ...]:
    """Put words into paragraphs; whose words are left, theirs are speaker and marks.

    Args:
        paragraphs: As they were.
        kept_left: Words of the first that nothing touched.
        words: What stands behind them now.
        kept_right: Words of the last that nothing touched.
        counts: How many of ``words`` are in each line.
        rests: Whether something is left of the first, or written there; and of the last.
    """
    ends = list(accumulate(counts))
    parts = [words[end - count : end] for end, count in zip(ends, counts, strict=True)]
    parts[0][:0] = kept_left
    parts[-1] += kept_right
    pieces = [
        tuple(
            [replace(part[0], is_joined=False), *part[1:]]
            if part and part[0].is_joined and place
            else part
        )
        for place, part in enumerate(parts)
    ]
    if len(paragraphs) == 1:
        return cut(paragraphs[0], pieces)
    first, last = paragraphs[0], paragraphs[-1]
    if len(pieces) > 1:  # what is left of the last stays with whoever says it
        *begun, rest = cut(replace(first, end_ms=max(first.end_ms, last.end_ms)), pieces)
        if rests[1]:
            rest = replace(last, words=rest.words, start_ms=rest.start_ms, end_ms=rest.end_ms)
        return (*begun, rest)
    return cut(_left_of(paragraphs, rests), pieces)


def _left_of(paragraphs: Sequence[Paragraph], rests: tuple[bool, bool]) -> Paragraph:
    """Give paragraphs as one of which only the ends are left, if anything.

    A note goes with the words it was about; that of a paragraph without words stays.
    """
    ends = [paragraphs[0], paragraphs[-1]]
    if rests[0] != rests[1]:
        ends = [paragraphs[0] if rests[0] else paragraphs[-1]]
    noted = (one for one in paragraphs if not one.words or any(one is end for end in ends))
    notes = [one.note for one in noted if one.note]
    return replace(merged(ends), note=" ".join(notes))


def merged(paragraphs: Sequence[Paragraph]) -> Paragraph:
    """Give paragraphs as one: the speaker of the first, the marks and notes of all."""
    notes = [one.note for one in paragraphs if one.note]
    return replace(
        paragraphs[0],
        words=tuple(word for one in paragraphs for word in one.words),
        start_ms=min(one.start_ms for one in paragraphs),
        end_ms=max(one.end_ms for one in paragraphs),
        is_approved=all(one.is_approved for one in paragraphs),
        is_highlighted=any(one.is_highlighted for one in paragraphs),
        note=" ".join(notes),
    )


def cut(paragraph: Paragraph, pieces: Sequence[tuple[Word, ...]]) -> tuple[Paragraph, ...]:
    """Cut a paragraph in pieces; each lasts until the next begins to be spoken.

    The note stays with the first that has words.
    """
    if len(pieces) == 1:
        return (replace(paragraph, words=pieces[0]),)
    made: list[Paragraph] = []
    at_ms = paragraph.start_ms
    noted = next((place for place, words in enumerate(pieces) if words), 0)
    for place, (words, next_ms) in enumerate(zip(pieces, _nexts_ms(pieces), strict=True)):
        end_ms = max(at_ms, *(word.end_ms for word in words)) if words else at_ms
        if place == len(pieces) - 1:
            end_ms = max(at_ms, paragraph.end_ms)
        note = paragraph.note if place == noted else ""
        made.append(replace(paragraph, words=words, start_ms=at_ms, end_ms=end_ms, note=note))
        at_ms = end_ms if next_ms is None else max(at_ms, next_ms)
    return tuple(made)


def _nexts_ms(pieces: Sequence[tuple[Word, ...]]) -> list[int | None]:
    """Give for each piece when the first word of those behind it begins, if there is any."""
    nexts: list[int | None] = [None]
    for words in reversed(pieces[1:]):
        nexts.append(words[0].start_ms if words else nexts[-1])
    return nexts[::-1]


def text_of(paragraphs: Sequence[Paragraph]) -> str:
    """Give the text of paragraphs as it is typed in, a line each."""
    return "\n".join(join_words(one.words) for one in paragraphs)
