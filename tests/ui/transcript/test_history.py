"""Steps and versions, as the window shows them and goes to them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QListView, QPushButton, QTextEdit
from pytestqt.qtbot import QtBot

import app.core
from app.core import edits
from app.core.document import Change
from app.core.errors import StorageError
from app.core.growing import GROWTH
from app.core.messages import message
from app.core.striking import strike
from app.core.transcript import Transcript
from app.store.versions import SavedVersion
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.letters import text_of
from app.ui.tasks import Tasks
from app.ui.transcript.history import HistoryController
from app.ui.transcript.history_panel import HistoryPanel
from app.ui.transcript.step_names import FORMER, NAMES, step_name
from app.ui.transcript.versions_sheet import VersionsSheet
from app.ui.transcript.view import TranscriptView
from tests.support.builders import transcript
from tests.support.heard import faults
from tests.support.page import OnStage, Opened
from tests.support.seen import is_offered, named, sentences
from tests.support.waiting import until

TALK = transcript(("A", "we met Muller"), ("B", "yes"))


class Kept(Opened):
    """Words with versions, one of them damaged."""

    async def save(self) -> bool:
        return True

    async def versions(self) -> tuple[SavedVersion, ...]:
        return (SavedVersion(2_000, "Replace all"), SavedVersion(1_000))

    async def version(self, taken_ms: int | None) -> Transcript:
        if taken_ms == 1_000:
            raise StorageError(message("Damaged."))
        return transcript(("A", "we met Miller"), ("A", "yes"))

    async def restore(self, taken_ms: int | None) -> Change | None:
        earlier = await self.version(taken_ms)
        change = edits.take_over(self.document.transcript, earlier, "Restore a version")
        self.apply(change)
        return change

    async def go_to(self, steps: int) -> None:
        while steps < len(self.document.steps):
            self.document.undo()
        while steps > len(self.document.steps):
            self.document.redo()


class Room:
    """The page with its history."""

    def __init__(self, appearance: Appearance, qtbot: QtBot) -> None:
        self.view = TranscriptView(appearance)
        qtbot.addWidget(self.view)
        self.view.resize(760, 520)
        self.opened = Kept(TALK)
        self.view.show_document(self.opened.document)
        self.actions = Actions(appearance)
        self.stage = OnStage()
        self.tasks = Tasks(lambda _name, error: pytest.fail(str(error)))
        HistoryController(
            stage=self.stage,  # type: ignore[arg-type]
            actions=self.actions,
            appearance=appearance,
            view=self.view,
            current=lambda: self.opened,  # type: ignore[arg-type,return-value]
            tasks=self.tasks,
        )
        self.view.show()
        qtbot.waitExposed(self.view)

    def correct(self, text: str) -> None:
        self.opened.apply(edits.correct_words(self.opened.document.transcript, 0, 2, 1, text))

    @property
    def panel(self) -> HistoryPanel:
        return self.view.findChildren(HistoryPanel)[0]

    @property
    def rows(self) -> list[str]:
        model = self.panel.model
        return [str(model.data(model.index(row))) for row in range(model.rowCount())]

    @property
    def text(self) -> str:
        return self.opened.document.transcript.text


@pytest.fixture
def in_room(appearance: Appearance, qtbot: QtBot, run_async: Any) -> Callable[..., None]:
    rooms: list[Room] = []  # until the window is closed, which is after the test

    def go(act: Callable[[Room], Any]) -> None:
        async def flow() -> None:
            room = Room(appearance, qtbot)
            rooms.append(room)
            await act(room)
            await room.tasks.aclose()

        run_async(flow())

    return go


def test_each_step_is_named_and_a_click_goes_there(in_room, qtbot: QtBot) -> None:
    async def act(room: Room) -> None:
        for text in ("Miller", "Müller"):
            room.correct(text)
        room.actions[ActionId.HISTORY].trigger()
        assert room.rows == [
            "When opened",
            "Correct words · Muller → Miller",
            "Correct words · Miller → Müller  ✓",
        ]
        heard = room.panel.model.index(2).data(Qt.ItemDataRole.AccessibleTextRole)
        assert heard == "Correct words: Miller becomes Müller, as it is now"
        (steps,) = room.panel.findChildren(QListView)
        steps.clicked.emit(room.panel.model.index(0))
        await until(lambda: room.text == TALK.text)
        assert room.rows[0] == "When opened  ✓"
        qtbot.keyClick(steps, Qt.Key.Key_Down)
        qtbot.keyClick(steps, Qt.Key.Key_Return)
        await until(lambda: "Miller" in room.text)
        qtbot.keyClick(steps, Qt.Key.Key_Escape)
        assert room.panel.isHidden()
        room.correct("Mueller")
        room.actions[ActionId.HISTORY].trigger()
        assert room.rows[-1].endswith("Miller → Mueller  ✓")
        assert len(room.rows) == 3
        room.actions[ActionId.HISTORY].trigger()
        assert room.panel.isHidden()

    in_room(act)


def test_a_version_shows_what_differs_and_comes_back_as_one_step(in_room) -> None:
    async def act(room: Room) -> None:
        room.actions[ActionId.VERSIONS].trigger()
        await until(lambda: bool(sheets()))
        (sheet,) = sheets()
        model = versions(sheet).model()
        names = [model.data(model.index(row, 0)) for row in range(3)]
        assert "before “Replace all”" in names[0]
        assert names[2] == "Original, as transcribed"
        (page,) = sheet.findChildren(QTextEdit)
        await until(lambda: "MullerMiller" in page.toPlainText().replace(" ", ""))
        assert "Speaker 2 → Speaker 1" in page.toPlainText()
        assert "1 difference" in told(sheet) or "2 differences" in told(sheet)
        sheet.restore_button.click()
        await until(lambda: "Miller" in room.text)
        assert room.opened.document.history == ("Restore a version",)
        room.stage.answers[-1]()
        assert room.opened.document.transcript == TALK

    in_room(act)


def test_a_version_that_differs_in_what_no_text_shows_can_be_brought_back(in_room) -> None:
    async def act(room: Room) -> None:
        for is_other in (True, False):
            now = room.opened.document.transcript
            earlier = await room.opened.version((await room.opened.versions())[0].taken_ms)
            if is_other:  # the words of the version, one of them struck out meanwhile
                room.opened.apply(edits.take_over(now, earlier, "Restore a version"))
                room.opened.apply(strike(room.opened.document.transcript, {0: (1,)}))
            else:
                room.opened.apply(edits.take_over(now, earlier, "Restore a version"))
            room.actions[ActionId.VERSIONS].trigger()
            await until(lambda: bool(sheets()))
            (sheet,) = sheets()
            said = "words are the same" if is_other else "same as the current"
            await until(lambda sheet=sheet, said=said: said in told(sheet))
            assert sheet.restore_button.is_refused is not is_other
            sheet.reject()
            await until(lambda: not sheets())

    in_room(act)


def test_a_damaged_version_is_said_and_the_others_can_be_had(in_room) -> None:
    async def act(room: Room) -> None:
        room.actions[ActionId.VERSIONS].trigger()
        await until(lambda: bool(sheets()))
        (sheet,) = sheets()
        rows = versions(sheet)
        rows.setCurrentIndex(rows.model().index(1, 0))
        await until(lambda: "damaged" in told(sheet))
        assert sheet.restore_button.is_refused
        rows.setCurrentIndex(rows.model().index(2, 0))
        await until(lambda: is_offered(sheet.restore_button))
        (close,) = [b for b in sheet.findChildren(QPushButton) if text_of(b) == "Close"]
        close.click()

    in_room(act)


def test_a_version_chosen_by_assistive_technology_is_compared_and_what_differs_is_heard(
    in_room, announced: list[str]
) -> None:
    async def act(room: Room) -> None:
        room.actions[ActionId.VERSIONS].trigger()
        await until(lambda: bool(sheets()))
        (sheet,) = sheets()
        await until(lambda: is_offered(sheet.restore_button))
        assert len(announced) == 1
        assert announced[0] in sentences(sheet)
        assert "differ" in announced[0]
        rows = versions(sheet)
        choose = rows.selectionModel().SelectionFlag.ClearAndSelect
        rows.selectionModel().select(rows.model().index(1, 0), choose)
        await until(lambda: "damaged" in told(sheet))
        assert sheet.place == 1
        assert "damaged" in announced[-1]
        assert len(announced) == 2
        sheet.reject()
        await until(lambda: not sheets())

    in_room(act)


def test_a_step_chosen_by_assistive_technology_is_gone_to(
    in_room, announced: list[str]
) -> None:
    async def act(room: Room) -> None:
        room.correct("Miller")
        room.actions[ActionId.HISTORY].trigger()
        (steps,) = room.panel.findChildren(QListView)
        assert faults(room.panel) == []
        choose = steps.selectionModel().SelectionFlag.ClearAndSelect
        steps.selectionModel().select(room.panel.model.index(0), choose)
        await until(lambda: room.text == TALK.text)

    in_room(act)


def sheets() -> list[VersionsSheet]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, VersionsSheet)]


def versions(sheet: VersionsSheet) -> QListView:
    return named(sheet, QListView, "Versions")


def told(sheet: VersionsSheet) -> str:
    return " ".join(one.text() for one in sheet.findChildren(QLabel))


def labels_of(module: Path) -> set[str]:
    """Give what a module of ``core`` calls its changes: the only sentences it holds."""
    tree = ast.parse(module.read_text("utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and id(node) not in docstrings
        and isinstance(node.value, str)
        and re.fullmatch(r"[A-Z][a-z]{3,}( [a-z']+)*", node.value)
        and node.value != "Change"
    }


def test_every_step_has_a_name_in_the_window() -> None:
    core = Path(app.core.__file__).parent
    labels: set[str] = set()
    for module in core.glob("*.py"):
        if "import Change" in module.read_text("utf-8"):
            labels |= labels_of(module)
    assert {"Typing", "Strike through", "Change recording"} <= labels
    assert labels - {GROWTH} <= set(NAMES)  # what is recognised meanwhile is no step


def test_steps_of_earlier_days_are_called_as_they_are_now() -> None:
    assert step_name("Make speakers one") == step_name("Merge speakers")
    assert step_name("Strike out") == "Strike through"
    assert set(FORMER.values()) <= set(NAMES)
    assert set(FORMER) & set(NAMES) == set()
