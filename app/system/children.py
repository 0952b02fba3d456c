"""What processes that Wordlight starts may know of their surroundings, and how to start them.

A child gets only what it needs to run: not the key of the speech service, not a proxy's
password, nothing that would make a tool write or read where it should not.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping, MutableMapping
from enum import StrEnum
from pathlib import Path

from app.core.messages import message
from app.system.resources import build_name

OTHER_BUILD = 76
"""How a part ends, before it does anything, that was started by another build.

That is a window which was open while a new Wordlight was put in its place: the two may
understand each other wrongly, so they do not talk at all.
"""
UPDATED_MEANWHILE = message(
    "Wordlight was updated while this window was open. Restart it to continue."
)
_PASSED_ON = frozenset(
    {
        "APPDATA",
        "DYLD_LIBRARY_PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "LD_LIBRARY_PATH",
        "LOCALAPPDATA",
        "NUMBER_OF_PROCESSORS",
        "PATH",
        "SYSTEMDRIVE",
        "SYSTEMROOT",
        "TEMP",
        "TMP",
        "TMPDIR",
        "USERPROFILE",
        "WINDIR",
    }
)


class OwnChild(StrEnum):
    """A part of Wordlight that runs in a process of its own.

    The value is the argument that makes the program be it; ``app/__main__.py`` looks for
    it before all else. The next argument is the name of the build that starts it.
    """

    RECOGNISER = "--recognise"
    PROBE = "--probe"
    SPELLER = "--spell"
    CAPTURE = "--capture"


def is_frozen() -> bool:
    """Tell whether the program is a bundle of its own, which needs no Python."""
    return bool(getattr(sys, "frozen", False))


def frozen_program() -> Path | None:
    """Give the file of the bundle that runs; nothing where the program is none."""
    return Path(sys.executable) if is_frozen() else None


def leave_loader_alone(environ: MutableMapping[str, str] = os.environ) -> None:
    """Take back what a frozen program told the loader, now that the loader has read it.

    The browser or file manager that a link opens must not find our libraries by it.
    """
    original = environ.pop("LD_LIBRARY_PATH_ORIG", None)
    environ.pop("LD_LIBRARY_PATH", None)
    if original:
        environ["LD_LIBRARY_PATH"] = original


def own_command(child: OwnChild) -> list[str]:
    """Give the command that starts a part of this program: source, wheel or frozen bundle."""
    if is_frozen():
        return [sys.executable, child.value, build_name()]
    # -P: a file called numpy.py in the present folder must not be taken for the real one.
    return [sys.executable, "-P", "-m", "app", child.value, build_name()]


def program_command() -> list[str]:
    """Give the command that starts the whole program once more."""
    return [sys.executable] if is_frozen() else [sys.executable, "-P", "-m", "app"]


def program_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Give what the program needs of an environment, if it is to be started once more."""
    if is_frozen():  # or it would take itself for a part of the one that ends
        return {**environ, "PYINSTALLER_RESET_ENVIRONMENT": "1"}
    return own_environment(environ, all_but=())


def own_environment(
    environ: Mapping[str, str] = os.environ, *, all_but: Collection[str] | None = None
) -> dict[str, str]:
    """Give what a child needs of an environment, for a part of this program.

    Args:
        environ: The environment of this process.
        all_but: For a child that has to see what this process sees: everything is passed
            on except these.
    """
    if all_but is None:
        kept = _kept(environ)
    else:
        kept = {name: value for name, value in environ.items() if name not in all_but}
    return kept | {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONUTF8": "1",
    }


def clean_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Give what a child needs of an environment, for a program that is not ours."""
    kept = _kept(environ)
    if is_frozen():
        # A frozen program points the loader at its own libraries; others want the system's.
        kept.pop("LD_LIBRARY_PATH", None)
        if original := environ.get("LD_LIBRARY_PATH_ORIG"):
            kept["LD_LIBRARY_PATH"] = original
    return kept


def quiet_flags() -> int:
    """Give the flags of Windows that keep a child in the background; 0 elsewhere."""
    if sys.platform == "win32":
        import subprocess  # a frozen program needs this module before its first paint

        return subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
    return 0


def _kept(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name.upper() in _PASSED_ON}
