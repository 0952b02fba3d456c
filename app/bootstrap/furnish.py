"""Furnish the bare window with what is seen first: side, empty page, job page, head."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from app.bootstrap.program_menu import ProgramMenu
from app.ui.actions import Actions
from app.ui.guide.welcome import WelcomeView
from app.ui.kit.appearance import Appearance
from app.ui.kit.in_steps import Steps
from app.ui.kit.return_key import ReturnKey
from app.ui.queue.empty import EmptyView
from app.ui.queue.job_page import JobPage
from app.ui.queue.model import JobModel
from app.ui.queue.options_panel import OptionsPanel
from app.ui.queue.side import QueueSide
from app.ui.queue.view import QueueView
from app.ui.stage import Page
from app.ui.transcript.head import TranscriptHead
from app.ui.window import MainWindow


@dataclass(frozen=True, slots=True)
class Front:
    """What is on the window from the first.

    Attributes:
        appearance: How it looks.
        actions: What can be done.
        model: The rows of the queue.
        side: Queue and options.
        empty: The page while there is nothing.
        welcome: What stands there instead until somebody has begun.
        job_page: The page of a job without a transcript.
        head: What stands over a transcript.
        menu: Everything that can be done.
    """

    appearance: Appearance
    actions: Actions
    model: JobModel
    side: QueueSide
    empty: EmptyView
    welcome: WelcomeView
    job_page: JobPage
    head: TranscriptHead
    menu: ProgramMenu


def furnish(
    window: MainWindow,
    appearance: Appearance,
    actions: Actions,
    model: JobModel,
    *,
    is_first: bool = False,
) -> Steps[Front]:
    """Make what is seen first and put it into the bare window.

    The window is painted anew once all of it is there.

    Args:
        window: The bare window.
        appearance: How it looks.
        actions: What can be done.
        model: The rows of the queue.
        is_first: Whether nobody has taken the first steps yet.
    """
    # It was made before its language was known, and hands its locale on to all within.
    window.setLocale(QLocale())
    window.setUpdatesEnabled(False)
    QAbstractScrollArea().viewport()  # Python meets all of Qt's widgets with the first: 10 ms
    yield
    queue = QueueView(appearance, actions, model)
    yield
    options = OptionsPanel(appearance, is_gradual=True)
    yield from options.fill()
    yield
    side = QueueSide(appearance, queue, options)
    yield
    empty = EmptyView(appearance, actions)
    yield
    welcome = WelcomeView(appearance)
    yield
    front = Front(
        appearance,
        actions,
        model,
        side,
        empty,
        welcome,
        JobPage(model),
        TranscriptHead(appearance, actions),
        ProgramMenu(window, actions),
    )
    yield
    yield from window.furnish(appearance, actions, front.side)
    yield
    window.place(Page.EMPTY, front.welcome, begins_at=front.welcome.first)
    window.place(Page.EMPTY, front.empty, begins_at=front.empty.first)
    front.welcome.setVisible(is_first)
    front.empty.setVisible(not is_first)
    (front.welcome if is_first else front.empty).first.setFocus()
    yield
    window.place(Page.JOB, front.job_page)
    window.place(Page.TRANSCRIPT, front.head, stretch=0)
    queue.set_more_menu(front.menu.popup)
    actions.attach(window, queue)
    application = QApplication.instance()
    if isinstance(application, QApplication):
        ReturnKey(application, window)
    window.setUpdatesEnabled(True)
    return front
