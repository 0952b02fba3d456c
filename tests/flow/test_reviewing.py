"""Reviewing in the real window: a walk through doubts, fillers, notes, and what is left."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QSlider, QToolButton

from app.core.doubt import doubtful_passages, is_doubtful
from app.core.markers import placed_markers
from app.core.options import TranscriptionOptions
from app.core.transcript import (
    MarkerKind,
    Paragraph,
    Speaker,
    SpeakerId,
    Transcript,
    TranscriptId,
    Word,
)
from app.store.audio_links import AudioLink
from app.ui.actions import ActionId
from app.ui.kit.letters import text_of
from app.ui.transcript.filler_sheet import FillerSheet
from app.ui.transcript.replace_sheet import ReplaceSheet
from app.ui.transcript.side_pane import Listing, SidePane
from app.ui.transcript.walk_bar import WalkBar
from tests.flow.conftest import Opened, OpenProgram
from tests.flow.test_typing import type_into_editor, words
from tests.support.waiting import until

ANNA, BEN = SpeakerId("a"), SpeakerId("b")
SAID = (
    (ANNA, "Um, we shal bear any burden, uh, you know, meat any hardship."),
    (BEN, "And we shal support any friend."),
    (ANNA, "Oppose any foe, um."),
)
UNSURE = ("shal", "meat")


def talk(*, has_confidence: bool = True) -> Transcript:
    paragraphs: list[Paragraph] = []
    at_ms = 0
    for speaker, text in SAID:
        spoken: list[Word] = []
        for part in text.split():
            sure = 0.2 if part in UNSURE else 0.95
            spoken.append(Word(part, at_ms, at_ms + 400, sure if has_confidence else None, 0.9))
            at_ms += 500
        paragraphs.append(Paragraph(tuple(spoken), speaker, spoken[0].start_ms, at_ms))
    second = paragraphs[1]
    doubted = tuple(
        replace(word, speaker_confidence=0.3) if place < 2 else word
        for place, word in enumerate(second.words)
    )
    paragraphs[1] = replace(second, words=doubted)
    speakers = (Speaker(ANNA, "Anna"), Speaker(BEN, "Ben"))
    return Transcript(tuple(paragraphs), speakers, language="en", duration_ms=at_ms)


async def read(opened: Opened, one: Transcript, name: str = "Talk") -> TranscriptId:
    read_one = opened.storage.library.add(
        one,
        name=name,
        options=TranscriptionOptions(),
        link=AudioLink("/nowhere/talk.wav", size_bytes=5),
        now_ms=1,
    )
    opened.program.rooms.library.open(read_one)
    await until(lambda: opened.program.rooms.reviewing.notes.transcript == one)
    return read_one


def shown(opened: Opened, kind: type[QLabel | QToolButton], start: str) -> list[str]:
    """Give what labels say, and what buttons are called, if it begins so."""
    found = [one for one in opened.window.findChildren(kind) if one.isVisible()]
    texts = [one.text() if isinstance(one, QLabel) else one.accessibleName() for one in found]
    return [text for text in texts if text.startswith(start)]


def bar_of(opened: Opened) -> WalkBar:
    return opened.window.findChildren(WalkBar)[0]


async def start_walk(opened: Opened) -> WalkBar:
    bar = bar_of(opened)
    await until(lambda: bool(shown(opened, QToolButton, "Check")))
    opened.program.front.actions[ActionId.CHECK_WORDS].trigger()
    await until(bar.isVisible)
    return bar


def test_doubtful_words_are_gone_through_by_single_keys(
    open_program: OpenProgram, run_async
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            read_one = await read(opened, talk())
            await until(lambda: "Check 1 speaker" in shown(opened, QToolButton, "Check"))
            bar = await start_walk(opened)
            slider = bar.findChildren(QSlider)[0]
            slider.setValue(50)
            assert shown(opened, QLabel, "3 below") == ["3 below 50 %"]
            await until(lambda: shown(opened, QLabel, "1 of") == ["1 of 3"])
            bar.setFocus()
            QTest.keyClick(bar, Qt.Key.Key_A)  # "shal" is agreed to
            assert shown(opened, QLabel, "2 of") == ["2 of 3"]
            assert not is_doubtful(opened.transcript.paragraphs[0].words[2], 0.5)
            QTest.keyClick(bar, Qt.Key.Key_Left)
            assert shown(opened, QLabel, "“shal”, accepted")
            opened.program.front.actions[ActionId.UNDO].trigger()
            assert opened.transcript == talk()
            QTest.keyClick(bar, Qt.Key.Key_L)  # and fixed wherever it stands
            QTest.keyClick(type_into_editor(opened, "shall"), Qt.Key.Key_Return)
            assert words(opened.transcript).count("shall") == 2
            await until(lambda: shown(opened, QLabel, "3 of") == ["3 of 3"])
            assert bar.hasFocus()
            QTest.keyClick(bar, Qt.Key.Key_F)
            QTest.keyClick(type_into_editor(opened, "meet"), Qt.Key.Key_Return)
            assert "meet" in words(opened.transcript)
            assert shown(opened, QLabel, "All checked")
            QTest.keyClick(bar, Qt.Key.Key_Escape)
            assert bar.isHidden()
        async with open_program() as opened:
            stored = opened.storage.library.load(read_one)
            assert words(stored.transcript).count("shall") == 2
            assert stored.place.doubt_below == 0.5

    run_async(flow(), timeout_s=60)


def test_speech_without_words_is_gone_through_with_them(
    open_program: OpenProgram, run_async
) -> None:
    """It is played, written down where it is said, or agreed to be nothing."""
    holes = ((3_600, 5_200), (20_000, 22_000))
    plain = talk(has_confidence=False)
    whole = replace(plain, wordless=holes, duration_ms=30_000)
    later = replace(
        plain.paragraphs[1],
        words=tuple(
            replace(word, start_ms=word.start_ms + 9_000, end_ms=word.end_ms + 9_000)
            for word in plain.paragraphs[1].words
        ),
    )
    early = replace(plain.paragraphs[0], words=plain.paragraphs[0].words[:7])
    one = replace(whole, paragraphs=(early, later))

    async def flow() -> None:
        async with open_program() as opened:
            read_one = await read(opened, one)
            await until(lambda: "Check 2 words" in shown(opened, QToolButton, "Check"))
            assert opened.program.rooms.bar.timeline.wordless == holes
            bar = await start_walk(opened)
            await until(lambda: shown(opened, QLabel, "1 of") == ["1 of 2"])
            assert shown(opened, QLabel, "Speech") == [
                "Speech without words: 2 seconds at 0:03"
            ]
            page = opened.program.rooms.page.text
            told: list[str] = []
            page.turn_entered.connect(told.append)
            QTest.keyClick(bar, Qt.Key.Key_F)  # to write there
            assert page.hasFocus()
            QTest.keyClicks(page, " my friends")
            assert opened.transcript.paragraphs[0].text.endswith("my friends")
            assert opened.program.rooms.bar.timeline.wordless == holes[1:]
            bar.setFocus()
            QTest.keyClick(bar, Qt.Key.Key_S)
            await until(
                lambda: (
                    shown(opened, QLabel, "Speech")
                    == ["Speech without words: 2 seconds at 0:20"]
                )
            )
            QTest.keyClick(bar, Qt.Key.Key_A)  # nothing is said there
            assert shown(opened, QLabel, "All checked")
            assert opened.transcript.wordless == holes[:1]
            opened.program.front.actions[ActionId.UNDO].trigger()
            assert opened.transcript.wordless == holes
            page.moveCursor(QTextCursor.MoveOperation.End)
            page.moveCursor(QTextCursor.MoveOperation.Start)
            page.moveCursor(QTextCursor.MoveOperation.End)
            assert told[-1] == "Speech without words: 2 seconds at 0:20"
            opened.program.front.actions[ActionId.REDO].trigger()
        async with open_program() as opened:
            assert opened.storage.library.load(read_one).transcript.wordless == holes[:1]

    run_async(flow(), timeout_s=60)


def test_a_doubtful_speaker_is_heard_and_the_words_given_to_another(
    open_program: OpenProgram, run_async
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            await read(opened, talk())
            bar = bar_of(opened)
            opened.program.front.actions[ActionId.CHECK_SPEAKERS].trigger()
            await until(lambda: shown(opened, QLabel, "1 of") == ["1 of 1"])
            QTest.keyClick(bar, Qt.Key.Key_1)
            owners = [one.speaker_id for one in opened.transcript.paragraphs]
            assert owners == [ANNA, ANNA, BEN, ANNA]
            assert not any(doubtful_passages(one) for one in opened.transcript.paragraphs)
            opened.program.front.actions[ActionId.UNDO].trigger()
            assert opened.transcript == talk()

    run_async(flow(), timeout_s=60)


def test_without_any_confidence_the_walk_says_so(open_program: OpenProgram, run_async) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            await read(opened, talk(has_confidence=False))
            opened.program.front.actions[ActionId.CHECK_WORDS].trigger()
            await until(lambda: "did not report" in opened.window.notice.text)
            assert bar_of(opened).isHidden()

    run_async(flow(), timeout_s=60)


def test_fillers_are_counted_struck_left_out_and_brought_back(
    open_program: OpenProgram, run_async
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            await read(opened, talk())
            await until(lambda: shown(opened, QToolButton, "3 fillers") != [])
            opened.program.front.actions[ActionId.FILLERS].trigger()
            await until(lambda: bool(opened.window.findChildren(FillerSheet)))
            sheet = opened.window.findChildren(FillerSheet)[0]
            await until(sheet.isVisible)
            assert {one.text for one in sheet.chosen} == {"um", "uh"}
            sheet.added.emit("any")
            await until(lambda: "any" in {one.text for one in sheet.chosen})
            (strike,) = [
                one
                for one in sheet.findChildren(QPushButton)
                if text_of(one) == "Strike through"
            ]
            strike.click()
            struck = [word.text for word in opened.transcript.words() if word.is_struck]
            assert struck == ["Um,", "any", "uh,", "any", "any", "any", "um."]
            assert words(opened.transcript) == words(talk())
            page = opened.view.text
            opened.program.front.actions[ActionId.HIDE_STRUCK].trigger()
            await until(lambda: page.word_rects(0)[0].width() < 5)
            opened.program.front.actions[ActionId.RESTORE_STRUCK].trigger()
            assert opened.transcript == talk()
        async with open_program() as opened:
            assert opened.storage.settings.settings.own_fillers == ("any",)
            assert opened.storage.settings.settings.hides_struck

    run_async(flow(), timeout_s=60)


def test_fillers_are_looked_at_one_by_one(open_program: OpenProgram, run_async) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            await read(opened, talk())
            opened.program.front.actions[ActionId.FILLERS].trigger()
            await until(lambda: bool(opened.window.findChildren(FillerSheet)))
            (sheet,) = opened.window.findChildren(FillerSheet)
            await until(sheet.isVisible)
            next(
                one for one in sheet.findChildren(QPushButton) if text_of(one) == "One by one…"
            ).click()
            (listed,) = opened.window.findChildren(ReplaceSheet)
            assert listed.model.rowCount() == 3
            QTest.keyClick(listed.list, Qt.Key.Key_Down)
            QTest.keyClick(listed.list, Qt.Key.Key_Space)  # this one is meant
            assert text_of(listed.replace_button) == "Strike 2 through"
            listed.replace_button.click()
            assert [one.text for one in opened.transcript.words() if one.is_struck] == [
                *("Um,", "um."),
            ]
            opened.view.document.undo()
            assert opened.transcript == talk()

    run_async(flow(), timeout_s=60)


def test_what_is_not_looked_at_now_is_dimmed(open_program: OpenProgram, run_async) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            await read(opened, talk())
            actions, page = opened.program.front.actions, opened.view.text

            def palest() -> list[int]:
                """Give of each paragraph how far its darkest pixel is from black."""
                image = page.viewport().grab().toImage()
                found: list[int] = []
                for number in range(3):
                    rect = page.paragraph_rect(number)
                    found.append(
                        min(
                            image.pixelColor(x, y).lightness()
                            for x in range(rect.left() + 2, rect.left() + 120)
                            for y in range(rect.top(), rect.bottom())
                        )
                    )
                return found

            plain = palest()
            page.put_caret(0)
            actions[ActionId.DIM_OTHERS].trigger()
            first, second, third = palest()
            assert second > plain[1] + 60
            assert abs(first - plain[0]) < 30 > abs(third - plain[2])
            actions[ActionId.DIM_CERTAIN].trigger()
            assert not actions[ActionId.DIM_OTHERS].isChecked()
            assert palest()[2] > plain[2] + 60  # nothing there is in doubt
            actions[ActionId.DIM_CERTAIN].trigger()
            actions[ActionId.DIM_REVIEWED].trigger()
            assert palest() == plain
            opened.view.approve_requested.emit(1, True)
            assert palest()[1] > plain[1] + 60
            actions[ActionId.DIM_REVIEWED].trigger()
            assert palest()[1] < plain[1] + 30

    run_async(flow(), timeout_s=60)


def test_a_paragraph_too_long_to_type_in_is_offered_to_be_cut(
    open_program: OpenProgram, run_async
) -> None:
    said = tuple(
        Word("end." if at % 7 == 0 else "word", at * 300, at * 300 + 250) for at in range(5_000)
    )
    long = Transcript((Paragraph(said, None, 0, 1_500_000),), duration_ms=1_500_000)

    async def flow() -> None:
        async with open_program() as opened:
            await read(opened, long)

            def offers() -> list[QPushButton]:
                buttons = opened.window.findChildren(QPushButton)
                return [one for one in buttons if text_of(one) == "Split it into shorter ones"]

            await until(lambda: any(one.isVisible() for one in offers()))
            offers()[0].click()
            assert len(opened.transcript.paragraphs) > 40
            assert list(opened.transcript.words()) == list(said)
            opened.view.document.undo()
            assert opened.transcript == long

    run_async(flow(), timeout_s=60)


def test_notes_on_words_are_listed_beside_the_text_and_across_the_library(
    open_program: OpenProgram, run_async
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            first = await read(opened, talk())
            actions, view = opened.program.front.actions, opened.view
            view.show_words(range(3, 6))
            actions[ActionId.NOTE].trigger()
            QTest.keyClick(type_into_editor(opened, "who pays?"), Qt.Key.Key_Return)
            view.show_words(range(10, 14))
            actions[ActionId.HIGHLIGHT].trigger()
            actions[ActionId.BOOKMARK].trigger()
            kinds = [one.kind for one in placed_markers(opened.transcript)]
            assert sorted(kinds) == sorted(MarkerKind)
            actions[ActionId.NOTES].trigger()
            pane = opened.window.findChildren(SidePane)[0]
            await until(lambda: pane.model.rowCount() == 3)
            row = pane.model.row_at(0)
            assert row is not None
            assert row.lines == "0:01 · Anna\nwho pays?\n“bear any burden,”"
            view.text.moveCursor(view.text.textCursor().MoveOperation.End)
            pane.list.setCurrentIndex(pane.model.index(0, 0))
            QTest.keyClick(pane.list, Qt.Key.Key_Return)
            assert view.selected_range() == range(3, 6)
            pane.copy_requested.emit()
            assert (
                QGuiApplication.clipboard()
                .text()
                .startswith("[0:01] Anna: “bear any burden,” – who pays?")
            )
            view.show_words(range(10, 14))
            actions[ActionId.HIGHLIGHT].trigger()  # and no longer
            await until(lambda: pane.model.rowCount() == 2)
            await opened.program.rooms.reading.save()
            await read(opened, replace(talk(), duration_ms=99_000), "Other")
            await until(lambda: pane.model.rowCount() == 0)
            pane.show_listing(Listing.LIBRARY)
            await until(lambda: pane.model.rowCount() == 2)
            row = pane.model.row_at(0)
            assert row is not None
            assert row.head == "Talk · 0:01 · Anna"
            pane.chosen.emit(row)
            reading = opened.program.rooms.reading
            await until(
                lambda: (
                    reading.stored is not None
                    and reading.stored.entry.transcript_id == first
                    and opened.view.selected_range() == range(3, 4)
                )
            )

    run_async(flow(), timeout_s=60)


def test_what_is_reviewed_is_counted_and_kept_for_the_library(
    open_program: OpenProgram, run_async
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            read_one = await read(opened, talk())
            await until(lambda: shown(opened, QLabel, "0 % reviewed") != [])
            actions = opened.program.front.actions
            actions[ActionId.APPROVE].trigger()
            await until(lambda: shown(opened, QLabel, "55 % reviewed") != [])
            actions[ActionId.NEXT_UNREVIEWED].trigger()
            assert opened.view.text.caret_paragraph() == 1
            actions[ActionId.ONLY_UNREVIEWED].trigger()
            pane = opened.window.findChildren(SidePane)[0]
            await until(lambda: pane.model.rowCount() == 2)
        async with open_program() as opened:
            entry = opened.storage.library.entry(read_one)
            assert entry is not None
            assert entry.reviewed == 12 / 22 or round(entry.reviewed or 0, 2) == 0.55

    run_async(flow(), timeout_s=60)


def test_a_transcript_that_was_left_is_let_go_before_another_one_is_heard(
    open_program: OpenProgram, run_async
) -> None:
    """What is heard of the other was noted in it, and kept by chance."""

    async def flow() -> None:
        async with open_program() as opened:
            await read(opened, talk())
            rooms = opened.program.rooms
            served: list[bool] = []

            def look() -> None:
                noted_in = rooms.reviewing.notes.opened
                served.append(noted_in is None or noted_in is rooms.reading.current)

            opened.session.position_changed.connect(look)
            await read(opened, talk(has_confidence=False), "Another")
            assert served
            assert all(served)

    run_async(flow(), timeout_s=60)
