from array import array
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDoubleSpinBox,
    QLabel,
    QMenu,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from app.core.peaks import Level, Peaks
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word
from app.player.commands import PlayerCommand
from app.player.transport import TransportOptions
from app.ui.kit.appearance import Appearance
from app.ui.kit.refusing import ToolButton
from app.ui.listening.bar import PlayerBar
from tests.support.languages import spoken

LENGTH_MS = 600_000
ANNA, BO = SpeakerId("a"), SpeakerId("b")
TALK = Transcript(
    (
        Paragraph((Word("One", 0, 900),), ANNA, 0, 100_000),
        Paragraph((Word("Two", 100_000, 100_900),), BO, 90_000, 300_000),
    ),
    (Speaker(ANNA, "Anna"), Speaker(BO)),
    duration_ms=LENGTH_MS,
)


@pytest.fixture
def bar(appearance: Appearance, qtbot: QtBot) -> PlayerBar:
    made = PlayerBar(appearance)
    qtbot.addWidget(made)
    made.resize(632, 130)
    made.show()
    made.show_transcript(TALK)
    made.show_duration(LENGTH_MS)
    made.set_available(available=True)
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def named(bar: PlayerBar) -> Callable[[str], QToolButton]:
    def find(name: str) -> QToolButton:
        return next(
            one for one in bar.findChildren(QToolButton) if one.accessibleName() == name
        )

    return find


def at(bar: PlayerBar, share: float) -> QPoint:
    return QPoint(round(bar.timeline.width() * share), 20)


def test_the_play_button_is_named_for_what_it_does(
    bar: PlayerBar, named: Callable[[str], QToolButton], qtbot: QtBot
) -> None:
    with qtbot.waitSignal(bar.command_requested) as asked:
        qtbot.mouseClick(named("Play"), Qt.MouseButton.LeftButton)
    assert asked.args == [PlayerCommand.PLAY_PAUSE]
    bar.show_playing(playing=True)
    assert named("Pause").isVisible()


def test_a_click_on_the_timeline_goes_there(bar: PlayerBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.seek_requested) as asked:
        qtbot.mouseClick(bar.timeline, Qt.MouseButton.LeftButton, pos=at(bar, 0.5))
    assert (asked.args or [0])[0] == pytest.approx(LENGTH_MS / 2, abs=2_000)


def test_dragging_goes_there_once_let_go(bar: PlayerBar, qtbot: QtBot) -> None:
    asked: list[int] = []
    bar.seek_requested.connect(asked.append)
    qtbot.mousePress(bar.timeline, Qt.MouseButton.LeftButton, pos=at(bar, 0.1))
    qtbot.mouseMove(bar.timeline, at(bar, 0.4))
    bar.show_position(60_500)  # the sound goes on meanwhile
    qtbot.mouseRelease(bar.timeline, Qt.MouseButton.LeftButton, pos=at(bar, 0.75))
    assert len(asked) == 1
    assert asked[0] == pytest.approx(LENGTH_MS * 0.75, abs=2_000)


def test_dragging_with_shift_asks_for_a_loop(bar: PlayerBar, qtbot: QtBot) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(bar.timeline, left, shift, at(bar, 0.6))
    qtbot.mouseMove(bar.timeline, at(bar, 0.4))
    with qtbot.waitSignal(bar.loop_requested) as asked:
        qtbot.mouseRelease(bar.timeline, left, shift, at(bar, 0.2))
    start, end = (asked.args or [(0, 0)])[0]
    assert start == pytest.approx(LENGTH_MS * 0.2, abs=2_000)
    assert end == pytest.approx(LENGTH_MS * 0.6, abs=2_000)


def test_the_timeline_works_by_keyboard_and_tells_its_value(
    bar: PlayerBar, qtbot: QtBot
) -> None:
    asked: list[int] = []
    bar.seek_requested.connect(asked.append)
    bar.show_position(100_000)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_PageUp, Qt.Key.Key_Home):
        qtbot.keyClick(bar.timeline, key)
    assert asked == [105_000, 95_000, 130_000, 0]
    seen = QAccessible.queryAccessibleInterface(bar.timeline)
    assert seen.text(QAccessible.Text.Name) == "Position"
    assert seen.role() is QAccessible.Role.Slider
    assert seen.valueInterface().currentValue() == 100


def test_zooming_keeps_the_time_under_the_pointer(bar: PlayerBar, qtbot: QtBot) -> None:
    bar.timeline.zoom(4.0, around_ms=150_000)
    with qtbot.waitSignal(bar.seek_requested) as asked:
        qtbot.mouseClick(bar.timeline, Qt.MouseButton.LeftButton, pos=at(bar, 0.25))
    assert (asked.args or [0])[0] == pytest.approx(150_000, abs=1_000)


def test_what_was_played_is_drawn_in_the_accent(bar: PlayerBar, appearance: Appearance) -> None:
    loud = Level(640, array("h", [-20_000, 20_000] * 938))
    bar.show_waveform(Peaks(LENGTH_MS, (loud,)))
    bar.show_position(LENGTH_MS // 2)
    image = bar.timeline.grab().toImage()
    ratio = image.devicePixelRatio()
    row = [image.pixelColor(int(x * ratio), int(22 * ratio)).name() for x in range(20, 580, 2)]
    assert row[20] == appearance.theme.accent
    assert row[-20] == appearance.theme.edge


def test_speed_is_a_field_in_steps_of_a_twentieth(bar: PlayerBar, qtbot: QtBot) -> None:
    speed = next(one for one in bar.findChildren(QDoubleSpinBox))
    assert speed.accessibleName() == "Speed"
    with qtbot.waitSignal(bar.rate_requested) as asked:
        qtbot.keyClick(speed, Qt.Key.Key_Up)
    assert asked.args == [pytest.approx(1.05)]
    bar.show_rate(2.5)
    assert speed.text() == "2.50×"


def test_the_time_is_shown_beside_the_length(bar: PlayerBar) -> None:
    bar.show_position(69_400)
    assert any(one.text() == "1:09 / 10:00" for one in bar.findChildren(QLabel))


def submenu(menu: QMenu, title: str) -> QMenu:
    return next(one for one in menu.findChildren(QMenu) if one.title() == title)


def test_habits_are_asked_for_as_values(bar: PlayerBar, qtbot: QtBot) -> None:
    menu = bar.findChildren(QMenu)[0]
    menu.aboutToShow.emit()
    only = submenu(menu, "Play only")
    with qtbot.waitSignal(bar.options_requested) as asked:
        only.actions()[2].trigger()
    assert asked.args == [TransportOptions(only_speaker=BO)]
    menu.aboutToShow.emit()
    skip = submenu(menu, "Skip by")
    with qtbot.waitSignal(bar.options_requested) as asked:
        skip.actions()[2].trigger()
    bar.show_options((asked.args or [TransportOptions()])[0])
    assert any(one.accessibleName() == "Back 10 s" for one in bar.findChildren(QToolButton))


def test_without_sound_everything_says_why(
    bar: PlayerBar, named: Callable[[str], QToolButton]
) -> None:
    bar.set_available(available=False, reason="The recording was moved.")
    play = named("Play")
    assert isinstance(play, ToolButton)
    assert play.is_refused
    assert play.accessibleDescription() == "The recording was moved."
    assert play.toolTip() == "The recording was moved."


def test_whom_one_hears_alone_is_said_and_a_press_plays_everyone(
    bar: PlayerBar, qtbot: QtBot
) -> None:
    assert not bar.only.isVisible()
    bar.show_options(TransportOptions(only_speaker=ANNA))
    assert bar.only.isVisible()
    assert bar.only.accessibleName() == "Anna only"
    with qtbot.waitSignal(bar.options_requested) as told:
        qtbot.mouseClick(bar.only, Qt.MouseButton.LeftButton)
    assert told.args == [TransportOptions()]
    bar.show_options(TransportOptions())
    assert not bar.only.isVisible()


def test_how_far_one_skips_is_told_in_the_digits_of_the_language(
    appearance: Appearance, qapp: QApplication, qtbot: QtBot
) -> None:
    with spoken(qapp, "ar"):
        bar = PlayerBar(appearance)
        qtbot.addWidget(bar)
        bar.show_options(TransportOptions(skip_ms=2_500))
        names = [one.accessibleName() for one in bar.findChildren(QAbstractButton)]
        assert sum("٢٫٥" in one for one in names) == 2  # back and forward
        assert not any(sign in "0123456789" for one in names for sign in one)
