"""The settings are asked for as values of ``Settings``, found by words, reset one by one."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.options import ModelId
from app.core.preferences import LIMITS, ResumeMode, Settings, within_limits
from app.jobs.stored_places import Kept, StoredPlace
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.choice_sheet import ChoiceSheet
from app.ui.kit.elided_label import ElidedLabel
from app.ui.kit.fields import DecimalField, NumberField, Picker, Switch
from app.ui.kit.letters import text_of
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.everyday_pages import GeneralPage, PlaybackPage, TextPage
from app.ui.settings.field_row import FieldRow
from app.ui.settings.fields_page import FieldsPage
from app.ui.settings.key_row import KeyRow
from app.ui.settings.keys_page import KeysPage
from app.ui.settings.privacy_page import PrivacyPage
from app.ui.settings.storage_page import StoragePage
from app.ui.settings.words_page import WordsPage


class Asked:
    """What a dialog asked for, and the settings that come of it."""

    def __init__(self, dialog: SettingsDialog, settings: Settings) -> None:
        self.changes: list[dict[str, Any]] = []
        self.settings = settings
        self._dialog = dialog
        dialog.change_requested.connect(self._on_change)

    def _on_change(self, changes: dict[str, Any]) -> None:
        self.changes.append(changes)
        self.settings = within_limits(dataclasses.replace(self.settings, **changes))
        self._dialog.show_settings(self.settings)


def make(
    appearance: Appearance, qtbot: QtBot, settings: Settings | None = None
) -> tuple[SettingsDialog, Asked]:
    start = settings or Settings()
    made = SettingsDialog(appearance, Actions(appearance), start)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    made.show()
    return made, Asked(made, start)


def named(dialog: SettingsDialog, kind: type[Any], name: str) -> Any:
    (found,) = (one for one in dialog.findChildren(kind) if one.accessibleName() == name)
    return found


def row_of(control: QWidget) -> FieldRow:
    """Give the row that a control stands in."""
    above = control.parentWidget()
    assert isinstance(above, FieldRow)
    return above


def shown_titles(dialog: SettingsDialog) -> list[str]:
    model = dialog.list.model()
    rows = range(model.rowCount())
    return [model.index(row, 0).data() for row in rows if not dialog.list.isRowHidden(row)]


def test_doubtful_and_unheard_words_are_marked_by_choice(
    appearance: Appearance, qtbot: QtBot
) -> None:
    dialog, asked = make(appearance, qtbot)
    named(dialog, Switch, "Mark uncertain words").click()
    named(dialog, Switch, "Dim what you have not heard yet").click()
    assert asked.changes == [{"marks_uncertain": True}, {"pales_unheard": True}]


def test_every_way_to_go_on_after_typing_can_be_chosen(
    appearance: Appearance, qtbot: QtBot
) -> None:
    dialog, asked = make(appearance, qtbot, Settings(resume_mode=ResumeMode.AFTER_EDIT))
    picker = named(dialog, Picker, "After typing, resume")
    assert picker.currentText() == "After the edited words"
    for place in range(picker.count()):
        picker.setCurrentIndex(place)
        picker.activated.emit(place)
    assert {one["resume_mode"] for one in asked.changes} == set(ResumeMode)


def test_times_are_set_in_seconds_and_minutes(appearance: Appearance, qtbot: QtBot) -> None:
    dialog, asked = make(appearance, qtbot)
    earlier = named(dialog, DecimalField, "Earlier by")
    assert earlier.text() == "2.0 s"
    earlier.setValue(3.5)
    delay = named(dialog, DecimalField, "Audio delay")
    delay.setValue(-0.15)
    part = named(dialog, DecimalField, "Longest part that is sent")
    assert part.text() == "10 min"
    part.setValue(5)
    assert asked.changes == [
        {"resume_earlier_ms": 3_500},
        {"latency_ms": -150},
        {"split_ms": 300_000},
    ]
    assert all(isinstance(value, int) for one in asked.changes for value in one.values())


def test_whatever_differs_from_its_default_can_be_reset_by_itself(
    appearance: Appearance, qtbot: QtBot
) -> None:
    dialog, asked = make(appearance, qtbot, Settings(skip_ms=8_000, bin_days=0))
    skip = row_of(named(dialog, DecimalField, "Skip back and forward by"))
    days = row_of(named(dialog, NumberField, "Empty the bin after"))
    assert not skip.reset.isHidden()
    assert skip.reset.toolTip() == "Reset to the default: 5.0 s"
    assert days.reset.toolTip() == "Reset to the default: 30 days"
    skip.reset.click()
    assert asked.changes == [{"skip_ms": 5_000}]
    assert skip.control.property("value") == 5.0
    assert skip.reset.isHidden()
    assert not days.reset.isHidden()
    dark = named(dialog, Picker, "Theme")
    dark.setCurrentIndex(2)
    dark.activated.emit(2)
    assert row_of(dark).reset.toolTip() == "Reset to the default: Same as the system"
    row_of(dark).reset.click()
    assert dark.currentText() == "Same as the system"


def test_every_row_resets_to_what_a_new_program_has(
    appearance: Appearance, qtbot: QtBot
) -> None:
    """Set everything otherwise, press every reset, and have the settings of a new program."""
    defaults = Settings()
    otherwise: dict[str, Any] = {}
    for one in dataclasses.fields(Settings):
        value = getattr(defaults, one.name)
        if isinstance(value, bool):
            otherwise[one.name] = not value
        elif isinstance(value, (int, float)) and one.name in LIMITS:
            otherwise[one.name] = type(value)(LIMITS[one.name][1])
        elif type(value) is str:
            otherwise[one.name] = f"{value}x"
    changed = dataclasses.replace(defaults, **otherwise)
    dialog, asked = make(appearance, qtbot, changed)
    rows = [one for one in dialog.findChildren(FieldRow) if not one.reset.isHidden()]
    assert len(rows) > 30
    for row in rows:
        row.reset.click()
    assert len(asked.changes) >= len(rows)
    asked_for = {name for changes in asked.changes for name in changes}
    assert asked_for > {"export_folder", "allow_plain_http", "webhook_url", "reading_font"}
    for name in asked_for:
        assert getattr(asked.settings, name) == getattr(defaults, name), name
    assert not [one for one in dialog.findChildren(FieldRow) if not one.reset.isHidden()]


def test_a_setting_is_found_by_its_name_its_help_and_other_words(
    appearance: Appearance, qtbot: QtBot
) -> None:
    dialog, _ = make(appearance, qtbot)
    everything = shown_titles(dialog)
    assert everything[0] == "General"
    assert everything[-1] == "Webhook"
    QTest.keyClicks(dialog.search, "bluetooth")
    assert shown_titles(dialog) == ["Playback"]
    delay = row_of(named(dialog, DecimalField, "Audio delay"))
    assert delay.isVisible()
    assert not row_of(named(dialog, DecimalField, "Rewind when pausing")).isVisible()
    dialog.search.setText("héadphones")  # accents aside, in the help text
    assert shown_titles(dialog) == ["Playback"]
    dialog.search.setText("THEME")
    label = row_of(named(dialog, Picker, "Theme")).findChildren(QLabel)[0]
    assert f"background-color:{appearance.theme.found}" in label.text()
    assert ">Theme<" in label.text()
    dialog.search.setText("undo")
    assert shown_titles(dialog) == ["Keys"]
    dialog.search.clear()
    assert shown_titles(dialog) == everything
    assert label.text() == "Theme"


def test_nothing_found_is_said_and_return_goes_to_what_was(
    appearance: Appearance, qtbot: QtBot
) -> None:
    dialog, _ = make(appearance, qtbot)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.search.hasFocus)
    dialog.search.setText("xyzzy")
    assert shown_titles(dialog) == []
    (nothing,) = (one for one in dialog.findChildren(QLabel) if one.text() == "Nothing found")
    assert nothing.isVisible()
    dialog.search.setText("line width")
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert named(dialog, NumberField, "Line width").hasFocus()
    dialog.search.setFocus()
    QTest.keyClick(dialog.search, Qt.Key.Key_Escape)  # first what was typed
    assert dialog.search.text() == ""
    assert dialog.isVisible()
    QTest.keyClick(dialog.search, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_every_row_can_be_found_by_its_own_name(appearance: Appearance, qtbot: QtBot) -> None:
    dialog, _ = make(appearance, qtbot)
    pages = dialog.findChildren(FieldsPage)
    rows = [row for page in pages for row in page.findChildren(FieldRow)]
    assert len(rows) > 40
    for row in rows:
        dialog.search.setText(row.control.accessibleName())
        assert not row.isHidden(), row.control.accessibleName()


def test_rows_have_the_room_that_larger_text_needs_though_it_grew_while_they_were_hidden(
    appearance: Appearance, qtbot: QtBot
) -> None:
    dialog, _ = make(appearance, qtbot)
    dialog.resize(880, 640)
    dialog.search.setText("text size")
    appearance.set_text_scale(2.0)
    QApplication.processEvents()
    dialog.search.clear()
    QApplication.processEvents()
    page = row_of(named(dialog, NumberField, "Text size")).parentWidget()
    assert isinstance(page, FieldsPage)
    rows = [one for one in page.findChildren(FieldRow) if one.isVisible()]
    assert len(rows) > 4
    for row in rows:
        assert row.height() >= row.heightForWidth(row.width()), row.control.accessibleName()
        assert row.rect().contains(row.control.geometry()), row.control.accessibleName()
    appearance.set_text_scale(1.0)


def test_prices_are_kept_only_where_they_are_others(
    appearance: Appearance, qtbot: QtBot
) -> None:
    dialog, asked = make(appearance, qtbot)
    field = named(dialog, DecimalField, "Pulse, per minute")
    usual = field.value()
    field.setValue(usual + 0.5)
    assert asked.settings.prices == ((ModelId.PULSE, usual + 0.5),)
    row_of(field).reset.click()
    assert asked.settings.prices == ()
    assert field.value() == usual


def test_what_lies_where_is_listed_with_its_size(
    appearance: Appearance, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog, _ = make(appearance, qtbot)
    shown: list[object] = []
    dialog.place_requested.connect(shown.append)
    dialog.show_places(
        (
            StoredPlace(Kept.MODELS, tmp_path, 28_000_000),
            StoredPlace(Kept.LOGS, tmp_path / "gone" / "logs", 0),
        )
    )
    texts = [one.text() for one in dialog.findChildren(QLabel)]
    assert "Downloaded models · 28 MB" in texts
    (show,) = (
        one
        for one in dialog.findChildren(QWidget)
        if one.accessibleName() == "Show Downloaded models in its folder"
    )
    show.click()  # pyright: ignore[reportAttributeAccessIssue]
    assert shown == [tmp_path]


def test_plain_http_is_asked_about_and_off_unless_agreed(
    appearance: Appearance, qtbot: QtBot
) -> None:
    dialog, asked = make(appearance, qtbot)
    plain = dialog.service.plain_http
    plain.click()
    (sheet,) = dialog.findChildren(ChoiceSheet)
    sheet.reject()
    assert asked.changes == []
    assert not plain.isChecked()

    plain.click()
    sheet = next(one for one in dialog.findChildren(ChoiceSheet) if one.isVisible())
    sheet.buttons["allow"].click()
    assert asked.changes == [{"allow_plain_http": True}]
    plain.click()  # switching off asks nothing
    assert asked.changes[-1] == {"allow_plain_http": False}


def test_where_sound_may_be_sent_is_listed_and_can_be_taken_back(
    appearance: Appearance, qtbot: QtBot
) -> None:
    allowed = ("https://api.smallest.ai", "https://speech.example:8443")
    dialog, asked = make(appearance, qtbot, Settings(sound_may_go_to=allowed))
    shown = [one.text() for one in dialog.findChildren(ElidedLabel)]
    assert "Audio may be sent to api.smallest.ai" in shown
    back = named(dialog, QPushButton, "Send no more audio to speech.example:8443")
    back.click()
    assert asked.changes == [{"sound_may_go_to": allowed[:1]}]
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    named(dialog, QPushButton, "Send no more audio to api.smallest.ai").click()
    assert asked.settings.sound_may_go_to == ()
    labels = [one.text() for one in dialog.findChildren(QLabel) if not one.isHidden()]
    assert any(text.startswith("No audio is sent anywhere yet.") for text in labels)


@pytest.mark.parametrize("family", ["", "A font nobody has"])
def test_the_font_of_the_transcript_is_offered_though_it_was_taken_off(
    appearance: Appearance, qtbot: QtBot, family: str
) -> None:
    dialog, _ = make(appearance, qtbot, Settings(reading_font=family))
    picker = named(dialog, Picker, "Font of the transcript")
    assert picker.currentText() == family or picker.currentText() == "Same as the system"
    assert picker.currentIndex() >= 0


def test_a_press_on_the_name_of_a_switch_switches_it(
    appearance: Appearance, qtbot: QtBot
) -> None:
    dialog, asked = make(appearance, qtbot)
    row = row_of(named(dialog, Switch, "Check the spelling"))
    QTest.mouseClick(row.findChildren(QLabel)[0], Qt.MouseButton.LeftButton)
    assert asked.changes == [{"checks_spelling": True}]


def test_the_page_that_a_search_turns_to_is_heard(
    appearance: Appearance, qtbot: QtBot, announced: list[str]
) -> None:
    dialog, _ = make(appearance, qtbot)
    QTest.keyClicks(dialog.search, "bluetooth")
    assert announced[-1] == "Playback"
    assert len(announced) == len(set(announced))  # not with each letter
    announced.clear()
    for text in ("bluetooth!", "bluetooth", "undo", "xyzzy", "xyzzyx", ""):
        dialog.search.setText(text)
    assert announced == ["Nothing found", "Playback", "Keys", "Nothing found"]


def make_gradual(appearance: Appearance, qtbot: QtBot) -> SettingsDialog:
    made = SettingsDialog(appearance, Actions(appearance), Settings(), is_gradual=True)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    made.show()
    return made


def test_each_page_comes_once_it_is_looked_at_and_one_hears_from_it_meanwhile(
    appearance: Appearance, qtbot: QtBot
) -> None:
    dialog = make_gradual(appearance, qtbot)
    assert not dialog.findChildren(FieldRow)
    assert len(shown_titles(dialog)) > 10
    seen: set[int] = set()
    beat = QTimer(dialog)
    beat.timeout.connect(lambda: seen.add(len(dialog.findChildren(KeyRow))))
    qtbot.waitUntil(lambda: bool(dialog.findChildren(GeneralPage)))
    beat.start(10)
    dialog.turn_to(KeysPage)
    wanted = len(list(Actions(appearance)))
    qtbot.waitUntil(lambda: len(dialog.findChildren(KeyRow)) == wanted, timeout=30_000)
    assert len(seen) > 3
    assert not dialog.findChildren(WordsPage)  # nobody has looked at it
    dialog.turn_to(WordsPage)
    qtbot.waitUntil(lambda: bool(dialog.findChildren(WordsPage)))


def test_what_is_looked_for_before_its_page_is_there_is_found_once_it_is(
    appearance: Appearance, qtbot: QtBot, announced: list[str]
) -> None:
    dialog = make_gradual(appearance, qtbot)
    QTest.keyClicks(dialog.search, "webhook")
    assert "Nothing found" not in announced
    qtbot.waitUntil(lambda: shown_titles(dialog) == ["Webhook"])
    dialog.search.setText("xyzzy")
    qtbot.waitUntil(lambda: shown_titles(dialog) == [])
    assert announced == ["Webhook", "Nothing found"]


def test_what_is_told_before_its_page_is_there_stands_on_it_in_the_end(
    appearance: Appearance, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = make_gradual(appearance, qtbot)
    dialog.show_places((StoredPlace(Kept.MODELS, tmp_path, 28_000_000),))
    dialog.show_voices(["Anna"])
    dialog.show_settings(Settings(font_size_pt=18.0, skip_ms=8_000))
    assert not dialog.findChildren(FieldRow)
    assert not dialog.service.test.is_refused  # whoever needs a page has it
    dialog.turn_to(StoragePage)
    qtbot.waitUntil(lambda: "Downloaded models · 28 MB" in shown_texts(dialog))
    dialog.turn_to(PrivacyPage)
    qtbot.waitUntil(lambda: "Anna" in shown_texts(dialog))
    dialog.turn_to(TextPage)
    qtbot.waitUntil(lambda: "Text size" in shown_texts(dialog))
    dialog.turn_to(PlaybackPage)
    qtbot.waitUntil(lambda: "Skip back and forward by" in shown_texts(dialog))
    assert named(dialog, NumberField, "Text size").value() == 18
    assert named(dialog, DecimalField, "Skip back and forward by").value() == 8.0


def shown_texts(dialog: SettingsDialog) -> set[str]:
    return {text_of(one) for one in dialog.findChildren(QLabel)}
