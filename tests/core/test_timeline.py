from hypothesis import given
from hypothesis import strategies as st

from app.core.timeline import SILENCE_GRACE_MS, Timeline
from app.core.transcript import Word
from tests.support.builders import HOSTILE_MS, any_words, words

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

    assert Timeline(spoken).word_at(ms) == expected


@given(HOSTILE, HOSTILE_MS)
def test_without_grace_only_a_sounding_word_is_lit(spoken, ms):
    place = Timeline(spoken).word_at(ms, grace_ms=0)

    if place is not None:
        word = spoken[place]
        assert max(0, word.start_ms) <= ms
        assert ms < end_of(word) or ms == max(0, word.start_ms)


@given(HOSTILE)
def test_times_in_playing_order_never_fall_and_no_word_is_lost(spoken):
    line = Timeline(spoken)

    assert list(line.starts) == sorted(max(0, word.start_ms) for word in spoken)
    assert all(end >= start for start, end in zip(line.starts, line.ends, strict=True))
    assert sorted(line.order) == list(range(len(spoken)))
    assert len(line) == len(spoken)


@given(HOSTILE)
def test_times_are_found_by_reading_order(spoken):
    line = Timeline(spoken)

    for place, word in enumerate(spoken):
        assert line.start_of(place) == max(0, word.start_ms)
        assert line.end_of(place) == end_of(word)


@given(HOSTILE, HOSTILE_MS)
def test_next_start_and_word_before_agree_with_going_through_all(spoken, ms):
    line = Timeline(spoken)
    later = [max(0, word.start_ms) for word in spoken if max(0, word.start_ms) > ms]
    started = started_by(spoken, ms)

    assert line.next_start(ms) == min(later, default=None)
    assert line.word_before(ms) == (started[-1] if started else None)


def test_each_word_is_lit_from_its_start_to_the_next():
    line = Timeline(words("one two three", each_ms=400))

    assert [line.word_at(ms) for ms in (0, 399, 400, 799, 800, 1199)] == [0, 0, 1, 1, 2, 2]


def test_nothing_is_lit_before_the_first_word_and_long_after_the_last():
    line = Timeline(words("late", start_ms=1_000, each_ms=200))

    assert line.word_at(999) is None
    assert line.word_at(1_200 + SILENCE_GRACE_MS - 1) == 0
    assert line.word_at(1_200 + SILENCE_GRACE_MS) is None
    assert line.word_before(99_000) == 0


def test_long_word_is_lit_again_after_a_short_one_inside_it():
    line = Timeline([Word("long", 0, 1_000), Word("short", 300, 400)])

    assert [line.word_at(ms) for ms in (200, 350, 450, 999)] == [0, 1, 0, 0]


def test_word_without_length_is_lit_at_its_moment():
    assert Timeline([Word("tick", 500, 500)]).word_at(500, grace_ms=0) == 0


def test_empty_timeline_has_nothing_to_say():
    line = Timeline([])

    assert (len(line), line.word_at(0), line.next_start(0), line.word_before(0)) == (
        0,
        None,
        None,
        None,
    )
