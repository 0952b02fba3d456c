"""Read JSON of unknown quality: every look at it gives a value of a known type.

Nothing here raises for anything that is in the JSON; only text that is not JSON
at all is told apart.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import cast

_LONGEST_INT = 25
_LONGEST_NUMBER = 40
# C0 and C1 controls (not the white space among them), halves of surrogate pairs, and
# the two code points that XML cannot carry
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


class NotJsonError(ValueError):
    """The text is not JSON, or nested too deeply to be anything sensible."""


def parse(body: bytes) -> object:
    """Parse JSON.

    Raises:
        NotJsonError: It is none.
    """
    try:
        return cast("object", json.loads(body.decode("utf-8-sig"), parse_int=_parse_int))
    except (ValueError, RecursionError, MemoryError) as error:
        raise NotJsonError(type(error).__name__) from error


def as_object(value: object) -> Mapping[str, object]:
    """Give a JSON object, or an empty one for anything else."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def as_array(value: object) -> Sequence[object]:
    """Give a JSON array, or an empty one for anything else."""
    return cast("list[object]", value) if isinstance(value, list) else []


def as_text(value: object, limit: int | None = None) -> str:
    """Give text fit for people: one line, printable; empty for anything but text."""
    return clean(value, limit) if isinstance(value, str) else ""


def as_number(value: object) -> float | None:
    """Give a finite number, also one written as text; nothing for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and len(value) > _LONGEST_NUMBER:
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def as_share(value: object) -> float | None:
    """Give a number between 0 and 1, limited to them; nothing for anything else."""
    number = as_number(value)
    return None if number is None else min(1.0, max(0.0, number))


def clean(text: str, limit: int | None = None) -> str:
    """Make text one printable line: no control characters, single spaces."""
    if limit is not None:
        text = text[: limit * 4]
    line = " ".join(_UNPRINTABLE.sub("", text).split())
    return line if limit is None or len(line) <= limit else line[: limit - 1] + "…"


def _parse_int(text: str) -> int | float:
    # int() refuses more than 4,300 digits and takes quadratic time before
    return int(text) if len(text) <= _LONGEST_INT else float(text)
