"""From a file to an exported transcript, by assistive technology alone or by keys alone."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.hands.talk import ARABIC_TURNS, TURNS, write_talk
from tests.support.hands.desk import Desk, Program
from tests.support.hands.eye import Name, Thing

TALKS = [
    pytest.param(TURNS, "en", "fellow", "dear", "Carla", id="left to right"),
    pytest.param(ARABIC_TURNS, "ar", "صديقي", "أخي", "نور", id="right to left"),
]


def give_file(program: Program, path: Path) -> None:
    """Name a file in the system's window that has opened for it."""
    chooser = program.find("dialog", re.compile("^(Add|Import)"))
    chooser.find("text", "File name:").write(str(path))
    opening = chooser.find("push button", "Open")
    # The window looks into the folder before it believes that there is such a file.
    chooser.eye.until(lambda: "sensitive" in opening.states, "the file")
    opening.act("Press")


def in_front(program: Program, name: Name) -> Thing:
    """Wait until a dialog has the keyboard: it is seen a moment before."""
    dialog = program.find("dialog", name)
    dialog.eye.until(lambda: "active" in dialog.states, f"{name} in front")
    return dialog


def do(program: Program, command: str) -> None:
    """Have a command done by its name."""
    program.find("push button", "More").act("Press")
    program.find("menu item", re.compile("^Find a command")).act("Press")
    palette = program.find("dialog", "Find a command")
    palette.find("text").write(command)
    palette.find("list item", re.compile(f"^{command}", re.IGNORECASE))
    palette.find("push button", "Do it").act("Press")
    program.gone("dialog", "Find a command")


def correct_rename_and_export(
    desk: Desk, program: Program, made: Path, *, wrong: str, right: str, speaker: str
) -> str:
    """Put a word right, name the speaker at the caret, export; gives what was written."""
    page = program.page
    page.put_caret(page.text.index(wrong))
    page.write_over(wrong, right)
    desk.eye.until(lambda: right in page.text and wrong not in page.text, right)
    program.find("label", re.compile("saved$"))

    do(program, "rename")
    name = program.find("text", "Speaker name")
    name.write(speaker)
    page.focus()  # leaving the field keeps what is in it
    program.gone("text", "Speaker name")

    program.find("push button", "Export").act("Press")
    dialog = program.find("dialog", "Export")
    formats = dialog.find("list", "Format")
    names = [one.name for one in formats.children]
    formats.choose(names.index("SubRip subtitles"))
    dialog.find("label", str(made))
    dialog.find("push button", "Export").act("Press")
    desk.eye.until(made.exists, str(made))
    desk.eye.until(lambda: right in made.read_text("utf-8"), "its text")
    if program.seen.has("dialog", "Export"):
        dialog.find("push button", "Close").act("Press")
    program.gone("dialog", "Export")
    return made.read_text("utf-8")


def test_a_recording_becomes_a_corrected_file_without_eyes_or_hands(
    desk: Desk, clips: Path
) -> None:
    program = desk.open_program(home=desk.folder / "ear")
    clip = Path(shutil.copy(clips / "lj001-0008.flac", desk.folder / "heard.flac"))
    program.find("push button", "Skip the first steps").act("Press")
    program.find("push button", "Add files").act("Press")
    give_file(program, clip)
    row = program.find("list item", re.compile(r"^heard\.flac\. Done"), timeout_s=100)
    queue = program.find("list", "Queue")
    queue.choose([one.name for one in queue.children].index(row.name))
    program.find("label", "heard.flac")

    position = program.find("slider", "Position")
    desk.eye.until(lambda: program.seen.has("label", re.compile("^0:00 / 0:0[1-9]")), "sound")
    position.set_value(1)
    program.find("label", re.compile("^0:01 / "))
    assert position.description.startswith("1 second of ")

    written = correct_rename_and_export(
        desk, program, clip.with_suffix(".srt"), wrong="never", right="seldom", speaker="Linda"
    )
    assert "seldom" in written
    told = {"heard.flac started.", "heard.flac is done.", "Saved"}
    desk.eye.until(lambda: told <= set(desk.eye.said), "what happened, said")
    program.leave()


@pytest.fixture(scope="module")
def talks(desk: Desk) -> list[Program]:
    """Lay the talks out; gives where the program of these tests is kept."""
    for way in ("by ear", "by keys"):  # all at once: the system's window looks but now and then
        write_talk(desk.folder, f"{way} en", unsure={"fellow", "end."})
        write_talk(desk.folder, f"{way} ar", ARABIC_TURNS, "ar", unsure={"صديقي", "لله."})
    write_talk(desk.folder, "boxes")
    return []


@pytest.fixture
def program(desk: Desk, talks: list[Program]) -> Program:
    """Open the program, unless it is open; another test may have opened one of its own."""
    if not talks or not talks[-1].is_open:
        talks.append(desk.open_program())
    return talks[-1]


@pytest.mark.parametrize(("turns", "language", "wrong", "right", "speaker"), TALKS)
def test_a_talk_is_put_right_by_what_controls_can_do(
    desk: Desk,
    program: Program,
    turns: tuple[tuple[str, int, str], ...],
    language: str,
    wrong: str,
    right: str,
    speaker: str,
) -> None:
    name = f"by ear {language}"
    path = desk.folder / f"{name}.json"
    do(program, "import transcripts")
    give_file(program, path)
    program.find("label", name)
    page = program.page
    for word in (wrong, turns[-1][2].split()[0]):  # in the first paragraph and the last
        place = page.text.index(word)
        assert page.offset_at(*page.box_of_character(place + 1).middle) in range(
            place, place + len(word) + 1
        )
    find_and_check(desk, program, wrong, turns[-1][2].split()[-1])
    written = correct_rename_and_export(
        desk, program, path.with_suffix(".srt"), wrong=wrong, right=right, speaker=speaker
    )
    assert turns[-1][2].split()[0] in written


def find_and_check(desk: Desk, program: Program, first: str, last: str) -> None:
    """Find a word, then go through the two that are in doubt; each is said."""
    do(program, "find")
    program.find("text", "Find in transcript").write(first)
    desk.eye.until(lambda: desk.eye.said[-1:] == ["1 of 1"], "how much was found, said")
    program.find("push button", "Close").act("Press")
    program.gone("text", "Find in transcript")
    program.page.put_caret(0)
    do(program, "check uncertain words")
    for place, word in enumerate((first, last), start=1):
        told = f"{place} of 2, “{word}”, 20 % sure"
        desk.eye.until(lambda told=told: told in desk.eye.said, told)
        assert program.page.selected_text == word
        program.find("push button", "Accept").act("Press")
    program.find("label", re.compile("^All checked"))
    program.find("push button", "Done").act("Press")
    program.gone("panel", "Check what is uncertain")


def test_a_row_with_a_box_is_left_out_by_its_own_action(desk: Desk, program: Program) -> None:
    do(program, "import transcripts")
    give_file(program, desk.folder / "boxes.json")
    program.find("label", "boxes")
    page = program.page

    do(program, "find and replace")
    program.find("text", "Find in transcript").write("country")
    program.find("text", "Replace with").write("land")
    program.find("label", "1 of 2")
    program.find("push button", "Replace all").act("Press")
    sheet = program.find("dialog", re.compile("^Replace “country”"))
    for _ in range(3):  # left out, taken in, left out
        toggle(desk, sheet, 1)
    toggle(desk, sheet, 0)  # the one that keys are at
    toggle(desk, sheet, 0)
    sheet.find("push button", "Replace 1").act("Press")
    program.gone("dialog", re.compile("^Replace “country”"))
    desk.eye.until(lambda: "What your land can do" in page.text, "the other word")
    assert "for your country." in page.text
    program.find("push button", "Close").act("Press")
    program.gone("text", "Find in transcript")

    do(program, "replace in all transcripts")
    sheet = program.find("dialog", "Replace in all transcripts")
    sheet.find("text", "Find in all transcripts").write("fellow")
    sheet.find("push button", "Find").act("Press")
    sheet.find("push button", re.compile("^Replace in "))
    toggle(desk, sheet, 0)
    toggle(desk, sheet, 0)
    sheet.find("push button", "Close").act("Press")
    program.gone("dialog", "Replace in all transcripts")


def toggle(desk: Desk, sheet: Thing, row: int) -> None:
    """Have a row ticked, or not, by the only action it has."""
    one = sheet.find("list").children[row]
    before = "checked" in one.states
    one.act("Toggle")
    desk.eye.until(lambda: ("checked" in one.states) != before, f"row {row} ticked or not")


@pytest.mark.parametrize(("turns", "language", "wrong", "right", "speaker"), TALKS)
def test_a_talk_is_put_right_by_keys(
    desk: Desk,
    program: Program,
    turns: tuple[tuple[str, int, str], ...],
    language: str,
    wrong: str,
    right: str,
    speaker: str,
) -> None:
    hand, name = desk.hand, f"by keys {language}"
    if language == "ar":  # the hand's keyboard has no Arabic letters
        right, speaker = "Ali", "Nour"
    path = desk.folder / f"{name}.json"
    hand.press("ctrl+shift+i")
    in_front(program, re.compile("^Import"))
    hand.answer(str(path))
    program.find("label", name)
    page = program.page
    while "focused" not in page.states:
        hand.press("F6")
    hand.press("ctrl+f")
    program.focused("text", "Find in transcript")
    hand.answer(wrong)
    program.find("label", "1 of 1")
    desk.eye.until(lambda: desk.eye.said[-1:] == ["1 of 1"], "how much was found, said")
    hand.press("Escape")
    program.gone("text", "Find in transcript")
    hand.press("ctrl+Delete")
    hand.type(f"{right} ")
    desk.eye.until(lambda: f"{right} " in page.text and wrong not in page.text, right)
    hand.press("ctrl+k")
    in_front(program, "Find a command")
    hand.type("rename sp")
    program.find("list item", re.compile("^Rename speaker"))
    hand.press("Return")
    program.focused("text", "Speaker name")
    hand.answer(speaker)
    program.gone("text", "Speaker name")
    hand.press("ctrl+e")
    dialog = in_front(program, "Export")
    hand.type("SubRip")
    made = path.with_suffix(".srt")
    dialog.find("label", str(made))
    hand.press("Return")
    desk.eye.until(made.exists, str(made))
    desk.eye.until(lambda: right in made.read_text("utf-8"), "its text")
    if program.seen.has("dialog", "Export"):
        hand.press("Escape")
    program.gone("dialog", "Export")
