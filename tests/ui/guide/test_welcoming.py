"""The first steps are there once, and in nobody's way."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.options import ModelId, TranscriptionOptions
from app.core.preferences import Settings
from app.ui.actions import Actions
from app.ui.guide.first_words import FirstWords
from app.ui.guide.welcome import WelcomeView
from app.ui.guide.welcoming import WelcomeController
from app.ui.kit.appearance import Appearance
from app.ui.queue.model import JobModel
from app.ui.stage import Page
from tests.support.furnished import FurnishedWindow


class Bench:
    def __init__(self, appearance: Appearance, qtbot: QtBot, settings: Settings) -> None:
        self.top = QWidget()
        qtbot.addWidget(self.top)
        self.view = WelcomeView(appearance, self.top)
        self.empty = QWidget(self.top)
        self.first_words = FirstWords(Actions(appearance), self.top)
        self.said: list[str] = []
        self.store = SimpleNamespace(settings=settings)
        self.controller = WelcomeController(
            stage=SimpleNamespace(say=self.said.append),  # type: ignore[arg-type]
            view=self.view,
            empty=self.empty,
            first=self.empty,
            first_words=self.first_words,
            settings=self.store,  # type: ignore[arg-type]
        )
        self.kept: dict[str, Any] = {}
        self.options: list[TranscriptionOptions] = []
        self.controller.seen.connect(self.kept.update)
        self.controller.options_chosen.connect(self.options.append)

    def press(self, name: str) -> None:
        for button in self.top.findChildren(QPushButton):
            if button.accessibleName() == name:
                button.click()
                return
        raise LookupError(name)


@pytest.fixture
def bench(appearance: Appearance, qtbot: QtBot) -> Bench:
    return Bench(appearance, qtbot, Settings())


def test_skipping_leaves_the_usual_page_and_is_kept(bench: Bench) -> None:
    assert not bench.view.isHidden()
    assert bench.empty.isHidden()
    bench.press("Skip the first steps")
    assert bench.view.isHidden()
    assert not bench.empty.isHidden()
    assert bench.kept == {"is_welcomed": True}


def test_who_was_welcomed_never_is_again(appearance: Appearance, qtbot: QtBot) -> None:
    bench = Bench(appearance, qtbot, Settings(is_welcomed=True, is_shown_around=True))
    assert bench.view.isHidden()
    bench.controller.show_around(None)
    assert bench.first_words.isHidden()


def test_this_computer_is_chosen_with_the_model_that_comes_along(bench: Bench) -> None:
    bench.store.settings = replace(
        bench.store.settings, options=TranscriptionOptions(model=ModelId.PULSE, package="x")
    )
    bench.press("Use this computer")
    (options,) = bench.options
    assert (options.model, options.package) == (ModelId.ON_DEVICE, "")
    assert bench.kept == {"is_welcomed": True}
    assert bench.said


def test_the_sample_is_asked_for(bench: Bench, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bench.controller.sample_requested):
        bench.press("Try the sample")
    assert bench.view.isHidden()


def test_a_key_chooses_the_service_only_once_it_is_there(bench: Bench, qtbot: QtBot) -> None:
    bench.controller.take_key()  # one that came otherwise says nothing of the first steps
    assert not bench.options
    with qtbot.waitSignal(bench.controller.key_requested):
        bench.press("Use smallest.ai")
    assert not bench.view.isHidden()  # one may think again
    bench.controller.take_key()
    assert [one.model for one in bench.options] == [ModelId.PULSE]
    assert bench.view.isHidden()


@pytest.mark.parametrize("page", [Page.JOB, Page.TRANSCRIPT])
def test_whoever_begins_otherwise_has_begun(bench: Bench, page: Page) -> None:
    bench.controller.follow_page(Page.LIBRARY)
    assert bench.controller.is_welcoming
    bench.controller.follow_page(page)
    assert not bench.controller.is_welcoming
    assert bench.kept == {"is_welcomed": True}


def test_a_library_that_is_there_already_is_a_beginning(bench: Bench) -> None:
    bench.controller.follow_library([])
    assert bench.controller.is_welcoming
    bench.controller.follow_library([("id", "Talk", "today")])
    assert not bench.controller.is_welcoming


def test_the_first_transcript_says_once_how_to_go_on(bench: Bench) -> None:
    bench.controller.show_around(None)
    assert not bench.first_words.isHidden()
    (label,) = bench.first_words.findChildren(QLabel)
    assert "Ctrl+E" in label.text()
    assert "{" not in label.text()
    assert bench.first_words.accessibleName() == label.text()
    bench.press("Got it")
    assert bench.first_words.isHidden()
    assert bench.kept == {"is_shown_around": True}
    bench.controller.show_around(None)
    assert bench.first_words.isHidden()


def test_the_keyboard_begins_where_a_person_does(appearance: Appearance, qtbot: QtBot) -> None:
    window = FurnishedWindow(appearance, Actions(appearance), JobModel())
    qtbot.addWidget(window, before_close_func=lambda one: one.close_for_good())
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    empty, view = window.front.empty, window.front.welcome
    assert focused(window) == "Choose files to add"
    view.show()
    view.first.setFocus()
    assert focused(window) == "Try the sample"
    controller = WelcomeController(
        stage=window,
        view=view,
        empty=empty,
        first=empty.first,
        first_words=FirstWords(Actions(appearance), window),
        settings=SimpleNamespace(settings=Settings()),  # type: ignore[arg-type]
    )
    assert focused(window) == "Try the sample"
    controller.leave()
    assert focused(window) == "Choose files to add"
    window.turn_to(Page.JOB)
    window.turn_to(Page.EMPTY)
    assert focused(window) == "Choose files to add"


def focused(window: QWidget) -> str:
    one: Any = window.focusWidget()
    return one.accessibleName()
