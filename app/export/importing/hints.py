"""What a person or the recording beside a file says about it, and what has to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import ExportError


class TimeUnit(StrEnum):
    """What the numbers of a file count; the values are the names in the terminal."""

    SECONDS = "seconds"
    HUNDREDTHS = "hundredths"
    MILLISECONDS = "milliseconds"
    MICROSECONDS = "microseconds"
    TICKS = "ticks"
    """Ten millionths of a second, as Windows counts."""

    @property
    def per_second(self) -> int:
        """How many make a second."""
        return _PER_SECOND[self]


_PER_SECOND = {
    TimeUnit.SECONDS: 1,
    TimeUnit.HUNDREDTHS: 100,
    TimeUnit.MILLISECONDS: 1_000,
    TimeUnit.MICROSECONDS: 1_000_000,
    TimeUnit.TICKS: 10_000_000,
}


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known about a file besides its bytes.

    Attributes:
        encoding: As Python names it; recognised where it is empty.
        unit: What its numbers count; judged where it is ``None``.
        recording_ms: How long the recording beside it is; 0 where that is not known.
    """

    encoding: str = ""
    unit: TimeUnit | None = None
    recording_ms: int = 0


NO_HINTS = Hints()


class UncertainUnitError(ExportError):
    """The times of a file may count several units: a person has to say which.

    Attributes:
        units: Those that are possible, the likeliest first.
    """

    def __init__(self, units: tuple[TimeUnit, ...]) -> None:
        self.units = units
        super().__init__(
            "The unit of the times in this file is not clear: seconds, hundredths or "
            "milliseconds?"
        )
