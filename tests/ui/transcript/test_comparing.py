"""Two transcripts of a recording on the page: gone through, kept, taken, never overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.core.job import Repeat
from app.core.options import ModelId, TranscriptionOptions
from app.core.transcript import Transcript, TranscriptId
from app.jobs.comparing import Comparing
from app.jobs.open_transcript import OpenTranscript, OpenTranscripts
from app.store.audio_links import AudioLink
from app.store.database import Database
from app.store.library import Library
from app.store.opening import open_database
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.stage import Page
from app.ui.tasks import Tasks
from app.ui.transcript.comparing import ComparingController
from app.ui.transcript.view import TranscriptView
from tests.support.builders import transcript
from tests.support.heard import faults
from tests.support.page import Notice
from tests.support.waiting import until

OLD = transcript(("A", "we meat again"), ("B", "No thanks"))
NEW = replace(
    transcript(("A", "we meet again"), ("B", "no thanks there")), model=ModelId.PULSE_PRO.value
)
LINK = AudioLink("/talks/talk.flac", size_bytes=9, content_hash="same")


class Found:
    """Finds every recording where it was."""

    async def find(self, _stored: object) -> Path:
        return Path("/talks/talk.flac")


class Middle:
    page = Page.TRANSCRIPT

    def __init__(self, parent: TranscriptView) -> None:
        self.dialog_parent = parent
        self.said: list[str] = []
        self.answers: list[object] = []
        self.notices: list[Notice] = []

    def say(self, text: str, **more: object) -> Notice:
        self.said.append(text)
        self.answers.append(more.get("answer"))
        self.notices.append(Notice())
        return self.notices[-1]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    database, _ = open_database(tmp_path / "library.sqlite")
    assert isinstance(database, Database)
    yield Library(database)
    database.close()


def keep(
    library: Library, one: Transcript, options: TranscriptionOptions | None = None
) -> TranscriptId:
    return library.add(
        one, name="talk", options=options or TranscriptionOptions(), link=LINK, now_ms=1
    )


class Desk:
    def __init__(
        self, appearance: Appearance, library: Library, opened: OpenTranscript
    ) -> None:
        self.opened = opened
        self.view = TranscriptView(appearance)
        self.actions = Actions(appearance)
        self.stage = Middle(self.view)
        self.tasks = Tasks(lambda _name, error: self.errors.append(error))
        self.errors: list[BaseException] = []
        self.made = ComparingController(
            stage=self.stage,  # type: ignore[arg-type]
            actions=self.actions,
            appearance=appearance,
            view=self.view,
            comparing=Comparing(library),
            listening=Found(),  # type: ignore[arg-type]
            tasks=self.tasks,
            on_page=lambda: self.opened,
        )
        self.panel = self.made.panel
        self.view.add_under(self.panel)
        self.view.resize(900, 600)
        self.view.show_document(opened.document)
        self.view.show()
        self.made.follow()

    @property
    def place(self) -> str:
        return self.panel.findChildren(QLabel)[0].text()

    @property
    def text(self) -> str:
        return self.opened.document.transcript.text

    async def shown(self, beginning: str) -> None:
        await until(lambda: self.place.startswith(beginning))


async def make(appearance: Appearance, library: Library, qtbot: QtBot) -> Desk:
    opened = await OpenTranscripts(library).open(keep(library, OLD))
    desk = Desk(appearance, library, opened)
    qtbot.addWidget(desk.view)
    return desk


async def offered(appearance: Appearance, library: Library, qtbot: QtBot) -> Desk:
    """Have another transcript come while one is read."""
    desk = await make(appearance, library, qtbot)
    await until(lambda: not desk.tasks.running)
    keep(library, NEW)
    desk.made.offer_new()
    await until(lambda: bool(desk.stage.said))
    return desk


async def test_differences_are_gone_through_and_taken_one_by_one(
    appearance: Appearance, library: Library, qtbot: QtBot
) -> None:
    desk = await make(appearance, library, qtbot)
    keep(library, NEW)
    desk.actions[ActionId.COMPARE].trigger()
    await desk.shown("1 of 2")
    QTest.keyClick(desk.panel, Qt.Key.Key_Right)
    await desk.shown("1 of 1")
    assert desk.text == "we meet again\nNo thanks"
    QTest.keyClick(desk.panel, Qt.Key.Key_Left)  # keeps what there is
    await desk.shown("You have been through")
    assert desk.panel.take.is_refused
    assert desk.opened.document.history == ("Use the new words",)
    desk.panel.minor.click()
    await desk.shown("1 of 1")
    QTest.keyClick(desk.panel, Qt.Key.Key_Right)
    await until(lambda: desk.text == "we meet again\nno thanks")
    QTest.keyClick(desk.panel, Qt.Key.Key_Escape)
    assert not desk.panel.isVisible()
    assert await desk.opened.close()
    assert desk.errors == []


async def test_all_are_taken_in_one_step_but_for_what_was_approved(
    appearance: Appearance, library: Library, qtbot: QtBot
) -> None:
    approved = replace(OLD.paragraphs[1], is_approved=True)
    before = replace(OLD, paragraphs=(OLD.paragraphs[0], approved))
    opened = await OpenTranscripts(library).open(keep(library, before))
    desk = Desk(appearance, library, opened)
    qtbot.addWidget(desk.view)
    keep(library, NEW)
    desk.actions[ActionId.COMPARE].trigger()
    await desk.shown("1 of 2")
    desk.panel.take_all.click()
    assert desk.text == "we meet again\nNo thanks"
    assert desk.stage.said == ["1 passage you corrected or approved stays as it is."]
    await desk.shown("1 of 1")
    assert desk.panel.take.is_refused
    desk.opened.undo()
    await desk.shown("2 of 2")
    assert await desk.opened.close()


async def test_without_another_transcript_it_says_what_to_do(
    appearance: Appearance, library: Library, qtbot: QtBot
) -> None:
    desk = await make(appearance, library, qtbot)
    desk.actions[ActionId.COMPARE].trigger()
    await until(lambda: bool(desk.stage.said))
    assert "Transcribe it again" in desk.stage.said[0]


async def test_one_that_comes_is_offered_once(
    appearance: Appearance, library: Library, qtbot: QtBot
) -> None:
    desk = await offered(appearance, library, qtbot)
    answer = desk.stage.answers[0]
    assert callable(answer)
    answer()
    await desk.shown("1 of 2")
    desk.made.offer_new()
    await until(lambda: not desk.tasks.running)
    assert len(desk.stage.said) == 1


async def test_the_offer_goes_with_the_page_it_was_made_on(
    appearance: Appearance, library: Library, qtbot: QtBot
) -> None:
    desk = await offered(appearance, library, qtbot)
    assert desk.stage.notices[-1].is_shown
    desk.made.follow()
    assert not desk.stage.notices[-1].is_shown


async def test_an_empty_result_leaves_everything(
    appearance: Appearance, library: Library, qtbot: QtBot
) -> None:
    desk = await make(appearance, library, qtbot)
    part = TranscriptionOptions(start_ms=90_000, end_ms=95_000)
    keep(library, Transcript(()), part)
    desk.actions[ActionId.COMPARE].trigger()
    await desk.shown("The new transcript has no words here")
    assert desk.text == OLD.text


async def test_the_selection_is_asked_for_with_its_times(
    appearance: Appearance, library: Library, qtbot: QtBot
) -> None:
    desk = await make(appearance, library, qtbot)
    desk.actions[ActionId.AGAIN_SELECTED].trigger()
    assert desk.stage.said == ["Select the words you want to transcribe again."]
    asked: list[Repeat] = []
    desk.made.again_requested.connect(asked.append)
    desk.view.select_word(1)
    desk.actions[ActionId.AGAIN_SELECTED].trigger()
    await until(lambda: bool(asked))
    assert (asked[0].options.start_ms, asked[0].options.end_ms) == (300, 1_200)
    assert asked[0].duration_ms == 900


async def test_each_difference_is_heard_with_both_sides(
    appearance: Appearance, library: Library, qtbot: QtBot, announced: list[str]
) -> None:
    desk = await make(appearance, library, qtbot)
    keep(library, NEW)
    desk.actions[ActionId.COMPARE].trigger()
    await desk.shown("1 of 2")
    assert faults(desk.panel) == []
    QTest.keyClick(desk.panel, Qt.Key.Key_Down)
    QTest.keyClick(desk.panel, Qt.Key.Key_Up)
    QTest.keyClick(desk.panel, Qt.Key.Key_Left)
    QTest.keyClick(desk.panel, Qt.Key.Key_Left)
    waiting, first, second, again, *rest = announced
    assert waiting == "Comparing…"
    assert first == again
    assert first.startswith("1 of 2")
    assert "Yours: meat, " in first
    assert first.endswith(": meet")
    assert second.startswith("2 of 2")
    assert second.endswith(": there")
    assert "Yours: nothing, " in second
    assert [one.partition(" · ")[0] for one in rest] == [
        "1 of 1",
        "You have been through all differences.",
    ]
    assert await desk.opened.close()
