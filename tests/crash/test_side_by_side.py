"""The window and the command line at work on the same library, each a process of its own."""

from __future__ import annotations

import json
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.crash.stage import LONGEST_S, Home, ended_within, kill, service

RECORDINGS = 6


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_window_and_command_share_the_work_and_nothing_is_done_twice(tmp_path: Path) -> None:
    """The window has all of them, the command wants the second half while that works."""
    with service(tmp_path, think_s=0.5) as waves:
        home = Home(tmp_path / "home", waves)
        home.set_up(RECORDINGS, random.Random(7))
        home.choose_in_window()
        window = home.start(home.window_command())
        try:
            _until_listed(home)
            status, said = home.finish(files=home.recordings[RECORDINGS // 2 :])
            until = time.monotonic() + LONGEST_S
            while home.undone() and time.monotonic() < until:
                assert not ended_within(window, 0.1)
        finally:
            window.send_signal(signal.SIGTERM)
            ended = ended_within(window, LONGEST_S)
            kill(window)
        assert ended
        assert window.returncode == 0
        for line in said.splitlines():  # what the window had at hand is left to it, and said
            if line.startswith("wordlight: "):
                assert "another Wordlight is working on it" in line
                assert status == 1
        assert len(home.billed()) == RECORDINGS
        jobs = home.rows("SELECT source, state, owner FROM jobs")
        assert Counter(json.loads(str(source)) for source, *_ in jobs) == Counter(
            map(str, home.recordings)
        )
        assert {(state, owner) for _, state, owner in jobs} == {("done", None)}
        assert home.rows("SELECT count(*) FROM transcripts") == [(RECORDINGS,)]
        assert home.rows("PRAGMA integrity_check") == [("ok",)]
        status, said = home.finish()
        assert status == 0, said
        assert len(home.billed()) == RECORDINGS
        assert len(list(home.out.iterdir())) == RECORDINGS


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_window_told_to_end_goes_on_with_the_same_files_and_adds_none_twice(
    tmp_path: Path,
) -> None:
    with service(tmp_path, think_s=0.5) as waves:
        home = Home(tmp_path / "home", waves)
        home.set_up(RECORDINGS, random.Random(8))
        home.choose_in_window()
        all_of_them = home.window_command()
        window = home.start(all_of_them)
        _until_listed(home)
        window.send_signal(signal.SIGTERM)
        assert ended_within(window, LONGEST_S)
        assert window.returncode == 0
        window = home.start(home.window_command())
        until = time.monotonic() + LONGEST_S
        at_work = "SELECT 1 FROM jobs WHERE state NOT IN ('done', 'needs-attention')"
        try:
            while home.rows(at_work) and time.monotonic() < until:
                assert not ended_within(window, 0.1)
        finally:
            window.send_signal(signal.SIGTERM)
            ended_within(window, LONGEST_S)
            kill(window)
        jobs = home.rows("SELECT source, state FROM jobs")
        sources = [json.loads(str(source)) for source, _ in jobs]
        assert Counter(sources) == Counter(map(str, home.recordings))
        states = Counter(state for _, state in jobs)
        # what had been sent when it was told to end may be billed, so it asks
        assert set(states) <= {"done", "needs-attention"}
        assert len(home.billed()) <= RECORDINGS


def _until_listed(home: Home) -> None:
    until = time.monotonic() + LONGEST_S
    pause = home.start(["sleep", str(LONGEST_S)])
    try:
        while time.monotonic() < until:
            if home.rows("SELECT count(*) FROM jobs") == [(len(home.recordings),)]:
                return
            ended_within(pause, 0.02)
    finally:
        kill(pause)
    raise AssertionError("the window never listed the recordings")
