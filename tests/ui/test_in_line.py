"""What stands under each other in a dialog begins and ends in one line."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.actions import Actions
from app.ui.guide.help_sheets import AboutSheet
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Picker, Switch
from tests.support.fit import settle
from tests.ui.showroom import DIALOGS

_ROUNDING = 1


def shown(dialog: QWidget, qtbot: QtBot) -> QWidget:
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.resize(dialog.size().expandedTo(QSize(760, 560)))
    settle()
    return dialog


def begins(one: QWidget, top: QWidget) -> int:
    return one.mapTo(top, QPoint(0, 0)).x()


def test_options_begin_under_the_heading_of_a_dialog_and_end_over_its_buttons(
    appearance: Appearance, qtbot: QtBot
) -> None:
    actions = Actions(appearance)
    for name in ("job options", "repeat"):
        sheet = shown(DIALOGS[name](appearance, actions), qtbot)
        (heading,) = (one for one in sheet.findChildren(QLabel) if one.property("title"))
        (model,) = (
            one for one in sheet.findChildren(Picker) if one.accessibleName() == "Model"
        )
        label = next(one for one in sheet.findChildren(QLabel) if one.buddy() is model)
        last = max(sheet.findChildren(QPushButton), key=lambda one: begins(one, sheet))
        assert begins(label, sheet) == begins(heading, sheet), name
        end = begins(last, sheet) + last.width()
        assert abs(begins(model, sheet) + model.width() - end) <= _ROUNDING, name


@pytest.mark.parametrize("factor", [1.0, 1.85])
def test_a_switch_without_a_text_is_no_wider_than_it_is_drawn(
    appearance: Appearance, qtbot: QtBot, factor: float
) -> None:
    appearance.set_text_scale(factor)
    bare = Switch(appearance, "")
    qtbot.addWidget(bare)
    assert bare.sizeHint().width() - round(32 * factor) <= 4
    appearance.set_text_scale(1.0)


def test_the_licences_are_read_without_scrolling_sideways_and_under_the_heading(
    appearance: Appearance, qtbot: QtBot
) -> None:
    sheet = AboutSheet()
    shown(sheet, qtbot)
    page = sheet.licences
    assert page.horizontalScrollBar().maximum() == 0
    (heading,) = (one for one in sheet.findChildren(QLabel) if one.property("title"))
    first = page.document().firstBlock()
    line = first.layout().lineAt(0)
    assert line.height() < heading.fontMetrics().height()
