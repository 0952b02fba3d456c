"""Replacing in the whole library while one looks on."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.hands.desk import Desk

_MANY = 20


def write_subtitles(path: Path) -> Path:
    """Write 12,000 words in 50 minutes."""
    line = "well said my fellow " * 10
    cues: list[str] = []
    for number in range(300):
        minute, second = divmod(10 * number, 60)
        begins, ends = (f"00:{minute:02}:{at:02},000" for at in (second, second + 9))
        cues.append(f"{number + 1}\n{begins} --> {ends}\n{line}\n")
    path.write_text("\n".join(cues), "utf-8")
    return path


def test_it_is_stopped_by_its_button_and_the_others_are_as_they_were(desk: Desk) -> None:
    program = desk.open_program()
    files = [write_subtitles(desk.folder / f"many {number}.srt") for number in range(_MANY)]
    desk.hand_to(program, *files)
    program.gone("label", re.compile("^Importing"), 60)
    desk.hand.press("Escape")
    desk.hand.click(program.find("push button", "More").box)
    desk.hand.click(program.find("menu item", re.compile("^Replace in all transcripts")).box)
    dialog = program.find("dialog", "Replace in all transcripts")
    desk.hand.click(dialog.find("text", "Find in all transcripts").box)
    desk.hand.type("fellow")
    desk.hand.click(dialog.find("text", "Replace with").box)
    desk.hand.type("dear")
    desk.hand.press("Return")
    desk.hand.click(dialog.find("push button", f"Replace in {_MANY} transcripts", 60).box)
    desk.hand.click(program.find("push button", "Stop").box)
    program.find("label", re.compile(r"replaced in .* transcripts are as they were\."))
    program.leave()
