"""Dictionaries with a handful of words."""

from __future__ import annotations

from pathlib import Path


def write_dictionary(folder: Path, name: str, *words: str, encoding: str = "UTF-8") -> None:
    """Write a dictionary as Hunspell reads it."""
    rules = f"SET {encoding}\nTRY esianrtolcdugmphbyfvkwz'\n"
    (folder / f"{name}.aff").write_bytes(rules.encode(encoding))
    lines = "\n".join([str(len(words)), *words, ""])
    (folder / f"{name}.dic").write_bytes(lines.encode(encoding))
