"""The transcript as a person meets it: what stands there, what lights up, what a click does."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from app.core import edits
from app.core.document import Change, Document, Splice
from app.core.marks import TimesChange
from app.core.preferences import ThemeChoice
from app.core.retyping import retype
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word
from app.ui.kit.appearance import Appearance
from app.ui.transcript.view import TranscriptView
from app.ui.transcript.word_places import WordPlaces
from tests.support.colours import contrast

ANNA, BO = SpeakerId("a"), SpeakerId("b")
Show = Callable[[Transcript], TranscriptView]


def turn(
    speaker: SpeakerId | None, text: str, start_ms: int, joined: bool = False
) -> Paragraph:
    words = tuple(
        Word(one, start_ms + 200 * place, start_ms + 200 * place + 180, 0.9, is_joined=joined)
        for place, one in enumerate(text.split())
    )
    return Paragraph(words, speaker, start_ms, words[-1].end_ms)


def talk(turns: int = 3) -> Transcript:
    texts = [
        "We started with a borrowed tape recorder",
        "And did they?",
        "Nobody asked 🎤 us nicely",
    ]
    paragraphs = tuple(
        turn(ANNA if place % 2 == 0 else BO, texts[place % 3], 10_000 * place)
        for place in range(turns)
    )
    return Transcript(
        paragraphs, (Speaker(ANNA, "Anna Berg"), Speaker(BO)), duration_ms=999_999
    )


@pytest.fixture
def show(appearance: Appearance, qtbot: QtBot) -> Show:
    def make(transcript: Transcript) -> TranscriptView:
        view = TranscriptView(appearance)
        qtbot.addWidget(view)
        view.resize(760, 520)
        view.show()
        view.show_document(Document(transcript))
        qtbot.waitExposed(view)
        return view

    return make


def apply(document: Document, change: Change | None) -> None:
    assert change is not None
    document.apply(change)


def middle(view: TranscriptView, word: int) -> QPoint:
    return view.text.word_rects(word)[0].center().toPoint()


def click(qtbot: QtBot, view: TranscriptView, at: QPoint) -> None:
    qtbot.mouseClick(view.text.viewport(), Qt.MouseButton.LeftButton, pos=at)


def double_click(qtbot: QtBot, view: TranscriptView, at: QPoint) -> None:
    page = view.text.viewport()
    qtbot.mouseDClick(page, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseRelease(page, Qt.MouseButton.LeftButton, pos=at)  # as a hand does


def test_assistive_technology_reads_the_words_and_nothing_else(show: Show) -> None:
    view = show(talk())
    seen = QAccessible.queryAccessibleInterface(view.text)
    assert seen.text(QAccessible.Text.Name) == "Transcript"
    text = seen.textInterface()
    assert text.text(0, text.characterCount()).startswith("We started with a borrowed")
    assert "Anna" not in view.text.toPlainText()


def test_characters_are_told_where_they_are_seen_and_none_of_those_scrolled_away(
    show: Show, announced: list[str]
) -> None:
    assert announced == []  # somebody listens, so that places are told
    view = show(Transcript(tuple(turn(ANNA, f"Number {at}", 1_000 * at) for at in range(60))))
    seen = QAccessible.queryAccessibleInterface(view.text).textInterface()
    page, bar = view.text.viewport(), view.text.verticalScrollBar()
    corner = page.mapToGlobal(QPoint())
    in_sight: list[int] = []
    for value in (0, bar.maximum(), 3):
        bar.setValue(value)
        page.grab()
        for number in range(60):
            block = view.text.document().findBlockByNumber(number)
            told = seen.characterRect(block.position()).translated(-corner)
            cursor = view.text.textCursor()
            cursor.setPosition(block.position())
            real = view.text.cursorRect(cursor)
            if page.rect().contains(real):
                in_sight.append(number)
                assert abs(told.center().y() - real.center().y()) <= 2, number
                assert abs(told.left() - real.left()) <= 2, number
            elif not real.intersects(page.rect()):
                assert not told.intersects(page.rect()), number
    assert {0, 59} < set(in_sight)


def test_the_page_looks_the_same_while_somebody_listens_and_when_nobody_does_any_more(
    show: Show,
) -> None:
    view = show(Transcript(tuple(turn(ANNA, f"Number {at}", 1_000 * at) for at in range(60))))
    page, bar = view.text.viewport(), view.text.verticalScrollBar()
    before = [_pictured(page, bar, value) for value in (0, bar.maximum())]
    was_active = QAccessible.isActive()
    QAccessible.setActive(True)
    heard = [_pictured(page, bar, value) for value in (0, bar.maximum())]
    QAccessible.setActive(was_active)
    after = [_pictured(page, bar, value) for value in (0, bar.maximum())]
    assert heard == before
    assert after == before


def _pictured(page: QWidget, bar: QScrollBar, value: int) -> QImage:
    bar.setValue(value)
    page.grab()  # paragraphs are laid out when they are first looked at
    return page.grab().toImage()


def test_a_clicked_word_asks_to_play_a_hair_inside_it(show: Show, qtbot: QtBot) -> None:
    view = show(talk())
    asked: list[int] = []
    view.seek_requested.connect(asked.append)
    for word in (0, 3, 8, 11, 12):
        click(qtbot, view, middle(view, word))
    words = list(talk().words())
    assert [
        at - words[word].start_ms for at, word in zip(asked, (0, 3, 8, 11, 12), strict=True)
    ] == [5] * 5


def test_dragging_selects_and_does_not_seek(show: Show, qtbot: QtBot) -> None:
    view = show(talk())
    asked: list[int] = []
    view.seek_requested.connect(asked.append)
    page = view.text.viewport()
    qtbot.mousePress(page, Qt.MouseButton.LeftButton, pos=middle(view, 0))
    qtbot.mouseMove(page, middle(view, 2))
    qtbot.mouseMove(page, middle(view, 3))
    qtbot.mouseRelease(page, Qt.MouseButton.LeftButton, pos=middle(view, 3))
    assert view.text.textCursor().hasSelection()
    assert asked == []


def two_lines(show: Show, first: str = "A borrowed tape") -> TranscriptView:
    """Show a paragraph of several lines, and another below it."""
    long = turn(
        ANNA, f"{first} recorder, and then we went on and on until nobody asked " * 2, 0
    )
    return show(Transcript((long, turn(BO, "And did they?", 50_000)), (Speaker(ANNA),)))


@pytest.mark.parametrize("first", ["A borrowed tape", "שלום עולם tape", "録音 テープ tape"])
def test_click_and_double_click_mean_the_same_word_wherever_one_aims(
    show: Show, qtbot: QtBot, first: str
) -> None:
    view = two_lines(show, first)
    page, words = view.text.viewport(), view.text.places.words_of(0)
    clicked = list[int]()
    view.text.word_clicked.connect(clicked.append)
    second_line = next(word for word in words if view.text.word_rects(word)[0].top() > 60)
    line = [word for word in words if word < second_line]
    rects = [view.text.word_rects(word)[0] for word in line]
    left, right = min(one.left() for one in rects), max(one.right() for one in rects)
    for x in range(round(left) - 5, round(right) + 6, 4):
        for y in (round(rects[0].top()) - 2, round(rects[0].bottom()) + 1):
            at = QPoint(x, y)
            view.text.setTextCursor(view.text.cursorForPosition(QPoint(0, 400)))
            qtbot.mouseClick(page, Qt.MouseButton.LeftButton, pos=at)
            double_click(qtbot, view, at)
            away = [max(one.left() - x, x - one.right(), 0) for one in rects]
            assert away[line.index(clicked[-1])] == min(away), at
            assert view.text.selected_words() == range(clicked[-1], clicked[-1] + 1)
    assert len(clicked) > 60


def test_far_from_every_word_nothing_is_meant(show: Show, qtbot: QtBot) -> None:
    view = two_lines(show)
    last = view.text.places.words_of(0)[-1]
    end = view.text.word_rects(last)[0]
    middle_y = round(end.center().y())
    assert view.text.word_at_point(QPoint(round(end.right()) + 6, middle_y)) == last
    assert view.text.word_at_point(QPoint(round(end.right()) + 60, middle_y)) is None
    assert view.text.word_at_point(QPoint(2, middle_y)) is None
    assert view.text.word_at_point(QPoint(round(end.left()), 2)) is None
    assert view.text.word_at_point(QPoint(round(end.left()), 470)) is None


@pytest.mark.parametrize(("start", "end"), [(1, 3), (3, 1), (2, 2)])
def test_a_drag_selects_the_words_it_begins_and_ends_with_whole(
    show: Show, qtbot: QtBot, start: int, end: int
) -> None:
    view = two_lines(show)
    page = view.text.viewport()
    first, last = view.text.word_rects(start)[0], view.text.word_rects(end)[0]
    down = QPoint(round(first.right()) + 1, round(first.center().y()))  # the space behind it
    up = QPoint(round(last.left()) - 1, round(last.center().y()))  # the space before it
    qtbot.mousePress(page, Qt.MouseButton.LeftButton, pos=down)
    qtbot.mouseMove(page, (down + up) / 2)
    qtbot.mouseMove(page, up)
    qtbot.mouseRelease(page, Qt.MouseButton.LeftButton, pos=up)
    words = view.document.transcript.paragraphs[0].words
    chosen = words[min(start, end) : max(start, end) + 1]
    assert view.text.textCursor().selectedText() == " ".join(one.text for one in chosen)


@pytest.mark.parametrize("family", ["", "Inter", "URW Gothic", "DejaVu Serif"])
def test_a_line_holds_about_as_many_characters_as_were_asked_for_in_any_font(
    appearance: Appearance, show: Show, family: str
) -> None:
    appearance.change(reading_family=family, line_chars=68)
    said = "It was the best of times, it was the worst of times, and we had it all before us. "
    view = show(Transcript((turn(ANNA, said * 6, 0),)))
    view.resize(1600, 700)
    block = view.text.document().firstBlock()
    line = block.layout().lineAt(1)
    assert 58 <= line.textLength() <= 76


def put_caret(view: TranscriptView, before: str) -> None:
    cursor = view.text.textCursor()
    cursor.setPosition(view.text.toPlainText().index(before))
    view.text.setTextCursor(cursor)


def test_where_nothing_was_typed_space_and_return_are_left_to_the_player_if_one_likes(
    show: Show, qtbot: QtBot
) -> None:
    view = show(talk())
    typed, asked = list[object](), list[int]()
    view.typed.connect(typed.append)
    view.play_requested.connect(asked.append)
    view.text.is_read_first = True
    put_caret(view, "rrowed")
    qtbot.keyClick(view.text, Qt.Key.Key_Space)
    qtbot.keyClick(view.text, Qt.Key.Key_Return)
    assert asked == [4 * 200 + 5]
    assert typed == []
    qtbot.keyClick(view.text, Qt.Key.Key_X)
    qtbot.keyClick(view.text, Qt.Key.Key_Space)
    assert len(typed) == 2
    put_caret(view, "tape")
    qtbot.keyClick(view.text, Qt.Key.Key_Space)
    assert len(typed) == 2
    view.text.is_read_first = False
    qtbot.keyClick(view.text, Qt.Key.Key_Space)
    qtbot.keyClick(view.text, Qt.Key.Key_Return)
    assert len(typed) == 4
    assert len(asked) == 1


def test_a_click_puts_the_caret_there_and_the_sound_only_if_one_likes(
    show: Show, qtbot: QtBot
) -> None:
    view = show(talk())
    sought, played = list[int](), list[int]()
    view.seek_requested.connect(sought.append)
    view.play_requested.connect(played.append)
    click(qtbot, view, middle(view, 3))
    assert view.text.caret_word() == 3
    view.does_click_seek = False
    click(qtbot, view, middle(view, 5))
    assert view.text.caret_word() == 5
    assert sought == [3 * 200 + 5]
    page = view.text.viewport()
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.mouseClick(page, Qt.MouseButton.LeftButton, control, pos=middle(view, 4))
    assert view.text.caret_word() == 4
    assert played == [4 * 200 + 5]


def test_following_keeps_focus_and_caret_where_they_are(show: Show, qtbot: QtBot) -> None:
    view = show(talk(300))
    field = QLineEdit(view)
    field.show()
    view.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    caret = view.text.textCursor().position()
    view.show_playing(True)
    last = len(view.text.places) - 1
    view.show_spoken(last)
    assert view.text.is_in_view(last)
    assert view.text.textCursor().position() == caret
    assert field.hasFocus()


def test_following_yields_to_the_reader_and_comes_back_by_a_button(
    show: Show, qtbot: QtBot
) -> None:
    view = show(talk(300))
    view.show_playing(True)
    view.show_spoken(0)
    back = next(one for one in view.findChildren(QPushButton) if "Back to" in one.text())
    assert not back.isVisible()
    qtbot.keyClick(view.text, Qt.Key.Key_PageDown)
    assert back.isVisible()
    top = view.text.verticalScrollBar().value()
    view.show_spoken(1)
    assert view.text.verticalScrollBar().value() == top
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    assert view.text.is_in_view(1)
    assert not back.isVisible()


def test_the_lit_word_never_leaves_the_comfortable_band(show: Show) -> None:
    view = show(talk(120))
    view.show_playing(True)
    height = view.text.viewport().height()
    for word in range(len(view.text.places)):
        view.show_spoken(word)
        assert view.text.is_in_view(word)
        assert view.text.word_rects(word)[0].bottom() < height * 0.8


def test_only_the_changed_places_are_painted(show: Show, qtbot: QtBot) -> None:
    view = show(talk(60))
    view.show_spoken(0)
    view.text.viewport().repaint()
    painted: list[int] = []
    original = view.text.paintEvent

    def watch(event) -> None:
        painted.append(event.rect().width() * event.rect().height())
        original(event)

    view.text.paintEvent = watch  # type: ignore[method-assign]
    for word in (1, 2, 3, 4):  # the first may still share a paint with the opening
        painted.clear()
        view.show_spoken(word)
        qtbot.waitUntil(lambda: bool(painted))
    page = view.text.viewport()
    assert max(painted) < page.width() * page.height() / 10


def test_a_double_click_and_typing_write_over_a_word(show: Show, qtbot: QtBot) -> None:
    view = show(talk())
    document = view.document
    view.typed.connect(lambda typed: apply(document, retype(document.transcript, typed)))
    double_click(qtbot, view, middle(view, 4))
    qtbot.keyClicks(view.text, "brand")
    assert "with a brand tape" in view.text.toPlainText()
    while document.can_undo:
        document.undo()
    assert "with a borrowed tape" in view.text.toPlainText()


@pytest.mark.parametrize(
    ("texts", "aimed_at", "selected"),
    [
        (("An", "ill-", "sposed", "plan"), 2, "ill-sposed"),
        (("An", "ill-", "sposed", "plan"), 1, "ill-sposed"),
        (("Rock", "🎤-", "and", "-roll", "now"), 2, "🎤-and-roll"),
        (("An", "ill-", "sposed", "plan"), 3, "plan"),
        (("今日", "は", "雨"), 1, "は"),  # written without spaces: each for itself
    ],
)
def test_a_double_click_selects_what_stands_between_two_spaces(
    show: Show, qtbot: QtBot, texts: tuple[str, ...], aimed_at: int, selected: str
) -> None:
    is_unspaced = not selected.isascii() and "-" not in selected
    words = tuple(
        Word(
            text,
            200 * place,
            200 * place + 180,
            0.9,
            is_joined=place > 0
            and (is_unspaced or texts[place - 1].endswith("-") or text.startswith("-")),
        )
        for place, text in enumerate(texts)
    )
    view = show(Transcript((Paragraph(words, ANNA, 0, 2_000),), (Speaker(ANNA, "Anna"),)))
    double_click(qtbot, view, middle(view, aimed_at))
    assert view.text.textCursor().selectedText() == selected


def test_a_click_on_a_name_asks_who_speaks(show: Show, qtbot: QtBot) -> None:
    view = show(talk())
    asked: list[int] = []
    view.speaker_requested.connect(asked.append)
    click(qtbot, view, view.text.name_rect(1).center())
    assert asked == [1]


def test_a_name_is_changed_everywhere(show: Show, qtbot: QtBot) -> None:
    view = show(talk())
    document = view.document
    view.rename_requested.connect(
        lambda who, name: apply(
            document, edits.rename_speaker(document.transcript, SpeakerId(who), name)
        )
    )
    view.rename_speaker_of(1)
    field = next(one for one in view.findChildren(QLineEdit) if one.isVisible())
    assert field.text() == "Speaker 2"
    field.setText("Bo")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert view.text.label_of(1) == "Bo"


def test_find_counts_every_hit_and_goes_round(show: Show, qtbot: QtBot) -> None:
    view = show(talk(9))
    told: list[TimesChange] = []
    view.hits_changed.connect(told.append)
    view.open_find()
    field = next(one for one in view.findChildren(QLineEdit) if one.isVisible())
    qtbot.keyClicks(field, "NICELY")
    assert told[-1] == TimesChange((20_800, 50_800, 80_800))
    caret = view.text.toPlainText().index("nicely") + 1  # 🎤 is two places long for Qt
    assert view.text.textCursor().position() == caret
    for _ in range(3):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert view.text.textCursor().position() == caret


def test_copy_with_times_names_who_speaks(show: Show) -> None:
    view = show(talk())
    view.copy(with_times=True)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0] == "[0:00] Anna Berg: We started with a borrowed tape recorder"
    assert lines[1] == "[0:10] Speaker 2: And did they?"


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("بدأنا بلا شيء Wordlight مستعار", False),
        ("今日 は いい 天気 です ね", True),
        ("n\u0303andu\u0301 👩‍👩‍👧 cafe\u0301 🇸🇪", False),
    ],
)
def test_words_of_every_script_are_lit_whole_and_alone(
    show: Show, qtbot: QtBot, text: str, joined: bool
) -> None:
    view = show(Transcript((turn(None, text, 0, joined),)))
    boxes = [view.text.word_rects(word) for word in range(len(text.split()))]
    assert all(len(box) == 1 and box[0].width() > 4 for box in boxes)
    for place, (box,) in enumerate(boxes):
        for (other,) in boxes[place + 1 :]:
            assert box.adjusted(1, 0, -1, 0).intersected(other).width() <= 1
        with qtbot.waitSignal(view.seek_requested) as asked:
            click(qtbot, view, box.center().toPoint())
        assert asked.args == [place * 200 + 5]


def test_an_empty_transcript_and_one_without_word_times_are_shown(show: Show) -> None:
    view = show(Transcript(()))
    assert view.text.toPlainText() == ""
    view.show_spoken(None)
    view = show(Transcript((Paragraph((), None, 0, 100),)))
    assert view.text.caret_word() is None


@pytest.mark.parametrize(
    "look", [ThemeChoice.LIGHT, ThemeChoice.DARK, ThemeChoice.HIGH_CONTRAST]
)
def test_text_on_the_lit_word_is_readable(appearance: Appearance, look: ThemeChoice) -> None:
    appearance.choose(look)
    theme = appearance.theme
    assert contrast(theme.text, theme.highlight) >= 4.5
    assert contrast(theme.text, theme.found) >= 4.5


texts = st.text("ab é😀字\n", min_size=1, max_size=4).map(lambda text: text.strip() or "x")
segments_of = st.lists(
    st.lists(texts, max_size=4).map(
        lambda words: Paragraph(tuple(Word(one, 0, 1) for one in words), None, 0, 1)
    ),
    max_size=5,
)


@given(segments_of, segments_of, st.data())
def test_word_places_follow_any_replacement(before, after, data) -> None:
    places = WordPlaces()
    places.replace((Splice(0, (), tuple(before)),))
    bounds = sorted(data.draw(st.lists(st.integers(0, len(before)), min_size=2, max_size=6)))
    splices: list[Splice] = []
    whole: list[Paragraph] = []
    done = 0
    for first, end in zip(bounds[::2], bounds[1::2], strict=False):
        splices.append(Splice(first, tuple(before[first:end]), tuple(after)))
        whole += before[done:first] + after
        done = end
    whole += before[done:]
    places.replace(splices)
    fresh = WordPlaces()
    (shown,) = fresh.replace((Splice(0, (), tuple(whole)),))
    assert places.texts == shown
    assert len(places) == len(fresh)
    for word in range(len(fresh)):
        paragraph = fresh.paragraph_of(word)
        assert (places.paragraph_of(word), places.span(word)) == (paragraph, fresh.span(word))
        start, end = fresh.span(word)
        utf16 = shown[paragraph].encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")
        place = word - fresh.words_of(paragraph).start
        assert utf16 == whole[paragraph].words[place].text.replace("\n", " ")
        assert places.word_at(paragraph, start) == word


def test_the_text_follows_any_edits_and_undos(show: Show) -> None:
    rnd = random.Random(7)
    view = show(talk(12))
    document = view.document
    for _ in range(80):
        now = document.transcript
        paragraph = rnd.randrange(len(now.paragraphs))
        size = len(now.paragraphs[paragraph].words)
        change = rnd.choice(
            [
                edits.correct_words(now, paragraph, rnd.randrange(size), 1, "new 😀 words"),
                edits.correct_words(now, paragraph, 0, min(2, size), "one"),
                edits.assign_speaker(now, paragraph, rnd.choice([ANNA, BO])),
            ]
        )
        if change is not None:
            document.apply(change)
        if rnd.random() < 0.3:
            document.undo()
        assert view.text.toPlainText() == document.transcript.text


def doubtful() -> Transcript:
    words = tuple(
        Word(text, 300 * place, 300 * place + 250, 0.3 if text.startswith("?") else 0.95)
        for place, text in enumerate(["one", "?two", "three", "?four", "five", "?six"])
    )
    return Transcript((Paragraph(words, None, 0, 1_750),), duration_ms=2_000)


def test_uncertain_words_are_marked_only_when_asked_for(show: Show) -> None:
    view = show(doubtful())
    marked: list[TimesChange] = []
    view.low_confidence_changed.connect(marked.append)
    assert not view.step_low_confidence(1)
    view.set_confidence_threshold(0.6)
    assert marked == [TimesChange((300, 900, 1_500))]
    view.set_confidence_threshold(None)
    assert marked[-1] == TimesChange(())


def test_uncertain_words_are_gone_through_round_the_end(show: Show) -> None:
    view = show(doubtful())
    view.set_confidence_threshold(0.6)
    seen: list[str] = []
    for _ in range(4):
        assert view.step_low_confidence(1)
        seen.append(view.text.textCursor().selectedText())
    assert seen == ["?two", "?four", "?six", "?two"]
    assert view.step_low_confidence(-1)
    assert view.text.textCursor().selectedText() == "?six"


def test_the_name_is_told_when_the_caret_enters_a_turn(show: Show, qtbot: QtBot) -> None:
    view = show(talk())
    told: list[str] = []
    view.text.turn_entered.connect(told.append)
    qtbot.keyClick(view.text, Qt.Key.Key_Right)
    assert told == []
    qtbot.keyClick(view.text, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view.text, Qt.Key.Key_Up)
    assert told[0] == "Anna Berg"
    assert told[-1] == "Speaker 2"


def test_what_is_selected_can_be_looped(show: Show) -> None:
    view = show(doubtful())
    assert view.selected_times() is None
    view.text.select_word(2)
    assert view.selected_times() == (600, 850)


def marks_beside(view: TranscriptView) -> list[int]:
    """Give how wide each mark beside the text is, from left to right."""
    image = view.text.viewport().grab().toImage()
    ground = image.pixel(0, image.height() - 1)
    widths, is_mark = list[int](), False
    for x in range(round(view.text.word_rects(0)[0].left()) - 12):
        was_mark, is_mark = (
            is_mark,
            any(image.pixel(x, y) != ground for y in range(image.height())),
        )
        if is_mark:
            widths = [*widths[:-1], widths[-1] + 1] if was_mark else [*widths, 1]
    return widths


def test_three_marks_beside_a_paragraph_are_seen_whole(show: Show) -> None:
    said = turn(None, "Nobody asked us nicely", 0)
    view = show(Transcript((said,)))

    def marks(**changes: object) -> list[int]:
        view.show_document(Document(Transcript((replace(said, **changes),))))
        return marks_beside(view)

    alone = [
        *marks(note="Ask again."),
        *marks(is_highlighted=True),
        *marks(is_approved=True),
    ]
    assert len(alone) == 3
    assert marks(is_approved=True, is_highlighted=True, note="Ask again.") == alone


def test_a_note_is_written_below_its_paragraph_and_as_wide(show: Show) -> None:
    view = show(talk())
    view.note()
    field = next(one for one in view.findChildren(QLineEdit) if one.isVisible())
    place = field.geometry().translated(-view.text.viewport().pos())
    rects = [view.text.word_rects(word)[0].toAlignedRect() for word in range(7)]
    assert not any(place.intersects(rect) for rect in rects)
    assert place.left() < rects[0].left()
    assert place.width() > view.text.viewport().width() / 2


def test_a_note_on_the_last_paragraph_of_the_page_finds_room(show: Show) -> None:
    view = show(talk(30))
    page = view.text.viewport()
    low = view.text.paragraph_at_point(QPoint(100, page.height() - 2))
    assert low is not None
    cursor = view.text.textCursor()
    cursor.setPosition(view.text.document().findBlockByNumber(low).position())
    view.text.setTextCursor(cursor)
    view.text.verticalScrollBar().setValue(0)
    view.note()
    field = next(one for one in view.findChildren(QLineEdit) if one.isVisible())
    place = field.geometry().translated(-page.pos())
    assert view.text.paragraph_rect(low).bottom() < place.top()
    assert page.rect().bottom() >= place.bottom()


def test_the_way_back_stands_over_the_text_and_over_nothing_else(
    show: Show, qtbot: QtBot
) -> None:
    view = show(talk(60))
    under = QLabel("Something that is said")
    under.setFixedHeight(60)
    view.add_under(under)
    view.show_playing(playing=True)
    view.follow()
    view.show_words(range(2))
    (back,) = [
        one for one in view.findChildren(QPushButton) if one.text().startswith("Back to")
    ]
    qtbot.waitUntil(back.isVisible)
    qtbot.waitUntil(lambda: back.geometry().bottom() < under.geometry().top())
    under.hide()
    qtbot.waitUntil(lambda: back.geometry().bottom() > view.height() - 60)
