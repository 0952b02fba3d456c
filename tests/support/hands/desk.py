"""A desk: a screen, a hand, an eye, and Wordlight started as a person starts it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.system.start_watch import CRASH_NAME
from tests.support.hands.eye import Eye, Name, Thing, clean_surroundings
from tests.support.hands.hand import Hand
from tests.support.hands.machinery import Machinery, bus_launcher
from tests.support.hands.screen import Screen

ROOT = Path(__file__).parents[3]
SOURCE = (sys.executable, "-m", "app")
DRAG_SOURCE = Path(__file__).with_name("file_window.py")
SCREEN_SIZE = (1366, 768)
"""The most common small laptop."""
_START_S = 60
_END_S = 30


class Desk:
    """A screen with nobody else at it.

    Attributes:
        screen: The screen.
        hand: Mouse and keyboard.
        bus_address: Of the session bus.
        eye: What assistive technology sees of all programs on the desk.
        folder: For whatever a test wants to lay on the desk.
    """

    def __init__(self, folder: Path, size: tuple[int, int] = SCREEN_SIZE) -> None:
        self.folder = folder
        self._machinery = Machinery()
        self._programs: list[Program] = []
        folder.mkdir(parents=True, exist_ok=True)
        runtime = folder / "run"
        runtime.mkdir(mode=0o700)
        person = folder / "person"
        person.mkdir()
        try:
            surroundings = clean_surroundings(os.environ, str(person))
            surroundings["XDG_RUNTIME_DIR"] = str(runtime)
            self.screen = Screen(self._machinery, folder, surroundings, size)
            surroundings = self.screen.surroundings
            bus = self._machinery.start(
                ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
                surroundings,
                output=subprocess.PIPE,
            )
            assert bus.stdout is not None
            address = bus.stdout.readline().strip()
            self.bus_address = address
            self._surroundings = {**surroundings, "DBUS_SESSION_BUS_ADDRESS": address}
            self._machinery.start(
                [bus_launcher() or "", "--launch-immediately", "--a11y=1", "--screen-reader=1"],
                self._surroundings,
            )
            self.hand = Hand(self._surroundings)
            self.eye = Eye(address)
        except BaseException:
            self._machinery.close()
            raise

    def close(self) -> None:
        """Clear the desk, whatever is still on it."""
        self.eye.close()
        self._machinery.close()

    def open_program(
        self,
        *arguments: str | Path,
        home: Path | None = None,
        surroundings: Mapping[str, str] | None = None,
        command: Sequence[str | Path] = SOURCE,
    ) -> Program:
        """Start Wordlight and wait until its window is furnished.

        Args:
            arguments: Files to open.
            home: Its folders; one of the desk's own if left out.
            surroundings: Further variables of its process.
            command: What starts it: from the source, if left out.
        """
        for left_open in self._programs:  # by a test that failed
            left_open.end()
        at = home or self.folder / "home"
        program = Program(self, at, self._start(at, arguments, surroundings or {}, command))
        self._programs.append(program)
        program.find("push button", "Add files", timeout_s=_START_S)
        return program

    def hand_to(self, program: Program, *files: Path) -> None:
        """Open files with the program while it runs, as a double-click on a file does."""
        second = self._start(program.home, files, {})
        assert second.wait(_START_S) == 0

    def lay_out(self, *files: Path) -> Thing:
        """Open a window of a file manager with these files; gives the window."""
        self._machinery.start(
            [sys.executable, str(DRAG_SOURCE), *map(str, files)], self._program_surroundings({})
        )

        def look() -> Thing | None:
            return next((one for one in self.eye.programs() if one.name == "Files"), None)

        return self.eye.until(look, "the window with files", _START_S)

    def photograph(self, path: Path) -> None:
        """Keep what is on the screen, and beside it what the eye sees, as text."""
        self.screen.photograph(path)
        try:
            described = "\n".join(one.described() for one in self.eye.programs())
        except TimeoutError:  # then where it stands is told by its own watch, below
            described = "Nothing answers."
        errors = "\n".join(one.errors() for one in self._programs)
        path.with_suffix(".txt").write_text(f"{described}\n\n{errors}", "utf-8")

    def in_short(self) -> str:
        """Say which windows there are, which is in front, and where the keys are."""
        described = "\n".join(one.described() for one in self.eye.programs())
        told = re.compile(r"^\s*(application|frame|dialog|alert|window) |[ )]focused\b")
        return "\n".join(line for line in described.splitlines() if told.search(line))

    def _start(
        self,
        home: Path,
        arguments: Sequence[str | Path],
        more: Mapping[str, str],
        command: Sequence[str | Path] = SOURCE,
    ) -> subprocess.Popen[str]:
        home.mkdir(parents=True, exist_ok=True)
        with (home / "errors.txt").open("ab") as errors:
            return self._machinery.start(
                [*map(str, command), *map(str, arguments)],
                {**self._program_surroundings(more), "WORDLIGHT_HOME": str(home)},
                output=errors,
                errors=errors,
            )

    def _program_surroundings(self, more: Mapping[str, str]) -> dict[str, str]:
        return {
            **self._surroundings,
            "PYTHONPATH": str(ROOT),
            "QT_QPA_PLATFORM": "xcb",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "HF_HUB_OFFLINE": "1",
            "WORDLIGHT_MODEL": "tiny.en",
            **more,
        }


class Program:
    """Wordlight, running on a desk.

    Attributes:
        home: Its folders.
    """

    def __init__(self, desk: Desk, home: Path, process: subprocess.Popen[str]) -> None:
        self.home = home
        self._desk = desk
        self._process = process
        self._seen: Thing | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def process_id(self) -> int:
        """The system's number of its process."""
        return self._process.pid

    @property
    def seen(self) -> Thing:
        """What the eye sees of it: the thing that holds its windows."""

        def look() -> Thing | None:
            if self._process.poll() is not None:
                raise AssertionError(f"Wordlight ended by itself:\n{self.errors()}")
            eye = self._desk.eye
            if self._seen is not None and not eye.is_there(self._seen.bus_name):
                self._seen = None  # started once more, as the same process
            if self._seen is None:
                self._seen = next(
                    (
                        one
                        for one in eye.programs()
                        if eye.process_of(one.bus_name) == self._process.pid
                    ),
                    None,
                )
            return self._seen

        return self._desk.eye.until(look, "Wordlight", _START_S)

    @property
    def window(self) -> Thing:
        """Its main window."""
        return self.seen.find("frame")

    @property
    def page(self) -> Thing:
        """The page of the transcript."""
        return self.seen.find("text", "Transcript")

    def find(self, role: str, name: Name | None = None, timeout_s: float = 30) -> Thing:
        """Wait until such a thing is to be seen anywhere in it, and give it."""
        what = f"{role} {name!r}" if name is not None else role
        # It is asked for each time, and tells if the program has ended meanwhile.
        return self._desk.eye.until(
            lambda: next(self.seen.all(role, name), None), what, timeout_s
        )

    def focused(self, role: str, name: Name) -> Thing:
        """Wait until such a thing, anywhere in it, has the keys, and give it."""
        return self._desk.eye.until(
            lambda: next(
                (one for one in self.seen.all(role, name) if "focused" in one.states), None
            ),
            f"the keys at {role} {name!r}",
        )

    def gone(self, role: str, name: Name | None = None, timeout_s: float = 30) -> None:
        """Wait until no such thing is to be seen anywhere in it."""
        self.seen.gone(role, name, timeout_s)

    def leave(self) -> None:
        """Press the keys that close it, and wait until it is gone."""
        self._desk.hand.press("ctrl+q")
        self.ended()

    def ended(self) -> None:
        """Wait until it is gone, and see that it went in peace."""
        code = self._process.wait(_END_S)
        assert code == 0, f"exit status {code}\n{self.errors()}"
        assert "Traceback" not in self.errors(), self.errors()

    def end(self) -> None:
        """End it if it still runs, without ceremony."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(_END_S)

    def errors(self) -> str:
        """Give what it has written to standard error, and where it stood if it hung."""
        told = (self.home / "errors.txt", self.home / "logs" / CRASH_NAME)
        return "\n".join(one.read_text("utf-8", "replace") for one in told if one.exists())
