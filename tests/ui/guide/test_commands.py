"""Every command is found by some letters of its name, and done."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.ui.actions import ActionId, Actions
from app.ui.guide.commands import CommandsController
from app.ui.guide.matching import matching
from app.ui.guide.palette import Palette
from app.ui.kit.appearance import Appearance
from app.ui.kit.mnemonics import plain
from app.ui.stage import Page
from tests.support.heard import faults


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["Export again", "Next word", "Exporter Übersicht"]),
        ("exp", ["Export again", "Exporter Übersicht"]),
        ("ag exp", ["Export again"]),
        ("ubers", ["Exporter Übersicht"]),
        ("word next", ["Next word"]),
        ("ext", ["Next word"]),
        ("nothing", []),
    ],
)
def test_letters_of_any_words_in_any_order_find_a_name(typed: str, found: list[str]) -> None:
    names = ["Export again", "Next word", "Exporter Übersicht"]
    assert [names[place] for place in matching(typed, names)] == found


def test_a_name_that_begins_so_comes_before_one_that_only_has_it() -> None:
    names = ["Look in export", "An export", "Export"]
    assert names[matching("export", names)[0]] == "Export"


class Bench:
    def __init__(self, appearance: Appearance, window: QWidget, page: Page) -> None:
        self.actions = Actions(appearance)
        self.actions.attach(window, window)
        stage = SimpleNamespace(page=page, dialog_parent=window)
        self.controller = CommandsController(
            stage=stage,  # type: ignore[arg-type]
            appearance=appearance,
            actions=self.actions,
        )


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    widget.resize(900, 640)
    qtbot.addWidget(widget)
    widget.show()
    return widget


def rows(palette: Palette) -> list[str]:
    model = palette.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_ctrl_k_opens_it_and_return_does_what_is_first(
    appearance: Appearance, window: QWidget, qtbot: QtBot
) -> None:
    bench = Bench(appearance, window, Page.TRANSCRIPT)
    palette = bench.controller.open()
    assert palette.field.hasFocus() or palette.focusWidget() is palette.field
    QTest.keyClicks(palette.field, "next sent")
    assert rows(palette)[0] == "Next sentence"
    with qtbot.waitSignal(bench.actions[ActionId.NEXT_SENTENCE].triggered):
        QTest.keyClick(palette.field, Qt.Key.Key_Return)


def test_arrows_move_in_the_list_while_one_types(
    appearance: Appearance, window: QWidget, qtbot: QtBot
) -> None:
    bench = Bench(appearance, window, Page.TRANSCRIPT)
    palette = bench.controller.open()
    QTest.keyClicks(palette.field, "next")
    second = rows(palette)[1]
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentIndex().data() == second
    QTest.keyClick(palette.field, Qt.Key.Key_PageDown)
    QTest.keyClick(palette.field, Qt.Key.Key_PageUp)
    assert palette.list.currentIndex().row() == 0
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not palette.isVisible())


def test_it_opens_before_its_rows_and_return_waits_for_them(
    appearance: Appearance, window: QWidget, qtbot: QtBot
) -> None:
    bench = Bench(appearance, window, Page.TRANSCRIPT)
    palette = bench.controller.open()
    assert palette.isVisible()
    assert palette.list.model() is None
    first = next(one for one in bench.actions if bench.actions[one].isEnabled())
    with qtbot.waitSignal(bench.actions[first].triggered):
        QTest.keyClick(palette.field, Qt.Key.Key_Return)


def test_its_rows_come_by_themselves(
    appearance: Appearance, window: QWidget, qtbot: QtBot
) -> None:
    palette = Bench(appearance, window, Page.EMPTY).controller.open()
    qtbot.waitUntil(lambda: palette.list.model() is not None)
    assert palette.list.currentIndex().row() == 0


def test_every_action_is_offered_and_tells_why_it_cannot_be_done(
    appearance: Appearance, window: QWidget
) -> None:
    bench = Bench(appearance, window, Page.EMPTY)
    palette = bench.controller.open()
    palette.finish()
    assert len(rows(palette)) == len(list(bench.actions)) - 1  # all but the list itself
    QTest.keyClicks(palette.field, "next sentence")
    index = palette.list.currentIndex()
    heard = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard.endswith("Open a transcript first.")
    chosen: list[object] = []
    palette.chosen.connect(chosen.append)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert not chosen
    palette.close()


def test_an_action_with_choices_opens_them(appearance: Appearance, window: QWidget) -> None:
    bench = Bench(appearance, window, Page.TRANSCRIPT)
    choices = QMenu(window)
    choices.addAction("Anna")
    bench.actions[ActionId.CHANGE_SPEAKER].setMenu(choices)
    palette = bench.controller.open()
    QTest.keyClicks(palette.field, "change speaker")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    (menu,) = [
        one for one in window.findChildren(QMenu) if one is not choices and one.isVisible()
    ]
    assert [plain(one.text()) for one in menu.actions()] == ["Anna"]
    menu.close()


def test_what_is_offered_is_brought_up_to_date_before(
    appearance: Appearance, window: QWidget
) -> None:
    bench = Bench(appearance, window, Page.TRANSCRIPT)
    bench.controller.about_to_offer.connect(
        lambda: bench.actions[ActionId.NOTE].setEnabled(False)
    )
    palette = bench.controller.open()
    QTest.keyClicks(palette.field, "note")
    noted = [row for row in range(len(rows(palette))) if rows(palette)[row] == "Note"]
    (row,) = noted
    heard = palette.list.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard.endswith("This is not available right now.")
    palette.close()


def test_what_assistive_technology_selects_is_what_is_done(
    appearance: Appearance, window: QWidget, qtbot: QtBot, announced: list[str]
) -> None:
    bench = Bench(appearance, window, Page.TRANSCRIPT)
    palette = bench.controller.open()
    palette.activateWindow()
    qtbot.waitUntil(palette.field.hasFocus)
    QTest.keyClicks(palette.field, "next")
    wanted = palette.list.model().index(2, 0)
    choose = QItemSelectionModel.SelectionFlag.ClearAndSelect
    palette.list.selectionModel().select(wanted, choose)
    qtbot.waitUntil(lambda: palette.list.currentIndex() == wanted)
    assert announced[-1] == wanted.data(Qt.ItemDataRole.AccessibleTextRole)
    assert faults(palette) == []
    palette.close()
