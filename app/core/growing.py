"""A transcript that grows: words and turns that come behind those there are. Pure.

What gives words while a recording is still at work, or still being made, gives them as
``Change``; whoever shows the transcript follows them as it follows edits. They are taken in
with ``Document.grow``, so that nobody can take them back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.core import edits
from app.core.document import Change, Document, Splice
from app.core.paragraphs import group_spoken
from app.core.transcript import Paragraph, Speaker, Transcript, Word

GROWTH = "More was recognised"
"""What such a change is called; no step of a person's has this label."""


def with_words(
    transcript: Transcript,
    words: Sequence[Word],
    *,
    languages: Sequence[str] = (),
    wordless: Sequence[tuple[int, int]] = (),
) -> Change:
    """Let words follow those there are; the last paragraph takes in what belongs to it.

    Piece by piece that gives the same paragraphs as all words in one go.

    Args:
        transcript: What there is, of nobody in particular.
        words: What was said behind it.
        languages: What each is in, where it is another language than the transcript's; empty
            where all are in that.
        wordless: Where somebody speaks behind it and no words were heard.
    """
    first = max(0, len(transcript.paragraphs) - 1)
    last = transcript.paragraphs[first:]
    spoken = [*(word for one in last for word in one.words), *words]
    codes = [one.language for one in last for _ in one.words]
    codes += languages or [""] * len(words)
    turns = group_spoken(spoken, [None] * len(spoken), codes)
    before = transcript.wordless
    return replace(
        with_turns(transcript, turns, first=first),
        wordless=(before, (*before, *wordless)) if wordless else None,
    )


def with_turns(
    transcript: Transcript,
    turns: Sequence[Paragraph],
    *,
    first: int | None = None,
    speakers: Sequence[Speaker] | None = None,
) -> Change:
    """Let turns follow those there are, or take the place of the last ones.

    Args:
        transcript: What there is.
        turns: What comes.
        first: Place of the first turn that they take the place of, with all behind it: what
            was tentative, say; behind all if left out.
        speakers: Who is heard from now on; the same ones if left out.
    """
    first = len(transcript.paragraphs) if first is None else first
    old, new = transcript.paragraphs[first:], tuple(turns)
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    splice = Splice(first + same, old[same:], new[same:])
    return Change(
        (splice,) if splice.removed or splice.inserted else (),
        transcript.speakers,
        transcript.speakers if speakers is None else tuple(speakers),
        GROWTH,
    )


def change_to(transcript: Transcript, whole: Transcript) -> Change:
    """Give the step from what there is to what it has become, equal turns left alone.

    Slow for many words: not to be done by the thread that paints.
    """
    change = edits.take_over(transcript, whole, GROWTH) or Change(
        (), transcript.speakers, whole.speakers, GROWTH
    )
    if transcript.wordless != whole.wordless:
        change = replace(change, wordless=(transcript.wordless, whole.wordless))
    return change


def become(document: Document, whole: Transcript, change: Change) -> None:
    """Let a document be the whole transcript from now on, with all that is known of it.

    Args:
        document: What has grown.
        whole: What it has become.
        change: The step to it, by ``change_to``.
    """
    document.grow(
        change,
        language=whole.language,
        duration_ms=whole.duration_ms,
        model=whole.model,
        gender=whole.gender,
        emotions=whole.emotions,
        sound=whole.sound,
    )
