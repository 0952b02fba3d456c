"""Words at other times: none runs backwards, none is lost, each step can be taken back."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import retiming
from app.core.document import Change, Document
from app.core.retiming import LEAST_WORD_MS, Edge
from app.core.transcript import Layout, Paragraph, SpeakerId, Transcript, Word
from tests.support.builders import after, any_transcripts, times, transcript

TALK = transcript(("A", "one two three"), ("B", "four five"), ("A", "six"))
"""Words of 500 ms that touch."""


def spoken(*times: tuple[int, int], speaker: str | None = None) -> Transcript:
    words = tuple(Word(f"w{place}", *span) for place, span in enumerate(times))
    ends = max(end for _, end in times)
    who = None if speaker is None else SpeakerId(speaker)
    return Transcript((Paragraph(words, who, times[0][0], ends),), duration_ms=ends)


# ------------------------------------------------------------------ edges


def test_where_words_touch_their_edges_are_one() -> None:
    moved = after(TALK, retiming.move_edge(TALK, 1, Edge.START, 400))
    assert times(moved)[:3] == [(0, 400), (400, 1_000), (1_000, 1_500)]
    moved = after(TALK, retiming.move_edge(TALK, 1, Edge.END, 1_200))
    assert times(moved)[:3] == [(0, 500), (500, 1_200), (1_200, 1_500)]


def test_a_neighbour_that_touches_gives_way_until_little_is_left() -> None:
    moved = after(TALK, retiming.move_edge(TALK, 1, Edge.START, -5_000))
    assert times(moved)[:2] == [(0, LEAST_WORD_MS), (LEAST_WORD_MS, 1_000)]
    moved = after(TALK, retiming.move_edge(TALK, 1, Edge.END, 9_000))
    assert times(moved)[1:3] == [(500, 1_500 - LEAST_WORD_MS), (1_500 - LEAST_WORD_MS, 1_500)]


def test_an_edge_can_be_parted_from_its_neighbours() -> None:
    moved = after(TALK, retiming.move_edge(TALK, 1, Edge.START, 700, parts=True))
    assert times(moved)[:2] == [(0, 500), (700, 1_000)]
    assert retiming.move_edge(TALK, 1, Edge.START, 300, parts=True) is None


def test_an_edge_with_room_before_it_stops_at_its_neighbour() -> None:
    talk = spoken((0, 300), (500, 800), (900, 1_200))
    assert times(after(talk, retiming.move_edge(talk, 1, Edge.START, 0)))[1] == (300, 800)
    moved = after(talk, retiming.move_edge(talk, 1, Edge.END, 5_000))
    assert times(moved) == [(0, 300), (500, 900), (900, 1_200)]


def test_a_word_keeps_a_little_length() -> None:
    moved = after(TALK, retiming.move_edge(TALK, 0, Edge.END, -100))
    assert times(moved)[0] == (0, LEAST_WORD_MS)
    moved = after(TALK, retiming.move_edge(TALK, 5, Edge.START, 99_999))
    assert times(moved)[5] == (3_000 - LEAST_WORD_MS, 3_000)


def test_another_turn_may_be_spoken_over_but_not_overtaken() -> None:
    moved = after(TALK, retiming.move_edge(TALK, 3, Edge.START, 0))
    assert times(moved)[2:4] == [(1_000, 1_500), (1_000, 2_000)]
    assert moved.paragraphs[1].start_ms == 1_000
    moved = after(TALK, retiming.move_edge(TALK, 2, Edge.END, 2_200))
    assert times(moved)[2:4] == [(1_000, 2_200), (1_500, 2_000)]
    assert moved.paragraphs[0].end_ms == 2_200


def test_paragraphs_of_one_turn_are_one_row_of_words() -> None:
    first, second = TALK.paragraphs[0], replace(TALK.paragraphs[1], speaker_id=SpeakerId("A"))
    talk = replace(TALK, paragraphs=(first, second))
    moved = after(talk, retiming.move_edge(talk, 3, Edge.START, 1_300))
    assert times(moved)[2:4] == [(1_000, 1_300), (1_300, 2_000)]
    assert [(one.start_ms, one.end_ms) for one in moved.paragraphs] == [
        (0, 1_300),
        (1_300, 2_500),
    ]


def test_a_nudge_moves_by_what_is_asked_and_a_hand_made_time_is_no_estimate() -> None:
    words = [replace(word, is_estimated=True) for word in TALK.paragraphs[0].words]
    talk = replace(TALK, paragraphs=(replace(TALK.paragraphs[0], words=tuple(words)),))
    moved = after(talk, retiming.nudge(talk, 1, Edge.END, -10))
    assert times(moved)[1:] == [(500, 990), (990, 1_500)]
    assert [word.is_estimated for word in moved.words()] == [True, False, True]
    assert retiming.nudge(TALK, 0, Edge.START, -10) is None


# ------------------------------------------------------------------ ranges


def test_everything_from_a_word_on_is_shifted_and_the_word_before_gives_way() -> None:
    later = after(TALK, retiming.shift(TALK, range(2, 6), 250))
    assert times(later) == [
        *((0, 500), (500, 1_000), (1_250, 1_750), (1_750, 2_250), (2_250, 2_750)),
        (2_750, 3_250),
    ]
    assert [one.start_ms for one in later.paragraphs] == [0, 1_750, 2_750]
    earlier = after(TALK, retiming.shift(TALK, range(2, 6), -250))
    assert times(earlier)[:3] == [(0, 500), (500, 750), (750, 1_250)]


def test_a_shift_goes_as_far_as_there_is_room() -> None:
    assert retiming.shift_room(TALK, range(2, 6)) == (-500 + LEAST_WORD_MS, 1 << 62)
    assert retiming.shift_room(TALK, range(6)) == (0, 1 << 62)
    earlier = after(TALK, retiming.shift(TALK, range(2, 6), -9_000))
    assert times(earlier)[1:3] == [(500, 520), (520, 1_020)]
    between = after(TALK, retiming.shift(TALK, range(1, 2), 9_000))
    assert times(between)[1:3] == [(980, 1_480), (1_480, 1_500)]
    assert retiming.shift(TALK, range(6), -1) is None
    assert retiming.shift(TALK, range(3, 3), 100) is None


def test_all_words_go_with_the_recording_and_none_before_its_beginning() -> None:
    later = after(TALK, retiming.shift_all(TALK, 1_500))
    assert times(later)[0] == (1_500, 2_000)
    assert later.paragraphs[2].end_ms == 4_500
    earlier = after(TALK, retiming.shift_all(TALK, -700))
    assert times(earlier)[:3] == [(0, 0), (0, 300), (300, 800)]
    assert earlier.paragraphs[0].start_ms == 0
    assert retiming.shift_all(TALK, 0) is None


# ------------------------------------------------------------------ subtitles


def subtitled() -> Transcript:
    """Two subtitles, of two words and of one."""
    layouts = (Layout(cue=(0, 1_000)), None, Layout(cue=(1_000, 1_500)))
    words = [
        replace(word, layout=layout)
        for word, layout in zip(TALK.paragraphs[0].words, layouts, strict=True)
    ]
    return replace(TALK, paragraphs=(replace(TALK.paragraphs[0], words=tuple(words)),))


def cues(one: Transcript) -> list[tuple[int, int] | None]:
    return [word.layout.cue for word in one.words() if word.layout is not None]


def test_a_subtitle_is_shown_with_the_words_it_begins_and_ends_with() -> None:
    talk = subtitled()
    moved = after(talk, retiming.move_edge(talk, 2, Edge.START, 900))
    assert cues(moved) == [(0, 900), (900, 1_500)]
    moved = after(talk, retiming.move_edge(talk, 0, Edge.START, 200))
    assert cues(moved) == [(200, 1_000), (1_000, 1_500)]
    assert cues(after(talk, retiming.shift_all(talk, 300))) == [(300, 1_300), (1_300, 1_800)]


def test_a_shifted_subtitle_goes_along_and_one_that_is_cut_reaches_over_both() -> None:
    talk = subtitled()
    assert cues(after(talk, retiming.shift(talk, range(2, 3), 300))) == [
        (0, 1_000),
        (1_300, 1_800),
    ]
    assert cues(after(talk, retiming.shift(talk, range(1, 3), 300))) == [
        (0, 1_300),
        (1_300, 1_800),
    ]
    assert cues(after(talk, retiming.shift(talk, range(1), 100)))[0] == (100, 1_000)


# ------------------------------------------------------------------ speech and pauses


def test_edges_beside_a_pause_are_put_to_it() -> None:
    talk = spoken((40, 450), (450, 1_100), (1_100, 1_600))
    speech = [(100, 900), (1_250, 1_500)]
    snapped = after(talk, retiming.snap_to_speech(talk, range(3), speech))
    assert times(snapped) == [(100, 450), (450, 900), (1_250, 1_500)]
    assert retiming.snap_to_speech(snapped, range(3), speech) is None


def test_an_edge_far_from_any_pause_stays() -> None:
    talk = spoken((0, 500), (500, 1_000))
    assert retiming.snap_to_speech(talk, range(2), [(-10, 230), (260, 1_300)]) is None
    assert retiming.snap_to_speech(talk, range(2), []) is None


def test_only_words_of_the_range_are_snapped() -> None:
    talk = spoken((0, 500), (700, 1_000))
    snapped = after(talk, retiming.snap_to_speech(talk, range(1, 2), [(0, 450), (750, 1_000)]))
    assert times(snapped) == [(0, 500), (750, 1_000)]


# ------------------------------------------------------------------ whatever the words


@st.composite
def sane_transcripts(draw: st.DrawFn) -> Transcript:
    """Draw turns in which no word begins before the one in front of it; some overlap."""
    paragraphs: list[Paragraph] = []
    at_ms = 0
    for speaker in draw(st.lists(st.sampled_from("AAB"), min_size=1, max_size=4)):
        words: list[Word] = []
        for _ in range(draw(st.integers(1, 4))):
            at_ms += draw(st.sampled_from([0, 0, 5, 40, 300]))
            length_ms = draw(st.sampled_from([0, 10, 50, 200, 400]))
            words.append(Word("w", at_ms, at_ms + length_ms))
            at_ms += draw(st.sampled_from([length_ms, length_ms, length_ms // 2]))
        begin_ms, end_ms = words[0].start_ms, max(word.end_ms for word in words)
        paragraphs.append(Paragraph(tuple(words), SpeakerId(speaker), begin_ms, end_ms))
    return Transcript(tuple(paragraphs))


@st.composite
def retimings(draw: st.DrawFn, of: Transcript) -> Change | None:
    count = of.word_count
    word = draw(st.integers(0, count - 1))
    amount = draw(st.integers(-800, 800) | st.integers(-(10**7), 10**7))
    parts = draw(st.booleans())
    match draw(st.integers(0, 3)):
        case 0:
            edge = draw(st.sampled_from(Edge))
            return retiming.nudge(of, word, edge, amount, parts=parts)
        case 1:
            last = draw(st.integers(word, count))
            return retiming.shift(of, range(word, last), amount)
        case 2:
            return retiming.shift_all(of, amount)
        case _:
            marks = sorted(draw(st.lists(st.integers(0, 3_000), max_size=8, unique=True)))
            last = draw(st.integers(word, count))
            speech = list(zip(marks[::2], marks[1::2], strict=False))
            return retiming.snap_to_speech(of, range(word, last), speech)


def turns(one: Transcript) -> list[list[Word]]:
    found: list[list[Word]] = []
    speakers: list[SpeakerId | None] = []
    for paragraph in one.paragraphs:
        if not speakers or speakers[-1] != paragraph.speaker_id:
            found.append([])
            speakers.append(paragraph.speaker_id)
        found[-1] += paragraph.words
    return found


@given(data=st.data(), start=sane_transcripts())
def test_times_never_run_backwards_within_a_turn(
    data: st.DataObject, start: Transcript
) -> None:
    document = Document(start)
    for _ in range(4):
        change = data.draw(retimings(document.transcript))
        if change is not None:
            document.apply(change)
        for turn in turns(document.transcript):
            assert all(one.start_ms <= other.start_ms for one, other in pairwise(turn))
            assert all(0 <= word.start_ms <= word.end_ms for word in turn)
        for paragraph in document.transcript.paragraphs:
            assert paragraph.start_ms <= paragraph.words[0].start_ms
            assert paragraph.end_ms >= paragraph.words[-1].end_ms
    while document.can_undo:
        document.undo()
    assert document.transcript == start


@given(data=st.data(), start=any_transcripts())
def test_hostile_times_lose_no_word_and_can_be_taken_back(
    data: st.DataObject, start: Transcript
) -> None:
    change = data.draw(retimings(start))
    if change is not None:
        done = after(start, change)
        assert [word.text for word in done.words()] == [word.text for word in start.words()]


@given(
    data=st.data(), start=sane_transcripts(), edge=st.sampled_from(Edge), parts=st.booleans()
)
def test_an_edge_goes_anywhere_in_its_room_and_touches_nothing_else(
    data: st.DataObject, start: Transcript, edge: Edge, *, parts: bool
) -> None:
    word = data.draw(st.integers(0, start.word_count - 1))
    least_ms, most_ms = retiming.room_of(start, word, edge, parts=parts)
    at_ms = data.draw(st.integers(least_ms, min(most_ms, least_ms + 2_000)))
    change = retiming.move_edge(start, word, edge, at_ms, parts=parts)
    was_ms = retiming.word_times(start, word)[edge is Edge.END]
    if change is None:
        assert at_ms == was_ms
        return
    done = after(start, change)
    assert retiming.word_times(done, word)[edge is Edge.END] == at_ms
    changed = [
        place
        for place, (old, new) in enumerate(zip(times(start), times(done), strict=True))
        if old != new
    ]
    neighbour = word - 1 if edge is Edge.START else word + 1
    assert set(changed) <= {word, neighbour}
    if parts:
        assert changed == [word]


@pytest.mark.parametrize("by_ms", [-10, 10])
def test_a_word_without_length_can_be_moved(by_ms: int) -> None:
    talk = spoken((0, 100), (100, 100), (100, 300))
    for edge in Edge:
        change = retiming.nudge(talk, 1, edge, by_ms)
        if change is not None:
            done = times(after(talk, change))
            assert all(one[0] <= other[0] for one, other in pairwise(done))
