"""The real window in another language: texts, digits, and read from the right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLabel, QLineEdit

from app.core.edits import mark_paragraph
from app.core.options import TranscriptionOptions
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word
from app.store.audio_links import AudioLink
from app.ui.actions import ActionId
from app.ui.transcript.text import TranscriptText
from app.ui.wording import clock, span
from tests.flow.conftest import Opened, OpenProgram
from tests.support.waiting import until

ANNA, SAMI = SpeakerId("a"), SpeakerId("b")
SAID = (
    (ANNA, "We shall bear any burden, and meet any hardship that there is."),
    (SAMI, "نتحمل أي عبء ونواجه أي مشقة مع WebVTT و Wordlight في كل مكان."),
    (ANNA, "Oppose any foe."),
)


def talk() -> Transcript:
    paragraphs: list[Paragraph] = []
    at_ms = 61_000
    for speaker, text in SAID:
        spoken: list[Word] = []
        for part in text.split():
            spoken.append(Word(part, at_ms, at_ms + 400, 0.95))
            at_ms += 500
        paragraphs.append(
            Paragraph(
                tuple(spoken), speaker, spoken[0].start_ms, at_ms, is_highlighted=True, note="n"
            )
        )
    speakers = (Speaker(ANNA, "Anna"), Speaker(SAMI, "سامي"))
    return Transcript(tuple(paragraphs), speakers, language="en", duration_ms=at_ms)


@pytest.fixture
def arabic(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = QLocale()
    monkeypatch.setenv("WORDLIGHT_LANGUAGE", "ar")
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    QLocale.setDefault(before)


async def read(opened: Opened, one: Transcript) -> None:
    transcript_id = opened.storage.library.add(
        one,
        name="Talk",
        options=TranscriptionOptions(),
        link=AudioLink("/nowhere/talk.wav", size_bytes=5),
        now_ms=1,
    )
    opened.program.rooms.library.open(transcript_id)
    await until(lambda: opened.transcript == one)


def changed(before: QImage, after: QImage) -> list[QRect]:
    """Give the stretches of each line of a picture that differ."""
    found: list[QRect] = []
    for y in range(before.height()):
        there = [x for x in range(before.width()) if before.pixel(x, y) != after.pixel(x, y)]
        if there:
            found.append(QRect(there[0], y, there[-1] - there[0] + 1, 1))
    return found


def test_in_arabic_times_stand_beside_marks(open_program: OpenProgram, arabic: None, run_async):
    async def flow() -> None:
        async with open_program() as opened:
            assert QApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
            assert opened.view.isRightToLeft()
            await read(opened, talk())
            await until(opened.view.isVisible)
            text = opened.window.findChildren(TranscriptText)[0]
            text.setCursorWidth(0)  # it blinks
            whole = text.viewport().grab().toImage()
            text.set_times_shown(False)
            timeless = text.viewport().grab().toImage()
            for number in range(len(SAID)):
                change = mark_paragraph(
                    opened.transcript, number, is_highlighted=False, note=""
                )
                assert change is not None
                opened.view.document.apply(change)
            times = changed(whole, timeless)
            marks = changed(timeless, text.viewport().grab().toImage())
            assert times
            assert marks
            assert not [one for one in times if any(one.intersects(mark) for mark in marks)]

    run_async(flow())


def test_in_arabic_digits_are_of_one_kind(open_program: OpenProgram, arabic: None, run_async):
    async def flow() -> None:
        async with open_program() as opened:
            await read(opened, talk())
            await until(opened.view.isVisible)
            assert clock(3_723_000) == "١:٠٢:٠٣"
            assert span(90_000).startswith("٢")
            opened.program.front.actions[ActionId.FIND].trigger()
            opened.view.find_bar.findChildren(QLineEdit)[0].setText("مشقة")
            await until(lambda: len(opened.view.finder.hits) == 1)
            fields = (QLabel, QAbstractSpinBox)
            things = [one for kind in fields for one in opened.window.findChildren(kind)]
            shown = [one.text() for one in things if one.isVisible()]
            assert any("١:" in text for text in shown)
            assert "١ من ١" in shown
            assert [text for text in shown if any(one in "0123456789" for one in text)] == []

    run_async(flow())
