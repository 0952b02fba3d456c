"""File names from a template, safe on every platform."""

from __future__ import annotations

import re
import unicodedata

DEFAULT_TEMPLATE = "{name}"
FIELDS = ("name", "date", "model", "language", "title")
"""What may stand in braces in a template."""

_LONGEST_BYTES = 200
"""Leaves room for a suffix and a number within the 255 bytes that file systems allow."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_GAP = re.compile(r"\{(\w+)\}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?", re.IGNORECASE)


def file_name(
    template: str,
    *,
    name: str,
    date: str = "",
    model: str = "",
    language: str = "",
    title: str = "",
) -> str:
    """Fill a template and make it a file name without a suffix.

    Args:
        template: Text with gaps such as ``{name}``; unknown gaps stay as they are.
        name: File name of the recording, its suffix already taken off.
        date: Day of the transcription.
        model: Recogniser that made it.
        language: Code of the language.
        title: What a person called it.
    """
    values = {
        "name": name,
        "date": date,
        "model": model,
        "language": language,
        "title": title or name,
    }
    filled = _GAP.sub(lambda gap: values.get(gap[1], gap[0]), template)
    return safe_name(filled) or safe_name(name) or "transcript"


def safe_name(text: str) -> str:
    """Make text a file name that Windows, macOS and Linux all take.

    Control and direction characters go: with them a name can look like another.
    """
    text = unicodedata.normalize("NFC", text)
    kept = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace()
        or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Cn", "Co"}
    )
    kept = " ".join(_FORBIDDEN.sub("_", kept).split())
    kept = _shortened(kept).strip(". ")
    return f"_{kept}" if _RESERVED.fullmatch(kept) else kept


def numbered(name: str, number: int) -> str:
    """Give the next name to try where the plain one is taken: ``talk (2)``."""
    return f"{name} ({number})"


def _shortened(text: str) -> str:
    data = text.encode("utf-8")
    if len(data) <= _LONGEST_BYTES:
        return text
    return data[:_LONGEST_BYTES].decode("utf-8", "ignore")
