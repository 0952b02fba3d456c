"""What the window promises to every room as its stage."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.queue.model import JobModel
from app.ui.stage import Page, Stage
from tests.support.furnished import FurnishedWindow


@pytest.fixture
def window(appearance: Appearance, qtbot: QtBot) -> FurnishedWindow:
    made = FurnishedWindow(appearance, Actions(appearance), JobModel())
    qtbot.addWidget(made, before_close_func=lambda one: one.close_for_good())
    made.show()
    return made


def test_a_page_is_turned_to_and_told_also_where_it_was_there(window: FurnishedWindow) -> None:
    stage: Stage = window
    told: list[Page] = []
    window.page_turned.connect(told.append)
    for page in (*Page, Page.LIBRARY):
        stage.turn_to(page)
        assert stage.page is page
    assert told == [*Page, Page.LIBRARY]


def test_what_is_said_is_taken_back_without_what_was_said_since(
    window: FurnishedWindow,
) -> None:
    stage: Stage = window
    bad = stage.say("The disk is full.", is_bad=True, stays=True)
    passing = stage.say("Copied.")
    assert window.notice.text == "Copied."
    assert bad.is_shown
    passing.dismiss()
    assert window.notice.text == "The disk is full."
    later = stage.say("Saved.")
    bad.dismiss()
    assert (bad.is_shown, window.notice.text) == (False, "Saved.")
    later.dismiss()
    assert window.notice.text == ""
    bad.dismiss()  # once more changes nothing


def test_how_far_work_is_stands_in_the_title_bar(window: FurnishedWindow) -> None:
    stage: Stage = window
    stage.show_progress("2 recordings left")
    assert window.windowTitle().startswith("2 recordings left")
    stage.show_progress("")
    assert window.windowTitle() == "Wordlight"


def test_dialogs_are_laid_over_the_window(window: FurnishedWindow) -> None:
    stage: Stage = window
    assert stage.dialog_parent is window
