"""Press the button, talk, and what was said stands in the queue, whatever happens."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from app.audio.process import find_ffmpeg
from app.core.take import RATE_HZ
from app.core.transcript import Word
from tests.support.fake_live import KEY, FakeLive
from tests.support.hands.desk import Desk, Program
from tests.support.sound_server import IS_HERE, MISSING, SoundServer, sound_server

pytestmark = pytest.mark.skipif(not IS_HERE, reason=MISSING)


SAID_S = 8
"""As far as: *And so, my fellow Americans, ask not what your country can do for you.*"""
FIRST_S = 5
"""So long the first half of it is, as far as *ask not*."""


@pytest.fixture(scope="module")
def server() -> Iterator[SoundServer]:
    with sound_server() as one:
        yield one


@pytest.fixture(scope="module")
def speech(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    """Somebody who talks, as a microphone hears it."""
    import subprocess

    raw = subprocess.run(
        [
            str(find_ffmpeg()),
            *("-loglevel", "error", "-i", str(clips / "kennedy-1961.flac")),
            *("-ac", "1", "-ar", "48000", "-f", "s16le", "-"),
        ],
        check=True,
        capture_output=True,
    ).stdout
    return np.frombuffer(raw, np.int16)[: SAID_S * RATE_HZ]


def begin(desk: Desk, server: SoundServer, home: str) -> Program:
    """Open the program beside the microphone, and record by its button."""
    program = desk.open_program(
        home=desk.folder / home,
        surroundings={"PULSE_SERVER": f"unix:{server.socket}"},
    )
    desk.hand.click(program.find("push button", "Record").box)
    program.find("dialog", "Record")
    program.find("label", re.compile("^Before you record, ask everybody"))
    desk.hand.press("Return")
    program.find("push button", "Stop")
    return program


def mark(desk: Desk, program: Program) -> None:
    """Mark the moment, and wait until that is told."""
    desk.hand.click(program.find("push button", "Mark").box)
    program.find("label", re.compile("^Marked at 0:"))


def recordings(desk: Desk) -> list[Path]:
    return [path for path in desk.folder.rglob("Recording *.flac") if path.is_file()]


def test_what_was_said_is_recorded_marked_and_transcribed_and_closing_asks(
    desk: Desk, server: SoundServer, speech: np.ndarray
) -> None:
    program = begin(desk, server, "recorded")
    server.play(speech[: FIRST_S * RATE_HZ])
    mark(desk, program)
    # What was said stands on the page while it is recorded, and is corrected there.
    desk.eye.until(
        lambda: "fellow" in program.page.text, "words while they are spoken", timeout_s=100
    )
    # It is heard again there meanwhile, too.
    position = program.find("slider", "Position")
    desk.hand.click(program.page.box_of("Americans"))
    desk.hand.press("Escape")
    desk.eye.until(lambda: position.value >= 2, "what was said, again")
    desk.hand.press("Escape")
    program.find("push button", "Play")
    desk.hand.click(program.page.box_of("fellow"))
    desk.eye.until(lambda: position.value < 2, "where it was said")
    desk.hand.click(program.page.box)
    desk.hand.press("ctrl+Home")
    desk.hand.type("Hark! ")
    desk.eye.until(lambda: program.page.text.startswith("Hark! "), "a correction")
    desk.hand.press("ctrl+shift+s")
    program.find("panel", "Who is speaking")
    desk.hand.type("Jack")
    desk.hand.press("Return")
    program.find("label", re.compile(" · 1 speaker · "))
    assert program.window.name.startswith("● Recording")
    desk.hand.click(program.find("push button", "Pause").box)
    program.find("label", "Paused")
    desk.hand.click(program.find("push button", "Resume").box)
    # All of it is told to those who hear the screen as well.
    desk.eye.until(lambda: desk.eye.said.count("Recording") >= 2, "that it goes on, said")
    assert "Paused" in desk.eye.said
    assert any(one.startswith("Marked at 0:") for one in desk.eye.said)
    program.gone("label", re.compile("^Marked at 0:"))  # since then it was paused
    mark(desk, program)
    level = program.find("label", "Level: Microphone")
    assert level.description in {"No sound", "Quiet", "Good", "Too loud"}
    server.play(speech[FIRST_S * RATE_HZ :])
    desk.hand.click(program.find("push button", "Stop").box)
    row = program.find("list item", re.compile(r"^Recording \d.*\.flac\. Done"), timeout_s=100)
    desk.hand.click(row.box)
    program.find("label", re.compile("^Recording "))
    desk.eye.until(lambda: "country" in program.page.text, "all that was said")
    assert program.page.text.startswith("Hark! ")

    before = len(recordings(desk))
    desk.hand.press("ctrl+shift+r")
    program.find("dialog", "Record")
    desk.hand.press("Return")
    program.find("push button", "Stop")
    server.play(speech[: 2 * RATE_HZ])
    desk.hand.press("ctrl+q")
    desk.hand.click(program.find("push button", "Stop and close").box)
    # It stands in the queue now, and is not done yet.
    desk.hand.click(program.find("push button", "Continue next time").box)
    program.ended()
    assert len(recordings(desk)) == before + 1


def test_words_by_the_service_stand_on_the_page_with_their_cost(
    desk: Desk, server: SoundServer, speech: np.ndarray
) -> None:
    script = [
        Word(text, 400 + place * 300, 650 + place * 300)
        for place, text in enumerate(
            ["We", "choose", "to", "go", "to", "the", "moon", "in", "this", "decade"]
        )
    ]
    with FakeLive(script, is_coded=False) as service:
        program = desk.open_program(
            home=desk.folder / "served",
            surroundings={
                "PULSE_SERVER": f"unix:{server.socket}",
                "WORDLIGHT_BASE_URL": service.address,
                "SMALLEST_API_KEY": KEY,
            },
        )
        desk.hand.press("ctrl+shift+r")
        sheet = program.find("dialog", "Record")
        desk.hand.click(sheet.find("combo box", "On this computer").box)
        desk.hand.press("Down", "Return")
        sheet.find("combo box", re.compile(r"^By Pulse, about \$0\.48 an hour"))
        desk.hand.click(sheet.find("push button", "Record").box)
        program.find("push button", "Stop")
        with ThreadPoolExecutor() as aside:
            aside.submit(server.play, speech[: FIRST_S * RATE_HZ])
            # What may still change stands under the page, and is no part of it.
            program.find("label", re.compile("^We choose"))
        desk.eye.until(lambda: "choose to go to" in program.page.text, "what Pulse has heard")
        program.find("label", re.compile(r"· (about|less than) \$0\.01$"))
        program.end()
    assert service.violations == []


def test_what_is_dictated_is_text_to_copy_and_no_recording(
    desk: Desk, server: SoundServer, speech: np.ndarray
) -> None:
    spoken = "Dear Anna comma new line we choose to go to the moon full stop"
    script = [
        Word(text, 400 + place * 300, 650 + place * 300)
        for place, text in enumerate(spoken.split())
    ]
    with FakeLive(script, is_coded=False) as service:
        program = desk.open_program(
            home=desk.folder / "dictated",
            surroundings={
                "PULSE_SERVER": f"unix:{server.socket}",
                "WORDLIGHT_BASE_URL": service.address,
                "SMALLEST_API_KEY": KEY,
            },
        )
        before = recordings(desk)
        desk.hand.click(program.find("push button", "More").box)
        desk.hand.click(program.find("menu item", "Dictate…").box)
        sheet = program.find("dialog", "Record")
        desk.hand.click(sheet.find("combo box", "On this computer").box)
        desk.hand.press("Down", "Return")
        desk.hand.click(sheet.find("check box", re.compile("^Write spoken punctuation")).box)
        desk.hand.click(sheet.find("push button", "Dictate").box)
        program.find("label", "Dictating")
        server.play(speech[: 6 * RATE_HZ])
        page = program.page
        desk.eye.until(lambda: page.text.startswith("Dear Anna,\nWe choose to"), "the words")
        bar = program.find("panel", "Recording")
        desk.hand.click(bar.find("push button", "Copy").box)
        desk.hand.click(bar.find("push button", "Stop").box)
        program.find("label", "What you dictated is in the library.")
        program.find("label", "Dictated; its audio is not kept.")
        assert page.text == "Dear Anna,\nWe choose to go to the moon."
        desk.hand.press("ctrl+f", "ctrl+v")
        field = program.find("text", "Find in transcript")
        desk.eye.until(lambda: field.text.startswith("Dear Anna,"), "what was copied")
        assert recordings(desk) == before
        program.leave()


def test_a_window_that_is_killed_loses_no_recording(
    desk: Desk, server: SoundServer, speech: np.ndarray
) -> None:
    program = begin(desk, server, "killed")
    server.play(speech[: FIRST_S * RATE_HZ])
    os.kill(program.process_id, signal.SIGKILL)
    program.end()
    server.play(speech[FIRST_S * RATE_HZ :])  # the process that records goes on
    program = desk.open_program(
        home=desk.folder / "killed",
        surroundings={"PULSE_SERVER": f"unix:{server.socket}"},
    )
    program.find("label", re.compile("cut short has been saved"), timeout_s=100)
    row = program.find("list item", re.compile(r"^Recording \d.*\.flac\. Done"), timeout_s=100)
    desk.hand.click(row.box)
    desk.eye.until(lambda: "country" in program.page.text, "all that was said")
    program.leave()
