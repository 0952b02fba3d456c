"""What is said once under the first transcript lies over the page and moves nothing."""

from __future__ import annotations

from typing import cast

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QScrollArea

from app.core.options import TranscriptionOptions
from app.store.audio_links import AudioLink
from app.ui.actions import ActionId
from app.ui.guide.first_words import FirstWords
from app.ui.guide.welcome import WelcomeView
from app.ui.stage import Page
from tests.flow.conftest import OpenProgram
from tests.support.fit import settle, stuck
from tests.support.waiting import until
from tests.ui.showroom import talk


@pytest.mark.parametrize("size", [(640, 440), (1200, 780)])
def test_the_page_is_as_high_with_the_first_words_as_without(
    open_program: OpenProgram, run_async, size: tuple[int, int]
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            window = opened.window
            window.resize(*size)
            welcome = window.findChildren(WelcomeView)[0]
            await until(welcome.isVisible)
            welcome.skipped.emit()
            transcript_id = opened.storage.library.add(
                talk(),
                name="Interview with Anna",
                options=TranscriptionOptions(),
                link=AudioLink("/nowhere/talk.wav", size_bytes=5),
                now_ms=1,
            )
            opened.program.rooms.library.open(transcript_id)
            await until(lambda: window.page is Page.TRANSCRIPT)
            first = window.findChildren(FirstWords)[0]
            await until(first.isVisible)
            settle()
            text = opened.view.text
            area = cast("QScrollArea", window.centralWidget())
            before = area.verticalScrollBar().maximum(), text.height()
            assert stuck(window) == []
            corner = text.mapFromGlobal(first.mapToGlobal(QPoint(0, 0)))
            over = QRect(corner, first.size())
            assert text.rect().contains(over)
            opened.program.front.actions[ActionId.LIBRARY].trigger()
            await until(lambda: window.page is Page.LIBRARY)
            assert first.isHidden()
            opened.program.front.actions[ActionId.LIBRARY].trigger()
            await until(lambda: window.page is Page.TRANSCRIPT)
            assert first.isVisible()
            QTest.mouseClick(first.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
            await until(first.isHidden)
            settle()
            assert (area.verticalScrollBar().maximum(), text.height()) == before

    run_async(flow())
