"""Which way to the sound devices this system has."""

from __future__ import annotations

import sys

from app.capture.backend import Backend
from app.capture.portaudio import PortAudioBackend
from app.capture.pulse import PulseBackend


def find_backend(ffmpeg: str) -> Backend:
    """Give the way to the sound devices of this system.

    Args:
        ffmpeg: The ffmpeg to use where it does the reading.
    """
    if sys.platform.startswith("linux"):
        return PulseBackend(ffmpeg)
    return PortAudioBackend()
