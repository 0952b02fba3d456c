from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import commands
from app.store.paths import AppPaths
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


@pytest.mark.skipif(sys.platform == "win32", reason="it has no named pipes of this kind")
def test_ctrl_c_before_anything_has_begun_is_no_fault(
    surroundings: dict[str, str], tmp_path: Path
) -> None:
    names = tmp_path / "names"
    os.mkfifo(names)
    with (
        subprocess.Popen(
            [sys.executable, "-m", "app", "transcribe", "talk.mp3", "--names", str(names)],
            cwd=ROOT,
            env=surroundings,
            stderr=subprocess.PIPE,
        ) as running,
        names.open("wb"),
    ):  # from here on it waits for a name
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)

    assert running.returncode == 130
    assert told == b""


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


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of its own")
@pytest.mark.parametrize("closed", [">&-", "<&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_are_no_fault(
    surroundings: dict[str, str], tmp_path: Path, closed: str
) -> None:
    """What would be said goes nowhere, and above all into no file that is opened next."""
    (tmp_path / "talk.srt").write_text(
        "1\n00:00:00,000 --> 00:00:01,000\nGood morning\n", "utf-8"
    )
    command = f'"{sys.executable}" -m app import talk.srt {closed}'
    done = subprocess.run(  # noqa: S602 - a shell alone can begin a program without them
        command, cwd=tmp_path, env=surroundings, shell=True, timeout=60, check=False
    )
    assert done.returncode == 0
    told = subprocess.run(
        [sys.executable, "-m", "app", "list"],
        cwd=tmp_path,
        env=surroundings,
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert told.stdout.decode().split()[-1] == "talk"


@pytest.mark.parametrize(
    "words",
    [("transcribe",), ("import",), ("export",), ("export", "talk", "--output"), ("list", "")],
)
def test_a_name_too_long_for_the_disk_is_a_sentence(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    status = 0
    try:
        status = commands.run([*words, "n" * 300])
    except SystemExit as ended:
        status = int(str(ended.code))
    assert status in {1, 2}
    assert capsys.readouterr().err.startswith("wordlight")


@pytest.mark.parametrize(
    "words", [("list",), ("list", "--json"), ("export", "talk"), ("import", "none.srt")]
)
def test_a_damaged_library_is_told_whatever_the_command(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    paths = AppPaths.find()
    paths.create()
    paths.database.write_bytes(b"no library at all" * 1_000)
    commands.run(words)
    first, *_ = capsys.readouterr().err.splitlines()
    assert first.startswith("wordlight: The library was damaged.")
    commands.run(words)
    assert "damaged" not in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="a folder one is in cannot go there")
@pytest.mark.parametrize(
    "words", ["transcribe a.wav", "import a.srt", "record --for 1s", "list"]
)
def test_the_folder_one_is_in_may_be_gone(
    surroundings: dict[str, str], tmp_path: Path, words: str
) -> None:
    (tmp_path / "gone").mkdir()
    done = subprocess.run(  # noqa: S602 - a shell alone can stay in it
        f'cd gone && rmdir ../gone && "{sys.executable}" -m app {words}',
        cwd=tmp_path,
        env=surroundings,
        shell=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    lines = done.stderr.decode().splitlines()
    assert done.returncode == (0 if words == "list" else 1)
    assert len(lines) == (0 if words == "list" else 1), lines
