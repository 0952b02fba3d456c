"""A real PulseAudio of the test's own, with a microphone into which sound can be played."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.core.take import RATE_HZ
from tests.support.waiting import until

MISSING = "PulseAudio is not installed (see packaging/machine.py)"
IS_HERE = all(shutil.which(name) for name in ("pulseaudio", "pactl", "paplay"))


@dataclass
class SoundServer:
    """One running server.

    Attributes:
        environ: By which it is found.
        process: It.
    """

    environ: dict[str, str]
    process: subprocess.Popen[bytes]

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return Path(self.environ["XDG_RUNTIME_DIR"]) / "pulse" / "native"

    def control(self, *words: str) -> str:
        """Tell it something, by its own tool."""
        return subprocess.run(
            ["pactl", *words],
            env=self.environ,
            check=True,
            capture_output=True,
            text=True,
            timeout=20,
        ).stdout.strip()

    def play(
        self, sound: NDArray[np.int16], sink: str = "feed", *, ahead_ms: int = 500
    ) -> None:
        """Play sound into a sink to its end; what the microphone then hears.

        Args:
            sound: One channel at 48 kHz.
            sink: Where to.
            ahead_ms: So much is with the server before it is due. A player held up for
                longer makes a hole of its own, which no recorder can be blamed for.
        """
        subprocess.run(
            [
                "pacat",
                f"--device={sink}",
                "--format=s16le",
                f"--rate={RATE_HZ}",
                "--channels=1",
                f"--latency-msec={ahead_ms}",
            ],
            env=self.environ,
            input=sound.tobytes(),
            check=True,
            timeout=120 + 2 * len(sound) / RATE_HZ,
        )

    def kill(self) -> None:
        """Let it die."""
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def sound_server() -> Iterator[SoundServer]:
    """Run a server with the microphone ``mic``, fed by the sink ``feed``."""
    # A short name: a socket's path has room for a hundred characters only.
    folder = Path(tempfile.mkdtemp(prefix="wlp"))
    environ = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    feed = f"module-null-sink sink_name=feed rate={RATE_HZ} channels=1"
    remap = (
        "module-remap-source master=feed.monitor source_name=mic "
        "source_properties=device.description=Mic"
    )
    command = ["pulseaudio", "-n", "--exit-idle-time=-1", "--daemonize=no", "--use-pid-file=no"]
    for module in ("module-native-protocol-unix", feed, remap):
        command += ["-L", module]
    process = subprocess.Popen(
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    server = SoundServer(environ, process)
    try:
        asyncio.run(until((folder / "pulse" / "native").exists))
        server.control("set-default-source", "mic")
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
