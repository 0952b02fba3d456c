"""Room beside things turns round where one reads from the right."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMargins
from PySide6.QtWidgets import QApplication

import app.ui
from app.ui.kit.margins import margins
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
