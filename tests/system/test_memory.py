from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from app.system.memory import give_back_memory


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
