"""Subtitles: words into cues that can be read in time, and what breaks the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.messages import Message, message
from app.core.segmenting import ends_sentence
from app.core.transcript import SpeakerId, Word
from app.export.options import ExportOptions
from app.export.plain import one_line
from app.export.source import ExportDocument

LONG_PAUSE_MS = 1_500
"""A silence that no cue spans."""
_CLAUSE_ENDS = (",", ";", ":", "–", "—", "、", "，", "；", "：", "،")


class CueFault(StrEnum):
    """A rule that a cue breaks."""

    TOO_FAST = "too-fast"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    SMALL_GAP = "small-gap"
    LONG_LINE = "long-line"

    @property
    def message(self) -> Message:
        """The rule as a sentence."""
        return _FAULTS[self]


_FAULTS = {
    CueFault.TOO_FAST: message("More text than can be read in its time."),
    CueFault.TOO_SHORT: message("Stands for less than the shortest time."),
    CueFault.TOO_LONG: message("Stands for more than the longest time."),
    CueFault.SMALL_GAP: message("Follows the one before too closely."),
    CueFault.LONG_LINE: message("A word is longer than a line."),
}


@dataclass(frozen=True, slots=True)
class CueWord:
    """A word within a cue.

    Attributes:
        text: On one line.
        start_ms: Within the cue, never before the word that precedes it.
        end_ms: Within the cue.
        is_joined: No space stands before it.
    """

    text: str
    start_ms: int
    end_ms: int
    is_joined: bool


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle.

    Attributes:
        start_ms: When it appears; after the one before has gone.
        end_ms: When it goes; later than ``start_ms``.
        lines: Words line by line.
        speaker_id: Who speaks.
        prefix: Name and colon to stand before the text; empty if it goes on.
        faults: Which rules it breaks.
    """

    start_ms: int
    end_ms: int
    lines: tuple[tuple[CueWord, ...], ...]
    speaker_id: SpeakerId | None
    prefix: str = ""
    faults: tuple[CueFault, ...] = ()

    @property
    def text(self) -> str:
        """The lines as they are read, prefix included."""
        shown = "\n".join(line_text(line) for line in self.lines)
        return f"{self.prefix} {shown}" if self.prefix else shown


@dataclass(frozen=True, slots=True)
class _Draft:
    words: Sequence[Word]
    texts: Sequence[str]
    prefix: str
    speaker_id: SpeakerId | None

    def length_to(self, count: int) -> int:
        words = self.words[:count]
        spaces = sum(1 for word in words[1:] if not word.is_joined)
        return sum(len(text) for text in self.texts[:count]) + spaces


def line_text(line: Sequence[CueWord]) -> str:
    """Write the words of a line."""
    parts: list[str] = []
    for word in line:
        if parts and not word.is_joined:
            parts.append(" ")
        parts.append(word.text)
    return "".join(parts)


def make_cues(
    document: ExportDocument, options: ExportOptions, *, with_prefix: bool = False
) -> list[Cue]:
    """Cut a document into subtitles.

    Args:
        document: What is said.
        options: How long lines and cues may be, and how fast one reads.
        with_prefix: Put the speaker's name before the text where a turn begins.
    """
    labels = document.labels()
    drafts: list[_Draft] = []
    for segment in document.chosen(options):
        label = labels[segment.speaker_id] if with_prefix and options.names else ""
        drafts.extend(
            _cut(segment.words, segment.speaker_id, f"{label}:" if label else "", options)
        )
    return list(_timed(drafts, options, document.transcript.duration_ms))


def _cut(
    words: Sequence[Word], speaker_id: SpeakerId | None, prefix: str, options: ExportOptions
) -> Iterator[_Draft]:
    """Fill cues greedily, but end them at a sentence or clause where one is near."""
    texts = [one_line(word.text) for word in words]
    begin = 0
    while begin < len(words):
        end = _furthest(words, texts, begin, len(prefix), options)
        if end < len(words):
            end = _good_end(words, texts, begin, end)
        yield _Draft(words[begin:end], texts[begin:end], prefix, speaker_id)
        begin, prefix = end, ""


def _furthest(
    words: Sequence[Word], texts: Sequence[str], begin: int, filled: int, options: ExportOptions
) -> int:
    """Give the end of the longest run of words that one cue may hold; at least one."""
    line, lines = filled, 1
    for place in range(begin, len(words)):
        word = words[place]
        space = 0 if word.is_joined or line == 0 else 1
        if line and line + space + len(texts[place]) > options.cue_line_length:
            lines, line, space = lines + 1, 0, 0
        line += space + len(texts[place])
        if place == begin:
            continue
        is_full = lines > options.cue_lines
        is_long = word.end_ms - words[begin].start_ms > options.max_cue_ms
        is_after_pause = word.start_ms - words[place - 1].end_ms > LONG_PAUSE_MS
        if is_full or is_long or is_after_pause:
            return place
    return len(words)


def _good_end(words: Sequence[Word], texts: Sequence[str], begin: int, end: int) -> int:
    """Move the end of a cue back to where a sentence or clause ends, unless far."""
    if words[end].start_ms - words[end - 1].end_ms > LONG_PAUSE_MS:
        return end
    total = sum(len(text) for text in texts[begin:end])
    clause, seen = 0, 0
    sentence = 0
    for place in range(begin, end):
        seen += len(texts[place])
        if ends_sentence(texts[place]) and seen * 3 >= total:
            sentence = place + 1
        elif texts[place].endswith(_CLAUSE_ENDS) and seen * 2 >= total:
            clause = place + 1
    return sentence or clause or end


def _timed(drafts: list[_Draft], options: ExportOptions, duration_ms: int) -> Iterator[Cue]:
    """Give each cue its time: none overlaps the next, all stand as long as they can."""
    starts: list[int] = []
    for draft in drafts:
        earliest = starts[-1] + 1 if starts else 0
        starts.append(max(earliest, min(word.start_ms for word in draft.words)))
    last_end_ms: int | None = None
    for place, draft in enumerate(drafts):
        start_ms = starts[place]
        spoken_ms = max(word.end_ms for word in draft.words)
        length = draft.length_to(len(draft.words)) + len(draft.prefix)
        needed_ms = max(options.min_cue_ms, length * 1_000 // options.reading_speed)
        wanted_ms = max(spoken_ms, start_ms + min(needed_ms, options.max_cue_ms))
        if duration_ms:
            wanted_ms = min(wanted_ms, max(spoken_ms, duration_ms))
        if place + 1 < len(starts):
            next_ms = starts[place + 1]
            gap_ms = next_ms - options.min_gap_ms
            wanted_ms = min(wanted_ms, gap_ms if gap_ms > start_ms else next_ms)
        end_ms = max(wanted_ms, start_ms + 1)
        faults: list[CueFault] = []
        if last_end_ms is not None and start_ms - last_end_ms < options.min_gap_ms:
            faults.append(CueFault.SMALL_GAP)
        last_end_ms = end_ms
        shown_ms = end_ms - start_ms
        if length * 1_000 > options.reading_speed * shown_ms:
            faults.append(CueFault.TOO_FAST)
        if shown_ms < options.min_cue_ms:
            faults.append(CueFault.TOO_SHORT)
        if shown_ms > options.max_cue_ms:
            faults.append(CueFault.TOO_LONG)
        lines = _lines(draft, options.cue_line_length, start_ms, end_ms)
        if any(len(line_text(line)) > options.cue_line_length for line in lines):
            faults.append(CueFault.LONG_LINE)
        yield Cue(start_ms, end_ms, lines, draft.speaker_id, draft.prefix, tuple(faults))


def _lines(
    draft: _Draft, length: int, start_ms: int, end_ms: int
) -> tuple[tuple[CueWord, ...], ...]:
    placed: list[CueWord] = []
    at_ms = start_ms
    for word, text in zip(draft.words, draft.texts, strict=True):
        at_ms = min(max(at_ms, word.start_ms), end_ms)
        placed.append(
            CueWord(text, at_ms, min(max(at_ms, word.end_ms), end_ms), word.is_joined)
        )
    breaks = _breaks(placed, len(draft.prefix), length)
    return tuple(
        tuple(placed[begin:end])
        for begin, end in zip([0, *breaks], [*breaks, len(placed)], strict=True)
    )


def _breaks(words: Sequence[CueWord], filled: int, length: int) -> list[int]:
    """Say before which words a line begins: greedily, two lines of about one length."""
    breaks: list[int] = []
    line = filled
    for place, word in enumerate(words):
        space = 0 if word.is_joined or line == 0 else 1
        if line and place and line + space + len(word.text) > length:
            breaks.append(place)
            line, space = 0, 0
        line += space + len(word.text)
    if len(breaks) != 1:
        return breaks
    best, best_longer = breaks[0], length + 1
    for place in range(breaks[0], 0, -1):
        upper = filled + bool(filled) + len(line_text(words[:place]))
        lower = len(line_text(words[place:]))
        if lower > length:
            break
        longer = max(upper, lower)
        if longer <= best_longer:
            best, best_longer = place, longer
    return [best]
