"""The side of the window, open and folded."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.queue.model import JobModel
from app.ui.queue.options_panel import OptionsPanel
from app.ui.queue.side import QueueSide
from app.ui.queue.view import RAIL_WIDTH, QueueView


def test_folded_only_the_rail_is_left_and_all_comes_back(
    appearance: Appearance, qtbot: QtBot
) -> None:
    queue = QueueView(appearance, Actions(appearance), JobModel())
    side = QueueSide(appearance, queue, OptionsPanel(appearance))
    qtbot.addWidget(side)
    side.show()
    widths = side.minimumSizeHint().width(), side.maximumWidth()
    assert not side.is_folded
    assert RAIL_WIDTH < widths[0] < widths[1]
    side.set_folded(True)
    assert side.is_folded
    assert not side.options.isVisible()
    assert (side.minimumWidth(), side.maximumWidth()) == (RAIL_WIDTH, RAIL_WIDTH)
    side.set_folded(False)
    assert side.options.isVisible()
    assert (side.minimumSizeHint().width(), side.maximumWidth()) == widths
