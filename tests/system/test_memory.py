from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.system.memory import give_back_memory

_HELD_AFTERWARDS = """
import sys
from pathlib import Path
from app.system.memory import give_back_large_at_once
if sys.argv[1] == "at once":
    give_back_large_at_once()
def taken(size):
    made = bytearray(size)
    for place in range(0, size, 4_096):
        made[place] = 1
    return made
taken(9_000_000)  # from here on the C library takes such sizes for small ones
large, small = [], []
for _ in range(40):
    large.append(taken(3_000_000))
    small.append(taken(60_000))
del large
print(int(Path("/proc/self/statm").read_text("ascii").split()[1]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does it by itself")
def test_what_is_free_is_given_back() -> None:
    def held() -> int:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf(
            "SC_PAGE_SIZE"
        )

    # Small ones, with one that stays at the end: so the C library keeps those before it.
    freed = [np.ones(12_000) for _ in range(600)]
    stays = np.ones(12_000)
    before = held()
    del freed
    give_back_memory()

    assert held() < before - 40_000_000
    assert stays.all()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does it by itself")
def test_what_is_large_is_given_back_at_once_though_small_things_lie_between() -> None:
    held = [
        int(
            subprocess.run(
                [sys.executable, "-c", _HELD_AFTERWARDS, how],
                check=True,
                capture_output=True,
            ).stdout
        )
        * os.sysconf("SC_PAGE_SIZE")
        for how in ("as usual", "at once")
    ]
    assert held[1] < held[0] - 60_000_000
