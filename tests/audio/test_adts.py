"""Finding where the rate of bare AAC changes."""

from __future__ import annotations

import io
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.audio.adts import is_adts, walk_adts
from app.audio.walking import FileBytes

RATES = {48_000: 3, 44_100: 4, 22_050: 7, 16_000: 8}


def frame(rate_hz: int, length: int = 371) -> bytes:
    head = bytes(
        (
            0xFF,
            0xF1,
            0x40 | RATES[rate_hz] << 2,
            0x40 | length >> 11,
            length >> 3 & 0xFF,
            (length & 7) << 5 | 0x1F,
            0xFC,
        )
    )
    return head + bytes(length - len(head))


def links_of(content: bytes) -> list[tuple[int, int]]:
    layout = walk_adts(FileBytes(io.BytesIO(content), len(content)))
    return [(one.start, one.end) for one in layout.links]


stretches = st.lists(
    st.tuples(st.sampled_from(sorted(RATES)), st.integers(2, 40)), min_size=1, max_size=6
)


@given(parts=stretches, length=st.integers(8, 8_000))
def test_each_change_of_rate_begins_a_recording(parts: list[tuple[int, int]], length: int):
    content, starts, last = b"", [0], parts[0][0]
    for rate_hz, count in parts:
        if rate_hz != last:
            starts.append(len(content))
            last = rate_hz
        content += frame(rate_hz, length) * count

    wanted = list(pairwise([*starts, len(content)])) if len(starts) > 1 else []
    assert links_of(content) == wanted


def test_a_long_recording_is_walked_over_the_edges_of_what_is_read_at_once():
    first, second = frame(44_100) * 9_001, frame(22_050, 377) * 9_001

    assert links_of(first + second) == [
        (0, len(first)),
        (len(first), len(first) + len(second)),
    ]


def test_one_damaged_header_and_bytes_between_frames_begin_no_recording():
    odd = frame(48_000)
    content = frame(44_100) * 5 + odd + frame(44_100) * 5 + b"\xff\x00junk\xff\xf1" * 3
    assert links_of(content + frame(44_100) * 5 + b"\xff\xf1\x50") == []


def test_an_mp3_is_no_aac():
    assert not is_adts(b"\xff\xfb\x90\x64" + bytes(12))
    assert is_adts(frame(44_100))
