"""Projects on the library's page: made, filled by menu and by drag, renamed, taken apart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.core.options import TranscriptionOptions
from app.core.preferences import ListedWord
from app.core.projects import NO_PROJECT
from app.core.transcript import TranscriptId
from app.store.audio_links import AudioLink
from app.store.database import Database
from app.store.library import Library
from app.store.opening import open_database
from app.store.projects import Projects
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.inline_edit import InlineEdit
from app.ui.kit.sheet import Sheet
from app.ui.library.controller import LibraryController
from app.ui.library.model import dragged_ids
from app.ui.library.projects import ProjectsController
from app.ui.library.view import LibraryView
from app.ui.stage import Page
from app.ui.tasks import Tasks
from tests.support.builders import transcript
from tests.support.heard import faults
from tests.support.page import OnStage
from tests.support.seen import entries, named, press, take, write


class Shelf(OnStage):
    """The library's page on a real library, without a window around it."""

    page = Page.LIBRARY

    def __init__(self, appearance: Appearance, database: Database, qtbot: Any) -> None:
        super().__init__()
        self.library, self.projects = Library(database), Projects(database)
        self.errors: list[BaseException] = []
        self.tasks = Tasks(lambda _name, error: self.errors.append(error))
        self.actions = Actions(appearance)
        self.view = LibraryView(appearance)
        qtbot.addWidget(self.view)
        self.view.resize(800, 500)
        self.view.setWindowTitle("Library")
        self.view.show()
        self.edited: list[tuple[Sequence[ListedWord], Callable[..., object]]] = []
        self.controller = LibraryController(
            stage=self,  # type: ignore[arg-type]
            actions=self.actions,
            view=self.view,
            library=self.library,
            projects=self.projects,
            tasks=self.tasks,
            now_ms=lambda: 9,
        )
        self.made = ProjectsController(
            stage=self,  # type: ignore[arg-type]
            view=self.view,
            projects=self.projects,
            tasks=self.tasks,
            now_ms=lambda: 9,
            make_words_editor=self.edit_words,
        )
        self.made.changed.connect(self.controller.refresh)

    def edit_words(self, words: Sequence[ListedWord], keep: Callable[..., object]) -> QWidget:
        self.edited.append((words, keep))
        return QWidget()

    def add(self, name: str) -> TranscriptId:
        return self.library.add(
            transcript(("a", f"words of {name}")),
            name=name,
            options=TranscriptionOptions(),
            link=AudioLink(f"/{name}.wav"),
            now_ms=1,
        )

    async def settle(self) -> None:
        while self.tasks.running:
            await asyncio.gather(*self.tasks.running, return_exceptions=True)
            await asyncio.sleep(0)
        assert self.errors == []

    async def look(self) -> None:
        self.controller.refresh()
        await self.settle()

    def names(self) -> list[str]:
        model = self.view.model
        return [model.index(row).data() for row in range(model.rowCount())]

    def chips(self) -> list[str]:
        model = self.view.strip.list.model()
        return [model.index(row, 0).data() for row in range(model.rowCount())]

    def choose(self, name: str) -> None:
        """Click on a project."""
        chips = self.view.strip.list
        row = next(at for at, one in enumerate(self.chips()) if one.startswith(name))
        place = chips.visualRect(chips.model().index(row, 0)).center()
        QTest.mouseClick(chips.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def select(self, *names: str) -> None:
        self.view.list.clearSelection()
        chosen = self.view.list.selectionModel()
        for row, name in enumerate(self.names()):
            if name in names:
                index = self.view.model.index(row)
                chosen.setCurrentIndex(index, chosen.SelectionFlag.Select)


@pytest.fixture
def shelf(appearance: Appearance, tmp_path: Path, qtbot: Any) -> Iterator[Shelf]:
    database, _ = open_database(tmp_path / "wordlight.db")
    yield Shelf(appearance, database, qtbot)
    database.close()


def test_projects_are_made_filled_by_the_menu_and_shown_alone(shelf: Shelf, run_async) -> None:
    async def flow() -> None:
        for name in ("one", "two", "three"):
            shelf.add(name)
        await shelf.look()
        assert not shelf.view.strip.list.isVisible()  # nothing to choose from yet
        shelf.view.strip.ask_name()
        write(named(shelf.view, InlineEdit, "Name of the project"), "Thesis & more")
        await shelf.settle()
        assert shelf.chips() == [
            "All transcripts  3",
            "Thesis & more  0",
            "Without a project  3",
        ]
        shelf.select("one", "three")
        press(shelf.view, "More for the selection")
        moves = entries("Move to project")
        assert list(moves) == ["Thesis & more", "Without a project", "", "New project…"]
        assert moves["Without a project"].isChecked()
        take("Move to project", "Thesis & more")
        await shelf.settle()
        assert shelf.said == ["2 transcripts moved to Thesis & more"]
        assert shelf.view.shown_project is None
        shelf.choose("Thesis")
        await shelf.settle()
        assert faults(shelf.view) == []  # with the menu of the project that is shown
        assert sorted(shelf.names()) == ["one", "three"]
        shown = shelf.view.shown_project
        assert shown is not None
        assert (shown.name, shown.count) == ("Thesis & more", 2)
        press(shelf.view, "Show the bin")
        await shelf.settle()
        assert shelf.view.shown_project is None
        press(shelf.view, "Show the bin")
        shelf.choose("Without")
        await shelf.settle()
        assert shelf.view.shown_project is None
        assert shelf.names() == ["two"]
        shelf.answers[-1]()  # Undo
        await shelf.settle()
        assert sorted(shelf.names()) == ["one", "three", "two"]
        shelf.select("two")
        press(shelf.view, "More for the selection")
        take("Move to project", "New project…")
        write(named(shelf.view, InlineEdit, "Name of the project"), "Podcast")
        await shelf.settle()
        assert "Podcast  1" in shelf.chips()

    run_async(flow())


def test_transcripts_are_dropped_on_a_project(shelf: Shelf, run_async) -> None:
    async def flow() -> None:
        one, _ = shelf.add("one"), shelf.add("two")
        shelf.projects.add("Thesis", now_ms=1)
        await shelf.look()
        shelf.select("one")
        data = shelf.view.model.mimeData(shelf.view.list.selectedIndexes())
        assert dragged_ids(data) == [one]
        chips = shelf.view.strip.list
        for row, is_taken in ((0, False), (1, True)):
            place = chips.visualRect(chips.model().index(row, 0)).center()
            event = QDropEvent(
                QPointF(place),
                Qt.DropAction.MoveAction,
                data,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
            event.setAccepted(False)
            chips.dropEvent(event)
            assert event.isAccepted() is is_taken  # "All transcripts" is no place to go
        await shelf.settle()
        assert shelf.said == ["1 transcript moved to Thesis"]
        assert "Thesis  1" in shelf.chips()
        assert chips.indexAt(QPoint(-5, -5)).row() == -1

    run_async(flow())


def test_a_project_is_renamed_has_its_words_and_is_taken_apart(shelf: Shelf, run_async) -> None:
    async def flow() -> None:
        one = shelf.add("one")
        project = shelf.projects.add("Thesis", now_ms=1)
        shelf.projects.move([one], project.project_id)
        await shelf.look()
        shelf.choose("Thesis")
        await shelf.settle()
        press(shelf.view, "More for this project")
        take("Rename project")
        field = named(shelf.view, InlineEdit, "Name of the project")
        assert field.text() == "Thesis"
        write(field, "Dissertation")
        await shelf.settle()
        assert "Dissertation  1" in shelf.chips()

        press(shelf.view, "More for this project")
        take("Word list…")
        await shelf.settle()
        (sheet,) = (one for one in QApplication.topLevelWidgets() if isinstance(one, Sheet))
        assert sheet.windowTitle() == "Word list of Dissertation"
        sheet.close()

    async def words() -> None:
        project = shelf.projects.all()[0]
        (words, keep) = shelf.edited[-1]
        assert words == ()
        keep((ListedWord("Müller", ("Muller",)),))
        await shelf.settle()
        assert shelf.projects.words(project.project_id) == (ListedWord("Müller", ("Muller",)),)

        press(shelf.view, "More for this project")
        take("Delete project")
        await shelf.settle()
        assert shelf.said[-1].startswith("The project Dissertation was deleted.")
        assert not shelf.view.strip.list.isVisible()
        assert shelf.view.strip.project is None
        assert shelf.names() == ["one"]
        shelf.answers[-1]()  # Undo
        await shelf.settle()
        assert "Dissertation  1" in shelf.chips()
        assert shelf.projects.words(project.project_id) == (ListedWord("Müller", ("Muller",)),)

    run_async(flow())
    run_async(words())


def test_a_project_that_is_shown_narrows_the_search_too(shelf: Shelf, run_async) -> None:
    async def flow() -> None:
        one, _ = shelf.add("one"), shelf.add("two")
        project = shelf.projects.add("Thesis", now_ms=1)
        shelf.projects.move([one], project.project_id)
        await shelf.look()
        shelf.choose("Thesis")
        write(shelf.view.search, "words")
        await shelf.settle()
        assert shelf.names() == ["one", "one"]
        assert shelf.view.query.project == project.project_id
        assert NO_PROJECT not in dict(shelf.view.strip.projects)

    run_async(flow())
