"""From process start to the first painted window, beside a bare QMainWindow."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import CannotMeasureError, Figure, in_turns

ROUNDS = 9
LONGEST_S = 60
TARGET_RATIO = 1.6  # issue 2


def figures() -> Iterator[Figure]:
    """Measure the start of the window, in turns with a bare one."""
    with tempfile.TemporaryDirectory(prefix="wordlight-bench-") as home:
        surroundings = {**os.environ, "WORDLIGHT_HOME": home}

        def start_s(which: str) -> float:
            began = time.monotonic_ns()
            try:
                done = subprocess.run(
                    [sys.executable, str(Path(__file__).with_name("first_paint.py")), which],
                    env=surroundings,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    text=True,
                    timeout=LONGEST_S,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                raise CannotMeasureError(f"no window in {LONGEST_S} s") from None
            for line in done.stdout.splitlines():
                if line.startswith("painted "):
                    return (int(line.split()[1]) - began) / 1e9
            said = (done.stderr.strip() or "nothing").splitlines()[-1]
            raise CannotMeasureError(f"the window never came; last words: {said}")

        ours, bare = in_turns(lambda: start_s("app"), lambda: start_s("bare"), rounds=ROUNDS)
    yield Figure(
        "start to first painted window", ours, "s", bare, "bare QMainWindow", TARGET_RATIO
    )
