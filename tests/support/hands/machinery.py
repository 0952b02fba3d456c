"""Programs a desk stands on: started together, ended together, gone with the test run."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

TOOLS = ("Xvfb", "setxkbmap", "openbox", "xdotool", "dbus-daemon", "setpriv")
BUS_LAUNCHER = "at-spi-bus-launcher"
_LAUNCHER_PLACES = ("/usr/libexec", "/usr/lib/at-spi2-core", "/usr/lib")


def bus_launcher() -> str | None:
    """Give the program that starts the bus of assistive technology; no PATH has it."""
    for folder in _LAUNCHER_PLACES:
        if (path := Path(folder, BUS_LAUNCHER)).exists():
            return str(path)
    return shutil.which(BUS_LAUNCHER)


def missing_tools() -> list[str]:
    """Name what this machine lacks for a desk."""
    lacking = [tool for tool in TOOLS if shutil.which(tool) is None]
    return lacking if bus_launcher() else [*lacking, BUS_LAUNCHER]


class Machinery:
    """Start programs and end them in the opposite order."""

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[str]] = []

    def start(
        self,
        command: Sequence[str],
        surroundings: Mapping[str, str],
        *,
        output: int | IO[Any] = subprocess.DEVNULL,
        errors: int | IO[Any] = subprocess.DEVNULL,
        pass_fds: Sequence[int] = (),
    ) -> subprocess.Popen[str]:
        """Start one in a session of its own; it ends at the latest with this process."""
        started = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *command],
            env=dict(surroundings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            pass_fds=pass_fds,
            text=True,
            start_new_session=True,
        )
        self._running.append(started)
        return started

    def close(self) -> None:
        """End them, and whatever they have started."""
        while self._running:
            one = self._running.pop()
            for number in (signal.SIGTERM, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(one.pid, number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    one.wait(5)
                    break
            if one.stdout is not None:
                one.stdout.close()
