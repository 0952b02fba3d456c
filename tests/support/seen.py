"""Read and press what is seen, by what stands on it, as a person does."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QWidget,
)

from app.ui.kit.letters import text_of
from app.ui.kit.mnemonics import plain
from app.ui.kit.refusing import Refused

Kind = TypeVar("Kind", bound=QWidget)


def named(where: QWidget, kind: type[Kind], name: str) -> Kind:
    """Give the one thing of a kind that is seen and that assistive technology knows by this."""
    seen = [one for one in where.findChildren(kind) if one.isVisible()]
    found = [one for one in seen if one.accessibleName() == name]
    assert len(found) == 1, (name, [one.accessibleName() for one in seen])
    return found[0]


def button(where: QWidget, text: str) -> QAbstractButton:
    """Give the one button of this text, or that assistive technology knows by it."""
    seen = [one for one in where.findChildren(QAbstractButton) if one.isVisible()]
    found = [one for one in seen if text in {text_of(one), one.accessibleName()}]
    assert len(found) == 1, (text, [one.text() for one in seen])
    return found[0]


def is_offered(one: QWidget) -> bool:
    """Tell whether something can be done with it: it is neither disabled nor refused."""
    return one.isEnabled() and not (isinstance(one, Refused) and one.is_refused)


def press(where: QWidget, text: str) -> None:
    """Click the one button of this text, or that assistive technology knows by it."""
    found = button(where, text)
    assert is_offered(found), text
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def write(field: QLineEdit, text: str) -> None:
    """Write something else into a line, and press Return."""
    field.setText(text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def choose(picker: QComboBox, text: str) -> None:
    """Choose another entry, as somebody does who opens the list."""
    place = picker.findText(text)
    assert place >= 0, (text, [picker.itemText(row) for row in range(picker.count())])
    picker.setCurrentIndex(place)
    picker.activated.emit(place)


def entries(*path: str) -> dict[str, QAction]:
    """Give what the open menu offers, or a menu in it.

    Args:
        path: The menus that lead there, by their texts.
    """
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    for text in path:
        inner = _by_text(menu)[text].menu()
        assert isinstance(inner, QMenu)
        menu = inner
    return _by_text(menu)


def take(*path: str) -> None:
    """Take an entry of the open menu, which closes it.

    Args:
        path: The menus that lead there and the entry, by their texts.
    """
    *menus, text = path
    entry = entries(*menus)[text]
    assert entry.isEnabled(), text
    close_menu()
    entry.trigger()


def close_menu() -> None:
    """Close the menu that is open, if it is."""
    menu = QApplication.activePopupWidget()
    if menu is not None:
        menu.close()


def sentences(where: QWidget) -> list[str]:
    """Give what the labels say that are seen."""
    return [text_of(one) for one in where.findChildren(QLabel) if one.isVisible()]


def _by_text(menu: QMenu) -> dict[str, QAction]:
    return {plain(one.text()).partition("\t")[0]: one for one in menu.actions()}
