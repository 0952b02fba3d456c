"""The preview of an export: what looks different, and subtitles that break a rule."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont, QHelpEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.export.formats import FORMATS
from app.export.options import ExportOptions
from app.export.preview import make_preview
from app.ui.export.preview import ExportPreview
from app.ui.kit.appearance import Appearance
from tests.support.speech import DOCUMENT

HURRIED = ExportOptions(reading_speed=8)


@pytest.fixture
def view(appearance: Appearance, qtbot: QtBot) -> ExportPreview:
    made = ExportPreview(appearance)
    qtbot.addWidget(made)
    made.resize(420, 500)
    made.show()
    return made


def at(view: ExportPreview, wanted: str) -> QTextCursor:
    cursor = view.text.document().find(wanted)
    assert not cursor.isNull(), wanted
    return cursor


def test_names_and_titles_stand_out_behind_wide_characters_too(view: ExportPreview) -> None:
    document = replace(DOCUMENT, title="😀😀 Rivers")
    shown = make_preview(document, FORMATS["docx"], ExportOptions())
    view.show_preview(shown, is_running_text=True)
    assert at(view, "Anna:").charFormat().fontWeight() == QFont.Weight.DemiBold
    assert at(view, "Good").charFormat().fontWeight() != QFont.Weight.DemiBold
    assert at(view, "Thank you").charFormat().fontItalic()
    title, text = at(view, "Rivers").charFormat().font(), at(view, "Good").charFormat().font()
    assert title.pixelSize() > max(text.pixelSize(), 13)


def test_one_goes_from_one_broken_subtitle_to_the_next_and_round(view: ExportPreview) -> None:
    shown = make_preview(DOCUMENT, FORMATS["srt"], HURRIED)
    view.show_preview(shown, is_running_text=False)
    assert len(shown.broken) > 1
    assert len(view.text.extraSelections()) == len(shown.broken)
    assert view.next_button.accessibleName() == "Show the next subtitle that breaks a rule"
    seen: list[str] = []
    height = view.text.height()
    for _ in range(len(shown.broken) + 1):
        view.next_button.click()
        assert view.text.height() == height  # the button stays where it is
        seen.append(view.reason.text())
        chosen = view.text.textCursor().selectedText().split("\u2029")
        assert chosen[0] == seen[-1].split(":")[0].split()[1]
        assert "-->" in chosen[1]
    assert seen[0] == seen[-1]
    assert len(set(seen)) == len(shown.broken)
    assert "Too much text to read in time." in seen[0]


def test_the_reason_is_told_where_the_pointer_rests(view: ExportPreview) -> None:
    shown = make_preview(DOCUMENT, FORMATS["srt"], HURRIED)
    view.show_preview(shown, is_running_text=False)
    place = view.text.cursorRect(at(view, "-->")).center()
    viewport = view.text.viewport()
    event = QHelpEvent(QEvent.Type.ToolTip, place, viewport.mapToGlobal(place))
    QApplication.sendEvent(viewport, event)
    assert QToolTip.text().startswith("Subtitle 1: ")
    QToolTip.hideText()


def test_nothing_is_gone_to_where_all_is_well(view: ExportPreview) -> None:
    view.show_preview(make_preview(DOCUMENT, FORMATS["srt"], HURRIED), is_running_text=False)
    assert view.next_button.isVisible()
    easy = ExportOptions(reading_speed=60, min_cue_ms=0, min_gap_ms=0)
    view.show_preview(make_preview(DOCUMENT, FORMATS["srt"], easy), is_running_text=False)
    assert not view.next_button.isVisible()
    assert not view.text.extraSelections()
    view.show_failure("It cannot be written.")
    assert not view.next_button.isVisible()
