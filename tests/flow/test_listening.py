"""Listening in the real window: what one clicks is what one hears, told by its pitch."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.core.options import TranscriptionOptions
from app.core.transcript import Paragraph, Transcript, Word
from app.store.audio_links import link_to
from app.ui.actions import ActionId
from app.ui.kit.refusing import ToolButton
from app.ui.library.view import LibraryView
from app.ui.stage import Page
from tests.flow.conftest import Opened, OpenProgram
from tests.support.sweep import SECONDS, Ear, write_sweep
from tests.support.waiting import until

WORD_MS = 200
HAIR_MS = 5
EXACT_MS = 3
"""How well a piece of sound tells its time."""

# Each word once more for whoever cannot see it: a number is a word of its own.
WORDS = tuple(
    Word(str(place), place * WORD_MS, (place + 1) * WORD_MS)
    for place in range(SECONDS * 1_000 // WORD_MS)
)
TALK = Transcript(
    tuple(
        Paragraph(WORDS[at : at + 25], None, WORDS[at].start_ms, WORDS[at + 24].end_ms)
        for at in range(0, len(WORDS), 25)
    ),
    duration_ms=SECONDS * 1_000,
)


async def opened_talk(opened: Opened, path: Path) -> None:
    """Keep a transcript of the sweep and open it from the library, ready to be heard."""
    opened.storage.library.add(
        TALK, name="Talk", options=TranscriptionOptions(), link=link_to(path), now_ms=1
    )
    opened.program.front.actions[ActionId.LIBRARY].trigger()
    view = opened.window.findChildren(LibraryView)[0]
    await until(lambda: view.model.rowCount() == 1)
    view.list.setCurrentIndex(view.model.index(0, 0))
    QTest.keyClick(view.list, Qt.Key.Key_Return)
    await until(lambda: opened.window.page is Page.TRANSCRIPT)
    await until(lambda: opened.session.player.path is not None)


def middle(opened: Opened, word: int) -> QPoint:
    rect = opened.view.text.word_rects(word)[0]
    return rect.center().toPoint()


async def heard_from(opened: Opened, ear: Ear, word: int) -> float:
    """Give where in the recording the sound begins that comes after a wish to hear a word."""
    await until(lambda: opened.session.player.is_playing)
    near = range(WORDS[word].start_ms - 50, WORDS[word].start_ms + 150)
    await until(lambda: any(int(place) in near for _, place in ear.heard()))
    return next(place for _, place in ear.heard() if int(place) in near)


def test_a_clicked_word_and_the_carets_are_heard_from_a_hair_inside(
    open_program: OpenProgram, run_async, tmp_path: Path
) -> None:
    path = tmp_path / "talk.wav"
    write_sweep(path)

    async def flow() -> None:
        async with open_program() as opened:
            await opened_talk(opened, path)
            page = opened.view.text
            opened.session.player.prepare()
            control = Qt.KeyboardModifier.ControlModifier
            for word, is_clicked in ((31, True), (3, False), (57, True)):
                ear = Ear(opened.session.player)
                if is_clicked:
                    at, button = middle(opened, word), Qt.MouseButton.LeftButton
                    QTest.mouseClick(page.viewport(), button, control, pos=at)
                else:
                    page.setTextCursor(page.cursorForPosition(middle(opened, word)))
                    QTest.keyClick(page, Qt.Key.Key_Return, control)
                from_ms = await heard_from(opened, ear, word)
                assert from_ms == pytest.approx(WORDS[word].start_ms + HAIR_MS, abs=EXACT_MS)
                await until(lambda word=word: page.spoken == word)
                ear.close()

    run_async(flow(), timeout_s=60)


def test_dragging_selects_and_plays_nothing(
    open_program: OpenProgram, run_async, tmp_path: Path
) -> None:
    path = tmp_path / "talk.wav"
    write_sweep(path)

    async def flow() -> None:
        async with open_program() as opened:
            await opened_talk(opened, path)
            page, player = opened.view.text, opened.session.player
            before_ms = player.position_ms
            QTest.mousePress(page.viewport(), Qt.MouseButton.LeftButton, pos=middle(opened, 3))
            for word in range(4, 12):
                QTest.mouseMove(page.viewport(), middle(opened, word))
            QTest.mouseRelease(
                page.viewport(), Qt.MouseButton.LeftButton, pos=middle(opened, 11)
            )
            assert page.textCursor().hasSelection()
            assert not player.is_playing
            assert player.position_ms == before_ms

    run_async(flow(), timeout_s=60)


def test_another_transcript_silences_the_first_and_its_place_is_kept(
    open_program: OpenProgram, run_async, tmp_path: Path
) -> None:
    path = tmp_path / "talk.wav"
    write_sweep(path)

    async def flow() -> None:
        async with open_program() as opened:
            await opened_talk(opened, path)
            reading, player = opened.program.rooms.reading, opened.session.player
            assert reading.stored is not None
            first = reading.stored.entry.transcript_id
            opened.session.seek(20_000)
            opened.program.front.actions[ActionId.PLAY].trigger()
            await until(lambda: player.position_ms > 20_300)
            other = opened.storage.library.add(
                TALK, name="Other", options=TranscriptionOptions(), link=link_to(path), now_ms=2
            )
            await reading.open(other)
            assert not player.is_playing
            assert opened.view.text.spoken in (None, 0)
            await until(lambda: player.path is not None)
            assert player.position_ms == 0
            await reading.save()
            places = [opened.storage.library.load(one).place for one in (first, other)]
            assert 20_300 <= places[0].position_ms < 22_000
            assert places[1].position_ms == 0

    run_async(flow(), timeout_s=60)


def test_play_does_nothing_where_there_is_nothing_to_play(
    open_program: OpenProgram, run_async, tmp_path: Path
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            actions, player = opened.program.front.actions, opened.session.player
            assert opened.window.page is Page.EMPTY
            for action_id in (ActionId.PLAY, ActionId.NEXT_WORD, ActionId.REPEAT):
                actions[action_id].trigger()
            QTest.keyClick(opened.window, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
            assert not player.is_playing
            assert opened.window.notice.isHidden()

            gone = tmp_path / "gone.wav"
            write_sweep(gone)
            link = link_to(gone)
            gone.unlink()
            opened.storage.library.add(
                TALK, name="Gone", options=TranscriptionOptions(), link=link, now_ms=1
            )
            actions[ActionId.LIBRARY].trigger()
            view = opened.window.findChildren(LibraryView)[0]
            await until(lambda: view.model.rowCount() == 1)
            view.list.setCurrentIndex(view.model.index(0, 0))
            QTest.keyClick(view.list, Qt.Key.Key_Return)
            play = opened.named(ToolButton, "Play")
            await until(lambda: "has been moved" in play.toolTip())
            actions[ActionId.PLAY].trigger()
            assert play.is_refused
            assert not player.is_playing

    run_async(flow(), timeout_s=60)


def test_a_transcript_that_never_had_a_recording_is_not_said_to_have_lost_it(
    open_program: OpenProgram, run_async, tmp_path: Path
) -> None:
    path = tmp_path / "talk.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\nhello there\n")

    async def flow() -> None:
        async with open_program() as opened:
            opened.program.rooms.imports.take([path])
            play = opened.named(ToolButton, "Play")
            await until(lambda: "no recording yet" in play.toolTip())
            missing = opened.program.rooms.attaching.missing
            assert missing.give_button.isVisible()
            assert not missing.beside_button.isVisible()
            assert "has no recording" in missing.text
            assert play.is_refused

    run_async(flow(), timeout_s=60)
