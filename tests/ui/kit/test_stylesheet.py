"""What the style sheet draws, by its pixels."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.stylesheet import style_sheet
from app.ui.kit.themes import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Theme


@pytest.mark.parametrize("theme", [LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK])
def test_a_side_panel_is_told_from_the_page_on_either_side_of_it(
    theme: Theme, qtbot: QtBot
) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.setPalette(QPalette(QColor(theme.window)))
    page.setAutoFillBackground(True)
    page.setStyleSheet(style_sheet(theme))
    page.resize(120, 20)
    panel = QWidget(page)
    panel.setProperty("panel", True)
    panel.setGeometry(40, 0, 40, 20)
    page.show()
    picture = page.grab().toImage()
    begin, end = (round(x * picture.devicePixelRatio()) for x in (40, 80))
    for outer, inner in ((begin - 1, begin), (end, end - 1)):
        assert picture.pixelColor(outer, 10) != picture.pixelColor(inner, 10)
