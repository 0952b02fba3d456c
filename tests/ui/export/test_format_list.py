"""The list of formats: grouped, with endings, what was used last first."""

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.export.formats import FORMATS
from app.ui.export.format_list import FormatList, grouped
from app.ui.kit.appearance import Appearance
from tests.support.languages import spoken


def texts(shown: FormatList) -> list[str]:
    model = shown.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_every_format_is_in_one_group_once() -> None:
    groups = grouped(list(FORMATS), ["srt", "docx", "gone"])

    assert groups[0] == ("Last used", ["srt", "docx"])
    listed = [name for _, names in groups for name in names]
    assert sorted(listed) == sorted(FORMATS)
    assert [title for title, _ in grouped(list(FORMATS))] == [
        "Documents",
        "Subtitles",
        "Data",
        "Other programs",
    ]


def test_rows_have_endings_and_headings_are_passed_over(
    appearance: Appearance, qtbot: QtBot
) -> None:
    shown = FormatList(appearance, FORMATS)
    qtbot.addWidget(shown)
    rows = texts(shown)

    assert rows[:2] == ["Documents", "Plain text  .txt"]
    assert "SubRip subtitles  .srt" in rows
    assert shown.name == "txt"
    shown.choose("srt")
    assert shown.name == "srt"
    shown.setCurrentIndex(shown.model().index(rows.index("Data") - 1, 0))
    qtbot.keyClick(shown, Qt.Key.Key_Down)
    assert shown.name == "json"


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "hi", "ar"])
def test_names_are_read_whole_with_their_endings(
    appearance: Appearance, qtbot: QtBot, qapp: QApplication, language: str
) -> None:
    with spoken(qapp, language):
        shown = FormatList(appearance, FORMATS)
        qtbot.addWidget(shown)
        shown.resize(shown.sizeHint().width(), 300)  # so high that there is a scroll bar
        shown.show()
        rows = [shown.model().index(row, 0) for row in range(shown.model().rowCount())]
        as_wide = [_picture(shown, row) for row in rows]
        shown.resize(shown.width() * 2, 300)
        assert as_wide == [_picture(shown, row) for row in rows]


def _picture(shown: FormatList, row: QModelIndex) -> tuple[int, int]:
    """Say from where to where a row is written, seen from where reading begins."""
    shown.scrollTo(row)
    box = shown.visualRect(row)
    image = shown.viewport().grab(box).toImage()
    end = 4 if shown.isRightToLeft() else image.width() - 5
    ground = image.pixel(end, image.height() // 2)
    written = [
        x
        for x in range(4, image.width() - 4)
        if any(image.pixel(x, y) != ground for y in range(4, image.height() - 4))
    ]
    if shown.isRightToLeft():
        written = [image.width() - x for x in reversed(written)]
    return written[0], written[-1]


def test_its_names_are_measured_once_until_they_may_be_wider(
    appearance: Appearance, qtbot: QtBot
) -> None:
    class Counting(FormatList):
        measured = 0

        @override
        def sizeHintForColumn(self, column: int) -> int:
            self.measured += 1
            return super().sizeHintForColumn(column)

    shown = Counting(appearance, FORMATS)
    qtbot.addWidget(shown)
    shown.show()
    usual = shown.sizeHint().width()
    shown.measured = 0
    assert [shown.sizeHint().width() for _ in range(5)] == [usual] * 5
    assert shown.measured == 0
    appearance.set_text_scale(2.0)
    assert shown.sizeHint().width() > usual
    assert shown.measured == 1
