"""The list of notes, as those meet it who hear it."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.core.transcript import MarkerKind
from app.ui.kit.appearance import Appearance
from app.ui.transcript.side_pane import SidePane, SideRow
from tests.support.heard import faults
from tests.support.seen import press

ROWS = (
    SideRow("0:01 Anna", "Ask her", "one two", MarkerKind.NOTE, 1),
    SideRow("0:05 Bo", "", "three", MarkerKind.HIGHLIGHT, 2),
)


def test_what_assistive_technology_selects_is_gone_to_and_can_be_removed(
    appearance: Appearance, qtbot: QtBot, announced: list[str]
) -> None:
    pane = SidePane(appearance)
    qtbot.addWidget(pane)
    pane.setWindowTitle(pane.accessibleName())
    pane.show_rows(ROWS, "")
    pane.show()
    qtbot.waitExposed(pane)
    assert faults(pane) == []
    chosen = pane.list.selectionModel()
    with qtbot.waitSignal(pane.chosen) as told:
        chosen.select(pane.model.index(1), chosen.SelectionFlag.ClearAndSelect)
    assert told.args == [ROWS[1]]
    with qtbot.waitSignal(pane.remove_requested) as told:
        press(pane, "Remove")
    assert told.args == [ROWS[1]]


def test_a_pane_without_rows_says_so_and_keeps_the_focus_it_gets(
    appearance: Appearance, qtbot: QtBot, announced: list[str]
) -> None:
    pane = SidePane(appearance)
    qtbot.addWidget(pane)
    pane.show()
    pane.activateWindow()
    qtbot.waitUntil(pane.isActiveWindow)
    pane.show_rows(ROWS, "")
    pane.take_focus()
    assert pane.list.hasFocus()
    pane.show_rows((), "No notes yet.")  # the last one was removed
    picker = pane.focusWidget()
    assert picker is not None
    assert picker.accessibleName() == "Show"
    pane.show_rows((), "No notes yet.")
    assert announced == ["No notes yet."]
    pane.take_focus()
    assert pane.focusWidget() is picker
    assert announced == ["No notes yet."] * 2


def test_the_focus_stays_in_a_pane_that_is_behind_the_list_of_commands_still(
    appearance: Appearance, qtbot: QtBot, announced: list[str]
) -> None:
    pane = SidePane(appearance)
    qtbot.addWidget(pane)
    pane.show_rows(ROWS, "")
    pane.show()
    commands = QLineEdit()
    qtbot.addWidget(commands)
    commands.show()
    commands.activateWindow()
    qtbot.waitUntil(commands.isActiveWindow)
    pane.take_focus()
    assert pane.focusWidget() is pane.list
    pane.show_rows((), "No notes yet.")
    picker = pane.focusWidget()
    assert picker is not None
    assert picker.accessibleName() == "Show"
