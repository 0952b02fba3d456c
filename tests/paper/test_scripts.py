"""Scripts without a font: said before there are boxes, and only where there would be some."""

from __future__ import annotations

import unicodedata

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QRawFont

from app.core.errors import ExportError
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word
from app.export.options import ExportOptions
from app.export.source import ExportDocument
from app.paper.format import PAGES, PDF, needs_fonts
from app.paper.scripts import find_missing, has_rare_characters

pytestmark = [pytest.mark.gui, pytest.mark.usefixtures("qapp")]

SCRIPTS = {
    "Thai": "สวัสดี",
    "Chinese": "你好",
    "Japanese": "ひらがな",
    "Korean": "안녕",
    "Devanagari": "नमस्ते",
    "Tibetan": "བཀྲ",
    "Burmese": "မြန်မာ",
    "Amharic": "ሰላም",
    "Cuneiform": "𒀀𒀁",
    "Toto": "𞊐𞊑",
    "Anatolian": "𔐀𔐁",
}


def is_there(text: str) -> bool:
    """Ask Qt by other means whether a font holds a text."""
    return any(
        all(
            QRawFont.fromFont(QFont(family)).supportsCharacter(ord(character))
            for character in text
            if not unicodedata.category(character).startswith("M")
        )
        for family in QFontDatabase.families()
    )


def missing_script() -> tuple[str, str]:
    for script, text in SCRIPTS.items():
        if not is_there(text):
            return script, text
    pytest.skip("there is a font for every script here")


def talk(text: str, *, name: str = "", note: str = "", title: str = "Talk") -> ExportDocument:
    who = SpeakerId("speaker-1")
    word = Word(text, 0, 500)
    return ExportDocument(
        Transcript((Paragraph((word,), who, 0, 500, note=note),), (Speaker(who, name),)), title
    )


def places_of(text: str) -> list[ExportDocument]:
    return [
        talk(text),
        talk("Hello", name=text),
        talk("Hello", note=text),
        talk("Hello", title=text),
        talk(f"Hello{text}"),
    ]


@pytest.mark.parametrize("place", range(5))
def test_a_pdf_that_would_hold_boxes_is_refused_with_what_to_do(place: int) -> None:
    script, text = missing_script()
    with pytest.raises(ExportError) as caught:
        PDF.write(places_of(text)[place], ExportOptions(notes=True))
    sentence = caught.value.message.fill()
    assert f"No font for {script} " in sentence
    assert "Noto Sans" in sentence
    assert "Word or text" in sentence


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_written_or_said(script: str) -> None:
    missing, _ = find_missing([SCRIPTS[script]])
    assert (missing is None) == is_there(SCRIPTS[script])
    if missing is not None:
        assert missing.script == script


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.name)
def test_a_page_is_written_and_says_it(kind) -> None:
    script, text = missing_script()
    document = talk(text)
    assert needs_fonts(document, kind)
    assert text in kind.write(document).decode()
    said = kind.remark(document)
    assert f"No font for {script} " in said.fill()
    assert kind.remark(talk("Grüße, привет, “γειά” — 5 €…")) is None


@pytest.mark.parametrize(
    "text",
    [
        "Grüße",
        "Привет",
        "Γειά",
        "naïve “so” – 5 €…",
        "\u2067a\u2069\u200f",
        "e\u0301",
        "\x07\ud800",
    ],
)
def test_what_every_font_has_needs_no_look(text: str) -> None:
    assert find_missing([text])[0] is None
    if "\ud800" not in text:
        assert not has_rare_characters(text)


def test_what_stands_for_nothing_is_shown_as_a_sign_that_can_be_seen() -> None:
    assert find_missing(["\U0010ff00 \U000e0fff"])[1] == {0x10FF00: 0xFFFD, 0xE0FFF: 0xFFFD}
    assert PDF.write(talk("a\U0010ff00b", name="\U0010ff00", note="\ue123")).startswith(b"%PDF")


def test_a_sign_without_a_font_is_named_itself() -> None:
    characters = [character for character in "𝄞🫨⸻𐆠" if not is_there(character)]
    if not characters:
        pytest.skip("there is a font for every character here")
    missing, _ = find_missing(characters)
    assert missing is not None
    assert missing.script == f"“{characters[0]}”"
