"""Listening in the real window: does it ever stand still, and is the lit word the heard one.

Measured without a screen and, where there is an X server or one can be started, on it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from bench import CannotMeasureError, Figure

LONGEST_S = 400
MOST_STILL_MS = 50
_TARGETS = {"median": 17, "99th percentile": 50}
_COUNTS = {"frames": "", "wrong": "%"}
_OTHERS = {"worst"}


def figures() -> Iterator[Figure]:
    """Measure on each platform there is."""
    yield from _on("offscreen", [])
    if os.environ.get("DISPLAY"):
        yield from _on("xcb", [])
    elif shutil.which("xvfb-run"):
        yield from _on("xcb", ["xvfb-run", "-a", "-s", "-screen 0 1400x1000x24"])


def _on(platform: str, before: list[str]) -> Iterator[Figure]:
    done = subprocess.run(
        [*before, sys.executable, "-m", "bench.real_window"],
        env={**os.environ, "QT_QPA_PLATFORM": platform},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    if done.returncode:
        raise CannotMeasureError(f"the window on {platform} ended with {done.returncode}")
    for line in done.stdout.splitlines():
        name, value = json.loads(line)
        if name in _COUNTS:
            yield Figure(f"{platform}: lit word, {name}", value, _COUNTS[name])
        elif name in _TARGETS or name in _OTHERS:
            target = _TARGETS.get(name)
            yield Figure(f"{platform}: lit word off, {name}", value, "ms", target=target)
        else:
            still = f"{platform}: window still, {name}"
            yield Figure(still, value, "ms", target=MOST_STILL_MS)
