"""Nothing is cut, at any size of window or screen, with large text, in a long language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.system.resources import resource_path
from app.system.translations import languages, read_entries
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Switch
from app.ui.kit.sheet import Sheet
from app.ui.kit.tall import Tall
from app.ui.kit.tokens import HIT_SIZE
from app.ui.queue.empty import EmptyView
from app.ui.queue.model import JobModel
from app.ui.settings.controller import text_scale
from app.ui.stage import Page
from tests.support.fit import (
    cut_choices,
    cut_examples,
    cut_texts,
    loose,
    scrolled_twice,
    settle,
    sideways,
)
from tests.support.furnished import FurnishedWindow
from tests.support.languages import PSEUDO, spoken
from tests.ui.jobs import NOW_MS, every_state
from tests.ui.showroom import DIALOGS, Make, pages_of

SIZES = ((640, 440), (900, 600), (1366, 768))
SCREENS = ((455, 256), (683, 384), *SIZES)
"""A screen of 1366 × 768 at the factors 3, 2 and 1 is as large as this, and others."""
POINTS = (0, 24)
AS_WIDE_AS_THE_SCREEN = {"export", "settings"}
"""With large text they find no room to grow on the screen of the tests."""


def longest_language() -> str:
    """Give the language of the window that takes most room for the same."""

    def length(code: str) -> int:
        content = resource_path("translations", f"{code}.po").read_text("utf-8")
        return sum(len(entry.forms[0]) for entry in read_entries(content) if entry.text)

    return max(languages(), key=length)


def language_of_long_words() -> str:
    """Give the language of the window that has the longest words on average."""

    def length(code: str) -> float:
        content = resource_path("translations", f"{code}.po").read_text("utf-8")
        words = " ".join(one.forms[0] for one in read_entries(content) if one.text).split()
        return sum(map(len, words)) / len(words)

    return max(languages(), key=length)


@pytest.fixture(params=["English", "longest", PSEUDO])
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    code = {"English": "en", "longest": longest_language()}.get(request.param, PSEUDO)
    with spoken(qapp, code):
        yield code


@pytest.fixture(params=POINTS)
def points(request: pytest.FixtureRequest, appearance: Appearance) -> Iterator[int]:
    appearance.set_text_scale(text_scale(request.param))
    yield request.param
    appearance.set_text_scale(1.0)


@pytest.mark.parametrize("page", [Page.EMPTY, Page.JOB, Page.TRANSCRIPT, Page.LIBRARY])
def test_nothing_of_the_window_is_cut(
    appearance: Appearance, qtbot: QtBot, language: str, page: Page, points: int
) -> None:
    model = JobModel(now_ms=lambda: NOW_MS)
    window = FurnishedWindow(appearance, Actions(appearance), model)
    qtbot.addWidget(window, before_close_func=lambda one: one.close_for_good())
    model.show_jobs(every_state())
    window.empty.show_recent([("t", "Interview with Anna about bridges", "1 h 20 min")])
    window.show_job(next(one for one in every_state() if one.failure is not None))
    window.turn_to(page)
    window.show()
    qtbot.waitExposed(window)
    for size in SIZES:
        window.resize(*size)
        QApplication.sendPostedEvents()
        settle()
        assert cut_texts(window) == [], size


@pytest.mark.slow
@pytest.mark.timeout(90)
def test_nothing_of_a_dialog_is_cut(
    appearance: Appearance, qtbot: QtBot, language: str, points: int
) -> None:
    actions = Actions(appearance)
    found: list[str] = []
    # One that is closed must not be collected while the next one comes up.
    kept: list[QWidget] = []
    for name, make in DIALOGS.items():
        dialog = make(appearance, actions)
        kept.append(dialog)
        qtbot.addWidget(dialog)
        if isinstance(dialog, Sheet):
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        dialog.show()
        qtbot.waitExposed(dialog)
        for size in SCREENS:
            _shrink(dialog, QSize(*size))
            found += [f"{name} {size}: {one}" for one in _cut_on_any_page(dialog)]
            if language != PSEUDO and not points:
                found += [f"{name} {size}: {one}" for one in _sideways_on_any_page(dialog)]
        dialog.close()
    assert "\n".join(found) == ""


@pytest.mark.parametrize("code", sorted({longest_language(), language_of_long_words()}))
def test_no_dialog_scrolls_sideways_in_a_small_window_with_large_text(
    appearance: Appearance, qtbot: QtBot, qapp: QApplication, code: str
) -> None:
    appearance.set_text_scale(text_scale(max(POINTS)))
    actions = Actions(appearance)
    found: list[str] = []
    kept: list[QWidget] = []
    with spoken(qapp, code):
        for name, make in DIALOGS.items():
            dialog = make(appearance, actions)
            kept.append(dialog)
            qtbot.addWidget(dialog)
            if isinstance(dialog, Sheet):
                dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
            dialog.show()
            qtbot.waitExposed(dialog)
            _shrink(dialog, QSize(*SIZES[0]))
            found += [f"{name}: {one}" for one in _sideways_on_any_page(dialog)]
            dialog.close()
    appearance.set_text_scale(1.0)
    assert "\n".join(found) == ""


def _shown(make: Make, appearance: Appearance, qtbot: QtBot) -> QWidget:
    """Open a dialog as it is for people, in its own size."""
    dialog = make(appearance, Actions(appearance))
    qtbot.addWidget(dialog)
    if isinstance(dialog, Sheet):
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    qtbot.waitExposed(dialog)
    settle()
    return dialog


@pytest.mark.parametrize("name", sorted(DIALOGS))
def test_a_sheet_has_no_holes_and_no_example_or_choice_in_it_is_cut(
    appearance: Appearance, qtbot: QtBot, name: str
) -> None:
    dialog = _shown(DIALOGS[name], appearance, qtbot)
    found = loose(dialog) if isinstance(dialog, Sheet) else []
    for page in pages_of(dialog):
        settle()
        found += [f"{page}: {one}" for one in (*cut_examples(dialog), *cut_choices(dialog))]
    assert found == []


@pytest.mark.parametrize("name", sorted(set(DIALOGS) - AS_WIDE_AS_THE_SCREEN))
def test_a_dialog_grows_with_the_text_so_that_no_choice_in_it_is_cut(
    appearance: Appearance, qtbot: QtBot, qapp: QApplication, name: str
) -> None:
    with spoken(qapp, longest_language()):
        usual = _shown(DIALOGS[name], appearance, qtbot)
        appearance.set_text_scale(text_scale(max(POINTS)))
        dialog = _shown(DIALOGS[name], appearance, qtbot)
        found: list[str] = []
        for page in pages_of(dialog):
            settle()
            found += [f"{page}: {one}" for one in (*cut_examples(dialog), *cut_choices(dialog))]
        appearance.set_text_scale(1.0)
    room = dialog.screen().availableGeometry().width() - 8
    grown = min(room, round(usual.width() * text_scale(max(POINTS))))
    assert found == []
    assert dialog.width() >= grown - 2


def test_rows_to_choose_from_are_high_enough_for_a_finger(
    appearance: Appearance, qtbot: QtBot
) -> None:
    for name, make in DIALOGS.items():
        dialog = _shown(make, appearance, qtbot)
        for one in dialog.findChildren(QListView):
            if one.property("choices") and one.isVisibleTo(dialog) and one.model() is not None:
                assert one.sizeHintForRow(0) >= HIT_SIZE, (name, one.accessibleName())


def test_the_ways_in_of_the_empty_page_are_equally_wide_under_each_other(
    appearance: Appearance, qtbot: QtBot
) -> None:
    appearance.set_text_scale(text_scale(max(POINTS)))
    page = EmptyView(appearance, Actions(appearance))
    qtbot.addWidget(page)
    page.show()
    for width, different in ((1400, 3), (400, 1)):
        page.resize(width, 900)
        settle()
        ways = [one for one in page.findChildren(QPushButton) if one.isVisible()]
        assert len({one.width() for one in ways}) == different
    appearance.set_text_scale(1.0)


def test_the_names_of_versions_stand_in_one_line(appearance: Appearance, qtbot: QtBot) -> None:
    dialog = _shown(DIALOGS["versions"], appearance, qtbot)
    (names,) = dialog.findChildren(QListView)
    rows = [names.model().index(row, 0) for row in range(names.model().rowCount())]
    heights = {names.visualRect(row).height() for row in rows}
    assert heights == {HIT_SIZE}


@pytest.mark.parametrize("points", POINTS)
def test_the_box_for_all_stands_above_the_boxes_of_the_rows(
    appearance: Appearance, qtbot: QtBot, points: int
) -> None:
    appearance.set_text_scale(text_scale(points))
    dialog = _shown(DIALOGS["replace"], appearance, qtbot)
    (rows,) = dialog.findChildren(QListView)
    (every,) = dialog.findChildren(QCheckBox)
    place = rows.visualRect(rows.model().index(1, 0))
    box = _box_in(rows.viewport(), place)
    above = _box_in(every, every.rect())
    assert abs(box - above) <= 1
    appearance.set_text_scale(1.0)


def _box_in(widget: QWidget, place: QRect) -> int:
    """Say where the first thing drawn in a place begins, in the window."""
    image = widget.grab(place).toImage()
    ground, y = image.pixel(0, 0), image.height() // 2
    first = next(x for x in range(image.width()) if image.pixel(x, y) != ground)
    return widget.mapTo(widget.window(), place.topLeft()).x() + first


@pytest.mark.parametrize("name", ["about", "models", "settings"])
def test_what_scrolls_in_a_small_dialog_with_large_text_scrolls_once(
    appearance: Appearance, qtbot: QtBot, name: str
) -> None:
    appearance.set_text_scale(text_scale(max(POINTS)))
    dialog = _shown(DIALOGS[name], appearance, qtbot)
    _shrink(dialog, QSize(*SIZES[0]))
    found: list[str] = []
    for page in pages_of(dialog):
        settle()
        found += [f"{page}: {one}" for one in scrolled_twice(dialog)]
    appearance.set_text_scale(1.0)
    assert found == []


def test_a_switch_has_room_for_its_ring_however_large_the_text(
    appearance: Appearance, qtbot: QtBot
) -> None:
    for points in POINTS:
        appearance.set_text_scale(text_scale(points))
        switch = Switch(appearance, "Timestamps")
        qtbot.addWidget(switch)
        track = appearance.scaled(18)
        assert switch.minimumSizeHint().height() >= track + 8
        assert switch.heightForWidth(400) >= track + 8
    appearance.set_text_scale(1.0)


class _Narrowing(QWidget):
    """Makes what it stands in narrower as soon as it is laid out, as a scroll bar does."""

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        above = self.parentWidget()
        if above is not None and above.width() == 462:
            above.resize(432, 700)


def test_a_page_resized_while_it_is_laid_out_ends_in_the_room_it_has(qtbot: QtBot) -> None:
    page = Tall()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    parts = [_Narrowing(), QWidget()]
    for one in parts:
        column.addWidget(one)
    page.resize(500, 700)
    page.show()
    qtbot.waitExposed(page)
    page.resize(462, 700)
    assert [one.width() for one in parts] == [432, 432]


def _shrink(dialog: QWidget, screen: QSize) -> None:
    """Give a dialog the room of a screen, as it takes it itself where there is no more."""
    dialog.setMinimumSize(dialog.minimumSize().boundedTo(screen))
    dialog.setMaximumSize(screen)  # or it grows again by what it would like
    dialog.resize(screen)
    QApplication.sendPostedEvents()


def _cut_on_any_page(dialog: QWidget) -> Iterator[str]:
    for page in pages_of(dialog):
        yield from (f"{page}: {cut}" for cut in cut_texts(dialog))


def _sideways_on_any_page(dialog: QWidget) -> Iterator[str]:
    for page in pages_of(dialog):
        settle()
        yield from (f"{page}: {one}" for one in sideways(dialog))
