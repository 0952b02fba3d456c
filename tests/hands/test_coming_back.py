"""Closing the window and opening it again: nothing is lost."""

from __future__ import annotations

import re

from tests.hands.talk import write_talk
from tests.support.hands.desk import Desk


def test_a_correction_is_there_when_the_program_comes_back(desk: Desk) -> None:
    program = desk.open_program(write_talk(desk.folder, "again"))
    program.find("label", "again")
    desk.hand.double_click(program.page.box_of("fellow"))
    page = program.page
    desk.eye.until(lambda: page.selected_text == "fellow", "the word selected")
    desk.hand.type("dear")
    desk.eye.until(lambda: "my dear Americans" in page.text, "the word")
    desk.hand.press("alt+F4")
    program.ended()

    program = desk.open_program()
    desk.hand.click(program.find("push button", re.compile("^again, Today")).box)
    page = program.page
    desk.eye.until(lambda: "my dear Americans" in page.text, "the corrected word")
    program.leave()
