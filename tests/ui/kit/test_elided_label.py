"""A label of one line, where one reads from the right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.kit.elided_label import ElidedLabel

_WIDTH, _LAST = 200, 24


@pytest.fixture
def from_the_right(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.usefixtures("appearance", "from_the_right")
@pytest.mark.parametrize("path", ["/talks", "C:\\talks", "~/talks"])
def test_the_place_of_a_file_begins_at_its_left_in_every_language(
    qtbot: QtBot, path: str
) -> None:
    def end(text: str) -> QImage:
        """Give the last of a text, which ends at the right edge."""
        label = ElidedLabel(text)
        qtbot.addWidget(label)
        label.resize(_WIDTH, label.sizeHint().height())
        return label.grab(QRect(_WIDTH - _LAST, 0, _LAST, label.height())).toImage()

    assert end(path) == end("talks")
    assert end(path) != end("")
