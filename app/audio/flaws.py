"""Where in a recording a decoder complained: found by decoding once more, and watching.

In the pass itself sound is still in pipes when a complaint comes, seconds of it. Here
the decoder's own count of time stands between the complaints.
"""

from __future__ import annotations

import re

from app.audio.process import run_ffmpeg
from app.audio.source import inputs_of
from app.core.recording import Recording

_RATE_HZ = 8_000
_STEP = _RATE_HZ // 10
_SHOWN = re.compile(r"ashowinfo@flaw @[^\n]* pts_time:(-?[\d.]+)")
_TROUBLE = (
    "Invalid data found",
    "partial file",
    "Header missing",
    "corrupt",
    "CRC mismatch",
    "ended prematurely",
)


def is_complaint(line: str) -> bool:
    """Tell whether a line of ffmpeg's says that some of the sound could not be decoded."""
    return any(one in line for one in _TROUBLE)


async def find_flaw(recording: Recording) -> int | None:
    """Give the moment of the first complaint, in milliseconds; ``None`` if none comes."""
    number = recording.taken[0].number
    at_ms = 0
    flawed_at_ms: int | None = None

    def note(line: str) -> None:
        nonlocal at_ms, flawed_at_ms
        shown = _SHOWN.search(line)
        if shown is not None:
            at_ms = max(0, round(float(shown.group(1)) * 1000))
        elif flawed_at_ms is None and is_complaint(line):
            flawed_at_ms = at_ms

    for link in range(len(recording.links) or 1):
        steps = f"aresample={_RATE_HZ},asetnsamples={_STEP},ashowinfo@flaw"
        chain = f"[{link}:a:{number}]{steps}[sound]"
        arguments = [*inputs_of(recording), "-filter_complex", chain, "-map", "[sound]"]
        await run_ffmpeg([*arguments, "-f", "null", "-"], on_line=note)
        if flawed_at_ms is not None or not recording.links:
            break
    return flawed_at_ms
