"""Look twice before two groups of runs are called two people, where it is not plain.

One look: did the segmentation model hear them as two voices in one window? It often takes
two people for one, but hardly ever one for two. The other: each run is put to whichever
group it is more like, *leaving out what was said around it*. Two people stay two; a group
that owes its being to one sentence, or to a noise, dissolves into the other. In a short talk
one may speak in one place alone, of which nothing would be left: who said a good part of it
is compared as they are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.voices.models import Vectors
from app.voices.windows import SLOTS

_AROUND_WINDOWS = 2
_ROUNDS = 3
_LEAST_APART_S = 1.0
_LEAST_APART_SHARE = 0.2
_NOTHING = 1e-6
_MOSTLY = 0.5
_GOOD_PART = 0.04
_BLOCK_RUNS = 2_048


class SecondLook:
    """Answers about groups of runs.

    Args:
        vectors: Of each run.
        weights: What each weighs.
        seconds: How long each is.
        window: In which window each lies.
        slot: Which voice of the window each is.
    """

    def __init__(
        self,
        vectors: Vectors,
        weights: NDArray[np.floating],
        seconds: NDArray[np.floating],
        window: NDArray[np.integer],
        slot: NDArray[np.integer],
    ) -> None:
        self._vectors = vectors  # not copied: ten hours are thirty megabytes
        self._weights = weights.astype(np.float64)
        self._seconds = seconds.astype(np.float64)
        self._window = window.astype(np.int64)
        self._slot = slot.astype(np.int64)

    def are_apart(self, one: NDArray[np.intp], other: NDArray[np.intp]) -> bool:
        """Tell whether they were heard as two voices of one window for long enough."""
        shared = self._shared(one, other)
        apart_s = float(shared.sum() - np.trace(shared))
        return apart_s >= max(_LEAST_APART_S, _LEAST_APART_SHARE * float(shared.sum()))

    def apart_s(self, one: NDArray[np.intp], other: NDArray[np.intp]) -> float:
        """Say for how long they were heard as two voices of one window."""
        shared = self._shared(one, other)
        return float(shared.sum() - np.trace(shared))

    def likeness_as_they_are(self, one: NDArray[np.intp], other: NDArray[np.intp]) -> float:
        """Say how alike they are compared with each within itself."""
        return self._relative(one, other)

    def relative_likeness(self, one: NDArray[np.intp], other: NDArray[np.intp]) -> float:
        """Say how alike they are compared with each within itself, once sorted anew."""
        if any(self._is_part_in_one_place(*pair) for pair in ((one, other), (other, one))):
            return self._relative(one, other)
        runs = np.concatenate([one, other])
        parts = self._vectors[runs] * self._weights[runs, None].astype(np.float32)
        around, window = self._around(runs)
        label = np.repeat([0, 1], [len(one), len(other)])
        for _ in range(_ROUNDS):
            here, there = (
                self._alike(parts, runs, window, around, label == group) for group in (0, 1)
            )
            before, label = label, (there > here).astype(np.int64)
            if np.array_equal(before, label):
                break
        if label.min() == label.max():
            return 1.0
        return self._relative(runs[label == 0], runs[label == 1])

    def _is_part_in_one_place(self, runs: NDArray[np.intp], others: NDArray[np.intp]) -> bool:
        """Tell whether a group says a good part, and hardly any of it but in one place."""
        weights = self._weights[runs]
        if weights.sum() < _GOOD_PART * (weights.sum() + self._weights[others].sum()):
            return False
        around, window = self._around(runs)
        until = np.cumsum(np.bincount(window + 1, weights))
        low, high = around.T
        is_alone = until[-1] - (until[high] - until[low]) < _NOTHING
        return float(weights[is_alone].sum()) > _MOSTLY * float(weights.sum())

    def _around(self, runs: NDArray[np.intp]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Number the windows of runs, and say from where to where a run's surroundings go."""
        windows, place = np.unique(self._window[runs], return_inverse=True)
        first = np.searchsorted(windows, windows - _AROUND_WINDOWS)
        last = np.searchsorted(windows, windows + _AROUND_WINDOWS, side="right")
        return np.stack([first, last], axis=1)[place], place.astype(np.int64)

    def _alike(
        self,
        parts: Vectors,
        runs: NDArray[np.intp],
        window: NDArray[np.int64],
        around: NDArray[np.int64],
        is_mine: NDArray[np.bool_],
    ) -> NDArray[np.float64]:
        """Say how like a group each run is, without what lies around the run."""
        sums = np.zeros((int(window.max()) + 2, parts.shape[1]))
        np.add.at(sums, window[is_mine] + 1, parts[is_mine])
        until = np.cumsum(sums, axis=0)
        found = np.empty(len(runs))
        for first in range(0, len(runs), _BLOCK_RUNS):
            block = slice(first, first + _BLOCK_RUNS)
            low, high = around[block].T
            rest = until[-1] - (until[high] - until[low])
            alike = np.einsum("rd,rd->r", rest, self._vectors[runs[block]])
            found[block] = alike / (np.linalg.norm(rest, axis=1) + _NOTHING)
        return found

    def _relative(self, one: NDArray[np.intp], other: NDArray[np.intp]) -> float:
        totals: list[NDArray[np.float64]] = []
        weights: list[float] = []
        within: list[float] = []
        for runs in (one, other):
            weight = self._weights[runs]
            total = weight @ self._vectors[runs]
            square = float(np.square(weight).sum())
            pairs = float(weight.sum()) ** 2 - square
            within.append((float(total @ total) - square) / pairs if pairs > _NOTHING else 1.0)
            totals.append(total)
            weights.append(float(weight.sum()))
        between = float(totals[0] @ totals[1]) / (weights[0] * weights[1])
        return between / max(min(within), _NOTHING)

    def _shared(self, one: NDArray[np.intp], other: NDArray[np.intp]) -> NDArray[np.float64]:
        """Say how long they share windows, by which voice of the window each is."""
        windows = np.intersect1d(self._window[one], self._window[other])
        mine, theirs = (self._by_slot(runs, windows) for runs in (one, other))
        return np.minimum(mine[:, :, None], theirs[:, None, :]).sum(axis=0)

    def _by_slot(
        self, runs: NDArray[np.intp], windows: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        mine = runs[np.isin(self._window[runs], windows)]
        place = np.searchsorted(windows, self._window[mine]) * SLOTS + self._slot[mine]
        seconds = np.bincount(place, self._seconds[mine], len(windows) * SLOTS)
        return seconds.reshape(len(windows), SLOTS).astype(np.float64)
