"""Rows made anew: whoever removes one with the keyboard can go on with the next."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.core.options import TranscriptionOptions
from app.core.preferences import ListedWord, WatchFolder
from app.ui.kit.appearance import Appearance
from app.ui.settings.address_list import AddressList
from app.ui.settings.voice_list import VoiceList
from app.ui.settings.watch_page import WatchPage
from app.ui.settings.words_page import WordsPage

NAMES: tuple[str, ...] = ("Anna", "Ben", "Cleo")


def words(appearance: Appearance) -> QWidget:
    return WordsPage(appearance, [ListedWord(one) for one in NAMES], applies=False)


def folders(appearance: Appearance) -> QWidget:
    watched = [WatchFolder(f"/{one}", TranscriptionOptions()) for one in NAMES]
    return WatchPage(appearance, watched)


def voices(_appearance: Appearance) -> QWidget:
    made, names = VoiceList(), list(NAMES)

    def forget(name: str) -> None:
        names.remove(name)
        made.show_names(names)

    made.forget_requested.connect(forget)
    made.show_names(names)
    return made


def addresses(_appearance: Appearance) -> QWidget:
    made, left = AddressList(), [f"https://{one.lower()}.example" for one in NAMES]

    def take_back(address: str) -> None:
        left.remove(address)
        made.show_addresses(left)

    made.take_back_requested.connect(take_back)
    made.show_addresses(left)
    return made


def remover(name: str) -> QAbstractButton | None:
    """Give what has the focus if it removes the row of a name."""
    focused = QApplication.focusWidget()
    is_it = isinstance(focused, QPushButton | QToolButton)
    return focused if is_it and name.casefold() in focused.accessibleName().casefold() else None


@pytest.mark.parametrize("make", [words, folders, voices, addresses])
def test_the_keyboard_stays_where_a_row_was_removed(
    make: Callable[[Appearance], QWidget], appearance: Appearance, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    before = QLineEdit(window)
    page = make(appearance)
    page.setParent(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    second = next(
        one
        for kind in (QPushButton, QToolButton)
        for one in page.findChildren(kind)
        if "ben" in one.accessibleName().casefold()
    )
    second.setFocus()
    for name in ("Ben", "Cleo", "Anna"):  # each time the next one has the keyboard
        button = remover(name)
        assert button is not None, name
        button.click()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.isVisible()
    assert focused is before or page.isAncestorOf(focused)
