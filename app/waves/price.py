"""What a transcription is going to cost, as an estimate. Pure.

Prices are settings: the published ones changed twice within a month, and how the
service rounds is not published (contract 7.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from app.core.options import ModelId, TranscriptionOptions

DOLLARS_PER_MINUTE: Mapping[ModelId, Decimal] = {
    ModelId.ON_DEVICE: Decimal(0),
    ModelId.PULSE: Decimal("0.005"),
    ModelId.PULSE_PRO: Decimal("0.004"),
}
_MS_PER_MINUTE = 60_000


def estimate(
    options: TranscriptionOptions,
    duration_ms: int,
    dollars_per_minute: Mapping[ModelId, Decimal] = DOLLARS_PER_MINUTE,
) -> Decimal:
    """Give the expected price in dollars, unrounded.

    Args:
        options: Tell the model, and the part of the recording to be sent.
        duration_ms: Length of the recording.
        dollars_per_minute: Prices from the settings; what is missing there is
            taken from the published ones.
    """
    end_ms = duration_ms if options.end_ms is None else min(duration_ms, options.end_ms)
    sent_ms = max(0, end_ms - max(0, options.start_ms))
    price = dollars_per_minute.get(options.model, DOLLARS_PER_MINUTE[options.model])
    return price * sent_ms / _MS_PER_MINUTE
