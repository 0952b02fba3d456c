"""The process that checks spelling: lines of JSON in, lines of JSON out.

A process of its own, since Hunspell reads a dictionary in one go of up to a second, and one
that is damaged may end the process that reads it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Protocol, cast

_SAMPLE = 40
_MOST_SUGGESTIONS = 6


class Dictionary(Protocol):
    """What is asked of a dictionary; Hunspell's is one."""

    def spell(self, word: str) -> bool:
        """Tell whether it knows a word."""
        ...

    def suggest(self, word: str) -> tuple[str, ...]:
        """Give words it knows that are like one."""
        ...


def main() -> None:
    """Open the dictionary that the first line names, and answer until nothing more comes."""
    dictionary: Dictionary | None = None
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        if "open" in asked:
            try:
                dictionary = open_dictionary(Path(asked["open"]))
                told: dict[str, Any] = {"opened": True}
            except (OSError, ValueError) as error:
                told = {"opened": False, "why": str(error)}
        elif dictionary is None:
            told = {"opened": False, "why": "none is open"}
        else:
            told = answer(dictionary, asked)
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


def answer(dictionary: Dictionary, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer a question: which of ``check`` are wrong, or what is like ``suggest``."""
    if "suggest" in asked:
        return {"suggestions": list(dictionary.suggest(asked["suggest"]))[:_MOST_SUGGESTIONS]}
    return {"wrong": [word for word in asked["check"] if not _knows(dictionary, word)]}


def open_dictionary(path: Path) -> Dictionary:
    """Open a dictionary.

    Args:
        path: It, without its ending.

    Raises:
        OSError: It cannot be read.
        ValueError: It is damaged: it does not even know its own words.
    """
    from hunspell import (  # pyright: ignore[reportMissingTypeStubs]
        Hunspell,  # pyright: ignore[reportUnknownVariableType]
    )

    words = _sample(path)
    dictionary = cast("Dictionary", Hunspell(path.name, hunspell_data_dir=str(path.parent)))
    if not any(dictionary.spell(word) for word in words):
        raise ValueError("it does not know its own words")
    return dictionary


def _knows(dictionary: Dictionary, word: str) -> bool:
    """Tell whether a word is right; of one with hyphens, all its parts may be."""
    if dictionary.spell(word):
        return True
    parts = [one for one in word.split("-") if len(one) > 1]
    return "-" in word and bool(parts) and all(dictionary.spell(one) for one in parts)


def _sample(path: Path) -> list[str]:
    """Give some of a dictionary's own words, from all over it."""
    encoding = "latin-1"
    with path.with_suffix(".aff").open("rb") as rules:
        for line in rules:
            if line.lstrip(b"\xef\xbb\xbf").startswith(b"SET "):
                encoding = line.split()[1].decode("ascii", "replace")
                break
    with path.with_suffix(".dic").open("rb") as file:
        lines = file.read().splitlines()
    if not lines or not lines[0].strip(b"\xef\xbb\xbf \t").split(b" ")[0].isdigit():
        raise ValueError("its first line is no number of words")
    step = max(1, len(lines) // _SAMPLE)
    try:
        texts = [line.decode(encoding) for line in lines[1::step]]
    except (LookupError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error
    stems = (text.partition("\t")[0].partition("/")[0].strip() for text in texts)
    return [stem for stem in stems if stem]
