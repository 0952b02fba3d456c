"""``python -m bench [NAMES...] [FOLDER | WORD | --short]``, as ``dev.py bench`` starts it.

A folder is material for the one topic named before it, as is a word that the topic knows
(``voices long``); ``--short`` measures less of it.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from bench import CannotMeasureError, Figure, topics


def main(names: list[str]) -> int:
    """Measure the named topics, or all; gives 1 if a target was missed."""
    if len(names) == 2 and (Path(names[1]).is_dir() or names[1] in words_of(names[0])):
        return measure(names[0], Path(names[1]))
    if len(names) == 2 and names[1] == "--short":
        return measure(names[0], short=True)
    unknown = set(names) - set(topics())
    if unknown:
        print(f"No such topic: {', '.join(sorted(unknown))}. There are: {', '.join(topics())}.")
        return 2
    if len(names) == 1:
        return measure(names[0])
    # Each in a process of its own: one topic's memory and threads are not another's.
    codes = [
        subprocess.call([sys.executable, "-m", "bench", name]) for name in names or topics()
    ]
    return max(codes, default=0)


def words_of(name: str) -> Collection[str]:
    """Give the words that a topic takes in the place of a folder; none if there is no such."""
    if name not in topics():
        return ()
    return getattr(importlib.import_module(f"bench.{name}"), "WORDS", ())


def measure(name: str, *material: Path, short: bool = False) -> int:
    """Measure one topic and print its figures as they come."""
    less = {"short": True} if short else {}
    print(f"== {name}", flush=True)
    code = 0
    try:
        for found in importlib.import_module(f"bench.{name}").figures(*material, **less):
            # A plain (name, value, unit) does where there is nothing to compare with.
            figure = found if isinstance(found, Figure) else Figure(*found)
            print(figure, flush=True)
            code = max(code, 0 if figure.is_met else 1)
    except CannotMeasureError as error:
        print(f"not measured: {error}")
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
