"""Rows that can be left out, one by one or all at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.ui.kit.chosen_rows import ChosenRows

CHECK = Qt.ItemDataRole.CheckStateRole


class Names(ChosenRows[str]):
    @override
    def text(self, number: int) -> str:
        return self.row(number).upper()


def test_what_is_left_out_is_not_chosen_and_comes_back(qtbot: QtBot) -> None:
    names = Names(("anna", "bo"), left_out=(1,))
    tester = QAbstractItemModelTester(
        names, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    told: list[int] = []
    names.chosen_changed.connect(lambda: told.append(names.chosen_count))
    assert names.chosen == ["anna"]
    assert names.index(1).data() == "BO"
    assert names.index(1).data(CHECK) is Qt.CheckState.Unchecked
    assert names.setData(names.index(0), Qt.CheckState.Unchecked.value, CHECK)
    assert not names.setData(names.index(0), "Carla")
    names.add("carla")
    assert names.chosen == ["carla"]
    names.choose_all(chosen=True)
    assert names.chosen == ["anna", "bo", "carla"]
    names.choose_all(chosen=False)
    names.setData(names.index(1), Qt.CheckState.Checked.value, CHECK)
    assert names.chosen == ["bo"]
    names.clear()
    assert (names.rowCount(), told) == (0, [0, 1, 3, 0, 1, 0])
    tester.deleteLater()
    names.deleteLater()
