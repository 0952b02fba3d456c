"""What a person made of words goes on with the words that take their place. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.core.transcript import Paragraph, Review, SpeakerId, Word

_NOTHING = Review()


def shared_review(words: Sequence[Word]) -> Review | None:
    """Give what goes over from words to those that stand for them.

    What was put on any of them stays; what was agreed to or struck only where it was so of
    all of them. Nobody has agreed to how the new words read.
    """
    reviews = [word.review for word in words if word.review is not None]
    if not reviews:
        return None
    is_whole = len(reviews) == len(words)
    review = Review(
        is_speaker_accepted=is_whole and all(one.is_speaker_accepted for one in reviews),
        is_struck=is_whole and all(one.is_struck for one in reviews),
        markers=tuple(dict.fromkeys(marker for one in reviews for marker in one.markers)),
    )
    return None if review == _NOTHING else review


def given_to(paragraph: Paragraph, speaker_id: SpeakerId) -> Paragraph:
    """Give a paragraph to a speaker by hand: what tells voices apart leaves it there."""
    words = tuple(word.reviewed(is_speaker_accepted=True) for word in paragraph.words)
    return replace(paragraph, words=words, speaker_id=speaker_id)


def review_between(before: Word | None, after: Word | None) -> Review | None:
    """Give what a word has that is put between two: it is within a range that has both."""
    if before is None or after is None or before.review is None or after.review is None:
        return None
    both = tuple(one for one in before.review.markers if one in after.review.markers)
    return Review(markers=both) if both else None
