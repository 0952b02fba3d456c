"""Closing the window and opening it again: nothing is lost, and one is where one was."""

from __future__ import annotations

import re

from tests.hands.talk import write_talk
from tests.support.hands.desk import Desk


def test_a_corrected_and_renamed_transcript_is_there_again_and_goes_into_a_project(
    desk: Desk,
) -> None:
    program = desk.open_program(write_talk(desk.folder, "again"))
    title = program.find("label", "again")
    desk.hand.double_click(program.page.box_of("fellow"))
    page = program.page
    desk.eye.until(lambda: page.selected_text == "fellow", "the word selected")
    desk.hand.type("dear")
    desk.eye.until(lambda: "my dear Americans" in page.text, "the word")
    desk.hand.click(title.box)
    program.find("text", "Name")
    desk.hand.type("once more")
    desk.hand.press("Return")
    program.find("label", "once more")
    desk.hand.press("alt+F4")
    program.ended()

    program = desk.open_program()  # it opens what was read last
    page = program.page
    desk.eye.until(lambda: "my dear Americans" in page.text, "the corrected word")

    desk.hand.press("ctrl+l")
    desk.hand.click(program.find("push button", "New project").box)
    program.find("text", "Name of the project")
    desk.hand.type("Thesis")
    desk.hand.press("Return")
    project = program.find("list item", "Thesis, 0 transcripts")
    desk.hand.drag(program.find("list item", re.compile("^once more")).box, project.box)
    program.find("label", "1 transcript moved to Thesis")
    desk.hand.click(program.find("list item", "Thesis, 1 transcript").box)
    desk.hand.click(program.find("push button", "More for this project").box)
    desk.hand.click(program.find("menu item", "Word list…").box)
    words = program.find("dialog", "Word list of Thesis")
    desk.hand.click(words.find("text", re.compile("^Correct spelling")).box)
    desk.hand.type("compatriots")
    desk.hand.press("Return")
    words.find("text", "Wrong spellings of compatriots")
    desk.hand.click(words.find("push button", "Close").box)
    program.gone("dialog")
    desk.hand.right_click(program.find("list item", re.compile("^once more")).box)
    desk.hand.click(program.find("menu item", "Move to project").box)
    desk.hand.click(program.find("menu item", "Without a project").box)
    program.find("label", "1 transcript is in no project now")
    desk.hand.click(program.find("push button", "More for this project").box)
    desk.hand.click(program.find("menu item", "Delete project").box)
    program.find("label", re.compile("^The project Thesis was deleted"))
    program.gone("list item", re.compile("^Thesis"))
    desk.hand.click(program.find("text", "Search all transcripts").box)
    desk.hand.type("dear")
    found = program.find("list item", re.compile(r"my dear Americans.*0:0\d, Ann"))
    desk.hand.click(found.box)
    page = program.page
    desk.eye.until(lambda: page.selected_text == "dear", "the word that was found")
    program.leave()
