from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audio.parts import Part
from app.audio.plan import Form, Plan
from app.core.messages import message
from app.jobs.preparation import Cut, Preparation, UnreadableError, parts_in

PLAN = Plan(Form.FLAC, 0, None, (), 600_000, 4_000, needs_proxy=False, reason=message(""))
CUTS = st.builds(
    lambda start_ms, length_ms, channel: Cut(start_ms, start_ms + length_ms, channel),
    st.integers(0, 1 << 40),
    st.integers(0, 1 << 30),
    st.none() | st.integers(0, 1),
)
PREPARATIONS = st.builds(Preparation, asked=st.none() | st.text()) | st.builds(
    Preparation,
    asked=st.none() | st.text(),
    form=st.sampled_from(Form),
    split_ms=st.none() | st.integers(1, 1 << 30),
    parts=st.lists(CUTS, min_size=1, max_size=4).map(tuple),
)


@given(PREPARATIONS)
def test_what_was_kept_is_read_again(kept: Preparation) -> None:
    assert Preparation.from_json(kept.to_json()) == kept


def test_what_released_programs_kept_is_read() -> None:
    begun = Preparation.from_json('{"asked": "hash {}"}')
    assert begun == Preparation("hash {}")
    assert begun.resumed(PLAN) == PLAN
    whole = '{"form": "opus", "split_ms": null, "parts": [[0, 9, null]], "asked": "hash {}"}'
    cut = Preparation.from_json(whole)
    assert cut == Preparation("hash {}", Form.OPUS, None, (Cut(0, 9),))
    assert cut.resumed(PLAN) == replace(PLAN, form=Form.OPUS, split_ms=None)
    early = Preparation.from_json('{"form": "flac", "split_ms": 5, "parts": [[0, 9, 1]]}')
    assert early.fits("anything"), "the first ones did not say what they were of"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{" * 100_000,
        '{"asked": 7}',
        '{"form": "flac"}',
        '{"form": "later", "split_ms": 5, "parts": [[0, 9, null]]}',
        '{"form": "flac", "split_ms": "5", "parts": [[0, 9, null]]}',
        '{"form": "flac", "split_ms": 5, "parts": [[0, 9, null], [9, null]]}',
        '{"form": "flac", "split_ms": 5, "parts": [[9, 0, null]]}',
        '{"form": "flac", "split_ms": 5, "parts": {}}',
    ],
)
def test_what_makes_no_sense_is_not_read_in_part(text: str) -> None:
    with pytest.raises(UnreadableError):
        Preparation.from_json(text)
    assert parts_in(text) == ()


def test_parts_cut_otherwise_are_told() -> None:
    begun = Preparation("of this")
    parts = [Part(Path("a.flac"), 0, 9, 0, None), Part(Path("b.flac"), 8, 20, 1, None)]
    one = begun.prepared(PLAN, parts)
    assert one.parts == (Cut(0, 9), Cut(8, 20))
    assert not begun.is_cut_otherwise(one), "nothing was sent yet"
    assert not one.is_cut_otherwise(begun.prepared(replace(PLAN, form=Form.OPUS), parts))
    assert one.is_cut_otherwise(begun.prepared(PLAN, parts[:1]))
    assert one.fits("of this")
    assert not one.fits("of that")
