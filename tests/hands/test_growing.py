"""A recording that is still recognised: opened from its row, read, and watched to its end."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.hands.talk import write_talk
from tests.support.hands.desk import Desk
from tests.support.sounds import ffmpeg

MORE = "You can edit the text once it is complete."


def test_a_running_row_opens_what_there_is_so_far_and_it_becomes_whole(
    desk: Desk, clips: Path
) -> None:
    program = desk.open_program()
    talk = desk.folder / "long.flac"
    five = clips / "five-minutes.flac"
    ffmpeg("-stream_loop", "1", "-i", five, "-t", "400", talk)
    desk.hand_to(program, talk)
    head = re.compile(rf"^\d+ % done, about .* left\. {re.escape(MORE)}")
    program.find("label", head, 120)  # on the page of the job, without being asked
    desk.hand.click(program.find("check box", "Library").box)
    program.gone("label", head)
    desk.hand.click(program.find("list item", re.compile(r"^long\.flac\. Transcribing")).box)
    program.find("label", head, 60)
    before = program.page.text
    assert len(before.split()) > 200

    word = before.split()[12]
    desk.hand.click(program.page.box_of(f" {word} "))
    caret = program.page.caret
    desk.hand.press("x")
    program.find("label", MORE)
    assert program.page.text.startswith(before[:500])

    program.find("label", re.compile(r"^6:40 · .*saved"), 120)
    after = program.page.text
    assert len(after) > len(before)
    assert after.startswith(before[:2_000])
    assert program.page.caret == caret
    desk.hand.press("x")
    desk.eye.until(lambda: program.page.text != after, "a letter written")


def test_names_that_are_listed_are_heard(desk: Desk, clips: Path) -> None:
    program = desk.open_program(write_talk(desk.folder, "read"), home=desk.folder / "named")
    page = program.page
    desk.eye.until(lambda: "fellow" in page.text, "a transcript of the library")
    desk.hand.click(program.find("push button", "More options").box)
    field = program.find("text", "Names and terms to expect")
    desk.hand.click(field.box)
    desk.hand.type("Gutenberg")
    desk.hand.press("Tab", "Escape")
    clip = Path(shutil.copy(clips / "lj001-0007.flac", desk.folder / "named.flac"))
    desk.hand_to(program, clip)
    program.find("list item", re.compile(r"^named\.flac\. Done"), 100)
    assert "fellow" in page.text  # whoever reads is not taken away from it
    program.find("label", "read")
    program.find("list", "Queue").focus()
    desk.hand.press("Return")
    program.find("label", "named.flac")
    assert "Gutenberg" in program.page.text
