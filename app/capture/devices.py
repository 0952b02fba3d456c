"""Which way to the sound devices this system has."""

from __future__ import annotations

import sys

from app.capture.backend import Backend
from app.capture.loopback import LoopbackBackend
from app.capture.portaudio import PortAudioBackend
from app.capture.pulse import PulseBackend
from app.capture.taps import TapBackend
from app.capture.two_ways import TwoWays


def find_backend(
    ffmpeg: str, system: str = sys.platform, *, is_recorder: bool = False
) -> Backend:
    """Give the way to the sound devices of this system.

    Args:
        ffmpeg: The ffmpeg to use where it does the reading.
        system: Which system it is.
        is_recorder: Whether this process records, or lists what could be, and does nothing
            else with sound.
    """
    if system == "win32":
        return TwoWays(PortAudioBackend(is_alone=is_recorder), LoopbackBackend())
    if system == "darwin":
        return TwoWays(PortAudioBackend(is_alone=is_recorder), TapBackend())
    return PulseBackend(ffmpeg)
