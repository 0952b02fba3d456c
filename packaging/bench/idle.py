"""What the program takes while nobody does anything: memory beside a bare window, processor."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import CannotMeasureError, Figure

AT_REST_S = 10
WATCHED_S = 20
MOST_MEMORY = 2.5  # issue 16: times a bare window's
MOST_PROCESSOR = 0.5  # issue 16: per cent of one core
ROOT = Path(__file__).resolve().parents[2]
PROCESSES = Path("/proc")


def figures(*, short: bool = False) -> Iterator[Figure]:
    """Measure the window of a first start, ten seconds after it was opened.

    Args:
        short: Watch the processor for a shorter time.
    """
    if not PROCESSES.is_dir():
        raise CannotMeasureError("this system tells of its processes otherwise")
    bare_window = [str(Path(__file__).with_name("bare_window.py"))]
    with _running(*bare_window) as bare:
        leave_alone(bare, AT_REST_S)
        bare_mb = memory_mb(bare.pid)
    with _running("-m", "app") as ours:
        leave_alone(ours, AT_REST_S)
        ours_mb = memory_mb(ours.pid)
        before_s, began_s = processor_s(ours.pid), time.monotonic()
        leave_alone(ours, WATCHED_S / 4 if short else WATCHED_S)
        spent_s, lasted_s = processor_s(ours.pid) - before_s, time.monotonic() - began_s
    yield Figure("memory after 10 s", ours_mb, "MB", bare_mb, "bare window", MOST_MEMORY)
    percent = 100 * spent_s / lasted_s
    yield Figure("processor at rest, of one core", percent, "%", target=MOST_PROCESSOR)


@contextmanager
def _running(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    with (
        tempfile.TemporaryDirectory(prefix="wordlight-bench-") as home,
        subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, "WORDLIGHT_HOME": home},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as running,
    ):
        try:
            yield running
        finally:
            running.kill()


def leave_alone(running: subprocess.Popen[bytes], seconds: float) -> None:
    """Let a program be for a while."""
    try:
        running.wait(seconds)
    except subprocess.TimeoutExpired:
        return
    raise CannotMeasureError("a window ended by itself")


def memory_mb(process_id: int) -> float:
    """Give the memory a process holds, with what it has in common with others."""
    told = (PROCESSES / str(process_id) / "smaps_rollup").read_text()
    found = re.search(r"^Rss:\s+(\d+) kB", told, re.MULTILINE)
    if found is None:
        raise CannotMeasureError("the system does not tell of its memory")
    return int(found[1]) / 1_000


def processor_s(process_id: int) -> float:
    """Give how long a process has computed so far, in all its threads."""
    fields = (PROCESSES / str(process_id) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
