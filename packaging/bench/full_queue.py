"""Ten thousand files dropped on the window: the first rows, the longest stall, a restart.

The files are empty. The queue is paused for the drop and the restart, since what ffmpeg
and the recogniser take is another question; once more at work, ten thousand jobs fail.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import CannotMeasureError, Figure

FILES = 10_000
ROUNDS = 3
LONGEST_S = 300


def figures() -> Iterator[Figure]:
    """Measure the real program in processes of its own."""
    with tempfile.TemporaryDirectory(prefix="wordlight-bench-") as top:
        folder = Path(top, "talks")
        folder.mkdir()
        for number in range(FILES):
            (folder / f"talk-{number:05}.wav").touch()
        for what, dropped in (
            (f"{FILES} files", [f"@{folder}"]),
            (f"a folder of {FILES}", [str(folder)]),
        ):
            found = [
                _told(Path(top, f"{what}-{turn}"), "paused", *dropped) for turn in range(ROUNDS)
            ]
            yield from _of_drop(what, found)
        full, empty = Path(top, f"a folder of {FILES}-0"), Path(top, "empty")
        for home, count in ((empty, 0), (full, FILES)):
            _start_s(home, count)  # warms the caches
        starts = [(_start_s(full, FILES), _start_s(empty, 0)) for _ in range(ROUNDS)]
        more_s = statistics.median(one for one, _ in starts) - statistics.median(
            other for _, other in starts
        )
        yield Figure(f"restart with {FILES} rows, more than with none", more_s, "s", target=1)
        at_work = _told(Path(top, "at-work"), "working", f"@{folder}")
        yield Figure(f"longest stall, {FILES} files, queue at work", at_work["stall_ms"], "ms")


def _of_drop(what: str, found: list[dict[str, Any]]) -> Iterator[Figure]:
    # The quietest of some rounds: others use this machine too, and their turns on the
    # processors look like stalls.
    yield Figure(f"first rows, {what}", min(one["first_ms"] for one in found), "ms", target=200)
    least = min(found, key=lambda one: one["stall_ms"])
    yield Figure(f"longest stall, {what}", least["stall_ms"], "ms", target=50)
    yield Figure(f"window idle before, longest stall, {what}", least["idle_ms"], "ms")
    yield Figure(
        f"most processor time in one go, {what}",
        min(one["busy_ms"] for one in found),
        "ms",
        target=50,
    )
    yield Figure(f"all kept, {what}", min(one["listed_s"] for one in found), "s")


def _start_s(home: Path, rows: int) -> float:
    began_ns = time.monotonic_ns()
    told = _told(home, "start")
    if told["rows"] != rows:
        raise CannotMeasureError(f"{told['rows']} rows came back, not {rows}")
    return (told["shown_ns"] - began_ns) / 1e9


def _told(home: Path, *arguments: str) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bench.dropped", *arguments],
            env={**os.environ, "WORDLIGHT_HOME": str(home)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CannotMeasureError(f"not through in {LONGEST_S} s") from None
    try:
        return json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        said = (done.stderr.strip() or "nothing").splitlines()[-1]
        raise CannotMeasureError(f"the program ended early; last words: {said}") from None
