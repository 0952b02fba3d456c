"""What only the real system tells: menus of buttons, what is said, Space, Return, Shift+F10."""

from __future__ import annotations

import re

import pytest

from tests.hands.talk import write_talk
from tests.support.hands.desk import Desk, Program
from tests.support.hands.eye import LINE, PARAGRAPH, WORD, Thing


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


def switch_speakers(desk: Desk, program: Program, *, was_on: bool) -> None:
    """Read with speakers or without them from now on, by keys and menus alone."""
    desk.hand.press("F10")
    first = program.find("menu item", re.compile("^Find a command"))
    desk.eye.until(lambda: "focused" in first.states, "the first entry")
    assert (first.name.rstrip("…"), first.keys) == ("Find a command", "Ctrl+K")
    inner = program.find("menu item", "Window")
    desk.hand.press(inner.keys.removeprefix("Alt+").lower())
    entry = program.find("menu item", "Read aloud with speakers")
    assert entry.keys == "Alt+Shift+W"
    assert ("checked" in entry.states) == was_on
    while "focused" not in entry.states:
        desk.hand.press("Down")
    desk.hand.press("Return")
    program.gone("popup menu")


def test_who_speaks_is_read_once_the_menu_of_the_program_says_so(
    desk: Desk, program: Program, page: Thing
) -> None:
    desk.hand.click(page.box_of("fellow"))
    desk.eye.until(lambda: "focused" in page.states, "the keys on the page")
    for told, read in (
        (
            "Read aloud with speakers: on",
            ["Bob, 4 seconds, Not heard yet", "Ann, 9 seconds, Not heard yet"],
        ),
        ("Read aloud with speakers: off", ["Bob", "Ann"]),
    ):
        page.put_caret(0)
        before = len(desk.eye.said)
        switch_speakers(desk, program, was_on=told.endswith("off"))
        desk.eye.until(lambda at=before, one=told: one in desk.eye.said[at:], told)
        desk.eye.until(lambda: "focused" in page.states, "the keys on the page again")
        for word, one in zip(("What", "That"), read, strict=True):
            before = len(desk.eye.said)
            page.put_caret(page.text.index(word))
            desk.eye.until(lambda at=before, one=one: one in desk.eye.said[at:], one)


def test_a_dialog_is_gone_through_by_letters_with_alt(
    desk: Desk, program: Program, page: Thing
) -> None:
    desk.hand.click(page.box_of("fellow"))
    desk.eye.until(lambda: "focused" in page.states, "the keys on the page")
    choose(desk, program, "Redo paragraphs")
    sheet = program.find("dialog", re.compile("paragraphs"))
    pause = sheet.find("spin box", "Pause of at least")
    words = sheet.find("spin box", re.compile("^Words"))
    long = sheet.find("check box", "Split long paragraphs")
    keys = {
        one.name: one.keys for one in sheet.all() if one.role in {"check box", "push button"}
    }
    assert len(set(keys.values())) == len(keys) == 5
    assert all(re.fullmatch(r"Alt\+[A-Z]", one) for one in keys.values())
    desk.hand.press("alt+w")
    desk.eye.until(lambda: "focused" in words.states, "the keys at the words")
    desk.hand.press(keys["Split long paragraphs"].lower())
    desk.eye.until(lambda: "checked" not in long.states, "long ones stay")
    desk.eye.until(lambda: words.description.startswith("Turn on"), "why not")
    desk.hand.press("alt+p")
    desk.eye.until(lambda: "focused" in pause.states, "the keys at the pause")
    desk.hand.press(keys["Cancel"].lower())
    program.gone("dialog", re.compile("paragraphs"))
    desk.eye.until(lambda: "focused" in page.states, "the keys on the page again")


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


def choose(desk: Desk, program: Program, command: str) -> None:
    """Have a command done by keys alone, by typing its name."""
    desk.hand.press("ctrl+k")
    palette = program.find("dialog", "Find a command")
    desk.eye.until(lambda: "active" in palette.states, "the commands in front")
    desk.hand.type(command)
    palette.find("list item", re.compile(f"^{command}"))
    desk.hand.press("Return")
    program.gone("dialog", "Find a command")


def test_the_keys_come_back_to_the_page_whatever_had_them(
    desk: Desk, program: Program, page: Thing
) -> None:
    for command, role, name in (
        ("Rename transcript", "text", "Name"),
        ("Who is speaking", "text", "Who is speaking"),
        ("Rename speaker", "text", "Speaker name"),
        ("Find", "text", "Find in transcript"),
        ("History", "list", "Steps"),
        ("Show notes", "combo box", "Notes and highlights"),
        ("What the marks mean", "push button", "Close"),
        ("Settings", "text", "Search the settings"),
    ):
        desk.hand.click(page.box_of("fellow"))
        desk.eye.until(lambda: "focused" in page.states, "the keys on the page")
        choose(desk, program, command)
        taker = program.find(role, name)
        desk.eye.until(lambda one=taker: "focused" in one.states, f"the keys at {name}")
        desk.hand.press("Escape")
        desk.eye.until(lambda: "focused" in page.states, f"the keys back from {name}")


def test_what_keys_switch_and_change_is_said(desk: Desk, program: Program, page: Thing) -> None:
    desk.hand.click(page.box_of("fellow"))
    for keys, told in (
        ("alt+s", "Skip silences: on"),
        ("alt+s", "Skip silences: off"),
        ("alt+u", "Mark uncertain words: on"),
        ("alt+u", "Mark uncertain words: off"),
        ("ctrl+equal", "Speed: 1.05×"),
        ("ctrl+0", "Speed: 1.00×"),
        ("ctrl+m", "Muted"),
        ("ctrl+m", "Sound on"),
        ("alt+c", "Copied to the clipboard"),
        ("ctrl+shift+p", "Queue paused"),
        ("ctrl+shift+p", "Queue resumed"),
        ("ctrl+shift+h", "Highlight"),
        ("ctrl+z", "Undone: Highlight"),
    ):
        before = len(desk.eye.said)
        desk.hand.press(keys)
        desk.eye.until(lambda at=before, one=told: one in desk.eye.said[at:], told)


def test_f6_goes_round_the_panes_and_back_and_each_says_what_it_is(
    desk: Desk, program: Program, page: Thing
) -> None:
    panes = {"Queue", "Options", "Notice", "Page", "Player"}

    def pane_said(since: int) -> str:
        """What else is said may still come from before."""
        return next((one for one in desk.eye.said[since:] if one in panes), "")

    desk.hand.click(page.box_of("fellow"))
    desk.eye.until(lambda: "focused" in page.states, "the keys on the page")
    ways: list[list[str]] = []
    for key in ("F6", "shift+F6"):
        way: list[str] = []
        while "Page" not in way:
            before = len(desk.eye.said)
            desk.hand.press(key)
            way.append(desk.eye.until(lambda at=before: pane_said(at), "the pane"))
        desk.eye.until(lambda: "focused" in page.states, "the keys on the page again")
        ways.append(way)
    there, back = ways
    assert {"Player", "Queue", "Options"} <= set(there)
    assert back[:-1] == there[-2::-1]


def test_lines_words_and_selections_of_the_page_are_what_they_are(page: Thing) -> None:
    place = page.text.index("fellow")
    assert page.around(place + 2, WORD) == "fellow"
    assert page.around(place, PARAGRAPH) == "And so, my fellow Americans: ask not."
    assert page.around(place, LINE) == "And so, my fellow Americans: ask not."
    left = [page.box_of_character(at).left for at in range(place, place + 6)]
    assert left == sorted(set(left))
    page.select(place, place + 6)
    assert page.selected_text == "fellow"
    page.put_caret(place + 6)
    assert (page.caret, page.selected_text) == (place + 6, "")
