"""One or two people, from what was heard alone."""

from __future__ import annotations

import numpy as np
import pytest

from app.voices.comparing import Verdict, compared, parted, runs_of, voice_in
from app.voices.windows import WINDOW_STEP_SAMPLES
from tests.support.made_voices import heard_of, words_of

WINDOWS = 24
COUNT = WINDOWS * WINDOW_STEP_SAMPLES


def test_runs_are_those_where_the_words_are() -> None:
    heard = heard_of([0] * WINDOWS)
    assert runs_of(heard, words_of([3, 7])).tolist() == [3, 7]
    assert runs_of(heard, []).tolist() == []
    assert runs_of(heard, [(0, 900)]).tolist() == []  # before anybody speaks
    assert runs_of(heard, [(5_000, 4_000)]).tolist() == []  # times that make no sense


def test_two_voices_are_two_people_and_one_voice_is_one() -> None:
    heard = heard_of([0, 1] * (WINDOWS // 2))
    even, odd = list(range(0, WINDOWS, 2)), list(range(1, WINDOWS, 2))
    two = compared(heard, words_of(even), words_of(odd), is_narrow=False)
    one = compared(heard, words_of(even[:6]), words_of(even[6:]), is_narrow=False)

    assert two.verdict is Verdict.TWO
    assert two.likeness < two.two_below
    assert one.verdict is Verdict.ONE
    assert one.likeness > 0.9
    assert min(two.seconds) > 10


def test_voices_in_between_stay_open() -> None:
    heard = heard_of([0, 1] * (WINDOWS // 2), alike=0.55)
    even, odd = list(range(0, WINDOWS, 2)), list(range(1, WINDOWS, 2))
    found = compared(heard, words_of(even), words_of(odd), is_narrow=False)
    assert found.two_below <= found.likeness < 0.8
    assert found.verdict is Verdict.OPEN


@pytest.mark.parametrize("windows", [[], [0]])
def test_too_little_of_a_voice_says_nothing(windows: list[int]) -> None:
    heard = heard_of([0, 1] * (WINDOWS // 2))
    found = compared(heard, words_of(windows), words_of([1, 3, 5]), is_narrow=False)
    assert found.verdict is Verdict.OPEN
    assert found.likeness == 0


def test_a_speaker_who_is_two_is_parted_word_by_word() -> None:
    whose = [0, 0, 1] * (WINDOWS // 3)
    heard = heard_of(whose)
    words = words_of(list(range(WINDOWS)))
    found, spoken = parted(heard, words, COUNT, is_narrow=False)

    assert found.verdict is Verdict.TWO
    truth = np.repeat(whose, len(words) // WINDOWS)
    assert np.array_equal(spoken.people, truth) or np.array_equal(spoken.people, 1 - truth)
    assert spoken.sureness.min() > 0.7


def test_only_what_the_speaker_says_is_parted() -> None:
    heard = heard_of([0, 1, 2] * (WINDOWS // 3))
    mine = [window for window in range(WINDOWS) if window % 3 < 2]
    _, spoken = parted(heard, words_of(mine), COUNT, is_narrow=False)
    truth = np.repeat([window % 3 for window in mine], 9)
    assert np.array_equal(spoken.people, truth) or np.array_equal(spoken.people, 1 - truth)


def test_a_speaker_of_whom_nothing_is_heard_is_one() -> None:
    heard = heard_of([0] * WINDOWS)
    found, spoken = parted(heard, [(0, 300), (400, 700)], COUNT, is_narrow=False)
    assert found.verdict is Verdict.ONE
    assert spoken.people.tolist() == [0, 0]


def test_a_voice_is_the_mean_of_its_runs() -> None:
    heard = heard_of([0, 1] * (WINDOWS // 2))
    even, seconds = voice_in(heard, words_of(list(range(0, WINDOWS, 2))))
    odd, _ = voice_in(heard, words_of(list(range(1, WINDOWS, 2))))
    assert float(even @ heard.vectors[0].astype(np.float32)) > 0.85
    assert float(even @ odd) < 0.4
    assert seconds == pytest.approx(12 * 170 * 270 / 16_000 / 2, rel=0.01)
    nothing, none_s = voice_in(heard, [])
    assert none_s == 0
    assert float(np.abs(nothing).max()) == 0
