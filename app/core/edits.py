"""Edits as pure functions: a transcript and a wish give a ``Change``.

Words keep their times through every edit; new words share the time of those they
replace, marked as estimated, never reordered.
"""

from __future__ import annotations

from dataclasses import replace

from app.core.document import Change, Splice
from app.core.layouts import beginning_as, laid_out
from app.core.reviewing import given_to, review_between, shared_review
from app.core.rewriting import parted
from app.core.transcript import Paragraph, SpeakerId, Transcript, Word


def rename_speaker(transcript: Transcript, speaker_id: SpeakerId, name: str) -> Change | None:
    """Call a speaker by another name everywhere; ``None`` if nothing would change."""
    wanted = " ".join(name.split())
    after = tuple(
        replace(speaker, name=wanted) if speaker.speaker_id == speaker_id else speaker
        for speaker in transcript.speakers
    )
    if after == transcript.speakers:
        return None
    return Change((), transcript.speakers, after, "Rename speaker")


def assign_speaker(
    transcript: Transcript, paragraph_index: int, speaker_id: SpeakerId
) -> Change | None:
    """Give one turn to another speaker; ``None`` if it is theirs already."""
    paragraph = transcript.paragraphs[paragraph_index]
    if paragraph.speaker_id == speaker_id:
        return None
    return _replace_paragraph(
        transcript, paragraph_index, given_to(paragraph, speaker_id), "Change speaker"
    )


def correct_words(
    transcript: Transcript, paragraph_index: int, first: int, count: int, text: str
) -> Change | None:
    """Write other text in place of some words of a turn.

    Args:
        transcript: What is edited.
        paragraph_index: Which turn.
        first: Place of the first word within the turn.
        count: How many words are replaced; 0 inserts before ``first``.
        text: What stands there instead; empty removes the words.

    Returns:
        The change, or ``None`` if nothing would change or the turn would be left
        without words.
    """
    paragraph = transcript.paragraphs[paragraph_index]
    old = paragraph.words[first : first + count]
    texts = parted(text)
    if [word.text for word in old] == texts:
        return None
    new = laid_out(old, _spread(paragraph, first, old, texts))
    after = paragraph.words[first + count :]
    if not new and after:  # what began with the words that go begins with the next
        after = (beginning_as(old, after[0]), *after[1:])
    words = paragraph.words[:first] + new + after
    if not words:
        return None
    return _replace_paragraph(
        transcript, paragraph_index, replace(paragraph, words=words), "Correct words"
    )


def mark_paragraph(
    transcript: Transcript,
    paragraph_index: int,
    *,
    is_approved: bool | None = None,
    is_highlighted: bool | None = None,
    note: str | None = None,
) -> Change | None:
    """Approve or highlight a turn, or note something on it; ``None`` if nothing changes."""
    paragraph = transcript.paragraphs[paragraph_index]
    marked = replace(
        paragraph,
        is_approved=paragraph.is_approved if is_approved is None else is_approved,
        is_highlighted=paragraph.is_highlighted if is_highlighted is None else is_highlighted,
        note=paragraph.note if note is None else note,
    )
    if marked == paragraph:
        return None
    return _replace_paragraph(
        transcript, paragraph_index, marked, _name_of_mark(paragraph, marked)
    )


def _name_of_mark(before: Paragraph, marked: Paragraph) -> str:
    """Call a step by what it does first."""
    if marked.is_approved != before.is_approved:
        return "Approve paragraph" if marked.is_approved else "Take back the approval"
    if marked.is_highlighted and not before.is_highlighted:
        return "Highlight"
    if marked.note:
        return "Change note" if before.note else "Add note"
    return "Remove marker"


def take_over(transcript: Transcript, other: Transcript, label: str) -> Change | None:
    """Put what another transcript says in place of this one's; ``None`` if it is the same.

    Args:
        transcript: What is edited.
        other: Whose turns and speakers are taken; equal ones at both ends stay.
        label: What this is called, for the Undo entry.
    """
    old, new = transcript.paragraphs, other.paragraphs
    least = min(len(old), len(new))
    head = next((at for at in range(least) if old[at] != new[at]), least)
    tail = next(
        (at for at in range(least - head) if old[-1 - at] != new[-1 - at]), least - head
    )
    splice = Splice(head, old[head : len(old) - tail], new[head : len(new) - tail])
    splices = (splice,) if splice.removed or splice.inserted else ()
    if not splices and transcript.speakers == other.speakers:
        return None
    return Change(splices, transcript.speakers, other.speakers, label)


def _replace_paragraph(
    transcript: Transcript, at: int, paragraph: Paragraph, label: str
) -> Change:
    speakers = transcript.speakers
    splice = Splice(at, (transcript.paragraphs[at],), (paragraph,))
    return Change((splice,), speakers, speakers, label)


def _spread(
    paragraph: Paragraph, first: int, old: tuple[Word, ...], texts: list[str]
) -> tuple[Word, ...]:
    """Give each text a share of the time of the words it stands for."""
    if not texts:
        return ()
    if len(old) == len(texts):  # word for word: every word keeps its own time
        return tuple(
            word if word.text == text else replace(word, text=text, confidence=None)
            for word, text in zip(old, texts, strict=True)
        )
    if old:
        start_ms = old[0].start_ms
        end_ms = max(start_ms, *(word.end_ms for word in old))
    else:
        before = paragraph.words[first - 1].end_ms if first > 0 else paragraph.start_ms
        after = (
            paragraph.words[first].start_ms
            if first < len(paragraph.words)
            else paragraph.end_ms
        )
        start_ms, end_ms = before, max(before, after)
    following = paragraph.words[first : first + 1]
    review = (
        shared_review(old)
        if old
        else review_between(
            paragraph.words[first - 1] if first else None, following[0] if following else None
        )
    )
    total = sum(len(text) for text in texts)
    words: list[Word] = []
    done = 0
    for place, text in enumerate(texts):
        begin = start_ms + (end_ms - start_ms) * done // total
        done += len(text)
        finish = start_ms + (end_ms - start_ms) * done // total
        joined = old[0].is_joined if old and place == 0 else False
        words.append(
            Word(text, begin, finish, is_joined=joined, is_estimated=True, review=review)
        )
    return tuple(words)
