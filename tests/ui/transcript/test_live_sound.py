"""A recording is heard while it is still being made: the real player on a file that grows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.capture.journal import wav_header
from app.core.document import Document
from app.core.take import RATE_HZ, SAMPLE_BYTES
from app.core.transcript import TranscriptId
from app.player.player import Player
from app.player.session import PlaySession
from app.ui.transcript.live_sound import LiveSound
from tests.support.builders import transcript

pytestmark = pytest.mark.qt_log_ignore(
    "PulseAudioService", "pipewire", "Could not open media", extend=True
)
TALK = transcript((None, "so it goes on"), each_ms=500)


class Bar:
    available = False
    duration_ms = 0

    def set_available(self, *, available: bool, reason: str = "") -> None:
        del reason
        self.available = available

    def show_duration(self, duration_ms: int) -> None:
        self.duration_ms = duration_ms


class Room:
    """A page whose recording grows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_bytes(wav_header(1))
        self.owner = QObject()
        self.session = PlaySession(Player(self.owner), self.owner)
        self.bar = Bar()
        self.opened: Any = SimpleNamespace(
            transcript_id=TranscriptId("t"), is_growing=True, document=Document(TALK)
        )
        self.sound = LiveSound(
            session=self.session,
            bar=self.bar,
            current=lambda: self.opened,
            begin=lambda opened: self.session.open(path, opened.document.transcript),
            parent=self.owner,
        )
        self.session.open(None, TALK)
        self.recorded_ms = 0

    def record(self, more_ms: int) -> None:
        with self.path.open("ab") as file:
            file.write(bytes(more_ms * RATE_HZ // 1_000 * SAMPLE_BYTES))
        self.recorded_ms += more_ms
        self.sound.extend("t", self.recorded_ms)


@pytest.fixture
def room(qapp: object, tmp_path: Path) -> Iterator[Room]:
    del qapp
    one = Room(tmp_path / "part-1.wav")
    yield one
    one.session.player.close()
    one.owner.deleteLater()


def test_what_was_said_is_heard_again_and_more_of_it_as_it_comes(
    room: Room, qtbot: QtBot
) -> None:
    player = room.session.player
    room.record(1_000)
    assert player.path is None  # there is next to nothing yet
    room.record(2_000)
    assert player.path == room.path
    room.session.seek(700)
    assert room.session.follower.word == 1
    room.record(4_000)
    assert player.position_ms == 700
    assert room.bar.duration_ms == player.duration_ms == 6_500
    room.session.seek(5_800)
    with qtbot.waitSignal(player.ended, timeout=10_000):
        player.play()
        qtbot.waitUntil(lambda: player.position_ms > 5_900, timeout=10_000)
        room.record(3_000)  # while it plays it is left alone
        assert player.is_playing
    qtbot.waitUntil(lambda: player.is_playing)  # it goes on with what has come
    qtbot.waitUntil(lambda: player.position_ms > 7_200, timeout=10_000)
    player.pause()


def test_at_the_edge_of_what_is_there_it_stops(room: Room, qtbot: QtBot) -> None:
    player = room.session.player
    room.record(3_000)
    room.session.seek(2_200)
    with qtbot.waitSignal(player.ended, timeout=10_000):
        player.play()
    assert not player.is_playing


def test_a_loop_and_the_habits_stay_as_it_grows(room: Room) -> None:
    room.record(3_000)
    room.session.set_loop((500, 1_000))
    room.session.set_options(replace(room.session.options, rewind_ms=250))
    room.record(4_000)
    assert room.session.loop == (500, 1_000)
    assert room.session.options.rewind_ms == 250


def test_another_transcript_on_the_page_and_one_that_is_whole_are_left_alone(
    room: Room,
) -> None:
    room.sound.extend("other", 60_000)
    assert room.session.player.path is None
    room.opened.is_growing = False
    room.record(60_000)
    assert room.session.player.path is None
