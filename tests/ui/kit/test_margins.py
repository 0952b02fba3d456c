"""Room beside things turns round where one reads from the right."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMargins
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

import app.ui
from app.ui.kit.appearance import Appearance
from app.ui.kit.margins import from_left, margins
from app.ui.kit.sheet import Sheet
from tests.support.fit import settle
from tests.support.languages import spoken

SETTERS = {"setContentsMargins", "setTextMargins"}
SIDES = 4


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", QMargins(1, 2, 3, 4)), ("ar", QMargins(3, 2, 1, 4))],
)
def test_they_begin_where_reading_begins(
    qapp: QApplication, language: str, expected: QMargins
) -> None:
    with spoken(qapp, language):
        assert margins(1, 2, 3, 4) == expected


@pytest.mark.parametrize(
    ("language", "expected"), [("en", ".docx"), ("ar", "\u2066.docx\u2069")]
)
def test_an_ending_and_a_place_are_read_from_the_left(
    qapp: QApplication, language: str, expected: str
) -> None:
    with spoken(qapp, language):
        assert from_left(".docx") == expected


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_heading_that_begins_with_a_foreign_name_begins_where_reading_begins(
    qapp: QApplication, appearance: Appearance, qtbot: QtBot, language: str
) -> None:
    with spoken(qapp, language):
        sheet = Sheet("a.wav")
        qtbot.addWidget(sheet)
        sheet.show()
        sheet.resize(500, 300)
        settle()
        (heading,) = (one for one in sheet.findChildren(QLabel) if one.property("title"))
        image = heading.grab().toImage()
        ground = image.pixelColor(0, 0)
        seen = [
            x
            for x in range(image.width())
            if any(image.pixelColor(x, y) != ground for y in range(image.height()))
        ]
    middle = image.width() // 2
    assert seen[-1] < middle if language == "en" else seen[0] > middle


def lopsided(source: str) -> Iterator[int]:
    """Give the lines that set margins of which left and right are not the same."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in SETTERS
            and len(node.args) == SIDES
            and ast.dump(node.args[0]) != ast.dump(node.args[2])
        ):
            yield node.lineno


def test_no_part_of_the_window_has_more_room_left_than_right_in_every_language() -> None:
    assert list(lopsided("row.setContentsMargins(A, 0, B, 0)")) == [1]
    root = Path(app.ui.__file__).parent
    found = [
        f"{path.relative_to(root)}:{line}"
        for path in root.rglob("*.py")
        for line in lopsided(path.read_text("utf-8"))
    ]
    assert found == []
