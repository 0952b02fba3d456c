"""A person on a system that has never seen Wordlight: their terminal, screen and sound.

For ``dev.py try``: the system lies in a folder, the screen and the sound server are outside.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

WINDOW_S = 60
"""A busy computer takes its time."""
_PATH = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
_SOCKET = "tmp/wordlight-sound"
_LISTENED = 8_000
"""Samples: a second of them."""
_AUDIBLE = 300


class WrongError(Exception):
    """Something is not as a stranger expects."""


def make_sure(is_right: object, otherwise: str) -> None:
    """See that something is as it should be.

    Raises:
        WrongError: It is not.
    """
    if not is_right:
        raise WrongError(otherwise)


class Stranger:
    """An ordinary user of a clean system.

    Attributes:
        root: Where that system lies.
        name: What they are called there.
        home: Their own folder, seen from here.
    """

    def __init__(self, root: Path, display: str, name: str, home: str = "") -> None:
        self.root = root
        self.name = name
        self.home = root / (home or f"/home/{name}").lstrip("/")
        self._display = display
        self._window: subprocess.Popen[bytes] | None = None

    def neighbour(self, name: str, home: str) -> Stranger:
        """Give another user of the same system, who is there already."""
        return Stranger(self.root, self._display, name, home)

    # ------------------------------------------------------------- their terminal

    def as_root(self, *command: str) -> str:
        """Do something as the administrator; gives what it says."""
        quiet = {"DEBIAN_FRONTEND": "noninteractive", **_PATH}
        return self._run(["chroot", str(self.root), *command], quiet)

    def say(self, command: str) -> str:
        """Say something in their terminal; gives the answer."""
        return self._run(self._login(command), _PATH)

    def refused(self, command: str) -> str:
        """Say something that cannot be done; gives what is answered.

        Raises:
            WrongError: It was done.
        """
        try:
            said = self.say(command)
        except subprocess.CalledProcessError as error:
            return str(error.stdout)
        raise WrongError(f"{command} was not refused: {said}")

    @contextmanager
    def running(self, command: str, log: str) -> Iterator[subprocess.Popen[bytes]]:
        """Let something run meanwhile.

        Args:
            command: What they say.
            log: Where what it says is kept: below their home, or of the system if it begins so.
        """
        place = self.root / log.lstrip("/") if log.startswith("/") else self.home / log
        with place.open("wb") as file:
            process = subprocess.Popen(
                self._login(command),
                env=_PATH,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )
        try:
            yield process
        finally:
            with suppress(subprocess.CalledProcessError):  # none is left, if all went well
                self.as_root("pkill", "-KILL", "-u", self.name)
            process.wait(WINDOW_S)

    def logs(self) -> str:
        """Give what the program has logged."""
        found = sorted(self.home.rglob("*.log"))
        return "\n".join(one.read_text("utf-8", "replace") for one in found)

    # --------------------------------------------------------------- their screen

    def running_on_screen(self, log: str) -> AbstractContextManager[subprocess.Popen[bytes]]:
        """Let the window run meanwhile, or what comes in its place."""
        return self.running(f"DISPLAY={self._display} LANG=C.UTF-8 wordlight", log)

    def open_window(self, more: str = "") -> None:
        """Open the window and wait until it is on the screen; ``more`` are variables."""
        with (self.home / "window.log").open("wb") as log:
            self._window = subprocess.Popen(
                self._login(f"DISPLAY={self._display} LANG=C.UTF-8 {more} wordlight"),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.see("Wordlight")

    def open_with(self, name: str) -> None:
        """Open a file of theirs with the program, as a file manager does."""
        self.say(f"DISPLAY={self._display} LANG=C.UTF-8 wordlight '{name}'")

    def see(self, title: str) -> None:
        """Wait for a window of that title."""
        found = self._on_screen(
            "xdotool", "search", "--sync", "--onlyvisible", "--name", title
        ).stdout
        make_sure(found.strip(), f"no window {title}")

    def asks(self, keys: str, title: str) -> bool:
        """Press keys, and tell whether a window of that title is there soon after."""
        self.press(keys)
        self.wait(3)
        search = ["xdotool", "search", "--onlyvisible", "--name", title]
        environ = {**os.environ, "DISPLAY": self._display}
        return (
            subprocess.run(search, env=environ, capture_output=True, check=False).returncode
            == 0
        )

    def press(self, keys: str) -> None:
        """Press keys, as ``ctrl+q``."""
        self._on_screen("xdotool", "key", keys)

    def click(self, x: int, y: int) -> None:
        """Click on a place of the screen."""
        self._on_screen("xdotool", "mousemove", str(x), str(y), "click", "1")

    def wait(self, seconds: float) -> None:
        """Let the window do what it does after its first paint."""
        self._on_screen("xdotool", "sleep", str(seconds))

    def until(self, is_so: Callable[[], object], otherwise: str, seconds: int = 60) -> None:
        """Wait until something is so.

        Raises:
            WrongError: It did not come to be.
        """
        for _ in range(2 * seconds):
            if is_so():
                return
            self.wait(0.5)
        raise WrongError(otherwise)

    def picture(self, path: Path) -> None:
        """Take a picture of the whole screen, to be looked at."""
        if shutil.which("import") is None:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        self._on_screen("import", "-window", "root", str(path))

    def is_window_open(self) -> bool:
        """Tell whether the window is still there."""
        return self._window is not None and self._window.poll() is None

    def close_window(self) -> None:
        """End the program as the session does when one logs out."""
        self.as_root("pkill", "-TERM", "-u", self.name, "-x", "wordlight")
        code = None if self._window is None else self._window.wait(WINDOW_S)
        make_sure(code == 0, f"the window ended with {code}")

    def _on_screen(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            list(command),
            env={**os.environ, "DISPLAY": self._display},
            timeout=WINDOW_S,
            capture_output=True,
            text=True,
            check=True,
        )

    def _login(self, command: str) -> list[str]:
        return ["chroot", str(self.root), "su", "-", self.name, "-c", command]

    @staticmethod
    def _run(command: list[str], environ: dict[str, str]) -> str:
        done = subprocess.run(
            command,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=600,
            check=True,
        )
        return done.stdout


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound server outside, whose microphone hears its loudspeaker, and nobody else does.

    Attributes:
        variable: By which the system's users find it.
    """

    variable: str
    _server: str

    @contextmanager
    def playing(self, recording: Path) -> Iterator[None]:
        """Play a recording meanwhile."""
        with subprocess.Popen(["paplay", f"--server={self._server}", str(recording)]) as player:
            try:
                yield
            finally:
                player.terminate()

    def is_heard(self) -> bool:
        """Tell whether anything comes out of the loudspeaker just now."""
        listen = ["parec", f"--server={self._server}", "--device=speaker.monitor", "--raw"]
        form = ["--format=s16le", "--rate=8000", "--channels=1", "--latency-msec=50"]
        with subprocess.Popen([*listen, *form], stdout=subprocess.PIPE) as listener:
            assert listener.stdout is not None  # noqa: S101 - it was asked for
            heard = array("h", listener.stdout.read(2 * _LISTENED))
            listener.terminate()
        return max(heard, default=0) > _AUDIBLE


@contextmanager
def sound_for(root: Path) -> Iterator[Sound]:
    """Let a sound server run that the system's users reach."""
    socket = root / _SOCKET
    with tempfile.TemporaryDirectory(prefix="wls") as folder:
        command = ["pulseaudio", "-n", "--exit-idle-time=-1", "--daemonize=no"]
        for module in (
            f"module-native-protocol-unix auth-anonymous=1 socket={socket}",
            "module-null-sink sink_name=speaker rate=48000 channels=1",
            "module-remap-source master=speaker.monitor source_name=mic",
        ):
            command += ["-L", module]
        with subprocess.Popen(
            [*command, "--use-pid-file=no"],
            env={**_PATH, "HOME": folder, "XDG_RUNTIME_DIR": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as server:
            try:
                began, pause = time.monotonic(), threading.Event()
                while not socket.exists():
                    make_sure(time.monotonic() - began < WINDOW_S, "no sound server")
                    pause.wait(0.05)
                yield Sound(f"PULSE_SERVER=unix:/{_SOCKET}", f"unix:{socket}")
            finally:
                server.terminate()
