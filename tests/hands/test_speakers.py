"""The sample, with its two people: names, one or two, taken back, written out."""

from __future__ import annotations

import re

from tests.support.hands.desk import Desk, Program
from tests.support.hands.eye import Thing


def ask(desk: Desk, program: Program, word: str) -> Thing:
    """Ask of whoever says a word, through the menu, whether that is one or two people."""
    desk.hand.right_click(program.page.box_of(word))
    desk.hand.click(program.find("menu item", "Speaker").box)
    desk.hand.click(program.find("menu item", re.compile("^Merge or split speakers")).box)
    return program.find("dialog", "Merge or split speakers")


def settings(desk: Desk, program: Program) -> Thing:
    """Open the settings where voices are."""
    desk.hand.press("ctrl+comma")
    dialog = program.find("dialog", re.compile("^Settings"))
    desk.hand.click(dialog.find("list item", "Privacy").box)
    return dialog


def wish_to_know_voices(desk: Desk, program: Program) -> None:
    voices = settings(desk, program)
    voices.find("label", "No voices are remembered.")
    desk.hand.click(
        voices.find("check box", "Suggest names for voices I have named before").box
    )
    desk.hand.press("Escape")
    program.gone("dialog", "Settings")


def forget_voice(desk: Desk, program: Program, name: str) -> None:
    voices = settings(desk, program)
    desk.hand.click(voices.find("push button", f"Delete the voice of {name}").box)
    voices.find("label", "No voices are remembered.")
    desk.hand.press("Escape")
    program.gone("dialog", "Settings")


def exported(desk: Desk, program: Program, *names: str) -> None:
    """See in the preview of an export who speaks, in what order they first do."""
    desk.hand.press("ctrl+e")
    dialog = program.find("dialog", "Export")
    desk.hand.click(dialog.find("list item", "Plain text").box)
    preview = dialog.find("text", "Preview")

    def is_so() -> bool:
        found = re.findall(
            r"^(?:\[[0-9:.]+\] )?([^:\n\[\]]{1,20}): ", preview.text, re.MULTILINE
        )
        return tuple(dict.fromkeys(found)) == names

    desk.eye.until(is_so, f"{names} in the preview")
    desk.hand.press("Escape")
    program.gone("dialog", "Export")


def test_two_people_of_the_sample_named_made_one_and_two_again(desk: Desk) -> None:
    program = desk.open_program()
    desk.hand.click(program.find("push button", "Try the sample").box)
    row = program.find("list item", re.compile(r"^two-readers\.flac\. Done"), timeout_s=120)
    assert "not identified" not in row.name
    desk.hand.click(row.box)
    program.find("label", re.compile(r"2 speakers"))
    exported(desk, program, "Speaker 1", "Speaker 2")

    # Voices are known only where somebody wants it.
    wish_to_know_voices(desk, program)

    # A name for the second, everywhere; and the voice is known once that is agreed to.
    desk.hand.click(program.page.box_of("typography"))
    desk.hand.press("shift+F2")
    assert program.focused("text", "Speaker name").text == "Speaker 2"
    desk.hand.answer("Linda")
    program.gone("text", "Speaker name")
    desk.hand.click(program.find("push button", "Remember this voice").box)
    program.find("label", re.compile("^Linda.s voice is remembered"))
    exported(desk, program, "Speaker 1", "Linda")

    # Looked at side by side: what the voices say, then kept as they are.
    sheet = ask(desk, program, "typography")
    desk.hand.click(sheet.find("push button", "Compare their voices").box)
    sheet.find("label", re.compile("Most likely two people"))
    desk.hand.click(sheet.find("push button", "Leave as it is").box)
    program.gone("dialog", "Merge or split speakers")
    exported(desk, program, "Speaker 1", "Linda")

    # One person after all: in one step, and taken back in one.
    sheet = ask(desk, program, "typography")
    desk.hand.click(sheet.find("push button", "Merge: same person").box)
    program.gone("dialog", "Merge or split speakers")
    program.find("label", re.compile(r"1 speaker\b"))
    exported(desk, program, "Linda")
    desk.hand.press("ctrl+z")
    program.find("label", re.compile(r"2 speakers"))
    exported(desk, program, "Speaker 1", "Linda")

    # The number of people in all, and who has a name stays who they are.
    sheet = ask(desk, program, "typography")
    desk.hand.click(sheet.find("combo box", "Automatic").box)
    desk.hand.press("Down", "Return")
    sheet.find("combo box", "1")
    desk.hand.click(sheet.find("push button", "Identify again").box)
    program.find("label", re.compile(r"1 speaker\b"))
    desk.hand.press("ctrl+z")
    exported(desk, program, "Speaker 1", "Linda")

    # And forgotten.
    forget_voice(desk, program, "Linda")

    # Written out with who speaks.
    desk.hand.press("ctrl+e")
    dialog = program.find("dialog", "Export")
    desk.hand.click(dialog.find("list item", "Plain text").box)
    desk.hand.click(dialog.find("push button", "Export").box)
    desk.eye.until(
        lambda: any("Linda:" in one.read_text("utf-8") for one in desk.folder.rglob("*.txt")),
        "the file with the names",
    )
    program.gone("dialog", "Export")  # it goes a moment after the file is there
    program.leave()
