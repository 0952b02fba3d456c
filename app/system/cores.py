"""How many cores there are to compute with."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def physical_cores() -> int:
    """Count the cores this process may use.

    Two threads on one core only get in each other's way.
    """
    if sys.platform == "linux":
        usable = os.sched_getaffinity(0)
        siblings: set[str] = set()
        for cpu in usable:
            topology = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
            try:
                siblings.add(topology.read_text("ascii"))
            except OSError:
                siblings.add(str(cpu))
        return max(1, len(siblings))
    cores = os.cpu_count() or 1
    return max(1, cores // 2) if sys.platform == "win32" else cores
