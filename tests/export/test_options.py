from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from app.export.options import LIMITS, ExportOptions, TimeMarks

OPTIONS = st.builds(
    ExportOptions, **{name: st.integers(low, high) for name, (low, high) in LIMITS.items()}
)


@given(OPTIONS)
def test_preset_survives_json(options: ExportOptions) -> None:
    kept = json.dumps(options.to_dict())
    assert ExportOptions.from_dict(json.loads(kept)) == options


def test_senseless_values_fall_back() -> None:
    kept = {
        "names": "yes",
        "times": "sometimes",
        "every_s": 0,
        "cue_lines": True,
        "reading_speed": 10**9,
        "colour": "red",
    }
    assert ExportOptions.from_dict(kept) == ExportOptions(every_s=1, reading_speed=100)
    assert ExportOptions.from_dict({"times": "word"}).times is TimeMarks.WORD


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON | st.dictionaries(st.sampled_from(list(LIMITS)), JSON))
def test_anything_kept_gives_options_that_work(kept: object) -> None:
    options = ExportOptions.from_dict(kept)
    for name, (low, high) in LIMITS.items():
        assert low <= getattr(options, name) <= high
