"""Whether a recording came over a telephone line: nothing is heard above 4 kHz."""

from __future__ import annotations

import numpy as np

from app.voices.features import RATE_HZ, cleaned
from app.voices.windows import Recording

_LOOKS = 40
_NARROW_DB = -35.0
_VOICE_HZ = (500, 3_200)
_ABOVE_HZ = (4_300, 7_000)


def is_narrow(recording: Recording) -> bool:
    """Tell by looking at single seconds, of which the louder half counts.

    The voice model finds any two telephone voices alike; it must be told.
    """
    chance = np.random.default_rng(0)  # the same looks each time: the answer is kept
    latest = max(0, recording.sample_count - RATE_HZ)
    window = np.hanning(RATE_HZ)
    hz = np.fft.rfftfreq(RATE_HZ, 1 / RATE_HZ)
    is_voice = (hz > _VOICE_HZ[0]) & (hz < _VOICE_HZ[1])
    is_above = (hz > _ABOVE_HZ[0]) & (hz < _ABOVE_HZ[1])
    looks: list[tuple[float, float]] = []
    for _ in range(_LOOKS):
        sound = cleaned(recording.read(int(chance.uniform(0, latest)), RATE_HZ))
        if sound.size < RATE_HZ:
            continue
        power = np.square(np.abs(np.fft.rfft(sound * window)))
        voice = float(power[is_voice].mean())
        above = float(power[is_above].mean())
        if voice > 0:  # silence has no kind
            looks.append((voice, 10 * float(np.log10((above + 1e-20) / (voice + 1e-20)))))
    looks.sort(reverse=True)
    louder = [above_db for _, above_db in looks[: -(-len(looks) // 2)]]
    return bool(louder) and float(np.median(louder)) < _NARROW_DB
