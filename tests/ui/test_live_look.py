"""A dialog that stands there while the theme or the text size changes follows it wholly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core.preferences import ThemeChoice
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.sheet import Sheet
from tests.support.fit import settle
from tests.support.live_look import stale
from tests.ui.showroom import DIALOGS

CHANGES: dict[str, Callable[[Appearance], None]] = {
    "dark": lambda one: one.choose(ThemeChoice.DARK),
    "high contrast": lambda one: one.choose(ThemeChoice.HIGH_CONTRAST),
}
SIZE = QSize(900, 700)


def shown(name: str, appearance: Appearance, actions: Actions, qtbot: QtBot) -> QWidget:
    dialog = DIALOGS[name](appearance, actions)
    qtbot.addWidget(dialog)
    if isinstance(dialog, Sheet):
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    dialog.resize(SIZE)
    return dialog


def pictured(dialog: QWidget) -> QImage:
    settle()
    return dialog.grab().toImage()


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.usefixtures("still_caret")
@pytest.mark.parametrize("change", CHANGES)
def test_it_has_no_colour_but_those_it_would_be_made_with(
    appearance: Appearance, qtbot: QtBot, change: str
) -> None:
    actions = Actions(appearance)
    standing = {name: shown(name, appearance, actions, qtbot) for name in DIALOGS}
    for dialog in standing.values():
        pictured(dialog)  # painted once as it was
    CHANGES[change](appearance)
    found: list[str] = []
    for name, dialog in standing.items():
        after = pictured(dialog)
        dialog.hide()
        made_so = shown(name, appearance, actions, qtbot)
        left = stale(after, pictured(made_so))
        made_so.hide()
        found += [f"{name}: {left}"] if left else []
    assert "\n".join(found) == ""
