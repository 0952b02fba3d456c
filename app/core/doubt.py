"""Words and speakers the recogniser was not sure of, to be gone through one by one. Pure."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import replace
from math import ceil

from app.core.document import Change, Splice
from app.core.speakers import UNSURE_BELOW
from app.core.structure import give_words
from app.core.transcript import Paragraph, SpeakerId, Transcript, Word

STARTING_SHARE = 0.04
"""So much of a transcript is in doubt until a person asks for more or less,"""
MOST_SHARE = 0.2
"""and so much at most, where words are equally unsure."""
_ALL = 2.0
"""A threshold below which every word is."""


def is_doubtful(word: Word, threshold: float) -> bool:
    """Tell whether a word is worth a look: unsure, not agreed to, and to be read at all."""
    if word.confidence is None or word.confidence >= threshold:
        return False
    return word.review is None or not (word.review.is_accepted or word.review.is_struck)


def is_speaker_doubtful(word: Word) -> bool:
    """Tell whether it is worth a look who says a word."""
    if word.speaker_confidence is None or word.speaker_confidence >= UNSURE_BELOW:
        return False
    return word.review is None or not (word.review.is_speaker_accepted or word.review.is_struck)


class Confidences:
    """How sure the recogniser was of all words, to be counted while a threshold moves."""

    __slots__ = ("_all", "_values")

    def __init__(self, transcript: Transcript) -> None:
        # One that is accepted is in doubt no more, but what counts as low stays the same.
        known = [word for word in transcript.words() if word.confidence is not None]
        self._all = array("d", sorted(word.confidence or 0.0 for word in known))
        self._values = array(
            "d", sorted(word.confidence or 0.0 for word in known if is_doubtful(word, _ALL))
        )

    def __len__(self) -> int:
        return len(self._values)

    def count_below(self, threshold: float) -> int:
        """Give how many words are in doubt at a threshold."""
        return bisect_left(self._values, threshold)

    def starting_threshold(self) -> float | None:
        """Give the threshold below which the lowest few per cent are.

        Where many words are equally unsure it may be some more, or fewer, down to none.

        Returns:
            ``None`` where the recogniser said of no word how sure it is.
        """
        if not self._all:
            return None
        count = len(self._all)
        most = min(count - 1, ceil(STARTING_SHARE * count))
        if self._all[most] > self._all[0]:
            return self._all[most]
        # All the least sure ones are alike: they together, unless that is a sea of them.
        alike = bisect_right(self._all, self._all[0])
        return self._all[alike if alike <= MOST_SHARE * count else most]


def doubtful_words(paragraph: Paragraph, threshold: float) -> tuple[int, ...]:
    """Give the places of a paragraph's words that are in doubt."""
    # The first question is asked here, for there may be a hundred thousand words.
    return tuple(
        place
        for place, word in enumerate(paragraph.words)
        if word.confidence is not None
        and word.confidence < threshold
        and is_doubtful(word, threshold)
    )


def doubtful_passages(paragraph: Paragraph) -> tuple[range, ...]:
    """Give the runs of a paragraph's words of which it is in doubt who says them."""
    runs: list[range] = []
    for place, word in enumerate(paragraph.words):
        if not is_speaker_doubtful(word):
            continue
        if runs and runs[-1].stop == place:
            runs[-1] = range(runs[-1].start, place + 1)
        else:
            runs.append(range(place, place + 1))
    return tuple(runs)


def accept_words(transcript: Transcript, paragraph_index: int, places: range) -> Change | None:
    """Agree to how words of a paragraph read; ``None`` if nothing would change."""
    return _reviewed(transcript, paragraph_index, places, "Accept words", is_accepted=True)


def accept_speaker(
    transcript: Transcript, paragraph_index: int, places: range
) -> Change | None:
    """Agree to who says words of a paragraph; ``None`` if nothing would change."""
    return _reviewed(
        transcript, paragraph_index, places, "Accept speaker", is_speaker_accepted=True
    )


def give_passage(
    transcript: Transcript, paragraph_index: int, places: range, speaker_id: SpeakerId
) -> Change | None:
    """Give words of a paragraph to who says them, and agree to that, in one step."""
    accepted = accept_speaker(transcript, paragraph_index, places)
    before = transcript.paragraphs[paragraph_index]
    if accepted is not None:
        paragraphs = list(transcript.paragraphs)
        paragraphs[paragraph_index : paragraph_index + 1] = accepted.splices[0].inserted
        transcript = replace(transcript, paragraphs=tuple(paragraphs))
    first = sum(len(one.words) for one in transcript.paragraphs[:paragraph_index])
    words = range(first + places.start, first + places.stop)
    given = give_words(transcript, words, speaker_id)
    if given is None:
        return accepted
    splices = tuple(replace(one, removed=(before,)) for one in given.splices)
    return replace(given, splices=splices)


def _reviewed(
    transcript: Transcript, paragraph_index: int, places: range, label: str, **changes: bool
) -> Change | None:
    before = transcript.paragraphs[paragraph_index]
    words = tuple(
        word.reviewed(**changes) if place in places else word
        for place, word in enumerate(before.words)
    )
    if words == before.words:
        return None
    splice = Splice(paragraph_index, (before,), (replace(before, words=words),))
    return Change((splice,), transcript.speakers, transcript.speakers, label)
