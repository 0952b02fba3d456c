from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.core.transcript import Word
from app.player.clock import PlayClock
from app.player.follow import Follower, next_change_ms
from tests.support.builders import make_timeline

spans = st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 600)), max_size=12)


@dataclass
class FakeTime:
    ms: float = 0.0

    def __call__(self) -> float:
        return self.ms


@given(spans, st.integers(0, 4_000))
def test_no_word_changes_before_the_next_change(spans: list[tuple[int, int]], ms: int) -> None:
    line = make_timeline(Word("w", start, start + lasts) for start, lasts in spans)
    moment = next_change_ms(line, ms)
    last = 5_000 if moment is None else moment
    # A word without length is lit for one millisecond at most beside others.
    now = line.word_at(ms)
    for later in range(ms + 1, last):
        if line.word_at(later) != now:
            assert now is not None
            assert line.end_of(now) <= ms + 1
            break


def test_words_are_announced_once_each_in_order(qapp, qtbot: QtBot) -> None:
    time = FakeTime()
    clock = PlayClock(time)
    follower = Follower(clock)
    follower.set_timeline(
        make_timeline([Word("a", 0, 100), Word("b", 100, 200), Word("c", 900, 950)])
    )
    heard: list[object] = []
    follower.word_changed.connect(heard.append)
    clock.set_playing(True)
    for ms in range(0, 1_500, 10):
        time.ms = ms
        clock.report(ms, is_sounding=True)
        follower.refresh()
    clock.set_playing(False)
    follower.refresh()
    assert heard == [1, None, 2, None, 2]  # held in a silence, it tells where one is


def test_its_timer_lights_the_next_word_without_a_report(qapp, qtbot: QtBot) -> None:
    from app.system.clocks import precise_ms

    clock = PlayClock(precise_ms)
    follower = Follower(clock)
    follower.set_timeline(make_timeline([Word("a", 0, 60), Word("b", 60, 120)]))
    clock.set_playing(True)
    clock.report(0, is_sounding=True)
    with qtbot.waitSignal(follower.word_changed, timeout=2_000) as lit:
        follower.refresh()
    assert lit.args == [1]
    clock.set_playing(False)
    follower.refresh()


def test_a_new_timeline_announces_the_word_again(qapp, qtbot: QtBot) -> None:
    clock = PlayClock(FakeTime())
    follower = Follower(clock)
    heard: list[object] = []
    follower.word_changed.connect(heard.append)
    follower.set_timeline(make_timeline([Word("a", 0, 100)]))
    follower.set_timeline(make_timeline([Word("other", 0, 100)]))
    assert heard == [0, 0]
