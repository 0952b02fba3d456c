"""Every moment is heard twice, and worked out once where that gives the same."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray
from typing_extensions import override

from app.voices.features import BANDS, RATE_HZ, features_of
from app.voices.models import VECTOR_SIZE, Encoder, Models, Segmenter
from app.voices.windows import CLASS_COUNT, FRAMES, WINDOW_SAMPLES, joined, listen

SECONDS = 40
ONE_ALONE = 1


class Sound:
    """Noise, in which somebody is said to speak."""

    sample_count = SECONDS * RATE_HZ

    def __init__(self) -> None:
        self._samples = np.random.default_rng(2).normal(0, 0.1, self.sample_count)

    def read(self, first: int, count: int) -> NDArray[np.float32]:
        """Give samples from a place on."""
        return self._samples[first : first + count].astype(np.float32)


class SomebodySpeaks:
    """Hears one voice in every window, from one frame to another."""

    def __init__(self, first: int, last: int) -> None:
        self._first, self._last = first, last

    def chances(self, _window: NDArray[np.float32]) -> NDArray[np.float32]:
        """Say that one speaks alone, and nobody elsewhere."""
        found = np.zeros((FRAMES, CLASS_COUNT), np.float32)
        found[:, 0] = 1
        found[self._first : self._last] = 0
        found[self._first : self._last, ONE_ALONE] = 1
        return found


class Counting:
    """Gives features as they are, and counts what they are asked of."""

    def __init__(self, *, is_narrow: bool = False) -> None:
        self.is_narrow = is_narrow
        self.given: list[int] = []
        self.rows: list[NDArray[np.float32]] = []

    def features(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Work out the features of a piece of sound."""
        self.given.append(len(samples))
        return features_of(samples)

    def vector(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Note what a voice is worked out of."""
        self.rows.append(rows)
        return np.full(VECTOR_SIZE, len(self.rows), np.float32)


def models_of(encoder: Counting, first: int, last: int) -> Models:
    mine = cast("Encoder", encoder)
    return Models(cast("Segmenter", SomebodySpeaks(first, last)), mine, mine)


def test_features_of_the_half_heard_before_are_not_worked_out_again() -> None:
    encoder = Counting()
    sound = Sound()
    list(listen(sound, models_of(encoder, 0, FRAMES), is_narrow=False))

    assert encoder.given[0] == WINDOW_SAMPLES
    assert len(encoder.given) == 7
    assert max(encoder.given[1:]) < 0.51 * WINDOW_SAMPLES
    whole = features_of(sound.read(0, sound.sample_count))
    # Whatever a voice is worked out of are features of the sound where it is heard.
    for rows in encoder.rows:
        assert rows.shape[1] == BANDS
        at = np.flatnonzero((whole == rows[0]).all(axis=1))
        assert len(at) == 1
        np.testing.assert_array_equal(whole[at[0] : at[0] + len(rows)], rows)


def test_telephone_sound_is_worked_out_whole() -> None:
    encoder = Counting(is_narrow=True)
    list(listen(Sound(), models_of(encoder, 0, FRAMES), is_narrow=True))
    assert set(encoder.given) == {WINDOW_SAMPLES}


def test_a_run_that_was_heard_in_the_window_before_has_the_voice_it_had() -> None:
    # From 5.5 s to 8 s, and 5 s later the same sound from 0.5 s to 3 s: half of the runs.
    class Twice(SomebodySpeaks):
        def __init__(self) -> None:
            super().__init__(0, 0)
            self._window = -1

        @override
        def chances(self, _window: NDArray[np.float32]) -> NDArray[np.float32]:
            self._window += 1
            self._first, self._last = (326, 474) if self._window % 2 == 0 else (30, 178)
            return super().chances(_window)

    encoder = cast("Encoder", Counting())
    models = Models(cast("Segmenter", Twice()), encoder, encoder)
    heard = joined(list(listen(Sound(), models, is_narrow=False)))

    assert heard.runs == 7
    assert heard.vectors[:, 0].tolist() == [1, 1, 2, 2, 3, 3, 4]


@pytest.mark.parametrize(("first", "last"), [(0, 90), (326, 400)])
def test_a_run_that_is_another_has_a_voice_of_its_own(first: int, last: int) -> None:
    encoder = Counting()
    heard = joined(list(listen(Sound(), models_of(encoder, first, last), is_narrow=False)))
    assert heard.vectors[:, 0].tolist() == list(range(1, heard.runs + 1))
