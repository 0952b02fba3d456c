from __future__ import annotations

from datetime import UTC, datetime

from app.system.clocks import monotonic_ms, now_ms, precise_ms


def test_the_time_is_that_of_the_computer() -> None:
    before = datetime.now(UTC)
    told = datetime.fromtimestamp(now_ms() / 1000, UTC)

    assert abs((told - before).total_seconds()) < 60


def test_both_steady_clocks_are_one_and_never_go_back() -> None:
    readings = [reading for _ in range(1_000) for reading in (precise_ms(), monotonic_ms() + 1)]

    precise, whole = readings[::2], readings[1::2]
    assert precise == sorted(precise)
    assert whole == sorted(whole)
    assert all(fine <= later for fine, later in zip(precise, whole, strict=True))
