from __future__ import annotations

from app.ondevice.protocol import HeardWord
from app.ondevice.timing import Timing, lag_of

SAID = "And so my fellow Americans ask not what your country can do for you"
TRUE = (
    (290, 570), (570, 970), (970, 1_250), (1_250, 1_630), (1_630, 2_170), (3_280, 3_840),
    (3_990, 4_310), (5_340, 5_600), (5_600, 5_850), (5_850, 6_430), (6_430, 6_660),
    (6_660, 6_890), (6_890, 7_050), (7_050, 7_520),
)  # fmt: skip


def heard(start_lag_ms: int, end_lag_ms: int, count: int = 14) -> list[HeardWord]:
    return [
        (word, start + start_lag_ms, end + end_lag_ms, 0.9, False)
        for word, (start, end) in zip(SAID.split()[:count], TRUE[:count], strict=True)
    ]


def test_a_lag_is_found_and_taken_off() -> None:
    late = heard(97, 60)

    assert lag_of(late) == Timing(97, 60)
    assert lag_of(late).without_lag(late) == list(TRUE)


def test_who_misheard_the_sample_says_nothing_of_its_lag() -> None:
    assert lag_of(heard(97, 60, count=9)) == Timing()
    assert lag_of([]) == Timing()
    assert lag_of(heard(5_000, 5_000)) == Timing()


def test_no_word_begins_before_the_sound() -> None:
    assert Timing(97, 60).without_lag([("so", 20, 40, 0.9, False)]) == [(0, 0)]
