"""What a person did to the live text of a take, carried over to better words. Pure.

The better words count, but for those a person has written, struck out or agreed to: these
go to the words they belong to, as do names, notes and marks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from app.core.comparing import Difference, compare, take
from app.core.retyping import cut
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word

LABEL = "Use the final words"
_NEAR_MS = 700
"""The same word is heard at most so much earlier or later the second time."""
_MOST = 0.5


def carried(final: Transcript, live: Transcript, heard: Transcript) -> Transcript:
    """Give better words with what a person did to the live text.

    Blocks: not to be done by the thread that paints.

    Args:
        final: The better words.
        live: The live text as the person left it.
        heard: The live text as it was heard.
    """
    own = _own_words(live, heard)
    gone = _gone_words(live, heard)
    found = (_chosen(one, final, own, gone) for one in compare(final, live))
    wanted = [one for one in found if one is not None]
    change = take(final, wanted)
    if change is not None:
        final = change.applied_to(final)
    return _with_marks(final, live)


def _key(word: Word) -> tuple[str, int, int]:
    return word.text, word.start_ms, word.end_ms


def _own_words(live: Transcript, heard: Transcript) -> set[tuple[str, int, int]]:
    """Give the words that a person wrote, or agreed to."""
    known = {_key(word) for word in heard.words()}
    return {
        _key(word)
        for paragraph in live.paragraphs
        for word in paragraph.words
        if paragraph.is_approved
        or _key(word) not in known
        or (word.review is not None and word.review.is_accepted)
    }


def _gone_words(live: Transcript, heard: Transcript) -> list[Word]:
    """Give the words that a person took away."""
    there = {_key(word) for word in live.words()}
    return [word for word in heard.words() if _key(word) not in there]


def _chosen(
    one: Difference, final: Transcript, own: set[tuple[str, int, int]], gone: list[Word]
) -> Difference | None:
    """Give what of a difference a person made; ``None`` where it was only misheard."""
    if any(_key(word) in own for word in one.new):
        return _trimmed(one, final, own)
    taken_away = {word.text.casefold() for word in gone if _is_near(word, one)}
    old = one.old(final)
    left = tuple(word for word in old if word.text.casefold() not in taken_away)
    return None if left == old else replace(one, new=left)


def _trimmed(one: Difference, final: Transcript, own: set[tuple[str, int, int]]) -> Difference:
    """Leave misheard words at both ends of a difference to the better ones."""
    old, new = list(one.old(final)), list(one.new)
    first = one.first
    while len(old) > 1 and _are_twins(old[0], new[0]) and _key(new[0]) not in own:
        del old[0], new[0]
        first += 1
    while len(old) > 1 and _are_twins(old[-1], new[-1]) and _key(new[-1]) not in own:
        del old[-1], new[-1]
    return replace(one, first=first, count=len(old), new=tuple(new))


def _are_twins(one: Word, other: Word) -> bool:
    return abs(one.start_ms - other.start_ms) <= _NEAR_MS


def _is_near(word: Word, one: Difference) -> bool:
    return one.start_ms - _NEAR_MS <= word.start_ms and word.end_ms <= one.end_ms + _NEAR_MS


def _with_marks(final: Transcript, live: Transcript) -> Transcript:
    """Put on the words what was put on them in the live text: marks, and who says them."""
    twins = _Twins(live)
    made: list[Paragraph] = []
    used: set[SpeakerId] = set()
    for paragraph in final.paragraphs:
        pairs = [(word, twins.of(word)) for word in paragraph.words]
        words = [
            word
            if twin is None or twin[0].review is None
            else replace(word, review=twin[0].review)
            for word, twin in pairs
        ]
        owners = _owners(paragraph, [twin for _, twin in pairs])
        used.update(owner for owner in owners if owner is not None)
        whole = replace(paragraph, words=tuple(words))
        made += (_marked(part, twins) for part in _cut_by_owner(whole, words, owners))
    return replace(final, paragraphs=tuple(made), speakers=_speakers(final, live, used))


def _owners(
    paragraph: Paragraph, twins: Sequence[tuple[Word, Paragraph] | None]
) -> list[SpeakerId | None]:
    """Give who says each word: whoever a person said, else whoever was heard.

    A word that is new goes with the one before it.
    """
    known = [
        None
        if twin is None
        else twin[1].speaker_id
        if twin[0].review is not None and twin[0].review.is_speaker_accepted
        else paragraph.speaker_id
        for twin in twins
    ]
    first = next((at for at, twin in enumerate(twins) if twin is not None), None)
    if first is None:
        return [paragraph.speaker_id] * len(twins)
    owners: list[SpeakerId | None] = []
    owner = known[first]
    for twin, one in zip(twins, known, strict=True):
        owner = owner if twin is None else one
        owners.append(owner)
    return owners


def _cut_by_owner(
    paragraph: Paragraph, words: list[Word], owners: list[SpeakerId | None]
) -> Iterator[Paragraph]:
    runs = [
        (owner, tuple(word for _, word in run))
        for owner, run in groupby(zip(owners, words, strict=True), key=lambda one: one[0])
    ]
    if not runs:
        yield paragraph
        return
    parts = cut(paragraph, [run for _, run in runs])
    for part, (owner, _) in zip(parts, runs, strict=True):
        yield replace(part, speaker_id=owner)


def _marked(paragraph: Paragraph, twins: _Twins) -> Paragraph:
    """Put on a paragraph what was put on the one that most of its words come from."""
    counts: dict[int, int] = defaultdict(int)
    by_place: dict[int, Paragraph] = {}
    for word in paragraph.words:
        twin = twins.of(word)
        if twin is not None:
            counts[id(twin[1])] += 1
            by_place[id(twin[1])] = twin[1]
    if not counts:
        return paragraph
    most = max(counts, key=lambda one: counts[one])
    source = by_place[most]
    if counts[most] < _MOST * len(paragraph.words):
        return paragraph
    return replace(
        paragraph,
        is_approved=source.is_approved and counts[most] == len(paragraph.words),
        is_highlighted=source.is_highlighted,
        note=source.note,
    )


def _speakers(final: Transcript, live: Transcript, used: set[SpeakerId]) -> tuple[Speaker, ...]:
    named = {one.speaker_id: one for one in live.speakers}
    known = {one.speaker_id for one in final.speakers}
    return (
        *(
            replace(one, name=named[one.speaker_id].name)
            if one.speaker_id in named and not one.name
            else one
            for one in final.speakers
        ),
        *(
            one
            for one in live.speakers
            if one.speaker_id not in known and one.speaker_id in used
        ),
    )


class _Twins:
    """Finds the word of the live text that a better word was."""

    def __init__(self, live: Transcript) -> None:
        self._by_text: dict[str, list[tuple[int, Word, Paragraph]]] = defaultdict(list)
        for paragraph in live.paragraphs:
            for word in paragraph.words:
                found = self._by_text[word.text.casefold()]
                found.append((word.start_ms, word, paragraph))
        for found in self._by_text.values():
            found.sort(key=lambda one: one[0])

    def of(self, word: Word) -> tuple[Word, Paragraph] | None:
        """Give it with its paragraph; ``None`` if there is none."""
        found = self._by_text.get(word.text.casefold(), [])
        at = bisect_left(found, word.start_ms, key=lambda one: one[0])
        near = min(
            found[max(0, at - 1) : at + 1],
            key=lambda one: abs(one[0] - word.start_ms),
            default=None,
        )
        if near is None or abs(near[0] - word.start_ms) > _NEAR_MS:
            return None
        return near[1], near[2]
