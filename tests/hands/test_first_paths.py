"""The paths everybody goes, with real events in a real window."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hands.talk import write_talk
from tests.support.hands.desk import Desk, Program
from tests.support.hands.eye import Thing

Open = Callable[[str], Thing]


@pytest.fixture(scope="module")
def program(desk: Desk) -> Program:
    return desk.open_program()


@pytest.fixture
def open_talk(desk: Desk, program: Program) -> Open:
    """Open a talk nobody has touched, as a double-click on its file does; gives its page."""

    def open_it(name: str) -> Thing:
        desk.hand.press("Escape")  # what a test that failed has left open
        desk.hand_to(program, write_talk(desk.folder, name))
        program.find("label", name)
        program.gone("label", re.compile("^Importing"))
        if dismiss := next(program.seen.all("push button", "Dismiss"), None):
            desk.hand.click(dismiss.box)  # going by itself, it would move the page
            program.gone("push button", "Dismiss")
        return program.page

    return open_it


def test_a_dropped_recording_is_done_and_can_be_read(
    desk: Desk, program: Program, clips: Path
) -> None:
    clip = Path(shutil.copy(clips / "lj001-0002.flac", desk.folder / "dropped.flac"))
    files = desk.lay_out(clip)
    target = program.find("push button", "Add files").box
    desk.hand.drag(files.find("label", "dropped.flac").box, target)
    row = program.find("list item", re.compile(r"^dropped\.flac\. Done"), timeout_s=100)
    desk.hand.click(row.box)
    program.find("label", "dropped.flac")
    assert "comparatively modern" in program.page.text


@pytest.mark.parametrize(
    ("after", "word", "second"),
    [("", "Americans:", 1), ("you;", "ask", 5), ("your ", "country.", 7), ("the", "end.", 9)],
)
def test_a_click_on_a_word_brings_the_sound_there(
    desk: Desk, program: Program, open_talk: Open, after: str, word: str, second: int
) -> None:
    page = open_talk(f"click {second}")
    program.find("label", "0:00 / 0:11")
    desk.hand.click(page.box_of(word, after=after))
    position = program.find("slider", "Position")
    desk.eye.until(lambda: second <= position.value <= second + 1, f"second {second}", 10)
    assert program.find("push button", "Play")  # it stays quiet until asked


def test_a_word_is_written_over_and_the_correction_taken_back(
    desk: Desk, program: Program, open_talk: Open
) -> None:
    page = open_talk("correct")
    desk.hand.double_click(page.box_of("fellow"))
    desk.eye.until(lambda: page.selected_text == "fellow", "the word selected")
    desk.hand.type("dear")
    desk.eye.until(lambda: page.text.startswith("And so, my dear Americans"), "the word")
    desk.hand.press("ctrl+z")
    desk.eye.until(lambda: page.text.startswith("And so, my fellow"), "the old word")


def test_a_speaker_is_renamed_everywhere(desk: Desk, program: Program, open_talk: Open) -> None:
    page = open_talk("rename")
    desk.hand.click(page.box_of("What"))
    desk.hand.press("shift+F2")
    assert program.focused("text", "Speaker name").text == "Bob"
    desk.hand.answer("Carla")
    program.gone("text", "Speaker name")
    desk.hand.press("ctrl+e")
    preview = program.find("dialog", "Export").find("text", "Preview")
    desk.eye.until(lambda: "Carla: What your country" in preview.text, "the new name")
    desk.hand.press("Escape")
    program.gone("dialog", "Export")


def test_what_is_looked_for_is_counted_and_gone_through(
    desk: Desk, program: Program, open_talk: Open
) -> None:
    page = open_talk("find")
    desk.hand.click(page.box_of("fellow"))
    desk.hand.press("ctrl+f")
    program.focused("text", "Find in transcript")
    desk.hand.type("country")
    program.find("label", "1 of 2")
    first = page.caret
    desk.hand.press("Return")
    program.find("label", "2 of 2")
    assert page.text[page.caret :].startswith("country.")
    assert first < page.caret
    desk.hand.press("Escape")
    program.gone("text", "Find in transcript")


def test_the_transcript_is_exported_beside_its_recording(
    desk: Desk, program: Program, open_talk: Open
) -> None:
    open_talk("export")
    desk.hand.press("ctrl+e")
    dialog = program.find("dialog", "Export")
    desk.hand.click(dialog.find("list item", "SubRip subtitles").box)
    made = desk.folder / "export.srt"
    dialog.find("label", str(made))
    desk.hand.click(dialog.find("push button", "Export").box)
    desk.eye.until(made.exists, str(made))
    desk.eye.until(lambda: "ask not" in made.read_text("utf-8"), "its text")
    if program.seen.has("dialog", "Export"):
        desk.hand.press("Escape")
    program.gone("dialog", "Export")


MENU = (
    *("Play from here", "Loop the selection or paragraph", "Undo", "Redo", "Cut", "Copy"),
    *("Copy with times", "Paste", "Select all", "Find"),
)
MENUS = ("Speaker", "Paragraph", "Review", "Listen", "Whole transcript")


@pytest.mark.parametrize("way", ["right click", "Menu key", "Shift+F10", "button"])
def test_the_menu_of_the_transcript_opens_every_way(
    desk: Desk, program: Program, open_talk: Open, way: str
) -> None:
    page = open_talk(f"menu by {way}")
    if way == "right click":
        desk.hand.right_click(page.box_of("country", after="What"))
    elif way == "button":
        desk.hand.click(program.find("push button", "More for this transcript").box)
    else:
        desk.hand.click(page.box_of("country", after="What"))  # there the keys go
        desk.hand.press("Menu" if way == "Menu key" else "shift+F10")
    for entry in MENU:
        program.find("menu item", re.compile(rf"^{re.escape(entry)}(\t|$)"), timeout_s=5)
    for menu in MENUS:
        program.find("menu item", menu, timeout_s=5)
    desk.hand.press("Escape")
    program.gone("menu item", re.compile("^Play from here"))


def test_another_speaker_is_given_through_the_menu(
    desk: Desk, program: Program, open_talk: Open
) -> None:
    page = open_talk("assign")
    desk.hand.right_click(page.box_of("end."))
    desk.hand.click(program.find("menu item", "Speaker").box)
    desk.hand.click(program.find("menu item", "Change speaker").box)
    desk.hand.click(program.find("menu item", "Bob").box)
    program.gone("menu item", "Bob")
    desk.hand.press("ctrl+e")
    preview = program.find("dialog", "Export").find("text", "Preview")
    desk.eye.until(lambda: "Bob: That was the end" in preview.text, "the other speaker")
    desk.hand.press("Escape")
    program.gone("dialog", "Export")


def test_a_double_click_beside_a_word_selects_the_nearest(
    desk: Desk, program: Program, open_talk: Open
) -> None:
    page = open_talk("edges")
    word, line = page.box_of("country", after="What"), page.box_of("What")
    after = page.box_of("can", after="What").left
    for x, meant in (
        (word.left - 1, "country"),
        (word.left, "country"),
        (after - 4, "country"),  # just beyond its last letter
        (after - 1, "can"),
        (line.left - 3, "What"),
    ):
        for y in (word.top, word.bottom - 1):
            desk.hand.double_click((x, y))
            desk.eye.until(lambda meant=meant: page.selected_text == meant, meant)
            desk.hand.press("Right")


def test_what_is_done_is_transcribed_again_only_when_asked_and_as_one_more(
    desk: Desk, program: Program, clips: Path
) -> None:
    is_done = re.compile(r"^twice\.flac\. Done")
    desk.hand_to(
        program, Path(shutil.copy(clips / "lj001-0008.flac", desk.folder / "twice.flac"))
    )
    first = program.find("list item", is_done, timeout_s=100)
    desk.hand.click(first.box)
    program.find("label", "twice.flac")
    page = program.page
    desk.eye.until(lambda: "never" in page.text, "the text")
    desk.hand.double_click(page.box_of("never"))
    desk.hand.type("seldom")
    desk.eye.until(lambda: "seldom" in page.text, "the correction")

    desk.hand.press("ctrl+r")
    desk.hand.right_click(first.box)
    retry = program.find("menu item", re.compile("^Try again"))
    assert "sensitive" not in retry.states
    desk.hand.click(program.find("menu item", "Transcribe again…").box)
    dialog = program.find("dialog", "Transcribe twice.flac again?")
    assert len(list(program.seen.all("list item", re.compile(r"^twice\.flac\.")))) == 1
    desk.hand.click(dialog.find("push button", "Transcribe again").box)
    program.gone("dialog", "Transcribe twice.flac again?")

    def both() -> list[Thing] | None:
        rows = list(program.seen.all("list item", is_done))
        return rows if len(rows) == 2 else None

    old, new = sorted(
        desk.eye.until(both, "two rows that are done", 100), key=lambda row: row.box
    )
    desk.hand.click(new.box)
    desk.eye.until(lambda: "has never been" in page.text, "the new text")
    desk.hand.click(page.box_of("never"))
    desk.hand.press("shift+F10")
    desk.hand.click(program.find("menu item", "Whole transcript").box)
    desk.hand.click(program.find("menu item", "Compare with another transcript…").box)
    program.find("label", re.compile("^1 of 1"))
    desk.hand.press("Right")  # the other one's word
    desk.eye.until(lambda: "has seldom been" in page.text, "the word of the other one")
    program.find("label", "Both transcripts are the same.")
    desk.hand.press("Escape")
    program.gone("push button", "Use the new text")
    desk.hand.press("ctrl+z")
    desk.eye.until(lambda: "has never been" in page.text, "the new text again")
    desk.hand.click(old.box)
    desk.eye.until(lambda: "seldom" in page.text, "the corrected text")


def test_the_encoding_of_old_subtitles_is_seen_and_changed_before_they_are_taken(
    desk: Desk, program: Program
) -> None:
    said = "Hej, hur mår du? Vi talar om vädret på ön."
    old = desk.folder / "old.srt"
    old.write_bytes(f"1\n00:00:01,000 --> 00:00:02,000\n{said}\n".encode("mac_roman"))
    desk.hand_to(program, old)
    program.find("label", re.compile("^Can you read this"))
    assert not program.seen.has("label", said)
    choices = program.find("combo box", re.compile(r"\(cp\d+\)$"))
    desk.hand.click(choices.box)
    desk.hand.type("Western, old")
    desk.hand.press("Return")
    program.find("label", said)
    desk.hand.click(program.find("push button", "Import").box)
    program.find("label", "old")
    desk.eye.until(lambda: program.page.text.startswith(said), "what the file says")
