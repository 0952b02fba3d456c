"""What the program says of itself is true of what is installed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app import __version__
from app.system.resources import resource_path
from app.ui.guide.help_sheets import AboutSheet, PrivacySheet
from app.ui.kit.appearance import Appearance
from app.ui.kit.letters import text_of


def test_about_names_version_and_licences(appearance: Appearance, qtbot: QtBot) -> None:
    sheet = AboutSheet()
    qtbot.addWidget(sheet)
    assert __version__ in sheet.version.text()
    licences = sheet.licences.toPlainText()
    for expected in ("PySide6-Essentials", "LGPL-3.0-only", "faster-whisper", "MPL-2.0"):
        assert expected in licences


def texts(sheet: AboutSheet, kind: type[QLabel] | type[QPushButton]) -> set[str]:
    return {one.text() for one in sheet.findChildren(kind) if not one.isHidden()}


def test_about_offers_to_check_for_a_newer_version_only_where_that_can_be_found_out(
    appearance: Appearance, qtbot: QtBot
) -> None:
    without = AboutSheet()
    sheet = AboutSheet(offers_check=True)
    for one in (without, sheet):
        qtbot.addWidget(one)
    assert "Check for updates" not in texts(without, QPushButton)
    (check,) = (
        one for one in sheet.findChildren(QPushButton) if text_of(one) == "Check for updates"
    )

    with qtbot.waitSignal(sheet.check_requested):
        check.click()
    sheet.show_check("You have the newest version.")
    assert "You have the newest version." in texts(sheet, QLabel)


def test_a_bundle_has_all_its_notices(
    appearance: Appearance, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notices").mkdir()
    (tmp_path / "notices" / "NOTICES.txt").write_text("Qt", "utf-8")
    shutil.copytree(resource_path("papers"), tmp_path / "resources" / "papers")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    opened: list[str] = []
    receiver = Receiver(opened)
    QDesktopServices.setUrlHandler("file", receiver, "take")  # pyright: ignore[reportArgumentType] – its stubs say bytes
    try:
        sheet = AboutSheet()
        qtbot.addWidget(sheet)
        (button,) = (
            one for one in sheet.findChildren(QPushButton) if text_of(one) == "All notices"
        )
        button.click()
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert opened == [str(tmp_path / "notices" / "NOTICES.txt")]


class Receiver(QObject):
    """Takes what would be opened by another program."""

    def __init__(self, opened: list[str]) -> None:
        super().__init__()
        self._opened = opened

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self._opened.append(url.toLocalFile())


def test_privacy_says_where_recordings_go(appearance: Appearance, qtbot: QtBot) -> None:
    sheet = PrivacySheet()
    qtbot.addWidget(sheet)
    said = " ".join(label.text() for label in sheet.findChildren(QLabel))
    assert "smallest.ai" in said
    assert "no usage data" in said
