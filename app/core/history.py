"""What a step did, in short, and whether it did much. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from app.core.document import Change
from app.core.transcript import Word, join_words

_BULK_PLACES = 5
_BULK_PARAGRAPHS = 20
_SHOWN_WORDS = 6


def is_bulk(change: Change) -> bool:
    """Tell whether a step touches so much that a person may want all of it back later."""
    paragraphs = sum(len(one.removed) for one in change.splices)
    return len(change.splices) >= _BULK_PLACES or paragraphs >= _BULK_PARAGRAPHS


def reaches_far(change: Change) -> bool:
    """Tell whether a step is more than a person sees at a glance where it was taken.

    Such are those that made speakers, parted or merged them, and those in several places.
    """
    before, after = (
        {one.speaker_id for one in speakers}
        for speakers in (change.speakers_before, change.speakers_after)
    )
    return len(change.splices) > 1 or before != after or is_bulk(change)


def brief(change: Change) -> tuple[str, str]:
    """Give the first words that a step made others, as they were and as they are.

    Where no word reads otherwise, it is the name that does; both are empty where none does.
    """
    for one in change.splices:
        old = list(chain.from_iterable(part.words for part in one.removed))
        new = list(chain.from_iterable(part.words for part in one.inserted))
        head = _alike(zip(old, new, strict=False))
        old, new = old[head:], new[head:]
        tail = _alike(zip(reversed(old), reversed(new), strict=False))
        old, new = old[: len(old) - tail], new[: len(new) - tail]
        if old or new:
            return _written(old), _written(new)
    pairs = zip(change.speakers_before, change.speakers_after, strict=False)
    names = ((old.name, new.name) for old, new in pairs if old.speaker_id == new.speaker_id)
    return next((both for both in names if both[0] != both[1]), ("", ""))


def changed_at(change: Change) -> tuple[int, int | None] | None:
    """Give where a person looks for what a step did: a paragraph and a place in its text.

    That is the end of the first that reads otherwise; no place in it where it is not the text
    that is another, and ``None`` where no paragraph is.
    """
    for one in change.splices:
        pairs = zip(one.removed, one.inserted, strict=False)
        texts = ((old.text, new.text) for old, new in pairs)
        for number, (old, new) in enumerate(texts, one.first):
            if old == new:
                continue
            least = min(len(old), len(new))
            head = next((at for at in range(least) if old[at] != new[at]), least)
            if len(one.removed) != len(one.inserted):
                return number, head
            least -= head
            tail = next((at for at in range(least) if old[-1 - at] != new[-1 - at]), least)
            return number, len(new) - tail
        if len(one.removed) != len(one.inserted):
            return one.first + min(len(one.removed), len(one.inserted)), 0
    return (change.splices[0].first, None) if change.splices else None


def _alike(pairs: Iterable[tuple[Word, Word]]) -> int:
    count = 0
    for one, other in pairs:
        if one.text != other.text:
            break
        count += 1
    return count


def _written(words: list[Word]) -> str:
    text = join_words(words[:_SHOWN_WORDS])
    return f"{text} …" if len(words) > _SHOWN_WORDS else text
