"""``wordlight record``: what it takes, and a real recording of a real microphone."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.audio.probe import probe
from app.cli.arguments import build_parser
from tests.support.sound_server import IS_HERE, MISSING, sound_server


@pytest.mark.parametrize(
    ("text", "length_ms"),
    [("90s", 90_000), ("30m", 1_800_000), ("1.5h", 5_400_000), ("2:00", 120_000)],
)
def test_a_length_is_read_with_its_unit(text: str, length_ms: int) -> None:
    arguments = build_parser().parse_args(["record", "--for", text, "--output", "here"])
    assert arguments.length == length_ms
    assert arguments.output == Path("here")


@pytest.mark.parametrize("text", ["", "0s", "-3m", "soon", "1d"])
def test_what_is_no_length_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["record", f"--for={text}"])
    assert "is not a length" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(not IS_HERE, reason=MISSING)
def test_a_microphone_is_recorded_for_so_long_and_named_by_a_part(tmp_path: Path) -> None:
    with sound_server() as server:
        environ = {
            **os.environ,
            "PULSE_SERVER": f"unix:{server.socket}",
            "WORDLIGHT_HOME": str(tmp_path / "home"),
        }
        command = [
            sys.executable,
            "-m",
            "app",
            "record",
            "--mic",
            "mi",
            "--for",
            "2s",
            "--json",
        ]
        done = subprocess.Popen(
            [*command, "--json", "--output", str(tmp_path)], env=environ, stdout=subprocess.PIPE
        )
        server.play(np.full(48_000, 900, np.int16))
        told, _ = done.communicate(timeout=60)
    assert done.returncode == 0
    events = [json.loads(line) for line in told.splitlines()]
    assert [one["event"] for one in events] == ["recording", "recorded"]
    recording = asyncio.run(probe(Path(events[-1]["file"])))
    assert 1_500 <= recording.duration_ms <= 6_000
