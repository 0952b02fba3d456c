"""Listen to a recording in windows of ten seconds: who speaks in each, and in what voice.

Windows overlap by half, so every moment is heard twice with different surroundings. Within
a window the voices have numbers (slots) that mean nothing outside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.voices.features import BANDS, RATE_HZ, STEP_SAMPLES, Features, Samples, cleaned
from app.voices.models import VECTOR_SIZE, Encoder, Models

WINDOW_SAMPLES = 10 * RATE_HZ
WINDOW_STEP_SAMPLES = 5 * RATE_HZ
COVER = WINDOW_SAMPLES / WINDOW_STEP_SAMPLES
"""How many windows hear one moment."""
FRAMES = 589
"""A window's frames as the segmentation model gives them: ``FRAME_SAMPLES`` apart."""
FRAME_SAMPLES = 270
FIRST_FRAME_SAMPLE = 495
"""The middle of the first frame."""
FRAME_S = FRAME_SAMPLES / RATE_HZ
SLOTS = 3
MINUTE_WINDOWS = 12
"""So many windows are heard, and kept, in one go."""
UNHEARD_TAIL_SAMPLES = RATE_HZ // 2

_Run: TypeAlias = tuple[int, int, int, bool]
"""Slot, first and last frame, and whether nobody else speaks."""

CLASS_COUNT = 7
"""Nobody, one of three voices, two of them at once."""
_CLASSES = np.array(
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], np.float32
)
_JOINED_FRAMES = 9
"""A gap of under 0.15 s within a run is none."""
_LEAST_FRAMES = 9
_LONGEST_FRAMES = 178
"""A run of more than 3 s is cut into equal parts: it may be two people after all."""
_FEATURE_CENTRE_S = 0.0125
_FEATURES_PER_S = RATE_HZ // STEP_SAMPLES
_STEP_ROWS = WINDOW_STEP_SAMPLES // STEP_SAMPLES
_STEP_FRAMES = round(WINDOW_STEP_SAMPLES / FRAME_SAMPLES)
_SAME_SHARE = 0.9
"""A run of which so much was one run of the window before has the voice of that one."""


class Recording(Protocol):
    """The sound of a recording, read piece by piece."""

    @property
    def sample_count(self) -> int:
        """How long it is, at 16 kHz."""
        ...

    def read(self, first: int, count: int) -> Samples:
        """Give samples from a place on; fewer at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in consecutive windows.

    Attributes:
        chances: Per window, frame and slot, how likely the voice of the slot speaks, in
            255ths.
        window: Of each run, which window it lies in.
        slot: Which voice of the window.
        first: Its first frame in the window.
        last: The frame behind its last.
        is_alone: Whether nobody else speaks in it.
        vectors: Whose voice it is, one row a run, in half precision.
    """

    chances: NDArray[np.uint8]
    window: NDArray[np.int32]
    slot: NDArray[np.uint8]
    first: NDArray[np.int16]
    last: NDArray[np.int16]
    is_alone: NDArray[np.bool_]
    vectors: NDArray[np.float16]

    @property
    def windows(self) -> int:
        """How many windows."""
        return len(self.chances)

    @property
    def runs(self) -> int:
        """How many runs of speech."""
        return len(self.window)

    @property
    def seconds(self) -> NDArray[np.float32]:
        """How long each run is."""
        return ((self.last - self.first) * FRAME_S).astype(np.float32)


def joined(parts: list[Heard]) -> Heard:
    """Put what was heard in one span after the other together."""
    if not parts:
        return _gathered([], [], [])
    begins = np.cumsum([0, *(part.windows for part in parts[:-1])])
    return Heard(
        np.concatenate([part.chances for part in parts]),
        np.concatenate(
            [part.window + begin for part, begin in zip(parts, begins, strict=True)]
        ).astype(np.int32),
        np.concatenate([part.slot for part in parts]),
        np.concatenate([part.first for part in parts]),
        np.concatenate([part.last for part in parts]),
        np.concatenate([part.is_alone for part in parts]),
        np.concatenate([part.vectors for part in parts]),
    )


def window_count(sample_count: int) -> int:
    """Say in how many windows a recording is heard, so that no more than its tail is not."""
    beyond = sample_count - UNHEARD_TAIL_SAMPLES - WINDOW_SAMPLES
    return 1 + max(0, -(-beyond // WINDOW_STEP_SAMPLES)) if sample_count > 0 else 0


def minute_count(sample_count: int) -> int:
    """Say in how many goes a recording is heard."""
    return -(-window_count(sample_count) // MINUTE_WINDOWS)


def minute_end(sample_count: int, minute: int) -> int:
    """Say how many samples are done once this go is."""
    end = (minute + 1) * MINUTE_WINDOWS * WINDOW_STEP_SAMPLES
    return sample_count if minute + 1 >= minute_count(sample_count) else end


def listen(
    recording: Recording, models: Models, *, is_narrow: bool, begin_minute: int = 0
) -> Iterator[Heard]:
    """Hear a recording minute by minute; each depends on its own sound alone."""
    encoder = models.encoder_for(is_narrow=is_narrow)
    known = _Known(encoder)
    count = window_count(recording.sample_count)
    for first in range(begin_minute * MINUTE_WINDOWS, count, MINUTE_WINDOWS):
        chances: list[NDArray[np.uint8]] = []
        runs: list[tuple[int, int, int, int, bool]] = []
        vectors: list[NDArray[np.float16]] = []
        known.begin()  # so that it comes out the same wherever listening goes on
        for place in range(min(MINUTE_WINDOWS, count - first)):
            begin = (first + place) * WINDOW_STEP_SAMPLES
            sound = cleaned(recording.read(begin, WINDOW_SAMPLES))
            classes = models.segmenter.chances(np.pad(sound, (0, WINDOW_SAMPLES - sound.size)))
            chances.append(np.rint(classes @ _CLASSES * 255).clip(0, 255).astype(np.uint8))
            found = _runs(classes, sound.size)
            vectors += known.vectors(sound, found)
            runs += [(place, *run) for run in found]
        yield _gathered(chances, runs, vectors)


def _gathered(
    chances: list[NDArray[np.uint8]],
    runs: list[tuple[int, int, int, int, bool]],
    vectors: list[NDArray[np.float16]],
) -> Heard:
    window, slot, first, last, is_alone = ([run[place] for run in runs] for place in range(5))
    return Heard(
        np.stack(chances) if chances else np.zeros((0, FRAMES, SLOTS), np.uint8),
        np.array(window, np.int32),
        np.array(slot, np.uint8),
        np.array(first, np.int16),
        np.array(last, np.int16),
        np.array(is_alone, np.bool_),
        np.stack(vectors) if vectors else np.zeros((0, VECTOR_SIZE), np.float16),
    )


def _runs(classes: NDArray[np.float32], sample_count: int) -> list[_Run]:
    """Give slot, first and last frame of every run, and whether nobody else speaks."""
    speaks = _CLASSES[classes.argmax(axis=1)] > 0
    # The last window is filled up with silence, in which voices may be imagined.
    end = (min(sample_count, WINDOW_SAMPLES) - FIRST_FRAME_SAMPLE) // FRAME_SAMPLES
    speaks[max(0, end) :] = False
    is_one = speaks.sum(axis=1) == 1
    found: list[_Run] = []
    for slot in range(SLOTS):
        alone = _spans(speaks[:, slot] & is_one)
        if alone:
            found += [(slot, first, last, True) for first, last in alone]
        else:  # never alone: better its voice among others than none
            shared = _spans(speaks[:, slot])[:1]
            found += [(slot, first, last, False) for first, last in shared]
    return found


def _spans(speaks: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(speaks.astype(np.int8), prepend=0, append=0))
    closed: list[list[int]] = []
    for first, last in edges.reshape(-1, 2).tolist():
        if closed and first - closed[-1][1] <= _JOINED_FRAMES:
            closed[-1][1] = last
        else:
            closed.append([first, last])
    parts: list[tuple[int, int]] = []
    for first, last in closed:
        length = last - first
        if length < _LEAST_FRAMES:
            continue
        many = -(-length // _LONGEST_FRAMES)
        cuts = [first + length * part // many for part in range(many + 1)]
        parts += pairwise(cuts)
    return parts


class _Known:
    """What is known of the window before, half of which is heard once more."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows = np.zeros((0, BANDS), np.float32)
        self._runs: list[_Run] = []
        self._vectors: list[NDArray[np.float16]] = []

    def begin(self) -> None:
        """Know of no window before."""
        self._rows = self._rows[:0]
        self._runs, self._vectors = [], []

    def vectors(self, sound: Samples, runs: list[_Run]) -> list[NDArray[np.float16]]:
        """Give whose voice each run of the next window is."""
        rows = self._features(sound) if runs else self._rows[:0]
        found = [self._vector(rows, run) for run in runs]
        self._rows, self._runs, self._vectors = rows, runs, found
        return found

    def _features(self, sound: Samples) -> Features:
        """Give the features; those of the second half of the window before are known."""
        old = self._rows[_STEP_ROWS:]
        # What is made of telephone sound depends on all of the window.
        if not len(old) or self._encoder.is_narrow:
            return self._encoder.features(sound)
        new = self._encoder.features(sound[len(old) * STEP_SAMPLES :])
        return np.concatenate([old, new])

    def _vector(self, rows: Features, run: _Run) -> NDArray[np.float16]:
        _, first, last, is_alone = run
        for (_, begin, end, was_alone), vector in zip(self._runs, self._vectors, strict=True):
            if is_alone == was_alone and _is_same(first, last, begin, end):
                return vector
        mine = rows[_row_at(first) : _row_at(last)]
        vector = self._encoder.vector(mine) if len(mine) else np.zeros(VECTOR_SIZE, np.float32)
        return vector.astype(np.float16)


def _is_same(first: int, last: int, begin: int, end: int) -> bool:
    """Tell whether a run is nearly the sound of one of the window before."""
    begin, end = begin - _STEP_FRAMES, end - _STEP_FRAMES
    shared = min(last, end) - max(first, begin)
    return shared >= _SAME_SHARE * (max(last, end) - min(first, begin))


def _row_at(frame: int) -> int:
    """Give the row of features at a frame."""
    at_s = (FIRST_FRAME_SAMPLE + frame * FRAME_SAMPLES) / RATE_HZ - _FEATURE_CENTRE_S
    return max(0, round(at_s * _FEATURES_PER_S))
