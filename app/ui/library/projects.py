"""What is done with projects: made, renamed, taken apart, filled; each can be taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.core.preferences import ListedWord
from app.core.projects import NO_PROJECT, ProjectId
from app.core.transcript import TranscriptId
from app.store.projects import Projects
from app.ui.kit.sheet import Sheet
from app.ui.library.view import LibraryView
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.translate import counted

MakeWordsEditor = Callable[
    [Sequence[ListedWord], Callable[[tuple[ListedWord, ...]], object]], QWidget
]
"""Makes what a word list is edited in, which tells of each change."""


class ProjectsController(QObject):
    """Does what is asked of projects on the library's page.

    Signals:
        changed: Projects, or what is in them, are others now.
        words_changed: What is listed for some transcript may be another now.
    """

    changed = Signal()
    words_changed = Signal()

    def __init__(
        self,
        *,
        stage: Stage,
        view: LibraryView,
        projects: Projects,
        tasks: Tasks,
        now_ms: Callable[[], int],
        make_words_editor: MakeWordsEditor,
    ) -> None:
        """Listen to the page.

        Args:
            stage: Where it happens.
            view: The library's page.
            projects: The projects.
            tasks: Runs what takes time.
            now_ms: The time.
            make_words_editor: Makes what a word list is edited in.
        """
        super().__init__()
        self._stage = stage
        self._view = view
        self._projects = projects
        self._tasks = tasks
        self._now_ms = now_ms
        self._make_words_editor = make_words_editor
        self.changed.connect(self.words_changed)
        view.move_requested.connect(self._on_move)
        view.move_to_new_requested.connect(self._on_move_to_new)
        strip = view.strip
        strip.added.connect(self._on_added)
        strip.renamed.connect(self._on_renamed)
        strip.words_requested.connect(self._on_words)
        strip.remove_requested.connect(self._on_remove)

    # -- what is asked -------------------------------------------------------

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._tasks.start(work, name)

    def _on_added(self, name: str) -> None:
        async def add() -> None:
            await asyncio.to_thread(lambda: self._projects.add(name, now_ms=self._now_ms()))
            self.changed.emit()

        self._start(add(), "make a project")

    def _on_renamed(self, project_id: str, name: str) -> None:
        async def rename() -> None:
            await asyncio.to_thread(self._projects.rename, ProjectId(project_id), name)
            self.changed.emit()

        self._start(rename(), "rename a project")

    def _on_move(self, ids: list[TranscriptId], project_id: str) -> None:
        name = dict(self._view.strip.projects).get(ProjectId(project_id), "")
        self._start(self._move(ids, ProjectId(project_id), name), "move to a project")

    def _on_move_to_new(self, ids: list[TranscriptId], name: str) -> None:
        async def move() -> None:
            made = await asyncio.to_thread(
                lambda: self._projects.add(name, now_ms=self._now_ms())
            )
            await self._move(ids, made.project_id, made.name)

        self._start(move(), "move to a new project")

    async def _move(self, ids: list[TranscriptId], project_id: ProjectId, name: str) -> None:
        before = await asyncio.to_thread(self._projects.move, ids, project_id)
        self.changed.emit()
        if not before:
            return
        if project_id == NO_PROJECT:
            said = counted(
                "ProjectsController",
                len(before),
                "1 transcript is in no project now",
                "{count} transcripts are in no project now",
            )
        else:
            said = counted(
                "ProjectsController",
                len(before),
                "1 transcript moved to {project}",
                "{count} transcripts moved to {project}",
            ).replace("{project}", name)
        self._stage.say(said, button=self.tr("Undo"), answer=partial(self._move_back, before))

    def _move_back(self, before: dict[TranscriptId, ProjectId]) -> None:
        async def move() -> None:
            await asyncio.to_thread(self._projects.move_back, before)
            self.changed.emit()

        self._start(move(), "move back")

    def _on_remove(self, project_id: str) -> None:
        async def remove() -> None:
            gone = await asyncio.to_thread(self._projects.remove, ProjectId(project_id))
            self.changed.emit()

            async def bring_back() -> None:
                await asyncio.to_thread(self._projects.bring_back, gone)
                self.changed.emit()

            self._stage.say(
                self.tr(
                    "The project {project} was deleted. Its transcripts are still in the "
                    "library."
                ).replace("{project}", gone.project.name),
                button=self.tr("Undo"),
                answer=lambda: self._start(bring_back(), "bring a project back"),
            )

        self._start(remove(), "take a project apart")

    # -- the word list -------------------------------------------------------

    def _on_words(self, project_id: str) -> None:
        async def show() -> None:
            words = await asyncio.to_thread(self._projects.words, ProjectId(project_id))
            self._show_words(ProjectId(project_id), words)

        self._start(show(), "show the word list of a project")

    def _show_words(self, project_id: ProjectId, words: tuple[ListedWord, ...]) -> None:
        name = dict(self._view.strip.projects).get(project_id, "")
        title = self.tr("Word list of {project}").replace("{project}", name)
        sheet = Sheet(title, self._stage.dialog_parent, width=560)
        sheet.add_text(
            self.tr(
                "Names and terms of this project, used for its recordings along with your own "
                "word list."
            ),
            muted=True,
        )

        def keep(now: tuple[ListedWord, ...]) -> None:
            async def save() -> None:
                await asyncio.to_thread(self._projects.save_words, project_id, now)
                self.words_changed.emit()

            self._start(save(), "keep the word list of a project")

        sheet.body.addWidget(self._make_words_editor(words, keep))
        sheet.add_button(self.tr("Close"), is_primary=True).clicked.connect(sheet.accept)
        sheet.open()
