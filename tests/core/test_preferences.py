from __future__ import annotations

import math

from app.core.options import ModelId
from app.core.preferences import Settings, within_limits


def test_numbers_are_brought_within_limits() -> None:
    fitted = within_limits(
        Settings(speed=9.0, volume=math.nan, skip_ms=-1, prices=((ModelId.PULSE, -1.0),))
    )
    assert (fitted.speed, fitted.volume, fitted.skip_ms) == (3.0, 1.0, 500)
    assert fitted.prices == ()


def test_secret_of_the_receiver_is_not_shown() -> None:
    assert "hush" not in repr(Settings(receiver_secret="hush"))
