"""Every dialog as somebody meets it who hears it: names, roles, places, reasons, Esc."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.sheet import Sheet
from tests.support.heard import faults
from tests.support.languages import spoken
from tests.ui.showroom import DIALOGS, kinds_of_sheets, pages_of


def open_dialog(name: str, appearance: Appearance, actions: Actions, qtbot: QtBot) -> QWidget:
    dialog = DIALOGS[name](appearance, actions)
    qtbot.addWidget(dialog)
    if isinstance(dialog, Sheet):
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def test_the_showroom_has_every_kind_of_sheet(appearance: Appearance, qtbot: QtBot) -> None:
    actions = Actions(appearance)
    shown: set[type] = set()
    for make in DIALOGS.values():
        dialog = make(appearance, actions)
        qtbot.addWidget(dialog)
        shown.add(type(dialog))
    assert [one.__name__ for one in kinds_of_sheets() if one not in shown] == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_of_a_dialog_is_missed_by_ear(
    appearance: Appearance, qtbot: QtBot, qapp: QApplication, language: str
) -> None:
    found: list[str] = []
    # One that is closed must not be collected while the next one comes up.
    kept: list[QWidget] = []
    with spoken(qapp, language):
        actions = Actions(appearance)
        for name in DIALOGS:
            dialog = open_dialog(name, appearance, actions, qtbot)
            kept.append(dialog)
            assert dialog.isRightToLeft() == (language == "ar")
            for page in pages_of(dialog):
                found += [f"{name} {page}: {one}" for one in faults(dialog)]
            dialog.close()
    assert "\n".join(found) == ""


def test_esc_closes_every_dialog_wherever_the_focus_is(
    appearance: Appearance, qtbot: QtBot
) -> None:
    actions = Actions(appearance)
    left_open: list[str] = []
    # One that is closed must not be collected while the next one comes up.
    kept: list[QWidget] = []
    for name in DIALOGS:
        dialog = open_dialog(name, appearance, actions, qtbot)
        kept.append(dialog)
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        for place in range(len(_focusable(dialog))):
            if not dialog.isVisible():
                dialog.show()
                qtbot.waitExposed(dialog)
            one = _focusable(dialog)[place]
            one.setFocus(Qt.FocusReason.TabFocusReason)
            QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Escape)
            if dialog.isVisible():
                left_open.append(f"{name}: {type(one).__name__} {one.accessibleName()}")
        dialog.close()
    assert left_open == []


def _focusable(dialog: QWidget) -> list[QWidget]:
    return [
        one
        for one in dialog.findChildren(QWidget)
        if one.isVisibleTo(dialog)
        and one.isEnabled()
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.focusProxy() is None
    ]
