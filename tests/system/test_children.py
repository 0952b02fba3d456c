from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.system.children import (
    OwnChild,
    clean_environment,
    own_command,
    own_environment,
    program_command,
    program_environment,
)
from app.system.resources import build_name

SECRETS = {
    "SMALLEST_API_KEY": "s3cret",
    "HTTPS_PROXY": "http://name:s3cret@proxy",
    "FFREPORT": "file=report.log",
    "Path": "C:\\",
    "HOME": "/h",
}


@pytest.mark.parametrize("environment_for", [clean_environment, own_environment])
def test_a_child_gets_what_it_needs_and_no_secret(environment_for) -> None:
    environment = environment_for(SECRETS)

    assert "s3cret" not in str(environment)
    assert "FFREPORT" not in environment
    assert environment["HOME"] == "/h"
    assert environment["Path"] == "C:\\"


def test_a_child_that_has_to_see_everything_does_not_see_the_key() -> None:
    environment = own_environment(SECRETS, all_but={"SMALLEST_API_KEY"})

    assert "SMALLEST_API_KEY" not in environment
    assert environment["HTTPS_PROXY"] == SECRETS["HTTPS_PROXY"]


def test_a_foreign_child_of_a_frozen_program_gets_the_systems_libraries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    bundled = {"LD_LIBRARY_PATH": "/bundle", "LD_LIBRARY_PATH_ORIG": "/usr/lib"}

    assert clean_environment(bundled) == {"LD_LIBRARY_PATH": "/usr/lib"}
    assert clean_environment({"LD_LIBRARY_PATH": "/bundle"}) == {}
    assert own_environment(bundled)["LD_LIBRARY_PATH"] == "/bundle"


@pytest.mark.parametrize("child", OwnChild)
def test_a_frozen_program_is_its_own_child(
    monkeypatch: pytest.MonkeyPatch, child: OwnChild
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)

    assert own_command(child) == [sys.executable, child.value, build_name()]


def test_a_frozen_program_is_started_once_more_as_one_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)

    assert program_command() == [sys.executable]
    environment = program_environment({"DISPLAY": ":1", "PYTHONPATH": "/mine"})
    assert environment == {
        "DISPLAY": ":1",
        "PYTHONPATH": "/mine",
        "PYINSTALLER_RESET_ENVIRONMENT": "1",
    }


def test_the_source_is_started_once_more_wherever_one_stands(tmp_path: Path) -> None:
    done = subprocess.run(
        [*program_command(), "--version"],
        cwd=tmp_path,
        env=program_environment({"HOME": "/h"}),
        capture_output=True,
        check=True,
    )
    assert build_name() in done.stdout.decode()


def test_an_own_child_is_not_fooled_by_files_where_it_is_started(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(77)")

    ended = subprocess.run(
        own_command(OwnChild.RECOGNISER),
        cwd=tmp_path,
        input=b"",
        env=own_environment(),
        check=False,
    )

    assert ended.returncode == 0
