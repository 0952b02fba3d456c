from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.core.spans import HeardSpans


@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 800)), max_size=30))
def test_what_was_heard_is_kept_merged_in_order(spans: list[tuple[int, int]]) -> None:
    listened = HeardSpans()
    heard: set[int] = set()
    for start, lasts in spans:
        listened.add(start, start + lasts)
        heard |= set(range(start, start + lasts))
    kept = listened.spans
    assert all(one[1] + 200 < other[0] for one, other in pairwise(kept))
    covered = {ms for start, end in kept for ms in range(start, end)}
    assert heard <= covered
    assert HeardSpans(kept).spans == kept
    assert listened.total_ms() == len(covered)
