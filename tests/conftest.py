"""Rules that hold for every test, wherever it lives.

A test gets its own data folder, cannot leave the machine, fails on a log record
of warning level that it did not announce with ``expected_log``, and, where it
uses Qt, fails when it leaves a window, a timer or a task behind.
"""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import itertools
import logging
import os
import re
import shutil
import signal
import socket
import sys
import weakref
from collections.abc import Callable, Coroutine, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from typing_extensions import override

from app.ondevice.catalog import BASE
from app.ondevice.installed import SHARED, ModelFolders

CLIPS = Path(__file__).parent / "clips"

# Before anything imports Qt, keyring or the model hub. A person may still ask for
# another platform: QT_QPA_PLATFORM=xcb under Xvfb.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["WORDLIGHT_LANGUAGE"] = "en"  # whatever the system speaks
os.environ.pop("WORDLIGHT_MODELS_FOLDER", None)
os.environ["WORDLIGHT_MODEL"] = (
    "tiny.en"  # three times as quick; what is chosen has its own test
)
_NOT_FOR_TESTS = ("SMALLEST_API_KEY", "WORDLIGHT_BASE_URL", "WORDLIGHT_HOME")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
for _name in (*_NOT_FOR_TESTS, *_PROXIES, *(name.upper() for name in _PROXIES)):
    os.environ.pop(_name, None)
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one test more than cores runs already

# Without bytecode every process of the tests compiles all of them anew, which takes three
# times as long as to collect them, and every program that a test starts does with itself.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

_IN_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 6_000_000_000


def _has_room(folder: Path) -> bool:
    try:
        return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > _ROOM_BYTES
    except OSError:
        return False


# A library takes ten times as long to make where each step is awaited until a disk has it.
if _has_room(_IN_MEMORY):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_IN_MEMORY))

# Whoever begins the tests in the background of a script has them ignore Ctrl+C, and what they
# start as well.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


# A busy machine is no fault: no deadlines. "explain" would trace every line.
settings.register_profile(
    "wordlight",
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink],
)
settings.load_profile("wordlight")


# ---------------------------------------------------------------- collection


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    """Mark every test that reaches for the QApplication, and let slow ones begin first.

    The mark makes ``-m "not gui"`` work. What is slow would otherwise, where chance puts it
    at the end, run on in one process while the others have nothing left to do.
    """
    for item in items:
        if isinstance(item, pytest.Function) and "qapp" in item.fixturenames:
            item.add_marker(pytest.mark.gui)
    yield
    items.sort(key=_turn)  # keeps the order of chance among those that are alike
    if config.getoption("loadgroup", default=False):
        for item in items:
            _name_after_group(item)


def _name_after_group(item: pytest.Item) -> None:
    """Let a test's name tell its group, by which pytest-xdist keeps tests in one process.

    pytest-xdist 3.8 writes it where pytest no longer looks since 9.2: groups were scattered
    without a word.
    """
    group = item.get_closest_marker("xdist_group")
    if group is not None and not item.nodeid.endswith(f"@{group.args[0]}"):
        item._id = type(item.id).parse(f"{item.nodeid}@{group.args[0]}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Take the group off a test's name again before anybody notes it.

    ``--last-failed`` knows no test of such a name, and then runs all there are.
    """
    worker = getattr(report, "node", None)  # the process that ran it and tells of it
    if worker is None or "xdist_group" not in report.keywords:
        return
    if worker.config.getoption("dist") == "loadgroup":
        report.nodeid = report.nodeid.rpartition("@")[0]


def pytest_collection_finish() -> None:
    """Leave all that was imported by now out of every search for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_BEFORE_SEARCH)


_NEW_BEFORE_SEARCH = 50_000
"""So many things are made before garbage is looked for; tests with windows do so anyway."""


def _turn(item: pytest.Item) -> float:
    """Say when a test begins: the longer it may take, the sooner; so with those of a group."""
    if item.get_closest_marker("slow") is None:
        return 0 if item.get_closest_marker("xdist_group") is None else -0.5
    limit = item.get_closest_marker("timeout")
    return -float(limit.args[0]) if limit is not None else -1


# ------------------------------------------------------------ own data folder


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Count homes up; a numbered folder of pytest's looks through all those before it."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _own_home(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    home = next(_homes)
    home.mkdir()
    monkeypatch.setenv("WORDLIGHT_HOME", str(home))


@pytest.fixture(scope="session", autouse=True)
def _models_for_all(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Put the model of two packages together once, not in every test's own home."""
    folders = ModelFolders(tmp_path_factory.mktemp("models"))
    if folders.is_installed(BASE):
        folders.ready(BASE)
        os.environ[SHARED] = str(folders.downloads)


@pytest.fixture(scope="session")
def clips() -> Path:
    """Real speech with the text of each clip beside it (``tests/clips/README.md``)."""
    return CLIPS


# ------------------------------------------------------- nothing leaves the machine

_attempts: list[str] = []


def _is_here(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if name == "localhost" or name == socket.gethostname():
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(host: object) -> None:
    """Refuse a connection or look-up that would leave the machine, and remember it."""
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name.endswith(".invalid"):  # RFC 6761: no such host, and nobody is asked
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    _attempts.append(name)
    raise OSError(f"A test may not leave the machine: {name}")


def _guarded(name: str) -> None:
    """Put the rule before a method of every socket, those of asyncio among them."""
    original = getattr(socket.socket, name)

    def guarded(self: socket.socket, *arguments: Any) -> Any:
        address = arguments[-1]
        if isinstance(address, tuple) and not _is_here(address[0]):
            _refuse(address[0])
        return original(self, *arguments)

    setattr(socket.socket, name, guarded)


for _name in ("connect", "connect_ex", "sendto"):
    _guarded(_name)

_look_up = socket.getaddrinfo


def _guarded_look_up(host: Any, *arguments: Any, **options: Any) -> Any:
    if not _is_here(host):
        _refuse(host)
    return _look_up(host, *arguments, **options)


socket.getaddrinfo = _guarded_look_up


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    _attempts.clear()
    yield
    if _attempts:  # even when the refusal was swallowed
        pytest.fail(f"left the machine for {', '.join(_attempts)}", pytrace=False)


# ---------------------------------------------------- nothing unexpected in the log


_OF_THE_MACHINE = r"^WARNING qt[\w.]*: (This plugin does not support|Couldn't \w+ va\b)"
"""What Qt says of a machine without a screen or without hardware that decodes films;
``qt_log_ignore`` has it too."""


class _LogWatch(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: list[str] = []
        self.expected: list[str] = []
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(self.format(record))

    def complaint(self) -> str:
        surprises = [
            text
            for text in self.seen
            if not any(re.search(one, text) for one in (*self.expected, _OF_THE_MACHINE))
        ]
        missing = [
            one for one in self.expected if not any(re.search(one, text) for text in self.seen)
        ]
        lines = [f"unexpected in the log: {text}" for text in surprises]
        return "\n".join(lines + [f"expected in the log, never came: {one}" for one in missing])


@pytest.fixture(autouse=True)
def _log_watch() -> Iterator[_LogWatch]:
    watch = _LogWatch()
    root = logging.getLogger()
    root.addHandler(watch)
    yield watch
    root.removeHandler(watch)
    if complaint := watch.complaint():
        pytest.fail(complaint, pytrace=False)


@pytest.fixture
def expected_log(_log_watch: _LogWatch) -> Callable[[str], None]:
    """Announce a log record of warning level or above by a regular expression.

    It is looked for in ``LEVEL logger: text``, and must come at least once.
    """
    return _log_watch.expected.append


# ------------------------------------------------------- nothing is left behind by Qt

_PAINTED: pytest.StashKey[list[object]] = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Hold a test's windows until they are closed.

    A window that only a local variable held is nobody's once the test has returned, and Qt
    goes on painting it. Collected in the midst of that, by chance, it takes the process down.
    """
    try:
        return (yield)
    finally:
        if added := getattr(item, "qt_widgets", []):
            from shiboken6 import isValid

            windows = [found() for found, *_ in added]
            item.stash[_PAINTED] = [one for one in windows if one is not None and isValid(one)]


def pytest_sessionfinish() -> None:
    """Empty the clipboard: what Python put there, Qt would take apart after Python has gone."""
    gui = sys.modules.get("PySide6.QtGui")
    if gui is not None and gui.QGuiApplication.instance() is not None:
        gui.QGuiApplication.clipboard().clear()


@pytest.fixture(autouse=True)
def _leak_check(request: pytest.FixtureRequest) -> Iterator[None]:
    if "qapp" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("qapp")
    _speak_english()
    _put_aside()
    before = {id(thing) for thing in _left_behind()}
    yield
    request.node.stash.get(_PAINTED, []).clear()
    held = _let_go()
    left = [thing for thing in _left_behind() if id(thing) not in before]
    if left:
        gc.collect()  # perhaps only a cycle that nobody holds
        left = [thing for thing in _left_behind() if id(thing) not in before]
    if left:
        listed = "\n".join(f"  {thing!r}" for thing in left)
        pytest.fail(
            f"left behind (give widgets to qtbot.addWidget, stop timers, "
            f"cancel and await tasks):\n{listed}",
            pytrace=False,
        )
    if held:
        pytest.fail(f"left {held} held down, for whatever test comes next", pytrace=False)


def _let_go() -> str:
    """Release the buttons of the pointer, of which Qt knows one state for all windows.

    ``QTest`` holds the button after a double click until it is told to release it.
    """
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QWidget

    held = [
        button
        for button in (
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.RightButton,
            Qt.MouseButton.MiddleButton,
        )
        if QApplication.mouseButtons() & button
    ]
    if held:
        nowhere = QWidget()
        for button in held:
            QTest.mouseRelease(nowhere, button)
    return ", ".join(button.name or "" for button in held)


def _speak_english() -> None:
    """Write numbers and money as an American does, whatever machine or test spoke before.

    Whoever starts the program sets the language of the whole process.
    """
    from PySide6.QtCore import QLocale

    QLocale.setDefault(QLocale("en_US"))


def _left_behind() -> list[object]:
    """List windows, running timers and unfinished tasks that exist right now."""
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication
    from shiboken6 import isValid

    # processEvents leaves deleteLater() alone outside a running loop
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    found: list[object] = [
        widget
        for widget in QApplication.topLevelWidgets()
        if widget.metaObject().className() != "QTipLabel"  # Qt keeps one tooltip
    ]
    for thing in (*_from_before(), *_timers_and_tasks()):
        if isinstance(thing, asyncio.Task):
            if not thing.done():
                found.append(thing)
        elif isValid(thing) and thing.isActive():
            found.append(thing)
    return found


_before: list[weakref.ref[Any]] = []
"""Timers and tasks among what was put aside."""
_aside = itertools.count(1)
_ALL_ANEW = 200
"""After so many tests everything is looked through for garbage, not only what is new."""


def _put_aside() -> None:
    """Leave what is there by now out of every search until it is needed again.

    Half a million objects are there once the program is imported. To look through them for
    garbage and for timers, before and after each test, took longer than the tests.
    """
    if next(_aside) % _ALL_ANEW == 0:
        gc.unfreeze()
        _before.clear()
    gc.collect()
    _before[:] = [weakref.ref(one) for one in (*_from_before(), *_timers_and_tasks())]
    gc.freeze()


def _from_before() -> list[Any]:
    return [one for ref in _before if (one := ref()) is not None]


def _timers_and_tasks() -> list[Any]:
    """List timers and tasks that are not put aside."""
    from PySide6.QtCore import QTimer

    return [one for one in gc.get_objects() if issubclass(type(one), (QTimer, asyncio.Task))]


# ------------------------------------------------------------------ coroutines on Qt


@pytest.fixture
def run_async(qapp: Any) -> Callable[..., Any]:
    """Run a coroutine to its end on a fresh qasync loop, as the program does.

    ``run_async(coroutine, timeout_s=20)`` gives what the coroutine returns. Tasks
    that it leaves running fail the test.
    """
    from qasync import QEventLoop

    qapp.setQuitOnLastWindowClosed(False)  # a closed window must not stop the loop

    def run(coroutine: Coroutine[Any, Any, Any], *, timeout_s: float = 20) -> Any:
        async def bounded() -> tuple[Any, list[str]]:
            # Inside Qt's loop the signal of pytest-timeout may not be seen.
            async with asyncio.timeout(timeout_s):
                result = await coroutine
            mine = asyncio.current_task()
            return result, [repr(one) for one in asyncio.all_tasks() if one is not mine]

        with asyncio.Runner(loop_factory=lambda: QEventLoop(qapp)) as runner:
            result, running = runner.run(bounded())
        # Here, and not in some thread, since the timers of the loop belong to this one.
        gc.collect()
        if running:
            pytest.fail("tasks left running:\n" + "\n".join(running), pytrace=False)
        return result

    return run


@pytest.fixture
def still_caret(qapp: Any) -> Iterator[None]:
    """Keep carets from blinking, so that two pictures of one window are the same."""
    before = qapp.cursorFlashTime()
    qapp.setCursorFlashTime(0)
    yield
    qapp.setCursorFlashTime(before)
