"""Where a decoder complained, from what it says."""

from __future__ import annotations

import pytest

from app.audio.flaws import FlawWatch

SHOWN = "[ashowinfo@flaw @ 0x55] n:279 pts:{pts} pts_time:{time} fmt:fltp channels:1 checksum:"
COMPLAINT = "[dec:flac @ 0x56] Error submitting packet to decoder: Invalid data found when"


def shown(at_s: float) -> str:
    return SHOWN.format(pts=round(at_s * 8_000), time=at_s)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([shown(27.9) + "B0", COMPLAINT, shown(28)], id="line by line"),
        pytest.param([shown(27.9) + COMPLAINT, "B05A6E1D", shown(28)], id="within a line"),
        pytest.param([shown(27.8), COMPLAINT + shown(27.9)], id="the other way round"),
    ],
)
def test_a_complaint_is_heard_also_where_it_stands_in_the_line_that_tells_the_time(
    lines: list[str],
) -> None:
    watch = FlawWatch()
    for line in [shown(0), *lines, shown(40), COMPLAINT]:
        watch.hear(line)
    assert watch.flawed_at_ms == 27_900


def test_without_a_complaint_there_is_no_flaw() -> None:
    watch = FlawWatch()
    watch.hear(shown(3))
    assert (watch.at_ms, watch.flawed_at_ms) == (3_000, None)
