"""Letters in dialogs: with Alt they press a button, or go to the field that has a name.

They are given anew whenever a dialog is shown and Alt is pressed in it, so whatever has come
into it since has one by the time it is wanted.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QToolButton, QWidget

from app.ui.kit.mnemonics import HAS_MNEMONICS, plain, with_letters

NO_LETTER = "no_letter"
"""Property of a button whose text is none that one reads, such as keys."""
_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


def give_letters(top: QWidget) -> None:
    """Give each button and each named field of a dialog that is shown a letter of its own.

    The buttons of the dialog itself, which are always there, choose first.
    """
    if not HAS_MNEMONICS:
        return
    named = sorted(lettered(top), key=lambda one: one.parentWidget() is not top)
    texts = with_letters([plain(one.text()) for one in named])
    for one, text in zip(named, texts, strict=True):
        if one.text() != text:
            one.setText(text)


def lettered(within: QWidget) -> Iterator[QAbstractButton | QLabel]:
    """Give what may have a letter: buttons that show a text, and names of fields."""
    for one in within.findChildren(QWidget, options=_DIRECT):
        if one.isHidden() or one.isWindow():
            continue
        if isinstance(one, QAbstractButton):
            if _shows_text(one):
                yield one
        elif isinstance(one, QLabel):
            if _names_field(one):
                yield one
        else:
            yield from lettered(one)


def text_of(one: QAbstractButton | QLabel) -> str:
    """Give the text of a button or a label as it is read."""
    has_letter = isinstance(one, QAbstractButton) or bool(one.buddy())
    return plain(one.text()) if has_letter else one.text()


def _shows_text(button: QAbstractButton) -> bool:
    if not button.text() or button.property(NO_LETTER):
        return False
    is_icon = not button.icon().isNull()
    style = Qt.ToolButtonStyle.ToolButtonIconOnly
    return not (
        isinstance(button, QToolButton) and is_icon and button.toolButtonStyle() == style
    )


def _names_field(label: QLabel) -> bool:
    """Tell whether a label names a field that has no text of its own to hold the letter."""
    field, text = label.buddy(), label.text()
    if not text or not field or field.isHidden():
        return False
    if isinstance(field, QAbstractButton) and _shows_text(field):
        return False
    is_plain = label.textFormat() is Qt.TextFormat.PlainText
    return is_plain or "<" not in text  # as what is found in it is marked
