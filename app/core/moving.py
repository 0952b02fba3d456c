"""Words that are cut, copied or dragged elsewhere in their transcript take their sound along.

What is pasted is text, and the words for it are worked out as if it had been typed. Here those
that came from the transcript itself are found again and get back what they had: their own
times where these go on from the word before to the word behind, and always in a paragraph of
their own, which then also is whose it was. Elsewhere time would run backwards: there they share
the silence, as new words do, and keep what a person made of them. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.core.document import Splice
from app.core.rewriting import Token, timed
from app.core.transcript import MarkerId, Paragraph, SpeakerId, Transcript, Word


def with_sound(splice: Splice, carried: Sequence[Paragraph], transcript: Transcript) -> Splice:
    """Give a splice in which words that were carried there have their sound.

    Args:
        splice: What was pasted or dropped, as if it had been typed.
        carried: What was taken, as it stood in the transcript, without words cut in two.
        transcript: As it is before the splice.
    """
    taken = [(word, source) for source in carried for word in source.words]
    there = [word for one in splice.inserted for word in one.words]
    old = [word for one in splice.removed for word in one.words]
    at, first, count = _found([word for word, _ in taken], there, old)
    if not count:
        return splice
    taken = taken[first : first + count]
    moved = {id(word) for word, _ in taken}
    rest = [word for word in old if id(word) not in moved]
    if len(rest) == len(there) - count:  # carried within: nothing else has changed
        beside = [*there[:at], *there[at + count :]]
        if all(one.text == other.text for one, other in zip(rest, beside, strict=True)):
            beside = [_joined_as(*pair) for pair in zip(rest, beside, strict=True)]
            there = [*beside[:at], *there[at : at + count], *beside[at:]]
    outside = (*transcript.paragraphs[: splice.first], *transcript.paragraphs[splice.end :])
    home = _Home(
        # All words are gone through for it, and few that are carried have any.
        _markers(outside, [*there[:at], *there[at + count :]])
        if any(word.review is not None for word, _ in taken)
        else frozenset(),
        frozenset(one.note for one in (*outside, *splice.inserted)),
        frozenset(one.speaker_id for one in transcript.speakers),
    )
    made: list[Paragraph] = []
    done = 0
    for one in splice.inserted:
        words, done = there[done : done + len(one.words)], done + len(one.words)
        begin = max(0, at - done + len(words))
        end = min(len(words), at + count - done + len(words))
        if begin >= end:
            made.append(replace(one, words=tuple(words)) if tuple(words) != one.words else one)
            continue
        here = taken[done - len(words) + begin - at :][: end - begin]
        made.append(_carried_into(one, words, begin, here, home))
    return replace(splice, inserted=tuple(made))


def _found(
    taken: Sequence[Word], there: Sequence[Word], old: Sequence[Word]
) -> tuple[int, int, int]:
    """Give where what was taken stands now, the first of it that does, and how many do.

    A word at either end may have grown together with what stands beside it.
    """
    known = {id(word) for word in old}
    texts = [word.text for word in there]
    for cut_start, cut_end in ((0, 0), (1, 0), (0, 1), (1, 1)):
        wanted = [word.text for word in taken[cut_start : len(taken) - cut_end]]
        best: tuple[int, int] | None = None
        for at in range(len(texts) - len(wanted) + 1 if wanted else 0):
            if texts[at] == wanted[0] and texts[at : at + len(wanted)] == wanted:
                new = sum(id(word) not in known for word in there[at : at + len(wanted)])
                best = max(best or (-1, 0), (new, -at))
        if best is not None:
            return -best[1], cut_start, len(wanted)
    return 0, 0, 0


@dataclass(frozen=True, slots=True)
class _Home:
    """What there is in the transcript beside what is carried: a copy has none of it.

    Attributes:
        markers: Notes, bookmarks and highlights on words.
        notes: Remarks on paragraphs.
        speakers: Who is known there.
    """

    markers: frozenset[MarkerId]
    notes: frozenset[str]
    speakers: frozenset[SpeakerId]


def _carried_into(
    paragraph: Paragraph,
    words: Sequence[Word],
    begin: int,
    taken: Sequence[tuple[Word, Paragraph]],
    home: _Home,
) -> Paragraph:
    """Give a paragraph with the words that were carried into it, from one place on."""
    end = begin + len(taken)
    before = words[begin - 1] if begin else None
    after = words[end] if end < len(words) else None
    own = [
        _unmarked(_joined_as(word, shown), home.markers)
        for (word, _), shown in zip(taken, words[begin:end], strict=True)
    ]
    starts = [
        *([before.start_ms] if before else ()),
        *(word.start_ms for word in own),
        *([after.start_ms] if after else ()),
    ]
    if starts != sorted(starts):
        silence = (
            before.end_ms if before else paragraph.start_ms,
            after.start_ms if after else paragraph.end_ms,
        )
        tokens = [Token(word.text, is_joined=word.is_joined) for word in own]
        placed = timed((), tokens, ((0, len(own)),), before, after, silence)
        own = [replace(one, review=word.review) for one, word in zip(placed, own, strict=True)]
    made = replace(paragraph, words=(*words[:begin], *own, *words[end:]))
    last_ms = max(word.end_ms for word in own)
    if len(own) < len(words):
        return replace(
            made,
            start_ms=min(made.start_ms, own[0].start_ms),
            end_ms=max(made.end_ms, last_ms),
        )
    source = taken[0][1]
    made = replace(made, start_ms=own[0].start_ms, end_ms=max(own[0].start_ms, last_ms))
    if source.speaker_id is None or source.speaker_id in home.speakers:
        made = replace(made, speaker_id=source.speaker_id, language=source.language)
    if len(own) == len(source.words):
        made = replace(
            made, is_approved=source.is_approved, is_highlighted=source.is_highlighted
        )
        if source.note and source.note not in home.notes:
            made = replace(made, note=source.note)
    return made


def _joined_as(word: Word, shown: Word) -> Word:
    """Give a word, with a space before it or none as it is shown."""
    if word.is_joined == shown.is_joined:
        return word
    return replace(word, is_joined=shown.is_joined)


def _markers(paragraphs: Iterable[Paragraph], words: Iterable[Word]) -> frozenset[MarkerId]:
    """Give what a person put on words of paragraphs, and on some words besides."""
    all_words = (*(word for one in paragraphs for word in one.words), *words)
    return frozenset(marker.marker_id for word in all_words for marker in word.markers)


def _unmarked(word: Word, known: frozenset[MarkerId]) -> Word:
    kept = tuple(one for one in word.markers if one.marker_id not in known)
    return word if kept == word.markers else word.reviewed(markers=kept)
