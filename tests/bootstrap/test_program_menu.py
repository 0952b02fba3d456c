"""The menu bar of macOS, as far as Qt shows it anywhere: entries, roles, keys, what they do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.bootstrap.program_menu import ProgramMenu
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def actions(qapp: QApplication) -> Iterator[Actions]:
    font, appearance = qapp.font(), Appearance(qapp)
    yield Actions(appearance, platform="darwin")
    appearance.deleteLater()
    qapp.setStyleSheet("")
    qapp.setFont(font)


@pytest.fixture
def menus(window: QWidget, actions: Actions) -> Iterator[dict[str, list[QAction]]]:
    menu = ProgramMenu(window, actions, has_menu_bar=True)
    bar = menu.bar
    assert bar is not None
    found: dict[str, list[QAction]] = {}
    for entry in bar.actions():
        inner = entry.menu()
        assert isinstance(inner, QMenu)
        found[entry.text()] = [one for one in inner.actions() if not one.isSeparator()]
    yield found
    bar.deleteLater()


def entry(menus: dict[str, list[QAction]], menu: str, text: str) -> QAction:
    return next(one for one in menus[menu] if one.text() == text)


def test_its_menus_stand_in_the_order_of_the_system(menus: dict[str, list[QAction]]) -> None:
    assert list(menus) == ["File", "Transcript", "Queue", "Window", "Help"]


def test_only_what_the_system_takes_to_its_own_menu_has_a_role(
    menus: dict[str, list[QAction]], actions: Actions
) -> None:
    role = QAction.MenuRole
    meant = {
        ActionId.ABOUT: role.AboutRole,
        ActionId.SETTINGS: role.PreferencesRole,
        ActionId.QUIT: role.QuitRole,
    }
    every = [one for entries in menus.values() for one in entries]
    assert {one for one in every if one.menuRole() is not role.NoRole} == {
        actions[one] for one in meant
    }
    assert all(actions[one].menuRole() is kind for one, kind in meant.items())


def test_the_window_is_closed_put_away_zoomed_and_fills_the_screen(
    menus: dict[str, list[QAction]], window: QWidget, qtbot: QtBot
) -> None:
    whole = entry(menus, "Window", "Full screen")
    assert whole.shortcut() == QKeySequence("Ctrl+Meta+F")
    whole.trigger()
    qtbot.waitUntil(window.isFullScreen)
    whole.trigger()
    qtbot.waitUntil(lambda: not window.isFullScreen())
    zoom = entry(menus, "Window", "Zoom")
    zoom.trigger()
    qtbot.waitUntil(window.isMaximized)
    zoom.trigger()
    qtbot.waitUntil(lambda: not window.isMaximized())
    entry(menus, "Window", "Minimize").trigger()
    qtbot.waitUntil(window.isMinimized)
    window.showNormal()
    entry(menus, "File", "Close").trigger()
    qtbot.waitUntil(lambda: not window.isVisible())


def test_no_key_of_the_bar_does_something_else_as_well(
    menus: dict[str, list[QAction]], actions: Actions
) -> None:
    ours = {id(actions[one]) for one in actions}
    of_bar = {
        key.toString()
        for entries in menus.values()
        for one in entries
        if id(one) not in ours
        for key in one.shortcuts()
    }
    assert of_bar >= {"Ctrl+M", "Meta+Ctrl+F"}
    assert of_bar & {key for one in actions for key in actions.keys(one)} == set()
