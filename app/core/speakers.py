"""Put who speaks onto the words of a transcript. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from app.core.paragraphs import group_spoken
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word

NOBODY = -1
"""Number of nobody: a word at which no voice was heard."""
_PAUSE_MS = 300
UNSURE_BELOW = 0.7
"""A word whose speaker is less sure than this is worth a look."""


def with_speakers(
    transcript: Transcript, people: Sequence[int], sureness: Sequence[float]
) -> Transcript:
    """Give a transcript its speakers; the words stay as they are, turns are made anew.

    Args:
        transcript: Words without speakers, or with others.
        people: Of each word, the number of who says it; ``NOBODY`` where no voice was heard.
        sureness: How sure that is, 0 to 1.

    Raises:
        ValueError: There are not as many as words.
    """
    words = list(transcript.words())
    told = [
        replace(word, speaker_confidence=None if person == NOBODY else sure)
        for word, person, sure in zip(words, people, sureness, strict=True)
    ]
    languages = [one.language for one in transcript.paragraphs for _ in one.words]
    ids = [None if person == NOBODY else speaker_id(person) for person in people]
    heard = dict.fromkeys(one for one in ids if one is not None)
    return replace(
        transcript,
        paragraphs=group_spoken(told, ids, languages),
        speakers=tuple(Speaker(one) for one in heard),
    )


def speaker_id(person: int) -> SpeakerId:
    """Give the id of a person told apart on this computer."""
    return SpeakerId(f"speaker_{person}")


def unsure_share(transcript: Transcript) -> float:
    """Give the share of words of which it is not sure who says them, 0 to 1."""
    words = [word for word in transcript.words() if word.speaker_confidence is not None]
    unsure = sum((word.speaker_confidence or 0) < UNSURE_BELOW for word in words)
    return unsure / len(words) if words else 0.0


def told_anew(
    transcript: Transcript, people: Sequence[int], sureness: Sequence[float]
) -> Transcript:
    """Give a transcript other speakers, and leave what a person did to it as it is.

    Paragraphs stay, cut where the speaker changes. Those of a speaker who has a name, those
    that were approved, and words whose speaker a person agreed to or chose, stay whose they
    are; whoever is heard in them is that speaker elsewhere too.

    Args:
        transcript: With speakers or without.
        people: Of each word, the number of who says it; ``NOBODY`` where no voice was heard.
        sureness: How sure that is, 0 to 1.

    Raises:
        ValueError: There are not as many as words.
    """
    if len(people) != transcript.word_count or len(sureness) != len(people):
        raise ValueError("as many as there are words")
    named = {one.speaker_id: one for one in transcript.speakers if one.name}
    ids = _ids(transcript, people, set(named))
    paragraphs: list[Paragraph] = []
    place = 0
    for paragraph in transcript.paragraphs:
        words = range(place, place + len(paragraph.words))
        place = words.stop
        if paragraph.speaker_id in named or paragraph.is_approved or not paragraph.words:
            paragraphs.append(paragraph)
            continue
        told = [
            word
            if is_settled(word)
            else replace(
                word, speaker_confidence=None if people[at] == NOBODY else sureness[at]
            )
            for word, at in zip(paragraph.words, words, strict=True)
        ]
        whose = [
            paragraph.speaker_id if is_settled(word) else ids.get(people[at])
            for word, at in zip(paragraph.words, words, strict=True)
        ]
        paragraphs += cut_by_speaker(paragraph, told, whose)
    heard = dict.fromkeys(one.speaker_id for one in paragraphs if one.speaker_id is not None)
    known = {one.speaker_id: one for one in transcript.speakers}
    stays = set(named) | _corrected(transcript)
    speakers = tuple(
        known[one] if one in stays and one in known else Speaker(one) for one in heard
    )
    return replace(transcript, paragraphs=tuple(paragraphs), speakers=speakers)


def _ids(
    transcript: Transcript, people: Sequence[int], named: set[SpeakerId]
) -> dict[int, SpeakerId]:
    """Give each person an id: that of whom a person said they are, by name or word by word."""
    votes: Counter[tuple[int, SpeakerId]] = Counter()
    place = 0
    for paragraph in transcript.paragraphs:
        speaker = paragraph.speaker_id
        is_said = paragraph.is_approved or speaker in named
        for word in paragraph.words:
            is_known = speaker is not None and (is_said or is_settled(word))
            if speaker is not None and is_known and people[place] != NOBODY:
                votes[people[place], speaker] += 1
            place += 1
    ids: dict[int, SpeakerId] = {}
    for (person, speaker), _ in votes.most_common():
        if person not in ids and speaker not in ids.values():
            ids[person] = speaker
    # Ids of speakers that stay must not become somebody else's.
    taken = named | _corrected(transcript)
    number = 0
    for person in dict.fromkeys(one for one in people if one != NOBODY):
        while person not in ids:
            if speaker_id(number) not in taken:
                ids[person] = speaker_id(number)
            number += 1
    return ids


def words_of(transcript: Transcript, speaker: SpeakerId) -> list[Word]:
    """Give the words of a speaker in reading order."""
    return [
        word
        for paragraph in transcript.paragraphs
        if paragraph.speaker_id == speaker
        for word in paragraph.words
    ]


def is_settled(word: Word) -> bool:
    """Tell whether a person said or agreed who says a word."""
    return word.review is not None and word.review.is_speaker_accepted


def _corrected(transcript: Transcript) -> set[SpeakerId]:
    """Give the speakers of what a person approved, or said whose it is."""
    return {
        one.speaker_id
        for one in transcript.paragraphs
        if one.speaker_id is not None
        and (one.is_approved or any(is_settled(word) for word in one.words))
    }


def cut_by_speaker(
    paragraph: Paragraph, words: Sequence[Word], ids: Sequence[SpeakerId | None]
) -> list[Paragraph]:
    """Cut a paragraph where the speaker changes; a note on it stays on its first part."""
    cuts = [0, *(at for at in range(1, len(words)) if ids[at] != ids[at - 1]), len(words)]
    parts: list[Paragraph] = []
    for first, last in pairwise(cuts):
        mine = tuple(words[first:last])
        parts.append(
            replace(
                paragraph,
                words=mine,
                speaker_id=ids[first],
                start_ms=paragraph.start_ms if first == 0 else mine[0].start_ms,
                end_ms=paragraph.end_ms if last == len(words) else max(w.end_ms for w in mine),
                note=paragraph.note if first == 0 else "",
            )
        )
    return parts


def with_links(
    transcript: Transcript,
    same: Mapping[SpeakerId, SpeakerId],
    known: Collection[SpeakerId],
) -> Transcript:
    """Make one of speakers of different parts who are the same person.

    Args:
        transcript: Stitched of parts.
        same: Of a speaker, who of the whole it is.
        known: Who is surely nobody else, so that no part need be named beside the number.
    """
    paragraphs = tuple(
        one
        if one.speaker_id is None
        else replace(one, speaker_id=same.get(one.speaker_id, one.speaker_id))
        for one in transcript.paragraphs
    )
    speakers = tuple(
        replace(one, part=0) if one.speaker_id in known else one
        for one in transcript.speakers
        if one.speaker_id not in same
    )
    return replace(transcript, paragraphs=paragraphs, speakers=speakers)


def spoken_spans(transcript: Transcript, speaker: SpeakerId) -> list[tuple[int, int]]:
    """Give where a speaker says something without a pause, in milliseconds."""
    spans: list[tuple[int, int]] = []
    for paragraph in transcript.paragraphs:
        if paragraph.speaker_id != speaker:
            continue
        for word in paragraph.words:
            if spans and 0 <= word.start_ms - spans[-1][1] <= _PAUSE_MS:
                spans[-1] = spans[-1][0], max(spans[-1][1], word.end_ms)
            else:
                spans.append((word.start_ms, max(word.start_ms, word.end_ms)))
    return spans
