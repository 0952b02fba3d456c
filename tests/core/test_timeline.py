from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.core.document import Change, Document, Splice
from app.core.timeline import SILENCE_GRACE_MS, Timeline
from app.core.transcript import Transcript, Word
from tests.support.builders import (
    HOSTILE_MS,
    any_transcripts,
    any_words,
    make_timeline,
    paragraph,
    scattered_changes,
    words,
)

LOOK_BACK = 8
HOSTILE = st.lists(any_words(), max_size=40)


def started_by(spoken: list[Word], ms: int) -> list[int]:
    """Places of the words that have started, in playing order."""
    places = sorted(range(len(spoken)), key=lambda place: max(0, spoken[place].start_ms))
    return [place for place in places if max(0, spoken[place].start_ms) <= ms]


def end_of(word: Word) -> int:
    return max(0, word.start_ms, word.end_ms)


@given(HOSTILE, HOSTILE_MS)
def test_word_at_agrees_with_going_through_all_words(spoken, ms):
    started = started_by(spoken, ms)
    sounding = [place for place in started[-LOOK_BACK:] if ms < end_of(spoken[place])]
    if sounding:
        expected = sounding[-1]
    elif started and ms < end_of(spoken[started[-1]]) + SILENCE_GRACE_MS:
        expected = started[-1]
    else:
        expected = None

    assert make_timeline(spoken).word_at(ms) == expected


@given(HOSTILE, HOSTILE_MS)
def test_without_grace_only_a_sounding_word_is_lit(spoken, ms):
    place = make_timeline(spoken).word_at(ms, grace_ms=0)

    if place is not None:
        word = spoken[place]
        assert max(0, word.start_ms) <= ms
        assert ms < end_of(word) or ms == max(0, word.start_ms)


@given(HOSTILE)
def test_times_in_playing_order_never_fall_and_no_word_is_lost(spoken):
    line = make_timeline(spoken)

    spans = list(line.spans())
    assert [start for start, _ in spans] == sorted(max(0, word.start_ms) for word in spoken)
    assert all(end >= start for start, end in spans)
    assert sorted(spans) == sorted((max(0, one.start_ms), end_of(one)) for one in spoken)
    assert len(line) == len(spoken)


@given(HOSTILE)
def test_times_are_found_by_reading_order(spoken):
    line = make_timeline(spoken)

    for place, word in enumerate(spoken):
        assert line.start_of(place) == max(0, word.start_ms)
        assert line.end_of(place) == end_of(word)


@given(HOSTILE, HOSTILE_MS)
def test_next_start_and_last_start_agree_with_going_through_all(spoken, ms):
    line = make_timeline(spoken)
    later = [max(0, word.start_ms) for word in spoken if max(0, word.start_ms) > ms]
    started = started_by(spoken, ms)

    assert line.next_start(ms) == min(later, default=None)
    before = max(0, spoken[started[-1]].start_ms) if started else None
    assert line.last_start(ms) == before


def test_each_word_is_lit_from_its_start_to_the_next():
    line = make_timeline(words("one two three", each_ms=400))

    assert [line.word_at(ms) for ms in (0, 399, 400, 799, 800, 1199)] == [0, 0, 1, 1, 2, 2]


def test_nothing_is_lit_before_the_first_word_and_long_after_the_last():
    line = make_timeline(words("late", start_ms=1_000, each_ms=200))

    assert line.word_at(999) is None
    assert line.word_at(1_200 + SILENCE_GRACE_MS - 1) == 0
    assert line.word_at(1_200 + SILENCE_GRACE_MS) is None


def test_long_word_is_lit_again_after_a_short_one_inside_it():
    line = make_timeline([Word("long", 0, 1_000), Word("short", 300, 400)])

    assert [line.word_at(ms) for ms in (200, 350, 450, 999)] == [0, 1, 0, 0]


def test_word_without_length_is_lit_at_its_moment():
    assert make_timeline([Word("tick", 500, 500)]).word_at(500, grace_ms=0) == 0


def test_empty_timeline_has_nothing_to_say():
    line = make_timeline([])

    assert len(line) == 0
    assert (line.word_at(0), line.next_start(0), line.last_start(0)) == (None, None, None)


def told(line: Timeline, moments: list[int]) -> list[object]:
    """Everything a timeline can be asked."""
    return [
        list(line.spans()),
        [(line.start_of(word), line.end_of(word)) for word in range(len(line))],
        [(line.word_at(ms), line.next_start(ms), line.last_start(ms)) for ms in moments],
    ]


@given(any_transcripts(), st.data(), st.lists(HOSTILE_MS, max_size=12))
def test_after_any_edits_it_says_what_one_made_anew_says(talk, data, moments):
    # Some turns long enough that the timeline has several passages.
    long = tuple(
        paragraph(" ".join("w" * data.draw(st.integers(1, 400))), start_ms=place * 40_000)
        for place in range(data.draw(st.integers(0, 5)))
    )
    at = data.draw(st.integers(0, len(long)))
    document = Document(replace(talk, paragraphs=long[:at] + talk.paragraphs + long[at:]))
    line = Timeline(document.transcript.paragraphs)
    document.subscribe(line.follow)
    for _ in range(data.draw(st.integers(1, 6))):
        match data.draw(st.sampled_from(["edit", "edit", "undo", "redo"])):
            case "undo":
                document.undo()
            case "redo":
                document.redo()
            case _:
                document.apply(data.draw(scattered_changes(document.transcript)))
        moments += [ms + off for ms, _ in line.spans() for off in (-1, 0, 1)][:40]
        anew = Timeline(document.transcript.paragraphs)
        assert told(line, moments) == told(anew, moments)
        flat = make_timeline(document.transcript.words())
        assert told(line, moments) == told(flat, moments)


def test_an_edit_in_very_many_places_is_followed_too():
    turns = tuple(paragraph("one two three", start_ms=place * 2_000) for place in range(200))
    document = Document(Transcript(turns))
    line = Timeline(turns)
    document.subscribe(line.follow)
    new = paragraph("four")
    splices = tuple(Splice(at, turns[at : at + 1], (new,)) for at in range(0, 200, 2))

    document.apply(Change(splices, (), ()))

    assert told(line, [0, 250, 400_000]) == told(
        Timeline(document.transcript.paragraphs), [0, 250, 400_000]
    )


def test_an_edit_of_a_long_talk_leaves_other_passages_as_they_are():
    turns = tuple(paragraph("w " * 50, start_ms=place * 25_000) for place in range(100))
    document = Document(Transcript(turns))
    line = Timeline(turns)
    before = line.passages
    document.subscribe(line.follow)

    changed = replace(turns[50], words=turns[50].words[1:])
    document.apply(Change((Splice(50, (turns[50],), (changed,)),), (), ()))

    kept = [one for one in line.passages if any(one is other for other in before)]
    assert len(before) > 10
    assert len(kept) >= len(before) - 3
