"""Read and press what is seen, by what stands on it, as a person does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget


def press(where: QWidget, text: str) -> None:
    """Click the one button of this text, or that assistive technology knows by it."""
    found = [
        one
        for one in where.findChildren(QAbstractButton)
        if one.isVisible() and text in {one.text().replace("&", ""), one.accessibleName()}
    ]
    assert len(found) == 1, (text, [one.text() for one in where.findChildren(QAbstractButton)])
    assert found[0].isEnabled(), text
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)


def sentences(where: QWidget) -> list[str]:
    """Give what the labels say that are seen."""
    return [one.text() for one in where.findChildren(QLabel) if one.isVisible()]
