"""A start that hangs says where it stands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.system.start_watch import CRASH_NAME

_ROOT = Path(__file__).parents[2]
_HANGS = """
import sys, threading
from pathlib import Path
from app.system.start_watch import StartWatch

def wait_for_nobody():
    held.acquire()

held = threading.Lock()
held.acquire()
StartWatch.begin(Path(sys.argv[1]), 0.3)
threading.Thread(target=wait_for_nobody, daemon=True).start()
held.acquire(timeout=float(sys.argv[2]))
{end}
"""


def stacks(folder: Path, *, end: str = "", hangs_s: float = 0.0) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _HANGS.format(end=end), str(folder), str(hangs_s)],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return (folder / CRASH_NAME).read_text("utf-8")


def test_stack_of_every_thread_is_written_once_a_start_takes_too_long(tmp_path: Path) -> None:
    told = stacks(tmp_path / "logs", hangs_s=2)
    assert told.startswith("Timeout (0:00:00.3")
    assert "wait_for_nobody" in told
    assert told.count("Thread 0x") == 2


def test_start_in_time_writes_nothing(tmp_path: Path) -> None:
    ended = "StartWatch.end()\nheld.acquire(timeout=1)"
    assert stacks(tmp_path, end=ended) == ""


@pytest.mark.skipif(sys.platform == "win32", reason="a folder's name takes no file there")
def test_folder_that_takes_no_file_stops_no_start(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("no folder", "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _HANGS.format(end=""), str(tmp_path / "logs"), "0"],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
