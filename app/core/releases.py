"""Which release of the program is newer than another, and when to look for one. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import cast

LATEST_ADDRESS = ""
"""Where the newest release is told, as one small file that is the same for everybody.

Empty until there is such a place; nobody is asked then and nothing is looked for.
"""
FIRST_ASKED_AFTER = 3
"""Transcripts somebody has before being asked whether Wordlight shall look."""
WEEK_MS = 7 * 24 * 3_600_000
_NUMBER = re.compile(r"\d{1,9}")
_VERSION = re.compile(r"\d{1,9}(\.\d{1,9}){0,3}")
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Release:
    """A release that may be had.

    Attributes:
        version: Numbers with points between them.
        page: Web page that tells of it, and where it is had.
    """

    version: str
    page: str


def read_release(content: bytes) -> Release | None:
    """Read what is told of the newest release; nothing if it makes no sense."""
    try:
        told: object = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    fields = cast("dict[str, object]", told)
    version, page = fields.get("version"), fields.get("page")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        return None
    # It is opened in a browser: a web page and nothing else.
    if not isinstance(page, str) or not page.startswith("https://") or len(page) > _LONGEST:
        return None
    return Release(version, page)


def is_newer(version: str, than: str) -> bool:
    """Tell whether a version is newer than another one."""
    first, second = _numbers(version), _numbers(than)
    longest = max(len(first), len(second))
    return _filled(first, longest) > _filled(second, longest)


def is_due(looked_ms: int, now_ms: int) -> bool:
    """Tell whether it is time to look again; a clock that was put back counts as time."""
    return not 0 <= now_ms - looked_ms < WEEK_MS


def _numbers(version: str) -> tuple[int, ...]:
    released = version.partition("+")[0]
    return tuple(int(one) for one in _NUMBER.findall(released))


def _filled(numbers: tuple[int, ...], length: int) -> tuple[int, ...]:
    return numbers + (0,) * (length - len(numbers))
