"""From process start to the first painted window, beside a bare QMainWindow.

Measured from source and, where ``dev.py build`` has made a folder, frozen as well: on a screen
of its own, until the window is on it, beside a bare window that was frozen alike.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import CannotMeasureError, Figure, in_turns
from bench.framebuffer import screen

ROUNDS = 9
LONGEST_S = 60
TARGET_RATIO = 1.6  # issue 2
ROOT = Path(__file__).resolve().parents[2]
FROZEN = ROOT / "dist" / "wordlight" / "wordlight"
FREEZER = ROOT / ".venv-bundle" / "bin" / "python"


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
    if FROZEN.is_file() and FREEZER.is_file() and shutil.which("Xvfb"):
        yield frozen_figure()


def frozen_figure() -> Figure:
    """Measure the start of the frozen program, in turns with a bare frozen window."""
    bare_program = freeze_bare(ROOT / "build" / "bare")
    with screen() as shown, tempfile.TemporaryDirectory(prefix="wordlight-bench-") as home:
        surroundings = {**os.environ, "WORDLIGHT_HOME": home, "DISPLAY": shown.display}
        surroundings.pop("QT_QPA_PLATFORM", None)

        def start_s(program: Path) -> float:
            shown.wait(is_empty=True, longest_s=LONGEST_S)
            began = time.monotonic()
            with subprocess.Popen(
                [str(program)],
                env=surroundings,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            ) as running:
                try:
                    return shown.wait(is_empty=False, longest_s=LONGEST_S) - began
                finally:
                    running.send_signal(signal.SIGKILL)

        ours, bare = in_turns(
            lambda: start_s(FROZEN), lambda: start_s(bare_program), rounds=ROUNDS
        )
    return Figure(
        "the same, frozen, until it is on the screen", ours, "s", bare, "bare", TARGET_RATIO
    )


def freeze_bare(work: Path) -> Path:
    """Freeze a bare window; kept for the next time."""
    program = work / "dist" / "bare_window" / "bare_window"
    if not program.is_file():
        source = Path(__file__).with_name("bare_window.py")
        places = ["--workpath", work, "--distpath", work / "dist", "--specpath", work]
        command = [FREEZER, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *places]
        done = subprocess.run([*map(str, command), str(source)], check=False)
        if done.returncode:
            raise CannotMeasureError("a bare window could not be frozen")
    return program
