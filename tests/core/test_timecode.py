import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.timecode import clock, parse_time, timestamp

TIMES = st.integers(0, 1000 * 3_600_000)


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "0:00"),
        (-5, "0:00"),
        (999, "0:00"),
        (63_000, "1:03"),
        (3_134_000, "52:14"),
        (3_599_999, "59:59"),
        (3_600_000, "1:00:00"),
        (3_723_000, "1:02:03"),
        (360_000_000, "100:00:00"),
    ],
)
def test_clock_is_as_short_as_it_can_be(ms, text):
    assert clock(ms) == text


@pytest.mark.parametrize(
    ("ms", "options", "text"),
    [
        (63_250, {}, "00:01:03.250"),
        (63_250, {"decimal": ","}, "00:01:03,250"),
        (63_250, {"hours": False}, "01:03.250"),
        (3_600_001, {"hours": False}, "01:00:00.001"),
        (-1, {}, "00:00:00.000"),
        (360_000_000, {}, "100:00:00.000"),
    ],
)
def test_timestamp_is_written_in_full(ms, options, text):
    assert timestamp(ms, **options) == text


@given(TIMES, st.sampled_from(".,"), st.booleans())
def test_what_is_written_is_read_back(ms, decimal, hours):
    assert parse_time(timestamp(ms, decimal=decimal, hours=hours)) == ms
    assert parse_time(clock(ms)) == ms // 1000 * 1000


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("90", 90_000),
        ("1:30", 90_000),
        (" 1:02:03.5 ", 3_723_500),
        ("0,04", 40),
        ("1.2345", 1_234),
        ("00:00", 0),
    ],
)
def test_times_are_read_as_people_type_them(text, ms):
    assert parse_time(text) == ms


@pytest.mark.parametrize("text", ["", "a", "1:", ":30", "-5", "1:2:3:4", "1.", "1 30", "1:30x"])
def test_anything_else_is_no_time(text):
    with pytest.raises(ValueError, match=r".*"):
        parse_time(text)


@given(st.text(max_size=12))
def test_any_text_is_a_time_or_refused(text):
    try:
        ms = parse_time(text)
    except ValueError:
        return
    assert ms >= 0
