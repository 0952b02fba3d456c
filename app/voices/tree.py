"""Group voice vectors into people by a tree built from the most alike upwards.

Two telephone voices are as alike as one voice with itself across a room, so no fixed
likeness tells people apart. What does: how alike two branches are *compared with* how
alike each is within itself, and whether they were heard as two voices in one window, which
hardly ever happens to one person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.voices.models import Vector, Vectors, unit
from app.voices.second_look import SecondLook

MOST_LEAVES = 2_000
"""A tree of so many takes 16 MB and a second; more are condensed first."""
_SURELY_ONE = 0.80
"""Runs as alike as this are one person's, whatever else is in the recording."""
_NOBODY = -9.0
_NO_PAIRS = 1e-6
_LITTLE = 2.0
"""Who says no more than so many times the least is compared with everybody."""
_PLAINLY_TWO, _PLAINLY_ONE = 0.45, 0.80
"""Relative likeness between these is looked at a second time."""


@dataclass(frozen=True, slots=True)
class Leaves:
    """What a tree is built of: single runs, or runs that are surely one person's.

    Attributes:
        totals: Sum of the vectors of each, times their weights.
        weights: Sum of their weights.
        squares: Sum of the squares of their weights.
        seconds: How much speech each is.
        runs: Which runs each stands for.
    """

    totals: Vectors
    weights: NDArray[np.float64]
    squares: NDArray[np.float64]
    seconds: NDArray[np.float64]
    runs: tuple[NDArray[np.intp], ...]

    @classmethod
    def of(cls, vectors: Vectors, seconds: NDArray[np.floating], most_s: float) -> Leaves:
        """Make a leaf of each run; one longer than ``most_s`` weighs no more than that."""
        weights = np.minimum(seconds, most_s).astype(np.float64)
        totals = (vectors * weights[:, None]).astype(np.float32)
        every = np.arange(len(totals))
        runs = tuple(every[place : place + 1] for place in range(len(totals)))
        return cls(totals, weights, np.square(weights), seconds.astype(np.float64), runs)

    def __len__(self) -> int:
        return len(self.totals)

    def slice(self, first: int, last: int) -> Leaves:
        """Give some of them."""
        return Leaves(
            self.totals[first:last],
            self.weights[first:last],
            self.squares[first:last],
            self.seconds[first:last],
            self.runs[first:last],
        )


@dataclass(frozen=True, slots=True)
class Merge:
    """Two branches become one.

    Attributes:
        likeness: Mean likeness between them.
        first: The leaf that stands for one, and from now on for both.
        second: The leaf that stood for the other.
    """

    likeness: float
    first: int
    second: int


def merges_of(leaves: Leaves, apart: Sequence[tuple[int, int]] = ()) -> list[Merge]:
    """Join the two most alike branches until there is one; gives the steps in order.

    Args:
        leaves: At most ``MOST_LEAVES``.
        apart: Pairs that are known to be two people, and are joined last.
    """
    n = len(leaves)
    vectors = (leaves.totals / leaves.weights[:, None]).astype(np.float32)
    alike = vectors @ vectors.T
    for one, other in apart:
        alike[one, other] = alike[other, one] = -1.0
    np.fill_diagonal(alike, _NOBODY)
    size = leaves.weights.copy()
    is_there = np.ones(n, np.bool_)
    nearest, best = alike.argmax(axis=1), alike.max(axis=1, initial=_NOBODY)
    steps: list[Merge] = []
    for _ in range(n - 1):
        one = int(np.where(is_there, best, 2 * _NOBODY).argmax())
        other = int(nearest[one])
        steps.append(Merge(float(best[one]), one, other))
        row = (alike[one] * size[one] + alike[other] * size[other]) / (size[one] + size[other])
        row[~is_there] = _NOBODY
        row[[one, other]] = _NOBODY
        alike[one] = alike[:, one] = row
        alike[other] = alike[:, other] = _NOBODY
        size[one] += size[other]
        is_there[other] = False
        stale = is_there & ((nearest == one) | (nearest == other))
        stale[one] = True
        for place in np.flatnonzero(stale):
            nearest[place] = alike[place].argmax()
            best[place] = alike[place, nearest[place]]
        closer = is_there & (row > best)
        closer[one] = False
        nearest[closer], best[closer] = one, row[closer]
    return steps


def labels_after(merges: Sequence[Merge], leaves: int) -> NDArray[np.intp]:
    """Number the branches that are there after some merges, and say which each leaf is in."""
    parent = list(range(leaves))

    def root(leaf: int) -> int:
        while parent[leaf] != leaf:
            parent[leaf] = parent[parent[leaf]]
            leaf = parent[leaf]
        return leaf

    for merge in merges:
        parent[root(merge.second)] = root(merge.first)
    return np.unique([root(leaf) for leaf in range(leaves)], return_inverse=True)[1]


def condensed(leaves: Leaves, most: int = MOST_LEAVES) -> Leaves:
    """Join what is surely one voice, neighbours first, until a tree can be built of it."""
    likeness = _SURELY_ONE
    while len(leaves) > most:
        before = len(leaves)
        parts: list[Leaves] = []
        for first in range(0, before, most // 2):
            part = leaves.slice(first, first + most // 2)
            steps = [step for step in merges_of(part) if step.likeness >= likeness]
            parts.append(_summed(part, labels_after(steps, len(part))))
        leaves = Leaves(
            np.concatenate([part.totals for part in parts]),
            np.concatenate([part.weights for part in parts]),
            np.concatenate([part.squares for part in parts]),
            np.concatenate([part.seconds for part in parts]),
            tuple(runs for part in parts for runs in part.runs),
        )
        likeness -= 0.05 if len(leaves) > 0.8 * before else 0.02
    return leaves


def _summed(leaves: Leaves, labels: NDArray[np.intp]) -> Leaves:
    many = int(labels.max()) + 1
    totals = np.zeros((many, leaves.totals.shape[1]), np.float32)
    np.add.at(totals, labels, leaves.totals)
    return Leaves(
        totals,
        np.bincount(labels, leaves.weights, many).astype(np.float64),
        np.bincount(labels, leaves.squares, many).astype(np.float64),
        np.bincount(labels, leaves.seconds, many).astype(np.float64),
        tuple(
            np.concatenate([leaves.runs[place] for place in np.flatnonzero(labels == label)])
            for label in range(many)
        ),
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """When two branches are two people.

    Attributes:
        ratio: They are if their likeness is under this share of the smaller likeness
            within.
        ratio_apart: The same where they were heard as two voices in one window, which
            hardly ever happens to one person.
        surely: They never are if they are more alike than this.
        least_s: A branch with less speech than this is nobody yet.
    """

    ratio: float
    ratio_apart: float
    surely: float
    least_s: float

    def is_one(self, one: Branch, other: Branch, look: SecondLook | None) -> bool:
        """Tell whether two branches are one person."""
        if one.likeness(other) >= self.surely:
            return True
        relative = one.relative_likeness(other)
        if look is None or not _PLAINLY_TWO < relative < _PLAINLY_ONE:
            return relative >= self.ratio
        relative = look.relative_likeness(one.runs, other.runs)
        if relative < self.ratio:
            return False
        return relative >= self.ratio_apart or not look.are_apart(one.runs, other.runs)


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """Some leaves of the tree, as their sum.

    Attributes:
        total: Sum of the vectors, times their weights.
        weight: Sum of the weights.
        square: Sum of the squares of the weights.
        seconds: How much speech it is.
        parts: The branches it was joined of, or the runs of a leaf.
    """

    total: Vector
    weight: float
    square: float
    seconds: float
    parts: tuple[Branch, Branch] | NDArray[np.intp]

    @property
    def voice(self) -> Vector:
        """Its mean voice."""
        return unit(self.total)

    @property
    def likeness_within(self) -> float:
        """How alike its runs are, each with each other one."""
        pairs = self.weight**2 - self.square
        if pairs <= _NO_PAIRS:  # a single run
            return 1.0
        return (float(self.total @ self.total) - self.square) / pairs

    @property
    def runs(self) -> NDArray[np.intp]:
        """Its runs."""
        found: list[NDArray[np.intp]] = []
        left: list[Branch] = [self]
        while left:
            parts = left.pop().parts
            if isinstance(parts, tuple):
                left.extend(parts)
            else:
                found.append(parts)
        return np.concatenate(found)

    def likeness(self, other: Branch) -> float:
        """Say how alike its runs and those of another are."""
        return float(self.total @ other.total) / (self.weight * other.weight)

    def relative_likeness(self, other: Branch) -> float:
        """Say the same as a share of the likeness within the more mixed of the two."""
        within = min(self.likeness_within, other.likeness_within)
        return self.likeness(other) / max(within, _NO_PAIRS)

    def with_(self, other: Branch) -> Branch:
        """Give both as one."""
        return Branch(
            self.total + other.total,
            self.weight + other.weight,
            self.square + other.square,
            self.seconds + other.seconds,
            (self, other),
        )


class Tree:
    """All leaves of a recording joined to one."""

    def __init__(self, leaves: Leaves) -> None:
        self._leaf_count = len(leaves)
        self._branches = [
            Branch(*values)
            for values in zip(
                leaves.totals,
                leaves.weights.tolist(),
                leaves.squares.tolist(),
                leaves.seconds.tolist(),
                leaves.runs,
                strict=True,
            )
        ]
        self._joints: list[tuple[int, int, float]] = []
        place_of = list(range(len(leaves)))
        for merge in merges_of(leaves):
            one, other = place_of[merge.first], place_of[merge.second]
            place_of[merge.first] = len(self._branches)
            self._joints.append((one, other, merge.likeness))
            self._branches.append(self._branches[one].with_(self._branches[other]))

    @property
    def root(self) -> Branch:
        """All there is."""
        return self._branches[-1]

    def people(self, rule: Rule, look: SecondLook | None = None) -> list[Branch]:
        """Give the branches that are one person each; none if nobody says enough.

        Args:
            rule: When two are two.
            look: What is asked where that is not plain.
        """
        found: list[list[Branch]] = [
            [branch] if branch.seconds >= rule.least_s else []
            for branch in self._branches[: self._leaf_count]
        ]
        for (one, other, likeness), branch in zip(
            self._joints, self._branches[self._leaf_count :], strict=True
        ):
            parts = found[one], found[other]
            found.append(_people_of(branch, parts, likeness, rule, look))
        return found[-1]


def _people_of(
    branch: Branch,
    parts: tuple[list[Branch], list[Branch]],
    likeness: float,
    rule: Rule,
    look: SecondLook | None,
) -> list[Branch]:
    here, there = parts
    if not here and not there:
        return [branch] if branch.seconds >= rule.least_s else []
    if not here or not there:
        inner = here or there
        # A small stray joins one person, but never two.
        is_one = len(inner) == 1 and likeness >= rule.surely / 2
        return [branch] if is_one else inner
    is_two = len(here) == len(there) == 1
    if is_two and rule.is_one(here[0], there[0], look):
        return [branch]
    return here + there


def joined_where_one(branches: Sequence[Branch], rule: Rule, look: SecondLook) -> list[Branch]:
    """Compare who says little with everybody, not with their neighbours in the tree alone."""
    here = list(branches)
    while (pair := _alike_pair(here, rule, look)) is not None:
        one, other = pair
        here = [branch for branch in here if branch is not one and branch is not other]
        here.append(one.with_(other))
    return here


def _alike_pair(
    branches: Sequence[Branch], rule: Rule, look: SecondLook
) -> tuple[Branch, Branch] | None:
    """Give the two most alike that are one person after all."""
    pairs = [
        (one, other)
        for place, one in enumerate(branches)
        for other in branches[:place]
        if min(one.seconds, other.seconds) <= _LITTLE * rule.least_s
    ]
    pairs.sort(key=lambda pair: -pair[0].relative_likeness(pair[1]))
    return next((pair for pair in pairs if rule.is_one(*pair, look)), None)


def joined_to(branches: Sequence[Branch], most: int) -> list[Branch]:
    """Join the two most alike until there are no more than so many."""
    here = sorted(branches, key=lambda branch: branch.weight, reverse=True)
    while len(here) > most:
        _, one, other = max(
            (one.relative_likeness(other), place, before)
            for place, one in enumerate(here)
            for before, other in enumerate(here[:place])
        )
        both = here[one].with_(here[other])
        here = [branch for place, branch in enumerate(here) if place not in {one, other}]
        here.append(both)
    return here
