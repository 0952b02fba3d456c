"""How long is left is told within a third, whatever the work was like before."""

from __future__ import annotations

import pytest

from app.jobs.pace import Pace

TOTAL = 3_600_000


def told(pace: Pace, speeds: list[tuple[int, float]], done: float = 0.0) -> list[int | None]:
    """What is said each second of so many seconds at so much sound a second."""
    now_ms, said = 5_000_000, list[int | None]()
    for seconds, speed in speeds:
        for _ in range(seconds):
            said.append(pace.left_ms(round(done), TOTAL, now_ms))
            now_ms += 1_000
            done += 1_000 * speed
    return said


def test_nothing_is_told_of_what_nobody_knows() -> None:
    assert told(Pace(), [(2, 10)]) == [None, None]
    assert told(Pace(0.25), [(1, 10)]) == [TOTAL // 4]


@pytest.mark.parametrize("begun", [0.0, 0.5, 0.9])
def test_what_an_earlier_run_did_does_not_count(begun: float) -> None:
    said = told(Pace(9.0), [(10, 20)], done=begun * TOTAL)

    true_ms = TOTAL * (1 - begun) / 20
    assert said[-1] == pytest.approx(true_ms - 9_000, rel=0.01)


def test_it_follows_when_half_of_the_processor_goes_to_another() -> None:
    said = told(Pace(), [(60, 20), (60, 10)])

    left_ms = (TOTAL - 60 * 20_000 - 59 * 10_000) / 10
    assert said[-1] == pytest.approx(left_ms, rel=1 / 3)
    assert said[59] == pytest.approx((TOTAL - 59 * 20_000) / 20, rel=0.01)


def test_steps_that_come_in_leaps_are_smoothed() -> None:
    pace, said = Pace(), list[int | None]()
    for second in range(0, 100, 10):
        said.append(pace.left_ms(second * 20_000, TOTAL, second * 1_000))

    for place, one in enumerate(said[1:], 1):
        assert one == pytest.approx((TOTAL - place * 200_000) / 20, rel=1 / 3)


def test_no_rest_is_told_that_would_read_as_none() -> None:
    pace = Pace()
    pace.left_ms(0, TOTAL, 0)

    assert pace.left_ms(TOTAL - 300_000, TOTAL, 330_000) == 30_000
    assert pace.left_ms(TOTAL - 3_000, TOTAL, 360_000) is None
    assert pace.left_ms(TOTAL, TOTAL, 400_000) is None
