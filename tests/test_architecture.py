"""What imports alone cannot show, and what papers and locks have to keep to."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import app

ROOT = Path(__file__).parent.parent
APP = ROOT / "app"
QT_FREE = ("core", "audio", "waves", "ondevice", "voices", "store", "export", "jobs", "system")
MODULES = sorted(APP.rglob("*.py"))
LOCKS = sorted((ROOT / "packaging").glob("*.lock"))


def name_of(path: Path) -> str:
    """Give a module's path as people write it."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("room", QT_FREE)
def test_room_imports_without_qt(room):
    """In a fresh interpreter that refuses Qt, every module of the room comes up."""
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted((APP / room).rglob("*.py"))
        if path.name != "__main__.py"
    ]
    code = (
        "import sys, importlib\n"
        "sys.modules.update(dict.fromkeys(['PySide6', 'shiboken6', 'qasync']))\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
    )

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


BANNED_CALLS = {
    "exec": "it starves every task; use open() and a future on finished",
    "exec_": "it starves every task; use open() and a future on finished",
    "processEvents": "it re-enters the loop; await instead",
    "asyncSlot": "start work with app.ui.tasks.Tasks",
    "asyncClose": "see MainWindow.close_requested",
    "QThread": "run blocking work with asyncio.to_thread",
}


def uses_of_banned(tree: ast.AST) -> list[str]:
    """List what a module should not call or name."""
    found: list[str] = []
    for node in ast.walk(tree):
        name = ""
        if isinstance(node, ast.Attribute):
            name = node.attr
        elif isinstance(node, ast.Name):
            name = node.id
        if name in BANNED_CALLS:
            found.append(f"line {getattr(node, 'lineno', 0)}: {name}: {BANNED_CALLS[name]}")
    return found


@pytest.mark.parametrize("path", sorted((APP / "ui").rglob("*.py")), ids=name_of)
def test_window_never_spins_a_loop_of_its_own(path):
    assert uses_of_banned(ast.parse(path.read_text("utf-8"))) == []


def test_a_planted_dialog_exec_is_found():
    assert uses_of_banned(ast.parse("def ask(self):\n    self.dialog.exec()\n"))


OF_THE_SYSTEM = {
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"},
    "os": {"kill", "fsync"},
    "tempfile": {"mkstemp", "NamedTemporaryFile"},
}
"""What ``app/system`` has once for all: clocks, liveness, files written whole."""
MAY_USE = {
    "app/store/backup.py": {"fsync"},  # of a file that zipfile writes by its name
}


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.parent != APP / "system"], ids=name_of
)
def test_only_the_system_floor_asks_clock_disk_and_processes(path):
    uses = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.attr in OF_THE_SYSTEM.get(node.value.id, ())
    }

    assert uses == MAY_USE.get(name_of(path), set())


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize("room", sorted(path.name for path in APP.iterdir() if path.is_dir()))
def test_room_has_its_tests(room):
    # A room is tested through its public names, so small modules need no test file each.
    if not list((APP / room).glob("*.py")):
        return
    folder = "flow" if room == "bootstrap" else room  # the whole program is what flows
    assert list((ROOT / "tests" / folder).rglob("test_*.py")), f"tests/{folder} is missing"


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_lock_pins_by_hash_and_records_no_address(lock):
    text = lock.read_text("utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]

    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==\S+ .*\\\n    --hash=sha256:", entry), entry


def pins_of(name: str) -> set[str]:
    """Give the pinned versions of a lock, markers included."""
    text = (ROOT / "packaging" / f"{name}.lock").read_text("utf-8")
    return {line.rstrip(" \\") for line in text.splitlines() if re.match(r"[a-z0-9].*==", line)}


def test_test_lock_holds_everything_a_user_gets_in_the_same_version():
    assert {pin.split(" ;")[0] for pin in pins_of("run")} <= {
        pin.split(" ;")[0] for pin in pins_of("test")
    }


def test_changelog_begins_with_the_present_version():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"^## \[?([^\]\s]+)", text, re.MULTILINE)

    assert versions[0] == "Unreleased"
    assert versions[1] == app.__version__


def test_every_package_a_user_gets_is_listed_with_its_licence():
    text = (ROOT / "packaging" / "LICENCES.md").read_text("utf-8").lower()
    listed = set(re.findall(r"[a-z0-9][a-z0-9._-]+", text))
    locked = {pin.partition("==")[0] for pin in pins_of("run")}

    assert locked - listed == set()
