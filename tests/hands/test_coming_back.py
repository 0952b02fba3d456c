"""Closing the window and opening it again: nothing is lost, and one is where one was."""

from __future__ import annotations

import re
from pathlib import Path

from tests.hands.talk import write_talk
from tests.support.hands.desk import Desk
from tests.support.hands.eye import Thing
from tests.support.sounds import ffmpeg


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
    program.focused("text", "Name")
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
    program.focused("text", "Name of the project")
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


def test_recordings_go_into_the_project_that_is_shown_and_many_are_tagged_and_moved(
    desk: Desk, clips: Path
) -> None:
    program = desk.open_program(home=desk.folder / "projects")
    talk = desk.folder / "talk.flac"
    ffmpeg("-t", "1.5", "-i", clips / "kennedy-1961.flac", talk)
    part = desk.folder / "part.flac"
    ffmpeg("-t", "1.6", "-i", clips / "kennedy-1961.flac", part)

    def row(name: str, about: str = "") -> Thing:
        return program.find("list", "Library").find(
            "list item", re.compile(f"^{name}.*{about}")
        )

    desk.hand.press("ctrl+l")
    desk.hand.click(program.find("push button", "New project").box)
    program.focused("text", "Name of the project")
    desk.hand.type("Thesis")
    desk.hand.press("Return")
    desk.hand.click(program.find("list item", "Thesis, 0 transcripts").box)
    program.find("label", "New recordings go into Thesis.")
    desk.hand_to(program, talk, part)
    program.find("label", "talk.flac", timeout_s=60)
    program.find("label", "0:00 / 0:01")
    program.gone("label", "New recordings go into Thesis.")  # the library is not shown now
    desk.hand.press("ctrl+l")
    desk.hand.click(program.find("list item", "Thesis, 2 transcripts", timeout_s=60).box)
    desk.hand.click(program.find("push button", "More for this project").box)
    desk.hand.click(program.find("menu item", "Rename project").box)
    program.focused("text", "Name of the project")
    desk.hand.press("ctrl+a")
    desk.hand.type("Book")
    desk.hand.press("Return")
    program.find("label", "New recordings go into Book.")

    desk.hand.click(row("talk", "0:01").box)
    desk.hand.press("ctrl+a")
    desk.hand.right_click(row("talk").box)
    desk.hand.click(program.find("menu item", re.compile("^Tags…")).box)
    program.focused("text", "Tags, separated by commas")
    desk.hand.type("both")
    desk.hand.press("Return")
    row("talk", "both")
    files = desk.lay_out()
    beside = files.find("filler", "Files").box
    desk.hand.drag(row("talk").box, (beside.right - 20, beside.middle[1]))
    for name in ("talk", "part"):
        files.find("label", re.compile(rf"^{name}\.txt: [^$]*And so"))
    desk.hand.click(row("part", "both").box)
    desk.hand.right_click(row("part").box)
    desk.hand.click(program.find("menu item", "Move to project").box)
    desk.hand.click(program.find("menu item", "New project…").box)
    program.focused("text", "Name of the project")
    desk.hand.type("Talks")
    desk.hand.press("Return")
    program.find("list item", "Talks, 1 transcript")
    program.find("label", "1 transcript moved to Talks")
    program.leave()
