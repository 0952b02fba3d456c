from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QWidget,
)

from app.core.preferences import ThemeChoice
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.listening.bar import PlayerBar
from app.ui.queue.model import JobModel
from tests.support.builders import transcript
from tests.support.furnished import FurnishedWindow


def whoever_takes_tab(window: QWidget) -> list[QWidget]:
    return [
        one
        for kind in (QAbstractButton, QComboBox, QAbstractSpinBox)
        for one in window.findChildren(kind)
        if one.isVisible()
        and one.isEnabled()
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(one.parent(), (QComboBox, QAbstractSpinBox))
    ]


@pytest.mark.parametrize(
    "look", [ThemeChoice.LIGHT, ThemeChoice.DARK, ThemeChoice.HIGH_CONTRAST]
)
def test_the_focus_is_seen(appearance: Appearance, qtbot, look: ThemeChoice) -> None:
    window = FurnishedWindow(appearance, Actions(appearance), JobModel())
    qtbot.addWidget(window, before_close_func=lambda one: one.close_for_good())
    bar = PlayerBar(appearance)
    bar.show_transcript(transcript((None, "We meet again.")))
    bar.set_available(available=True)
    window.place_player(bar)
    window.show_transcript("a.wav", "0:02")
    appearance.choose(look)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)

    unseen: list[str] = []
    taking = whoever_takes_tab(window)
    for one in taking:
        focused = QApplication.focusWidget()
        if focused is not None:
            focused.clearFocus()
        before = one.grab().toImage()
        one.setFocus(Qt.FocusReason.TabFocusReason)
        if one.grab().toImage() == before:
            unseen.append(f"{type(one).__name__} {one.accessibleName()}")

    assert len(taking) > 10
    assert unseen == []
