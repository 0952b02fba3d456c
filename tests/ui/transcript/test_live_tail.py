"""What is being said stands under the page, and the page goes along unless one has left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtWidgets import QAbstractSlider, QPushButton
from pytestqt.qtbot import QtBot

from app.core import edits
from app.core.document import Document
from app.core.live_growth import with_utterance
from app.core.preferences import ThemeChoice
from app.core.transcript import Speaker, SpeakerId, Transcript, TranscriptId
from app.ui.kit.appearance import Appearance
from app.ui.transcript.live_tail import LiveTail
from app.ui.transcript.tentative import TentativeText
from app.ui.transcript.view import TranscriptView
from tests.support.builders import transcript
from tests.support.colours import contrast
from tests.support.heard import faults
from tests.support.page import Opened
from tests.support.speech import words

YOU, THEY = SpeakerId("A"), SpeakerId("B")
PEOPLE = (Speaker(YOU, "You"), Speaker(THEY, "They"))
LONG = replace(
    transcript(*((one, "so it goes on and on " * 12) for one in "ABABAB")), speakers=PEOPLE
)
SHORT = transcript(("A", "Good morning all."))


class Player(QObject):
    playing_changed = Signal(bool)
    is_playing = False

    def set_playing(self, *, is_playing: bool) -> None:
        self.is_playing = is_playing
        self.playing_changed.emit(is_playing)


class Room:
    """A page on which a live text grows."""

    def __init__(self, appearance: Appearance, qtbot: QtBot, live: Transcript) -> None:
        self.view = TranscriptView(appearance)
        qtbot.addWidget(self.view)
        self.view.resize(760, 420)
        self.view.show()
        qtbot.waitExposed(self.view)
        self.on_page = Opened(live)
        self.player = Player(self.view)
        self.tail = LiveTail(
            appearance=appearance,
            view=self.view,
            player=self.player,  # type: ignore[arg-type]
            current=lambda: self.on_page,  # type: ignore[arg-type,return-value]
        )
        self.view.show_document(self.on_page.document)
        self.tail.begin("t")

    @property
    def document(self) -> Document:
        return self.on_page.document

    @property
    def words(self) -> TentativeText:
        return self.view.findChildren(TentativeText)[0]

    @property
    def is_at_end(self) -> bool:
        bar = self.view.text.verticalScrollBar()
        return bar.value() == bar.maximum()

    def say(self, text: str, who: SpeakerId | None = None) -> None:
        self.tail.show_words("t", ((who, text),) if text else ())

    def settle(self, text: str, who: SpeakerId | None = None) -> None:
        now = self.document.transcript
        at_ms = max((one.end_ms for one in now.paragraphs), default=0) + 3_000
        self.document.grow(with_utterance(now, words(text, at_ms), who, extends=False))
        self.say("")

    def scroll(self, step: QAbstractSlider.SliderAction) -> None:
        self.view.text.verticalScrollBar().triggerAction(step)


@pytest.fixture
def room_with(appearance: Appearance, qtbot: QtBot) -> Callable[[Transcript], Room]:
    return lambda live: Room(appearance, qtbot, live)


RoomWith = Callable[[Transcript], Room]


def test_tentative_words_stand_under_the_page_and_are_no_part_of_the_text(
    room_with: RoomWith,
) -> None:
    room = room_with(SHORT)
    before = room.document.transcript
    room.say("and how are")
    assert room.words.isVisible()
    assert room.words.text() == "and how are"
    assert room.view.text.toPlainText() == "Good morning all."
    assert room.document.transcript is before
    assert not room.document.can_undo
    last = room.view.text.word_rects(2)[0].bottom()
    assert last <= room.words.y() <= last + 30

    room.settle("and how are you?")
    assert room.words.isHidden()
    assert room.view.text.toPlainText() == "Good morning all.\nand how are you?"
    room.say("well")
    assert room.words.y() >= room.view.text.word_rects(6)[0].bottom()


def test_the_first_words_stand_at_the_top_of_an_empty_page(room_with: RoomWith) -> None:
    room = room_with(Transcript(()))
    room.say("Hello")
    assert room.words.isVisible()
    assert 0 <= room.words.y() < 60


def test_it_is_named_who_speaks_only_where_another_one_goes_on(room_with: RoomWith) -> None:
    room = room_with(replace(SHORT, speakers=PEOPLE))
    room.say("and you", YOU)
    assert room.words.text() == "and you"
    height = room.words.height()
    room.say("fine", THEY)
    assert room.words.text() == "They: fine"
    assert room.words.height() > height
    room.on_page.apply(edits.rename_speaker(room.document.transcript, THEY, "Ann"))
    room.say("fine thanks", THEY)
    assert room.words.text() == "Ann: fine thanks"


def test_the_page_goes_along_until_the_reader_leaves_and_again_at_the_end(
    room_with: RoomWith, qtbot: QtBot
) -> None:
    room = room_with(LONG)
    room.say("more and more")
    assert room.is_at_end
    bottom = room.words.geometry().bottom()
    assert bottom <= room.view.text.height()
    room.scroll(QAbstractSlider.SliderAction.SliderPageStepSub)
    place = room.view.text.verticalScrollBar().value()
    room.settle("more and more " * 30, THEY)
    room.say("of it")
    assert room.view.text.verticalScrollBar().value() == place
    assert room.tail.back.isVisible()

    qtbot.mouseClick(room.tail.back, Qt.MouseButton.LeftButton)
    assert room.is_at_end
    assert room.tail.back.isHidden()
    room.scroll(QAbstractSlider.SliderAction.SliderPageStepSub)
    room.scroll(QAbstractSlider.SliderAction.SliderToMaximum)
    room.settle("and on " * 60, YOU)
    assert room.is_at_end


def test_who_listens_or_types_is_not_taken_along(room_with: RoomWith, qtbot: QtBot) -> None:
    room = room_with(LONG)
    room.say("more")
    room.player.set_playing(is_playing=True)
    room.view.text.bring_into_band(0, always=True)
    room.settle("more " * 60, THEY)
    assert not room.is_at_end
    assert room.tail.back.isHidden()  # the player has its own
    room.player.set_playing(is_playing=False)
    assert room.tail.back.isVisible()
    room.tail.follow()
    qtbot.keyClick(room.view.text, "x")
    room.settle("more " * 60, YOU)
    assert not room.is_at_end


def test_another_transcript_shows_nothing_of_it(room_with: RoomWith) -> None:
    room = room_with(LONG)
    room.say("more")
    live = room.on_page
    room.on_page = Opened(SHORT)
    room.on_page.transcript_id = TranscriptId("other")
    room.view.show_document(room.on_page.document)
    room.tail.look_at_page()
    assert room.words.isHidden()
    room.on_page = live
    room.view.show_document(live.document)
    room.tail.look_at_page()
    assert room.words.isVisible()
    assert room.is_at_end
    room.tail.end("t")
    assert room.words.isHidden()


@pytest.mark.parametrize("height", [300, 120, 75])
def test_it_follows_the_width_and_keeps_in_sight_however_long_it_is(
    room_with: RoomWith, height: int
) -> None:
    room = room_with(LONG)
    room.say("on and on it goes " * 8)
    wide = room.words.geometry()
    room.view.resize(380, height)
    room.say("on and on it goes " * 40)
    narrow = room.words.geometry()
    assert narrow.width() < wide.width()
    assert narrow.top() >= 0
    assert narrow.bottom() <= room.view.text.height()
    last = len(room.view.text.places) - 1
    assert room.view.text.word_rects(last)[0].top() >= 0
    room.say("on it goes")
    assert room.words.geometry().bottom() <= room.view.text.height()
    room.say("")
    assert room.view.text.word_rects(last)[0].top() >= 0


def test_from_right_to_left_it_stands_at_the_right(room_with: RoomWith) -> None:
    room = room_with(replace(SHORT, language="ar"))
    room.say("مرحبا")
    image = room.words.grab().toImage()
    background = QColor(image.pixel(0, image.height() - 1))
    inked = [
        x
        for x in range(image.width())
        if any(QColor(image.pixel(x, y)) != background for y in range(image.height()))
    ]
    assert min(inked) > image.width() / 2


@pytest.mark.parametrize("theme", list(ThemeChoice))
def test_it_is_paler_than_the_text_and_can_be_read(
    room_with: RoomWith, appearance: Appearance, theme: ThemeChoice
) -> None:
    room = room_with(SHORT)
    appearance.choose(theme)
    room.say("and how are you this morning")
    image = room.words.grab().toImage()
    page = appearance.theme.window
    ratios = {
        contrast(QColor(image.pixel(x, y)).name(), page)
        for x in range(image.width())
        for y in range(image.height())
    }
    assert 4.5 <= max(ratios) < contrast(appearance.theme.text, page)


def test_who_goes_back_by_the_keys_is_on_the_page_then(
    room_with: RoomWith, qtbot: QtBot, announced: list[str]
) -> None:
    room = room_with(LONG)
    room.say("more and more")
    room.scroll(QAbstractSlider.SliderAction.SliderPageStepSub)
    room.view.setWindowTitle("Talk")
    room.view.add_under(QPushButton("Play", room.view))  # comes next in the order of Tab
    assert faults(room.view) == []
    room.view.activateWindow()
    room.tail.back.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(room.tail.back.hasFocus)
    qtbot.keyClick(room.tail.back, Qt.Key.Key_Space)
    assert room.is_at_end
    assert room.view.text.hasFocus()
    room.say("more and more of it")
    assert announced == []  # they would talk over whoever speaks


def test_tentative_words_are_found_by_ear_whole_and_with_who_speaks(
    room_with: RoomWith,
) -> None:
    room = room_with(replace(SHORT, speakers=PEOPLE))
    room.say("on and on it goes " * 40, THEY)
    heard = QAccessible.queryAccessibleInterface(room.words)
    assert heard is not None
    assert heard.role() is QAccessible.Role.StaticText
    assert heard.text(QAccessible.Text.Name) == room.words.text()
    assert room.words.text().startswith("They: on and on")
