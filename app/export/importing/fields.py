"""Values of parsed JSON, whatever a program put in their place."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, cast

from app.core.languages import LANGUAGES

Fields = dict[str, Any]

_CODES = {language.name.casefold(): code for code, language in LANGUAGES.items()} | {
    "burmese": "my",
    "castilian": "es",
    "chinese": "zh",
    "flemish": "nl",
    "haitian": "ht",
    "letzeburgesch": "lb",
    "mandarin": "zh",
    "moldavian": "ro",
    "moldovan": "ro",
    "myanmar": "my",
    "nynorsk": "nn",
    "panjabi": "pa",
    "pushto": "ps",
    "sinhalese": "si",
    "valencian": "ca",
}
"""Languages by their English names, and by what Whisper calls them otherwise."""


def items_of(content: Fields, name: str) -> Iterator[Fields]:
    """Go through the objects of a list; what is none is passed over."""
    items = content.get(name)
    if isinstance(items, list):
        for item in cast("list[object]", items):
            if isinstance(item, dict):
                yield cast("Fields", item)


def text_of(content: Fields, *names: str) -> str:
    """Give the first text there is under one of the names, else an empty one."""
    for name in names:
        value = content.get(name)
        if isinstance(value, str) and value:
            return value
    return ""


def share_of(content: Fields, *names: str) -> float | None:
    """Give the first number from 0 to 1 under one of the names."""
    for name in names:
        value = content.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
    return None


def number_of(value: object) -> float | None:
    """Give a number as programs write it, in quotes too; nothing for what is none."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    # Some whole numbers are too great to become others.
    return float(value) if abs(value) < _LARGEST and math.isfinite(value) else None


_LARGEST = 2**63


def name_of(content: Fields) -> str:
    """Give the name of a speaker; a number counts from 0 and is named from 1."""
    speaker = content.get("speaker")
    if isinstance(speaker, int) and not isinstance(speaker, bool):
        return f"Speaker {speaker + 1}"
    return speaker if isinstance(speaker, str) else ""


def language_of(content: Fields) -> str:
    """Give the code of the language, also where its English name or a place is written."""
    language = text_of(content, "language", "language_code", "detected_language", "locale")
    code = _PLACE.match(language)
    return code[1].lower() if code else _CODES.get(language.strip().casefold(), language)


_PLACE = re.compile(r"([A-Za-z]{2,3})[-_]\w+$")
