"""Sources with clocks of their own become one sound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.capture.lineup import Lineup, Samples
from app.core.take import RATE_HZ, STALLED_MS
from tests.support.fake_sound import PER_MS, noise

HOUR_MS = 3_600_000


@given(st.lists(st.integers(0, 9_000), min_size=1, max_size=40), st.integers(0, 99))
def test_every_sample_of_the_leader_is_there_once_however_it_is_cut(
    sizes: list[int], seed: int
) -> None:
    sound = noise(sum(sizes), seed)
    lineup = Lineup(1, 0)
    given_back: list[Samples] = []
    now_ms = at = 0
    for size in sizes:
        now_ms += 40
        lineup.put(0, sound[at : at + size], now_ms)
        at += size
        given_back.append(lineup.take(now_ms)[0])
    given_back.append(lineup.take_rest())
    assert np.array_equal(np.concatenate(given_back)[:, 0], sound)
    assert lineup.at_ms == len(sound) // PER_MS


def test_a_source_that_gives_nothing_is_filled_by_the_clock_and_said_once() -> None:
    lineup = Lineup(1, 0)
    lineup.put(0, noise(480), 10)
    lineup.take(10)
    told = []
    count = 0
    for now_ms in range(60, 5_060, 50):
        rows, missing = lineup.take(now_ms)
        count += len(rows)
        told += missing
    assert [(one.is_back, one.since_ms) for one in told] == [(False, 10)]
    assert abs(count - 5_000 * PER_MS) <= 50 * PER_MS
    lineup.put(0, noise(480), 5_070)
    rows, missing = lineup.take(5_070)
    assert [one.is_back for one in missing] == [True]
    assert np.array_equal(rows[-480:, 0], noise(480))


def test_a_burst_that_comes_late_but_in_time_loses_and_adds_nothing() -> None:
    lineup = Lineup(1, 0)
    count = 0
    for now_ms in range(50, 1_050, 50):
        lineup.put(0, noise(50 * PER_MS), now_ms)
        count += len(lineup.take(now_ms)[0])
    for now_ms in range(1_050, 1_000 + STALLED_MS - 50, 50):
        rows, told = lineup.take(now_ms)
        assert not len(rows)
        assert not told
    lineup.put(0, noise(1_900 * PER_MS), 1_000 + STALLED_MS - 50)
    count += len(lineup.take(1_000 + STALLED_MS - 50)[0])
    assert count == (1_000 + 1_900) * PER_MS


def clicks(samples: Samples, offset: int) -> list[int]:
    """Find where clicks begin, on the clock of the whole sound."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 5_000)
    before = np.concatenate(([-RATE_HZ], loud[:-1])) if len(loud) else loud
    return [offset + int(one) for one in loud[loud - before > 2_000]]


@pytest.mark.parametrize(
    ("apart_ppm", "hours", "step_ms", "begins_later"),
    [
        pytest.param(50, 10, 500, 0, marks=pytest.mark.slow),
        (-80, 1, 50, 1),
        (80, 1, 50, 0),
    ],
)
def test_two_clocks_stay_together(
    apart_ppm: int, hours: int, step_ms: int, begins_later: int
) -> None:
    """A click each ten minutes in both: less than 20 ms apart at any time."""
    lineup = Lineup(2, 0)
    due_ms = 60_000
    found: tuple[list[int], list[int]] = ([], [])
    carry = 0.0
    for now_ms in range(step_ms, hours * HOUR_MS, step_ms):
        carry += step_ms * PER_MS * (1 + apart_ppm / 1e6)
        count, carry = int(carry), carry - int(carry)
        blocks = np.zeros(step_ms * PER_MS, np.int16), np.zeros(count, np.int16)
        if now_ms >= due_ms:
            due_ms += 600_000
            for block in blocks:
                block[1_000:1_200] = 20_000
        for channel, block in enumerate(blocks):
            if channel != begins_later or now_ms > 1_000:
                lineup.put(channel, block, now_ms)
        rows, _ = lineup.take(now_ms)
        for channel in (0, 1):
            offset = lineup.samples - len(rows)
            found[channel].extend(clicks(rows[:, channel], offset))
    assert len(found[0]) == len(found[1]) == hours * 6
    apart = [b - a for a, b in zip(*found, strict=True)]
    assert max(abs(one) for one in apart) < 20 * PER_MS


def test_a_follower_that_gives_nothing_is_silent_and_lined_up_when_it_comes() -> None:
    lineup = Lineup(2, 0)
    kept: list[Samples] = []
    for now_ms in range(50, 20_000, 50):
        click = np.zeros(50 * PER_MS, np.int16)
        if now_ms == 12_000:
            click[:100] = 20_000
        lineup.put(0, click, now_ms)
        if not 3_000 < now_ms < 10_000:
            lineup.put(1, click, now_ms)
        kept.append(lineup.take(now_ms)[0])
    rows = np.concatenate([*kept, lineup.take_rest()])
    (leader,), (follower,) = clicks(rows[:, 0], 0), clicks(rows[:, 1], 0)
    assert abs(leader - follower) < 20 * PER_MS
    assert len(rows) == 19_950 * PER_MS


def test_after_a_pause_they_are_lined_up_again() -> None:
    lineup = Lineup(2, 0)
    kept: list[Samples] = []
    for now_ms in range(50, 9_000, 50):
        if 3_000 < now_ms < 6_000:
            lineup.drop(now_ms)
            continue
        click = np.zeros(50 * PER_MS, np.int16)
        if now_ms == 7_000:
            click[:100] = 20_000
        for channel in (0, 1):
            if now_ms != 6_000 or channel:
                lineup.put(channel, click, now_ms)
        kept.append(lineup.take(now_ms)[0])
    rows = np.concatenate([*kept, lineup.take_rest()])
    (leader,), (follower,) = clicks(rows[:, 0], 0), clicks(rows[:, 1], 0)
    assert abs(leader - follower) < 20 * PER_MS
