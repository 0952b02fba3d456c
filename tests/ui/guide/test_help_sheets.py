"""What the program says of itself is true of what is installed."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app import __version__
from app.ui.guide.help_sheets import AboutSheet, PrivacySheet
from app.ui.kit.appearance import Appearance


def test_about_names_version_and_licences(appearance: Appearance, qtbot: QtBot) -> None:
    sheet = AboutSheet()
    qtbot.addWidget(sheet)
    assert __version__ in sheet.version.text()
    licences = sheet.licences.toPlainText()
    for expected in ("PySide6-Essentials", "LGPL-3.0-only", "faster-whisper", "MPL-2.0"):
        assert expected in licences


def test_privacy_says_where_recordings_go(appearance: Appearance, qtbot: QtBot) -> None:
    sheet = PrivacySheet()
    qtbot.addWidget(sheet)
    said = " ".join(label.text() for label in sheet.findChildren(QLabel))
    assert "smallest.ai" in said
    assert "no usage data" in said
