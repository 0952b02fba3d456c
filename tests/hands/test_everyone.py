"""What only the real system tells: menus of buttons, what is said, Space, Return, Shift+F10."""

from __future__ import annotations

import re

import pytest

from tests.hands.talk import write_talk
from tests.support.hands.desk import Desk, Program
from tests.support.hands.eye import Thing


@pytest.fixture(scope="module")
def program(desk: Desk) -> Program:
    opened = desk.open_program(write_talk(desk.folder, "everyone"))
    opened.find("label", "everyone")
    opened.find("label", "0:00 / 0:11")
    return opened


@pytest.fixture(autouse=True)
def page(desk: Desk, program: Program) -> Thing:
    """The page of the transcript, whatever a test before has left open."""
    if back := next(program.seen.all("push button", "Back"), None):
        back.act("Press")
    return program.page


def button(program: Program, name: str) -> Thing:
    """Give the button of a name, also one that shows whether something in its menu is on."""

    def look() -> Thing | None:
        named = program.seen.all(None, name)
        return next((one for one in named if one.role in {"push button", "check box"}), None)

    return program.seen.eye.until(look, f"button {name}")


def test_the_menu_of_every_button_opens_by_action_and_belongs_to_the_program(
    desk: Desk, program: Program
) -> None:
    for name in ("More", "Copy as", "More for this transcript", "Listening options", "Dim"):
        one = button(program, name)
        one.act("Press")
        menu = program.find("popup menu")
        entries = [one for one in menu.children if one.role != "separator"]
        assert entries, name
        assert [entry.path for entry in entries if not entry.name] == [], name
        above = menu
        while above.role != "application":
            above = above.parent
        assert above == program.seen, name
        assert menu.box.width > 0
        desk.hand.press("Escape")
        program.gone("popup menu")


def test_space_plays_after_a_click_on_a_switch_and_switches_it_once_tab_came_to_it(
    desk: Desk, program: Program
) -> None:
    switch = program.find("check box", "Identify speakers")
    before = "checked" in switch.states
    program.find("slider", "Position").focus()
    desk.hand.click(switch.box)
    desk.eye.until(lambda: ("checked" in switch.states) != before, "the switch")
    desk.hand.press("space")
    program.find("push button", "Pause")
    desk.hand.press("space")
    program.find("push button", "Play")
    assert ("checked" in switch.states) != before
    switch.focus()
    desk.eye.until(lambda: "focused" in switch.states, "the focus")
    desk.hand.press("space")
    desk.eye.until(lambda: ("checked" in switch.states) == before, "the switch again")
    assert program.find("push button", "Play")


def test_who_speaks_is_said_to_whoever_comes_to_a_paragraph(desk: Desk, page: Thing) -> None:
    desk.hand.click(page.box_of("fellow"))
    desk.hand.press("alt+shift+w")
    desk.eye.until(lambda: any("with speakers: on" in one for one in desk.eye.said), "said")
    page.put_caret(page.text.index("What"))
    desk.eye.until(
        lambda: any(re.search("^Bob, 4 seconds", one) for one in desk.eye.said), "Bob"
    )
    desk.hand.press("alt+shift+w")


def test_shift_f10_opens_the_menu_of_what_has_the_focus(
    desk: Desk, program: Program, page: Thing
) -> None:
    desk.hand.click(page.box_of("fellow"))
    desk.hand.press("shift+F10")
    program.find("menu item", re.compile("^Play from here"))
    desk.hand.press("Escape")
    program.gone("popup menu")
    desk.hand.press("ctrl+l")
    row = program.find("list item", re.compile("^everyone"))
    desk.hand.click(row.box)
    desk.hand.press("shift+F10")
    program.find("menu item", re.compile("^Rename"))
    desk.hand.press("Escape")
    program.gone("popup menu")
