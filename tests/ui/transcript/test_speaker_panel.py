"""Who can be chosen, with the badge that they have on the page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from app.core.transcript import SpeakerId
from app.ui.kit.appearance import Appearance
from app.ui.transcript.speaker_panel import Choice, ChoiceModel


def badge_width(view: QListView, colour: QColor) -> int:
    view.doItemsLayout()
    image = view.viewport().grab().toImage()
    columns = [
        x
        for x in range(image.width())
        if any(image.pixel(x, y) == colour.rgb() for y in range(image.height()))
    ]
    return max(columns) - min(columns) + 1


def test_badges_grow_with_the_text(appearance: Appearance, qtbot: QtBot) -> None:
    view = QListView()
    qtbot.addWidget(view)
    view.setSelectionMode(QListView.SelectionMode.NoSelection)
    model = ChoiceModel(appearance, view)
    view.setModel(model)
    model.show_choices((Choice(SpeakerId("a"), "Anna", 0),), ())
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    view.resize(300, 200)
    view.show()
    qtbot.waitExposed(view)
    colour = QColor(appearance.theme.speaker(0))
    usual = badge_width(view, colour)
    appearance.set_text_scale(2.0)
    assert badge_width(view, colour) > 1.7 * usual
