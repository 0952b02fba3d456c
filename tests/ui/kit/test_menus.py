"""Menus say why, and have a letter for each entry."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from app.bootstrap.program_menu import ProgramMenu
from app.ui.actions import Actions
from app.ui.kit import mnemonics
from app.ui.kit.appearance import Appearance
from app.ui.kit.menus import Menu, add_entries
from app.ui.kit.refusing import allow, why_not
from app.ui.queue.model import JobModel
from tests.support.furnished import FurnishedWindow
from tests.support.languages import spoken

_ROOT = Path(__file__).parents[3]
_FIRST_MENU = """
from PySide6.QtWidgets import QApplication, QStyleOption
from app.ui.kit.in_steps import at_once
from app.ui.kit.menus import Menu, prepare_menus

def kinds(of):
    return {inner for one in of.__subclasses__() for inner in {one, *kinds(one)}}

application = QApplication([])
before = len(kinds(QStyleOption))
at_once(prepare_menus())
prepared = kinds(QStyleOption)
menu = Menu()
menu.addAction("Open")
menu.popup(menu.pos())
application.processEvents()
menu.grab()
print(before < len(prepared), prepared == kinds(QStyleOption))
"""


@pytest.fixture
def menu(qtbot: QtBot) -> Menu:
    made = Menu()
    qtbot.addWidget(made)
    return made


def open_menu(menu: Menu, qtbot: QtBot) -> None:
    menu.popup(menu.pos())
    qtbot.waitUntil(menu.isVisible)


def test_arrows_come_to_what_is_grey_and_it_says_why_and_does_nothing(
    menu: Menu, qtbot: QtBot
) -> None:
    done: list[str] = []
    actions = [QAction(text, menu) for text in ("One", "Two", "Three")]
    actions[1].triggered.connect(lambda: done.append("Two"))
    allow(actions[1], "Nothing is selected.")
    add_entries(menu, actions)
    open_menu(menu, qtbot)
    seen: list[str] = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(menu, key)
        seen.append(mnemonics.plain(menu.activeAction().text()))
    assert seen == ["One", "Two", "Three", "Two"]
    assert QToolTip.text() == "Nothing is selected."
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert done == []
    allow(actions[1])
    assert actions[1].isEnabled()
    assert why_not(actions[1]) == ""
    menu.close()


def test_an_entry_shows_keys_that_are_no_part_of_its_name_and_do_nothing_there(
    menu: Menu, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    done: list[str] = []
    action = QAction("Cut", window)
    action.setShortcut("Ctrl+X")
    action.triggered.connect(lambda: done.append("Cut"))
    window.addAction(action)
    add_entries(menu, [action, QAction("Paste", window)])
    with qtbot.waitActive(window):
        window.show()
    QTest.keyClick(window, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert done == ["Cut"]
    open_menu(menu, qtbot)
    entry, bare = menu.actions()
    assert [mnemonics.plain(one.text()) for one in (entry, bare)] == ["Cut", "Paste"]
    assert entry.shortcut() == action.shortcut()
    assert menu.actionGeometry(entry).width() > menu.fontMetrics().horizontalAdvance(
        "Paste Ctrl+X"
    )
    menu.close()


def test_a_letter_does_what_it_stands_in(menu: Menu, qtbot: QtBot) -> None:
    done: list[str] = []
    for text in ("Save", "Send", "Rock && roll", "S"):
        entry = menu.addAction(text)
        entry.triggered.connect(lambda _=False, text=text: done.append(text))
    open_menu(menu, qtbot)
    QTest.keyClick(menu, Qt.Key.Key_E)
    assert done == ["Send"]
    open_menu(menu, qtbot)
    QTest.keyClick(menu, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    assert done == ["Send", "Rock && roll"]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ar", "hi"])
def test_every_entry_of_the_menus_has_a_letter_and_a_reason_where_it_is_grey(
    appearance: Appearance, qtbot: QtBot, qapp: QApplication, language: str
) -> None:
    with spoken(qapp, language):
        actions = Actions(appearance)
        window = FurnishedWindow(appearance, actions, JobModel())
        qtbot.addWidget(window, before_close_func=lambda one: one.close_for_good())
        window.show()
        made = ProgramMenu(window, actions, has_menu_bar=False)
        open_menu(made.popup, qtbot)
        looked_at = list(_faults(made.popup, 0))
        made.popup.close()
    assert len(looked_at) > 50
    assert [one for one in looked_at if one] == []


def _faults(menu: Menu, depth: int) -> list[str]:
    """Give a sentence for each entry, empty where all is well."""
    entries = [one for one in menu.actions() if not one.isSeparator()]
    texts = [mnemonics.plain(one.text()) for one in entries]
    places = mnemonics.places(texts)
    letters = [
        text[place].casefold()
        for text, place in zip(texts, places, strict=True)
        if place is not None
    ]
    found = [""] * len(entries)
    if len(set(letters)) != len(letters):
        found.append(f"{menu.title()}: two have one letter")
    for text, place in zip(texts, places, strict=True):
        free = {one for one in text.partition("\t")[0].casefold() if one.isalpha()}
        if place is None and free - set(letters):
            found.append(f"{text}: has no letter though {free - set(letters)} are free")
    for entry in entries:
        if not entry.isEnabled() and not why_not(entry):
            found.append(f"{entry.text()}: does not say why")
        inner = entry.menu()
        if isinstance(inner, Menu) and depth < 2:
            inner.aboutToShow.emit()
            found += _faults(inner, depth + 1)
    return found


def test_once_menus_are_prepared_the_first_waits_for_no_more_of_qts_classes() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FIRST_MENU],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["True", "True"]
