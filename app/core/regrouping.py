"""Two speakers who are one, one who is two: said by a person, done in one step. Pure.

Whoever has a name stays whole, and what a person approved or agreed to stays whose it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.core.document import Change
from app.core.edits import take_over
from app.core.messages import Message, message
from app.core.speakers import cut_by_speaker, is_settled, speaker_id
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript

_BOTH_NAMED = message("You named both, so they stay separate.")
_NAMED = message(
    "You named this speaker, so they stay together. Remove the name to split them."
)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two voices side by side.

    Attributes:
        verdict: ``one``, ``two`` or ``open``.
        likeness: How alike they are, as a share of how alike each is to itself.
        two_below: Under this share they are two people.
        apart_s: For how long they were heard as two voices at a time.
        first_s: How much there is of the one with nobody else speaking.
        second_s: How much there is of the other.
    """

    verdict: str
    likeness: float
    two_below: float
    apart_s: float
    first_s: float
    second_s: float


def reason_against_merging(
    transcript: Transcript, one: SpeakerId, other: SpeakerId
) -> Message | None:
    """Say why two speakers cannot be made one; ``None`` if they can."""
    named = [who for who in transcript.speakers if who.speaker_id in {one, other} and who.name]
    return _BOTH_NAMED if len(named) > 1 else None


def reason_against_parting(transcript: Transcript, who: SpeakerId) -> Message | None:
    """Say why a speaker cannot be parted into two; ``None`` if that can be done."""
    is_named = any(one.speaker_id == who and one.name for one in transcript.speakers)
    return _NAMED if is_named else None


def as_one_person(transcript: Transcript, one: SpeakerId, other: SpeakerId) -> Change | None:
    """Make two speakers one; ``None`` if that cannot be, or changes nothing.

    The one with a name stays, else the one who was first.
    """
    if one == other or reason_against_merging(transcript, one, other) is not None:
        return None
    both = [who for who in transcript.speakers if who.speaker_id in {one, other}]
    if len(both) < 2:
        return None
    stays = next((who for who in both if who.name), both[0]).speaker_id
    goes = other if stays == one else one
    paragraphs: list[Paragraph] = []
    for paragraph in transcript.paragraphs:
        if paragraph.speaker_id != goes or paragraph.is_approved:
            paragraphs.append(paragraph)
            continue
        ids = [goes if is_settled(word) else stays for word in paragraph.words]
        paragraphs += (
            cut_by_speaker(paragraph, paragraph.words, ids)
            if paragraph.words
            else [replace(paragraph, speaker_id=stays)]
        )
    return _changed(transcript, paragraphs, "Merge speakers")


def as_two_people(
    transcript: Transcript,
    who: SpeakerId,
    people: Sequence[int],
    sureness: Sequence[float],
) -> Change | None:
    """Make two speakers of one; ``None`` if that cannot be, or changes nothing.

    Args:
        transcript: What is edited.
        who: Whom.
        people: Of each of their words in reading order, 0 or 1: which of the two says it;
            who says more goes on as the speaker.
        sureness: How sure that is, 0 to 1.

    Raises:
        ValueError: There are not as many as words.
    """
    mine = [one for one in transcript.paragraphs if one.speaker_id == who]
    count = sum(len(one.words) for one in mine)
    if len(people) != count or len(sureness) != count:
        raise ValueError("as many as there are words")
    if reason_against_parting(transcript, who) is not None:
        return None
    smaller = 1 if 2 * sum(one == 1 for one in people) <= count else 0
    new = _free_id(transcript)
    paragraphs: list[Paragraph] = []
    place = 0
    for paragraph in transcript.paragraphs:
        if paragraph.speaker_id != who:
            paragraphs.append(paragraph)
            continue
        places = range(place, place + len(paragraph.words))
        place = places.stop
        if paragraph.is_approved or not paragraph.words:
            paragraphs.append(paragraph)
            continue
        words = [
            word if is_settled(word) else replace(word, speaker_confidence=sureness[at])
            for word, at in zip(paragraph.words, places, strict=True)
        ]
        ids = [
            new if people[at] == smaller and not is_settled(word) else who
            for word, at in zip(paragraph.words, places, strict=True)
        ]
        paragraphs += cut_by_speaker(paragraph, words, ids)
    return _changed(transcript, paragraphs, "Split a speaker")


def _changed(
    transcript: Transcript, paragraphs: Sequence[Paragraph], label: str
) -> Change | None:
    heard = dict.fromkeys(one.speaker_id for one in paragraphs if one.speaker_id is not None)
    known = {one.speaker_id: one for one in transcript.speakers}
    # As they stood, so that nobody's number changes; who is new stands behind.
    speakers = [one for one in transcript.speakers if one.speaker_id in heard]
    speakers += [Speaker(one) for one in heard if one not in known]
    after = replace(transcript, paragraphs=tuple(paragraphs), speakers=tuple(speakers))
    if [one.speaker_id for one in paragraphs] == [
        one.speaker_id for one in transcript.paragraphs
    ]:
        return None
    return take_over(transcript, after, label)


def _free_id(transcript: Transcript) -> SpeakerId:
    taken = {one.speaker_id for one in transcript.speakers}
    number = 0
    while speaker_id(number) in taken:
        number += 1
    return speaker_id(number)
