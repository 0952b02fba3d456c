"""``wordlight`` as a real process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.fake_waves import FakeWaves, fake_waves

__all__ = ["fake_waves"]

ROOT = Path(__file__).parent.parent.parent
Result = subprocess.CompletedProcess[bytes]
Wordlight = Callable[..., Result]


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """The environment of the process: folders of its own, no key, no service."""
    return {
        **os.environ,
        "WORDLIGHT_HOME": str(tmp_path / "home"),
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
    }


@pytest.fixture
def wordlight(surroundings: dict[str, str], tmp_path: Path) -> Wordlight:
    """Run a command to its end: ``wordlight("list")`` gives status, output and errors."""

    def run(*arguments: str | Path, **more: str) -> Result:
        return subprocess.run(
            [sys.executable, "-m", "app", *map(str, arguments)],
            cwd=tmp_path,
            env=surroundings | more,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=100,
            check=False,
        )

    return run


@pytest.fixture
def service(fake_waves: FakeWaves) -> dict[str, str]:
    """What the environment says of the service."""
    return {"WORDLIGHT_BASE_URL": fake_waves.address, "SMALLEST_API_KEY": fake_waves.key}
