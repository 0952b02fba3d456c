"""A video beside the page, only where there is one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtMultimedia import QVideoFrame, QVideoSink
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.ui.listening.place import ReadingPlace
from app.ui.listening.video import VideoView


@pytest.fixture
def place(qtbot: QtBot) -> ReadingPlace:
    made = ReadingPlace(QLabel("text"))
    qtbot.addWidget(made)
    made.resize(1_000, 500)
    made.show()
    return made


def test_without_a_video_the_text_has_all_the_room(place: ReadingPlace) -> None:
    assert not place.is_video_shown
    assert place.findChildren(VideoView) == []
    place.show_video()
    place.hide_video()
    assert not place.is_video_shown


def test_a_video_stands_beside_the_text_or_above_it(place: ReadingPlace, qtbot: QtBot) -> None:
    place.show_video()
    video = place.findChildren(VideoView)[0]
    assert place.is_video_shown
    assert place.orientation() is Qt.Orientation.Horizontal
    assert place.indexOf(video) == 1
    place.resize(600, 700)
    qtbot.waitUntil(lambda: place.orientation() is Qt.Orientation.Vertical)
    assert place.indexOf(video) == 0
    assert place.is_video_shown


@pytest.mark.qt_log_ignore("RHI", "pipewire", extend=True)
def test_pictures_keep_their_shape(place: ReadingPlace, qtbot: QtBot) -> None:
    sink = place.show_video()
    assert isinstance(sink, QVideoSink)
    video = place.findChildren(VideoView)[0]
    image = QImage(80, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    sink.setVideoFrame(QVideoFrame(image))
    qtbot.waitUntil(
        lambda: video.grab().toImage().pixelColor(video.rect().center()).red() > 200
    )
    shown = video.grab().toImage()
    assert shown.pixelColor(video.width() // 2, 2) == QColor("black")
