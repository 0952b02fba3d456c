"""Where in a recording a decoder complained: found by decoding once more, and watching.

In the pass itself sound is still in pipes when a complaint comes, seconds of it. Here
the decoder's own count of time stands between the complaints.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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


@dataclass(slots=True)
class FlawWatch:
    """Hears what ffmpeg says while it counts the time, and keeps when it first complained.

    Attributes:
        at_ms: How far it has come.
        flawed_at_ms: How far it had come at its first complaint; ``None`` without any.
    """

    at_ms: int = 0
    flawed_at_ms: int | None = None

    def hear(self, line: str) -> None:
        """Take a line. Its threads write at once, so that one may hold both, time first."""
        shown = _SHOWN.search(line)
        if shown is not None:
            self.at_ms = max(0, round(float(shown.group(1)) * 1000))
        if self.flawed_at_ms is None and is_complaint(line):
            self.flawed_at_ms = self.at_ms


async def find_flaw(recording: Recording) -> int | None:
    """Give the moment of the first complaint, in milliseconds; ``None`` if none comes."""
    number = recording.taken[0].number
    watch = FlawWatch()
    for link in range(len(recording.links) or 1):
        steps = f"aresample={_RATE_HZ},asetnsamples={_STEP},ashowinfo@flaw"
        chain = f"[{link}:a:{number}]{steps}[sound]"
        arguments = [*inputs_of(recording), "-filter_complex", chain, "-map", "[sound]"]
        await run_ffmpeg([*arguments, "-f", "null", "-"], on_line=watch.hear)
        if watch.flawed_at_ms is not None or not recording.links:
            break
    return watch.flawed_at_ms
