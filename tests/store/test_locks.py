from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from app.store.locks import InstanceLock, Presence

_HOLD = """
import sys
from pathlib import Path
from app.store.locks import Presence
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
