from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.voices.models import unit
from app.voices.second_look import SecondLook
from app.voices.tree import (
    Leaves,
    Rule,
    Tree,
    condensed,
    joined_to,
    joined_where_one,
    labels_after,
    merges_of,
)

RULE = Rule(ratio=0.56, ratio_apart=0.75, surely=0.50, least_s=8.0)
people = st.integers(1, 12)
seeds = st.integers(0, 2**32 - 1)


def voices(count: int, runs: int, seed: int, spread: float = 0.045) -> NDArray[np.float32]:
    """Runs of people whose voices have nothing in common, one after the other."""
    chance = np.random.default_rng(seed)
    own = np.linalg.qr(chance.standard_normal((192, count)))[0].T
    noisy = np.repeat(own, runs, axis=0) + spread * chance.standard_normal((count * runs, 192))
    return unit(noisy.astype(np.float32))


def found(vectors: NDArray[np.float32], seconds: NDArray[np.float64]) -> int:
    return len(Tree(condensed(Leaves.of(vectors, seconds, 4.0))).people(RULE))


def grouping(vectors: NDArray[np.float32], likeness: float) -> set[frozenset[bytes]]:
    """Which vectors lie together where all more alike than this are joined."""
    leaves = Leaves.of(vectors, np.full(len(vectors), 2.0), 4.0)
    merges = [step for step in merges_of(leaves) if step.likeness >= likeness]
    labels = labels_after(merges, len(leaves))
    return {
        frozenset(vectors[place].tobytes() for place in np.flatnonzero(labels == label))
        for label in set(labels.tolist())
    }


@given(people, seeds)
def test_everybody_is_found(count, seed):
    vectors = voices(count, 8, seed)

    assert found(vectors, np.full(len(vectors), 2.0)) == count


@given(people, seeds)
def test_order_of_runs_does_not_matter(count, seed):
    vectors = voices(count, 6, seed)
    seconds = np.random.default_rng(seed).uniform(1.5, 3, len(vectors))
    order = np.random.default_rng(seed + 1).permutation(len(vectors))

    assert found(vectors, seconds) == found(vectors[order], seconds[order])
    assert grouping(vectors, 0.5) == grouping(vectors[order], 0.5)


@given(st.integers(1, 6), seeds, st.data())
def test_run_cut_in_two_changes_no_count(count, seed, data):
    vectors = voices(count, 8, seed)
    seconds = np.full(len(vectors), 3.0)
    cut = data.draw(st.integers(0, len(vectors) - 1))
    more = np.insert(vectors, cut, vectors[cut], axis=0)
    shorter = np.insert(seconds, cut, 1.5)
    shorter[cut + 1] = 1.5

    assert found(more, shorter) == found(vectors, seconds)


@given(st.integers(2, 40), seeds)
def test_every_leaf_is_joined_once_from_the_most_alike_down(count, seed):
    vectors = unit(np.random.default_rng(seed).standard_normal((count, 16)).astype(np.float32))
    merges = merges_of(Leaves.of(vectors, np.ones(count), 4.0))

    assert len(merges) == count - 1
    assert sorted(step.second for step in merges) == sorted(
        set(range(count)) - {merges[-1].first}
    )
    likeness = [step.likeness for step in merges]
    assert all(one >= other - 1e-5 for one, other in pairwise(likeness))


def test_voices_as_alike_as_runs_of_one_person_are_one():
    chance = np.random.default_rng(3)
    vectors = unit(chance.normal(1, 0.05, (60, 192)).astype(np.float32))

    assert found(vectors, np.full(60, 2.0)) == 1


def test_somebody_who_says_hardly_anything_is_nobody():
    vectors = voices(2, 8, 1)
    seconds = np.repeat([2.0, 0.5], 8)

    assert found(vectors, seconds) == 1


def test_pair_known_to_be_two_people_is_joined_last():
    vectors = voices(1, 4, 5)
    merges = merges_of(Leaves.of(vectors, np.ones(4), 4.0), [(0, 1), (2, 3)])
    labels = labels_after([step for step in merges if step.likeness > 0.5], 4)

    assert labels[0] != labels[1]
    assert labels[2] != labels[3]


def test_more_runs_than_a_tree_takes_are_condensed_without_losing_any_speech():
    vectors = voices(5, 120, 7)
    seconds = np.random.default_rng(7).uniform(1.5, 3, len(vectors))
    leaves = Leaves.of(vectors, seconds, 4.0)
    fewer = condensed(leaves, most=100)

    assert len(fewer) <= 100
    assert fewer.seconds.sum() == pytest.approx(seconds.sum())
    assert fewer.totals.sum(axis=0) == pytest.approx(leaves.totals.sum(axis=0), abs=1e-2)
    assert len(Tree(fewer).people(RULE)) == 5


def test_who_says_little_is_compared_with_everybody():
    vectors = voices(2, 8, 3)
    one, other, stray = (
        Tree(Leaves.of(vectors[part], np.full(part.stop - part.start, 2.0), 4.0)).root
        for part in (slice(0, 4), slice(8, 16), slice(4, 8))
    )
    seconds = np.full(16, 2.0)
    look = SecondLook(vectors, seconds, seconds, np.arange(16), np.zeros(16, np.int64))

    joined = joined_where_one([one, other, stray], RULE, look)

    assert sorted(branch.seconds for branch in joined) == [16.0, 16.0]
    much = replace(RULE, least_s=1.0)  # nobody says little then
    assert len(joined_where_one([one, other, stray], much, look)) == 3


def test_the_most_alike_are_joined_where_there_are_too_many():
    vectors = voices(4, 6, 9)
    twin = unit((vectors[:6] + 0.9 * vectors[6:12]).astype(np.float32))
    leaves = Leaves.of(np.concatenate([vectors, twin]), np.full(30, 2.0), 4.0)
    branches = Tree(leaves).people(Rule(0.99, 0.99, 0.99, 8.0))

    assert len(joined_to(branches, 3)) == 3
    assert sum(one.seconds for one in joined_to(branches, 1)) == pytest.approx(
        sum(one.seconds for one in branches)
    )
