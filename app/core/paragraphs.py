"""Group words into turns, for replies that come without them (contract 11.5)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from app.core.transcript import Paragraph, SpeakerId, Word

LONG_PAUSE_MS = 2_000
"""A silence that starts a new paragraph after a finished sentence."""
PARAGRAPH_WORDS = 80
"""A paragraph of one speaker is broken at the first sentence end after this many words."""
MOST_WORDS = 160
"""A paragraph never has more; without any sentence end it is broken at a pause."""


@dataclass(frozen=True, slots=True)
class ParagraphRules:
    """Where a paragraph of one speaker ends; with all of them ``None``, with the turn only.

    Attributes:
        pause_ms: At a silence this long after a finished sentence.
        words: At the first end of a sentence after so many words.
        most_words: At a pause, if there is no end of a sentence in so many words.
    """

    pause_ms: int | None = LONG_PAUSE_MS
    words: int | None = PARAGRAPH_WORDS
    most_words: int | None = MOST_WORDS


_USUAL = ParagraphRules()
_SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！", "।", "؟")


def group_words(
    words: Sequence[Word],
    speakers: Sequence[SpeakerId | None],
    starts: Collection[int] = (),
    within: Collection[int] = (),
    rules: ParagraphRules = _USUAL,
) -> tuple[Paragraph, ...]:
    """Make turns of words: a new one at each change of speaker, and at readable places.

    Args:
        words: In reading order.
        speakers: Who speaks each word; the same length as ``words``.
        starts: Places of words that begin a turn whoever speaks.
        within: Places of words that begin none unless somebody else speaks: they go on
            with a subtitle.
        rules: Where a paragraph of one speaker ends.
    """
    paragraphs: list[Paragraph] = []
    begin = 0
    for place in range(1, len(words) + 1):
        if (
            place < len(words)
            and place not in starts
            and (
                (place in within and speakers[place] == speakers[place - 1])
                or not _starts_turn(words, speakers, begin, place, rules)
            )
        ):
            most = rules.most_words
            if most is not None and place - begin >= most and place not in within:
                end = _longest_pause(words, begin + most // 2, place, within)
                paragraphs.append(_paragraph(words[begin:end], speakers[begin]))
                begin = end
            continue
        if place > begin:
            paragraphs.append(_paragraph(words[begin:place], speakers[begin]))
        begin = place
    return tuple(paragraphs)


def group_spoken(
    words: Sequence[Word], speakers: Sequence[SpeakerId | None], languages: Sequence[str]
) -> tuple[Paragraph, ...]:
    """Make turns of words of which some are in another language; each turn is in one.

    Args:
        words: In reading order.
        speakers: Who speaks each word.
        languages: What each is in, where it is another language than the transcript's.
    """
    breaks = {at for at in range(1, len(words)) if languages[at] != languages[at - 1]}
    made: list[Paragraph] = []
    first = 0
    for one in group_words(words, speakers, breaks):
        made.append(replace(one, language=languages[first]))
        first += len(one.words)
    return tuple(made)


def languages_of(
    words: Sequence[Word], changes: Sequence[tuple[int, str]], main: str
) -> list[str]:
    """Give what each word is in, where it is another language than the transcript's.

    Args:
        words: In reading order.
        changes: From when on which language is spoken, in order.
        main: The transcript's language.
    """
    starts = [start_ms for start_ms, _ in changes]
    spoken = [bisect_right(starts, word.start_ms) - 1 for word in words]
    codes = [changes[at][1] if at >= 0 else main for at in spoken]
    return ["" if code == main else code for code in codes]


def most_spoken(words: Sequence[Word], changes: Sequence[tuple[int, str]]) -> str:
    """Give the language in which most words are; empty where nothing is known."""
    starts = [start_ms for start_ms, _ in changes]
    counts: dict[str, int] = {}
    for word in words:
        at = bisect_right(starts, word.start_ms) - 1
        if at >= 0:
            counts[changes[at][1]] = counts.get(changes[at][1], 0) + 1
    return max(counts, key=lambda code: counts[code], default="")


def ends_sentence(text: str) -> bool:
    """Tell whether a word closes a sentence, quotes and brackets aside."""
    return text.rstrip("\"'”’»)]").endswith(_SENTENCE_ENDS)


def _paragraph(words: Sequence[Word], speaker: SpeakerId | None) -> Paragraph:
    return Paragraph(
        tuple(words),
        speaker,
        min(word.start_ms for word in words),
        max(max(word.start_ms, word.end_ms) for word in words),
    )


def _longest_pause(
    words: Sequence[Word], first: int, last: int, within: Collection[int]
) -> int:
    """Give the place before which the silence is longest; the latest of equal ones."""
    return max(
        (place for place in range(first, last + 1) if place not in within),
        key=lambda place: (words[place].start_ms - words[place - 1].end_ms, place),
    )


def _starts_turn(
    words: Sequence[Word],
    speakers: Sequence[SpeakerId | None],
    begin: int,
    place: int,
    rules: ParagraphRules,
) -> bool:
    if speakers[place] != speakers[place - 1]:
        return True
    if not ends_sentence(words[place - 1].text):
        return False
    gap_ms = words[place].start_ms - words[place - 1].end_ms
    if rules.pause_ms is not None and gap_ms >= rules.pause_ms:
        return True
    return rules.words is not None and place - begin >= rules.words
