from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.options import ModelId, TranscriptionOptions
from app.net.network import is_loopback, is_private
from app.waves.errors import (
    BadReplyError,
    KeyRefusedError,
    MaybeDoneError,
    RateLimitedError,
    RefusedError,
    ServiceDownError,
    TooLargeError,
    UnreachableError,
    WavesError,
)
from app.waves.network import (
    DEFAULT_BASE_URL,
    INDIA_BASE_URL,
    US_BASE_URL,
    other_region,
)
from app.waves.price import estimate
from app.waves.rate_limiter import WINDOW_MS, RateLimiter
from app.waves.retry import LONGEST_DELAY_MS, asked_delay_ms, next_delay_ms


@pytest.mark.parametrize(
    "kind", [MaybeDoneError, BadReplyError, KeyRefusedError, RefusedError, TooLargeError]
)
def test_what_could_bill_twice_or_never_succeed_is_not_tried_again(kind: type[WavesError]):
    assert next_delay_ms(kind("x."), 1, lambda: 0.5) is None


@pytest.mark.parametrize("kind", [UnreachableError, RateLimitedError, ServiceDownError])
def test_pauses_double_up_to_a_limit(kind: type[WavesError]):
    pauses = [next_delay_ms(kind("x."), attempt, lambda: 1.0) for attempt in range(1, 5)]
    assert pauses == [1000, 2000, 4000, 8000]
    assert next_delay_ms(kind("x."), kind.tries, lambda: 1.0) is None


@given(st.integers(1, 7), st.floats(0, 1))
def test_pauses_are_spread_and_bounded(attempt: int, chance: float):
    pause = next_delay_ms(UnreachableError("x."), attempt, lambda: chance)
    assert pause is not None
    whole = min(LONGEST_DELAY_MS, 1000 * 2 ** (attempt - 1))
    assert whole // 2 <= pause <= whole


def test_an_internal_error_is_tried_only_once_more():
    error = ServiceDownError("x.", status=500)
    assert next_delay_ms(error, 1, lambda: 1.0) is not None
    assert next_delay_ms(error, 2, lambda: 1.0) is None


@given(st.integers(0, 600_000), st.floats(0, 1))
def test_never_earlier_than_asked_for(asked_ms: int, chance: float):
    error = RateLimitedError("x.", retry_after_ms=asked_ms)
    pause = next_delay_ms(error, 1, lambda: chance)
    assert pause is not None
    assert asked_ms <= pause <= asked_ms + 500


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7000),
        ({"retry-after": "0.5"}, 500),
        ({"retry-after-ms": "250", "retry-after": "9"}, 250),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Thu, 01 Jan 1970 00:01:00 GMT"}, 50_000),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:05 GMT"}, 0),
        ({"retry-after": "Thu, 99 Jan 99999 00:00:05 GMT"}, None),
    ],
)
def test_retry_after_is_read_in_all_its_forms(headers: dict[str, str], expected: int | None):
    assert asked_delay_ms(headers, now_ms=10_000) == expected


@given(st.text(max_size=40))
def test_any_retry_after_is_a_pause_or_none(text: str):
    asked_ms = asked_delay_ms({"retry-after": text}, now_ms=0)
    assert asked_ms is None or asked_ms >= 0


# ------------------------------------------------------------------------------ rate limiter


@given(st.lists(st.integers(0, 30_000), max_size=80), st.integers(1, 6))
def test_no_sliding_minute_has_more_starts_than_allowed(gaps_ms: list[int], limit: int):
    now = [0]
    rate_limiter = RateLimiter(lambda: now[0], limit)
    starts: list[int] = []
    for gap_ms in gaps_ms:
        now[0] += gap_ms
        start_ms, delay_ms = rate_limiter.reserve(ModelId.PULSE)
        assert start_ms == now[0] + delay_ms
        starts.append(start_ms)
    assert starts == sorted(starts)
    for early, late in zip(starts, starts[limit:], strict=False):
        assert late - early >= WINDOW_MS


def test_models_are_counted_apart_and_a_start_given_back_is_free():
    rate_limiter = RateLimiter(lambda: 0, limit=1)
    assert rate_limiter.reserve(ModelId.PULSE) == (0, 0)
    assert rate_limiter.reserve(ModelId.PULSE_PRO) == (0, 0)
    assert rate_limiter.reserve(ModelId.PULSE) == (WINDOW_MS, WINDOW_MS)
    rate_limiter.give_back(ModelId.PULSE, WINDOW_MS)
    assert rate_limiter.reserve(ModelId.PULSE) == (WINDOW_MS, WINDOW_MS)


def test_a_pause_asked_for_holds_all_of_a_model_until_skipped():
    rate_limiter = RateLimiter(lambda: 1_000)
    rate_limiter.hold(ModelId.PULSE, 9_000)
    rate_limiter.hold(ModelId.PULSE, 5_000)
    start_ms, delay_ms = rate_limiter.reserve(ModelId.PULSE)
    assert (start_ms, delay_ms) == (10_000, 9_000)
    assert rate_limiter.reserve(ModelId.PULSE_PRO) == (1_000, 0)
    rate_limiter.start_now(ModelId.PULSE, start_ms)
    assert rate_limiter.reserve(ModelId.PULSE) == (1_000, 0)


# ------------------------------------------------------------------ price, addresses


def test_the_price_counts_what_is_sent():
    pulse = TranscriptionOptions(ModelId.PULSE)
    assert estimate(pulse, 60_000) == Decimal("0.005")
    assert estimate(TranscriptionOptions(ModelId.PULSE_PRO), 90_000) == Decimal("0.006")
    assert estimate(TranscriptionOptions(), 3_600_000) == 0
    part = TranscriptionOptions(ModelId.PULSE, start_ms=30_000, end_ms=60_000)
    assert estimate(part, 45_000) == Decimal("0.00125")
    assert estimate(part, 10_000) == 0
    assert estimate(pulse, 120_000, {ModelId.PULSE: Decimal(1)}) == 2


@pytest.mark.parametrize(
    ("here", "region", "there"),
    [
        (DEFAULT_BASE_URL, "ap-south-1", US_BASE_URL),
        (DEFAULT_BASE_URL, "us-west-2", INDIA_BASE_URL),
        (US_BASE_URL, "", INDIA_BASE_URL),
        (INDIA_BASE_URL + "/", "", US_BASE_URL),
        ("http://localhost:7100", "ap-south-1", ""),
    ],
)
def test_the_other_region(here: str, region: str, there: str):
    assert other_region(here, region) == there


@pytest.mark.parametrize(
    ("address", "local", "private"),
    [
        ("http://127.0.0.1:80", True, True),
        ("http://[::1]/", True, True),
        ("http://localhost", True, True),
        ("http://10.0.0.3", False, True),
        ("http://nas.local", False, True),
        ("http://127.0.0.1.evil.example", False, False),
        ("http://localhost@evil.example", False, False),
        ("https://api.smallest.ai", False, False),
    ],
)
def test_what_stays_here(address: str, local: bool, private: bool):
    assert is_loopback(address) is local
    assert is_private(address) is private
