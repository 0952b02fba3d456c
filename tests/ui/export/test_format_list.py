"""The list of formats: grouped, with endings, what was used last first."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.export.formats import FORMATS
from app.ui.export.format_list import FormatList, grouped
from app.ui.kit.appearance import Appearance


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
