"""What a word is can be seen: by contrast in every theme, and by its form without colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QTextCharFormat, QTextLayout
from pytestqt.qtbot import QtBot

from app.core.document import Document
from app.core.transcript import Marker, MarkerId, MarkerKind
from app.ui.kit.appearance import Appearance
from app.ui.kit.themes import LIGHT, Theme
from app.ui.transcript import word_looks
from app.ui.transcript.view import TranscriptView
from tests.support.builders import transcript
from tests.support.colours import THEMES, contrast

BOX = QRectF(10, 10, 60, 24)
Paint = Callable[[QPainter, Theme], None]


def selected(painter: QPainter, theme: Theme) -> None:
    painter.fillRect(BOX, QColor(theme.selection))
    word_looks.paint_selected(painter, theme, BOX)


def with_format(looks: QTextCharFormat) -> Paint:
    def paint(painter: QPainter, _theme: Theme) -> None:
        one = QTextLayout.FormatRange()
        one.start, one.length, one.format = 0, 4, looks
        layout = QTextLayout("word")
        layout.setFormats([one])
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        layout.draw(painter, BOX.topLeft())

    return paint


FORMS: dict[str, Callable[[Theme], Paint]] = {
    "spoken": lambda _: lambda p, t: word_looks.paint_spoken(p, t, BOX),
    "selected": lambda _: selected,
    "found": lambda _: lambda p, t: word_looks.paint_hit(p, t, BOX, is_current=False),
    "looked at": lambda _: lambda p, t: word_looks.paint_hit(p, t, BOX, is_current=True),
    "in doubt": lambda t: with_format(word_looks.doubtful_format(t)),
    "struck": lambda t: with_format(word_looks.struck_format(t, is_hidden=False)),
    "plain": lambda _: with_format(QTextCharFormat()),
    "highlighted": lambda _: lambda p, t: word_looks.paint_highlight(p, t, BOX),
    "noted": lambda _: lambda p, t: word_looks.paint_note(p, t, BOX),
    "bookmarked": lambda _: lambda p, t: word_looks.paint_bookmark(p, t, BOX, is_rtl=False),
}


def drawn(name: str, theme: Theme) -> QImage:
    picture = QImage(90, 50, QImage.Format.Format_RGB32)
    picture.fill(QColor(theme.window))
    painter = QPainter(picture)
    painter.setPen(QColor(theme.text))
    FORMS[name](theme)(painter, theme)
    painter.end()
    return picture


def strongest(picture: QImage, theme: Theme) -> float:
    return max(
        contrast(picture.pixelColor(x, y).name(), theme.window)
        for x in range(picture.width())
        for y in range(picture.height())
    )


@pytest.mark.parametrize("theme", THEMES, ids=lambda one: one.name)
@pytest.mark.parametrize(
    "name", ["spoken", "selected", "found", "looked at", "noted", "bookmarked"]
)
@pytest.mark.usefixtures("qapp")
def test_it_stands_out_from_the_page_by_three_to_one(theme: Theme, name: str) -> None:
    assert strongest(drawn(name, theme), theme) >= 3


@pytest.mark.parametrize("theme", THEMES, ids=lambda one: one.name)
def test_lines_stand_out_from_page_and_wash(theme: Theme) -> None:
    for line, ground in (
        (theme.accent, theme.window),
        (theme.accent, theme.highlight),
        (theme.found_line, theme.window),
        (theme.found_line, theme.found),
        (theme.bad, theme.window),
        (theme.muted, theme.window),
    ):
        assert contrast(line, ground) >= 3


@pytest.mark.usefixtures("qapp")
def test_every_form_differs_without_its_colour() -> None:
    grey = replace(  # every wash alike, every line alike
        LIGHT,
        **dict.fromkeys(("highlight", "found", "selection"), "#dddddd"),
        **dict.fromkeys(("accent", "found_line", "text", "muted", "bad", "good"), "#222222"),
    )
    pictures = {name: drawn(name, grey) for name in FORMS}
    for one, other in combinations(FORMS, 2):
        assert pictures[one] != pictures[other], f"{one} looks like {other}"


@pytest.mark.parametrize("theme", THEMES, ids=lambda one: one.name)
def test_unheard_words_are_paler_and_can_still_be_read(theme: Theme) -> None:
    veil = word_looks.veil(theme)
    share = veil.alphaF()
    text = QColor(theme.text)
    paler = QColor.fromRgbF(
        *(
            of_text * (1 - share) + of_veil * share
            for of_text, of_veil in zip(
                text.getRgbF()[:3],  # pyright: ignore[reportIndexIssue]
                veil.getRgbF()[:3],  # pyright: ignore[reportIndexIssue]
                strict=True,
            )
        )
    )
    left = contrast(paler.name(), theme.window)
    assert 4.5 <= left < 0.8 * contrast(theme.text, theme.window)


def test_the_page_pales_what_nobody_heard_and_not_the_rest(
    qtbot: QtBot, appearance: Appearance
) -> None:
    view = TranscriptView(appearance)
    qtbot.addWidget(view)
    view.resize(700, 300)
    view.show_document(Document(transcript(("A", "we shall bear any burden"))))
    view.show()

    def darkest(word: int) -> float:
        picture = view.text.viewport().grab().toImage()
        (rect,) = (one.toAlignedRect() for one in view.text.word_rects(word))
        part = picture.copy(rect)
        return strongest(part, appearance.theme)

    plain = darkest(0)
    view.text.set_unheard_paler(True)
    assert darkest(0) < plain
    view.text.set_heard(((0, 500),))
    assert darkest(0) == plain
    assert darkest(2) < plain


def test_a_hidden_word_takes_no_room_and_comes_back(
    appearance: Appearance, qtbot: QtBot
) -> None:
    view = TranscriptView(appearance)
    qtbot.addWidget(view)
    view.resize(700, 300)
    plain = transcript(("A", "we umm shall"))
    words = plain.paragraphs[0].words
    struck = (words[0], words[1].reviewed(is_struck=True), words[2])
    paragraph = replace(plain.paragraphs[0], words=struck)
    view.show_document(Document(replace(plain, paragraphs=(paragraph,))))
    view.show()
    wide = view.text.word_rects(1)[0].width()
    assert wide > 20
    view.text.set_struck_hidden(True)
    assert view.text.word_rects(1)[0].width() < 5
    before, behind = view.text.word_rects(0)[0], view.text.word_rects(2)[0]
    assert 2 < behind.left() - before.right() < 12
    assert view.text.toPlainText() == "we umm shall"
    view.text.set_struck_hidden(False)
    assert view.text.word_rects(1)[0].width() == wide


def test_markers_are_seen_on_their_words_alone(appearance: Appearance, qtbot: QtBot) -> None:
    view = TranscriptView(appearance)
    qtbot.addWidget(view)
    view.resize(700, 300)
    plain = transcript(("A", "we shall bear any burden"))
    view.show_document(Document(plain))
    view.show()
    before = view.text.viewport().grab().toImage()
    marker = Marker(MarkerId("1"), MarkerKind.HIGHLIGHT)
    words = tuple(
        word.reviewed(markers=(marker,)) if 1 <= at < 3 else word
        for at, word in enumerate(plain.paragraphs[0].words)
    )
    paragraph = replace(plain.paragraphs[0], words=words)
    view.show_document(Document(replace(plain, paragraphs=(paragraph,))))
    after = view.text.viewport().grab().toImage()
    changed = [
        before.copy(rect) != after.copy(rect)
        for rect in (view.text.word_rects(word)[0].toAlignedRect() for word in range(5))
    ]
    assert changed == [False, True, True, False, False]
