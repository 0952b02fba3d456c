"""Measurements, one module a topic, each figure beside a reference of the same run.

A topic is a module with ``figures() -> Iterator[Figure]``; put it into this folder and
``python3 packaging/dev.py bench`` finds it. Absolute times say little on a machine that
others use too: what counts is the ratio to something plain, measured in turns with it.
"""

from __future__ import annotations

import pkgutil
import statistics
from collections.abc import Callable
from dataclasses import dataclass

from typing_extensions import override

NOT_TOPICS = frozenset(
    {
        "__main__",
        "bare_window",
        "conversations",
        "dropped",
        "flawed_talk",
        "plain_editor",
        "first_paint",
        "framebuffer",
        "live_service",
        "first_use_window",
        "plenty_window",
        "uses",
        "real_window",
        "scoring",
        "sounds",
        "watchdog",
    }
)


@dataclass(frozen=True)
class Figure:
    """One result.

    Attributes:
        name: What was measured.
        value: The result.
        unit: Its unit.
        reference: The same of something plain, measured in the same run.
        reference_name: What that is.
        target: What the ratio to the reference, or the value where there is none, must
            not pass.
        at_least: The target is to be reached instead of not to be passed.
    """

    name: str
    value: float
    unit: str
    reference: float | None = None
    reference_name: str = "reference"
    target: float | None = None
    at_least: bool = False

    @property
    def ratio(self) -> float | None:
        """Value by reference."""
        return self.value / self.reference if self.reference else None

    @property
    def is_met(self) -> bool:
        """Whether the target, if any, is met."""
        judged = self.value if self.ratio is None else self.ratio
        if self.target is None:
            return True
        return judged >= self.target if self.at_least else judged <= self.target

    @override
    def __str__(self) -> str:
        parts = [f"{self.name}: {self.value:.4g} {self.unit}"]
        if self.reference is not None:
            parts.append(f"{self.reference_name}: {self.reference:.4g} {self.unit}")
        if self.ratio is not None:
            parts.append(f"ratio {self.ratio:.2f}")
        if self.target is not None:
            bound = "at least" if self.at_least else "at most"
            parts.append(
                f"{bound} {self.target:g} wanted: {'met' if self.is_met else 'MISSED'}"
            )
        return "; ".join(parts)


class CannotMeasureError(Exception):
    """A topic cannot be measured here; its text says why."""


def topics() -> list[str]:
    """Give the names of all topics."""
    found = {module.name for module in pkgutil.iter_modules(__path__)}
    return sorted(found - NOT_TOPICS)


def in_turns(
    ours: Callable[[], float], plain: Callable[[], float], *, rounds: int
) -> tuple[float, float]:
    """Measure two things in turns, A B A B, and give both medians.

    One round before them warms the caches and is thrown away.
    """
    ours()
    plain()
    pairs = [(ours(), plain()) for _ in range(rounds)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)
