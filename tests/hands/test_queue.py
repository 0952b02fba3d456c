"""A queue of several recordings: what is bad says so at once, what is done folds away."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.hands.desk import Desk
from tests.support.sounds import ffmpeg


def test_a_bad_file_is_told_before_its_turn_and_done_rows_fold_away(
    desk: Desk, clips: Path
) -> None:
    program = desk.open_program()
    made: list[Path] = []
    for number in range(6):
        path = desk.folder / f"part{number}.flac"
        ffmpeg("-ss", f"{number / 4}", "-t", "1.5", "-i", clips / "kennedy-1961.flac", path)
        made.append(path)
    text = desk.folder / "text.mp3"
    text.write_text("a letter, not a recording\n" * 20)

    desk.hand.press("ctrl+shift+p")  # pause
    desk.hand_to(program, text, *made)
    bad = program.find("list item", re.compile(r"^text\.mp3\. Needs attention"))
    assert "not a recording" in bad.name
    program.find("label", "0 of 7 done, 1 needs attention, paused")
    desk.hand.right_click(bad.box)
    retry = program.find("menu item", re.compile("^Try again"))
    assert "sensitive" not in retry.states
    program.find("menu item", "Choose the file…")
    desk.hand.press("Escape")

    desk.hand.click(program.find("push button", "Resume the queue").box)
    program.find("label", re.compile(r"^[1-5] of 7 done, 1 needs attention"), timeout_s=60)
    button = program.find("push button", "Show 3 done", timeout_s=100)
    program.find("label", "1 needs attention")

    first = re.compile(r"^part0\.flac\. Done")
    program.gone("list item", first)
    desk.hand.click(button.box)
    button = program.find("push button", "Hide 3 done")
    program.find("list item", first)
    desk.hand.click(button.box)
    program.gone("list item", first)
    program.leave()
