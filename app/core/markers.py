"""Notes, bookmarks and highlights on ranges of words: put, rewritten, removed, listed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from app.core.document import Change, Splice
from app.core.recording import Chapter
from app.core.timecode import clock
from app.core.transcript import (
    Marker,
    MarkerId,
    MarkerKind,
    Paragraph,
    SpeakerId,
    Transcript,
    Word,
    join_words,
)

_QUOTED = 60
"""So many words of a range are quoted in a list."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Something a person put on words, and where that is.

    Attributes:
        kind: Note, bookmark or highlight.
        text: What a person wrote.
        quote: The words it is on, the first of them where there are many.
        speaker_id: Who says the first.
        start_ms: When the first is spoken.
        end_ms: When the last ends.
        word: Place of the first in reading order.
        count: How many words there are from the first to the last.
        marker_id: Which marker; ``None`` where a whole paragraph is noted or highlighted.
        paragraph: Number of the paragraph of the first word.
    """

    kind: MarkerKind
    text: str
    quote: str
    speaker_id: SpeakerId | None
    start_ms: int
    end_ms: int
    word: int
    count: int
    marker_id: MarkerId | None
    paragraph: int


def put_marker(transcript: Transcript, words: range, marker: Marker) -> Change | None:
    """Put something on a range of words; ``None`` where there are none.

    Args:
        transcript: What is edited.
        words: Places in reading order.
        marker: What is put there; its id is the caller's to make.
    """
    label = {
        MarkerKind.NOTE: "Add note",
        MarkerKind.BOOKMARK: "Add bookmark",
        MarkerKind.HIGHLIGHT: "Highlight",
    }[marker.kind]

    def put(word: Word) -> Word:
        kept = tuple(one for one in word.markers if one.marker_id != marker.marker_id)
        return word.reviewed(markers=(*kept, marker))

    return _changed(transcript, label, lambda at, word: put(word) if at in words else word)


def bookmark_chapters(
    transcript: Transcript, chapters: Iterable[Chapter], new_id: Callable[[], MarkerId]
) -> Transcript:
    """Put a bookmark where a recording itself marks a moment.

    It is on the first word that ends after the moment; behind the last word there is
    nothing to put it on.
    """
    at_word: dict[int, list[Marker]] = {}
    words = list(transcript.words())
    for chapter in chapters:
        place = next(
            (number for number, word in enumerate(words) if word.end_ms > chapter.at_ms), None
        )
        if place is not None:
            marker = Marker(new_id(), MarkerKind.BOOKMARK, chapter.title)
            at_word.setdefault(place, []).append(marker)
    if not at_word:
        return transcript
    marked = _changed(
        transcript,
        "Add bookmark",
        lambda at, word: word.reviewed(markers=(*word.markers, *at_word.get(at, ()))),
    )
    return transcript if marked is None else marked.applied_to(transcript)


def remove_marker(transcript: Transcript, marker_id: MarkerId) -> Change | None:
    """Take something off its words; ``None`` if it is on none."""

    def take(_at: int, word: Word) -> Word:
        if all(one.marker_id != marker_id for one in word.markers):
            return word
        kept = tuple(one for one in word.markers if one.marker_id != marker_id)
        return word.reviewed(markers=kept)

    return _changed(transcript, "Remove marker", take)


def rewrite_marker(transcript: Transcript, marker_id: MarkerId, text: str) -> Change | None:
    """Let a marker read otherwise; ``None`` if nothing would change."""

    def write(_at: int, word: Word) -> Word:
        if all(one.marker_id != marker_id for one in word.markers):
            return word
        return word.reviewed(
            markers=tuple(
                replace(one, text=text) if one.marker_id == marker_id else one
                for one in word.markers
            )
        )

    return _changed(transcript, "Change note", write)


def highlight_on_all(words: Iterable[Word]) -> Marker | None:
    """Give the highlight that is on every one of some words, if one is."""
    common: dict[Marker, None] | None = None
    for word in words:
        own = [one for one in word.markers if one.kind is MarkerKind.HIGHLIGHT]
        common = dict.fromkeys(one for one in own if common is None or one in common)
        if not common:
            return None
    return next(iter(common), None) if common else None


def placed_markers(transcript: Transcript) -> tuple[Placed, ...]:
    """List everything a person put on words and paragraphs, by its place."""
    found: list[Placed] = []
    spans: dict[Marker, tuple[int, int]] = {}
    first = 0
    firsts: list[int] = []
    for number, paragraph in enumerate(transcript.paragraphs):
        firsts.append(first)
        found += _of_paragraph(number, paragraph, first)
        for at, word in enumerate(paragraph.words, start=first):
            if word.review is None:
                continue
            for marker in word.review.markers:
                spans[marker] = (spans[marker][0] if marker in spans else at, at)
        first += len(paragraph.words)
    found += _of_spans(transcript, spans, firsts)
    return tuple(sorted(found, key=lambda one: (one.word, one.word + one.count, one.kind)))


def written(placed: Sequence[Placed], label_of: Callable[[SpeakerId | None], str]) -> str:
    """Write a list as text to be pasted: time, speaker, quote and what was noted, a line each.

    Args:
        placed: What is written.
        label_of: How a speaker is called; empty for nobody.
    """
    lines: list[str] = []
    for one in placed:
        who = label_of(one.speaker_id)
        said = f"“{one.quote}”" if one.quote else ""
        head = (
            f"[{clock(one.start_ms)}] {who}: {said}"
            if who
            else f"[{clock(one.start_ms)}] {said}"
        )
        lines.append(f"{head} – {one.text}" if one.text else head)
    return "\n".join(lines)


def _of_paragraph(number: int, paragraph: Paragraph, first: int) -> list[Placed]:
    kinds = [(MarkerKind.HIGHLIGHT, "")] if paragraph.is_highlighted else []
    kinds += [(MarkerKind.NOTE, paragraph.note)] if paragraph.note else []
    return [
        Placed(
            kind,
            text,
            _quote(paragraph.words),
            paragraph.speaker_id,
            paragraph.start_ms,
            paragraph.end_ms,
            first,
            len(paragraph.words),
            None,
            number,
        )
        for kind, text in kinds
    ]


def _of_spans(
    transcript: Transcript, spans: dict[Marker, tuple[int, int]], firsts: list[int]
) -> list[Placed]:
    if not spans:
        return []
    words = list(transcript.words())
    numbers = iter(sorted({begin for begin, _ in spans.values()}))
    paragraph_of: dict[int, int] = {}
    number = 0
    for begin in numbers:
        while (
            number + 1 < len(firsts)
            and firsts[number] + len(transcript.paragraphs[number].words) <= begin
        ):
            number += 1
        paragraph_of[begin] = number
    found: list[Placed] = []
    for marker, (begin, last) in spans.items():
        number = paragraph_of[begin]
        end_ms = max(words[begin].start_ms, words[last].end_ms)
        found.append(
            Placed(
                marker.kind,
                marker.text,
                _quote(words[begin : min(last, begin + _QUOTED) + 1]),
                transcript.paragraphs[number].speaker_id,
                words[begin].start_ms,
                end_ms,
                begin,
                last + 1 - begin,
                marker.marker_id,
                number,
            )
        )
    return found


def _quote(words: Sequence[Word]) -> str:
    text = join_words(list(words[:_QUOTED]))
    return f"{text} …" if len(words) > _QUOTED else text


def _changed(
    transcript: Transcript, label: str, change: Callable[[int, Word], Word]
) -> Change | None:
    """Make words others; all places are one step."""
    splices: list[Splice] = []
    first = 0
    for number, paragraph in enumerate(transcript.paragraphs):
        words = tuple(change(at, word) for at, word in enumerate(paragraph.words, start=first))
        first += len(words)
        if words != paragraph.words:
            splices.append(Splice(number, (paragraph,), (replace(paragraph, words=words),)))
    if not splices:
        return None
    return Change(tuple(splices), transcript.speakers, transcript.speakers, label)
