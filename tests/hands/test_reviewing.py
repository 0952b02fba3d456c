"""Reviewing by hand: through what is in doubt, out with fillers, a note, and what is left."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.hands.talk import CLIPS, TURNS, WORD_MS
from tests.support.hands.desk import Desk, Program
from tests.support.hands.eye import Thing

UNSURE = {"fellow": 0.2, "can": 0.2}


@pytest.fixture(scope="module")
def program(desk: Desk) -> Program:
    return desk.open_program()


def open_talk(
    desk: Desk, program: Program, name: str, wordless: tuple[int, int] | None = None
) -> Thing:
    """Open a talk of which some words are in doubt, with an *um* in it; gives its page."""
    shutil.copy(CLIPS / "kennedy-1961.flac", desk.folder / f"{name}.flac")
    segments = []
    for speaker, begin_ms, text in TURNS:
        said = [*(["um,"] if not begin_ms else []), *text.split()]
        words = [
            {
                "text": word,
                "start_ms": begin_ms + place * WORD_MS,
                "end_ms": begin_ms + (place + 1) * WORD_MS,
                "confidence": UNSURE.get(word, 0.9),
            }
            for place, word in enumerate(said)
        ]
        end_ms = words[-1]["end_ms"]
        segments.append(
            {"start_ms": begin_ms, "end_ms": end_ms, "speaker": speaker, "words": words}
        )
    talk = {
        "format": "wordlight-transcript",
        "version": 1,
        "language": "en",
        "duration_ms": 11_000,
        "speakers": [{"id": "Ann", "name": "Ann"}, {"id": "Bob", "name": "Bob"}],
        "segments": segments,
    }
    if wordless is not None:
        talk["wordless"] = [{"start_ms": wordless[0], "end_ms": wordless[1]}]
    path = Path(desk.folder / f"{name}.json")
    path.write_text(json.dumps(talk), "utf-8")
    desk.hand_to(program, path)
    program.find("label", name)
    program.gone("label", re.compile("^Importing"))
    return program.page


def test_doubts_are_gone_through_and_fillers_struck(desk: Desk, program: Program) -> None:
    page = open_talk(desk, program, "doubts", (8_000, 9_000))
    desk.hand.click(page.box_of("um,"))
    desk.hand.click(program.find("push button", re.compile("^Check .*word")).box)
    program.find("label", "1 of 4")
    desk.hand.press("a")
    program.find("label", "2 of 4")
    desk.hand.press("f")
    assert program.focused("text", "Correct").text == "can"
    desk.hand.answer("could")
    program.gone("text", "Correct")
    desk.eye.until(lambda: "country could do" in page.text, "the fixed word")
    program.find("label", "3 of 4")
    desk.hand.press("a")
    program.find("label", "Speech without words: 1 second at 0:08")
    desk.hand.press("a")
    program.find("label", re.compile("^All checked"))
    desk.hand.press("Escape")
    program.gone("push button", "Accept")
    desk.hand.click(program.find("push button", re.compile("filler")).box)
    sheet = program.find("dialog", "Fillers")
    desk.hand.click(sheet.find("push button", "Strike through").box)
    program.gone("dialog", "Fillers")
    program.find("label", re.compile("1 filler was removed"))
    desk.hand.click(page.box_of("fellow"))
    desk.hand.click(program.find("check box", "Dim").box)
    desk.hand.click(program.find("menu item", "Dim the other speakers").box)
    desk.eye.until(
        lambda: "checked" in program.find("check box", "Dim").states, "what is dimmed"
    )
    desk.hand.press("ctrl+e")
    preview = program.find("dialog", "Export").find("text", "Preview")
    desk.eye.until(lambda: "And so, my fellow" in preview.text, "the text")
    assert "um," not in preview.text
    desk.hand.press("Escape")
    program.gone("dialog", "Export")


def test_a_note_is_listed_and_what_is_left_is_counted(desk: Desk, program: Program) -> None:
    page = open_talk(desk, program, "notes")
    desk.hand.double_click(page.box_of("country", after="What"))
    desk.hand.press("ctrl+shift+n")
    assert not program.focused("text", "Note").text
    desk.hand.answer("which one?")
    program.gone("text", "Note")
    desk.hand.click(program.find("push button", re.compile("^1 note")).box)
    row = program.find("list item", re.compile("which one"))
    assert "Bob" in row.name
    assert "“country”" in row.name
    desk.hand.click(page.box_of("end."))
    desk.hand.press("ctrl+shift+a")
    program.find("label", re.compile(r"^\d+ % reviewed"))
    desk.hand.click(row.box)
    desk.eye.until(lambda: page.selected_text == "country", "the words of the note")
    desk.hand.press("F9")
    desk.eye.until(lambda: page.selected_text == "That" or page.caret < 5, "what is next")
    desk.hand.press("alt+n")
    program.gone("list item", re.compile("which one"))
