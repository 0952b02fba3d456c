"""Rows that are selected together, and where their menu opens."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QStringListModel
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from app.ui.kit.row_list import RowList

Reason = QContextMenuEvent.Reason


@pytest.fixture
def rows(qtbot: QtBot) -> RowList:
    made = RowList()
    qtbot.addWidget(made)
    made.setModel(QStringListModel(["one", "two", "three"], made))
    made.set_up()
    made.resize(300, 200)
    made.show()
    return made


def ask(rows: RowList, reason: Reason, at: QPoint) -> list[QPoint]:
    told: list[QPoint] = []
    rows.menu_requested.connect(told.append)
    where = rows.viewport().mapToGlobal(at)
    QGuiApplication.sendEvent(rows.viewport(), QContextMenuEvent(reason, at, where))
    rows.menu_requested.disconnect(told.append)
    return told


def test_the_menu_opens_where_the_pointer_is_and_at_the_row_for_keys(rows: RowList) -> None:
    at = QPoint(40, 12)
    there = rows.viewport().mapToGlobal(at)
    assert ask(rows, Reason.Mouse, at) == [there]
    rows.setCurrentIndex(QModelIndex())
    assert ask(rows, Reason.Keyboard, at) == [there]
    rows.setCurrentIndex(rows.model().index(1, 0))
    corner = rows.visualRect(rows.currentIndex()).bottomLeft()
    assert ask(rows, Reason.Keyboard, at) == [rows.viewport().mapToGlobal(corner)]
    assert ask(rows, Reason.Mouse, at) == [there]


def test_selected_rows_come_in_their_order_whatever_was_selected_first(rows: RowList) -> None:
    select = QItemSelectionModel.SelectionFlag.Select
    for row in (2, 0):
        rows.selectionModel().select(rows.model().index(row, 0), select)
    assert rows.selected_rows() == [0, 2]


def test_many_rows_are_laid_out_some_at_a_time(rows: RowList, qtbot: QtBot) -> None:
    model = rows.model()
    assert isinstance(model, QStringListModel)
    rows.lay_out_some(100)
    model.setStringList([str(number) for number in range(3_000)])
    assert rows.layoutMode() is QListView.LayoutMode.Batched
    last = model.index(2_999, 0)
    qtbot.waitUntil(lambda: rows.visualRect(last).isValid())
