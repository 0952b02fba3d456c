"""Words that were said and are not to be read: struck through, brought back, deleted. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from app.core.document import Change, Splice
from app.core.layouts import beginning_as
from app.core.paragraphs import ends_sentence
from app.core.transcript import Paragraph, Transcript, Word

Places = Mapping[int, Collection[int]]
"""Places of words within paragraphs, by the paragraph's number."""


def strike(transcript: Transcript, places: Places, *, struck: bool = True) -> Change | None:
    """Strike words through or bring them back, in one step; ``None`` if nothing changes."""

    def marked(paragraph: Paragraph, own: Collection[int]) -> tuple[Paragraph, ...]:
        words = tuple(
            word.reviewed(is_struck=struck) if at in own else word
            for at, word in enumerate(paragraph.words)
        )
        return (replace(paragraph, words=words),)

    return _change(transcript, places, marked, "Strike through" if struck else "Restore words")


def delete(transcript: Transcript, places: Places) -> Change | None:
    """Delete words in one step; a paragraph that has no others goes with them."""

    def lessened(paragraph: Paragraph, own: Collection[int]) -> tuple[Paragraph, ...]:
        words = without(paragraph.words, [at in own for at in range(len(paragraph.words))])
        return (replace(paragraph, words=words),) if words else ()

    return _change(transcript, places, lessened, "Delete words")


def struck_places(transcript: Transcript) -> dict[int, tuple[int, ...]]:
    """Give where words are struck through."""
    found = {
        number: tuple(at for at, word in enumerate(paragraph.words) if word.is_struck)
        for number, paragraph in enumerate(transcript.paragraphs)
    }
    return {number: own for number, own in found.items() if own}


def unstruck(paragraph: Paragraph) -> Paragraph:
    """Give a paragraph as it reads without what is struck through."""
    gone = [word.is_struck for word in paragraph.words]
    if True not in gone:
        return paragraph
    return replace(paragraph, words=without(paragraph.words, gone))


def without(words: Sequence[Word], gone: Sequence[bool]) -> tuple[Word, ...]:
    """Leave words out so that the rest reads well.

    The end of a sentence stays one, and its beginning has a capital letter; what began a
    subtitle goes on to the word behind.
    """
    kept: list[Word] = []
    dropped: list[Word] = []
    for word, is_gone in zip(words, gone, strict=True):
        if is_gone:
            dropped.append(word)
            continue
        kept.append(_after(dropped, word) if dropped else word)
        if dropped and len(kept) > 1:
            kept[-2] = _before(kept[-2], dropped)
        dropped = []
    if dropped and kept:
        kept[-1] = _before(kept[-1], dropped)
    if kept and kept[0].is_joined and gone[0]:
        kept[0] = replace(kept[0], is_joined=False)
    return tuple(kept)


def _after(dropped: Sequence[Word], word: Word) -> Word:
    """Give the word behind what is left out."""
    word = beginning_as(tuple(dropped), word)
    if not dropped[0].is_joined and word.is_joined:
        word = replace(word, is_joined=False)
    if dropped[0].text[:1].isupper() and word.text[:1].islower():
        word = replace(word, text=word.text[0].upper() + word.text[1:])
    return word


def _before(word: Word, dropped: Sequence[Word]) -> Word:
    """Give the word before what is left out: it ends the sentence that ended there."""
    last = dropped[-1].text
    if not ends_sentence(last) or ends_sentence(word.text):
        return word
    sign = last.rstrip("\"'”’»)]")[-1]
    return (
        replace(word, text=word.text.rstrip(",;:–-") + sign)
        if word.text.rstrip(",;:–-")
        else word
    )


def _change(
    transcript: Transcript,
    places: Places,
    make: Callable[[Paragraph, Collection[int]], tuple[Paragraph, ...]],
    label: str,
) -> Change | None:
    splices: list[Splice] = []
    for number in sorted(places):
        before = transcript.paragraphs[number]
        after = make(before, frozenset(places[number]))
        if after != (before,):
            splices.append(Splice(number, (before,), after))
    if not splices:
        return None
    return Change(tuple(splices), transcript.speakers, transcript.speakers, label)
