"""Whether the two sides of a stereo recording cancel out when they are mixed.

A balanced microphone on a stereo input gives the same sound on both sides, one of them
upside down: loud in headphones, and silence once mixed to the one channel that a
recogniser takes. A few short stretches of the recording tell.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.audio.process import run_ffmpeg
from app.audio.source import input_arguments

_RATE_HZ = 8_000
_STRETCH_MS = 10_000
_STRETCHES = 3
_CANCELLED_SHARE = 0.05
"""Of the louder side's energy; sides that have nothing in common keep a quarter or more."""


async def lone_channel(path: Path, duration_ms: int) -> int | None:
    """Tell which side of a stereo recording to take alone; ``None`` where both mix well."""
    sound = bytearray()
    arguments: list[str] = []
    places = _places_ms(duration_ms)
    for place_ms in places:
        start, length = f"{place_ms / 1000:.3f}", f"{_STRETCH_MS / 1000:.3f}"
        # Roughly there will do; exactly would read an MP3 from its beginning.
        before = ("-fflags", "+fastseek", "-ss", start, "-t", length)
        arguments += input_arguments(path, before=before)
    inputs = "".join(f"[{number}:a:0]" for number in range(len(places)))
    joined = f"{inputs}concat=n={len(places)}:v=0:a=1,aresample={_RATE_HZ}[joined]"
    arguments += ["-filter_complex", joined, "-map", "[joined]"]
    arguments += ["-c:a", "pcm_s16le", "-ac", "2", "-f", "s16le", "pipe:1"]
    await run_ffmpeg(arguments, on_sound=sound.extend)
    # Whether it can be decoded at all others find out; what came is judged.
    sides = np.frombuffer(bytes(sound[: len(sound) // 4 * 4]), "<i2").reshape(-1, 2)
    left, right = sides[:, 0].astype(np.float64), sides[:, 1].astype(np.float64)
    energies = [float(left @ left), float(right @ right)]
    mixed = (left + right) / 2
    loudest = max(energies)
    if float(mixed @ mixed) >= _CANCELLED_SHARE * loudest:
        return None
    return energies.index(loudest)


def _places_ms(duration_ms: int) -> list[int]:
    """Give where to listen: all over a long recording, and a short one as a whole."""
    if duration_ms <= _STRETCHES * _STRETCH_MS:
        return [place * _STRETCH_MS for place in range(-(-duration_ms // _STRETCH_MS))]
    room_ms = duration_ms - _STRETCH_MS
    return [room_ms * (2 * place + 1) // (2 * _STRETCHES) for place in range(_STRETCHES)]
