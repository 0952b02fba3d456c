"""Every window is on the screen as a whole, however large its text and its pixels are."""

from __future__ import annotations

import re

import pytest

from tests.hands.talk import write_talk
from tests.support.hands.desk import Desk, Program
from tests.support.hands.eye import Thing
from tests.support.hands.screen import Box

DIALOGS = (("ctrl+e", "Export"), ("ctrl+comma", "Settings"), ("F1", "Keyboard shortcuts"))


def assert_on_screen(desk: Desk, window: Thing, scale: int) -> None:
    _, _, width, height = desk.screen.box
    # Qt tells places in its own units; one more for what does not divide.
    screen = Box(0, 0, width // scale + 1, height // scale + 1)
    desk.eye.until(lambda: screen.holds(window.box), f"{window.name} on the screen", 5)


def assert_all_on_screen(desk: Desk, program: Program, scale: int) -> None:
    assert_on_screen(desk, program.window, scale)
    for keys, title in DIALOGS:
        desk.hand.press(keys)
        dialog = program.find("dialog", re.compile(f"^{title}"))
        assert_on_screen(desk, dialog, scale)
        assert dialog.box.holds(dialog.find("push button", "Close").box)
        desk.hand.press("Escape")
        program.gone("dialog")


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_every_window_is_held_on_the_screen_of_a_small_laptop(desk: Desk, scale: int) -> None:
    name = f"room {scale}"
    program = desk.open_program(
        write_talk(desk.folder, name),
        home=desk.folder / f"home {scale}",
        surroundings={"QT_SCALE_FACTOR": str(scale)},
    )
    program.find("label", name)
    assert_all_on_screen(desk, program, scale)
    program.leave()


def test_large_text_makes_no_window_larger_than_the_screen(desk: Desk) -> None:
    program = desk.open_program(
        write_talk(desk.folder, "large"), home=desk.folder / "large text"
    )
    program.find("label", "large")
    desk.hand.press("ctrl+comma")
    dialog = program.find("dialog", "Settings")
    dialog.focused("text", "Search the settings")
    desk.hand.type("text size")
    dialog.gone("list item", "Playback")
    desk.hand.press("Return", "ctrl+a")
    desk.hand.type("24")
    desk.hand.press("Tab")
    assert_on_screen(desk, dialog, 1)
    desk.hand.click(dialog.find("push button", "Reset Text size").box)
    dialog.gone("push button", "Reset Text size")
    desk.hand.press("ctrl+a")  # the field has the keys again
    desk.hand.type("24")
    desk.hand.press("Tab")
    dialog.find("push button", "Reset Text size")
    desk.hand.click(dialog.find("push button", "Close").box)
    program.gone("dialog")
    assert_all_on_screen(desk, program, 1)
    desk.hand.click(program.find("push button", "More options").box)
    assert_on_screen(desk, program.find("panel", "More options"), 1)
    desk.hand.press("Escape")
    program.gone("panel", "More options")
    program.leave()
