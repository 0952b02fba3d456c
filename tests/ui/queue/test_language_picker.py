"""The field of the language shows that a name goes on, and all of it to whoever types."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.ui.kit.appearance import Appearance
from app.ui.queue.language_picker import LanguagePicker, label
from tests.support.languages import spoken

LONG, SHORT = "lb", "en"  # Luxembourgish – Lëtzebuergesch


@pytest.fixture(params=["en", "de", "ar"])
def picker(
    request: pytest.FixtureRequest, appearance: Appearance, qapp: QApplication, qtbot: QtBot
) -> Iterator[LanguagePicker]:
    with spoken(qapp, request.param):
        made = LanguagePicker(appearance, "Language")
        qtbot.addWidget(made)
        made.offer((LONG, SHORT))
        if request.param == "ar":
            made.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        made.resize(172, 30)
        made.show()
        yield made


def picture(field: QLineEdit) -> QImage:
    return field.grab().toImage()


def picture_of(field: QLineEdit, text: str) -> QImage:
    """Give how Qt paints another text there."""
    plain = QLineEdit(text, field.parentWidget())
    plain.setGeometry(field.geometry())
    plain.setFrame(field.hasFrame())
    plain.setTextMargins(field.textMargins())
    plain.setCursorPosition(0)
    plain.show()
    return picture(plain)


def test_a_long_name_ends_in_an_ellipsis_until_one_types(
    picker: LanguagePicker, qtbot: QtBot
) -> None:
    field = picker.lineEdit()
    assert isinstance(field, QLineEdit)
    picker.show_code(LONG)
    field.clearFocus()
    whole = label(LONG)
    shown = picker.shown_text
    assert shown.endswith("…")
    assert (field.text(), picker.toolTip()) == (whole, whole)
    room = picker.fontMetrics().horizontalAdvance(shown)
    assert room <= field.width()
    with_ellipsis = picture(field)
    assert with_ellipsis != picture_of(field, whole)
    if not picker.isRightToLeft():  # there Qt leaves room for its caret at the beginning
        assert with_ellipsis == picture_of(field, shown)
    picker.show_code(LONG)
    with qtbot.waitActive(picker):
        picker.activateWindow()
    field.setFocus()
    assert picker.shown_text == whole


def test_a_name_that_fits_is_shown_as_it_is(picker: LanguagePicker) -> None:
    picker.resize(400, 30)
    for code in (LONG, SHORT):
        picker.show_code(code)
        assert picker.shown_text == label(code)
