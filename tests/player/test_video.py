"""Moving pictures tell their time by how grey they are, and keep step with the sound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtMultimedia import QVideoFrame, QVideoSink
from pytestqt.qtbot import QtBot

from app.player.player import Player
from tests.support.sounds import ffmpeg

# A machine without any sound says so once.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.qt_log_ignore("PulseAudioService", "pipewire", "No RHI backend", extend=True),
]

FRAMES_A_SECOND = 10
SECONDS = 23
SIZE = 64
DARKEST = 12
NEAR_MS = 450
"""Two frames and the coarseness of grey, and a player that is corrected from 150 ms on."""

FILMS = {
    "film.mp4": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"),
    "film.mkv": ("-c:v", "mpeg4", "-q:v", "2", "-c:a", "libvorbis"),
    "film.webm": ("-c:v", "libvpx", "-b:v", "1M", "-c:a", "libopus"),
    "film.avi": ("-c:v", "mpeg4", "-q:v", "2", "-c:a", "libmp3lame"),
}


def make_video(path: Path) -> None:
    frames = b"".join(
        bytes([DARKEST + number]) * SIZE * SIZE for number in range(SECONDS * FRAMES_A_SECOND)
    )
    raw = ("-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{SIZE}x{SIZE}")
    tone = ("-f", "lavfi", "-i", f"sine=440:d={SECONDS}")
    rate = str(FRAMES_A_SECOND)
    ffmpeg(*raw, "-r", rate, "-i", "-", *tone, *FILMS[path.name], path, fed=frames)


class Screen:
    """Shows a film and reads the time from it."""

    def __init__(self) -> None:
        self.sink = QVideoSink()
        self.shown_ms: float | None = None
        self.sink.videoFrameChanged.connect(self._on_frame_changed)

    def _on_frame_changed(self, frame: QVideoFrame) -> None:
        if frame.isValid():
            grey = frame.toImage().pixelColor(SIZE // 2, SIZE // 2).red()
            self.shown_ms = (grey - DARKEST) * 1_000 / FRAMES_A_SECOND

    def is_near(self, position_ms: int) -> bool:
        return self.shown_ms is not None and abs(self.shown_ms - position_ms) <= NEAR_MS


@pytest.fixture
def player(qapp: object) -> Iterator[Player]:
    made = Player()
    yield made
    made.close()
    made.deleteLater()


@pytest.mark.parametrize("is_copy", [False, True], ids=["original", "copy"])
@pytest.mark.parametrize("name", FILMS)
def test_the_picture_is_that_of_the_sound(
    player: Player, qtbot: QtBot, tmp_path: Path, name: str, is_copy: bool
) -> None:
    film = tmp_path / name
    make_video(film)
    sound = film
    if is_copy:
        sound = tmp_path / "copy.flac"
        ffmpeg("-i", film, "-vn", sound)
    screen = Screen()
    player.open(sound, duration_ms=SECONDS * 1_000)
    if is_copy:
        player.set_video_path(film)
    player.set_video_output(screen.sink)
    player.play()
    qtbot.waitUntil(lambda: player.position_ms > 1_500 and screen.is_near(player.position_ms))
    for place_ms in (15_000, 4_000, 19_000):
        player.seek(place_ms)
        qtbot.waitUntil(lambda: screen.is_near(player.position_ms), timeout=8_000)
    player.set_rate(2.0)
    player.seek(8_000)
    qtbot.waitUntil(
        lambda: player.position_ms > 10_000 and screen.is_near(player.position_ms),
        timeout=8_000,
    )
    player.pause()
    player.seek(3_000)
    qtbot.waitUntil(lambda: screen.is_near(3_000), timeout=8_000)

    player.set_video_output(None)
    screen.shown_ms = None
    with qtbot.waitSignal(player.position_changed, check_params_cb=lambda ms: ms > 3_200):
        player.play()
    assert screen.shown_ms is None
    assert np.isclose(player.rate, 2.0)
