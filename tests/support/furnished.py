"""The window furnished as the program does it, with its parts in reach of a test."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QPushButton

from app.bootstrap.furnish import furnish
from app.core.job import Job
from app.ui.actions import Actions
from app.ui.export.drag import DragHandles
from app.ui.kit.appearance import Appearance
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.in_steps import at_once
from app.ui.queue.controller import QueueViews
from app.ui.queue.empty import EmptyView
from app.ui.queue.model import JobModel
from app.ui.queue.options_panel import OptionsPanel
from app.ui.queue.view import QueueView
from app.ui.stage import Page
from app.ui.window import MainWindow


class FurnishedWindow(MainWindow):
    """A window with everything that is seen first; no room is at work in it."""

    def __init__(self, appearance: Appearance, actions: Actions, model: JobModel) -> None:
        super().__init__()
        self.front = at_once(furnish(self, appearance, actions, model))
        self.page_turned.connect(self._on_page_turned)

    @property
    def queue(self) -> QueueView:
        return self.front.side.queue

    @property
    def options(self) -> OptionsPanel:
        return self.front.side.options

    @property
    def empty(self) -> EmptyView:
        return self.front.empty

    @property
    def title(self) -> ElidedLabel:
        return self.front.head.title

    @property
    def copy_button(self) -> QPushButton:
        return self.front.head.copy_button

    @property
    def queue_views(self) -> QueueViews:
        front = self.front
        return QueueViews(front.side, front.empty, front.job_page, front.model)

    def drag_handles(self, folder: Path) -> DragHandles:
        head = self.front.head
        return DragHandles(head.export_button, head.title, head.copy_menu, lambda: folder)

    def show_job(self, job: Job) -> None:
        self.front.job_page.show_job(job)
        self.turn_to(Page.JOB)

    def show_transcript(self, title: str, meta: str) -> None:
        self.front.head.show_title(title, meta)
        self.turn_to(Page.TRANSCRIPT)

    def _on_page_turned(self, page: Page) -> None:
        self.queue.show_library_open(page is Page.LIBRARY)
