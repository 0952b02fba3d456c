"""Every page of the window, and every panel on that of a transcript, one after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget

from app.core.options import TranscriptionOptions
from app.core.take import Source, SourceKind
from app.store.audio_links import AudioLink
from app.ui.actions import ActionId
from app.ui.guide.first_words import FirstWords
from app.ui.guide.welcome import WelcomeView
from app.ui.library.list import LibraryList
from app.ui.recording.view import RecordingBar
from app.ui.stage import Page
from app.ui.transcript.attaching import MissingRecording
from app.ui.transcript.compare_panel import ComparePanel, Side
from app.ui.transcript.history_panel import HistoryPanel
from app.ui.transcript.retiming import RetimePanel
from app.ui.transcript.review_strip import ReviewStrip
from app.ui.transcript.selection_bar import SelectionBar
from app.ui.transcript.side_pane import SidePane
from app.ui.transcript.speaker_panel import SpeakerPanel
from app.ui.transcript.walk_bar import WalkBar
from tests.flow.conftest import Opened
from tests.support.seen import is_offered
from tests.support.waiting import until
from tests.ui.showroom import talk


async def pages(opened: Opened) -> AsyncIterator[str]:
    """Turn to each, and give its name while it stands there.

    The program must have been opened for the first time.
    """
    window, actions = opened.window, opened.program.front.actions
    window.activateWindow()
    welcome = window.findChildren(WelcomeView)[0]
    await until(welcome.isVisible)
    yield "welcome"
    welcome.skipped.emit()
    await until(lambda: not welcome.isVisible())
    yield "empty"
    said = window.say(
        "The recording has been moved. Put it back, or choose it again.",
        button="Look for it",
        is_bad=True,
        stays=True,
    )
    yield "notice"
    said.dismiss()
    bar = window.findChildren(RecordingBar)[0]
    bar.begin((Source(SourceKind.MICROPHONE), Source(SourceKind.COMPUTER)))
    bar.show_time(61_000, "12 MB")
    bar.show_trouble("The microphone is muted.", is_bad=True)
    yield "recording"
    bar.hide()

    transcript_id = opened.storage.library.add(
        talk(),
        name="Interview with Anna about bridges, rivers and those who build them",
        options=TranscriptionOptions(),
        link=AudioLink("/nowhere/talk.wav", size_bytes=5),
        now_ms=1,
    )
    opened.program.rooms.library.open(transcript_id)
    await until(lambda: window.page is Page.TRANSCRIPT)
    await until(lambda: opened.view.document.transcript == talk())
    missing = window.findChildren(MissingRecording)[0]
    await until(missing.isVisible)
    strip = window.findChildren(ReviewStrip)[0]
    await until(lambda: _counted(strip))
    first = window.findChildren(FirstWords)[0]
    await until(first.isVisible)
    yield "first words"
    actions[ActionId.REPLACE].trigger()
    await until(opened.view.find_bar.isVisible)
    yield "first words and replace"
    opened.view.find_bar.close_bar()
    first.read.emit()  # they stand there once
    await until(lambda: not first.isVisible())
    yield "transcript"
    async for name in _panels(opened):
        yield name
    actions[ActionId.LIBRARY].trigger()
    await until(lambda: window.page is Page.LIBRARY)
    rows = window.findChildren(LibraryList)[0]
    await until(lambda: rows.model().rowCount() > 0)
    yield "library"


_COUNTS = 2


def _counted(strip: ReviewStrip) -> bool:
    """Whether the strip has counted all that it tells: doubts, fillers, what is left."""
    buttons = strip.findChildren(QToolButton)
    counts = sum(any(sign.isdigit() for sign in one.accessibleName()) for one in buttons)
    return counts >= _COUNTS and all(is_offered(one) for one in buttons)


async def _panels(opened: Opened) -> AsyncIterator[str]:
    window, actions = opened.window, opened.program.front.actions
    text = opened.view.text
    for action_id in (ActionId.FIND, ActionId.REPLACE):
        actions[action_id].trigger()
        await until(opened.view.find_bar.isVisible)
        yield action_id.value
    opened.view.find_bar.close_bar()
    text.setFocus()
    for action_id, kind in (
        (ActionId.CHECK_WORDS, WalkBar),
        (ActionId.NOTES, SidePane),
        (ActionId.HISTORY, HistoryPanel),
        (ActionId.WHO_SPEAKS, SpeakerPanel),
        (ActionId.RETIME, RetimePanel),
    ):
        found = window.findChildren(kind)
        actions[action_id].trigger()
        await until(lambda some=found: any(one.isVisible() for one in some))
        yield action_id.value
        for one in found:
            if one.isVisible():
                _esc(one)
        await until(lambda some=found: not any(one.isVisible() for one in some))
    panel = window.findChildren(ComparePanel)[0]
    panel.show_other("Transcribed again with a better model")
    panel.show_difference(
        "1 of 3 · 0:04", Side("we", "shal", "bear"), Side("we", "shall", "bear")
    )
    panel.show()
    yield "compare"
    panel.hide()
    text.setFocus()
    cursor = text.textCursor()
    cursor.setPosition(0)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfWord, QTextCursor.MoveMode.KeepAnchor)
    text.setTextCursor(cursor)
    QTest.keyClick(text, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    bars = window.findChildren(SelectionBar)
    await until(lambda: any(one.isVisible() for one in bars))
    yield "selection"
    cursor.clearSelection()
    text.setTextCursor(cursor)


def _esc(panel: QWidget) -> None:
    """Press Esc somewhere in a panel."""
    inside = [
        one
        for one in panel.findChildren(QWidget)
        if one.isVisible() and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    inside[-1].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(inside[-1], Qt.Key.Key_Escape)
