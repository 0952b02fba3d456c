"""What went wrong and what is there: the log file, the last nets, and the report.

Nothing here imports Qt before it is asked to, since the commands of the terminal use
it too. No line reaches the log file or the report without passing a ``Redactor``.
"""

from __future__ import annotations

import asyncio
import faulthandler
import importlib.metadata
import json
import logging
import logging.handlers
import os
import platform
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO, cast

from typing_extensions import override

from app import __version__
from app.audio.process import find_ffmpeg
from app.core.errors import AppError
from app.core.messages import message
from app.core.models import minutes_for_an_hour
from app.ondevice.catalog import PACKAGES
from app.ondevice.installed import ModelFolders
from app.probe import Side, may_have_screen
from app.store.paths import AppPaths
from app.store.secrets import VARIABLE
from app.system.children import OwnChild, clean_environment, own_command, own_environment
from app.system.resources import build_commit
from app.system.start_watch import CRASH_NAME
from app.system.translations import in_terminal

LOG_NAME = "wordlight.log"
_LOG_BYTES = 1_000_000
_OLD_LOGS = 3
_PROBE_TIMEOUT_S = 30
_LOOKS_LIKE_A_KEY = re.compile(r"\bsk[_-][\w-]{6,}|(?<=Bearer )\S+", re.ASCII)
_HIDDEN = "(key)"
_SIDES = (Side.SCREEN, Side.SOUND, Side.KEYRING)
_SHORTEST_SECRET = 4
_PACKAGES_TOLD = (
    "PySide6-Essentials",
    "qasync",
    "httpx",
    "faster-whisper",
    "ctranslate2",
    "keyring",
    "sounddevice",
)

_log = logging.getLogger(__name__)
Tell = Callable[[BaseException], None]


class Redactor:
    """Take the API key out of texts: the one in use, and whatever looks like one."""

    def __init__(self) -> None:
        self._secrets: tuple[str, ...] = ()

    def hide(self, secret: str) -> None:
        """Hide this text from now on; one too short to tell apart is left alone."""
        if len(secret) >= _SHORTEST_SECRET and secret not in self._secrets:
            # Longest first: one key may begin with another.
            self._secrets = tuple(sorted((*self._secrets, secret), key=len, reverse=True))

    def clean(self, text: str) -> str:
        """Give the text without any key."""
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _LOOKS_LIKE_A_KEY.sub(_HIDDEN, text)


class _CleanFormatter(logging.Formatter):
    """Lay out a record, traceback and all, and then take out the key."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._redactor = redactor

    @override
    def format(self, record: logging.LogRecord) -> str:
        return self._redactor.clean(super().format(record))


class LogFile:
    """The log in the logs folder, kept to a few megabytes.

    A log that cannot be written is no reason not to start: ``path`` is then ``None``.

    Attributes:
        path: Where it is written.
    """

    def __init__(self, folder: Path, redactor: Redactor, *, level: int = logging.INFO) -> None:
        self.path: Path | None = None
        self._handler: logging.Handler | None = None
        self._crash: TextIO | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / LOG_NAME
            handler = logging.handlers.RotatingFileHandler(
                path, maxBytes=_LOG_BYTES, backupCount=_OLD_LOGS, encoding="utf-8"
            )
            self._crash = (folder / CRASH_NAME).open("a", encoding="utf-8")
        except OSError as error:
            told = in_terminal(
                message(
                    "There is no log of this run, since it cannot be written ({reason}); if "
                    "you need one, free some space or allow writing to {folder}, and start "
                    "Wordlight again.",
                    reason=error.strerror or error,
                    folder=folder,
                )
            )
            print(f"wordlight: {told}", file=sys.stderr)  # noqa: T201 – nowhere else
            return
        handler.setFormatter(_CleanFormatter(redactor))
        self.path, self._handler = path, handler
        root = logging.getLogger()
        root.addHandler(handler)
        root.setLevel(level)
        # These tell of every request and every file they open.
        for chatty in ("httpx", "httpcore", "faster_whisper", "PIL", "qasync", "asyncio"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        faulthandler.enable(self._crash)  # a crash in C leaves its Python stack
        _log.info("Wordlight %s, Python %s", __version__, platform.python_version())

    def close(self) -> None:
        """Write what is left and let go of the files."""
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
            self._handler.close()
            self._handler = None
        if self._crash is not None:
            faulthandler.disable()
            self._crash.close()
            self._crash = None


def catch_unhandled(tell: Tell | None = None) -> None:
    """Log every exception that nobody caught, in any thread.

    Args:
        tell: Is also given it, to show it to a person; may be called in any thread.
    """

    def on_exception(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _log.critical("Unhandled error", exc_info=(kind, error, trace))
        if tell is not None:
            tell(error)

    def on_thread_exception(found: threading.ExceptHookArgs) -> None:
        if issubclass(found.exc_type, SystemExit):
            return
        error = found.exc_value if found.exc_value is not None else found.exc_type()
        on_exception(found.exc_type, error, found.exc_traceback)

    def on_unraisable(found: Any) -> None:
        _log.error(
            "%s: %r",
            found.err_msg or "Exception ignored in",
            found.object,
            exc_info=(found.exc_type, found.exc_value, found.exc_traceback),
        )

    sys.excepthook = on_exception
    sys.unraisablehook = on_unraisable
    threading.excepthook = on_thread_exception


def follow_loop(loop: asyncio.AbstractEventLoop, tell: Tell | None = None) -> None:
    """Log what goes wrong in callbacks and forgotten tasks of an event loop."""

    def on_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        _log.error("%s", context.get("message", "Error in the event loop"), exc_info=error)
        if tell is not None and isinstance(error, Exception):
            tell(error)

    loop.set_exception_handler(on_error)


def follow_qt() -> None:
    """Send what Qt has to say to the log."""
    from PySide6.QtCore import (
        QLoggingCategory,
        QMessageLogContext,
        QtMsgType,
        qInstallMessageHandler,
    )

    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
        QtMsgType.QtFatalMsg: logging.CRITICAL,
    }

    def on_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        # PySide's stub leaves out that the category may be missing.
        category: str | None = context.category
        name = "qt" if category in {None, "default"} else str(category)
        logging.getLogger(name).log(levels.get(kind, logging.WARNING), "%s", text)

    # QtMultimedia speaks of libraries it misses while it is itself being loaded. Python, called
    # there under the loader's lock, would wait for ever for a thread that imports something.
    # The ffmpeg behind it would describe every file it opens. Where a script needs a font that
    # has not been used yet, Qt tells of every font that lacks it, in the midst of drawing.
    QLoggingCategory.setFilterRules(
        "qt.multimedia.symbolsresolver=false\nqt.multimedia.ffmpeg*.info=false\n"
        "qt.text.font.db.info=false"
    )
    qInstallMessageHandler(on_message)


# ------------------------------------------------------------------------ the report


def report(paths: AppPaths, models: ModelFolders, redactor: Redactor | None = None) -> str:
    """Tell what a person who asks for help is asked first; never a secret.

    Starts a child process and takes a few seconds at most.
    """
    lines: list[str] = []
    for title, facts in (
        ("Versions", _versions()),
        ("Folders", _folders(paths)),
        ("This computer", _computer()),
        ("Models", _models(models)),
    ):
        told = list(facts)
        width = max(len(name) for name, _ in told)
        lines += [title, *(f"  {name:<{width}}  {value}" for name, value in told), ""]
    return (redactor or Redactor()).clean("\n".join(lines).rstrip())


def _versions() -> Iterator[tuple[str, str]]:
    yield "Wordlight", " ".join(filter(None, (__version__, build_commit())))
    yield "Python", f"{platform.python_version()} ({platform.python_implementation()})"
    yield "System", platform.platform()
    for name in _PACKAGES_TOLD:
        try:
            yield name, importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield name, "not installed"


def _folders(paths: AppPaths) -> Iterator[tuple[str, str]]:
    yield "Data", str(paths.data)
    yield "Settings", str(paths.config)
    yield "Cache", str(paths.cache)
    yield "Logs", str(paths.logs)
    yield "Temporary", str(paths.temp)


def _computer() -> Iterator[tuple[str, str]]:
    sides = _look_around()
    for name, side, key, otherwise in (
        ("Qt platform", Side.SCREEN, "platform", ""),
        ("Audio outputs", Side.SOUND, "outputs", "none"),
        ("Audio inputs", Side.SOUND, "inputs", "none"),
        ("Keyring", Side.KEYRING, "keyring", ""),
    ):
        told = sides[side]
        yield name, told if isinstance(told, str) else _line(told.get(key)) or otherwise
    yield "Key in environment", "yes" if os.environ.get(VARIABLE) else "no"
    yield "Processors", str(os.cpu_count() or "unknown")
    yield "ffmpeg", _ffmpeg()


def _models(folders: ModelFolders) -> Iterator[tuple[str, str]]:
    for package in PACKAGES.values():
        state = "installed" if folders.is_installed(package) else "not installed"
        speed = folders.ms_per_second(package)
        hour = "" if speed is None else f", an hour in {minutes_for_an_hour(speed)} min"
        yield package.name, f"{state}, {package.size_bytes / 1e6:.0f} MB{hour}"
    device, trouble = folders.device()
    yield (
        "Computes",
        f"{device or 'not known yet'}{f'; the card: {trouble}' if trouble else ''}",
    )


def _line(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in cast("list[object]", value))
    return str(value or "")


def _look_around() -> dict[Side, dict[str, object] | str]:
    """Ask for each side in a child of its own, all at once; a text says why one is unknown."""
    with ThreadPoolExecutor(len(_SIDES)) as threads:
        return dict(zip(_SIDES, threads.map(_look, _SIDES), strict=True))


def _look(side: Side) -> dict[str, object] | str:
    if side is Side.SCREEN and not may_have_screen():
        return "There is no screen."
    try:
        # A part of our own program, without a person's words.
        done = subprocess.run(  # noqa: S603
            [*own_command(OwnChild.PROBE), side.value],
            env=own_environment(all_but={VARIABLE}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PROBE_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no answer in {_PROBE_TIMEOUT_S} s"
    except OSError as error:
        return str(error)
    try:
        return dict(json.loads(done.stdout))
    except ValueError:
        if side is Side.SCREEN:  # Qt gives up with a page of advice to programmers
            return "The screen cannot be used."
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        return f"does not start: {last}"


def _ffmpeg() -> str:
    try:
        path = find_ffmpeg()
        done = subprocess.run(  # noqa: S603 – a program we chose, without a person's words
            [str(path), "-version"],
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PROBE_TIMEOUT_S,
            check=False,
        )
    except AppError as error:
        return error.message.fill()
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"does not start: {error}"
    first = (done.stdout.splitlines() or ["version unknown"])[0]
    return f"{path} ({first.partition(' Copyright')[0]})"
