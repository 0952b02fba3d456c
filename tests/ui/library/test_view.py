"""The library's page with more rows than are laid out in one go."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QToolButton

from app.core.transcript import TranscriptId
from app.store.listing import TranscriptEntry
from app.store.search import Hit
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Picker
from app.ui.kit.inline_edit import InlineEdit
from app.ui.library.model import LibraryRow
from app.ui.library.query import LibraryQuery
from app.ui.library.view import LibraryView
from tests.support.heard import faults
from tests.support.seen import named, write

HIT = Hit(TranscriptId("t2"), "Talk 2", 0, 0, "we met", ((0, 2),))


def row(number: int) -> LibraryRow:
    return LibraryRow(
        TranscriptEntry(
            TranscriptId(f"t{number}"),
            name=f"Talk {number}",
            created_ms=number,
            changed_ms=number,
            deleted_ms=None,
            duration_ms=1_000,
            model="pulse",
            language="en",
            word_count=1,
            speakers=(),
            tags=(),
            source="/a.wav",
            is_url=False,
            size_bytes=1,
            listened_ms=0,
        )
    )


def test_the_current_row_stays_in_sight_however_far_down(appearance: Appearance, qtbot) -> None:
    view = LibraryView(appearance)
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show()
    rows = [row(number) for number in range(3_000)]
    view.show_rows(rows, LibraryQuery(), summary="", is_empty=False)
    view.list.setCurrentIndex(view.model.index(2_500))
    view.show_rows(rows[:2_800], LibraryQuery(), summary="", is_empty=False)
    current = view.current_row()
    assert current is not None
    assert current.entry.name == "Talk 2500"

    def is_in_sight() -> bool:
        shown = view.list.visualRect(view.list.currentIndex())
        return view.list.viewport().rect().intersects(shown)

    qtbot.waitUntil(is_in_sight)


def test_tags_of_many_are_given_to_all_and_each_keeps_its_own(
    appearance: Appearance, qtbot
) -> None:
    view = LibraryView(appearance)
    qtbot.addWidget(view)
    view.show()
    rows = [
        LibraryRow(replace(row(number).entry, tags=("shared", f"own {number}")))
        for number in range(40)
    ]
    view.show_rows(rows, LibraryQuery(), summary="", is_empty=False)
    view.list.selectAll()
    with qtbot.waitSignal(view.tags_requested) as told:
        QTest.keyClick(view.list, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
        field = named(view, InlineEdit, "Tags, separated by commas")
        assert field.text() == "shared"
        write(field, "thesis")
    assert told.args is not None
    (tagged,) = told.args
    assert len(tagged) == 40
    assert tagged[7] == (rows[7].entry.transcript_id, ["own 7", "thesis"])


def test_one_tag_is_enough_to_narrow_the_list_by_it(appearance: Appearance, qtbot) -> None:
    view = LibraryView(appearance)
    qtbot.addWidget(view)
    view.show()
    view.show_choices([("Pulse", "pulse")], [("English", "en")], ["thesis"])
    pickers = {one.accessibleName(): one for one in view.findChildren(Picker)}
    assert [name for name, one in pickers.items() if one.isVisible()] == ["Sort by", "Tag"]
    pickers["Tag"].setCurrentIndex(1)
    assert view.query.tag == "thesis"
    view.show_choices((), (), ())
    assert not pickers["Tag"].isVisible()


def test_how_much_a_search_found_is_heard_once(
    appearance: Appearance, qtbot, announced: list[str]
) -> None:
    view = LibraryView(appearance)
    qtbot.addWidget(view)
    rows = [row(1), row(2)]
    view.show_rows(rows, LibraryQuery(), summary="2 transcripts", is_empty=False)
    for _ in range(2):  # once more when a transcript has been saved
        view.show_rows(rows, LibraryQuery("we"), summary="2 found", is_empty=False)
    view.show_rows([], LibraryQuery("wex"), summary="", is_empty=False)
    view.show_rows(rows, LibraryQuery("we"), summary="2 found", is_empty=False)
    assert announced == ["2 found", "Nothing found", "2 found"]


def test_by_actions_alone_a_row_is_chosen_and_opened(
    appearance: Appearance, qtbot, announced: list[str]
) -> None:
    assert announced == []  # somebody listens
    view = LibraryView(appearance)
    qtbot.addWidget(view)
    view.setWindowTitle("Library")
    view.show()
    rows = [row(1), row(2), LibraryRow(row(2).entry, HIT)]
    view.show_rows(rows, LibraryQuery("we"), summary="2 found", is_empty=False)
    assert faults(view) == []
    chosen, choose = view.list.selectionModel(), QItemSelectionModel.SelectionFlag
    chosen.select(view.model.index(1), choose.ClearAndSelect)
    qtbot.waitUntil(lambda: view.current_row() == rows[1])
    (more,) = [
        one
        for one in view.findChildren(QToolButton)
        if one.accessibleName() == "More for the selection"
    ]
    more.click()
    menu = next(one for one in view.findChildren(QMenu) if one.isVisible())
    with qtbot.waitSignal(view.open_requested) as told:
        menu.actions()[0].trigger()
    assert told.args == [rows[1]]
    menu.close()
    with qtbot.waitSignal(view.open_requested) as told:  # a place in a text, as by a click
        chosen.select(view.model.index(2), choose.ClearAndSelect)
    assert told.args == [rows[2]]
    view.show_rows([], LibraryQuery("wex"), summary="", is_empty=False)
    assert more.isHidden()
