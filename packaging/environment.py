"""The virtual environment: made once, filled from the lock files, and left alone.

A stamp inside it says what it was filled from, so that the second time costs next
to nothing. It is written last: an interrupted set-up is taken up again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "packaging"
OLDEST, NEWEST = (3, 11), (3, 13)
_ADDRESS = re.compile(r"[a-z+]+://\S+")


class SetupError(Exception):
    """The set-up cannot go on; its text tells a person why, in one line or a few."""


def say(text: str) -> None:
    """Print one line of progress at once."""
    print(text, flush=True)


def version_of(python: str) -> tuple[int, int] | None:
    """Ask an interpreter for its version; ``None`` if it does not start."""
    try:
        told = subprocess.run(
            [python, "-c", "import sys; print(*sys.version_info[:2])"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
        )
        major, minor = told.stdout.split()
    except (OSError, ValueError):
        return None
    return int(major), int(minor)


def is_usable(version: tuple[int, ...] | None) -> bool:
    """Tell whether Wordlight runs on that version of Python."""
    return version is not None and OLDEST <= tuple(version[:2]) <= NEWEST


def without_addresses(text: str) -> str:
    """Take out web addresses: where packages come from is nobody's business."""
    return _ADDRESS.sub("(address)", text)


class Environment:
    """One virtual environment at the project's root.

    Attributes:
        folder: Where it lies.
        scripts: Its folder of commands.
        python: Its interpreter.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scripts = folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = self.command("python")
        self._stamp = folder / "wordlight-setup.json"

    def command(self, name: str) -> Path:
        """Give the path of one of its commands."""
        return self.scripts / (name + ".exe" if os.name == "nt" else name)

    def version(self) -> tuple[int, int] | None:
        """Give its version of Python, or ``None`` if there is no working one."""
        return version_of(str(self.python)) if self.python.exists() else None

    def is_sound(self) -> bool:
        """Tell whether it starts, may be filled, and was made for this very folder."""
        version = self.version()
        stamp = self.stamp()
        if stamp:
            return version is not None and stamp.get("python") == list(version)
        if not is_usable(version):
            return False
        # Made by other hands: it will do, if it has a pip and was not copied here.
        activate = self.scripts / ("activate.bat" if os.name == "nt" else "activate")
        try:
            is_at_home = str(self.folder) in activate.read_text("utf-8", "replace")
        except OSError:
            return False
        return is_at_home and _captured([str(self.python), "-c", "import pip"]).returncode == 0

    def stamp(self) -> dict[str, object]:
        """Read what it was filled from; empty if never, or if the project moved."""
        try:
            read = json.loads(self._stamp.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        ours = isinstance(read, dict) and read.get("root") == str(ROOT)
        return read if ours else {}

    def note(self, **facts: object) -> None:
        """Add to the stamp."""
        told = {**self.stamp(), "root": str(ROOT), "python": self.version(), **facts}
        self._stamp.write_text(json.dumps(told, indent=1) + "\n", "utf-8")

    def make(self, base_python: str) -> None:
        """Make it anew.

        Raises:
            SetupError: It cannot be made here.
        """
        shutil.rmtree(self.folder, ignore_errors=True)
        made = _captured([base_python, "-m", "venv", str(self.folder)])
        if made.returncode != 0:
            raise SetupError(f"Making {self.folder.name} failed:\n{_last_lines(made.stdout)}")

    def fill(self, lock: str) -> None:
        """Install what a lock file lists and the project itself, if not done yet.

        Args:
            lock: ``run``, ``test``, which holds all of the former, or ``bundle``, which
                is put on top of it.

        Raises:
            SetupError: A package could not be installed.
        """
        wanted = _digest("build", "run") if lock == "run" else _digest("build", "run", lock)
        stamp = self.stamp()
        project = _digest_of_project()
        filled = stamp.get(lock) == wanted
        if not filled and lock == "bundle":
            self.fill("run")
        if not filled:
            count = len(re.findall("^[^# ].*==", _lock(lock).read_text("utf-8"), re.MULTILINE))
            size = "" if lock == "bundle" else "; the first time some 700 MB"
            say(f"- Installing Python packages ({count}{size})")
            hashed = ["--no-build-isolation", "--no-deps", "--require-hashes", "-r"]
            self._pip("install", *hashed, str(_lock("build")))
            self._pip("install", *hashed, str(_lock(lock)), count=count)
        if not filled or stamp.get("project") != project or not self._has_command():
            say("- Installing the command wordlight")
            self._pip("install", "--no-build-isolation", "--no-deps", "-e", str(ROOT))
        if not filled or stamp.get("project") != project:
            facts = {lock: wanted, "project": project}
            if lock == "test":
                facts["run"] = _digest("build", "run")
            self.note(**facts)

    def _has_command(self) -> bool:
        return self.command("wordlight").exists()

    def _pip(self, *arguments: str, count: int = 0) -> None:
        child_env = {
            name: value
            for name, value in os.environ.items()
            if name not in {"PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"}
        }
        command = [str(self.python), "-m", "pip", "--no-input", "--disable-pip-version-check"]
        with subprocess.Popen(
            [*command, *arguments, "--progress-bar", "off"],
            cwd=str(ROOT),
            env=child_env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as child:
            lines: list[str] = []
            seen = 0
            for line in child.stdout or ():
                lines.append(line)
                if line.startswith(("Collecting ", "Requirement already satisfied: ")):
                    seen += 1
                    _show_progress(seen, count)
            _show_progress(0, count)
        if child.returncode != 0:
            raise SetupError("pip could not install:\n" + _last_lines("".join(lines)))


def _show_progress(seen: int, count: int) -> None:
    if count and sys.stdout.isatty():
        print(f"\r  {seen} of {count} " if seen else "\r" + " " * 20 + "\r", end="", flush=True)


def _lock(name: str) -> Path:
    return LOCKS / f"{name}.lock"


def _digest(*locks: str) -> str:
    total = hashlib.sha256()
    for name in locks:
        total.update(_lock(name).read_bytes())
    return total.hexdigest()


def _digest_of_project() -> str:
    """Stand for what the editable install depends on, so not for the linter's settings."""
    described = (ROOT / "pyproject.toml").read_text("utf-8").partition("[tool.ruff]")[0]
    return hashlib.sha256(described.encode()).hexdigest()


def _captured(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _last_lines(text: str, count: int = 12) -> str:
    return without_addresses("\n".join(text.strip().splitlines()[-count:]))
