"""Nothing is cut, at any size of the window, with large text, in a long language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.preferences import Settings
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.sheet import Sheet
from app.ui.queue.model import JobModel
from app.ui.queue.sheets import LeaveSheet, UrlSheet
from app.ui.settings.controller import text_scale
from app.ui.settings.dialog import SettingsDialog
from app.ui.stage import Page
from app.ui.transcript.legend_sheet import LegendSheet
from tests.support.fit import cut_texts
from tests.support.furnished import FurnishedWindow
from tests.support.pseudo import PseudoTranslator
from tests.ui.jobs import NOW_MS, every_state

SIZES = ((640, 440), (900, 600), (1366, 768))
POINTS = (0, 24)


@pytest.fixture(params=["English", "long"])
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    translator = PseudoTranslator()
    if request.param == "long":
        qapp.installTranslator(translator)
    yield request.param
    qapp.removeTranslator(translator)


@pytest.mark.parametrize("points", POINTS)
@pytest.mark.parametrize("page", [Page.EMPTY, Page.JOB, Page.TRANSCRIPT, Page.LIBRARY])
def test_nothing_of_the_window_is_cut(
    appearance: Appearance, qtbot: QtBot, language: str, page: Page, points: int
) -> None:
    appearance.set_text_scale(text_scale(points))
    model = JobModel(now_ms=lambda: NOW_MS)
    window = FurnishedWindow(appearance, Actions(appearance), model)
    qtbot.addWidget(window, before_close_func=lambda one: one.close_for_good())
    model.show_jobs(every_state())
    window.turn_to(page)
    window.show()
    qtbot.waitExposed(window)
    for size in SIZES:
        window.resize(*size)
        QApplication.sendPostedEvents()
        assert cut_texts(window) == [], size
    appearance.set_text_scale(1.0)


@pytest.mark.parametrize("points", POINTS)
def test_nothing_of_a_dialog_is_cut(
    appearance: Appearance, qtbot: QtBot, language: str, points: int
) -> None:
    appearance.set_text_scale(text_scale(points))
    actions = Actions(appearance)
    dialogs: list[Sheet] = [
        SettingsDialog(appearance, actions, Settings()),
        UrlSheet(),
        LeaveSheet(2),
        LegendSheet(appearance),
    ]
    for dialog in dialogs:
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitExposed(dialog)
        for size in SIZES:
            dialog.resize(*size)
            QApplication.sendPostedEvents()
            assert cut_texts(dialog) == [], (type(dialog).__name__, size)
    appearance.set_text_scale(1.0)
