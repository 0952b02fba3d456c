"""Edits of paragraphs and speakers as wholes: merge, give away, join, cut anew.

Pure functions as in ``edits``: a transcript and a wish give a ``Change``, or ``None`` where
nothing would change. Words keep their times and their order through all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from app.core.document import Change, Splice
from app.core.paragraphs import ParagraphRules, group_words
from app.core.retyping import cut, merged
from app.core.reviewing import given_to
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word

LONG = 4_000
"""Words of a paragraph that is too long: the whole of it is laid out anew with each key."""


def merge_with_next(transcript: Transcript, paragraph_index: int) -> Change | None:
    """Make one of a paragraph and the one after it; the first one's speaker says it all."""
    both = transcript.paragraphs[paragraph_index : paragraph_index + 2]
    if paragraph_index < 0 or len(both) < 2:
        return None
    return _change(transcript, paragraph_index, 2, (merged(both),), "Merge paragraphs")


def merge_with_previous(transcript: Transcript, paragraph_index: int) -> Change | None:
    """Make one of a paragraph and the one before it."""
    return merge_with_next(transcript, paragraph_index - 1)


def give_words(transcript: Transcript, words: range, speaker_id: SpeakerId) -> Change | None:
    """Give a range of words to a speaker, cutting paragraphs at its ends.

    Args:
        transcript: What is edited.
        words: Places in reading order.
        speaker_id: Who said them; a speaker of the transcript, or a new one, who is added.
    """
    splices: list[Splice] = []
    at = 0
    for number, paragraph in enumerate(transcript.paragraphs):
        first, last = max(words.start, at), min(words.stop, at + len(paragraph.words))
        begin, end = first - at, last - at
        at += len(paragraph.words)
        if first >= last or paragraph.speaker_id == speaker_id:
            continue
        owners = (
            (paragraph.words[:begin], paragraph.speaker_id),
            (paragraph.words[begin:end], speaker_id),
            (paragraph.words[end:], paragraph.speaker_id),
        )
        parts = [(part, owner) for part, owner in owners if part]
        pieces = cut(paragraph, [_begin(part) for part, _ in parts])
        given = tuple(
            given_to(piece, speaker_id)
            if owner == speaker_id
            else replace(piece, speaker_id=owner)
            for piece, (_, owner) in zip(pieces, parts, strict=True)
        )
        splices.append(Splice(number, (paragraph,), given))
    return _given(transcript, splices, speaker_id)


def merge_speakers(
    transcript: Transcript, speaker_id: SpeakerId, into: SpeakerId
) -> Change | None:
    """Give all that one speaker says to another, and strike the first from the list."""
    speakers = tuple(one for one in transcript.speakers if one.speaker_id != speaker_id)
    if speaker_id == into or speakers == transcript.speakers:
        return None
    if into not in {one.speaker_id for one in speakers}:
        return None
    return Change(
        _handed(transcript, speaker_id, into), transcript.speakers, speakers, "Merge speakers"
    )


def remove_speaker(transcript: Transcript, speaker_id: SpeakerId) -> Change | None:
    """Strike a speaker from the list; nobody in particular says what was theirs."""
    speakers = tuple(one for one in transcript.speakers if one.speaker_id != speaker_id)
    if speakers == transcript.speakers:
        return None
    return Change(
        _handed(transcript, speaker_id, None), transcript.speakers, speakers, "Remove speaker"
    )


def add_speaker(transcript: Transcript, name: str) -> tuple[SpeakerId, Change]:
    """Put one more speaker on the list; gives their id and the change."""
    taken = {one.speaker_id for one in transcript.speakers}
    number = len(taken) + 1
    while SpeakerId(f"new-{number}") in taken:
        number += 1
    speaker = Speaker(SpeakerId(f"new-{number}"), " ".join(name.split()))
    after = (*transcript.speakers, speaker)
    return speaker.speaker_id, Change((), transcript.speakers, after, "Add speaker")


def cut_anew(transcript: Transcript, rules: ParagraphRules, within: range) -> Change | None:
    """Cut paragraphs anew by rules; words and speakers stay as they were edited.

    Args:
        transcript: What is edited.
        rules: Where a paragraph ends.
        within: Numbers of the paragraphs it is done to. A paragraph that was approved,
            highlighted or noted on stays as it is.
    """
    splices: list[Splice] = []
    numbered = [(at, transcript.paragraphs[at]) for at in within]
    for is_free, group in groupby(numbered, key=lambda one: _is_free(one[1])):
        if not is_free:
            continue
        members = list(group)
        for _, same in groupby(members, key=lambda one: (one[1].speaker_id, one[1].language)):
            turn = list(same)
            old = tuple(paragraph for _, paragraph in turn)
            whole = merged(old)
            owners = [whole.speaker_id] * len(whole.words)
            groups = group_words(whole.words, owners, rules=rules)
            new = cut(whole, [_begin(one.words) for one in groups])
            if [one.words for one in new] != [one.words for one in old]:
                splices.append(Splice(turn[0][0], old, new))
    if not splices:
        return None
    return Change(tuple(splices), transcript.speakers, transcript.speakers, "Redo paragraphs")


def longest(transcript: Transcript) -> int:
    """Give how many words the longest paragraph has."""
    return max((len(one.words) for one in transcript.paragraphs), default=0)


def cut_long(transcript: Transcript) -> Change | None:
    """Cut paragraphs that are longer than a page can show at once while one types in them.

    They are cut at pauses and ends of sentences, as those of a recogniser are.
    """
    splices: list[Splice] = []
    for at, paragraph in enumerate(transcript.paragraphs):
        words = paragraph.words
        if len(words) > LONG:
            groups = group_words(words, [paragraph.speaker_id] * len(words))
            new = cut(paragraph, [_begin(one.words) for one in groups])
            splices.append(Splice(at, (paragraph,), new))
    if not splices:
        return None
    return Change(tuple(splices), transcript.speakers, transcript.speakers, "Redo paragraphs")


def _is_free(paragraph: Paragraph) -> bool:
    return bool(paragraph.words) and not (
        paragraph.is_approved or paragraph.is_highlighted or paragraph.note
    )


def _begin(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Give words as they begin a paragraph: nothing stands before the first to join."""
    if words and words[0].is_joined:
        return (replace(words[0], is_joined=False), *words[1:])
    return words


def _given(
    transcript: Transcript, splices: Sequence[Splice], speaker_id: SpeakerId
) -> Change | None:
    if not splices:
        return None
    speakers = transcript.speakers
    if speaker_id not in {one.speaker_id for one in speakers}:
        speakers = (*speakers, Speaker(speaker_id))
    return Change(tuple(splices), transcript.speakers, speakers, "Change speaker")


def _handed(
    transcript: Transcript, speaker_id: SpeakerId, to: SpeakerId | None
) -> tuple[Splice, ...]:
    return tuple(
        Splice(at, (paragraph,), (replace(paragraph, speaker_id=to),))
        for at, paragraph in enumerate(transcript.paragraphs)
        if paragraph.speaker_id == speaker_id
    )


def _change(
    transcript: Transcript, first: int, count: int, new: tuple[Paragraph, ...], label: str
) -> Change:
    splice = Splice(first, transcript.paragraphs[first : first + count], new)
    return Change((splice,), transcript.speakers, transcript.speakers, label)
