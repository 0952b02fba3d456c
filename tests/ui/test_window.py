from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QTabBar,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from app.bootstrap.furnish import furnish
from app.core.options import ModelId, TranscriptionOptions, settle
from app.core.preferences import Settings, ThemeChoice, WatchFolder
from app.ui.actions import ActionId, Actions
from app.ui.dropping import Dropped, listing_of
from app.ui.kit.appearance import Appearance
from app.ui.kit.flow import Flow
from app.ui.kit.not_done_sheet import NotDoneSheet
from app.ui.kit.tokens import HIT_SIZE
from app.ui.queue.model import JobModel
from app.ui.queue.sheets import LeaveSheet, UrlSheet
from app.ui.queue.view import QueueView
from app.ui.queue.wording import RowAction
from app.ui.service.key_dialog import KeyDialog
from app.ui.service.sheets import DetailsSheet
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.key_button import KeyButton
from app.ui.settings.shortcuts import ShortcutSheet
from app.ui.stage import Page
from app.ui.translate import interface_languages, native_name
from app.ui.window import MainWindow
from tests.support.furnished import FurnishedWindow
from tests.support.pseudo import PseudoTranslator
from tests.support.seen import press
from tests.ui.jobs import NOW_MS, every_state, make_job


@pytest.fixture
def actions(appearance: Appearance) -> Actions:
    return Actions(appearance)


@pytest.fixture
def model(qapp) -> JobModel:
    return JobModel(now_ms=lambda: NOW_MS)


@pytest.fixture
def window(appearance: Appearance, actions: Actions, model: JobModel, qtbot) -> FurnishedWindow:
    window = FurnishedWindow(appearance, actions, model)
    qtbot.addWidget(window, before_close_func=lambda one: one.close_for_good())
    window.show()
    qtbot.waitExposed(window)
    return window


CONTROLS = (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QAbstractItemView,
    QAbstractSpinBox,
    QPlainTextEdit,
)


def unnamed(top: QWidget) -> list[str]:
    found: list[str] = []
    for kind in CONTROLS:
        for widget in top.findChildren(kind):
            inside = widget.parent()
            is_part = isinstance(inside, (QComboBox, QAbstractSpinBox)) or (
                widget.objectName().startswith("qt_") or isinstance(inside, QLineEdit)
            )
            name = widget.accessibleName() or (
                widget.text() if isinstance(widget, QAbstractButton) else ""
            )
            if not name and not is_part and not widget.isHidden():
                found.append(f"{type(widget).__name__} in {type(inside).__name__}")
    return found


def by_name(top: QWidget, name: str) -> QWidget:
    found = [
        one
        for one in top.findChildren(QWidget)
        if one.accessibleName() == name and not isinstance(one.parent(), QComboBox)
    ]
    assert len(found) == 1, (name, found)
    return found[0]


def test_the_names_that_others_rely_on(window: FurnishedWindow) -> None:
    for name in (
        "Queue",
        "Add files",
        "Model",
        "Language",
        "Identify speakers",
        "Timestamps",
        "Copy",
        "Export",
    ):
        by_name(window, name)


def test_every_control_has_a_name_and_can_be_hit(
    window: FurnishedWindow, model: JobModel
) -> None:
    model.show_jobs(every_state())
    window.show_job(every_state()[2])
    assert unnamed(window) == []
    small = [
        (one.accessibleName(), one.size())
        for one in window.findChildren(QAbstractButton)
        if one.isVisible() and min(one.width(), one.height()) < HIT_SIZE
    ]
    assert small == []


def dialogs(window: FurnishedWindow, appearance: Appearance, actions: Actions) -> list[QWidget]:
    job = every_state()[8]
    folder = WatchFolder("/recordings")
    return [
        KeyDialog(window),
        UrlSheet(window),
        LeaveSheet(2, window),
        NotDoneSheet("Some files could not be added", [("a.txt", "no sound")], window),
        DetailsSheet(job, job.failure, window),
        ShortcutSheet(actions, window),
        SettingsDialog(appearance, actions, Settings(watch_folders=(folder,)), window),
    ]


def test_every_dialog_opens_without_blocking_and_names_its_controls(
    window: FurnishedWindow, appearance: Appearance, actions: Actions, qtbot
) -> None:
    for dialog in dialogs(window, appearance, actions):
        dialog.open()  # pyright: ignore[reportAttributeAccessIssue]
        qtbot.waitUntil(dialog.isVisible)
        assert unnamed(dialog) == [], type(dialog).__name__
        assert dialog.accessibleName()
        dialog.close()


def test_a_disabled_switch_says_why(window: FurnishedWindow) -> None:
    window.options.show_options(TranscriptionOptions(model=ModelId.PULSE_PRO))
    switch = window.options.more.save_data
    assert not window.options.diarize.is_refused
    assert window.options.language.is_refused
    assert window.options.language.code == "en"
    window.options.show_options(TranscriptionOptions(model=ModelId.ON_DEVICE))
    assert not window.options.diarize.is_refused
    assert switch.is_refused
    assert "on this computer" in switch.toolTip()
    assert switch.accessibleDescription() == switch.toolTip()
    window.options.show_options(TranscriptionOptions(model=ModelId.PULSE))
    assert not switch.is_refused
    assert switch.toolTip() == "Uploads faster; the audio is compressed first"


def test_options_are_told_as_values_and_only_when_a_person_chose(
    window: FurnishedWindow, qtbot
) -> None:
    panel = window.options
    with qtbot.assertNotEmitted(panel.options_changed):
        panel.show_options(TranscriptionOptions(model=ModelId.PULSE))
    with qtbot.waitSignal(panel.options_changed) as told:
        qtbot.mouseClick(panel.diarize, Qt.MouseButton.LeftButton)
    assert told.args == [settle(TranscriptionOptions(model=ModelId.PULSE, diarize=True))]
    panel.model.setCurrentIndex(panel.model.findData(ModelId.ON_DEVICE))
    with qtbot.waitSignal(panel.options_changed) as told:
        panel.model.activated.emit(panel.model.currentIndex())
    assert told.args[0].model is ModelId.ON_DEVICE
    assert told.args[0].diarize


@pytest.mark.parametrize(
    ("typed", "code"), [("deutsch", "de"), ("German", "de"), ("xx", "xx"), ("ja", "ja")]
)
def test_a_language_can_be_typed(window: FurnishedWindow, qtbot, typed: str, code: str) -> None:
    panel = window.options
    panel.show_options(TranscriptionOptions(model=ModelId.PULSE))
    field = panel.language.lineEdit()
    assert field is not None
    field.setFocus()
    field.selectAll()
    field.setText(typed)
    with qtbot.waitSignal(panel.options_changed) as told:
        field.editingFinished.emit()
    assert told.args[0].language == code


def test_nonsense_typed_as_a_language_changes_nothing(window: FurnishedWindow, qtbot) -> None:
    panel = window.options
    field = panel.language.lineEdit()
    assert field is not None
    field.setText("!!")
    with qtbot.assertNotEmitted(panel.options_changed):
        field.editingFinished.emit()
    assert field.text() == "English"


def mime(*urls: str, text: str = "") -> QMimeData:
    data = QMimeData()
    if urls:
        data.setUrls([QUrl(url) for url in urls])
    if text:
        data.setText(text)
    return data


def test_dropped_files_links_and_texts_are_listed() -> None:
    listing = listing_of(mime("file:///a%20b.mp3", "https://x.org/c.mp3"))
    assert listing.split() == ["file:///a%20b.mp3", "https://x.org/c.mp3"]
    assert listing_of(mime(text="/one.wav\nhello")) == "/one.wav\nhello"


@pytest.mark.parametrize("where", ["empty", "queue", "options"])
def test_the_whole_window_takes_a_drop(window: FurnishedWindow, qtbot, where: str) -> None:
    target = getattr(window, where)
    middle = target.mapTo(window, QPoint(target.width() // 2, target.height() // 2))
    data = mime("file:///tmp/a.wav")
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(middle, Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(middle), Qt.DropAction.CopyAction, data, buttons, keys)
    with qtbot.waitSignal(window.sources_dropped) as told:
        QApplication.sendEvent(window, drop)
    assert told.args[0] == Dropped(listing="file:///tmp/a.wav\r\n")


def test_closing_asks_first(window: FurnishedWindow, qtbot) -> None:
    with qtbot.waitSignal(window.close_requested):
        window.close()
    assert window.isVisible()
    window.close_for_good()
    assert not window.isVisible()


def test_the_queue_folds_in_a_narrow_window_and_opens_again(
    window: FurnishedWindow, actions: Actions, model: JobModel, qtbot
) -> None:
    model.show_jobs([make_job()])
    window.show_transcript("a.wav", "1:00")
    window.resize(900, 600)
    qtbot.waitUntil(lambda: window.queue.is_folded)
    assert not window.options.isVisible()
    actions[ActionId.FOLD_QUEUE].trigger()
    assert not window.queue.is_folded
    assert window.options.isVisible()


def test_size_and_panes_come_back(window: FurnishedWindow) -> None:
    window.resize(777, 555)
    geometry, panes = window.pack_geometry()
    window.resize(700, 500)
    window.unpack_geometry(geometry, panes)
    assert (window.width(), window.height()) == (777, 555)
    window.unpack_geometry("rubbish", "%%%")
    assert window.width() == 777


def test_space_presses_the_focused_button_and_not_play(
    window: FurnishedWindow, actions: Actions, qtbot
) -> None:
    window.activateWindow()
    played: list[bool] = []
    added: list[bool] = []
    actions[ActionId.PLAY].triggered.connect(lambda: played.append(True))
    actions[ActionId.ADD_FILES].triggered.connect(lambda: added.append(True))
    window.queue.add_button.setFocus()
    qtbot.keyClick(window.queue.add_button, Qt.Key.Key_Space)
    assert (played, added) == ([], [True])


def test_a_row_button_answers_mouse_and_enter(
    window: FurnishedWindow, model: JobModel, qtbot
) -> None:
    jobs = every_state()
    model.show_jobs(jobs)
    view = window.queue.list
    qtbot.waitUntil(lambda: view.visualRect(model.index(2)).isValid())
    view.scrollTo(model.index(2))
    where = view.delegate.button_rect(model.index(2), RowAction.RETRY)
    assert where is not None
    assert where.height() >= HIT_SIZE
    with qtbot.waitSignal(window.queue.row_action_requested) as told:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where.center())
    assert told.args == [jobs[2].job_id, "retry"]
    window.queue.select(jobs[2].job_id)
    with qtbot.waitSignal(window.queue.row_action_requested) as told:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert told.args == [jobs[2].job_id, "enter-key"]


def test_rows_can_be_reordered_by_keyboard(
    window: FurnishedWindow, model: JobModel, actions: Actions, qtbot
) -> None:
    model.show_jobs([make_job(name) for name in "abc"])
    window.queue.select(model.job_at(1).job_id)
    with qtbot.waitSignal(window.queue.move_requested) as told:
        actions[ActionId.MOVE_UP].trigger()
    assert told.args == [["b"], 0]
    with qtbot.waitSignal(window.queue.move_requested) as told:
        actions[ActionId.MOVE_DOWN].trigger()
    assert told.args == [["b"], 3]


def test_the_clock_of_the_rows_rests_when_nothing_counts(
    window: FurnishedWindow, model: JobModel, qtbot
) -> None:
    (clock,) = [one for one in window.queue.findChildren(QTimer) if one.interval() == 1_000]
    model.show_jobs([make_job()])
    assert not clock.isActive()
    model.show_jobs(every_state())
    qtbot.waitUntil(clock.isActive)
    model.show_jobs([])
    qtbot.waitUntil(lambda: not clock.isActive())


def test_a_rejected_key_shows_its_answer(qtbot) -> None:
    dialog = KeyDialog()
    qtbot.addWidget(dialog)
    dialog.show_keyring(works=False)
    assert dialog.keep.is_refused
    dialog.field.setText(" key ")
    with qtbot.waitSignal(dialog.test_requested) as told:
        dialog.test.click()
    assert told.args == ["key"]
    dialog.show_answer("The key was refused.", is_good=False)
    assert not dialog.test.is_refused


def test_a_link_that_is_none_is_not_taken(qtbot) -> None:
    sheet = UrlSheet()
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot closes it, too
    qtbot.addWidget(sheet)
    sheet.show()
    sheet.field.setText("file:///etc/passwd")
    with qtbot.assertNotEmitted(sheet.url_given):
        press(sheet, "Add")
    sheet.field.setText("https://example.org/a.mp3")
    with qtbot.waitSignal(sheet.url_given):
        press(sheet, "Add")


def test_two_actions_with_one_key_are_shown_and_not_kept(
    appearance: Appearance, actions: Actions, qtbot
) -> None:
    dialog = SettingsDialog(appearance, actions, Settings())
    qtbot.addWidget(dialog)
    page = dialog.keys
    with qtbot.assertNotEmitted(dialog.change_requested):
        press_keys(page, "Find", Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert page.conflicts == {"Ctrl+O": (ActionId.ADD_FILES, ActionId.FIND)}
    with qtbot.waitSignal(dialog.change_requested) as told:
        press_keys(page, "Find", Qt.Key.Key_F9, CTRL_ALT)
    assert told.args == [{"key_bindings": (("find", "Ctrl+Alt+F9"),)}]


PLAIN = Qt.KeyboardModifier.NoModifier
CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def press_keys(
    page: QWidget, action: str, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN
) -> KeyButton:
    """Press the button of an action, then keys, and give the button."""
    (button,) = [
        one
        for one in page.findChildren(KeyButton)
        if one.accessibleName().startswith(f"{action}:")
    ]
    button.click()
    QTest.keyClick(button, key, modifiers)
    return button


def test_keys_are_bound_only_after_the_button_and_esc_leaves_them(
    appearance: Appearance, actions: Actions, qtbot
) -> None:
    dialog = SettingsDialog(appearance, actions, Settings())
    qtbot.addWidget(dialog)
    with qtbot.assertNotEmitted(dialog.change_requested):
        button = press_keys(dialog.keys, "Find", Qt.Key.Key_Escape)
    assert not button.is_listening
    assert button.accessibleName() == "Find: Ctrl+F"
    with qtbot.assertNotEmitted(dialog.change_requested):
        QTest.keyClick(button, Qt.Key.Key_F9, CTRL_ALT)  # nobody pressed the button
    button.click()
    assert button.is_listening
    assert button.accessibleName() == "Find: Press the keys, or Esc"
    with qtbot.assertNotEmitted(dialog.change_requested):
        QTest.keyClick(button, Qt.Key.Key_Control)  # held for another one
    assert button.is_listening
    with qtbot.waitSignal(dialog.change_requested) as told:
        QTest.keyClick(button, Qt.Key.Key_Tab, CTRL_ALT)
    assert told.args == [{"key_bindings": (("find", "Ctrl+Alt+Tab"),)}]


def test_keys_can_be_taken_away(appearance: Appearance, actions: Actions, qtbot) -> None:
    dialog = SettingsDialog(appearance, actions, Settings())
    qtbot.addWidget(dialog)
    (clear,) = [
        one
        for one in dialog.keys.findChildren(QToolButton)
        if one.accessibleName() == "No keys for Find"
    ]
    with qtbot.waitSignal(dialog.change_requested) as told:
        clear.click()
    assert told.args == [{"key_bindings": (("find", ""),)}]
    assert clear.isHidden()


def is_a_name(text: str) -> bool:
    """Tell what is the same in every language: formats, addresses, units, names."""
    return (
        not any(letter.isalpha() for letter in text)
        or text.isupper()
        or "://" in text
        or text in {"Wordlight", " ms", " pt", "/…/company.pem"}
        or text in {native_name(code) for code in interface_languages()}
        or text in QFontDatabase.families()
    )


def texts_of(top: QWidget) -> Iterator[str]:
    """Go through all that a window says: texts, tips, names for assistive technology."""
    for one in (top, *top.findChildren(QWidget)):
        yield from (one.toolTip(), one.accessibleName(), one.accessibleDescription())
        yield from (one.windowTitle(), one.statusTip(), one.whatsThis())
        if isinstance(one, QLabel | QAbstractButton):
            yield one.text()
        if isinstance(one, QLineEdit | QPlainTextEdit):
            yield one.placeholderText()
        if isinstance(one, QComboBox):
            yield from (one.itemText(number) for number in range(one.count()))
        if isinstance(one, QTabBar):
            yield from (one.tabText(number) for number in range(one.count()))
        if isinstance(one, QSpinBox | QDoubleSpinBox):
            yield from (one.suffix(), one.prefix(), one.specialValueText())
        if isinstance(one, QMenu):
            yield from (action.text() for action in one.actions())


def test_every_text_goes_through_the_translator(
    appearance: Appearance, qapp: QApplication, qtbot
) -> None:
    translator = PseudoTranslator()
    qapp.installTranslator(translator)
    try:
        window = FurnishedWindow(
            appearance, Actions(appearance), JobModel(now_ms=lambda: NOW_MS)
        )
        qtbot.addWidget(window, before_close_func=lambda one: one.close_for_good())
        window.options.show_options(TranscriptionOptions(model=ModelId.PULSE_PRO))
        tops = [
            window,
            window.options.more,
            SettingsDialog(appearance, Actions(appearance), Settings(), window),
        ]
        actions = Actions(appearance)
        shown = {text for top in tops for text in texts_of(top)}
        shown |= {
            text for one in ActionId for text in (actions[one].text(), actions[one].toolTip())
        }
        assert len(shown) > 200
        assert {text for text in shown if "⟦" not in text and not is_a_name(text)} == set()
    finally:
        qapp.removeTranslator(translator)


def test_the_window_draws_in_every_look(
    window: FurnishedWindow, model: JobModel, appearance: Appearance
) -> None:
    model.show_jobs(every_state())
    seen = set()
    for look in (ThemeChoice.LIGHT, ThemeChoice.DARK, ThemeChoice.HIGH_CONTRAST):
        appearance.choose(look)
        image = window.grab().toImage()
        seen.add(image.pixelColor(window.width() - 4, 300).name())
    assert len(seen) == 3


def test_pages(window: FurnishedWindow) -> None:
    assert window.page is Page.EMPTY
    window.show_job(every_state()[0])
    assert window.page is Page.JOB
    window.show_transcript("a", "b")
    assert window.page is Page.TRANSCRIPT


def test_the_focus_goes_along_to_the_text_and_never_to_a_button_by_itself(
    window: FurnishedWindow, qtbot
) -> None:
    page = QPlainTextEdit()
    page.setAccessibleName("Transcript")
    window.place(Page.TRANSCRIPT, page, begins_at=page)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    by_name(window, "Try a sample").setFocus()
    window.show_job(make_job())
    assert not isinstance(QApplication.focusWidget(), QAbstractButton)
    window.show_transcript("a.wav", "0:02")
    assert QApplication.focusWidget() is page
    window.copy_button.setFocus()
    window.show_transcript("a.wav", "0:03")  # the same page: the focus stays
    assert QApplication.focusWidget() is window.copy_button


def test_the_focus_stays_in_the_queue_while_one_goes_through_it(
    window: FurnishedWindow, qtbot
) -> None:
    page = QPlainTextEdit()
    page.setAccessibleName("Transcript")
    window.place(Page.TRANSCRIPT, page, begins_at=page)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.queue.add_button.setFocus()
    window.show_transcript("a.wav", "0:02")
    assert QApplication.focusWidget() is window.queue.add_button


def test_the_sheet_shows_each_key_whole(
    window: FurnishedWindow, actions: Actions, qtbot
) -> None:
    sheet = ShortcutSheet(actions, window)
    sheet.open()
    qtbot.waitUntil(sheet.isVisible)
    area = sheet.findChildren(QScrollArea)[0]
    labels = area.findChildren(QLabel)
    assert any("Media Pause" in label.text() for label in labels)
    for label in labels:
        right = label.mapTo(area.viewport(), label.rect().topRight()).x()
        assert right < area.viewport().width(), label.text()
        assert label.wordWrap() or label.width() >= label.sizeHint().width(), label.text()
    sheet.close()


def test_how_many_people_is_asked_where_voices_are_told_apart_here(
    window: FurnishedWindow, qtbot
) -> None:
    panel = window.options
    panel.show_options(TranscriptionOptions())
    assert panel.people.isHidden()

    panel.show_options(TranscriptionOptions(diarize=True))
    assert not panel.people.isHidden()
    panel.people.setCurrentIndex(panel.people.findText("3"))
    with qtbot.waitSignal(panel.options_changed) as told:
        panel.people.activated.emit(panel.people.currentIndex())
    assert told.args == [TranscriptionOptions(diarize=True, speakers=3)]

    panel.show_options(TranscriptionOptions(model=ModelId.PULSE, diarize=True, speakers=3))
    assert panel.people.is_refused
    assert panel.people.currentText() == "Automatic"
    assert "number" in panel.people.toolTip()


def test_the_sheet_opens_at_once_and_its_keys_follow(
    window: FurnishedWindow, actions: Actions, qtbot
) -> None:
    whole = {one.text() for one in ShortcutSheet(actions, window).findChildren(QLabel)}
    sheet = ShortcutSheet(actions, window, is_gradual=True)
    sheet.open()
    assert sheet.isVisible()
    area = sheet.findChildren(QScrollArea)[1]
    assert not area.findChildren(QLabel)
    qtbot.waitUntil(lambda: {one.text() for one in sheet.findChildren(QLabel)} == whole)
    assert len(whole) > 60
    sheet.close()


def test_its_keys_are_shown_piece_by_piece_not_each_row_on_its_own(
    window: FurnishedWindow, actions: Actions, qapp: QApplication, qtbot
) -> None:
    class Counting(QObject):
        alone = 0

        @override
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            # As a layout shows what is put into something that is seen, later and one by one.
            self.alone += isinstance(watched, Flow) and event.type() is QEvent.Type.MetaCall
            return False

    sheet = ShortcutSheet(actions, window, is_gradual=True)
    counting = Counting(sheet)
    qapp.installEventFilter(counting)
    sheet.open()
    area = sheet.findChildren(QScrollArea)[1]
    qtbot.waitUntil(
        lambda: any(one.text() == "Double-click" for one in area.findChildren(QLabel))
    )
    qtbot.waitUntil(lambda: all(one.isVisible() for one in area.findChildren(Flow)))
    qapp.removeEventFilter(counting)
    assert len(area.findChildren(Flow)) > 30
    assert counting.alone == 0
    sheet.close()


def test_it_is_furnished_in_many_steps_and_painted_once_all_is_there(
    appearance: Appearance, actions: Actions, model: JobModel, qtbot
) -> None:
    window = MainWindow()
    qtbot.addWidget(window, before_close_func=lambda one: one.close_for_good())
    window.show()
    painted = [window.updatesEnabled() for _ in furnish(window, appearance, actions, model)]
    assert len(painted) >= 12
    assert not any(painted)
    assert window.updatesEnabled()
    assert window.findChildren(QueueView)
