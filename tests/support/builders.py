"""Transcripts and the like with only the fields that matter to a test."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import strategies as st

from app.core.document import Change, Document, Splice
from app.core.retyping import Typed, retype
from app.core.timeline import Timeline
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word


def words(text: str, *, start_ms: int = 0, each_ms: int = 500) -> tuple[Word, ...]:
    """Make words one after the other, each as long as the next."""
    return tuple(
        Word(part, start_ms + place * each_ms, start_ms + (place + 1) * each_ms)
        for place, part in enumerate(text.split())
    )


def paragraph(
    text: str, speaker: str | None = None, *, start_ms: int = 0, each_ms: int = 500
) -> Paragraph:
    """Make a turn of words one after the other."""
    spoken = words(text, start_ms=start_ms, each_ms=each_ms)
    end_ms = spoken[-1].end_ms if spoken else start_ms
    return Paragraph(spoken, None if speaker is None else SpeakerId(speaker), start_ms, end_ms)


def after(start: Transcript, change: Change | None) -> Transcript:
    """Take a step, and back; gives what came of it, and both must fit."""
    assert change is not None
    document = Document(start)
    document.apply(change)
    done = document.transcript
    document.undo()
    assert document.transcript == start
    return done


def times(one: Transcript) -> list[tuple[int, int]]:
    """Give from when to when each word is said."""
    return [(word.start_ms, word.end_ms) for word in one.words()]


def transcript(*turns: tuple[str | None, str], each_ms: int = 500) -> Transcript:
    """Make a transcript of (speaker, text) turns, one after the other without a gap."""
    paragraphs: list[Paragraph] = []
    at_ms = 0
    for speaker, text in turns:
        paragraphs.append(paragraph(text, speaker, start_ms=at_ms, each_ms=each_ms))
        at_ms = paragraphs[-1].end_ms
    heard = dict.fromkeys(speaker for speaker, _text in turns if speaker is not None)
    speakers = tuple(Speaker(SpeakerId(name)) for name in heard)
    return Transcript(tuple(paragraphs), speakers, language="en", duration_ms=at_ms)


def split_before(start: Transcript, number: int, word: int) -> Change | None:
    """Begin another paragraph before a word of one, as Return does there."""
    text = start.paragraphs[number].text
    at = len(" ".join(text.split()[:word]))
    return retype(start, Typed(number, at, number, at + 1, "\n"))


def heard(*confidences: float | None) -> Transcript:
    """Make a transcript of words as sure as this; ``None`` where nobody says."""
    plain = paragraph(" ".join(["word"] * len(confidences)))
    words = tuple(
        replace(word, confidence=one)
        for word, one in zip(plain.words, confidences, strict=True)
    )
    return Transcript((replace(plain, words=words),))


def make_timeline(spoken: Iterable[Word]) -> Timeline:
    """Make the timeline of one turn."""
    return Timeline([Paragraph(tuple(spoken), None, 0, 0)])


# ------------------------------------------------------------------ for property tests

TEXTS = st.text("abÉ日本ा’'-.,?", min_size=1, max_size=5)
"""The text of one word, in any script."""

HOSTILE_MS = st.one_of(st.integers(0, 2_000), st.integers(-50, 10_000_000))
"""Times as bad replies have them: unsorted, equal, negative, beyond the end."""


@st.composite
def any_words(draw: st.DrawFn, *, times: st.SearchStrategy[int] = HOSTILE_MS) -> Word:
    """Draw a word whose end may lie before its start."""
    return Word(
        draw(TEXTS),
        draw(times),
        draw(times),
        confidence=draw(st.none() | st.floats(0, 1)),
        is_joined=draw(st.booleans()),
    )


@st.composite
def any_segments(draw: st.DrawFn, *, speakers: tuple[str, ...] = ()) -> Paragraph:
    """Draw a turn of a few words with hostile times, by one of the speakers or nobody."""
    return Paragraph(
        words=tuple(draw(st.lists(any_words(), min_size=1, max_size=5))),
        speaker_id=draw(st.sampled_from([None, *map(SpeakerId, speakers)])),
        start_ms=draw(HOSTILE_MS),
        end_ms=draw(HOSTILE_MS),
    )


@st.composite
def any_transcripts(draw: st.DrawFn) -> Transcript:
    """Draw a transcript of a few turns with hostile times."""
    names = tuple(draw(st.lists(st.sampled_from("ABCD"), unique=True, max_size=4)))
    paragraphs = draw(st.lists(any_segments(speakers=names), min_size=1, max_size=4))
    return Transcript(tuple(paragraphs), tuple(Speaker(SpeakerId(name)) for name in names))


@st.composite
def scattered_changes(draw: st.DrawFn, on: Transcript) -> Change:
    """Draw a change in several places at once: turns come, go and are replaced."""
    names = tuple(one.speaker_id for one in on.speakers)
    bounds = sorted(draw(st.lists(st.integers(0, len(on.paragraphs)), max_size=6)))
    splices = tuple(
        Splice(
            first,
            on.paragraphs[first:end],
            tuple(draw(st.lists(any_segments(speakers=names), max_size=2))),
        )
        for first, end in zip(bounds[::2], bounds[1::2], strict=False)
    )
    return Change(splices, on.speakers, on.speakers, "Scatter")
