"""Where playback goes: steps, jumps over what is not to be heard, and what was heard.

Pure: given a position, say where to go. ``PlaySession`` does the going.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from app.core.paragraphs import ends_sentence
from app.core.timeline import Timeline
from app.core.transcript import Paragraph, SpeakerId, Transcript

MIN_RATE, MAX_RATE, RATE_STEP = 0.5, 3.0, 0.05
SKIPS_MS = (2_000, 5_000, 10_000)
INSIDE_MS = 5
"""How far into a word a seek aims, so that rounding does not light the one before."""
_SHORT_SILENCE_MS = 1_000
"""A pause in speech up to this long is part of it."""
_PADDING_MS = 250
"""What is left of a silence at either end when it is skipped."""
_AT_START_MS = 900
"""So soon after a start, *previous* means the one before."""
_WORD_AT_START_MS = 250


class StepUnit(StrEnum):
    """What a step goes by."""

    WORD = "word"
    SENTENCE = "sentence"
    TURN = "turn"


class AfterTyping(StrEnum):
    """Where playback goes on after a pause for typing."""

    STAY_PAUSED = "stay-paused"
    WHERE_STOPPED = "where-stopped"
    BEFORE_EDIT = "before-edit"
    AFTER_EDIT = "after-edit"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class TransportOptions:
    """A person's habits of listening.

    Attributes:
        skip_ms: How far *back* and *forward* go.
        rewind_ms: How far playback steps back at every pause.
        repeat_ms: How much *repeat* plays again.
        skips_silences: Whether long pauses are left out.
        only_speaker: The one speaker to be heard; ``None`` for all.
        skips_struck: Whether words that are struck through are left out.
        pauses_while_typing: Whether a correction stops the sound.
        after_typing: Where it goes on afterwards.
        earlier_ms: How much earlier, for ``AfterTyping.EARLIER``.
    """

    skip_ms: int = 5_000
    rewind_ms: int = 1_000
    repeat_ms: int = 3_000
    skips_silences: bool = False
    only_speaker: SpeakerId | None = None
    skips_struck: bool = False
    pauses_while_typing: bool = True
    after_typing: AfterTyping = AfterTyping.WHERE_STOPPED
    earlier_ms: int = 2_000


def nearest_rate(rate: float) -> float:
    """Give the speed a person can have that is nearest to a wished one."""
    steps = round(min(MAX_RATE, max(MIN_RATE, rate)) / RATE_STEP)
    return round(steps * RATE_STEP, 2)


class Transport:
    """Say where to go in one transcript.

    Attributes:
        loop: Start and end of what is played over and over, if anything.
    """

    def __init__(self, transcript: Transcript, timeline: Timeline) -> None:
        self.loop: tuple[int, int] | None = None
        self._transcript = transcript
        self._timeline = timeline
        self._options = TransportOptions()
        self._starts: dict[StepUnit, array[int]] = {}  # once somebody steps so
        self._wanted: tuple[array[int], array[int]] | None = None  # once it is asked for
        self._struck: tuple[array[int], array[int]] | None = None  # as well

    def take_transcript(self, transcript: Transcript) -> None:
        """Take up an edit; the timeline is the caller's to keep right."""
        self._transcript = transcript
        self._starts.clear()
        self._wanted = self._struck = None

    def set_options(self, options: TransportOptions) -> None:
        """Take up which spans are to be heard."""
        self._options = options
        self._wanted = None

    def step(self, unit: StepUnit, places: int, position_ms: int) -> int:
        """Give where the next or previous word, sentence or turn begins.

        Args:
            unit: What to step by.
            places: 1 for the next, -1 for the previous.
            position_ms: From where; shortly after a start, that start does not count
                as previous.
        """
        if unit is StepUnit.WORD:
            return self._step_word(places, position_ms)
        starts = self._starts_of(unit)
        if not starts:
            return position_ms
        if places > 0:
            at = bisect_right(starts, position_ms + INSIDE_MS)
            return starts[at] + INSIDE_MS if at < len(starts) else position_ms
        at = bisect_right(starts, position_ms) - 1
        if at >= 0 and position_ms - starts[at] <= _AT_START_MS:
            at = bisect_left(starts, starts[at]) - 1
        return starts[at] + INSIDE_MS if at >= 0 else 0

    def jump_from(self, position_ms: int) -> int | None:
        """Give where to jump from here while playing, ``None`` to play on.

        The end of what is to be heard has nowhere to jump to; see ``is_over``.
        """
        if self.loop is not None:
            start_ms, end_ms = self.loop
            return start_ms if position_ms >= end_ms else None
        if self._options.skips_struck:
            struck, over = self._not_to_be_heard()
            at = bisect_right(struck, position_ms) - 1
            if at >= 0 and position_ms < over[at]:
                return over[at]
        begins, finishes = self._to_be_heard()
        if not begins:
            return None
        at = bisect_right(begins, position_ms) - 1
        if at >= 0 and position_ms < finishes[at]:
            return None
        return begins[at + 1] if at + 1 < len(begins) else None

    def is_over(self, position_ms: int) -> bool:
        """Tell whether nothing more is to be heard, though the recording goes on."""
        _, finishes = self._to_be_heard()
        return self.loop is None and bool(finishes) and position_ms >= finishes[-1]

    def turn_at(self, position_ms: int) -> tuple[int, int] | None:
        """Give start and end of the turn spoken at or last before a position."""
        best: tuple[int, int] | None = None
        for paragraph in self._transcript.paragraphs:
            start_ms, end_ms = _extent(paragraph)
            if start_ms <= position_ms and (best is None or start_ms >= best[0]):
                best = (start_ms, end_ms)
        return best

    def _step_word(self, places: int, position_ms: int) -> int:
        line = self._timeline
        if not len(line):
            return position_ms
        if places > 0:
            start_ms = line.next_start(position_ms + INSIDE_MS)
            return position_ms if start_ms is None else start_ms + INSIDE_MS
        start_ms = line.last_start(position_ms)
        if start_ms is not None and position_ms - start_ms <= _WORD_AT_START_MS:
            start_ms = line.last_start(start_ms - 1)
        return 0 if start_ms is None else start_ms + INSIDE_MS

    def _starts_of(self, unit: StepUnit) -> array[int]:
        if unit not in self._starts:
            self._starts[unit] = (
                _sentence_starts(self._transcript)
                if unit is StepUnit.SENTENCE
                else array("q", sorted(_extent(one)[0] for one in self._transcript.paragraphs))
            )
        return self._starts[unit]

    def _to_be_heard(self) -> tuple[array[int], array[int]]:
        """Give where each span to be heard begins and ends; nothing if all is heard."""
        if self._wanted is None:
            spans: list[tuple[int, int]] = []
            if self._options.only_speaker is not None or self._options.skips_silences:
                spans = self._spans(self._options)
            self._wanted = (
                array("q", (begin for begin, _ in spans)),
                array("q", (finish for _, finish in spans)),
            )
        return self._wanted

    def _not_to_be_heard(self) -> tuple[array[int], array[int]]:
        """Give where each run of struck words begins, and what follows it."""
        if self._struck is None:
            runs: list[tuple[int, int]] = []
            for paragraph in self._transcript.paragraphs:
                for is_struck, run in groupby(paragraph.words, key=lambda one: one.is_struck):
                    words = list(run)
                    if is_struck:
                        end_ms = max(word.end_ms for word in words)
                        runs.append((words[0].start_ms, end_ms))
            runs.sort()
            self._struck = (
                array("q", (begin for begin, _ in runs)),
                array("q", (finish for _, finish in runs)),
            )
        return self._struck

    def _spans(self, options: TransportOptions) -> list[tuple[int, int]]:
        """Give what is to be heard, padded, in order, without overlaps."""
        within_ms = _SHORT_SILENCE_MS if options.skips_silences else 2 * _PADDING_MS
        joined: list[tuple[int, int]] = []
        begin_ms = finish_ms = None
        for start_ms, end_ms in self._spoken(options):
            if begin_ms is None or finish_ms is None:
                begin_ms, finish_ms = start_ms, end_ms
            elif start_ms - finish_ms > within_ms:
                joined.append((begin_ms, finish_ms))
                begin_ms, finish_ms = start_ms, end_ms
            elif end_ms > finish_ms:
                finish_ms = end_ms
        if begin_ms is not None and finish_ms is not None:
            joined.append((begin_ms, finish_ms))
        return [
            (max(0, start_ms - _PADDING_MS), end_ms + _PADDING_MS)
            for start_ms, end_ms in joined
        ]

    def _spoken(self, options: TransportOptions) -> Iterable[tuple[int, int]]:
        """Give start and end of all words or turns to be heard, in order."""
        if options.only_speaker is None:  # every word, which the timeline has in order
            return self._timeline.spans()
        spoken: list[tuple[int, int]] = []
        for paragraph in self._transcript.paragraphs:
            if paragraph.speaker_id != options.only_speaker:
                continue
            if options.skips_silences and paragraph.words:
                spoken += [
                    (word.start_ms, max(word.start_ms, word.end_ms)) for word in paragraph.words
                ]
            else:
                spoken.append(_extent(paragraph))
        spoken.sort()
        return spoken


def _extent(paragraph: Paragraph) -> tuple[int, int]:
    if not paragraph.words:
        return paragraph.start_ms, max(paragraph.start_ms, paragraph.end_ms)
    start_ms = min(word.start_ms for word in paragraph.words)
    return start_ms, max(start_ms, *(word.end_ms for word in paragraph.words))


def _sentence_starts(transcript: Transcript) -> array[int]:
    starts: list[int] = []
    for paragraph in transcript.paragraphs:
        begins = True
        for word in paragraph.words:
            if begins:
                starts.append(word.start_ms)
            begins = ends_sentence(word.text)
    return array("q", sorted(starts))
