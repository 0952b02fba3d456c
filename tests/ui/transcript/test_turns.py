"""Who speaks, asked for by name, list, number and drag."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListView, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from app.core.edits import rename_speaker
from app.core.transcript import Speaker, SpeakerId, Transcript
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.tasks import Tasks
from app.ui.transcript.speaker_panel import SpeakerPanel
from app.ui.transcript.turns import TurnsController
from app.ui.transcript.view import TranscriptView
from tests.support.builders import transcript
from tests.support.heard import faults
from tests.support.page import OnStage, Opened
from tests.support.waiting import until

TALK = replace(
    transcript(("A", "a1 a2 a3"), ("B", "b1 b2"), ("A", "a4 a5")),
    speakers=(Speaker(SpeakerId("A"), "Anna"), Speaker(SpeakerId("B"))),
)


class Player(QObject):
    """Makes no sound and says where it would be."""

    playing_changed = Signal(bool)
    path: Path | None = Path("talk.wav")
    position_ms = 100
    is_playing = False

    def play(self) -> None:
        self.is_playing = True
        self.playing_changed.emit(True)

    def pause(self) -> None:
        self.is_playing = False
        self.playing_changed.emit(False)


class Session(QObject):
    """Listens to nothing."""

    position_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.player = Player(self)

    def seek(self, position_ms: int) -> None:
        self.player.position_ms = position_ms
        self.position_changed.emit(position_ms)


class Room:
    """The page with what asks who speaks."""

    def __init__(self, appearance: Appearance, qtbot: QtBot, words: Transcript) -> None:
        self.view = TranscriptView(appearance)
        qtbot.addWidget(self.view)
        self.view.resize(760, 560)
        self.opened = Opened(words)
        self.view.show_document(self.opened.document)
        self.actions = Actions(appearance)
        self.stage = OnStage()
        self.session = Session()
        self.session.setParent(self.view)
        self.tasks = Tasks(lambda _name, error: pytest.fail(str(error)))
        self.controller = TurnsController(
            stage=self.stage,  # type: ignore[arg-type]
            actions=self.actions,
            appearance=appearance,
            view=self.view,
            session=self.session,  # type: ignore[arg-type]
            current=lambda: self.opened,  # type: ignore[arg-type,return-value]
            known_names=lambda: ("Zoe", "Anna"),
            tasks=self.tasks,
        )
        self.view.rename_requested.connect(self._rename)
        self.view.show()
        qtbot.waitExposed(self.view)

    def _rename(self, who: str, name: str) -> None:
        self.opened.apply(rename_speaker(self.transcript, SpeakerId(who), name))

    @property
    def transcript(self) -> Transcript:
        return self.opened.document.transcript

    @property
    def panel(self) -> SpeakerPanel:
        return self.view.findChildren(SpeakerPanel)[0]

    @property
    def rows(self) -> list[str]:
        model = self.panel.model
        return [str(model.data(model.index(row))) for row in range(model.rowCount())]

    @property
    def field(self) -> QLineEdit:
        return self.panel.findChildren(QLineEdit)[0]

    def press(self, kind: Any, text: str) -> None:
        (one,) = [b for b in self.panel.findChildren(kind) if b.text() == text]
        one.click()

    def put_caret(self, paragraph: int, word: int = 0, count: int = 0) -> None:
        first = self.view.text.places.words_of(paragraph).start + word
        if count:
            self.view.text.select_words(range(first, first + count))
        else:
            self.view.text.put_caret(first)

    @property
    def said(self) -> list[tuple[str, str]]:
        return [(str(one.speaker_id), one.text) for one in self.transcript.paragraphs]


Make = Callable[..., Room]


@pytest.fixture
def make(appearance: Appearance, qtbot: QtBot, run_async: Any) -> Make:
    rooms: list[Room] = []  # until the window is closed, which is after the test

    def make_one(words: Transcript = TALK) -> Room:
        rooms.append(Room(appearance, qtbot, words))
        return rooms[-1]

    return make_one


@pytest.fixture
def in_room(make: Make, run_async: Any) -> Callable[..., None]:
    """Let something happen in a room, on the loop that the program uses."""

    def go(act: Callable[[Room], Any], words: Transcript = TALK) -> None:
        async def flow() -> None:
            room = make(words)
            done = act(room)
            if done is not None:
                await done
            await room.tasks.aclose()

        run_async(flow())

    return go


def test_a_name_opens_the_list_and_a_row_takes_the_paragraph(in_room, qtbot: QtBot) -> None:
    async def act(room: Room) -> None:
        at = room.view.text.name_rect(1).center()
        qtbot.mouseClick(room.view.text.viewport(), Qt.MouseButton.LeftButton, pos=at)
        assert room.panel.isVisible()
        assert room.rows[:2] == ["Anna   Ctrl+1", "Speaker 2   Ctrl+2  ✓"]
        await until(lambda: "Zoe (from another transcript)" in room.rows)
        assert sum("Anna" in one for one in room.rows) == 1
        qtbot.keyClick(room.field, Qt.Key.Key_Up)
        qtbot.keyClick(room.field, Qt.Key.Key_Return)
        assert room.said[1] == ("A", "b1 b2")
        assert room.panel.isHidden()

    in_room(act)


def test_half_a_paragraph_goes_to_somebody_new(in_room, qtbot: QtBot) -> None:
    def act(room: Room) -> None:
        room.put_caret(0, 1, 2)
        room.actions[ActionId.WHO_SPEAKS].trigger()
        qtbot.keyClicks(room.field, "Carla")
        assert room.rows == ["New speaker “Carla”"]
        qtbot.keyClick(room.field, Qt.Key.Key_Return)
        new = room.transcript.speakers[-1]
        assert new.name == "Carla"
        assert room.said[:2] == [("A", "a1"), (new.speaker_id, "a2 a3")]

    in_room(act)


def test_all_of_theirs_are_joined_with_another(in_room) -> None:
    def act(room: Room) -> None:
        room.put_caret(0)
        room.actions[ActionId.WHO_SPEAKS].trigger()
        room.press(QToolButton, "Everything they say")
        (rows,) = room.panel.findChildren(QListView)
        rows.clicked.emit(room.panel.model.index(1))
        assert {owner for owner, _ in room.said} == {"B"}
        assert len(room.transcript.speakers) == 1
        assert room.opened.document.history == ("Merge speakers",)

    in_room(act)


def test_who_assistive_technology_selects_takes_the_paragraph(
    in_room, announced: list[str]
) -> None:
    async def act(room: Room) -> None:
        room.put_caret(1)
        room.actions[ActionId.WHO_SPEAKS].trigger()
        assert faults(room.panel) == []
        (rows,) = room.panel.findChildren(QListView)
        choose = rows.selectionModel().SelectionFlag.ClearAndSelect
        rows.selectionModel().select(room.panel.model.index(0), choose)
        await until(lambda: room.said[1] == ("A", "b1 b2"))
        assert room.panel.isHidden()

    in_room(act)


def test_a_speaker_is_removed_and_comes_back(in_room) -> None:
    def act(room: Room) -> None:
        room.put_caret(1)
        room.actions[ActionId.WHO_SPEAKS].trigger()
        room.press(QPushButton, "Remove")
        assert room.said[1] == ("None", "b1 b2")
        assert "Speaker 2" in room.stage.said[-1]
        room.stage.answers[-1]()
        assert room.transcript == TALK

    in_room(act)


def test_numbers_give_and_say_where_nobody_is(in_room) -> None:
    def act(room: Room) -> None:
        room.put_caret(0)
        room.actions[ActionId.GIVE_2].trigger()
        assert room.said[0] == ("B", "a1 a2 a3")
        room.actions[ActionId.GIVE_9].trigger()
        assert room.stage.said == ["There is no speaker 9 yet."]

    in_room(act)


def test_a_name_given_twice_offers_to_make_them_one(in_room) -> None:
    def act(room: Room) -> None:
        room.view.rename_requested.emit("B", "anna")
        assert room.stage.said == ["Two speakers are now called anna."]
        room.stage.answers[-1]()
        assert {owner for owner, _ in room.said} == {"A"}
        room.view.rename_requested.emit("A", "")
        assert len(room.stage.said) == 1

    in_room(act)


def test_a_turn_is_moved_by_keys_and_by_its_name(in_room, qtbot: QtBot) -> None:
    def act(room: Room) -> None:
        room.put_caret(1)
        room.actions[ActionId.TURN_LATER].trigger()
        assert [text for _, text in room.said] == ["a1 a2 a3 b1", "b2", "a4 a5"]
        room.put_caret(1)
        room.actions[ActionId.TURN_EARLIER].trigger()
        room.put_caret(1)
        room.actions[ActionId.TURN_EARLIER].trigger()
        assert [text for _, text in room.said] == ["a1 a2", "a3 b1 b2", "a4 a5"]
        page = room.view.text.viewport()
        start = room.view.text.name_rect(1).center()
        end = room.view.text.word_rects(4)[0].center().toPoint()
        qtbot.mousePress(page, Qt.MouseButton.LeftButton, pos=start)
        for at in (start + QPoint(0, 12), end):
            qtbot.mouseMove(page, at)
        qtbot.mouseRelease(page, Qt.MouseButton.LeftButton, pos=end)
        assert [text for _, text in room.said] == ["a1 a2 a3 b1", "b2", "a4 a5"]
        assert room.panel.isHidden()

    in_room(act)


def test_a_sample_is_heard_and_the_sound_is_where_it_was(in_room) -> None:
    def act(room: Room) -> None:
        room.put_caret(1)
        room.actions[ActionId.HEAR_SPEAKER].trigger()
        player = room.session.player
        assert (player.is_playing, player.position_ms) == (True, 1_500)
        room.session.seek(2_900)
        assert player.is_playing
        room.session.seek(3_000)
        assert (player.is_playing, player.position_ms) == (False, 100)
        player.path = None
        room.actions[ActionId.HEAR_SPEAKER].trigger()
        assert room.stage.said == ["The recording is not here."]

    in_room(act)


def test_forty_speakers_are_found_by_typing(in_room, qtbot: QtBot) -> None:
    many = transcript(*[(f"S{number}", "word") for number in range(40)])

    def act(room: Room) -> None:
        room.put_caret(3)
        room.actions[ActionId.WHO_SPEAKS].trigger()
        assert len(room.rows) == 41
        assert room.view.rect().contains(room.panel.geometry())
        qtbot.keyClicks(room.field, "speaker 37")
        assert room.rows == ["Speaker 37"]
        qtbot.keyClick(room.field, Qt.Key.Key_Return)
        assert room.said[3][0] == "S36"

    in_room(act, many)


def test_esc_leaves_everything_and_the_keys_go_back_to_the_page(in_room, qtbot: QtBot) -> None:
    def act(room: Room) -> None:
        room.view.text.setFocus()
        room.put_caret(1)
        room.actions[ActionId.WHO_SPEAKS].trigger()
        qtbot.keyClick(room.field, Qt.Key.Key_Escape)
        assert room.panel.isHidden()
        assert room.transcript == TALK

    in_room(act)
