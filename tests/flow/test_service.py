"""The main job through the service, on the real window; and the key, which is nowhere."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.job import JobState
from app.core.options import ModelId, TranscriptionOptions
from tests.flow.conftest import OpenProgram
from tests.support.fake_waves import FakeWaves, Fault, Heard
from tests.support.waiting import until

TALK = [
    Heard("Who", 0.1, 0.3, 0), Heard("speaks?", 0.3, 0.7, 0), Heard("I", 0.9, 1.0, 1),
    Heard("do.", 1.0, 1.3, 1),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_pulse_and_pulse_pro_on_the_window_and_the_key_nowhere(
    open_program: OpenProgram,
    run_async,
    fake_waves: FakeWaves,
    clips: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.DEBUG)
    # Without the look of a key, so that nothing but its not being there can help.
    fake_waves.key = "Zq7Vd-plain-as-day-31415"
    monkeypatch.setenv("SMALLEST_API_KEY", fake_waves.key)
    monkeypatch.setenv("WORDLIGHT_BASE_URL", fake_waves.address)
    fake_waves.answer = TALK
    fake_waves.script(
        None, None, Fault.status(401, {"error": f"unauthorized {fake_waves.key}"})
    )
    seen: list[str] = []

    async def flow() -> None:
        async with open_program() as opened:
            panel = opened.options
            opened.services.queue.subscribe(lambda event: seen.append(repr(event)))
            # There is a key, so the program begins with Pulse by itself, in its own time.
            await until(lambda: panel.options.model is ModelId.PULSE)
            panel.show_options(TranscriptionOptions(model=ModelId.PULSE, diarize=True))
            opened.drop(clips / "lj001-0008.flac")
            await until(lambda: len(opened.jobs) == 1)
            await opened.at_rest(1)
            panel.show_options(TranscriptionOptions(model=ModelId.PULSE_PRO))
            opened.drop(clips / "lj001-0002.flac")
            await until(lambda: len(opened.jobs) == 2)
            await opened.at_rest(2)
            assert {job.state for job in opened.jobs} == {JobState.DONE}

            await opened.shown(opened.jobs[0])
            assert len(opened.transcript.speakers) == 2
            assert [one.text for one in opened.transcript.paragraphs] == [
                "Who speaks?",
                "I do.",
            ]
            await opened.shown(opened.jobs[1])
            assert not opened.transcript.speakers
            assert opened.transcript.text.split() == ["Who", "speaks?", "I", "do."]

            opened.drop(clips / "lj001-0004.flac")
            await until(lambda: len(opened.jobs) == 3)
            await opened.at_rest(3)
            assert opened.jobs[2].state is JobState.NEEDS_ATTENTION
            seen.append(repr(opened.jobs))

    run_async(flow(), timeout_s=150)
    report = subprocess.run(
        [sys.executable, "-m", "app", "doctor"], capture_output=True, check=True, timeout=60
    )
    models = [dict(one.query)["model"] for one in fake_waves.transcriptions]
    assert models == ["pulse", "pulse-pro", "pulse-pro"]
    key = fake_waves.key
    assert key not in "".join(seen)
    assert key not in caplog.text
    assert key.encode() not in report.stdout + report.stderr
    files = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert any(path.name == "wordlight.db" for path in files)
    assert any(path.suffix == ".log" for path in files)
    assert [path for path in files if key.encode() in path.read_bytes()] == []
