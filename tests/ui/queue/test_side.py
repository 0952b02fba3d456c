"""The side of the window, open and folded."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.queue.model import JobModel
from app.ui.queue.options_panel import OptionsPanel
from app.ui.queue.side import QueueSide
from app.ui.queue.view import QueueView, rail_width
from app.ui.settings.controller import text_scale
from tests.support.fit import settle
from tests.support.languages import spoken

_HIGH = 700
"""Height from which the whole window would scroll where it opens."""
_OPEN = 288
"""Width beyond which the page beside it would scroll in a small window."""
_FRAME = 2 * (2 + 2)
"""Border and padding of a button with a sign alone."""


def test_folded_only_the_rail_is_left_and_all_comes_back(
    appearance: Appearance, qtbot: QtBot
) -> None:
    queue = QueueView(appearance, Actions(appearance), JobModel())
    side = QueueSide(appearance, queue, OptionsPanel(appearance))
    qtbot.addWidget(side)
    side.show()
    rail = rail_width(appearance)
    widths = side.minimumSizeHint().width(), side.maximumWidth()
    assert not side.is_folded
    assert rail < widths[0] < widths[1]
    side.set_folded(True)
    assert side.is_folded
    assert not side.options.isVisible()
    assert (side.minimumWidth(), side.maximumWidth()) == (rail, rail)
    side.set_folded(False)
    assert side.options.isVisible()
    assert (side.minimumSizeHint().width(), side.maximumWidth()) == widths


@pytest.mark.parametrize("points", [0, 24])
def test_no_sign_is_squeezed_folded_or_open(
    appearance: Appearance, qtbot: QtBot, qapp: QApplication, points: int
) -> None:
    appearance.set_text_scale(text_scale(points))
    with spoken(qapp, "de"):
        queue = QueueView(appearance, Actions(appearance), JobModel())
        side = QueueSide(appearance, queue, OptionsPanel(appearance))
    qtbot.addWidget(side)
    side.show()
    for folded in (False, True):
        side.set_folded(folded)
        side.resize(side.minimumSizeHint().width(), 700)
        settle()
        signs = [one for one in queue.findChildren(QToolButton) if one.isVisible()]
        assert signs
        assert folded or side.width() <= round(_OPEN * text_scale(points) ** 0.5)
        assert side.minimumSizeHint().height() <= _HIGH
        squeezed = [one for one in signs if one.width() < one.iconSize().width() + _FRAME]
        assert [one.accessibleName() for one in squeezed] == []
        record = next(one for one in signs if one.accessibleName().startswith("Aufnehmen"))
        is_below = record.geometry().top() - queue.add_button.geometry().bottom()
        assert not folded or is_below >= 12
        lines = 1 if folded else 2
        assert queue.add_button.height() <= lines * queue.add_button.sizeHint().height()
    appearance.set_text_scale(1.0)
