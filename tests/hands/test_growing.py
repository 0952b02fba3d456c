"""A recording that is still recognised: opened from its row, read, and watched to its end."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.hands.talk import write_talk
from tests.support.hands.desk import Desk, Program
from tests.support.hands.eye import Thing
from tests.support.sounds import ffmpeg

MORE = "You can edit the text once it is complete."


@contextmanager
def held_up(program: Program) -> Iterator[None]:
    """Let the recogniser stand still, so that nothing goes by how busy a machine is."""
    held = [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/stat")
        if is_recogniser_of(program, path)
    ]
    assert held
    for process_id in held:
        os.kill(process_id, signal.SIGSTOP)
    try:
        yield
    finally:
        for process_id in held:
            os.kill(process_id, signal.SIGCONT)


def is_recogniser_of(program: Program, path: Path) -> bool:
    try:
        parent = int(path.read_text().rpartition(")")[2].split()[1])
        command = path.with_name("cmdline").read_bytes()
    except OSError:  # it has ended meanwhile
        return False
    return parent == program.process_id and b"--recognise" in command


def test_a_running_row_opens_what_there_is_so_far_and_it_becomes_whole(
    desk: Desk, clips: Path
) -> None:
    program = desk.open_program()
    talk = desk.folder / "long.flac"
    ffmpeg("-i", clips / "five-minutes.flac", "-t", "240", talk)
    desk.hand_to(program, talk)
    head = re.compile(rf"^\d+ % done, about .* left\. {re.escape(MORE)}")
    program.find("label", head, 120)  # on the page of the job, without being asked
    desk.eye.until(lambda: len(program.page.text.split()) > 200, "two hundred words", 60)
    with held_up(program):
        desk.hand.click(program.find("check box", "Library").box)
        program.gone("label", head)
        row = program.find("list item", re.compile(r"^long\.flac\. Transcribing"))
        desk.hand.click(row.box)
        program.find("label", head, 60)
        before = program.page.text
        assert len(before.split()) > 200

        desk.hand.click(program.find("check box", "Library").box)
        program.gone("label", head)
        program.find("list", "Queue").focus()
        desk.hand.press("Return")
        program.find("label", head, 60)
        assert program.page.text == before

        word = before.split()[12]
        desk.hand.click(program.page.box_of(f" {word} "))
        caret = program.page.caret
        desk.hand.press("x")
        program.find("label", MORE)
        assert program.page.text.startswith(before[:500])

    program.find("label", re.compile(r"^4:00 · .*saved"), 120)
    after = program.page.text
    assert len(after) > len(before)
    assert after.startswith(before[: before.rindex(" ")])
    assert program.page.caret == caret
    desk.hand.press("x")
    desk.eye.until(lambda: program.page.text != after, "a letter written")


def test_a_language_that_was_wrongly_chosen_is_put_right(desk: Desk, clips: Path) -> None:
    """The model that is used hears English words in Spanish, and is sure of few."""
    program = desk.open_program(home=desk.folder / "spanish")
    talk = desk.folder / "talk.flac"
    ffmpeg("-stream_loop", "2", "-i", clips / "made/spanish.flac", talk)
    desk.hand_to(program, talk)
    program.find("label", "Many words are uncertain. Is this English?", 100)
    wrong = program.page.text
    desk.hand.click(program.find("push button", "Detect language").box)
    sheet = program.find("dialog", re.compile(r"^Transcribe talk\.flac again\?|^talk"))
    desk.hand.click(sheet.find("push button", "Transcribe again").box)
    program.gone("push button", "Transcribe again")

    def rows() -> list[Thing]:
        return list(program.seen.all("list item", re.compile(r"^talk\.flac\. Done")))

    desk.eye.until(lambda: len(rows()) == 2, "both done", 120)
    assert program.page.text == wrong  # nobody is taken from what they read
    desk.hand.click(rows()[-1].box)
    desk.eye.until(lambda: "buen tiempo" in program.page.text, "Spanish words")


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
