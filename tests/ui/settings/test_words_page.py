"""The person's own words in the settings."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from app.core.preferences import ListedWord
from app.ui.kit.appearance import Appearance
from app.ui.settings.words_page import WordsPage


@pytest.fixture
def page(appearance: Appearance, qtbot: QtBot) -> WordsPage:
    made = WordsPage(appearance, (ListedWord("Anna", ("Ana",)),), applies=False)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def field(page: WordsPage, name: str) -> QLineEdit:
    fitting = page.findChildren(QLineEdit)
    # The latest: a row that was replaced waits to be deleted.
    return [one for one in fitting if one.accessibleName().startswith(name)][-1]


def test_words_are_added_changed_and_removed(page: WordsPage, qtbot: QtBot) -> None:
    field(page, "Correct spelling").setText("  New   York ")
    field(page, "Wrong spellings, ").setText("new york, , nyc,nyc")
    qtbot.keyClick(field(page, "Wrong spellings, "), Qt.Key.Key_Return)
    york = ListedWord("New York", ("new york", "nyc"))
    assert page.words() == (york, ListedWord("Anna", ("Ana",)))
    field(page, "Correct spelling").setText("Anna")
    field(page, "Wrong spellings, ").setText("Hanna")
    qtbot.keyClick(field(page, "Wrong spellings, "), Qt.Key.Key_Return)
    assert page.words()[1] == ListedWord("Anna", ("Ana", "Hanna"))
    forms = field(page, "Wrong spellings of New York")
    forms.setText("")
    with qtbot.waitSignal(page.words_changed):
        forms.editingFinished.emit()
    assert page.words()[0] == ListedWord("New York")
    buttons = page.findChildren(QToolButton)
    remove = [one for one in buttons if one.accessibleName() == "Remove Anna"][-1]
    remove.click()
    assert page.words() == (ListedWord("New York"),)


def test_an_empty_word_is_none(page: WordsPage, qtbot: QtBot) -> None:
    field(page, "Wrong spellings, ").setText("x")
    qtbot.keyClick(field(page, "Wrong spellings, "), Qt.Key.Key_Return)
    assert page.words() == (ListedWord("Anna", ("Ana",)),)


def test_what_was_typed_stays_with_its_word_when_a_row_before_it_goes(
    appearance: Appearance, qtbot: QtBot
) -> None:
    page = WordsPage(appearance, [ListedWord(one) for one in ("Anna", "Ben")], applies=False)
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    forms = field(page, "Wrong spellings of Ben")
    forms.setFocus()
    forms.setText("Benn")
    (remove,) = [
        b for b in page.findChildren(QToolButton) if b.accessibleName() == "Remove Anna"
    ]
    remove.click()  # as the pointer does: the field keeps the focus until its row goes
    assert page.words() == (ListedWord("Ben", ("Benn",)),)
