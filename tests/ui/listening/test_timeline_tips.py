"""What the lines of the timeline mean can be read where they are."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.ui.kit.appearance import Appearance
from app.ui.listening.timeline import TimelineBar


@pytest.mark.parametrize(
    ("x", "y", "told"),
    [
        (100, 44, "listened to"),
        (500, 45, "not listened to yet"),
        (100, 10, "0:10"),
        (400, 10, "0:40\nSpeech without words"),
    ],
)
def test_the_line_of_heard_parts_says_what_it_is(
    qtbot: QtBot, appearance: Appearance, x: int, y: int, told: str
) -> None:
    bar = TimelineBar(appearance)
    qtbot.addWidget(bar)
    bar.resize(600, 80)
    bar.show_duration(60_000)
    bar.show_heard(((5_000, 20_000),))
    bar.show_wordless(((35_000, 45_000),))
    bar.show()
    at = QPointF(x, y)
    moved = QMouseEvent(
        QEvent.Type.MouseMove,
        at,
        bar.mapToGlobal(at),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(bar, moved)
    assert told in QToolTip.text()
    QToolTip.hideText()


@pytest.mark.parametrize("at_ms", [0, 30_000, 60_000])
def test_where_it_plays_has_a_whole_head_at_both_ends_too(
    qtbot: QtBot, appearance: Appearance, at_ms: int
) -> None:
    bar = TimelineBar(appearance)
    qtbot.addWidget(bar)
    bar.resize(600, 80)
    bar.show_duration(60_000)
    bar.show_position(at_ms)
    image = bar.grab().toImage()
    accent = appearance.color("accent")
    row = [x for x in range(image.width()) if image.pixelColor(x, 4) == accent]
    assert len(row) >= 6
    assert row[-1] - row[0] + 1 == len(row)
