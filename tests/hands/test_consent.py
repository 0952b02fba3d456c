"""Sound leaves for an address only where a person allows it, and they can take that back."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.support.hands.desk import Desk


def test_sending_is_asked_about_once_and_can_be_taken_back(desk: Desk, clips: Path) -> None:
    program = desk.open_program(
        home=desk.folder / "asked",
        surroundings={
            "WORDLIGHT_BASE_URL": "https://speech.invalid",
            "SMALLEST_API_KEY": "sk_of_nobody_000",
        },
    )
    talk = Path(shutil.copy(clips / "kennedy-1961.flac", desk.folder / "talk.flac"))
    desk.hand_to(program, talk)
    question = program.find("dialog", "Send audio to speech.invalid?")
    question.find("label", re.compile(r"an hour of audio costs about \$0\.30"))
    desk.hand.press("Escape")  # the harmless answer
    program.find("label", re.compile("^On hold: audio may not be sent to speech.invalid"))

    desk.hand.click(program.find("push button", re.compile("^Resume")).box)
    question = program.find("dialog", "Send audio to speech.invalid?")
    desk.hand.click(question.find("push button", "Send").box)
    program.gone("dialog", "Send audio to speech.invalid?")

    desk.hand.press("ctrl+comma")
    settings = program.find("dialog", re.compile("^Settings"))
    desk.hand.click(settings.find("list item", "Privacy").box)
    desk.hand.click(settings.find("push button", "Send no more audio to speech.invalid").box)
    settings.find("label", re.compile("^No audio is sent anywhere yet"))
    desk.hand.press("Escape")
    program.gone("dialog", "Settings")
    program.end()
