from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.voices.heard_file import HeardFile, add_heard, begin_heard, read_heard
from app.voices.models import VECTOR_SIZE
from app.voices.windows import FRAMES, MINUTE_WINDOWS, SLOTS, Heard, joined

COUNT = 16_000 * 5 * MINUTE_WINDOWS * 3


def minute(seed: int) -> Heard:
    chance = np.random.default_rng(seed)
    runs = int(chance.integers(0, 40))
    return Heard(
        chance.integers(0, 256, (MINUTE_WINDOWS, FRAMES, SLOTS)).astype(np.uint8),
        np.sort(chance.integers(0, MINUTE_WINDOWS, runs)).astype(np.int32),
        chance.integers(0, SLOTS, runs).astype(np.uint8),
        chance.integers(0, 300, runs).astype(np.int16),
        chance.integers(300, FRAMES, runs).astype(np.int16),
        chance.integers(0, 2, runs).astype(np.bool_),
        chance.standard_normal((runs, VECTOR_SIZE)).astype(np.float16),
    )


def same(one: Heard, other: Heard) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in Heard.__slots__
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "deep" / "kept.voices"
    begin_heard(path, COUNT, is_narrow=True)
    good = path.stat().st_size
    for seed in range(3):
        good = add_heard(path, minute(seed), good)
    return path


def test_what_is_kept_comes_back(path):
    kept = read_heard(path, COUNT)

    assert kept is not None
    assert kept.is_narrow
    assert len(kept.minutes) == 3
    assert all(same(one, minute(seed)) for seed, one in enumerate(kept.minutes))
    assert kept.good_bytes == path.stat().st_size


def test_nothing_is_kept_at_first(tmp_path):
    assert read_heard(tmp_path / "none", COUNT) is None


@given(data=st.data())
def test_file_cut_or_damaged_anywhere_keeps_what_lies_before(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("kept") / "kept"
    begin_heard(path, COUNT, is_narrow=False)
    ends = [path.stat().st_size]
    for seed in range(3):
        ends.append(add_heard(path, minute(seed), ends[-1]))
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(ends[0], len(content) - 1))
    if data.draw(st.booleans()):
        del content[place:]
    else:
        content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)

    kept = read_heard(path, COUNT)

    whole = sum(end <= place for end in ends[1:])
    assert kept is not None
    assert len(kept.minutes) == whole
    assert kept.good_bytes == ends[whole]
    # The next run writes over what is of no use.
    add_heard(path, minute(9), kept.good_bytes)
    again = read_heard(path, COUNT)
    assert isinstance(again, HeardFile)
    assert same(again.minutes[-1], minute(9))
    assert len(again.minutes) == whole + 1


@pytest.mark.parametrize(
    "head", [b"", b"hello\n", b"[]\n", b'{"format": 1}\n', b"\xff\xfe\n", b"{" * 5_000]
)
def test_other_files_are_of_no_use(tmp_path, head):
    path = tmp_path / "kept"
    path.write_bytes(head)

    assert read_heard(path, COUNT) is None


def test_another_recording_or_other_models_are_begun_anew(path):
    assert read_heard(path, COUNT + 1) is None
    without = read_heard(path)
    assert without is not None
    assert without.sample_count == COUNT
    assert without.is_whole

    head, _, rest = path.read_bytes().partition(b"\n")
    path.write_bytes(head.replace(b'"models": "', b'"models": "x') + b"\n" + rest)
    assert read_heard(path, COUNT) is None


def test_parts_joined_keep_each_run_in_its_window():
    parts = [minute(1), minute(2)]
    whole = joined(parts)

    assert whole.windows == 2 * MINUTE_WINDOWS
    assert whole.runs == parts[0].runs + parts[1].runs
    assert np.array_equal(whole.window[parts[0].runs :], parts[1].window + MINUTE_WINDOWS)
    assert joined([]).runs == 0
