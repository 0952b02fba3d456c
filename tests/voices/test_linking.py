from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from app.voices.linking import Label, Link, Linked, linked, voice_of
from app.voices.models import unit

OWN = np.linalg.qr(np.random.default_rng(2).standard_normal((192, 4)))[0].T


def voice(person: int, seed: int, spread: float = 0.03) -> NDArray[np.float32]:
    noise = np.random.default_rng(seed).normal(0, spread, 192)
    return unit((OWN[person] + noise).astype(np.float32))


def label(part: int, person: int, seconds: float = 30, spread: float = 0.03) -> Label:
    return Label(frozenset([part]), voice(person, 10 * part + person, spread), seconds)


def test_labels_of_one_person_are_one_and_others_are_new():
    found = linked([label(1, 0), label(1, 1), label(2, 1), label(2, 0), label(2, 2)])

    assert found == [
        Linked(Link.NEW, 0),
        Linked(Link.NEW, 1),
        Linked(Link.SAME, 1),
        Linked(Link.SAME, 0),
        Linked(Link.NEW, 4),
    ]


def test_two_labels_of_one_part_are_never_one():
    found = linked([label(1, 0), label(2, 0), Label(frozenset([2]), voice(0, 99), 30)])

    assert sum(one.link is Link.SAME for one in found) == 1


def test_a_label_known_in_several_parts_is_not_linked_into_any_of_them():
    long = Label(frozenset([1, 2]), voice(0, 1), 60)
    found = linked([long, label(2, 0), label(3, 0)])

    assert found[2] == Linked(Link.SAME, 0) or found[2] == Linked(Link.SAME, 1)
    assert found[1].link is not Link.SAME


def test_what_is_neither_plainly_one_nor_plainly_two_stays_open():
    between = unit((OWN[0] * 0.55 + OWN[1] * np.sqrt(1 - 0.55**2)).astype(np.float32))
    found = linked([label(1, 0, spread=0), Label(frozenset([2]), between, 30)])

    assert [one.link for one in found] == [Link.OPEN, Link.OPEN]


def test_too_little_of_a_voice_says_nothing():
    assert [one.link for one in linked([label(1, 0), label(2, 0, seconds=2)])] == [
        Link.OPEN,
        Link.OPEN,
    ]
    assert linked([]) == []


def test_real_readers_are_linked_across_parts(sound_of, models, clips):
    sound = sound_of("two-readers-alternating")
    turns = []
    for line in (clips / "two-readers-alternating.rttm").read_text("utf-8").splitlines():
        _, _, _, start, length, _, _, name, *_ = line.split()
        begin = round(float(start) * 1_000)
        turns.append((begin, begin + round(float(length) * 1_000), name))
    half = 29_000
    labels = []
    for part, name in ((1, "A"), (1, "B"), (2, "B"), (2, "A")):
        spans = [
            (start, end)
            for start, end, who in turns
            if who == name and (end <= half if part == 1 else start >= half)
        ]
        heard, seconds = voice_of(sound, models.encoder, spans)
        labels.append(Label(frozenset([part]), heard, seconds))

    assert all(one.seconds > 5 for one in labels)
    assert [one.first for one in linked(labels)] == [0, 1, 1, 0]


def test_spans_that_are_too_short_or_beyond_the_end_are_nobodys(sound_of, models):
    sound = sound_of("lj001-0008")

    for spans in ([], [(0, 300)], [(900_000, 905_000)]):
        heard, seconds = voice_of(sound, models.encoder, spans)
        assert seconds == pytest.approx(0)
        assert not heard.any()
