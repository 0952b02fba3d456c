from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.voices.models import unit
from app.voices.second_look import SecondLook
from app.voices.tree import Leaves, Rule, Tree

RULE = Rule(ratio=0.56, ratio_apart=0.75, surely=0.50, least_s=8.0)


def runs_of(
    centres: list[NDArray[np.float64]], seed: int = 0, spread: float = 0.05
) -> NDArray[np.float32]:
    chance = np.random.default_rng(seed)
    noise = chance.normal(0, spread, (len(centres), 192))
    return unit((np.array(centres) + noise).astype(np.float32))


def look(
    vectors: NDArray[np.float32], window: NDArray[np.int64], slot: NDArray[np.int64]
) -> SecondLook:
    return SecondLook(
        vectors, np.full(len(vectors), 2.0), np.full(len(vectors), 2.0), window, slot
    )


def directions(many: int) -> NDArray[np.float64]:
    return np.linalg.qr(np.random.default_rng(5).standard_normal((192, many)))[0].T


EVERY = np.arange(20)
ONE, OTHER = np.arange(10), np.arange(10, 20)


def test_two_voices_of_the_same_windows_are_apart_and_one_voice_is_not():
    vectors = runs_of([directions(1)[0]] * 20)
    window = np.tile(np.arange(10), 2)

    assert look(vectors, window, np.repeat([0, 1], 10)).are_apart(ONE, OTHER)
    assert not look(vectors, window, np.zeros(20, np.int64)).are_apart(ONE, OTHER)
    # In windows of their own they were never heard beside each other.
    assert not look(vectors, EVERY, np.repeat([0, 1], 10)).are_apart(ONE, OTHER)


def test_a_single_slip_of_the_model_does_not_make_two():
    vectors = runs_of([directions(1)[0]] * 20)
    slot = np.zeros(20, np.int64)
    slot[10] = 1

    assert not look(vectors, np.tile(np.arange(10), 2), slot).are_apart(ONE, OTHER)


def test_two_people_stay_two_and_one_sentence_dissolves():
    own = directions(3)
    here, there = own[0] + 0.6 * own[2], own[1] + 0.6 * own[2]
    vectors = runs_of([here] * 10 + [there] * 10)
    spread = look(vectors, np.tile(np.arange(10) * 5, 2), np.zeros(20, np.int64))
    assert spread.relative_likeness(ONE, OTHER) < 0.5

    # The same likeness, but all that is otherwise is one sentence of many.
    vectors = runs_of([here] * 98 + [there] * 2)
    at_once = np.arange(100) * 5
    at_once[98:] = 1_000
    slot = np.zeros(100, np.int64)
    groups = np.arange(98), np.arange(98, 100)
    assert look(vectors, at_once, slot).relative_likeness(*groups) == 1


def test_who_speaks_once_in_a_short_talk_is_compared_as_they_are():
    own = directions(3)
    here, there = own[0] + 0.6 * own[2], own[1] + 0.6 * own[2]
    vectors = runs_of([here] * 10 + [there] * 10)
    at_once = np.concatenate([np.arange(10) * 5, np.full(10, 100)])
    found = look(vectors, at_once, np.zeros(20, np.int64))

    assert found.relative_likeness(ONE, OTHER) == found.likeness_as_they_are(ONE, OTHER) < 0.5


@given(st.integers(0, 2**32 - 1))
def test_order_of_runs_does_not_matter(seed):
    own = directions(3)
    centres = [own[0] + 0.6 * own[2]] * 10 + [own[1] + 0.6 * own[2]] * 10
    vectors = runs_of(centres, seed, spread=0.08)
    chance = np.random.default_rng(seed)
    window, slot = chance.integers(0, 40, 20), chance.integers(0, 3, 20)
    order = chance.permutation(20)
    back = np.argsort(order)
    plain = look(vectors, window, slot)
    mixed = look(vectors[order], window[order], slot[order])

    one, other = back[ONE], back[OTHER]
    assert plain.are_apart(ONE, OTHER) == mixed.are_apart(one, other)
    assert np.isclose(
        plain.relative_likeness(ONE, OTHER), mixed.relative_likeness(one, other), atol=1e-6
    )


def test_voices_heard_apart_are_two_people_though_they_are_alike():
    own = directions(3)
    # Three quarters as alike as each is within itself.
    here, there = own[0] + 1.4 * own[2], own[1] + 1.4 * own[2]
    vectors = runs_of([here] * 10 + [there] * 10, spread=0.09)
    leaves = Leaves.of(vectors, np.full(20, 2.0), 4.0)
    window = np.tile(np.arange(10) * 3, 2)
    together = look(vectors, window, np.zeros(20, np.int64))
    apart = look(vectors, window, np.repeat([0, 1], 10))

    assert len(Tree(leaves).people(RULE, together)) == 1
    assert len(Tree(leaves).people(RULE, apart)) == 2
