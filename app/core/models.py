"""What a person chooses among the models on this computer by, before any name. Pure."""

from __future__ import annotations

from enum import StrEnum

from app.core.messages import message


class Tier(StrEnum):
    """How a model weighs time against mistakes."""

    FAST = "fast"
    BETTER = "better"
    BEST = "best"


TIER_NAMES = {
    Tier.FAST: message("Fast"),
    Tier.BETTER: message("Better"),
    Tier.BEST: message("Best"),
}
"""What people call each."""


class Device(StrEnum):
    """What computes."""

    CPU = "cpu"
    CUDA = "cuda"
    COREML = "coreml"
    DIRECTML = "directml"


DEVICE_NAMES = {
    Device.CPU: message("on the processor"),
    Device.CUDA: message("on the graphics card"),
    Device.COREML: message("on Apple's neural engine"),
    Device.DIRECTML: message("on the graphics card"),
}
"""Where a model runs, to be written behind its name."""
NO_CARD = message(
    "The graphics card could not be used, so the processor is used. This takes longer."
)


def minutes_for_an_hour(ms_per_second: float) -> int:
    """Give how many minutes an hour of sound takes, at least one."""
    return max(1, round(ms_per_second * 60 / 1_000))
