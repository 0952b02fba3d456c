"""Furnish the bare window with what is seen first: side, empty page, job page, head."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QMenu

from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.queue.empty import EmptyView
from app.ui.queue.job_page import JobPage
from app.ui.queue.model import JobModel
from app.ui.queue.side import QueueSide
from app.ui.stage import Page
from app.ui.transcript.head import TranscriptHead
from app.ui.window import MainWindow

PROGRAM_MENU = (
    (ActionId.ADD_FILES, ActionId.ADD_FOLDER, ActionId.ADD_URL, ActionId.PASTE),
    (ActionId.IMPORT, ActionId.EXPORT, ActionId.EXPORT_AGAIN),
    (ActionId.LIBRARY,),
    (ActionId.PAUSE_QUEUE, ActionId.CLEAR_FINISHED),
    (ActionId.REPLACE_IN_LIBRARY,),
    (ActionId.BACK_UP, ActionId.RESTORE),
    (ActionId.SETTINGS, ActionId.MODELS, ActionId.SHORTCUTS),
    (ActionId.QUIT,),
)


@dataclass(frozen=True, slots=True)
class Front:
    """What is on the window from the first.

    Attributes:
        appearance: How it looks.
        actions: What can be done.
        model: The rows of the queue.
        side: Queue and options.
        empty: The page while there is nothing.
        job_page: The page of a job without a transcript.
        head: What stands over a transcript.
    """

    appearance: Appearance
    actions: Actions
    model: JobModel
    side: QueueSide
    empty: EmptyView
    job_page: JobPage
    head: TranscriptHead


def furnish(
    window: MainWindow, appearance: Appearance, actions: Actions, model: JobModel
) -> Front:
    """Make what is seen first and put it into the bare window."""
    front = Front(
        appearance,
        actions,
        model,
        QueueSide(appearance, actions, model),
        EmptyView(appearance, actions),
        JobPage(model),
        TranscriptHead(appearance, actions),
    )
    queue = front.side.queue
    window.furnish(appearance, actions, front.side)
    window.place(Page.EMPTY, front.empty)
    window.place(Page.JOB, front.job_page)
    window.place(Page.TRANSCRIPT, front.head, stretch=0)
    queue.set_more_menu(_program_menu(window, actions))
    actions.attach(window, queue)
    return front


def _program_menu(window: MainWindow, actions: Actions) -> QMenu:
    menu = QMenu(window)
    for group in PROGRAM_MENU:
        menu.addActions([actions[action_id] for action_id in group])
        menu.addSeparator()
    return menu
