"""The transcript of a take while it is recorded: utterances behind those there are. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.core.document import Change, Document
from app.core.growing import GROWTH, with_turns
from app.core.paragraphs import group_words
from app.core.transcript import Paragraph, SpeakerId, Transcript, Word


def with_utterance(
    transcript: Transcript,
    words: Sequence[Word],
    speaker_id: SpeakerId | None,
    *,
    extends: bool,
) -> Change:
    """Let what somebody said follow what was said before.

    Args:
        transcript: What there is.
        words: What was said; not empty.
        speaker_id: Who said it, if that is known.
        extends: Whether the last paragraph may take it in, where the same person goes on.
    """
    last = transcript.paragraphs[-1:]
    if extends and last and last[0].words and last[0].speaker_id == speaker_id:
        spoken = [*last[0].words, *words]
        turns = group_words(spoken, [speaker_id] * len(spoken))
        first = replace(last[0], words=turns[0].words, end_ms=turns[0].end_ms)
        return with_turns(transcript, (first, *turns[1:]), first=len(transcript.paragraphs) - 1)
    return with_turns(transcript, group_words(words, [speaker_id] * len(words)))


def with_wordless(transcript: Transcript, spans: Sequence[tuple[int, int]]) -> Change:
    """Note where somebody spoke and no words were heard.

    Args:
        transcript: What there is.
        spans: From when to when, in the recording.
    """
    before = transcript.wordless
    after = tuple(sorted({*before, *spans}))
    speakers = transcript.speakers
    return Change((), speakers, speakers, GROWTH, (before, after))


def may_extend(document: Document, grown: Paragraph | None) -> bool:
    """Tell whether the last paragraph may take in more without a person's steps suffering.

    Args:
        document: What a person may be working on.
        grown: The last paragraph as it was left by what grew before.
    """
    paragraphs = document.transcript.paragraphs
    return (
        grown is not None
        and bool(paragraphs)
        and paragraphs[-1] is grown
        and not document.steps_ahead
    )
