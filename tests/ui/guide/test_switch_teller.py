from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.actions import ActionId, Actions
from app.ui.guide.switch_teller import SwitchTeller
from app.ui.kit.appearance import Appearance


@pytest.fixture
def said(qtbot: QtBot) -> list[str]:
    return []


@pytest.fixture
def actions(appearance: Appearance, qtbot: QtBot, said: list[str]) -> Actions:
    made = Actions(appearance)
    window = QWidget()
    qtbot.addWidget(window)
    SwitchTeller(made, window, lambda _window, text: said.append(text))
    return made


def test_every_switch_says_whether_it_is_on_or_says_so_itself(
    actions: Actions, qtbot: QtBot, said: list[str]
) -> None:
    switches = [one for one in actions if actions[one].isCheckable()]
    for one in switches:
        actions[one].trigger()
    silent = {
        ActionId.APPROVE,
        ActionId.HIGHLIGHT,
        ActionId.READ_SPEAKERS,
        ActionId.RETIME,
    }
    wanted = [f"{actions.label(one)}: on" for one in switches if one not in silent]
    qtbot.waitUntil(lambda: said == wanted)
    said.clear()
    actions[ActionId.SKIP_SILENCES].trigger()
    qtbot.waitUntil(lambda: said == ["Skip silences: off"])


def test_what_could_not_be_done_is_not_said_to_be_on(
    actions: Actions, qtbot: QtBot, said: list[str]
) -> None:
    only = actions[ActionId.ONLY_SPEAKER]
    only.triggered.connect(lambda: only.setChecked(False))
    only.trigger()
    qtbot.waitUntil(lambda: said == ["Play only this speaker: off"])


def test_what_the_program_itself_sets_is_not_said(
    actions: Actions, qtbot: QtBot, said: list[str]
) -> None:
    actions[ActionId.MARK_UNCERTAIN].setChecked(True)
    actions[ActionId.SPELLING].trigger()
    qtbot.waitUntil(lambda: bool(said))
    assert said == ["Check spelling: on"]
