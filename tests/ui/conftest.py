"""What every test of the window shares."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QApplication

from app.core.preferences import ThemeChoice
from app.ui.kit.appearance import Appearance


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    """The light theme, whatever the machine's own is; taken off again afterwards."""
    font = qapp.font()
    made = Appearance(qapp, ThemeChoice.LIGHT)
    yield made
    made.choose(ThemeChoice.SYSTEM)
    made.deleteLater()
    qapp.setStyleSheet("")
    qapp.setFont(font)


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Somebody listens to the screen: what they are told, the oldest first."""
    told: list[str] = []

    def take(event: QAccessibleEvent) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            told.append(event.message())

    monkeypatch.setattr(QAccessible, "updateAccessibility", take)
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    yield told
    QAccessible.setActive(before)
