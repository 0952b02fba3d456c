"""Retiming: a word's edges, a range of words, or all of them stand at another time.

Pure functions as in ``edits``. Words keep their order through all of them: within a turn no
word begins before the one in front of it. As in a subtitle editor, an edge with room before
it stops at its neighbour; where two words touch, their edges are one, and the neighbour
gives way until little is left of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import accumulate, groupby

from app.core.document import Change, Splice
from app.core.recording import AttachedRecording
from app.core.transcript import Layout, Paragraph, Transcript, Word

LEAST_WORD_MS = 20
"""A word that gives way stays so long; shorter ones could not be grasped any more."""
SNAP_MS = 200
"""An edge is moved so far at most to where speech begins or ends."""
_LEAST_PAUSE_MS = 80
_NEVER_MS = 1 << 62
_CUE_REACH = 400
"""So many words back the beginning of a subtitle is looked for."""


class Edge(StrEnum):
    """One of the two ends of a word."""

    START = "start"
    END = "end"


def word_times(transcript: Transcript, word: int) -> tuple[int, int]:
    """Give when a word, by its place in reading order, begins and ends."""
    return _span(_Words(transcript)[word])


def room_of(
    transcript: Transcript, word: int, edge: Edge, *, parts: bool = False
) -> tuple[int, int]:
    """Give the earliest and the latest time that an edge of a word can be moved to.

    Args:
        transcript: What is edited.
        word: Place of the word in reading order.
        edge: Which end of it.
        parts: Whether an edge that touches a neighbour's is taken from it, not along
            with it.
    """
    return _Words(transcript).room(word, edge, parts=parts)


def move_edge(
    transcript: Transcript, word: int, edge: Edge, to_ms: int, *, parts: bool = False
) -> Change | None:
    """Let a word begin or end at another time, as near to it as there is room.

    Args:
        transcript: What is edited.
        word: Place of the word in reading order.
        edge: Which end of it.
        to_ms: When it is to be.
        parts: Whether a neighbour that touches keeps its own edge.

    Returns:
        The change, or ``None`` if the edge stays where it is.
    """
    words = _Words(transcript)
    least_ms, most_ms = words.room(word, edge, parts=parts)
    at_ms = min(max(to_ms, least_ms), most_ms)
    start_ms, end_ms = _span(words[word])
    if at_ms == (start_ms if edge is Edge.START else end_ms):
        return None
    other = words.touching(word, edge)
    if edge is Edge.START:
        moved = {word: replace(words[word], start_ms=at_ms, end_ms=max(at_ms, end_ms))}
        if other is not None and not parts:
            moved[other] = replace(words[other], end_ms=at_ms)
    else:
        moved = {word: replace(words[word], end_ms=at_ms)}
        if other is not None and not parts:
            behind = words[other]
            end_ms = max(at_ms, behind.end_ms)
            moved[other] = replace(behind, start_ms=at_ms, end_ms=end_ms)
    moved[word] = replace(moved[word], is_estimated=False)
    return words.changed(words.with_cues(moved), "Move a word's edge")


def nudge(
    transcript: Transcript, word: int, edge: Edge, by_ms: int, *, parts: bool = False
) -> Change | None:
    """Let a word begin or end a little earlier or later; ``None`` if there is no room."""
    start_ms, end_ms = word_times(transcript, word)
    at_ms = start_ms if edge is Edge.START else end_ms
    return move_edge(transcript, word, edge, at_ms + by_ms, parts=parts)


def shift_room(transcript: Transcript, words: range) -> tuple[int, int]:
    """Give by how much words can be shifted: earliest, as a negative amount, and latest."""
    return _Words(transcript).shift_room(words)


def shift(transcript: Transcript, words: range, by_ms: int) -> Change | None:
    """Let a range of words be spoken earlier or later, as far as there is room.

    The words beside the range give way, as at an edge that touches.

    Args:
        transcript: What is edited.
        words: Places in reading order.
        by_ms: How much later; negative for earlier.
    """
    flat = _Words(transcript)
    words = range(max(0, words.start), min(words.stop, len(flat)))
    least_ms, most_ms = flat.shift_room(words)
    by_ms = min(max(by_ms, least_ms), most_ms)
    if not by_ms or not words:
        return None
    moved = {place: _shifted(word, by_ms) for place, word in flat.of(words)}
    before, after = flat.before(words.start), flat.after(words.stop - 1)
    first, last = flat[words.start], flat[words.stop - 1]
    if before is not None and _span(flat[before])[1] <= first.start_ms:
        start_ms = moved[words.start].start_ms
        if flat[before].end_ms > start_ms:
            moved[before] = replace(flat[before], end_ms=start_ms)
    if after is not None and _span(last)[1] <= flat[after].start_ms:
        end_ms = _span(moved[words.stop - 1])[1]
        if flat[after].start_ms < end_ms:
            moved[after] = replace(flat[after], start_ms=end_ms)
    return flat.changed(flat.with_shifted_cues(moved, words, by_ms), "Shift times")


def shift_all(transcript: Transcript, by_ms: int) -> Change | None:
    """Let everything be spoken earlier or later, as on another recording of the same.

    What would lie before its beginning stands at the beginning, without length.
    """
    if not by_ms:
        return None
    splices: list[Splice] = []
    for at, paragraph in enumerate(transcript.paragraphs):
        moved = replace(
            paragraph,
            words=tuple(_shifted(word, by_ms, cue=True) for word in paragraph.words),
            start_ms=max(0, paragraph.start_ms + by_ms),
            end_ms=max(0, paragraph.end_ms + by_ms),
        )
        if moved != paragraph:
            splices.append(Splice(at, (paragraph,), (moved,)))
    before = transcript.wordless
    after = tuple(
        (max(0, start_ms + by_ms), end_ms + by_ms)
        for start_ms, end_ms in before
        if end_ms + by_ms > 0
    )
    if not splices and before == after:
        return None
    speakers = transcript.speakers
    wordless = None if before == after else (before, after)
    return Change(tuple(splices), speakers, speakers, "Shift times", wordless)


def with_recording(
    transcript: Transcript, before: AttachedRecording, after: AttachedRecording, by_ms: int
) -> Change:
    """Let a transcript have another recording, in which all is said earlier or later.

    Args:
        transcript: What gets it.
        before: The recording it has, if it has one.
        after: The one it gets.
        by_ms: How much later all is said in that.
    """
    speakers = transcript.speakers
    moved = shift_all(transcript, by_ms) or Change((), speakers, speakers)
    return replace(moved, label="Change recording", recording=(before, after))


def snap_to_speech(
    transcript: Transcript, words: range, speech: Sequence[tuple[int, int]]
) -> Change | None:
    """Put edges of words beside a pause to where speech ends and begins again.

    Args:
        transcript: What is edited.
        words: Places in reading order of the words it is done to.
        speech: When somebody is heard, in order; see ``core/speech_level.py``.
    """
    flat = _Words(transcript)
    words = range(max(0, words.start), min(words.stop, len(flat)))
    moved: dict[int, Word] = {}
    for turn in flat.turns_in(words):
        _snap_turn(flat, turn, _pauses(speech), moved)
    if not moved:
        return None
    return flat.changed(flat.with_cues(moved), "Snap to speech")


# ------------------------------------------------------------------ the words in a row


class _Words:
    """The words of a transcript in reading order, each told by its place."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        counts = (len(one.words) for one in transcript.paragraphs)
        self._firsts = list(accumulate(counts, initial=0))

    def __len__(self) -> int:
        return self._firsts[-1]

    def __getitem__(self, word: int) -> Word:
        number = self._paragraph_of(word)
        return self._transcript.paragraphs[number].words[word - self._firsts[number]]

    def of(self, words: range) -> Iterator[tuple[int, Word]]:
        """Go through a range of words with their places, however many there are."""
        if not words:
            return
        for number in range(self._paragraph_of(words.start), len(self._firsts) - 1):
            first = self._firsts[number]
            if first >= words.stop:
                return
            spoken = self._transcript.paragraphs[number].words
            begin = max(0, words.start - first)
            yield from enumerate(spoken[begin : words.stop - first], first + begin)

    def before(self, word: int) -> int | None:
        """Give the word before one in the same turn."""
        return word - 1 if word > 0 and self._is_one_turn(word - 1, word) else None

    def after(self, word: int) -> int | None:
        """Give the word after one in the same turn."""
        is_last = word + 1 >= len(self)
        return word + 1 if not is_last and self._is_one_turn(word, word + 1) else None

    def touching(self, word: int, edge: Edge) -> int | None:
        """Give the neighbour whose edge stands where this one does."""
        start_ms, end_ms = _span(self[word])
        if edge is Edge.START:
            other = self.before(word)
            return other if other is not None and _span(self[other])[1] == start_ms else None
        other = self.after(word)
        return other if other is not None and self[other].start_ms == end_ms else None

    def room(self, word: int, edge: Edge, *, parts: bool) -> tuple[int, int]:
        """Give from when to when an edge can be moved."""
        start_ms, end_ms = _span(self[word])
        is_touching = self.touching(word, edge) is not None
        if edge is Edge.START:
            # What is beside may overlap, so that the word behind may begin before its end.
            behind = self.after(word)
            most_ms = end_ms - LEAST_WORD_MS
            if behind is not None:
                most_ms = min(most_ms, self[behind].start_ms)
            least_ms = self._earliest(word, parts=parts and is_touching)
            return min(start_ms, least_ms), max(start_ms, most_ms)
        least_ms = min(end_ms, start_ms + LEAST_WORD_MS)
        other = self.after(word)
        if other is None:
            return least_ms, _NEVER_MS
        if is_touching:
            return least_ms, end_ms if parts else max(end_ms, self._latest_start(other))
        return least_ms, max(end_ms, self[other].start_ms)

    def shift_room(self, words: range) -> tuple[int, int]:
        """Give from how much to how much words can be shifted."""
        if not words:
            return 0, 0
        first, last = self[words.start], self[words.stop - 1]
        least_ms = self._earliest(words.start, gives_way=True) - first.start_ms
        earliest_ms = min(word.start_ms for _, word in self.of(words))
        least_ms = max(least_ms, -max(0, earliest_ms))
        most_ms = _NEVER_MS
        other = self.after(words.stop - 1)
        if other is not None:
            if _span(last)[1] <= self[other].start_ms:
                most_ms = self._latest_start(other) - _span(last)[1]
            else:
                most_ms = self[other].start_ms - last.start_ms
        elif words.stop < len(self):  # another turn may be spoken over, not be overtaken
            most_ms = self[words.stop].start_ms - last.start_ms
        return min(0, least_ms), max(0, most_ms)

    def turns_in(self, words: range) -> Iterable[range]:
        """Cut a range where another turn begins."""
        first = words.start
        for word in words:
            if word + 1 == words.stop or self.after(word) is None:
                yield range(first, word + 1)
                first = word + 1

    def changed(self, moved: Mapping[int, Word], label: str) -> Change | None:
        """Give the step that puts words in place of those there."""
        splices: list[Splice] = []
        for number, places in groupby(sorted(moved), key=self._paragraph_of):
            old = self._transcript.paragraphs[number]
            words = list(old.words)
            for word in places:
                words[word - self._firsts[number]] = moved[word]
            new = _with_words(old, tuple(words))
            if new != old:
                splices.append(Splice(number, (old,), (new,)))
        if not splices:
            return None
        speakers = self._transcript.speakers
        return Change(tuple(splices), speakers, speakers, label)

    def with_cues(self, moved: dict[int, Word]) -> dict[int, Word]:
        """Let subtitles that began or ended with words that moved do so still."""
        done = dict(moved)
        for word, new in moved.items():
            holder = self._cue_holder(word)
            if holder is None:
                continue
            old = self[word]
            layout = done.get(holder, self[holder]).layout
            if layout is None or layout.cue is None:
                continue
            begin_ms, end_ms = layout.cue
            if word == holder and new.start_ms != old.start_ms:
                begin_ms = new.start_ms if begin_ms == old.start_ms else begin_ms
                begin_ms = min(begin_ms, new.start_ms)
            if self._ends_cue(word) and new.end_ms != old.end_ms:
                end_ms = new.end_ms if end_ms == old.end_ms else end_ms
                end_ms = max(end_ms, new.end_ms)
            done[holder] = _with_cue(done.get(holder, self[holder]), layout, begin_ms, end_ms)
        return done

    def with_shifted_cues(
        self, moved: dict[int, Word], words: range, by_ms: int
    ) -> dict[int, Word]:
        """Let subtitles go with words that moved; those cut in two reach over both."""
        done = self.with_cues({word: one for word, one in moved.items() if word not in words})
        done = {**moved, **done}
        for word in words:
            layout = moved[word].layout
            if layout is not None and layout.cue is not None:
                begin_ms, end_ms = layout.cue
                if self._cue_end(word, words.stop) <= words.stop:
                    end_ms += by_ms
                done[word] = _with_cue(done[word], layout, begin_ms + by_ms, end_ms)
        holder = self._cue_holder(words.start)
        if holder is not None and holder < words.start:
            layout = done.get(holder, self[holder]).layout
            end = self._cue_end(words.start, words.stop)
            if layout is not None and layout.cue is not None and end <= words.stop:
                begin_ms, end_ms = layout.cue
                done[holder] = _with_cue(
                    done.get(holder, self[holder]), layout, begin_ms, end_ms + by_ms
                )
        return done

    # Inside

    def _paragraph_of(self, word: int) -> int:
        return bisect_right(self._firsts, word) - 1

    def _is_one_turn(self, word: int, other: int) -> bool:
        paragraphs = self._transcript.paragraphs
        first, last = self._paragraph_of(word), self._paragraph_of(other)
        return paragraphs[first].speaker_id == paragraphs[last].speaker_id

    def _earliest(self, word: int, *, parts: bool = False, gives_way: bool = False) -> int:
        """Give the earliest a word can begin, for what stands before it."""
        start_ms = self[word].start_ms
        other = self.before(word)
        if other is None:  # another turn may be spoken over, not be overtaken
            return max(0, self[word - 1].start_ms) if word else 0
        other_start_ms, other_end_ms = _span(self[other])
        if other_end_ms > start_ms:
            return other_start_ms
        if other_end_ms < start_ms and not gives_way:
            return other_end_ms
        return start_ms if parts else other_start_ms + LEAST_WORD_MS

    def _latest_start(self, word: int) -> int:
        """Give the latest a word can begin that gives way."""
        latest_ms = _span(self[word])[1] - LEAST_WORD_MS
        behind = self.after(word)
        return latest_ms if behind is None else min(latest_ms, self[behind].start_ms)

    def _cue_holder(self, word: int) -> int | None:
        """Give the word that begins the subtitle a word is in."""
        for at in range(word, max(-1, word - _CUE_REACH), -1):
            layout = self[at].layout
            if layout is not None and layout.cue is not None:
                return at
        return None

    def _cue_end(self, word: int, least: int) -> int:
        """Give the word behind the last of a subtitle; looked for not far beyond ``least``."""
        for at in range(word + 1, min(len(self), least + _CUE_REACH)):
            layout = self[at].layout
            if layout is not None and layout.cue is not None:
                return at
        return len(self) if least + _CUE_REACH >= len(self) else least + 1

    def _ends_cue(self, word: int) -> bool:
        return self._cue_end(word, word + 1) == word + 1


def _span(word: Word) -> tuple[int, int]:
    return word.start_ms, max(word.start_ms, word.end_ms)


def _shifted(word: Word, by_ms: int, *, cue: bool = False) -> Word:
    layout = word.layout
    if cue and layout is not None and layout.cue is not None:
        begin_ms, end_ms = layout.cue
        layout = replace(layout, cue=(max(0, begin_ms + by_ms), max(0, end_ms + by_ms)))
    return replace(
        word,
        start_ms=max(0, word.start_ms + by_ms) if cue else word.start_ms + by_ms,
        end_ms=max(0, word.end_ms + by_ms) if cue else word.end_ms + by_ms,
        layout=layout,
    )


def _with_cue(word: Word, layout: Layout, begin_ms: int, end_ms: int) -> Word:
    return replace(word, layout=replace(layout, cue=(begin_ms, max(begin_ms, end_ms))))


def _with_words(paragraph: Paragraph, words: tuple[Word, ...]) -> Paragraph:
    """Give a paragraph with words at other times: it lasts as long as they do."""
    old = paragraph.words
    start_ms, end_ms = paragraph.start_ms, paragraph.end_ms
    if words[0].start_ms != old[0].start_ms:
        is_first = start_ms == old[0].start_ms
        start_ms = words[0].start_ms if is_first else min(start_ms, words[0].start_ms)
    last_ms, was_ms = _span(words[-1])[1], _span(old[-1])[1]
    if last_ms != was_ms:
        end_ms = last_ms if end_ms == was_ms else max(end_ms, last_ms)
    return replace(paragraph, words=words, start_ms=start_ms, end_ms=max(start_ms, end_ms))


# ------------------------------------------------------------------ speech and pauses


def _pauses(speech: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the pauses between what is heard, those before and behind it as well."""
    ends = [-_NEVER_MS, *(end for _, end in speech)]
    starts = [*(start for start, _ in speech), _NEVER_MS]
    return [
        (end_ms, start_ms)
        for end_ms, start_ms in zip(ends, starts, strict=True)
        if start_ms - end_ms >= _LEAST_PAUSE_MS
    ]


def _snap_turn(
    flat: _Words, turn: range, pauses: Sequence[tuple[int, int]], moved: dict[int, Word]
) -> None:
    """Put the edges of one turn's words to the pauses beside them."""
    word = turn.start
    for begin_ms, end_ms in pauses:
        middle_ms = (max(begin_ms, end_ms - SNAP_MS) + min(end_ms, begin_ms + SNAP_MS)) // 2
        while word < turn.stop and sum(_span(flat[word])) // 2 < middle_ms:
            word += 1
        # One may have to make way for the other first.
        for _ in range(2):
            if word < turn.stop and _may_begin(flat, moved, word, end_ms):
                one = moved.get(word, flat[word])
                moved[word] = replace(one, start_ms=end_ms, end_ms=_span(one)[1])
            if word > turn.start and _may_end(flat, moved, word - 1, begin_ms):
                moved[word - 1] = replace(moved.get(word - 1, flat[word - 1]), end_ms=begin_ms)
    for word in [one for one in moved if moved[one] == flat[one]]:
        del moved[word]


def _may_begin(flat: _Words, moved: Mapping[int, Word], word: int, at_ms: int) -> bool:
    """Tell whether a word may begin at a time near the one at which it does."""
    start_ms, end_ms = _span(moved.get(word, flat[word]))
    if abs(flat[word].start_ms - at_ms) > SNAP_MS or at_ms > end_ms - LEAST_WORD_MS:
        return False
    before, behind = flat.before(word), flat.after(word)
    if behind is not None and at_ms > moved.get(behind, flat[behind]).start_ms:
        return False
    if before is None:
        return at_ms >= (flat[word - 1].start_ms if word else 0)
    other_start_ms, other_end_ms = _span(moved.get(before, flat[before]))
    return at_ms >= (other_end_ms if other_end_ms <= start_ms else other_start_ms)


def _may_end(flat: _Words, moved: Mapping[int, Word], word: int, at_ms: int) -> bool:
    """Tell whether a word may end at a time near the one at which it does."""
    start_ms, end_ms = _span(moved.get(word, flat[word]))
    if abs(_span(flat[word])[1] - at_ms) > SNAP_MS or at_ms < start_ms + LEAST_WORD_MS:
        return False
    behind = flat.after(word)
    if behind is None:
        return True
    return at_ms <= max(end_ms, moved.get(behind, flat[behind]).start_ms)
