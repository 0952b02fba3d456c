"""Putting a transcript right as a whole: words, speakers, steps and versions."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.hands.talk import CLIPS, write_talk
from tests.support.hands.desk import Desk, Program
from tests.support.hands.eye import Thing


@pytest.fixture(scope="module")
def program(desk: Desk) -> Program:
    return desk.open_program()


def open_talk(desk: Desk, program: Program, name: str) -> Thing:
    desk.hand.press("Escape")  # what a test that failed has left open
    desk.hand_to(program, write_talk(desk.folder, name))
    program.find("label", name)
    program.gone("label", re.compile("^Importing"))
    if dismiss := next(program.seen.all("push button", "Dismiss"), None):
        desk.hand.click(dismiss.box)  # going by itself, it would move the page
        program.gone("push button", "Dismiss")
    return program.page


def test_a_word_is_replaced_everywhere_but_where_it_is_left_out(
    desk: Desk, program: Program
) -> None:
    page = open_talk(desk, program, "replace")
    desk.hand.right_click(page.box_of("fellow"))
    desk.hand.click(program.find("menu item", re.compile("^Find and replace")).box)
    desk.hand.click(program.find("text", "Find in transcript").box)
    desk.hand.press("ctrl+a")
    desk.hand.type("country")
    program.find("label", "1 of 2")
    desk.hand.click(program.find("text", "Replace with").box)
    desk.hand.type("land")
    desk.hand.click(program.find("push button", "Replace all").box)
    dialog = program.find("dialog", re.compile("^Replace “country”"))
    desk.hand.press("Down", "space")  # the second is left out
    desk.hand.click(dialog.find("push button", "Replace 1").box)
    program.gone("dialog", re.compile("^Replace “country”"))
    desk.eye.until(lambda: "What your land can do" in page.text, "the other word")
    assert "for your country." in page.text
    desk.hand.press("ctrl+z")
    desk.eye.until(lambda: "What your country can do" in page.text, "the word that was")
    desk.hand.press("Escape")
    program.gone("text", "Find in transcript")


def test_a_click_on_a_name_gives_the_paragraph_to_somebody_new_and_a_drag_moves_the_turn(
    desk: Desk, program: Program
) -> None:
    page = open_talk(desk, program, "speakers")
    first = page.box_of("What")
    name = (first.left + 12, first.top - 16)  # where the name stands, above the first word
    desk.hand.click(name)
    program.focused("text", "Who is speaking")
    desk.hand.type("Carla")
    program.find("list item", "New speaker “Carla”")
    desk.hand.press("Return")
    program.gone("text", "Who is speaking")
    desk.hand.drag(name, page.box_of("can", after="What"))
    desk.hand.press("ctrl+e")
    preview = program.find("dialog", "Export").find("text", "Preview")
    desk.eye.until(
        lambda: "Carla: can do for you;" in preview.text, "the turn as it begins now"
    )
    assert "ask not. What your country" in preview.text
    desk.hand.press("Escape")
    program.gone("dialog", "Export")


def subtitled(folder: Path, name: str) -> Path:
    """Write subtitles, whose words have no times of their own, beside their recording."""
    shutil.copy(CLIPS / "kennedy-1961.flac", folder / f"{name}.flac")
    path = folder / f"{name}.srt"
    path.write_text(
        "1\n00:00:00,200 --> 00:00:02,300\nAnd so my fellow Americans,\n\n"
        "2\n00:00:03,200 --> 00:00:04,600\nask not\n\n"
        "3\n00:00:05,200 --> 00:00:07,600\nwhat your country can do for you\n",
        "utf-8",
    )
    return path


def test_words_of_subtitles_are_put_where_they_are_said(desk: Desk, program: Program) -> None:
    pytest.importorskip("soundswallower")
    desk.hand.press("Escape")
    desk.hand_to(program, subtitled(desk.folder, "aligned"))
    program.find("label", "aligned")
    program.gone("label", re.compile("^Importing"))
    page = program.page
    desk.hand.right_click(page.box_of("fellow"))
    desk.hand.click(program.find("menu item", "Whole transcript").box)
    desk.hand.click(program.find("menu item", "Align words with the audio").box)
    program.find("label", re.compile(r"^1\d words were aligned"), timeout_s=30)
    assert page.text.split() == [
        *("And", "so", "my", "fellow", "Americans,", "ask", "not"),
        *("what", "your", "country", "can", "do", "for", "you"),
    ]


def test_a_step_is_gone_back_to_and_the_original_brought_back(
    desk: Desk, program: Program
) -> None:
    page = open_talk(desk, program, "history")
    desk.hand.click(page.box_of("end."))
    desk.hand.press("ctrl+1")
    desk.hand.click(page.box_of("What"))
    desk.hand.press("ctrl+1")
    desk.hand.click(program.find("push button", "History").box)
    program.find("list item", "When opened")
    desk.hand.click(program.find("push button", "Versions").box)
    dialog = program.find("dialog", "Versions")
    differs = re.compile("difference")
    desk.hand.press("End")  # the original
    dialog.find("label", differs)
    desk.hand.click(dialog.find("push button", "Restore").box)
    program.gone("dialog", "Versions")
    program.find("list item", "Restore a version, as it is now")
    desk.hand.click(program.find("list item", "When opened").box)
    program.find("list item", "When opened, as it is now")
    desk.hand.press("Escape")
    program.gone("list item", re.compile("^When opened"))


def test_a_correction_is_done_everywhere_here_and_in_the_whole_library(
    desk: Desk, program: Program
) -> None:
    page = open_talk(desk, program, "alike")
    desk.hand.double_click(page.box_of("country", after="What"))
    desk.hand.type("land")
    desk.hand.press("Escape")
    program.find("push button", "Correct all")
    desk.hand.press("shift+F6", "Return")  # the notice, and its button
    desk.eye.until(lambda: "for your land." in page.text, "the other word")
    desk.hand.click(program.find("push button", "More").box)
    desk.hand.click(program.find("menu item", re.compile("^Replace in all transcripts")).box)
    dialog = program.find("dialog", "Replace in all transcripts")
    desk.hand.click(dialog.find("text", "Find in all transcripts").box)
    desk.hand.type("fellow")
    desk.hand.click(dialog.find("text", "Replace with").box)
    desk.hand.type("dear")
    desk.hand.press("Return")
    dialog.find("list item", re.compile("^alike · 1 match"))
    desk.hand.click(dialog.find("push button", re.compile("^Replace in ")).box)
    program.gone("dialog", "Replace in all transcripts")
    program.find("label", re.compile("match(es)? replaced in "))
    desk.eye.until(lambda: "my dear Americans" in page.text, "the word on the page")


def test_own_words_are_listed_from_the_menu_and_applied_and_a_speaker_is_heard(
    desk: Desk, program: Program
) -> None:
    page = open_talk(desk, program, "own words")
    desk.hand.right_click(page.box_of("fellow"))
    desk.hand.click(program.find("menu item", re.compile("^Apply the word list")).box)
    desk.hand.click(program.find("push button", "Edit the word list").box)  # it is empty
    settings = program.find("dialog", "Settings")
    settings.focused("text", re.compile("^Correct spelling"))
    desk.hand.type("compatriots")
    desk.hand.press("Tab")
    desk.hand.type("Americans")
    desk.hand.press("Tab", "Return")
    settings.find("text", "Wrong spellings of compatriots")
    desk.hand.press("Escape")
    program.gone("dialog", "Settings")
    desk.hand.right_click(page.box_of("fellow"))
    desk.hand.click(program.find("menu item", re.compile("^Apply the word list")).box)
    sheet = program.find("dialog", "Apply the word list")
    desk.hand.click(sheet.find("push button", "Replace 1").box)
    desk.eye.until(lambda: "my fellow compatriots: ask not." in page.text, "the right word")
    desk.hand.right_click(page.box_of("What"))
    desk.hand.click(program.find("menu item", "Speaker").box)
    desk.hand.click(program.find("menu item", re.compile("^Hear a sample")).box)
    program.find("push button", "Pause")
    program.find("push button", "Play", timeout_s=20)  # it stops by itself
