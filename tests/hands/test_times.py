"""Times put right, and a recording given, with real events in a real window."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hands.talk import write_talk
from tests.support.hands.desk import Desk, Program
from tests.support.hands.eye import Thing
from tests.support.spelling import write_dictionary


@pytest.fixture(scope="module")
def program(desk: Desk) -> Program:
    return desk.open_program()


def test_an_edge_is_dragged_nudged_and_shifted_and_all_taken_back(
    desk: Desk, program: Program
) -> None:
    hand = desk.hand
    desk.hand_to(program, write_talk(desk.folder, "times"))
    program.find("label", "times")
    program.gone("label", re.compile("^Importing"))
    page = program.page
    hand.click(page.box_of("country", after="your"))
    hand.click(program.find("push button", "More for this transcript").box)
    hand.click(program.find("menu item", "Times").box)
    hand.click(program.find("menu item", re.compile("^Show word times")).box)
    program.find("label", re.compile(r"^00:04\.500 – 00:04\.750"))
    hand.press("F12")
    program.find("label", re.compile(r"^00:04\.510 – 00:04\.750"))
    strip = program.find("panel", "Word times").box
    # Three seconds are shown, the word in the middle of them.
    begin_ms, from_ms, to_ms = 4_625 - 1_500, 4_750, 5_000
    across = strip.width / 3_000
    line = strip.top + strip.height - 12
    start = (strip.left + round((from_ms - begin_ms) * across), line)
    end = (strip.left + round((to_ms - begin_ms) * across), line)
    hand.drag(start, end)
    program.find("label", re.compile(r"^00:04\.510 – 00:04\.9"))
    hand.press("alt+shift+r")
    sheet = program.find("dialog", "Shift times")
    hand.click(sheet.find("spin box", "Later by").box)
    hand.press("ctrl+a")
    hand.type("1.5")
    hand.press("Tab")
    hand.click(sheet.find("push button", "Shift times").box)
    program.find("label", re.compile(r"^00:06\.010 – 00:06\.4"))
    for _ in range(3):
        hand.press("ctrl+z")
    program.find("label", re.compile(r"^00:04\.500 – 00:04\.750"))
    hand.click(program.find("push button", "Hide word times").box)
    program.gone("push button", "Hide word times")


def test_a_recording_that_lies_beside_is_offered_and_taken(
    desk: Desk, program: Program, clips: Path
) -> None:
    talk = desk.folder / "lonely.srt"
    cues = ("00:00:00,000 --> 00:00:02,000\nAnd so.\n", "00:00:08,000 --> 00:00:10,000\nAsk.\n")
    talk.write_text("\n".join(f"{place}\n{cue}" for place, cue in enumerate(cues, 1)), "utf-8")
    recording = talk.with_suffix(".flac")
    shutil.copy(clips / "lj001-0002.flac", recording)  # two seconds: too short for it
    desk.hand_to(program, talk)
    program.find("label", "lonely")
    program.find("label", re.compile("Some words come after its end"))
    program.find("push button", "Attach a recording")
    shutil.copy(clips / "kennedy-1961.flac", recording)
    desk.hand.click(program.find("push button", "Use this recording…").box)
    sheet = program.find("dialog", re.compile(r"^Use lonely\.flac"))
    sheet.find("label", "The words fit the recording.")
    desk.hand.click(sheet.find("push button", "Use this recording").box)
    program.find("label", re.compile("is now the recording"))
    program.gone("push button", "Attach a recording")
    program.find("label", "0:00 / 0:11")
    desk.hand.press("ctrl+z")
    program.find("push button", "Attach a recording")
    desk.hand.press("ctrl+y")
    program.find("label", "0:00 / 0:11")
    program.gone("push button", "Attach a recording")


def test_a_misspelt_word_is_put_right_from_the_menu(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()  # one with a dictionary
    folder = desk.folder / "dictionaries"
    folder.mkdir()
    talk = "And so my fellow Americans ask not what your can do for you country That was the"
    write_dictionary(folder, "en_US", *talk.split(), "What", "end")
    program = desk.open_program(
        home=desk.folder / "spelling", surroundings={"DICPATH": str(folder)}
    )
    path = write_talk(desk.folder, "spelling")
    path.write_text(path.read_text("utf-8").replace("fellow", "felow"), "utf-8")
    desk.hand_to(program, path)
    program.find("label", "spelling")
    program.gone("label", re.compile("^Importing"))
    page = program.page
    if dismiss := next(program.seen.all("push button", "Dismiss"), None):
        desk.hand.click(dismiss.box)  # going by itself, it would move the page
        program.gone("push button", "Dismiss")
    desk.hand.click(page.box_of("felow"))
    desk.hand.press("shift+F4")

    def fix() -> Thing | None:
        entry = next(program.seen.all("menu item", "Spelling"), None)
        if entry is None:
            desk.hand.right_click(page.box_of("felow"))
        elif "sensitive" in entry.states:
            desk.hand.click(entry.box)
            return program.find("menu item", "fellow", timeout_s=5)
        else:  # it has not been looked up yet
            desk.hand.press("Escape")
            program.gone("menu item", "Spelling")
        return None

    desk.hand.click(desk.eye.until(fix, "what is suggested").box)
    desk.eye.until(lambda: page.text.startswith("And so, my fellow"), "the right word")
