"""Fixing what is heard: real sound, real keys."""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.document import Document
from app.core.preferences import ClickMode, Settings
from app.core.transcript import Paragraph, Transcript, Word
from app.core.typing_run import Typewriter
from app.player.commands import PlayerCommand
from app.player.player import Player
from app.player.session import PlaySession
from app.player.transport import TransportOptions
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.stage import Page
from app.ui.transcript.fixing import FixingController
from app.ui.transcript.view import TranscriptView

pytestmark = pytest.mark.qt_log_ignore(
    "PulseAudioService", "pipewire", "Could not open media", extend=True
)
WORDS = ["the", "quick", "brown", "fox", "jumped", "over", "one", "lazy", "dog"]
TALK = Transcript(
    (
        Paragraph(
            tuple(Word(one, 500 * at, 500 * at + 450) for at, one in enumerate(WORDS)),
            None,
            0,
            4_500,
        ),
    ),
    duration_ms=20_000,
)


class Middle:
    """A stage on which only the page of a transcript is ever seen."""

    page = Page.TRANSCRIPT


class Desk:
    def __init__(self, appearance: Appearance, player: Player, sound: Path) -> None:
        self.view = TranscriptView(appearance)
        self.player = player
        self.actions = Actions(appearance)
        self.session = PlaySession(player)
        self.document = Document(TALK)
        typewriter = Typewriter(self.document)
        self.view.show_document(self.document)
        self.view.typed.connect(lambda typed: typewriter.type(typed, joins=True))
        self.view.typing_moved.connect(typewriter.end)
        self.session.word_changed.connect(self.view.show_spoken)
        player.playing_changed.connect(self.view.show_playing)
        self.fixing = FixingController(
            stage=Middle(),  # type: ignore[arg-type]
            actions=self.actions,
            view=self.view,
            session=self.session,
        )
        self.session.open(sound, TALK)

    def play_to(self, qtbot: QtBot, ms: int) -> None:
        self.session.seek(ms)
        self.player.play()
        qtbot.waitUntil(lambda: self.view.text.spoken is not None)

    @property
    def text(self) -> str:
        return self.document.transcript.text


@pytest.fixture
def desk(appearance: Appearance, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    sound = tmp_path / "silence.wav"
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(bytes(2 * 8_000 * 20))
    player = Player()
    made = Desk(appearance, player, sound)
    qtbot.addWidget(made.view)
    made.view.resize(700, 400)
    made.view.show()
    made.view.activateWindow()
    made.view.text.setFocus()
    qtbot.waitUntil(made.view.text.hasFocus)
    yield made
    player.close()
    player.deleteLater()


@pytest.mark.parametrize(("reaction_ms", "heard"), [(0, "fox"), (400, "brown")])
def test_the_word_just_heard_is_written_over_while_the_sound_waits_and_it_goes_on(
    desk: Desk, qtbot: QtBot, reaction_ms: int, heard: str
) -> None:
    desk.fixing.take_settings(Settings(reaction_ms=reaction_ms, typing_pause_ms=200))
    desk.play_to(qtbot, 1_600)
    desk.actions[ActionId.CORRECT].trigger()
    assert not desk.player.is_playing
    assert desk.view.text.textCursor().selectedText() == heard
    QTest.keyClicks(desk.view.text, "cat")
    assert desk.text == " ".join(WORDS).replace(heard, "cat")
    kept = [(word.start_ms, word.end_ms) for word in desk.document.transcript.words()]
    assert kept == [(word.start_ms, word.end_ms) for word in TALK.words()]
    qtbot.waitUntil(lambda: desk.player.is_playing)
    assert desk.view.is_following


def test_play_ends_the_waiting_at_once(desk: Desk, qtbot: QtBot) -> None:
    desk.fixing.take_settings(Settings(typing_pause_ms=60_000))
    desk.play_to(qtbot, 1_600)
    QTest.keyClicks(desk.view.text, "a")
    assert not desk.player.is_playing
    desk.session.do(PlayerCommand.PLAY_PAUSE)
    assert desk.player.is_playing


def test_the_sound_runs_on_if_one_likes(desk: Desk, qtbot: QtBot) -> None:
    desk.session.set_options(TransportOptions(pauses_while_typing=False))
    desk.play_to(qtbot, 100)
    desk.actions[ActionId.CORRECT].trigger()
    QTest.keyClicks(desk.view.text, "a")
    assert desk.player.is_playing
    assert desk.text.startswith("a quick")


@pytest.mark.parametrize("is_wanted", [True, False])
def test_typing_goes_to_the_word_just_heard_if_one_likes(
    desk: Desk, qtbot: QtBot, is_wanted: bool
) -> None:
    desk.fixing.take_settings(Settings(reaction_ms=0, types_at_spoken=is_wanted))
    desk.play_to(qtbot, 2_100)
    QTest.keyClicks(desk.view.text, "ran")
    said = " ".join(WORDS)
    assert desk.text == (said.replace("jumped", "ran") if is_wanted else f"ran{said}")


def test_the_caret_is_brought_to_the_spoken_word_and_the_sound_runs_on(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.fixing.take_settings(Settings(reaction_ms=0))
    desk.play_to(qtbot, 2_100)
    desk.actions[ActionId.CARET_TO_SPOKEN].trigger()
    assert desk.player.is_playing
    assert desk.view.text.textCursor().position() == " ".join(WORDS).index("jumped")


@pytest.mark.parametrize("mode", ClickMode)
def test_a_click_brings_the_sound_there_as_one_likes(
    desk: Desk, qtbot: QtBot, mode: ClickMode
) -> None:
    desk.fixing.take_settings(Settings(click_mode=mode))
    at = desk.view.text.word_rects(5)[0].center().toPoint()
    qtbot.mouseClick(desk.view.text.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert desk.view.text.caret_word() == 5
    assert desk.player.is_playing == (mode is ClickMode.PLAYS)
    begins_ms = 0 if mode is ClickMode.NOTHING_MORE else 2_500
    assert begins_ms <= desk.player.position_ms < begins_ms + 100


def stands_still(desk: Desk, qtbot: QtBot) -> None:
    desk.play_to(qtbot, 1_100)
    desk.player.pause()


def has_no_sound(desk: Desk, _qtbot: QtBot) -> None:
    desk.session.open(None, TALK)
    desk.view.show_spoken(None)


@pytest.mark.parametrize(
    ("prepare", "meant"), [(stands_still, "brown"), (has_no_sound, "lazy")]
)
def test_without_sound_the_lit_word_is_meant_or_that_of_the_caret(
    desk: Desk, qtbot: QtBot, prepare: Callable[[Desk, QtBot], None], meant: str
) -> None:
    desk.view.put_caret(7)
    prepare(desk, qtbot)
    desk.actions[ActionId.CORRECT].trigger()
    assert desk.view.text.textCursor().selectedText() == meant
