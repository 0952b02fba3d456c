"""Times put right on the page: by the pointer, by keys, from the sheet; each one step."""

from __future__ import annotations

from array import array

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton
from pytestqt.qtbot import QtBot

from app.core.document import Change, Document
from app.core.edits import take_over
from app.core.peaks import STEPS_MS, Level, Peaks
from app.core.retiming import Edge
from app.core.transcript import Transcript
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.letters import text_of
from app.ui.stage import Page
from app.ui.tasks import Tasks
from app.ui.transcript.chosen import selected_range
from app.ui.transcript.retiming import RetimingController, ShiftSheet
from app.ui.transcript.view import TranscriptView
from app.ui.transcript.word_strip import StripWord, WordStrip
from app.ui.wording import seconds
from tests.support.builders import transcript
from tests.support.languages import spoken

TALK = transcript(("A", "one two three"), ("B", "four five"), ("A", "six"))


class Middle:
    page = Page.TRANSCRIPT

    def __init__(self, parent: TranscriptView) -> None:
        self.dialog_parent = parent
        self.said: list[str] = []

    def say(self, text: str, **_more: object) -> None:
        self.said.append(text)


class Opened:
    """An open transcript that is kept nowhere."""

    def __init__(self) -> None:
        self.document = Document(TALK)

    def apply(self, change: Change | None) -> None:
        if change is not None:
            self.document.apply(change)

    def end_typing(self) -> None:
        pass


class Desk:
    def __init__(self, appearance: Appearance, qtbot: QtBot) -> None:
        self.view = TranscriptView(appearance)
        self.actions = Actions(appearance)
        self.opened = Opened()
        self.stage = Middle(self.view)
        self.made = RetimingController(
            stage=self.stage,  # type: ignore[arg-type]
            actions=self.actions,
            appearance=appearance,
            view=self.view,
            tasks=Tasks(lambda _name, _error: None),
            on_page=lambda: self.opened,  # type: ignore[arg-type, return-value]
        )
        self.view.add_under(self.made.panel)
        qtbot.addWidget(self.view)
        self.view.resize(900, 600)
        self.view.show_document(self.opened.document)
        self.view.show()
        self.made.follow()
        self.actions[ActionId.RETIME].trigger()
        self.strip = self.made.panel.strip
        self.view.select_word(1)

    def x_of(self, ms: int) -> int:
        begin, end = self.strip.shown_ms
        return round((ms - begin) / (end - begin) * self.strip.width())

    def drag(self, from_ms: int, to_ms: int, keys: Qt.KeyboardModifier | None = None) -> None:
        keys = keys or Qt.KeyboardModifier.NoModifier
        start, end = QPoint(self.x_of(from_ms), 60), QPoint(self.x_of(to_ms), 60)
        QTest.mousePress(self.strip, Qt.MouseButton.LeftButton, keys, start)
        for share in (0.3, 0.7, 1.0):
            at = start + (end - start) * share
            QTest.mouseMove(self.strip, at)
        QTest.mouseRelease(self.strip, Qt.MouseButton.LeftButton, keys, end)

    @property
    def times(self) -> list[tuple[int, int]]:
        return [(one.start_ms, one.end_ms) for one in self.opened.document.transcript.words()]


@pytest.fixture
def desk(appearance: Appearance, qtbot: QtBot) -> Desk:
    return Desk(appearance, qtbot)


def test_a_drag_of_an_edge_is_one_step(desk: Desk) -> None:
    desk.drag(500, 300)
    (start, end), (other, _) = desk.times[0], desk.times[1]
    assert end == other == pytest.approx(300, abs=8)
    assert start == 0
    assert desk.opened.document.history == ("Move a word's edge",)
    desk.opened.document.undo()
    assert desk.opened.document.transcript == TALK


def test_an_edge_stops_where_its_neighbour_has_hardly_any_length_left(desk: Desk) -> None:
    desk.drag(1_000, 2_900)
    assert desk.times[1:3] == [(500, 1_480), (1_480, 1_500)]


def test_with_alt_an_edge_is_parted_from_its_neighbour(desk: Desk) -> None:
    desk.drag(500, 700, Qt.KeyboardModifier.AltModifier)
    assert desk.times[0] == (0, 500)
    assert desk.times[1][0] == pytest.approx(700, abs=8)


def test_escape_lets_go_of_a_drag(desk: Desk) -> None:
    start = QPoint(desk.x_of(500), 60)
    QTest.mousePress(desk.strip, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(desk.strip, start + QPoint(40, 0))
    QTest.keyClick(desk.strip, Qt.Key.Key_Escape)
    QTest.mouseRelease(desk.strip, Qt.MouseButton.LeftButton, pos=start)
    assert desk.opened.document.transcript == TALK


@pytest.mark.parametrize(
    ("action_id", "expected"),
    [
        (ActionId.START_EARLIER, (490, 1_000)),
        (ActionId.START_LATER, (510, 1_000)),
        (ActionId.START_MUCH_EARLIER, (450, 1_000)),
        (ActionId.END_MUCH_LATER, (500, 1_050)),
        (ActionId.END_EARLIER, (500, 990)),
    ],
)
def test_keys_nudge_the_word_of_the_caret(
    desk: Desk, action_id: ActionId, expected: tuple[int, int]
) -> None:
    desk.actions[action_id].trigger()
    assert desk.times[1] == expected
    assert len(desk.opened.document.history) == 1


def test_the_strip_has_keys_of_its_own(desk: Desk) -> None:
    desk.strip.setFocus()
    QTest.keyClick(desk.strip, Qt.Key.Key_Left)
    assert desk.times[1] == (490, 1_000)
    QTest.keyClick(desk.strip, Qt.Key.Key_Down)
    assert desk.strip.edge is Edge.END
    assert desk.strip.accessibleDescription() == "two, end"
    QTest.keyClick(desk.strip, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert desk.times[1] == (490, 1_050)
    QTest.keyClick(desk.strip, Qt.Key.Key_PageDown)
    assert desk.strip.accessibleDescription() == "three, end"


def test_a_word_that_goes_while_it_is_shown_is_let_go_of(desk: Desk) -> None:
    desk.view.select_word(5)
    desk.opened.apply(take_over(TALK, Transcript((), TALK.speakers), "Empty"))
    desk.actions[ActionId.START_LATER].trigger()
    assert desk.times == []


def test_the_selection_reaches_over_paragraphs(desk: Desk) -> None:
    text = desk.view.text
    cursor = text.textCursor()
    cursor.setPosition(text.toPlainText().index("two"))
    cursor.setPosition(text.toPlainText().index("five"), cursor.MoveMode.KeepAnchor)
    text.setTextCursor(cursor)
    assert selected_range(text) == range(1, 4)


def test_the_sheet_says_how_far_words_can_go(appearance: Appearance, qtbot: QtBot) -> None:
    sheet = ShiftSheet(appearance, TALK, range(0), 2)
    qtbot.addWidget(sheet)
    names = [text_of(button) for button in sheet.findChildren(QRadioButton)]
    assert names == ["From the cursor to the end", "Everything"]
    assert sheet.shift_button.is_refused
    sheet.by.setValue(-2)
    with qtbot.waitSignal(sheet.wanted) as wanted:
        sheet.shift_button.click()
    assert wanted.args == [range(2, 6), -2_000]


async def test_snapping_needs_the_sound(desk: Desk) -> None:
    desk.actions[ActionId.SNAP_TIMES].trigger()
    assert desk.stage.said == ["The recording is needed to find speech, and it is not here."]


def test_the_strip_is_drawn_with_and_without_sound(desk: Desk) -> None:
    pairs = array("h", [-9_000, 9_000] * 400)
    levels = tuple(Level(step, pairs) for step in STEPS_MS)
    before = desk.strip.grab().toImage()
    desk.made.show_sound(Peaks(4_000, levels))
    assert desk.strip.grab().toImage() != before


def test_times_of_a_word_have_the_digits_of_the_window(qapp: QApplication) -> None:
    with spoken(qapp, "ar"):
        assert seconds(400, 3) == "٠٫٤٠٠ ث"
    assert seconds(400, 3) == "0.400 s"


def test_a_word_on_the_strip_reads_as_it_is_spoken_where_one_reads_from_the_right(
    qapp: QApplication, appearance: Appearance, qtbot: QtBot
) -> None:
    pictures = []
    for language in ("en", "ar"):
        with spoken(qapp, language):
            strip = WordStrip(appearance)
            qtbot.addWidget(strip)
            strip.resize(400, 100)
            strip.show_words(
                (StripWord(0, "Um,", 0, 900, -1),), None, lambda _at, _edge, _parts: (0, 0)
            )
            pictures.append(strip.grab().toImage())
    assert pictures[0] == pictures[1]
