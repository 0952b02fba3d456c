"""Group words into turns, for replies that come without them (contract 11.5)."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.transcript import Segment, SpeakerId, Word

LONG_PAUSE_MS = 2_000
"""A silence that starts a new paragraph after a finished sentence."""
PARAGRAPH_WORDS = 80
"""A paragraph of one speaker is broken at the first sentence end after this many words."""
_SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！", "।", "؟")


def group_words(
    words: Sequence[Word], speakers: Sequence[SpeakerId | None]
) -> tuple[Segment, ...]:
    """Make turns of words: a new one at each change of speaker, and at readable places.

    Args:
        words: In reading order.
        speakers: Who speaks each word; the same length as ``words``.
    """
    segments: list[Segment] = []
    begin = 0
    for place in range(1, len(words) + 1):
        if place < len(words) and not _starts_turn(words, speakers, begin, place):
            continue
        chunk = tuple(words[begin:place])
        if chunk:
            segments.append(
                Segment(
                    chunk,
                    speakers[begin],
                    min(word.start_ms for word in chunk),
                    max(max(word.start_ms, word.end_ms) for word in chunk),
                )
            )
        begin = place
    return tuple(segments)


def ends_sentence(text: str) -> bool:
    """Tell whether a word closes a sentence, quotes and brackets aside."""
    return text.rstrip("\"'”’»)]").endswith(_SENTENCE_ENDS)


def _starts_turn(
    words: Sequence[Word], speakers: Sequence[SpeakerId | None], begin: int, place: int
) -> bool:
    if speakers[place] != speakers[place - 1]:
        return True
    if not ends_sentence(words[place - 1].text):
        return False
    gap_ms = words[place].start_ms - words[place - 1].end_ms
    return gap_ms >= LONG_PAUSE_MS or place - begin >= PARAGRAPH_WORDS
