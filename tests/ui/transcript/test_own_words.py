"""Corrections that fit elsewhere, and the person's word list on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core import edits
from app.core.preferences import ListedWord, Settings
from app.core.projects import ProjectId
from app.core.transcript import TranscriptId
from app.jobs.own_words import OwnWords
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.letters import text_of
from app.ui.tasks import Tasks
from app.ui.transcript.own_words import OwnWordsController
from app.ui.transcript.replace_sheet import ReplaceSheet
from tests.support.builders import transcript
from tests.support.page import OnStage, Opened
from tests.support.waiting import until

TALK = transcript(("A", "we met Muller there"), ("B", "Muller and Muller. cubernetis"))


class Store:
    """Settings that are kept nowhere."""

    def __init__(self) -> None:
        self.settings = Settings()

    def change(self, **changes: Any) -> Settings:
        self.settings = replace(self.settings, **changes)
        return self.settings


class Reading(QObject):
    """Opens a transcript."""

    opened = Signal(object)


class Room:
    """What works on a transcript without a page."""

    def __init__(self, appearance: Appearance) -> None:
        self.opened = Opened(TALK)
        self.store = Store()
        self.of_project: tuple[ListedWord, ...] = ()
        self.stage = OnStage()
        self.actions = Actions(appearance)
        self.tasks = Tasks(lambda _name, error: pytest.fail(str(error)))
        self.parent = Reading()
        self.controller = OwnWordsController(
            stage=self.stage,  # type: ignore[arg-type]
            actions=self.actions,
            appearance=appearance,
            current=lambda: self.opened,  # type: ignore[arg-type,return-value]
            opened=self.parent.opened,
            words=OwnWords(self.store, self),  # type: ignore[arg-type]
            tasks=self.tasks,
            parent=self.parent,
        )
        self.parent.opened.emit(None)

    def words(self, _project_id: ProjectId) -> tuple[ListedWord, ...]:
        return self.of_project

    def words_for(self, _transcript_id: TranscriptId) -> tuple[ListedWord, ...]:
        """Give the word list of the transcript's project."""
        return self.of_project

    def correct(self, place: int, text: str) -> None:
        self.opened.apply(
            edits.correct_words(self.opened.document.transcript, 0, place, 1, text)
        )

    @property
    def text(self) -> str:
        return self.opened.document.transcript.text


@pytest.fixture
def in_room(appearance: Appearance, qtbot: QtBot, run_async: Any) -> Callable[..., None]:
    def go(act: Callable[[Room], Any]) -> None:
        async def flow() -> None:
            room = Room(appearance)
            await act(room)
            await room.tasks.aclose()

        run_async(flow())

    return go


def test_a_correction_that_fits_elsewhere_is_offered_once_for_all(in_room) -> None:
    async def act(room: Room) -> None:
        room.correct(2, "Müller")
        await until(lambda: room.stage.said)
        assert room.stage.said == ["“Muller” appears 2 more times."]
        room.stage.answers[-1]()
        assert room.text == "we met Müller there\nMüller and Müller. cubernetis"
        assert room.opened.document.history == ("Correct words", "Correct all")
        assert room.stage.said[-1] == "2 corrected."
        room.stage.answers[-1]()
        await until(lambda: room.store.settings.word_list)
        assert room.store.settings.word_list == (ListedWord("Müller", ("Muller",)),)

    in_room(act)


def test_all_are_corrected_where_the_transcript_was_left_meanwhile(in_room) -> None:
    async def act(room: Room) -> None:
        room.correct(2, "Müller")
        await until(lambda: room.stage.said)
        left, room.opened = room.opened, Opened(TALK)
        room.parent.opened.emit(None)
        room.stage.answers[-1]()
        assert (
            left.document.transcript.text
            == "we met Müller there\nMüller and Müller. cubernetis"
        )
        assert room.text == TALK.text

    in_room(act)


def test_what_was_taken_back_or_stands_nowhere_else_is_not_offered(in_room) -> None:
    async def act(room: Room) -> None:
        room.correct(1, "saw")
        room.correct(2, "Müller")
        room.opened.undo()
        (pause,) = room.controller.findChildren(QTimer)
        await until(lambda: not pause.isActive())
        assert room.stage.said == []

    in_room(act)


def test_the_word_list_is_applied_with_guesses_left_out(in_room) -> None:
    async def act(room: Room) -> None:
        room.actions[ActionId.APPLY_WORD_LIST].trigger()
        await until(lambda: bool(room.stage.said))
        assert "empty" in room.stage.said[-1]
        asked: list[str] = []
        room.actions[ActionId.WORD_LIST].triggered.connect(lambda: asked.append("the list"))
        room.stage.answers[-1]()
        assert asked == ["the list"]
        room.store.change(
            word_list=(ListedWord("Müller", ("muller",)), ListedWord("Kubernetes"))
        )
        room.actions[ActionId.APPLY_WORD_LIST].trigger()
        await until(lambda: bool(sheets()))
        (sheet,) = sheets()
        assert text_of(sheet.replace_button) == "Replace 3"
        state = sheet.model.data(sheet.model.index(3), Qt.ItemDataRole.CheckStateRole)
        assert state is Qt.CheckState.Unchecked
        sheet.replace_button.click()
        assert room.text == "we met Müller there\nMüller and Müller. cubernetis"
        assert room.opened.document.history == ("Apply the word list",)

    in_room(act)


def test_the_words_of_the_project_count_too_and_come_first(in_room) -> None:
    async def act(room: Room) -> None:
        room.of_project = (ListedWord("Mueller", ("Muller",)),)
        room.store.change(word_list=(ListedWord("Müller", ("Muller",)),))
        room.actions[ActionId.APPLY_WORD_LIST].trigger()
        await until(lambda: bool(sheets()))
        (sheet,) = sheets()
        sheet.replace_button.click()
        assert room.text == "we met Mueller there\nMueller and Mueller. cubernetis"

    in_room(act)


def sheets() -> list[ReplaceSheet]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, ReplaceSheet)]
