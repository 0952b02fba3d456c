"""What imports alone cannot show, and what papers and locks have to keep to."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import app
from tests.support.sources import TOGETHER, tree_of

ROOT = Path(__file__).parent.parent
APP = ROOT / "app"
QT_FREE = (
    "core",
    "audio",
    "waves",
    "ondevice",
    "voices",
    "store",
    "export",
    "jobs",
    "net",
    "system",
)
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


NOT_AT_REST = (
    "numpy",
    "httpx",
    "keyring",
    "cryptography",
    "charset_normalizer",
    "pysubs2",
    "PySide6.QtMultimedia",
)
"""Large, and needed by nobody until something is added, opened, sent or written."""


def test_window_comes_up_without_what_is_needed_later():
    """Each would take memory of a window at rest, and each once did unnoticed."""
    modules = [f"app.bootstrap.{path.stem}" for path in (APP / "bootstrap").glob("[a-z]*.py")]
    code = (
        "import sys, importlib\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        f"print(*(name for name in {NOT_AT_REST!r} if name in sys.modules))\n"
    )

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == []


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


@TOGETHER
def test_window_never_spins_a_loop_of_its_own():
    modules = sorted((APP / "ui").rglob("*.py"))
    uses = {name_of(path): uses_of_banned(tree_of(path)) for path in modules}

    assert {name: found for name, found in uses.items() if found} == {}


def test_a_planted_dialog_exec_is_found():
    assert uses_of_banned(ast.parse("def ask(self):\n    self.dialog.exec()\n"))


OF_THE_SYSTEM = {
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"},
    "os": {"kill", "fsync"},
    "sys": {"executable"},
    "tempfile": {"mkstemp", "NamedTemporaryFile"},
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
}
"""What ``app/system`` has once for all: clocks, liveness, own children, files written whole."""


@TOGETHER
def test_only_the_system_floor_asks_clock_disk_and_processes():
    uses = {
        (name_of(path), node.attr)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name | ast.Attribute)
        and node.attr in OF_THE_SYSTEM.get(_last_name(node.value), ())
    }
    floor = {name for name, _ in uses if name.startswith("app/system/")}

    assert floor  # it does see them
    assert {(name, use) for name, use in uses if name not in floor} == set()


def _last_name(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


MAY_GIVE_INPUT = {
    "app/audio/source.py",
    "app/capture/pulse.py",  # a device of the sound server, no file
    "app/ui/queue/awake.py",  # caffeinate
}


@TOGETHER
def test_only_one_place_tells_ffmpeg_what_to_read():
    """There it is told to read that file and nothing besides, playlist or not."""
    telling = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and node.value == "-i"
    }

    assert telling == MAY_GIVE_INPUT


SECOND_CLIENTS = {"urllib.request", "urllib3", "http.client", "requests", "aiohttp", "ftplib"}
NO_CLIENTS = {
    "url2pathname",  # turns an address of a file into its path
    "getproxies",
    "proxy_bypass",  # both tell what the system has set
}


@TOGETHER
def test_no_module_brings_a_second_http_client():
    """It would go past a person's proxy; a contract holds that only ``app/net`` has one."""
    brought = {name_of(path): names_brought_by(tree_of(path)) for path in MODULES}
    planted = ast.parse(
        "import http.client\ndef f():\n    from urllib.request import Request\n"
    )

    assert names_brought_by(planted) >= {"http.client", "urllib.request"}
    assert {name for name, names in brought.items() if names & SECOND_CLIENTS} == set()


def names_brought_by(tree: ast.AST) -> set[str]:
    """Give what a module imports, wherever that stands in it."""
    imported: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            imported |= {f"{node.module}.{name}" for name in names}
            if not names <= NO_CLIENTS:
                imported.add(str(node.module))
    return imported


@TOGETHER
def test_module_says_what_it_is_for():
    assert [name_of(path) for path in MODULES if not ast.get_docstring(tree_of(path))] == []


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
    text = (ROOT / "resources" / "papers" / "LICENCES.md").read_text("utf-8").lower()
    listed = set(re.findall(r"[a-z0-9][a-z0-9._-]+", text))
    locked = {pin.partition("==")[0] for pin in pins_of("run")}

    assert locked - listed == set()


def module_of(path: Path) -> str:
    """Give a module's name as it is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {module_of(path): path for path in MODULES}


def is_for_types_only(node: ast.AST) -> bool:
    """Tell whether this is ``if TYPE_CHECKING:``."""
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def imports_of(tree: ast.AST) -> set[str]:
    """Give the program's own modules that one imports, inside functions too."""
    found: set[str] = set()
    for node in ast.iter_child_nodes(tree):
        if is_for_types_only(node):
            continue
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names} & NAMES.keys()
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{one.name}" for one in node.names} & NAMES.keys()
            found |= inner or {node.module} & NAMES.keys()
        found |= imports_of(node)
    return found


def circles(imports: dict[str, set[str]]) -> list[list[str]]:
    """Give the groups of modules that reach each other (Tarjan's way)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in imports[name]:
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1 or name in imports[name]:
                found.append(sorted(group))

    for name in imports:
        if name not in index:
            visit(name)
    return found


@TOGETHER
def test_no_modules_import_each_other_in_a_circle():
    imports = {name: imports_of(tree_of(path)) for name, path in NAMES.items()}

    assert sum(map(len, imports.values())) > 1000  # it does see them
    assert circles(imports) == []


def test_a_circle_is_seen_wherever_the_import_stands():
    inside = ast.parse("def f():\n    from app.ui import stage\n")
    for_types = ast.parse("if TYPE_CHECKING:\n    from app.ui import stage\n")

    assert imports_of(inside) == {"app.ui.stage"}
    assert imports_of(for_types) == set()
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
    assert circles({"a": {"b"}, "b": set()}) == []


MAY_CONNECT = {
    "wiring.py": "the one list of signals between rooms",
    "window.py": "the bare window, before there are rooms",
    "life.py": "the bare window, and the sentence why it cannot start",
    "program_menu.py": "its own entries, made anew when it opens",
    "leaving.py": "the answer to its own question",
    "program.py": "the window's wish to be closed, until there are rooms to ask",
    "single.py": "its own socket",
    "renewal.py": "the application, which knows when somebody turns to the window",
}


@TOGETHER
def test_signals_between_rooms_stand_in_one_list():
    """Rooms cannot see each other (a contract), so only ``bootstrap`` could connect them."""
    connecting = {
        path.name
        for path in (APP / "bootstrap").glob("*.py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "connect"
    }

    assert connecting == MAY_CONNECT.keys()


@TOGETHER
def test_whole_program_is_tested_through_public_doors_and_hands():
    """A test of the whole that reaches inside proves nothing of what a person can do."""
    reached = [
        f"{name_of(path)}:{node.lineno}: {node.attr}"
        for folder in ("flow", "hands")
        for path in sorted((ROOT / "tests" / folder).rglob("*.py"))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and re.match(r"_[a-z]", node.attr)
        and not (isinstance(node.value, ast.Name) and node.value.id == "self")
    ]
    assert reached == []


STILL_REACHED = {
    "tests": 1,  # pytest's own name of a test, which pytest-xdist does not reach any more
}
"""How often the tests of a folder still name what a class keeps to itself: less with time."""


@TOGETHER
def test_tests_go_through_public_doors():
    """Whoever reaches inside proves nothing of what a caller or a person can do."""
    reached: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for line, name in reaches_inside(tree_of(path)):
            folder = name_of(path.parent)
            reached.setdefault(folder, []).append(f"{name_of(path)}:{line}: {name}")

    more = {
        folder: found
        for folder, found in reached.items()
        if len(found) > STILL_REACHED.get(folder, 0)
    }
    assert more == {}, "say what is seen, or what a caller is told"
    assert {folder: len(found) for folder, found in reached.items()} == STILL_REACHED, (
        "fewer than are allowed: allow no more than that"
    )


def test_a_planted_reach_inside_is_found():
    planted = "view._edit.text()\nself._mine = 1\nself._mine.x\nother._mine\nos._exit(1)"

    assert reaches_inside(ast.parse(planted)) == [(1, "view._edit")]


def reaches_inside(tree: ast.Module) -> list[tuple[int, str]]:
    """List where a module names what others keep to themselves; what is its own is its own."""
    makes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    own = {node.name for node in ast.walk(tree) if isinstance(node, makes)}
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not re.match(r"_[a-z]", node.attr):
            continue
        if isinstance(node.value, ast.Name) and node.value.id in {"self", "cls", "os"}:
            own.add(node.attr)
        else:
            found.append((node.lineno, ast.unparse(node)))
    return sorted(one for one in found if one[1].rpartition(".")[2] not in own)
