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


class LiveBudget:
    """What the live text of a take has cost, over all its channels and connections.

    Attributes:
        stop_at: No more than this is spent, in dollars; ``None`` for no limit.
        sent_ms: How much sound was sent, what was sent again included.
    """

    def __init__(self, dollars_per_minute: Decimal, stop_at: Decimal | None = None) -> None:
        self.stop_at = stop_at
        self.sent_ms = 0
        self._dollars_per_minute = dollars_per_minute

    @property
    def dollars(self) -> Decimal:
        """What was spent, as an estimate."""
        return self.cost_of(self.sent_ms)

    @property
    def is_spent(self) -> bool:
        """Whether no more may be sent."""
        return self.stop_at is not None and self.dollars >= self.stop_at

    def cost_of(self, sent_ms: int) -> Decimal:
        """Give what so much sound costs."""
        return self._dollars_per_minute * sent_ms / _MS_PER_MINUTE

    def add(self, sent_ms: int) -> None:
        """Count sound that was sent."""
        self.sent_ms += sent_ms
