from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from app.system.locks import InstanceLock, Presence, WorkFolder

_HOLD = """
import sys
from pathlib import Path
from app.system.locks import Presence
shown = Presence(Path(sys.argv[1]))
print(shown.token, flush=True)
sys.stdin.read()
"""


def test_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    one, other = InstanceLock(tmp_path / "a.lock"), InstanceLock(tmp_path / "a.lock")
    assert one.acquire()
    assert one.acquire()
    assert not other.acquire()
    one.release()
    with other:
        assert other.is_held
    assert not other.is_held


def test_killed_process_no_longer_lives(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    token = child.stdout.readline().strip()
    mine = Presence(tmp_path)
    assert mine.lives(token)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert not mine.lives(token)
    assert mine.lives(mine.token)
    mine.close()
    assert not mine.lives(mine.token)
    other = Presence(tmp_path)  # sweeps what the dead left
    assert [file.stem for file in tmp_path.iterdir()] == [other.token]
    other.close()


def test_lock_whose_file_was_removed_meanwhile_is_taken_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    one = InstanceLock(path)
    assert one.acquire()

    one.remove()

    assert not path.exists()
    assert not one.is_held
    other = InstanceLock(path)
    assert other.acquire()
    assert path.exists()
    assert not one.acquire()
    other.release()


_WORK = """
import os, sys
from pathlib import Path
from app.system.locks import WorkFolder
work = WorkFolder(Path(sys.argv[1]))
(work.path / "half").write_bytes(b"half")
print(work.path, flush=True)
sys.stdin.read()
"""


def test_work_of_a_running_process_stays_and_that_of_a_killed_one_goes(
    tmp_path: Path,
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _WORK, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    busy = Path(child.stdout.readline().strip())
    (tmp_path / ".making-999999999-abc").mkdir()  # an older version left it

    WorkFolder.remove_leftovers(tmp_path)

    assert (busy / "half").read_bytes() == b"half"
    assert not (tmp_path / ".making-999999999-abc").exists()
    child.send_signal(signal.SIGKILL)
    child.communicate()
    WorkFolder.remove_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_work_that_is_over_leaves_nothing_even_if_it_was_moved_away(tmp_path: Path) -> None:
    moved, removed = WorkFolder(tmp_path), WorkFolder(tmp_path)
    assert moved.path.stat().st_mode & 0o777 == 0o700
    moved.path.rename(tmp_path / "done")

    moved.close()
    removed.close()

    assert [one.name for one in tmp_path.iterdir()] == ["done"]
