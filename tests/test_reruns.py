"""What ``dev.py test`` stands on when it runs again what failed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest")
TESTS = """
import pytest

@pytest.mark.xdist_group("left hand")
@pytest.mark.parametrize("who", ["a@b", "c d"])
def test_of_a_group(who):
    assert who == "a@b"

def test_of_none():
    pass
"""


@pytest.mark.slow
@pytest.mark.parametrize("share", ["loadgroup", "load"])
def test_only_what_failed_runs_again_also_of_a_group(tmp_path: Path, share: str) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    (tmp_path / "test_some.py").write_text(TESTS, "utf-8")

    def run(*arguments: str) -> str:
        here = ("--rootdir", str(tmp_path), "-c", str(tmp_path / "pytest.ini"))
        done = subprocess.run(
            [*PYTEST, *here, *arguments, str(tmp_path)],
            check=False,
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=60,
        )
        return done.stdout.strip().splitlines()[-1]

    assert "1 failed, 2 passed" in run("-n", "1", "--dist", share)
    kept = json.loads((tmp_path / ".pytest_cache/v/cache/lastfailed").read_text("utf-8"))
    assert list(kept) == ["test_some.py::test_of_a_group[c d]"]
    assert "1 failed in" in run("-n", "0", "--last-failed")
