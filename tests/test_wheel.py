"""The program as others get it: a wheel, installed, run from somewhere else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.support.wer import word_error_rate

ROOT = Path(__file__).parent.parent
_OF_THE_WHEEL = ("app", "resources", "pyproject.toml", "README.md", "LICENSE")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build it from a copy, since building leaves folders behind."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in _OF_THE_WHEEL:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, source / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, source / name)
    code = f"from setuptools.build_meta import build_wheel; build_wheel({str(out)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=source, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install it into an environment of its own; gives the command there.

    What it depends on is taken from the present environment, so that nothing is fetched.
    """
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    scheme = {"base": str(folder), "platbase": str(folder)}
    libraries = Path(sysconfig.get_path("purelib", "venv", scheme))
    scripts = Path(sysconfig.get_path("scripts", "venv", scheme))
    python = scripts / Path(sys.executable).name
    with zipfile.ZipFile(wheel) as packed:  # pure, so unpacking it is all that pip does
        packed.extractall(libraries)
    dependencies = Path(sysconfig.get_path("purelib"))
    (libraries / "dependencies.pth").write_text(str(dependencies), "utf-8")
    entry = next(libraries.glob("wordlight-*.dist-info/entry_points.txt")).read_text("utf-8")
    assert "wordlight = app.__main__:main" in entry
    command = scripts / "wordlight"
    command.write_text(
        f"#!{python}\nimport sys\nfrom app.__main__ import main\nsys.exit(main())\n"
    )
    command.chmod(0o755)
    return command


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """The environment of a person who knows nothing of our source tree."""
    known = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return known | {"WORDLIGHT_HOME": str(tmp_path / "home"), "PYTHONUTF8": "1"}


def test_the_wheel_holds_what_the_program_reads(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        held = set(packed.namelist())

    read = [
        path
        for folder in ("app", "resources/icons", "resources/sample", "resources/voices")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    ]
    assert {path.relative_to(ROOT).as_posix() for path in read} - held == set()
    assert not [name for name in held if "screenshots" in name or name.startswith("tests")]


@pytest.mark.skipif(sys.platform == "win32", reason="no line there says what runs a script")
def test_an_installed_program_finds_its_resources_and_not_ours(
    installed: Path, surroundings: dict[str, str], tmp_path: Path
) -> None:
    code = "from app.system.resources import resource_path; print(resource_path('icons'))"
    done = subprocess.run(
        [str(installed.with_name(Path(sys.executable).name)), "-c", code],
        cwd=tmp_path,
        env=surroundings,
        capture_output=True,
        text=True,
        check=True,
    )

    assert Path(done.stdout.strip()).is_relative_to(installed.parents[1])


@pytest.mark.skipif(sys.platform == "win32", reason="no line there says what runs a script")
def test_an_installed_program_recognises_a_recording(
    installed: Path, surroundings: dict[str, str], tmp_path: Path, clips: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(clips / "lj001-0002.flac", elsewhere / "talk.flac")

    done = subprocess.run(
        [str(installed), "transcribe", "talk.flac"],
        cwd=elsewhere,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    said = (clips / "lj001-0002.txt").read_text("utf-8")
    assert word_error_rate(said, (elsewhere / "talk.txt").read_text("utf-8")) <= 0.12
