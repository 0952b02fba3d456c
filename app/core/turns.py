"""Who says what, as a person decides it: give words away, move where a turn begins.

What a person decided is marked on the words (``Review.is_speaker_accepted``): it is no longer
in doubt, and telling voices apart again leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.core import structure
from app.core.document import Change, Splice
from app.core.retyping import cut, merged
from app.core.speakers import spoken_spans
from app.core.transcript import Paragraph, SpeakerId, Transcript, Word

_SAMPLE_MOST_MS = 6_000
_SAMPLE_LEAST_MS = 1_500


def give_words(
    transcript: Transcript, words: range, speaker_id: SpeakerId | None, name: str = ""
) -> Change | None:
    """Give a range of words to a speaker, a new one of that name if ``speaker_id`` is none.

    Args:
        transcript: What is edited.
        words: Places in reading order.
        speaker_id: Who said them; ``None`` for somebody new.
        name: What somebody new is called.
    """
    after = transcript
    speakers = transcript.speakers
    if speaker_id is None:
        speaker_id, added = structure.add_speaker(transcript, name)
        speakers = added.speakers_after
        after = replace(transcript, speakers=speakers)
    change = _marked(structure.give_words(after, words, speaker_id), speaker_id)
    if change is None:
        return None
    return replace(change, speakers_before=transcript.speakers, speakers_after=speakers)


def give_all(
    transcript: Transcript, speaker_id: SpeakerId, to: SpeakerId | None, name: str = ""
) -> Change | None:
    """Give all that a speaker says to another, who takes their place on the list.

    Args:
        transcript: What is edited.
        speaker_id: Whose words.
        to: Who said them; ``None`` for somebody new.
        name: What somebody new is called.
    """
    if to is not None:
        return _marked(structure.merge_speakers(transcript, speaker_id, to), to)
    new_id, added = structure.add_speaker(transcript, name)
    after = replace(transcript, speakers=added.speakers_after)
    change = _marked(structure.merge_speakers(after, speaker_id, new_id), new_id)
    if change is None:
        return None
    return replace(change, speakers_before=transcript.speakers, label="Change speaker")


def move_turn(transcript: Transcript, paragraph_index: int, word: int) -> Change | None:
    """Let a turn begin at another word; who spoke before says what is before it.

    Args:
        transcript: What is edited.
        paragraph_index: The first paragraph of the turn.
        word: Place of the word in reading order; at most the end of the turn, at least the
            beginning of the turn before.
    """
    paragraphs = transcript.paragraphs
    if not 0 < paragraph_index < len(paragraphs):
        return None
    before = paragraphs[paragraph_index - 1].speaker_id
    here = paragraphs[paragraph_index].speaker_id
    if before == here:
        return None
    begin = sum(len(one.words) for one in paragraphs[:paragraph_index])
    first, last = (
        _turn(paragraphs, paragraph_index - 1)[0],
        _turn(paragraphs, paragraph_index)[1],
    )
    least = begin - sum(len(one.words) for one in paragraphs[first:paragraph_index])
    most = begin + sum(len(one.words) for one in paragraphs[paragraph_index:last])
    word = min(max(word, least), most)
    if word == begin:
        return None
    if word > begin:
        owner, at = before, begin
        stop = paragraph_index
        while at + len(paragraphs[stop].words) < word:
            at += len(paragraphs[stop].words)
            stop += 1
        old = paragraphs[paragraph_index - 1 : stop + 1]
        head, tail = _halves(paragraphs[stop], word - at)
        whole = [*paragraphs[paragraph_index:stop], *head]
        # What is given away goes on the paragraph before it, as if it had been said there.
        kept = merged((old[0], *_decided(whole[:1], owner)))
        new = (kept, *_decided(whole[1:], owner), *tail)
        return _change(transcript, paragraph_index - 1, old, new)
    at, start = begin, paragraph_index
    while at > word:
        start -= 1
        at -= len(paragraphs[start].words)
    old = paragraphs[start : paragraph_index + 1]
    head, tail = _halves(paragraphs[start], word - at)
    whole = [*tail, *paragraphs[start + 1 : paragraph_index]]
    joined = merged((*_decided(whole[-1:], here), old[-1]))
    new = (*head, *_decided(whole[:-1], here), joined)
    return _change(transcript, start, old, new)


def turn_start(transcript: Transcript, paragraph_index: int) -> int:
    """Give the first paragraph of the turn that a paragraph belongs to."""
    return _turn(transcript.paragraphs, paragraph_index)[0]


def same_name(transcript: Transcript, speaker_id: SpeakerId) -> SpeakerId | None:
    """Give another speaker who is called the same, if there is one."""
    names = {one.speaker_id: one.name.casefold() for one in transcript.speakers}
    name = names.get(speaker_id)
    if not name:
        return None
    alike = (one for one, other in names.items() if other == name and one != speaker_id)
    return next(alike, None)


def sample_of(transcript: Transcript, speaker_id: SpeakerId) -> tuple[int, int] | None:
    """Give from when to when a speaker is best heard; ``None`` if they say nothing.

    That is their longest speech without a pause, no longer than needed to know a voice.
    """
    spans = [one for one in spoken_spans(transcript, speaker_id) if one[1] > one[0]]
    if not spans:
        return None
    long_enough = (one for one in spans if one[1] - one[0] >= _SAMPLE_MOST_MS)
    start_ms, end_ms = next(long_enough, None) or max(spans, key=lambda one: one[1] - one[0])
    start_ms = max(0, start_ms)
    return start_ms, min(max(end_ms, start_ms + _SAMPLE_LEAST_MS), start_ms + _SAMPLE_MOST_MS)


def _marked(change: Change | None, speaker_id: SpeakerId) -> Change | None:
    """Mark as decided what a change gives to a speaker."""
    if change is None:
        return None
    splices = (
        replace(one, inserted=_given(one.inserted, speaker_id)) for one in change.splices
    )
    return replace(change, splices=tuple(splices))


def _given(paragraphs: Sequence[Paragraph], speaker_id: SpeakerId) -> tuple[Paragraph, ...]:
    """Mark as decided what a speaker was given; what its owner kept beside it is as it was."""
    return tuple(
        _decided((one,), speaker_id)[0] if one.speaker_id == speaker_id else one
        for one in paragraphs
    )


def _turn(paragraphs: Sequence[Paragraph], at: int) -> tuple[int, int]:
    """Give the first paragraph of a turn, and the one behind its last."""
    owner, first, last = paragraphs[at].speaker_id, at, at + 1
    while first and paragraphs[first - 1].speaker_id == owner:
        first -= 1
    while last < len(paragraphs) and paragraphs[last].speaker_id == owner:
        last += 1
    return first, last


def _halves(
    paragraph: Paragraph, word: int
) -> tuple[tuple[Paragraph, ...], tuple[Paragraph, ...]]:
    """Cut a paragraph before a word; either side may be nothing."""
    if word <= 0:
        return (), (paragraph,)
    if word >= len(paragraph.words):
        return (paragraph,), ()
    rest = paragraph.words[word:]
    rest = (replace(rest[0], is_joined=False), *rest[1:])
    first, second = cut(paragraph, (paragraph.words[:word], rest))
    return (first,), (second,)


def _decided(
    paragraphs: Sequence[Paragraph], speaker_id: SpeakerId | None
) -> tuple[Paragraph, ...]:
    """Give paragraphs to a speaker, as a person decided."""
    return tuple(
        replace(
            one,
            speaker_id=speaker_id,
            words=tuple(_accepted(word) for word in one.words),
        )
        for one in paragraphs
    )


def _accepted(word: Word) -> Word:
    return word.reviewed(is_speaker_accepted=True)


def _change(
    transcript: Transcript, first: int, old: tuple[Paragraph, ...], new: tuple[Paragraph, ...]
) -> Change:
    speakers = transcript.speakers
    return Change((Splice(first, old, new),), speakers, speakers, "Move the start of a turn")
