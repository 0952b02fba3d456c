"""The lit word against the sound itself, which tells the time by its pitch.

What is heard is read from the samples that leave Qt's player, not from anything that
the clock is told. ``dev.py bench playing`` does the same on the real window.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from app.core.transcript import Paragraph, Transcript, Word
from app.player.player import Player
from app.player.session import PlaySession
from app.system.clocks import precise_ms
from tests.support.sweep import SECONDS, Ear, place_ms, write_sweep

pytestmark = [
    pytest.mark.slow,
    pytest.mark.qt_log_ignore("PulseAudioService", "pipewire", extend=True),
]

WORD_MS = 200
FRAME_MS = 16
SETTLED_MS = 400


@pytest.mark.timeout(150)
@pytest.mark.parametrize(("rate", "seconds"), [(1.0, 60), (0.5, 6), (2.0, 6), (3.0, 6)])
def test_the_lit_word_is_the_one_that_is_heard(
    qapp: object, qtbot: QtBot, tmp_path: Path, rate: float, seconds: int
) -> None:
    sweep = tmp_path / "sweep.wav"
    write_sweep(sweep)
    words = tuple(
        Word(str(place), place * WORD_MS, (place + 1) * WORD_MS)
        for place in range(SECONDS * 1_000 // WORD_MS)
    )
    talk = Transcript(
        (Paragraph(words, None, 0, words[-1].end_ms),), duration_ms=SECONDS * 1_000
    )
    player = Player()
    session = PlaySession(player)
    session.open(sweep, talk)
    player.set_rate(rate)
    ear = Ear(player)
    lit: list[tuple[float, int | None]] = []
    frames = QTimer()
    frames.setTimerType(Qt.TimerType.PreciseTimer)
    frames.setInterval(FRAME_MS)
    frames.timeout.connect(lambda: lit.append((precise_ms(), session.follower.word)))
    player.play()
    qtbot.waitUntil(lambda: ear.count > 4, timeout=10_000)
    began = precise_ms()
    frames.start()
    qtbot.waitUntil(
        lambda: precise_ms() - began > seconds * 1_000, timeout=seconds * 1_000 + 20_000
    )
    frames.stop()
    ear.close()
    player.close()
    player.deleteLater()

    heard, off = ear.heard(), list[float]()
    for wall_ms, word in lit:
        true_ms = place_ms(heard, wall_ms, rate)
        if wall_ms - began < SETTLED_MS or true_ms is None:
            continue
        assert word is not None
        start_ms, end_ms = word * WORD_MS, (word + 1) * WORD_MS
        off.append(max(0.0, start_ms - true_ms, true_ms - end_ms) / rate)
    shown = np.array(off)
    assert len(shown) > seconds * 20
    assert np.median(shown) < 17
    assert np.percentile(shown, 99) < 50
