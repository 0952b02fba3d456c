"""The page as an editor, with a real keyboard and pointer."""

from __future__ import annotations

import re

import pytest

from tests.hands.talk import write_talk
from tests.support.hands.desk import Desk, Program
from tests.support.hands.eye import Thing

TALK = (
    "And so, my fellow Americans: ask not.\n"
    "What your country can do for you; ask what you can do for your country.\n"
    "That was the end."
)


@pytest.fixture(scope="module")
def program(desk: Desk) -> Program:
    return desk.open_program()


def open_talk(desk: Desk, program: Program, name: str) -> Thing:
    desk.hand_to(program, write_talk(desk.folder, name))
    program.find("label", name)
    program.gone("label", re.compile("^Importing"))
    if dismiss := next(program.seen.all("push button", "Dismiss"), None):
        desk.hand.click(dismiss.box)
        program.gone("push button", "Dismiss")
    return program.page


def take_all_back(desk: Desk, page: Thing, steps: int) -> None:
    desk.hand.press(*["ctrl+z"] * steps)
    desk.eye.until(lambda: page.text == TALK, "the text as it was")


def test_one_types_splits_joins_and_takes_it_back(desk: Desk, program: Program) -> None:
    page = open_talk(desk, program, "typed")
    desk.hand.click(page.box_of("fellow"))
    desk.hand.press("ctrl+Left", "ctrl+Left")
    desk.hand.type("O my dear ")
    desk.eye.until(lambda: "so, O my dear my fellow" in page.text, "the words")
    desk.hand.press("ctrl+Right", "Return")
    desk.eye.until(lambda: "dear my \nfellow" in page.text or "my\nfellow" in page.text, "two")
    desk.hand.press("BackSpace")
    desk.eye.until(lambda: "O my dear my fellow Americans" in page.text, "one again")
    desk.hand.press("End", "Delete")
    desk.eye.until(lambda: "ask not. What your" in page.text, "both as one")
    desk.hand.press("ctrl+Home", "ctrl+Delete", "ctrl+End", "shift+ctrl+Left", "Delete")
    desk.eye.until(lambda: "country.\nThat was the" in page.text, "the last line")
    take_all_back(desk, page, 8)


def test_a_composed_sign_is_written(desk: Desk, program: Program) -> None:
    page = open_talk(desk, program, "composed")
    desk.hand.click(page.box_of("end", after="the "))
    desk.hand.press("End", "space", "c", "a", "f")
    # On X11 Qt writes a composed sign before keys that it has read and not yet handed on.
    desk.eye.until(lambda: page.text.endswith("end. caf"), "what comes before it")
    desk.hand.press("dead_acute", "e")
    desk.eye.until(lambda: page.text.endswith("end. café"), "the sign")
    take_all_back(desk, page, 2)


def test_what_is_selected_is_carried_elsewhere(desk: Desk, program: Program) -> None:
    page = open_talk(desk, program, "carried")
    desk.hand.double_click(page.box_of("fellow"))
    desk.eye.until(lambda: page.selected_text == "fellow", "the word selected")
    word, there = page.box_of("fellow"), page.box_of("was", after="That ")
    # Not where it was clicked: a third click there would take the whole paragraph.
    desk.hand.drag((word.left + 3, word.middle[1]), (there.left, there.middle[1]))
    desk.eye.until(lambda: "That fellow was the end." in page.text, "the word there")
    desk.eye.until(lambda: "And so, my Americans" in page.text, "and no longer here")
    take_all_back(desk, page, 1)


def test_a_paragraph_that_is_cut_and_pasted_elsewhere_is_heard_there(
    desk: Desk, program: Program
) -> None:
    page = open_talk(desk, program, "moved")
    program.find("label", "0:00 / 0:11")
    desk.hand.click(page.box_of("ask", after="you; "))
    desk.hand.press("Home", "shift+Down", "shift+Down", "ctrl+x")
    first, second, third = TALK.split("\n")
    desk.eye.until(lambda: page.text == f"{first}\n{third}", "the paragraph gone")
    desk.hand.press("ctrl+Home", "ctrl+v")
    desk.eye.until(lambda: page.text == f"{second}\n{first}\n{third}", "it as the first")
    position = program.find("slider", "Position")
    desk.hand.click(page.box_of("And"))
    desk.eye.until(lambda: position.value < 1, "the beginning", 10)
    desk.hand.click(page.box_of("country", after="your country can do for you; "))
    desk.eye.until(lambda: 7 <= position.value <= 8, "its own second", 10)
    desk.hand.press("ctrl+End", "ctrl+z")
    desk.eye.until(lambda: page.text == f"{first}\n{third}", "the paste taken back alone")
    assert page.caret < len(first)  # where it was taken back, not where one was
    take_all_back(desk, page, 1)


def test_menu_and_bar_do_what_they_say(desk: Desk, program: Program) -> None:
    page = open_talk(desk, program, "offered")
    desk.hand.drag(page.box_of("fellow"), page.box_of("Americans"))
    desk.eye.until(lambda: page.selected_text == "fellow Americans:", "both words")
    desk.hand.click(program.find("check box", "Highlight").box)
    desk.hand.right_click(page.box_of("fellow"))
    desk.hand.click(program.find("menu item", "Cut").box)
    desk.eye.until(lambda: page.text.startswith("And so, my  ask not."), "without them")
    desk.hand.press("Menu")
    desk.hand.click(program.find("menu item", "Paste").box)
    desk.eye.until(lambda: page.text == TALK, "and there again")
    desk.hand.press("Menu")
    desk.hand.click(program.find("menu item", "Paragraph").box)
    desk.hand.click(program.find("menu item", "Redo paragraphs…").box)
    dialog = program.find("dialog", "Redo paragraphs")
    desk.hand.click(dialog.find("push button", "Redo paragraphs").box)
    program.gone("dialog", "Redo paragraphs")
    take_all_back(desk, page, 3)


def test_the_word_just_heard_is_fixed_while_the_sound_waits(
    desk: Desk, program: Program
) -> None:
    page = open_talk(desk, program, "heard")
    program.find("label", "0:00 / 0:11")
    desk.hand.click(page.box_of("What"))
    desk.hand.press("Escape")
    program.find("push button", "Pause")
    position = program.find("slider", "Position")
    desk.eye.until(lambda: position.value > 5, "the sound running", 20)
    desk.hand.press("F2")
    word = desk.eye.until(lambda: page.selected_text, "the word just heard")
    assert word in TALK.split("\n")[1].split()
    desk.hand.type("indeed")
    desk.eye.until(lambda: " indeed " in page.text or "\nindeed " in page.text, "the fix")
    held = position.value
    desk.eye.until(lambda: position.value > held, "the sound going on", 20)
    desk.hand.press("Escape")
    take_all_back(desk, page, 1)
