"""End to end: the word that is lit against the sound that is really handed on."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from app.core.timeline import Timeline
from app.core.transcript import Segment, Transcript, Word
from app.player.player import Player, monotonic_ms
from app.player.session import PlaySession
from tests.player.test_player import write_tone

WORD_MS = 200


class Sampler:
    """Look sixty times a second at the lit word and at where the sound truly is."""

    def __init__(self, player: Player, session: PlaySession) -> None:
        self.errors_ms: list[float] = []
        self.wrong = 0
        self._session = session
        self._block: tuple[float, int] | None = None
        assert player._engine is not None
        player._engine.sounded.connect(self._on_sounded)
        self.timer = QTimer()
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.setInterval(16)
        self.timer.timeout.connect(self._look)
        self.timer.start()

    def _on_sounded(self, position_ms: int) -> None:
        self._block = (monotonic_ms(), position_ms)

    def _look(self) -> None:
        word = self._session.follower.word
        if self._block is None or word is None:
            return
        true_ms = self._block[1] + monotonic_ms() - self._block[0]
        # How far the true position is outside the lit word.
        error_ms = max(0.0, word * WORD_MS - true_ms, true_ms - (word + 1) * WORD_MS)
        self.errors_ms.append(error_ms)
        self.wrong += error_ms > 0


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.qt_log_ignore("PulseAudioService", "pipewire", extend=True)
def test_the_lit_word_is_the_one_that_sounds(qapp, qtbot: QtBot, tmp_path: Path) -> None:
    length_ms = 62_000
    words = tuple(Word(f"w{at}", at, at + WORD_MS) for at in range(0, length_ms, WORD_MS))
    talk = Transcript((Segment(words, None, 0, length_ms),), duration_ms=length_ms)
    player = Player()
    session = PlaySession(player)
    session.open(write_tone(tmp_path / "tone.wav", length_ms / 1_000), talk)
    sampler = Sampler(player, session)
    player.play()
    qtbot.waitUntil(lambda: player.position_ms > 60_000, timeout=90_000)
    sampler.timer.stop()
    player.close()
    errors = sorted(sampler.errors_ms)
    median, late = statistics.median(errors), errors[int(len(errors) * 0.99)]
    assert len(errors) > 1_000
    assert Timeline(words).word_at(100) == 0
    assert median < 17
    assert late < 50
