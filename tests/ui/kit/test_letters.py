"""Every button and named field of every dialog has a letter to press with Alt."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Switch
from app.ui.kit.letters import lettered, text_of
from app.ui.kit.long_button import LongButton
from app.ui.kit.mnemonics import escaped, plain
from app.ui.kit.sheet import Sheet
from tests.support.languages import spoken
from tests.ui.showroom import DIALOGS, pages_of

ALT = Qt.KeyboardModifier.AltModifier


def letter_of(one: QAbstractButton | QLabel) -> str:
    """Give the letter as the keyboard gives it; empty for none."""
    keys = QKeySequence.mnemonic(one.text()).toString(QKeySequence.SequenceFormat.PortableText)
    return keys.removeprefix("Alt+").casefold()


def press_letter(sheet: QWidget, one: QAbstractButton | QLabel) -> None:
    """Press Alt with the letter that something shows."""
    letter = letter_of(one)
    QTest.keyClick(QApplication.focusWidget() or sheet, Qt.Key(ord(letter.upper())), ALT)


@pytest.fixture
def sheet(qtbot: QtBot) -> Sheet:
    made = Sheet("A question")
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    return made


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ar", "hi"])
def test_each_has_one_of_its_own_in_every_dialog_and_is_called_as_before(
    appearance: Appearance, qtbot: QtBot, qapp: QApplication, language: str
) -> None:
    actions = Actions(appearance)
    found: list[str] = []
    count = 0
    kept: list[QWidget] = []  # a closed one must not be collected while the next comes up
    with spoken(qapp, language):
        for name, make in DIALOGS.items():
            dialog = make(appearance, actions)
            kept.append(dialog)
            if not isinstance(dialog, Sheet):
                continue
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
            qtbot.addWidget(dialog)
            dialog.show()
            for page in pages_of(dialog):
                shown = list(lettered(dialog))
                count += len(shown)
                faults = [*_faults(shown), *_fields_beside_their_names(dialog)]
                found += [f"{name} {page}: {one}" for one in faults]
            dialog.close()
    assert count > 200
    assert found == []


def _faults(shown: list[QAbstractButton | QLabel]) -> list[str]:
    letters = [letter_of(one) for one in shown]
    taken = {one for one in letters if one}
    found: list[str] = []
    if sum(map(bool, letters)) != len(taken):
        found.append(f"two have one letter: {sorted(letters)}")
    for one, letter in zip(shown, letters, strict=True):
        text = text_of(one)
        free = {sign for sign in text.casefold() if sign.isalpha()} - taken
        if not letter and free:
            found.append(f"{text}: has no letter though {free} are free")
        field = one.buddy() if isinstance(one, QLabel) else None
        for widget in (one, field):
            heard = QAccessible.queryAccessibleInterface(widget) if widget else None
            name = heard.text(QAccessible.Text.Name) if heard else ""
            if "&" in name:
                found.append(f"{text}: is called {name!r}")
    return found


def _fields_beside_their_names(dialog: QWidget) -> list[str]:
    """Give the name of each field that stands beside it and does not lead there."""
    labels = [one for one in dialog.findChildren(QLabel) if one.isVisible()]
    led_to = {one.buddy() for one in labels}
    names = {text_of(one) for one in labels}
    kinds = (QLineEdit, QComboBox, QAbstractSpinBox)
    fields = [one for kind in kinds for one in dialog.findChildren(kind) if one.isVisible()]
    return [
        f"{one.accessibleName()}: its name does not lead to it"
        for one in fields
        if one.accessibleName() in names and not {one, one.parentWidget()} & led_to
    ]


def test_it_presses_the_button_and_goes_to_the_field(sheet: Sheet, qtbot: QtBot) -> None:
    field, label = QLineEdit(), QLabel("Name")
    sheet.add_field(QLabel("Address"), QLineEdit())
    sheet.add_field(label, field)
    close = sheet.add_button("Close")
    close.clicked.connect(sheet.accept)
    with qtbot.waitActive(sheet):
        sheet.show()
    press_letter(sheet, label)
    assert field.hasFocus()
    assert field.text() == ""
    press_letter(sheet, close)
    qtbot.waitUntil(lambda: not sheet.isVisible())


def test_what_came_or_was_called_otherwise_since_has_one_once_alt_is_pressed(
    sheet: Sheet, qtbot: QtBot
) -> None:
    stop = sheet.add_button("Stop")
    with qtbot.waitActive(sheet):
        sheet.show()
    save = sheet.add_button("Save")
    qtbot.waitUntil(save.isVisible)
    stop.setText("Start")
    pressed: list[str] = []
    save.clicked.connect(lambda: pressed.append("Save"))
    stop.clicked.connect(lambda: pressed.append("Start"))
    QTest.keyPress(sheet, Qt.Key.Key_Alt)
    assert letter_of(stop) != letter_of(save)
    for one in (stop, save):
        press_letter(sheet, one)
    qtbot.waitUntil(lambda: pressed == ["Start", "Save"])


def test_a_sign_that_marks_letters_is_read_as_what_it_is(
    sheet: Sheet, appearance: Appearance
) -> None:
    name = "Name them R&D"
    button = sheet.add_button(name)
    switch = Switch(appearance, escaped("Q&A"))
    sheet.body.addWidget(switch)
    sheet.show()
    assert (plain(button.text()), text_of(switch)) == (name, "Q&A")
    assert (button.accessibleName(), switch.accessibleName()) == (name, "Q&A")
    assert (letter_of(button), letter_of(switch)) == ("n", "q")


@pytest.mark.parametrize("text", ["Rock & roll", "Keep all of it"])
def test_nothing_takes_more_room_with_one(
    appearance: Appearance, qtbot: QtBot, text: str
) -> None:
    lettered_text = f"&{escaped(text)}"
    for bare, marked in (
        (LongButton(escaped(text)), LongButton(lettered_text)),
        (Switch(appearance, escaped(text)), Switch(appearance, lettered_text)),
    ):
        qtbot.addWidget(bare)
        qtbot.addWidget(marked)
        assert marked.sizeHint() == bare.sizeHint()
        assert marked.minimumSizeHint() == bare.minimumSizeHint()
        assert marked.heightForWidth(60) == bare.heightForWidth(60)
