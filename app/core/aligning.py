"""Words of a transcript at the times they were found to be said.

A pure function as in ``edits``: no word is skipped, added or passed by another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.core.document import Change, Splice
from app.core.transcript import Paragraph, Transcript, Word

LABEL = "Align words"
Times = tuple[int, int]


def with_times(transcript: Transcript, found: Sequence[Times | None]) -> Change | None:
    """Put words where they were found; ``None`` if nothing would change.

    A word that was not found stays where it is, and none moves past it. Words that went
    backwards before may do so still: only what was in order is kept in order.

    Args:
        transcript: What is edited.
        found: Start and end of each of its words, in reading order; ``None`` for one that
            was not found.

    Raises:
        ValueError: As many times as words are needed.
    """
    old = list(transcript.words())
    if len(found) != len(old):
        raise ValueError(f"{len(found)} times for {len(old)} words")
    words = _ended(old, _begun(old, found), found)
    splices: list[Splice] = []
    at = 0
    for number, paragraph in enumerate(transcript.paragraphs):
        own = tuple(words[at : at + len(paragraph.words)])
        at += len(paragraph.words)
        if own != paragraph.words:
            splices.append(Splice(number, (paragraph,), (_lasting(paragraph, own),)))
    if not splices:
        return None
    return Change(tuple(splices), transcript.speakers, transcript.speakers, LABEL)


def _begun(old: Sequence[Word], found: Sequence[Times | None]) -> list[int]:
    """Give when each word begins: none before the last or behind the next that stays."""
    starts = [
        word.start_ms if times is None else times[0]
        for word, times in zip(old, found, strict=True)
    ]
    for place in range(1, len(old)):
        if found[place] is not None and old[place].start_ms >= old[place - 1].start_ms:
            starts[place] = max(starts[place], starts[place - 1])
    for place in range(len(old) - 2, -1, -1):
        if found[place] is not None and old[place].start_ms <= old[place + 1].start_ms:
            starts[place] = min(starts[place], starts[place + 1])
    return starts


def _ended(
    old: Sequence[Word], starts: Sequence[int], found: Sequence[Times | None]
) -> list[Word]:
    words: list[Word] = []
    for place, (word, times) in enumerate(zip(old, found, strict=True)):
        if times is None:
            words.append(word)
            continue
        end_ms = times[1]
        if place + 1 < len(old) and word.end_ms <= old[place + 1].start_ms:
            end_ms = min(end_ms, starts[place + 1])
        start_ms = starts[place]
        words.append(
            replace(word, start_ms=start_ms, end_ms=max(start_ms, end_ms), is_estimated=False)
        )
    return words


def _lasting(paragraph: Paragraph, words: tuple[Word, ...]) -> Paragraph:
    """Give a paragraph that begins and ends as its words do, if it did before."""
    old = paragraph.words
    start_ms, end_ms = paragraph.start_ms, paragraph.end_ms
    if start_ms == old[0].start_ms:
        start_ms = words[0].start_ms
    if end_ms == old[-1].end_ms:
        end_ms = words[-1].end_ms
    return replace(
        paragraph,
        words=words,
        start_ms=min(start_ms, words[0].start_ms),
        end_ms=max(start_ms, end_ms, words[-1].end_ms),
    )
