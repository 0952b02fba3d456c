"""The real player on real sound; there need not be any output device."""

from __future__ import annotations

import math
import random
import struct
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core.transcript import Paragraph, Transcript, Word
from app.player.commands import PlayerCommand
from app.player.player import Player
from app.player.session import PlaySession
from app.player.transport import INSIDE_MS, AfterTyping, TransportOptions
from tests.support.sounds import ffmpeg

# A machine without any sound says so once.
pytestmark = pytest.mark.qt_log_ignore(
    "PulseAudioService", "pipewire", "Could not open media", extend=True
)


def write_tone(path: Path, seconds: float) -> Path:
    rate = 16_000
    samples = (int(9_000 * math.sin(place * 0.1)) for place in range(int(rate * seconds)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return path


@pytest.fixture
def player(qapp) -> Iterator[Player]:
    made = Player()
    yield made
    made.close()
    made.deleteLater()


def test_opens_paused_and_tells_the_length(
    player: Player, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(player.duration_changed) as told:
        player.open(write_tone(tmp_path / "a.wav", 3))
    assert told.args == [3_000]
    assert not player.is_playing
    assert player.position_ms == 0


@pytest.mark.parametrize(
    ("told_ms", "kept_ms"), [(2_970, 2_970), (3_040, 3_040), (5_000, 3_000)]
)
def test_one_length_is_told_unless_the_sound_is_clearly_another(
    player: Player, qtbot: QtBot, tmp_path: Path, told_ms: int, kept_ms: int
) -> None:
    told: list[int] = []
    player.duration_changed.connect(told.append)
    player.open(write_tone(tmp_path / "a.wav", 3), duration_ms=told_ms)
    with qtbot.waitSignal(player.ended, timeout=10_000):
        player.seek(2_900)
        player.play()
    assert told == list(dict.fromkeys((told_ms, kept_ms)))
    assert player.duration_ms == player.position_ms == kept_ms


def test_a_seek_before_the_start_is_kept(player: Player, qtbot: QtBot, tmp_path: Path) -> None:
    player.open(write_tone(tmp_path / "a.wav", 4), position_ms=2_000)
    player.play()
    seen: list[int] = []
    player.position_changed.connect(seen.append)
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] > 2_200)
    assert min(seen) >= 2_000
    assert player.is_playing


def test_time_moves_at_the_speed_asked_for_and_stops_at_pause(
    player: Player, qtbot: QtBot, tmp_path: Path
) -> None:
    player.open(write_tone(tmp_path / "a.wav", 10))
    player.set_rate(3.0)
    player.play()
    qtbot.waitUntil(lambda: player.position_ms > 1_500)
    player.pause()
    held = player.position_ms
    assert not player.clock.is_moving
    player.seek(8_000)
    assert player.position_ms == 8_000
    assert held < 8_000


def test_the_end_is_told_and_play_begins_again(
    player: Player, qtbot: QtBot, tmp_path: Path
) -> None:
    player.open(write_tone(tmp_path / "a.wav", 0.6))
    with qtbot.waitSignal(player.ended, timeout=10_000):
        player.play()
    assert not player.is_playing
    assert player.position_ms == 600
    player.play()
    qtbot.waitUntil(lambda: 0 < player.position_ms < 500)


def test_a_seek_after_the_end_is_obeyed(player: Player, qtbot: QtBot, tmp_path: Path) -> None:
    player.open(write_tone(tmp_path / "a.wav", 2))
    player.play()
    with qtbot.waitSignal(player.ended, timeout=10_000):
        player.seek(1_900)
    player.seek(500)
    player.play()
    qtbot.waitUntil(lambda: 500 <= player.position_ms < 1_500 and player.clock.is_moving)


@pytest.mark.qt_log_ignore("Failed to seek", extend=True)
def test_the_last_frame_of_a_flac_can_be_sought_like_any_other_place(
    player: Player, qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "app.player.player")
    path = tmp_path / "a.flac"
    ffmpeg("-i", write_tone(tmp_path / "a.wav", 20), path)
    with qtbot.waitSignal(player.duration_changed):
        player.open(path)
    chance = random.Random(3)
    for turn in range(60):
        for _ in range(chance.randint(1, 4)):
            chance.choice((player.play, player.pause, lambda: None))()
            places = (
                20_000 - chance.randint(0, 200),
                20_000,
                25_000,
                chance.randint(0, 19_000),
            )
            player.seek(chance.choice(places))
        if turn % 10 == 0:
            player.pause()
            player.seek(5_000)
            player.play()
            qtbot.waitUntil(lambda: 5_100 < player.position_ms < 7_000)
    assert caplog.messages == ["sound by QtEngine"]
    player.play()
    with qtbot.waitSignal(player.ended):
        player.seek(20_000 - 100)


def test_a_meter_moves(player: Player, qtbot: QtBot, tmp_path: Path) -> None:
    player.open(write_tone(tmp_path / "a.wav", 2))
    with qtbot.waitSignal(player.level_changed, check_params_cb=lambda level: level > 0.1):
        player.play()


def test_what_cannot_be_played_says_so_and_still_moves(
    player: Player, qtbot: QtBot, tmp_path: Path, expected_log
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"nothing to hear")
    expected_log("sound failed")
    with qtbot.waitSignal(player.error_occurred) as told:
        player.open(broken, duration_ms=5_000)
    assert "cannot be played" in (told.args or [""])[0]
    player.play()
    qtbot.waitUntil(lambda: player.position_ms > 100)


TALK = Transcript(
    (
        Paragraph((Word("One", 100, 300), Word("two.", 300, 600)), None, 100, 600),
        Paragraph((Word("Three", 2_500, 2_900),), None, 2_500, 2_900),
    ),
    duration_ms=4_000,
)


def test_pause_steps_back_a_little(player: Player, qtbot: QtBot, tmp_path: Path) -> None:
    session = PlaySession(player)
    session.open(write_tone(tmp_path / "a.wav", 4), TALK)
    session.set_options(TransportOptions(rewind_ms=300))
    player.set_rate(2.0)
    session.do(PlayerCommand.PLAY)
    qtbot.waitUntil(lambda: player.position_ms > 800)
    before = player.position_ms
    session.do(PlayerCommand.PLAY_PAUSE)
    assert before - 320 <= player.position_ms <= before - 250


def test_words_light_and_silences_are_skipped(
    player: Player, qtbot: QtBot, tmp_path: Path
) -> None:
    session = PlaySession(player)
    lit: list[object] = []
    session.word_changed.connect(lit.append)
    session.open(write_tone(tmp_path / "a.wav", 4), TALK)
    session.do(PlayerCommand.SKIP_SILENCES)
    session.do(PlayerCommand.PLAY)
    qtbot.waitUntil(lambda: 2 in lit)
    assert [word for word in lit if word is not None] == [0, 1, 2]
    assert session.listened.total_ms() < 2_000


@pytest.mark.parametrize("after", AfterTyping)
def test_typing_holds_and_goes_on_as_one_likes(
    player: Player, qtbot: QtBot, tmp_path: Path, after: AfterTyping
) -> None:
    session = PlaySession(player)
    session.set_options(TransportOptions(after_typing=after, earlier_ms=150))
    session.open(write_tone(tmp_path / "a.wav", 4), TALK)
    session.do(PlayerCommand.PLAY)
    qtbot.waitUntil(lambda: player.position_ms > 200)
    session.begin_typing()
    assert not player.is_playing
    stopped_ms = player.position_ms
    session.end_typing((2_500, 2_900))
    begins_ms = {
        AfterTyping.STAY_PAUSED: stopped_ms,
        AfterTyping.WHERE_STOPPED: stopped_ms,
        AfterTyping.BEFORE_EDIT: 2_500 + INSIDE_MS,
        AfterTyping.AFTER_EDIT: 2_900 + INSIDE_MS,
        AfterTyping.EARLIER: stopped_ms - 150,
    }[after]
    assert begins_ms <= player.position_ms < begins_ms + 60
    assert player.is_playing == (after is not AfterTyping.STAY_PAUSED)


def test_typing_that_corrects_no_words_goes_on_where_it_stopped(
    player: Player, qtbot: QtBot, tmp_path: Path
) -> None:
    session = PlaySession(player)
    session.set_options(TransportOptions(after_typing=AfterTyping.BEFORE_EDIT))
    session.open(write_tone(tmp_path / "a.wav", 4), TALK, position_ms=1_000)
    session.do(PlayerCommand.PLAY)
    session.begin_typing()
    session.end_typing(None)
    assert player.is_playing
    assert 1_000 <= player.position_ms < 1_060


def test_a_loop_is_left_by_going_elsewhere(
    player: Player, qtbot: QtBot, tmp_path: Path
) -> None:
    session = PlaySession(player)
    session.open(write_tone(tmp_path / "a.wav", 4), TALK)
    session.set_loop((100, 600))
    assert player.position_ms == 100
    session.seek(2_600)
    assert session.loop is None
    assert player.position_ms == 2_600
