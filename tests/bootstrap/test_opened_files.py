from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from app.bootstrap.opened_files import OpenedFiles


@pytest.fixture
def opened(qapp: QApplication) -> Iterator[OpenedFiles]:
    made = OpenedFiles(qapp)
    yield made
    qapp.removeEventFilter(made)
    made.setParent(None)


def open_with(qapp: QApplication, url: QUrl) -> None:
    qapp.sendEvent(qapp, QFileOpenEvent(url))


def test_files_wait_until_there_is_a_queue(
    qapp: QApplication, opened: OpenedFiles, tmp_path: Path
) -> None:
    given: list[list[Path]] = []
    first, second = tmp_path / "Gespräch „1“.m4a", tmp_path / "2.wordlight"
    open_with(qapp, QUrl.fromLocalFile(str(first)))
    open_with(qapp, QUrl.fromLocalFile(str(second)))
    found = OpenedFiles.of(qapp)
    assert found is not None
    found.follow(given.append)
    open_with(qapp, QUrl.fromLocalFile(str(first)))

    assert given == [[first, second], [first]]


def test_while_a_backup_is_restored_nothing_is_lost(
    qapp: QApplication, opened: OpenedFiles, tmp_path: Path
) -> None:
    given: list[list[Path]] = []
    opened.follow(given.append)
    opened.stop()
    open_with(qapp, QUrl.fromLocalFile(str(tmp_path / "talk.mp3")))
    assert given == []
    opened.follow(given.append)
    assert given == [[tmp_path / "talk.mp3"]]


def test_only_where_there_are_such_files_all_events_are_listened_to(qapp: QApplication) -> None:
    for platform in ("linux", "win32"):
        OpenedFiles.take(qapp, platform)
        assert OpenedFiles.of(qapp) is None
    OpenedFiles.take(qapp, "darwin")
    made = OpenedFiles.of(qapp)
    assert made is not None
    qapp.removeEventFilter(made)
    made.setParent(None)


def test_an_address_of_the_web_is_no_file(qapp: QApplication, opened: OpenedFiles) -> None:
    given: list[list[Path]] = []
    opened.follow(given.append)
    open_with(qapp, QUrl("https://example.org/talk.mp3"))
    assert given == []
