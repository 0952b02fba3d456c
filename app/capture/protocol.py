"""What the window and the process that records say to each other: a line of JSON each.

Nothing but numbers, names of devices and reasons travels: sentences are made where they
are shown. What the process tells may be lost without harm; the sound may not.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.core.errors import AppError
from app.core.messages import Message
from app.core.take import (
    Device,
    Gap,
    GapReason,
    Level,
    Source,
    SourceKind,
    Trouble,
    Troubled,
)


class Word(StrEnum):
    """Orders without anything more to say."""

    PAUSE = "pause"
    RESUME = "resume"
    MARK = "mark"
    STOP = "stop"
    DEVICES = "devices"
    """Tell what can be recorded, and wait for the next question."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin to record, or go on with a take whose process died.

    Attributes:
        folder: Of the take.
        sources: What to record, a channel each.
        ffmpeg: The ffmpeg to use.
        goes_on: Whether to go on for some minutes when whoever gave this order is gone.
    """

    folder: Path
    sources: tuple[Source, ...]
    ffmpeg: str
    goes_on: bool = True


Order = Begin | Word


@dataclass(frozen=True, slots=True)
class Started:
    """Sound comes."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A source could not be opened; nothing is recorded."""

    text: str
    values: tuple[tuple[str, str], ...]
    details: str

    @property
    def message(self) -> Message:
        """The sentence for a person."""
        return Message(self.text, self.values)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in the last tenth of a second, and how things stand.

    Attributes:
        at_ms: How long the sound is.
        levels: Of each source.
        sound_bytes: How much is on the disk.
        free_bytes: How much room there is.
        is_paused: Whether nothing is kept at present.
        first_file_ms: How long the first of its files is; ``None`` if that is all of it.
    """

    at_ms: int
    levels: tuple[Level, ...]
    sound_bytes: int
    free_bytes: int
    is_paused: bool
    first_file_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """A gap stands in the sound."""

    gap: Gap


@dataclass(frozen=True, slots=True)
class Marked:
    """A moment was marked."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Finished:
    """All sound is on the disk, and the process ends."""

    duration_ms: int


@dataclass(frozen=True, slots=True)
class Listed:
    """What can be recorded now."""

    devices: tuple[Device, ...]


Report = Started | Refused | Heard | Troubled | Missed | Marked | Finished | Listed
_REPORTS: dict[str, type[Report]] = {
    kind.__name__: kind
    for kind in (Started, Refused, Heard, Troubled, Missed, Marked, Finished, Listed)
}


class ProtocolError(ValueError):
    """A line makes no sense."""


def order_line(order: Order) -> bytes:
    """Write an order as a line."""
    if isinstance(order, Word):
        return _line({"do": order.value})
    return _line(
        {
            "do": "begin",
            "folder": str(order.folder),
            "sources": [asdict(source) for source in order.sources],
            "ffmpeg": order.ffmpeg,
            "goes_on": order.goes_on,
        }
    )


def read_order(line: bytes) -> Order:
    """Read an order.

    Raises:
        ProtocolError: It is none.
    """
    try:
        told = json.loads(line)
        if told["do"] != "begin":
            return Word(told["do"])
        return Begin(
            Path(told["folder"]),
            tuple(_source(one) for one in told["sources"]),
            told["ffmpeg"],
            bool(told["goes_on"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ProtocolError(str(error)) from error


def report_line(report: Report) -> bytes:
    """Write a report as a line."""
    return _line({"is": type(report).__name__, **asdict(report)})


def read_report(line: bytes) -> Report:
    """Read a report.

    Raises:
        ProtocolError: It is none.
    """
    try:
        told: dict[str, Any] = json.loads(line)
        kind = _REPORTS[told.pop("is")]
        if kind is Heard:
            told["levels"] = tuple(Level(**one) for one in told["levels"])
        elif kind is Troubled:
            told["trouble"] = Trouble(told["trouble"])
        elif kind is Missed:
            gap: dict[str, Any] = told["gap"]
            gap["reason"] = GapReason(gap["reason"])
            told["gap"] = Gap(**gap)
        elif kind is Listed:
            told["devices"] = tuple(
                Device(_source(one["source"]), bool(one["is_default"]))
                for one in told["devices"]
            )
        elif kind is Refused:
            told["values"] = tuple((str(name), str(value)) for name, value in told["values"])
        return kind(**told)
    except (ValueError, KeyError, TypeError) as error:
        raise ProtocolError(str(error)) from error


def refusal(error: AppError) -> Refused:
    """Make the report of an error."""
    return Refused(error.message.text, error.message.values, error.details)


def _source(told: dict[str, Any]) -> Source:
    return Source(SourceKind(told["kind"]), told["device"], told["name"])


def _line(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
