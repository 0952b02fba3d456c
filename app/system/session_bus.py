"""Whether the desktop's programs can be talked to: the session bus of Linux."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def has_bus() -> bool:
    """Tell whether there is a session bus; asking for one that is not there starts one."""
    if sys.platform != "linux":
        return False
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    return bool(address) or Path(f"/run/user/{os.getuid()}/bus").exists()
