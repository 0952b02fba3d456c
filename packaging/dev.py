#!/usr/bin/env python3
"""Set Wordlight up, and run, check or measure it.

    python3 packaging/dev.py run [FILES...]      open the window
    python3 packaging/dev.py test [ARGUMENTS...] check everything; arguments go to pytest
    python3 packaging/dev.py format              lay out the source and mend what can be mended
    python3 packaging/dev.py bench [NAMES...]    measure
    python3 packaging/dev.py build [FORMS...]    make what this system installs: folder, deb,
                                                 tar, appdir; on Windows setup, zip; on
                                                 macOS dmg; --without-models, --fast
    python3 packaging/dev.py gather FOLDER       write checksums and what stores want to know
                                                 of the files of a release
    python3 packaging/dev.py try [SYSTEMS...]    use what was built on a clean Debian (bookworm,
                                                 trixie), as an ordinary user; windows tries
                                                 the recipe of its installer, by wine
    python3 packaging/dev.py pictures            take the pictures of the README again
    python3 packaging/dev.py voices              make the models that tell voices apart again
    python3 packaging/dev.py texts [update | check | add LANGUAGE | pseudo]
                                                 keep the translations
    python3 packaging/dev.py lock [--upgrade]    resolve the dependencies again

Each does the set-up that it needs first: system libraries, the environment .venv and
the pinned packages in it. Once done, that takes a fraction of a second.

    --python PATH    use another Python (3.11, 3.12 or 3.13). The first environment is
                     .venv, whichever Python made it; another version gets its own
                     beside it (.venv-3.13), so that changing over costs nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import machine
from environment import (
    NEWEST,
    OLDEST,
    ROOT,
    Environment,
    SetupError,
    is_usable,
    say,
    version_of,
)

SOURCES = ("app", "tests", "packaging")
DEFAULT = Environment(ROOT / ".venv")
USABLE = f"Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}"


# ------------------------------------------------------------------------ set-up


def set_up(
    lock: str, wanted_python: str | None, tools: Sequence[machine.Need] = ()
) -> Environment:
    """Make sure of everything a verb needs, and give the environment it runs in.

    Args:
        lock: Which lock file is needed, ``run`` or ``test``.
        wanted_python: The interpreter asked for with ``--python``, if any.
        tools: What is needed of the system besides what Qt needs.
    """
    began = time.monotonic()
    refuse_other_machines()
    environment, base = choose(wanted_python)
    needs = [*machine.QT, *machine.DESKTOP, *tools]
    lacking, asked = bring(environment, needs)
    essential = [need for need in lacking if need in machine.QT]
    if essential:
        raise SetupError(f"Qt needs more libraries: {machine.command_line(essential)}")
    prepare(environment, base)
    environment.fill(lock)
    if asked:
        environment.note(not_to_be_had=asked)
    make_sure_of_ffmpeg(environment)
    if lacking:
        reasons = ", ".join(sorted({need.reason for need in lacking}))
        say(f"- Going without {reasons}; to have it: {machine.command_line(lacking)}")
    took = time.monotonic() - began
    if took > 2:  # seconds; otherwise nothing was done
        say(f"- Set up in {took:.0f} s")
    return environment


def refuse_other_machines() -> None:
    """Say why, where Wordlight cannot run at all.

    Raises:
        SetupError: This is such a machine.
    """
    if reason := machine.why_not(machine.Machine.this_one()):
        raise SetupError(reason)


def choose(wanted_python: str | None) -> tuple[Environment, str]:
    """Choose the environment, and the interpreter to make it with."""
    if wanted_python is None:
        return DEFAULT, base_interpreter()
    found = shutil.which(wanted_python) or wanted_python
    version = version_of(found)
    if version is None:
        raise SetupError(f"{wanted_python} is no Python that starts.")
    if not is_usable(version):
        raise SetupError(f"{wanted_python} is Python {version[0]}.{version[1]}; use {USABLE}.")
    present = DEFAULT.version()
    if not is_usable(present) or present == version:
        return DEFAULT, found
    return Environment(ROOT / f".venv-{version[0]}.{version[1]}"), found


def base_interpreter() -> str:
    """Give the interpreter this script runs on; never one that lives inside .venv."""
    return getattr(sys, "_base_executable", None) or sys.executable


def bring(
    environment: Environment, needs: Sequence[machine.Need]
) -> tuple[list[machine.Need], list[str]]:
    """Install what the system lacks, where that is allowed.

    Returns:
        What is still missing, and the names that apt could not give: they are not
        asked for again each time, which would cost seconds.
    """
    lacking = machine.missing(needs)
    tried = environment.stamp().get("not_to_be_had")
    names = set(tried) if isinstance(tried, list) else set()
    hopeful = [need for need in lacking if need.name not in names]
    prefix = machine.apt_prefix() if hopeful else None
    if prefix is None:
        return lacking, []
    say(f"- Installing {len(hopeful)} system libraries and tools")
    machine.apt_install(prefix, hopeful)
    lacking = machine.missing(needs)
    return lacking, sorted(names | {need.name for need in lacking})


def prepare(environment: Environment, base: str) -> None:
    """Make the environment, unless one that can be filled is there already."""
    if environment.is_sound():
        return
    version = version_of(base) or OLDEST
    named = f"Python {version[0]}.{version[1]}"
    if not has_ensurepip(base):
        package = f"python{version[0]}.{version[1]}-venv"
        need = machine.Need("ensurepip", (package, "python3-venv"), "the environment")
        prefix = machine.apt_prefix()
        if prefix is not None:
            say(f"- Installing {package}")
            machine.apt_install(prefix, [need])
        if not has_ensurepip(base):
            todo = machine.command_line([need])
            raise SetupError(f"This {named} cannot make environments: {todo}")
    say(f"- Making {environment.folder.name} with {named}")
    environment.make(base)


def has_ensurepip(python: str) -> bool:
    """Tell whether a Python can put pip into an environment; Debian splits that off."""
    return _succeeds([python, "-c", "import ensurepip, venv"])


def make_sure_of_ffmpeg(environment: Environment) -> None:
    """See that there is an ffmpeg: the system's own, else the one among the packages."""
    if shutil.which("ffmpeg") or environment.stamp().get("ffmpeg"):
        return
    code = "import imageio_ffmpeg, subprocess; subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(),"
    code += " '-version'], check=True, stdout=subprocess.DEVNULL)"
    if not _succeeds([str(environment.python), "-c", code]):
        need = machine.Need("ffmpeg", ("ffmpeg",), "reading recordings")
        raise SetupError(f"No ffmpeg for this machine: {machine.command_line([need])}")
    environment.note(ffmpeg=True)


# ------------------------------------------------------------------------- verbs


def run(arguments: list[str], wanted_python: str | None) -> int:
    """Open the window."""
    environment = set_up("run", wanted_python)
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(one) for one in screens):
        say("There is no screen here: neither DISPLAY nor WAYLAND_DISPLAY is set.")
        return 1
    command = [str(environment.command("wordlight")), *arguments]
    if os.name == "posix":
        os.execv(command[0], command)  # noqa: S606 - the program takes over, signals and all
    return subprocess.call(command)


FAILED_TESTS = 1
"""How pytest ends when tests failed, and nothing worse."""


def test(arguments: list[str], wanted_python: str | None) -> int:
    """Check layout, lint, types, import contracts and behaviour, in this order."""
    environment = set_up("test", wanted_python, machine.TESTS)
    python = str(environment.python)
    steps: dict[str, list[str]] = {
        "layout": [python, "-m", "ruff", "format", "--check", "--quiet", *SOURCES],
        "lint": [python, "-m", "ruff", "check", "--quiet", *SOURCES],
        "types": [str(environment.command("basedpyright")), "--pythonpath", python],
        "imports": [str(environment.command("lint-imports"))],
        # loadgroup: tests of one group, those that share a screen, stay in one process
        "tests": [
            python,
            "-m",
            "pytest",
            "-n",
            str(cores() + 1),  # of what is tested, two fifths of the time is waiting
            "--dist",
            "loadgroup",
            *arguments,
        ],
    }
    results: list[str] = []
    code = 0
    all_began = time.monotonic()
    for name, command in steps.items():
        if code:
            results.append(f"  {name:<8} not run")
            continue
        say(f"\n== {name}")
        began = time.monotonic()
        code = checked(command)
        again: list[str] = []
        if name == "tests" and code == FAILED_TESTS:
            # Sound, windows and killed processes depend on how busy the machine is. What
            # fails alone too is wrong; what does not is named below and worth a look.
            again = failed_tests()
            say("\n== tests that failed, once more, one after the other")
            code = checked([*command, "-n", "0", "--last-failed"])
        verdict = f"failed ({code})" if code else "passed"
        results.append(f"  {name:<8} {verdict}, {time.monotonic() - began:.0f} s")
        results.extend(told_of_reruns(again, failed_tests() if again else []))
    version = environment.version() or (0, 0)
    say(f"\nWordlight on Python {version[0]}.{version[1]}:")
    say("\n".join(results))
    say(f"  {'in all':<8} {time.monotonic() - all_began:.0f} s, tests on {cores()} cores")
    say("Something failed: see above." if code else "Everything passed.")
    return code


def cores() -> int:
    """Tell how many cores this process may use."""
    if sys.platform.startswith("linux"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def failed_tests() -> list[str]:
    """Name the tests that failed when they ran last, as pytest remembers them."""
    try:
        kept = (ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed").read_text("utf-8")
        return sorted(json.loads(kept))
    except (OSError, ValueError):  # none: pytest removes the file then
        return []


def told_of_reruns(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Say which tests ran twice and how the second time went.

    Args:
        before: Those that failed at first.
        after: Those that failed again.
    """
    if not before:
        return []
    busy = [name for name in before if name not in after]
    lines = [f"           {len(before)} ran twice, {len(busy)} of them passed alone"]
    lines.extend(f"             passed alone: {name}" for name in busy)
    lines.extend(f"             failed twice: {name}" for name in before if name in after)
    return lines


def checked(command: list[str]) -> int:
    """Run one check in the surroundings of tests; gives its exit status."""
    return subprocess.call(
        command, cwd=str(ROOT), env=test_surroundings(), stdin=subprocess.DEVNULL
    )


def test_surroundings() -> dict[str, str]:
    """Give the variables tests run under: no screen, no key, nothing from the network."""
    gone = {"SMALLEST_API_KEY", "DISPLAY", "WAYLAND_DISPLAY", "PYTHONPATH", "PYTHONHOME"}
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in gone and not name.startswith("WORDLIGHT_")
    }
    return {**kept, "QT_QPA_PLATFORM": "offscreen", "HF_HUB_OFFLINE": "1"}


def format_sources(_arguments: list[str], wanted_python: str | None) -> int:
    """Lay out the source, and mend what the linter can mend."""
    python = str(set_up("test", wanted_python).python)
    mended = subprocess.call([python, "-m", "ruff", "check", "--fix", *SOURCES], cwd=str(ROOT))
    laid_out = subprocess.call([python, "-m", "ruff", "format", *SOURCES], cwd=str(ROOT))
    return mended or laid_out


def bench(arguments: list[str], wanted_python: str | None) -> int:
    """Measure; each figure comes with its reference from the same run."""
    return _own_module("bench", arguments, wanted_python)


def voices(arguments: list[str], wanted_python: str | None) -> int:
    """Make the models that tell voices apart out of their published weights."""
    return _own_module("weights", arguments, wanted_python)


def pictures(arguments: list[str], wanted_python: str | None) -> int:
    """Take the pictures of the README again."""
    return _own_module("screenshots", arguments, wanted_python)


def texts(arguments: list[str], wanted_python: str | None) -> int:
    """Gather the texts for people and keep their translations."""
    return _own_module("texts", arguments, wanted_python)


def _own_module(name: str, arguments: list[str], wanted_python: str | None) -> int:
    python = str(set_up("test", wanted_python).python)
    # Not -m packaging.bench: a package of that name is among the dependencies.
    path = os.pathsep.join((str(ROOT / "packaging"), str(ROOT)))
    surroundings = {**test_surroundings(), "PYTHONPATH": path}
    return subprocess.call([python, "-m", name, *arguments], cwd=str(ROOT), env=surroundings)


def build(arguments: list[str], wanted_python: str | None) -> int:
    """Make installers; the model goes in unless ``--without-models`` is given."""
    import building

    refuse_other_machines()
    environment = Environment(ROOT / ".venv-bundle")
    _default, base = choose(wanted_python)
    order = building.take_order(arguments, environment)
    bring(environment, [*machine.QT, *machine.DESKTOP, *machine.BUILDING])
    prepare(environment, base)
    environment.fill("bundle")
    return building.build(order)


def gather(arguments: list[str], _wanted_python: str | None) -> int:
    """Write checksums, and what winget, Homebrew, Arch and Flathub want of a release."""
    import elsewhere

    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        raise SetupError("gather needs the folder that the files of the release lie in.")
    for path in elsewhere.gather(Path(arguments[0])):
        say(f"- {path}")
    return 0


def try_out(arguments: list[str], _wanted_python: str | None) -> int:
    """Install what was built on clean systems, use it there, upgrade it, remove it."""
    import trying
    import windows_trial

    systems = trying.take_systems(arguments)
    pictures = ROOT / "build" / "tried"
    failed = 0
    for system in systems:
        if system == trying.WINDOWS:
            failed += windows_trial.attempt(pictures)
        else:
            failed += trying.attempt(system, trying.newest_package(), pictures)
    say(f"{failed} steps failed." if failed else "All of it works.")
    return 1 if failed else 0


def lock(arguments: list[str], wanted_python: str | None) -> int:
    """Resolve the dependencies again; pins are kept unless ``--upgrade`` is given."""
    _environment, base = choose(wanted_python)
    with tempfile.TemporaryDirectory() as folder:
        tools = Environment(Path(folder) / "tools")
        tools.make(base)
        installed = _succeeds([str(tools.python), "-m", "pip", "install", "-q", "uv"])
        if not installed:
            raise SetupError("uv, which resolves the dependencies, could not be installed.")
        constrained = ["-c", "run.lock"]
        for name, extra in (
            ("run", ["--extra", "languages", "--extra", "alignment", *_group("build")]),
            (
                "test",
                [
                    "--extra",
                    "languages",
                    "--extra",
                    "alignment",
                    *_group("dev"),
                    *_group("build"),
                ],
            ),
            ("build", _group("build")),
            ("bundle", _group("bundle")),
        ):
            command = [
                *(str(tools.command("uv")), "pip", "compile", "--quiet", "--universal"),
                *("--generate-hashes", "--no-header", "--no-emit-index-url"),
                *("--no-emit-find-links", "--python-version", f"{OLDEST[0]}.{OLDEST[1]}"),
                *extra,
                *(constrained if name != "run" else []),
                *([] if name in {"build", "bundle"} else ["../pyproject.toml"]),
                *("-o", f"{name}.lock"),
                *arguments,
            ]
            say(f"- Resolving {name}.lock")
            code = subprocess.call(command, cwd=str(ROOT / "packaging"))
            if code:
                return code
    return 0


def _group(name: str) -> list[str]:
    return ["--group", f"../pyproject.toml:{name}"]


VERBS: dict[str, Callable[[list[str], str | None], int]] = {
    "run": run,
    "test": test,
    "format": format_sources,
    "bench": bench,
    "build": build,
    "gather": gather,
    "try": try_out,
    "pictures": pictures,
    "voices": voices,
    "texts": texts,
    "lock": lock,
}


# ------------------------------------------------------------------- the way in


def main(arguments: list[str]) -> int:
    """Do what the command line says; gives the exit code."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        say((__doc__ or "").strip())
        return 0 if arguments else 2
    try:
        rest, wanted_python = take_python(arguments)
        if not is_usable(sys.version_info[:2]):
            return start_over(arguments, wanted_python)
        if not rest or rest[0] not in VERBS:
            say(f"Say one of: {', '.join(VERBS)}. --help tells more.")
            return 2
        return VERBS[rest[0]](rest[1:], wanted_python)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def take_python(arguments: list[str]) -> tuple[list[str], str | None]:
    """Take ``--python PATH`` out of a command line, wherever it stands."""
    rest: list[str] = []
    wanted = None
    left = iter(arguments)
    for argument in left:
        if argument == "--":
            rest.extend([argument, *left])
        elif argument == "--python":
            wanted = next(left, None)
            if not wanted:
                raise SetupError("--python needs the path of a Python.")
        elif argument.startswith("--python="):
            wanted = argument.partition("=")[2]
        else:
            rest.append(argument)
    return rest, wanted


def start_over(arguments: list[str], wanted_python: str | None) -> int:
    """Start this script again with a Python that Wordlight runs on."""
    names = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    candidates = [wanted_python] if wanted_python else [str(DEFAULT.python), *names]
    if os.name == "nt" and not wanted_python:
        candidates += [_from_launcher(name[len("python") :]) for name in names]
    for name in candidates:
        found = shutil.which(name) if name else None
        if found and is_usable(version_of(found)):
            return subprocess.call([found, str(Path(__file__).resolve()), *arguments])
    have = f"{sys.version_info[0]}.{sys.version_info[1]}"
    raise SetupError(f"Wordlight needs {USABLE}, this is {have}: install python3.11 or newer.")


def _from_launcher(version: str) -> str:
    """Ask the Windows launcher where a version of Python lies; empty if nowhere."""
    try:
        told = subprocess.run(
            ["py", "-" + version, "-c", "import sys; print(sys.executable)"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return told.stdout.strip()


def _succeeds(command: Sequence[str]) -> bool:
    done = subprocess.run(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
