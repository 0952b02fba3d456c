from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.cli.conftest import ROOT, Wordlight

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@pytest.mark.parametrize("arguments", [("--bogus",), ("talk.mp3", "-x")])
def test_an_unknown_option_is_wrong_usage_and_no_recording(
    wordlight: Wordlight, arguments: tuple[str, ...]
) -> None:
    done = wordlight(*arguments)

    assert done.returncode == 2
    assert f"unrecognized arguments: {arguments[-1]}" in done.stderr.decode()


def test_without_a_screen_the_window_says_so_in_one_line(wordlight: Wordlight) -> None:
    done = wordlight("talk.mp3", **dict.fromkeys(DISPLAYS, ""))

    assert done.returncode == 1
    (line,) = done.stderr.decode().splitlines()
    assert "There is no screen" in line


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise there")
def test_a_reader_that_has_had_enough_is_no_fault(surroundings: dict[str, str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "app", "doctor"],
        cwd=ROOT,
        env=surroundings,
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writing)

    assert done.returncode == 1
    assert done.stderr == b""
