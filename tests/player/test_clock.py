import random
from dataclasses import dataclass, field

import pytest

from app.core.timeline import Timeline
from app.core.transcript import Word
from app.player.clock import PlayClock
from tests.support.builders import make_timeline

FRAME_MS = 1000 / 60


@dataclass
class FakeTime:
    ms: float = 0.0

    def __call__(self) -> float:
        return self.ms


@dataclass
class Recorded:
    """A pretended player: its true position, and what it reported when."""

    seed: int
    events: list[tuple[float, str, float]] = field(default_factory=list)  # wall, kind, value
    truth: list[float] = field(default_factory=list)  # position at each millisecond
    disturbed: list[float] = field(default_factory=list)

    def true_ms(self, wall: float) -> float:
        now = self.truth[int(wall)]
        step = self.truth[int(wall) + 1] - now
        return now + (wall % 1) * step if 0 <= step <= 3 else now

    def play(self, script: list[tuple[float, str, float]], length_ms: int) -> "Recorded":
        """Run the player a millisecond at a time through a script of wishes."""
        rnd = random.Random(self.seed)
        wishes = sorted(script)
        position, rate, playing, stalled = 0.0, 1.0, False, False
        lands_at: float | None = None
        next_report = next_block = 0.0
        for wall in range(length_ms):
            while wishes and wishes[0][0] <= wall:
                _, kind, value = wishes.pop(0)
                self.disturbed.append(wall)
                self.events.append((wall, kind, value))
                if kind == "playing":
                    playing = bool(value)
                elif kind == "stalled":
                    stalled = bool(value)
                elif kind == "rate":
                    rate = value
                elif kind == "seek":
                    position = value
                    lands_at = wall + rnd.randint(5, 120)
                    self.events.append((wall + 1, "report", value))  # Qt's echo
                next_block = wall
            if lands_at is not None and wall >= lands_at:
                lands_at, next_block = None, wall
                self.disturbed.append(wall)
            self.truth.append(position)
            if playing and not stalled and lands_at is None:
                if wall >= next_block:  # a block of 64 ms of sound is handed on
                    late = lateness(rnd)
                    self.events.append((wall + late, "sounding", position))
                    next_block = wall + 64 / rate
                if wall >= next_report:
                    late = lateness(rnd) * 3
                    self.events.append((wall + late, "report", position))
                    next_report = wall + 50
                position += rate
        self.events.sort(key=lambda event: event[0])
        return self


def lateness(rnd: random.Random) -> float:
    """As recorded from Qt's player: under a millisecond, but at times the loop is busy."""
    return rnd.expovariate(1 / 0.7) + (rnd.uniform(10, 40) if rnd.random() < 0.03 else 0)


def words(length_ms: int, seed: int) -> list[Word]:
    rnd = random.Random(seed)
    made: list[Word] = []
    at = 0
    while at < length_ms:
        lasts = rnd.randint(80, 400)
        made.append(Word("w", at, at + lasts))
        at += lasts + rnd.choice([0, 0, 0, 30, 900])
    return made


def errors_of(recorded: Recorded, timeline: Timeline) -> tuple[int, int, int]:
    """Give frames looked at, frames with a wrong word, and the longest run of wrong ones."""
    time = FakeTime()
    clock = PlayClock(time)
    events = list(recorded.events)
    frames = wrong = run = worst = 0
    disturbed = list(recorded.disturbed)
    for frame in range(int((len(recorded.truth) - 2) / FRAME_MS)):
        wall = frame * FRAME_MS
        while events and events[0][0] <= wall:
            time.ms, kind, value = events.pop(0)
            if kind == "playing":
                clock.set_playing(bool(value))
            elif kind == "stalled":
                clock.set_stalled(bool(value))
            elif kind == "rate":
                clock.set_rate(value)
            elif kind == "seek":
                clock.seek(value)
            else:
                clock.report(value, is_sounding=kind == "sounding")
        time.ms = wall
        true_ms = recorded.true_ms(wall)
        frames += 1
        lit = timeline.word_at(int(clock.position_ms()))
        settling = any(0 <= wall - moment < 200 for moment in disturbed)
        if lit == timeline.word_at(int(true_ms)) or settling:
            run = 0
            continue
        wrong += 1
        run += 1
        worst = max(worst, run)
    return frames, wrong, worst


def disturbed_script(seed: int) -> list[tuple[float, str, float]]:
    rnd = random.Random(seed)
    script: list[tuple[float, str, float]] = [(0, "playing", 1)]
    at = 500.0
    while at < 58_000:
        at += rnd.randint(700, 4_000)
        kind = rnd.choice(["seek", "rate", "stall", "pause"])
        if kind == "seek":
            script.append((at, "seek", float(rnd.randint(0, 120_000))))
        elif kind == "rate":
            script.append((at, "rate", rnd.choice([0.5, 0.75, 1.0, 1.5, 2.0, 3.0])))
        elif kind == "stall":
            script += [(at, "stalled", 1), (at + 350, "stalled", 0)]
        else:
            script += [(at, "playing", 0), (at + 500, "playing", 1)]
        at += 600
    return script


def test_lit_word_is_the_spoken_word_through_jitter_stalls_seeks_and_rates() -> None:
    all_frames = all_wrong = 0
    for seed in range(6):
        recorded = Recorded(seed).play(disturbed_script(seed), 60_000)
        frames, wrong, worst = errors_of(recorded, make_timeline(words(300_000, seed)))
        assert worst <= 1
        all_frames += frames
        all_wrong += wrong
    assert all_wrong <= all_frames * 0.001


def test_it_goes_on_between_reports_at_the_rate_of_play() -> None:
    time = FakeTime()
    clock = PlayClock(time)
    clock.set_rate(2.0)
    clock.set_playing(True)
    clock.report(1_000, is_sounding=True)
    time.ms = 40
    assert clock.position_ms() == pytest.approx(1_080)


def test_it_stands_still_while_a_seek_has_not_landed_and_ignores_older_reports() -> None:
    time = FakeTime()
    clock = PlayClock(time)
    clock.set_playing(True)
    clock.report(1_000, is_sounding=True)
    clock.seek(30_000)
    time.ms = 90
    clock.report(1_064, is_sounding=True)
    clock.report(30_000)  # the player's echo of the wish
    time.ms = 150
    assert clock.position_ms() == 30_000
    clock.report(30_000, is_sounding=True)
    time.ms = 170
    assert clock.position_ms() == pytest.approx(30_020)


def test_reports_rounded_down_to_blocks_do_not_make_it_lag_or_step_back() -> None:
    time = FakeTime()
    clock = PlayClock(time)
    clock.set_playing(True)
    before = 0.0
    for wall in range(3_000):
        time.ms = wall
        if wall % 50 == 7:
            clock.report(wall // 64 * 64)
        now = clock.position_ms()
        assert now >= before
        before = now
        if wall > 1_000:
            assert abs(now - wall) <= 15


def test_a_drop_out_nobody_announced_is_made_good_within_a_third_of_a_second() -> None:
    time = FakeTime()
    clock = PlayClock(time)
    clock.set_playing(True)
    truth = before = 0.0
    for wall in range(4_000):
        time.ms = wall
        if not 2_000 <= wall < 2_120:
            truth += 1
        if wall % 50 == 0:
            clock.report(truth)
        now = clock.position_ms()
        assert now >= before
        before = now
        if wall > 2_000 + 120 + 600:
            assert abs(now - truth) <= 10


def test_without_progress_it_stops_by_itself() -> None:
    time = FakeTime()
    clock = PlayClock(time)
    clock.set_playing(True)
    clock.report(500, is_sounding=True)
    time.ms = 10_000
    assert clock.position_ms() < 1_000
    assert not clock.is_moving


def test_output_latency_is_taken_off_but_never_before_where_sound_began() -> None:
    time = FakeTime()
    clock = PlayClock(time, latency_ms=60)
    clock.set_playing(True)
    clock.seek(5_000)
    clock.report(5_000, is_sounding=True)
    time.ms = 20
    assert clock.position_ms() == 5_000
    time.ms = 100
    assert clock.position_ms() == pytest.approx(5_040)


def test_pause_keeps_the_place_when_the_last_report_is_a_little_behind() -> None:
    time = FakeTime()
    clock = PlayClock(time)
    clock.set_playing(True)
    clock.report(1_000, is_sounding=True)
    time.ms = 60
    clock.set_playing(False)
    clock.report(1_000)
    time.ms = 500
    assert clock.position_ms() == pytest.approx(1_060)
