"""Subtitles: words into cues that can be read in time, and what breaks the rules."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import accumulate, pairwise
from operator import add, itemgetter, sub
from typing import NamedTuple

from app.core.messages import Message, message
from app.core.paragraphs import ends_sentence
from app.core.transcript import Layout, SpeakerId, Word
from app.export.direction import (
    RIGHT_TO_LEFT,
    by_itself,
    has_right_to_left,
    is_right_to_left,
    isolated_words,
)
from app.export.options import ExportOptions
from app.export.plain import one_line
from app.export.source import ExportDocument

LONG_PAUSE_MS = 1_500
"""A silence that no cue spans."""
_CROSSTALK_MS = 500
"""Turns that overlap by no more follow each other; the first one's cue is cut short."""
_LITTLE_DISORDER_MS = 1_000
_SENTENCE_DIVISOR = 3
_CLAUSE_DIVISOR = 2
"""Which share of a full cue must be left for it to be cut at the end of one."""
_CLAUSE_ENDS = (",", ";", ":", "–", "—", "、", "，", "；", "：", "،")


class CueFault(StrEnum):
    """A rule that a cue breaks."""

    TOO_FAST = "too-fast"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    SMALL_GAP = "small-gap"
    OVERLAP = "overlap"
    LONG_LINE = "long-line"

    @property
    def message(self) -> Message:
        """The rule as a sentence."""
        return _FAULTS[self]


_FAULTS = {
    CueFault.TOO_FAST: message("Too much text to read in time."),
    CueFault.TOO_SHORT: message("Too short."),
    CueFault.TOO_LONG: message("Too long."),
    CueFault.SMALL_GAP: message("Too close to the one before."),
    CueFault.OVERLAP: message("Overlaps the one before."),
    CueFault.LONG_LINE: message("A word is longer than a line."),
}


class CueWord(NamedTuple):
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


class _Turn:
    """The words of a turn, measured once, a list a measure: the rules ask them often.

    Attributes:
        texts: What each word shows, in reading order.
        begins: Where each begins when all stand on one line.
        ends: Where each ends there.
        starts_ms: When each is spoken.
        ends_ms: When each has been.
        pauses: Before which words a silence lies that no cue spans.
        joins: Which have no space before them.
        is_spaced: There is a space before every word but the first.
        is_mixed: Something in it is read from right to left.
        is_ordered: No word begins or ends before the one that precedes it does.
        speaker_id: Who speaks.
        prefix: Name and colon for the text of a cue; empty for none.
        cues: From and to when the imported subtitles are shown that begin with a word,
            by its place.
        lines: Places of words that begin a line of such a subtitle.
        italics: Which words are set in italics; none if no word is.
        named: Places of words before which such a subtitle says who speaks.
        led: The same where it does so behind a dash.
    """

    __slots__ = (
        "begins",
        "cues",
        "ends",
        "ends_ms",
        "is_mixed",
        "is_ordered",
        "is_spaced",
        "italics",
        "joins",
        "led",
        "lines",
        "named",
        "pauses",
        "prefix",
        "speaker_id",
        "starts_ms",
        "texts",
    )

    def __init__(
        self, words: Sequence[Word], speaker_id: SpeakerId | None, prefix: str
    ) -> None:
        self.speaker_id = speaker_id
        self.prefix = prefix
        self.starts_ms = [word.start_ms for word in words]
        self.ends_ms = [word.end_ms for word in words]
        # Nearly always they are, and then the first and the last of a run are its bounds.
        self.is_ordered = (
            sorted(self.starts_ms) == self.starts_ms and sorted(self.ends_ms) == self.ends_ms
        )
        self.pauses = [
            place
            for place, (until_ms, next_ms) in enumerate(
                zip(self.ends_ms, self.starts_ms[1:], strict=False), start=1
            )
            if next_ms - until_ms > LONG_PAUSE_MS
        ]
        self.texts = [word.text for word in words]
        # Asked at once, since nearly all words are fine and a call a word takes its time.
        whole = "".join(self.texts)
        if not whole.isprintable():
            self.texts = [one_line(text) for text in self.texts]
        self.is_mixed = has_right_to_left(whole) or has_right_to_left(prefix)
        self.cues: dict[int, tuple[int, int]] = {}
        self.lines: set[int] = set()
        self.named: set[int] = set()
        self.led: set[int] = set()
        self.italics: set[int] = set()
        for place, word in enumerate(words):
            if word.layout is not None:
                self._lay_out(place, word.layout)
        self.joins = [word.is_joined for word in words]
        self.is_spaced = not any(self.joins)
        # What each takes up, the space before it included; the first has none.
        lengths = [len(text) for text in self.texts]
        gaps = [0 if is_joined else 1 for is_joined in self.joins]
        gaps[:1] = [0]
        self.ends = list(accumulate(map(add, lengths, gaps)))
        self.begins = list(map(sub, self.ends, lengths))

    def _lay_out(self, place: int, layout: Layout) -> None:
        """Take over how an imported word stood."""
        if layout.cue is not None:
            self.cues[place] = layout.cue
        if layout.starts_line:
            self.lines.add(place)
        if layout.is_named and layout.lead and self.prefix:
            self.texts[place] = f"{self.prefix} {self.texts[place]}"
            self.led.add(place)
        elif layout.is_named:
            self.named.add(place)
        if layout.is_italic:
            self.italics.add(place)
        if layout.lead:
            self.texts[place] = one_line(layout.lead) + self.texts[place]

    def line(self, begin: int, end: int, texts: Sequence[str] = ()) -> str:
        """Write these words on one line, or other texts in their place."""
        texts = texts or self.texts[begin:end]
        if self.is_spaced:
            return " ".join(texts)
        parts = [texts[0]]
        for is_joined, text in zip(self.joins[begin + 1 : end], texts[1:], strict=True):
            parts.append(text if is_joined else f" {text}")
        return "".join(parts)

    def width(self, begin: int, end: int) -> int:
        """Say how long the line of these words is."""
        return self.ends[end - 1] - self.begins[begin]

    def begins_ms(self, begin: int, end: int) -> int:
        """Say when the first of these words is spoken."""
        return self.starts_ms[begin] if self.is_ordered else min(self.starts_ms[begin:end])

    def over_ms(self, begin: int, end: int) -> int:
        """Say when the last of these words has been spoken."""
        return self.ends_ms[end - 1] if self.is_ordered else max(self.ends_ms[begin:end])

    def next_line(self, begin: int, end: int, indent: int, room: int) -> int:
        """Say before which word a line is full; at least one stands on it."""
        full = self.begins[begin] - indent + room
        return bisect_right(self.ends, full, begin + 1, end)


class _Draft(NamedTuple):
    """The words of one cue: from ``begin`` to before ``end`` of a turn."""

    turn: _Turn
    begin: int
    end: int
    prefix: str


class Cue(NamedTuple):
    """One subtitle.

    Attributes:
        start_ms: When it appears; not before the one before does.
        end_ms: When it goes; later than ``start_ms``. Where people speak at once, later
            than when the next one appears.
        faults: Which rules it breaks.
        draft: Where its words are.
        breaks: Before which of them a line begins, the first line's aside.
    """

    start_ms: int
    end_ms: int
    faults: tuple[CueFault, ...]
    draft: _Draft
    breaks: tuple[int, ...]

    @property
    def prefix(self) -> str:
        """Name and colon to stand before the text; empty if it goes on."""
        return self.draft.prefix

    @property
    def speaker_id(self) -> SpeakerId | None:
        """Who speaks."""
        return self.draft.turn.speaker_id

    @property
    def is_mixed(self) -> bool:
        """Whether something in it may be read from right to left."""
        return self.draft.turn.is_mixed

    @property
    def text(self) -> str:
        """The lines as they are read, prefix included."""
        lines: list[str] = []
        begin = self.draft.begin
        for end in (*self.breaks, self.draft.end):
            lines.append(self.draft.turn.line(begin, end))
            begin = end
        shown = "\n".join(lines)
        return f"{self.prefix} {shown}" if self.prefix else shown

    def written(self, shown: Callable[[str], str] = str, *, takes_italics: bool = True) -> str:
        """Give the lines as a file holds them: italics in tags, directions isolated.

        Args:
            shown: Makes text harmless where it is not a tag.
            takes_italics: Whether the format has those tags.
        """
        has_italics = takes_italics and self.has_italics
        if not has_italics and not self.is_mixed:
            return shown(self.text)
        turn = self.draft.turn
        italics = turn.italics if has_italics else set[int]()
        lines: list[str] = []
        begin = self.draft.begin
        for end in (*self.breaks, self.draft.end):
            parts: list[str] = []
            texts = self._isolated(begin, end)
            at = begin
            while at < end:
                is_italic = at in italics
                until = at + 1
                while until < end and (until in italics) is is_italic:
                    until += 1
                gap = "" if at == begin or turn.joins[at] else " "
                text = shown(turn.line(at, until, texts[at - begin : until - begin]))
                parts.append(f"{gap}<i>{text}</i>" if is_italic else gap + text)
                at = until
            lines.append("".join(parts))
            begin = end
        if not self.prefix:
            return "\n".join(lines)
        name, lines[0] = self.beside_name(lines[0])
        return "\n".join([f"{shown(name)} {lines[0]}", *lines[1:]])

    def beside_name(self, first: str) -> tuple[str, str]:
        """Give the prefix as a file holds it, and what follows it with its directions."""
        if not self.is_mixed:
            return self.prefix, first
        name = f"{by_itself(self.prefix.removesuffix(':'))}:"
        end = self.breaks[0] if self.breaks else self.draft.end
        if is_right_to_left(self.draft.turn.line(self.draft.begin, end)):
            # The line is one isolate, to which the name belongs.
            return RIGHT_TO_LEFT + name, first.replace(RIGHT_TO_LEFT, "", 1)
        return name, first

    def _isolated(self, begin: int, end: int) -> list[str]:
        texts = self.draft.turn.texts[begin:end]
        return isolated_words(texts) if self.is_mixed else texts

    @property
    def has_italics(self) -> bool:
        """Whether a word of it is set in italics."""
        italics = self.draft.turn.italics
        return bool(italics) and any(
            place in italics for place in range(self.draft.begin, self.draft.end)
        )

    @property
    def lines(self) -> list[list[CueWord]]:
        """The words line by line, with times that stay within the cue and in order."""
        return [[CueWord(*word) for word in line] for line in self.plain_lines()]

    def timed_lines(self) -> Iterator[tuple[list[str], list[int], list[bool]]]:
        """Give, line by line, texts, starts and joins of the words; starts as in ``lines``.

        Directions are isolated, as in ``written``.
        """
        turn = self.draft.turn
        at_ms, last_ms = self.start_ms, self.end_ms
        begin = self.draft.begin
        for end in (*self.breaks, self.draft.end):
            starts_ms = turn.starts_ms[begin:end]
            # Nearly always they are in order already.
            if not at_ms <= starts_ms[0] or sorted(starts_ms) != starts_ms:
                starts_ms = list(accumulate(starts_ms, max, initial=at_ms))[1:]
            if starts_ms[-1] > last_ms:
                starts_ms = [min(start_ms, last_ms) for start_ms in starts_ms]
            yield self._isolated(begin, end), starts_ms, turn.joins[begin:end]
            at_ms = starts_ms[-1]
            begin = end

    def plain_lines(self) -> Iterator[list[tuple[str, int, int, bool]]]:
        """Give the same as bare tuples, for whoever has no time to name each field."""
        turn = self.draft.turn
        at_ms, last_ms = self.start_ms, self.end_ms
        begin = self.draft.begin
        for end in (*self.breaks, self.draft.end):
            line: list[tuple[str, int, int, bool]] = []
            for text, start_ms, end_ms, is_joined in zip(
                turn.texts[begin:end],
                turn.starts_ms[begin:end],
                turn.ends_ms[begin:end],
                turn.joins[begin:end],
                strict=True,
            ):
                # Comparisons before min and max: this runs for every word.
                if start_ms > at_ms:
                    at_ms = min(start_ms, last_ms)
                if at_ms <= end_ms <= last_ms:
                    line.append((text, at_ms, end_ms, is_joined))
                else:
                    line.append((text, at_ms, max(at_ms, min(end_ms, last_ms)), is_joined))
            yield line
            begin = end


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
    turns: list[_Turn] = []
    shown = labels if with_prefix and options.names else {}
    spoken = [(one.words, one.speaker_id) for one in document.chosen(options)]
    for words, speaker_id in _whole_cues(spoken, shown, is_one_text=with_prefix):
        label = shown.get(speaker_id, "")
        turns.append(_Turn(words, speaker_id, f"{label}:" if label else ""))
    begins_ms = sorted(turn.starts_ms[0] for turn in turns)
    drafts: list[_Draft] = []
    for turn in turns:
        after = bisect_right(begins_ms, turn.starts_ms[0])
        is_cut_into = after < len(begins_ms) and begins_ms[after] < turn.ends_ms[-1]
        drafts.extend(_cut(turn, options, names_anew=is_cut_into))
    starts_ms, drafts = _in_order(drafts)
    _name_anew(drafts, options)
    return list(_timed(starts_ms, drafts, options, document.transcript.duration_ms))


_Spoken = tuple[tuple[Word, ...], SpeakerId | None]


def _whole_cues(
    spoken: list[_Spoken], labels: Mapping[SpeakerId | None, str], *, is_one_text: bool
) -> list[_Spoken]:
    """Put the lines of an imported subtitle together in which several people speak.

    Args:
        spoken: Words of each turn and who speaks them.
        labels: What stands before what is said, by who says it.
        is_one_text: Whether a subtitle is one text, with names in it; else it has one
            speaker, and each gets one of the same time.
    """
    whole: list[_Spoken] = []
    cue: tuple[int, int] | None = None
    for words, speaker_id in spoken:
        layout = words[0].layout
        if layout is not None and layout.cue is None and layout.starts_line and cue:
            if not is_one_text and whole[-1][1] != speaker_id:
                own = replace(layout, cue=cue, starts_line=False)
                words = (replace(words[0], layout=own), *words[1:])  # noqa: PLW2901
            else:
                until = next(
                    (n for n, word in enumerate(words) if word.layout and word.layout.cue),
                    len(words),
                )
                label = labels.get(speaker_id, "") if layout.is_named else ""
                lead = f"{layout.lead}{label}: " if label else layout.lead
                first = replace(words[0], layout=replace(layout, lead=lead, is_named=False))
                before, who = whole[-1]
                whole[-1] = ((*before, first, *words[1:until]), who)
                words = words[until:]  # noqa: PLW2901
        if words:
            whole.append((words, speaker_id))
            cue = next(
                (
                    word.layout.cue
                    for word in reversed(words)
                    if word.layout and word.layout.cue
                ),
                None,
            )
    return whole


def _cut(turn: _Turn, options: ExportOptions, *, names_anew: bool) -> Iterator[_Draft]:
    """Fill cues greedily, but end them at a sentence or clause where one is near.

    Args:
        turn: What is cut.
        options: How long lines and cues may be.
        names_anew: Leave room in each cue for the name of who speaks.
    """
    begin, prefix = 0, turn.prefix
    count = min(turn.cues, default=len(turn.texts))
    while begin < count:
        indent = _indent(turn.prefix if names_anew else prefix)
        end = min(_furthest(turn, begin, indent, options), count)
        if end < count:
            end = _good_end(turn, begin, end)
        yield _Draft(turn, begin, end, prefix)
        begin, prefix = end, ""
    # Subtitles that were imported stay as they were, whatever the rules say.
    for begin, end in pairwise([*sorted(turn.cues), len(turn.texts)]):
        named = turn.prefix if begin in turn.named else prefix
        yield _Draft(turn, begin, end, "" if begin in turn.led else named)
        prefix = ""


def _furthest(turn: _Turn, begin: int, indent: int, options: ExportOptions) -> int:
    """Give the end of the longest run of words that one cue may hold; at least one."""
    end = begin
    for _ in range(options.cue_lines):
        end = turn.next_line(end, len(turn.texts), indent, options.cue_line_length)
        indent = 0
        if end == len(turn.texts):
            break
    pause = bisect_right(turn.pauses, begin)
    if pause < len(turn.pauses):
        end = min(end, turn.pauses[pause])
    latest_ms = turn.starts_ms[begin] + options.max_cue_ms
    if end > begin + 1 and turn.over_ms(begin + 1, end) > latest_ms:
        # Not by bisection: the times of words need not be in order.
        return next(place for place in range(begin + 1, end) if turn.ends_ms[place] > latest_ms)
    return end


def _good_end(turn: _Turn, begin: int, end: int) -> int:
    """Move the end of a cue back to where a sentence or clause ends, unless far."""
    texts = turn.texts
    if turn.starts_ms[end] - turn.ends_ms[end - 1] > LONG_PAUSE_MS:
        return end
    first, ends = turn.begins[begin], turn.ends
    total = ends[end - 1] - first
    clause = 0
    for place in range(end - 1, begin - 1, -1):
        text = texts[place]
        # Nearly all words end in a letter, and this is asked for nearly all.
        if text[-1:].isalnum():
            continue
        length = ends[place] - first
        if length * _SENTENCE_DIVISOR < total:
            break
        if ends_sentence(text):
            return place + 1
        if not clause and length * _CLAUSE_DIVISOR >= total and text.endswith(_CLAUSE_ENDS):
            clause = place + 1
    return clause or end


def _in_order(drafts: list[_Draft]) -> tuple[list[int], list[_Draft]]:
    """Sort by when they are spoken: turns overlap, and a recogniser may err about a time.

    Within a turn a little disorder is taken for an error of measurement, and the order
    in which it is read is kept; where it is great, the time is believed.
    """
    timed: list[tuple[int, _Draft]] = []
    last_turn: _Turn | None = None
    last_ms = 0
    for draft in drafts:
        turn, begin, end, _ = draft
        own = turn.cues.get(begin)
        start_ms = turn.begins_ms(begin, end) if own is None else own[0]
        if turn is last_turn and 0 < last_ms - start_ms <= _LITTLE_DISORDER_MS:
            start_ms = last_ms
        timed.append((max(0, start_ms), draft))
        last_turn, last_ms = turn, start_ms
    timed.sort(key=itemgetter(0))
    return [start_ms for start_ms, _ in timed], [draft for _, draft in timed]


def _name_anew(drafts: list[_Draft], options: ExportOptions) -> None:
    """Say again who speaks where somebody else came between, if there is room."""
    last_turn: _Turn | None = None
    for place, draft in enumerate(drafts):
        turn = draft.turn
        is_own = draft.begin in turn.cues
        if turn is not last_turn and not draft.prefix and turn.prefix and not is_own:
            named = draft._replace(prefix=turn.prefix)
            if len(_breaks(named, options.cue_line_length)) < options.cue_lines:
                drafts[place] = named
        last_turn = turn


def _timed(
    starts_ms: list[int], drafts: list[_Draft], options: ExportOptions, duration_ms: int
) -> Iterator[Cue]:
    """Give each cue its time: it stands as long as it is spoken, and longer where it can."""
    least_ms, most_ms = options.min_cue_ms, options.max_cue_ms
    speed, least_gap_ms = options.reading_speed, options.min_gap_ms
    room = options.cue_line_length
    gone_ms: int | None = None
    for draft, start_ms, next_ms in zip(drafts, starts_ms, [*starts_ms, None][1:], strict=True):
        turn, begin, end, prefix = draft
        spoken_ms = turn.over_ms(begin, end)
        indent = _indent(prefix)
        length = indent + turn.width(begin, end)
        if begin in turn.cues:
            yield _as_imported(draft, start_ms)
            gone_ms = max(gone_ms or 0, turn.cues[begin][1])
            continue
        needed_ms = max(least_ms, length * 1_000 // speed)
        wanted_ms = max(spoken_ms, start_ms + min(needed_ms, most_ms))
        if duration_ms:
            wanted_ms = min(wanted_ms, max(spoken_ms, duration_ms))
        if next_ms is not None and wanted_ms > next_ms - least_gap_ms:
            if spoken_ms - next_ms <= min(_CROSSTALK_MS, next_ms - start_ms):
                gap_ms = next_ms - least_gap_ms
                wanted_ms = gap_ms if gap_ms > start_ms else next_ms
            else:
                wanted_ms = spoken_ms  # people do speak at once; nothing may be cut off
        end_ms = max(wanted_ms, start_ms + 1)
        # What fits on one line needs no look at where it could be broken.
        breaks = () if length <= room else _breaks(draft, room)
        faults = _faults(draft, breaks, length, end_ms - start_ms, options)
        if gone_ms is not None and start_ms - gone_ms < least_gap_ms:
            faults += (CueFault.OVERLAP if start_ms < gone_ms else CueFault.SMALL_GAP,)
        gone_ms = end_ms if gone_ms is None else max(gone_ms, end_ms)
        yield Cue(start_ms, end_ms, faults, draft, breaks)


def _as_imported(draft: _Draft, start_ms: int) -> Cue:
    """Give a subtitle as it was imported: its times and lines are nobody's to judge."""
    end_ms = draft.turn.cues[draft.begin][1]
    return Cue(start_ms, max(end_ms, start_ms + 1), (), draft, _own_lines(draft))


def _own_lines(draft: _Draft) -> tuple[int, ...]:
    return tuple(at for at in range(draft.begin + 1, draft.end) if at in draft.turn.lines)


def _indent(prefix: str) -> int:
    return len(prefix) + 1 if prefix else 0


def _faults(
    draft: _Draft, breaks: tuple[int, ...], length: int, shown_ms: int, options: ExportOptions
) -> tuple[CueFault, ...]:
    faults: list[CueFault] = []
    if length * 1_000 > options.reading_speed * shown_ms:
        faults.append(CueFault.TOO_FAST)
    if shown_ms < options.min_cue_ms:
        faults.append(CueFault.TOO_SHORT)
    if shown_ms > options.max_cue_ms:
        faults.append(CueFault.TOO_LONG)
    turn, begin, last, prefix = draft
    used = _indent(prefix) - turn.begins[begin]
    for end in (*breaks, last):
        if used + turn.ends[end - 1] > options.cue_line_length:
            faults.append(CueFault.LONG_LINE)
            break
        if end < last:
            used = -turn.begins[end]
    return tuple(faults)


def _breaks(draft: _Draft, room: int) -> tuple[int, ...]:
    """Say before which words a line begins: greedily, two lines of about one length."""
    turn, begin, end, prefix = draft
    indent = _indent(prefix)
    breaks: list[int] = []
    place = turn.next_line(begin, end, indent, room)
    while place < end:
        breaks.append(place)
        place = turn.next_line(place, end, 0, room)
    if len(breaks) != 1:
        return tuple(breaks)
    begins, ends = turn.begins, turn.ends
    last, first = ends[end - 1], begins[begin] - indent
    best, best_longer = breaks[0], room
    for place in range(breaks[0], begin, -1):
        lower = last - begins[place]
        if lower > best_longer:
            break
        longer = max(ends[place - 1] - first, lower)
        if longer <= best_longer:
            best, best_longer = place, longer
    return (best,)
