from __future__ import annotations

import asyncio
import gc
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QWidget,
)

from app.bootstrap.exporting import make_exporter
from app.core import edits
from app.core.errors import StorageError
from app.core.options import TranscriptionOptions
from app.core.preferences import ExportPreset
from app.core.transcript import Paragraph, Transcript, TranscriptId, Word
from app.export.formats import FORMATS
from app.export.options import ExportOptions, TimeMarks
from app.export.presets import STANDARD
from app.export.request import ExportRequest
from app.store.audio_links import AudioLink
from app.store.library import Library
from app.store.opening import open_database
from app.store.settings import SettingsStore
from app.store.stored import StoredTranscript
from app.system.resources import sample_path
from app.ui.actions import ActionId, Actions
from app.ui.export.controller import ExportController
from app.ui.export.dialog import ExportDialog
from app.ui.export.drag import DragWatch, FileDrag
from app.ui.export.labels import reader_labels
from app.ui.export.options import ExportOptionsPanel
from app.ui.export.places import documents_folder
from app.ui.export.sheets import OverwriteSheet, PresetSheet
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Picker, Switch
from app.ui.kit.letters import text_of
from app.ui.kit.not_done_sheet import NotDoneSheet
from app.ui.kit.refusing import Button
from app.ui.queue.model import JobModel
from app.ui.tasks import Tasks
from tests.support.furnished import FurnishedWindow
from tests.support.seen import choose, named, press, sentences
from tests.support.speech import SPEECH
from tests.support.waiting import until


class Stage:
    """The controller on a real window and a real library."""

    def __init__(self, appearance: Appearance, qtbot, folder: Path) -> None:
        self.folder = folder
        self.database, _ = open_database(folder / "wordlight.db")
        self.library = Library(self.database)
        self.settings = SettingsStore(self.database)
        self.actions = Actions(appearance)
        self.window = FurnishedWindow(appearance, self.actions, JobModel())
        qtbot.addWidget(self.window, before_close_func=lambda one: one.close_for_good())
        self.errors: list[tuple[str, BaseException]] = []
        self.tasks = Tasks(lambda name, error: self.errors.append((name, error)))
        self.page: StoredTranscript | None = None
        self.controller = ExportController(
            stage=self.window,
            actions=self.actions,
            appearance=appearance,
            exporter=make_exporter(self.library, reader_labels(), documents_folder()),
            settings=self.settings,
            tasks=self.tasks,
            on_page=lambda: self.page,
            handles=self.window.drag_handles(folder),
        )
        self.window.show()

    def add(
        self,
        name: str = "talk.flac",
        folder: Path | None = None,
        transcript: Transcript = SPEECH,
    ) -> TranscriptId:
        return self.library.add(
            transcript,
            name=name,
            options=TranscriptionOptions(timestamps=False),
            link=AudioLink(str((folder or self.folder) / name), size_bytes=2),
            now_ms=1_700_000_000_000,
        )

    def read(self, transcript_id: TranscriptId) -> None:
        """Put a transcript on the page."""
        self.page = self.library.load(transcript_id)
        self.window.show_transcript(self.page.entry.name, "")

    async def settle(self) -> None:
        while self.tasks.running:
            await asyncio.gather(*self.tasks.running)
        await asyncio.sleep(0)

    async def open(self) -> ExportDialog:
        self.actions[ActionId.EXPORT].trigger()
        await self.settle()
        return self.dialog()

    def dialog(self) -> ExportDialog:
        (dialog,) = self.window.findChildren(ExportDialog)
        return dialog

    def pick(self, dialog: ExportDialog, format_name: str) -> None:
        dialog.formats.choose(format_name)

    async def preview(self, dialog: ExportDialog) -> str:
        dialog.preview_requested.emit()
        await self.settle()
        return dialog.preview.text.toPlainText()

    async def aclose(self) -> None:
        await self.tasks.aclose()
        for sheet in self.window.findChildren(ExportDialog):
            sheet.close()
        assert self.errors == []
        self.database.close()


@pytest.fixture
def stage(appearance: Appearance, qtbot, tmp_path: Path) -> Stage:
    return Stage(appearance, qtbot, tmp_path)


def test_what_is_chosen_is_previewed_written_and_remembered(stage: Stage, run_async) -> None:
    async def flow() -> None:
        stage.read(stage.add())
        dialog = await stage.open()
        stage.pick(dialog, "md")
        times = dialog.options.control("times")
        assert isinstance(times, Picker)
        times.setCurrentIndex(1)
        shown = await stage.preview(dialog)
        assert "Good morning" in shown
        assert "0:00" in shown
        dialog.export_button.click()
        await stage.settle()
        assert (stage.folder / "talk.md").read_text("utf-8") == shown
        assert "talk.md" in stage.window.notice.text
        again = await stage.open()
        assert again.request.format_name == "md"
        assert again.request.options.times is TimeMarks.PARAGRAPH
        await stage.aclose()

    run_async(flow())


def test_options_fit_the_format_and_say_why_they_are_grey(stage: Stage, run_async) -> None:
    async def flow() -> None:
        transcript_id = stage.add()
        stage.read(transcript_id)
        assert stage.page is not None
        nobody = replace(
            SPEECH,
            speakers=(),
            paragraphs=tuple(replace(one, speaker_id=None) for one in SPEECH.paragraphs),
        )
        stage.page = replace(stage.page, transcript=nobody)
        dialog = await stage.open()
        names = dialog.options.control("names")
        assert isinstance(names, Switch)
        assert names.is_refused
        assert "not identified" in names.accessibleDescription()
        stage.pick(dialog, "srt")
        assert dialog.options.control("reading_speed").isVisible()
        assert not dialog.options.control("times").isVisible()
        stage.pick(dialog, "docx")
        assert not dialog.options.control("reading_speed").isVisible()
        assert "plain text" in dialog.copy_button.toolTip()
        stage.pick(dialog, "csv")
        assert not dialog.copy_button.toolTip()
        written_as, rows = map(dialog.options.control, ("time_format", "rows"))
        assert isinstance(written_as, QComboBox)
        assert isinstance(rows, QComboBox)
        assert "seconds" in written_as.currentText()
        assert not dialog.options.control("notes").isVisible()
        rows.setCurrentIndex(1)
        assert dialog.options.control("notes").isVisible()
        stage.pick(dialog, "docx")
        assert written_as.itemText(0) == "1:03"
        await stage.aclose()

    run_async(flow())


@pytest.mark.parametrize("is_there", [True, False])
def test_a_recording_that_is_gone_cannot_be_put_in(
    stage: Stage, run_async, *, is_there: bool
) -> None:
    async def flow() -> None:
        stage.read(stage.add())
        if is_there:
            (stage.folder / "talk.flac").write_bytes(b"xx")
        dialog = await stage.open()
        for name in ("html", "wordlight"):
            stage.pick(dialog, name)
            audio = dialog.options.control("audio")
            assert isinstance(audio, Picker)
            assert audio.is_refused is not is_there
            assert ("left out" in audio.accessibleDescription()) != is_there
        await stage.aclose()

    run_async(flow())


def test_texts_of_the_sample_stay_out_of_the_program(stage: Stage, run_async) -> None:
    async def flow() -> None:
        sample = sample_path()
        stage.read(stage.add(sample.name, sample.parent))
        dialog = await stage.open()
        assert dialog.request.folder
        assert Path(dialog.request.folder) not in (sample.parent, *sample.parents)
        dialog.use_folder(str(stage.folder))
        dialog.export_requested.emit()
        await stage.settle()
        assert stage.settings.settings.export_folder == str(stage.folder)
        await stage.aclose()

    run_async(flow())


def test_what_came_from_a_link_goes_where_people_look(stage: Stage, run_async) -> None:
    """Not into the folder that the program happened to be started in."""

    async def flow() -> None:
        linked = AudioLink("https://example.org/talk.mp3", is_url=True)
        options = TranscriptionOptions(timestamps=False)
        made = stage.library.add(SPEECH, name="talk", options=options, link=linked, now_ms=1)
        stage.read(made)
        dialog = await stage.open()
        assert dialog.request.folder == str(documents_folder())
        stored = await stage.controller.exporter.load(made)
        target = stage.controller.exporter.target(stored, ExportRequest("txt"))
        assert target == documents_folder() / "talk.txt"
        await stage.aclose()

    run_async(flow())


def test_subtitles_that_break_the_rules_are_counted(stage: Stage, run_async) -> None:
    async def flow() -> None:
        stage.read(stage.add())
        dialog = await stage.open()
        stage.pick(dialog, "srt")
        number = dialog.options.control("reading_speed")
        assert isinstance(number, QSpinBox)
        number.setValue(5)
        shown = await stage.preview(dialog)
        assert " --> " in shown
        assert "subtitles" in dialog.preview.summary.text()
        assert "Too much text to read" in dialog.preview.summary.text()
        await stage.aclose()

    run_async(flow())


def test_a_file_of_that_name_is_never_overwritten_unasked(stage: Stage, run_async) -> None:
    async def flow() -> None:
        stage.read(stage.add())
        there = stage.folder / "talk.txt"
        for answer, expected in (("leave", "mine"), ("both", "mine"), ("replace", "Anna")):
            there.write_text("mine")
            dialog = await stage.open()
            dialog.export_button.click()
            await until(lambda box=dialog: bool(box.findChildren(OverwriteSheet)))
            (sheet,) = dialog.findChildren(OverwriteSheet)
            sheet.buttons[answer].click()
            await stage.settle()
            assert expected in there.read_text("utf-8")
            if answer == "leave":
                dialog.close()  # the others close it by writing
        assert "Anna" in (stage.folder / "talk 2.txt").read_text("utf-8")
        await stage.aclose()

    run_async(flow())


def test_one_key_exports_again_and_takes_the_place_of_its_own_file(
    stage: Stage, run_async
) -> None:
    async def flow() -> None:
        transcript_id = stage.add()
        stage.read(transcript_id)
        stage.actions[ActionId.EXPORT_AGAIN].trigger()
        await stage.settle()
        dialog = stage.dialog()  # nothing to repeat yet: it asks
        dialog.export_button.click()
        await stage.settle()
        assert stage.page is not None
        shorter = replace(SPEECH, paragraphs=SPEECH.paragraphs[:1])
        stage.page = replace(stage.page, transcript=shorter)
        stage.actions[ActionId.EXPORT_AGAIN].trigger()
        await stage.settle()
        text = (stage.folder / "talk.txt").read_text("utf-8")
        assert "Good morning" in text
        assert "Eleven" not in text
        assert not (stage.folder / "talk 2.txt").exists()
        await stage.aclose()

    run_async(flow())


def test_copy_takes_the_options_of_the_last_text(stage: Stage, run_async) -> None:
    async def flow() -> None:
        transcript_id = stage.add()
        request = ExportRequest("txt", ExportOptions(names=False, times=TimeMarks.PARAGRAPH))
        stage.library.save_export_options(transcript_id, request.to_dict())
        stage.read(transcript_id)
        stage.actions[ActionId.COPY_ALL].trigger()
        await stage.settle()
        copied = QGuiApplication.clipboard().text()
        assert copied.startswith("[0:00] Good morning")
        assert "Anna:" not in copied
        menu = stage.window.front.head.copy_menu
        (subtitles,) = (one for one in menu.actions() if one.text().endswith(".srt"))
        subtitles.trigger()
        await stage.settle()
        assert QGuiApplication.clipboard().text().startswith("1\n00:00:00,")
        await stage.aclose()

    run_async(flow())


PLAIN = replace(
    SPEECH,
    paragraphs=tuple(
        replace(one, is_highlighted=False, is_approved=False, note="")
        for one in SPEECH.paragraphs
    ),
)


def test_what_was_wanted_of_another_transcript_leaves_nothing_out(
    stage: Stage, run_async
) -> None:
    async def flow() -> None:
        stage.read(stage.add())
        dialog = await stage.open()
        stage.pick(dialog, "txt")
        dialog.options.control("only_highlighted").setChecked(True)  # type: ignore[attr-defined]
        dialog.export_requested.emit()
        await stage.settle()
        stage.read(stage.add("other.flac", transcript=PLAIN))
        stage.controller.copy()
        await stage.settle()
        assert "Good morning" in QGuiApplication.clipboard().text()
        await stage.aclose()

    run_async(flow())


def test_of_several_nothing_is_grey_and_what_leaves_nothing_is_said(
    stage: Stage, run_async
) -> None:
    async def flow() -> None:
        ids = [stage.add("plain.flac", transcript=PLAIN), stage.add()]
        stage.controller.export_many(ids)
        await stage.settle()
        dialog = stage.dialog()
        only, notes = map(dialog.options.control, ("only_highlighted", "notes"))
        assert isinstance(only, Switch)
        assert isinstance(notes, Switch)
        assert not only.is_refused
        assert not notes.is_refused
        assert dialog.copy_button.is_refused
        assert "one transcript" in dialog.copy_button.toolTip()
        only.setChecked(True)
        dialog.export_requested.emit()
        await stage.settle()
        assert (stage.folder / "talk.txt").exists()
        assert not (stage.folder / "plain.txt").exists()
        (sheet,) = stage.window.findChildren(NotDoneSheet)
        assert "plain.flac – Nothing is highlighted yet" in sheet.listed.toPlainText()
        sheet.close()
        await stage.aclose()

    run_async(flow())


def test_copying_from_the_dialog_is_told_there(stage: Stage, run_async) -> None:
    async def flow() -> None:
        stage.read(stage.add())
        dialog = await stage.open()
        stage.pick(dialog, "srt")
        dialog.copy_button.click()
        await stage.settle()
        copied = "Copied to the clipboard as SubRip subtitles"
        assert copied in sentences(dialog)
        stage.pick(dialog, "txt")
        assert copied not in sentences(dialog)
        dialog.copy_button.click()
        await stage.settle()
        plain = QGuiApplication.clipboard().text()
        # What is no text is copied as text all the same, as it was chosen last.
        QGuiApplication.clipboard().clear()
        stage.pick(dialog, "docx")
        dialog.copy_button.click()
        await stage.settle()
        assert QGuiApplication.clipboard().text() == plain
        assert plain
        assert "Copied to the clipboard" in sentences(dialog)
        await stage.aclose()

    run_async(flow())


def test_presets_are_kept_used_and_deleted(stage: Stage, run_async) -> None:
    async def flow() -> None:
        stage.read(stage.add())
        dialog = await stage.open()
        stage.pick(dialog, "srt")
        number = dialog.options.control("cue_lines")
        assert isinstance(number, QSpinBox)
        number.setValue(1)
        press(dialog, "Save as preset")
        (sheet,) = dialog.findChildren(PresetSheet)
        sheet.field.setText("One line")
        press(sheet, "Save")
        await stage.settle()
        (kept,) = stage.settings.settings.export_presets
        assert (kept.name, kept.format_name) == ("One line", "srt")
        dialog.close()
        dialog = await stage.open()
        choose(named(dialog, Picker, "Preset"), "One line")
        assert (dialog.request.format_name, dialog.request.options.cue_lines) == ("srt", 1)
        press(dialog, "Delete preset")
        await stage.settle()
        assert stage.settings.settings.export_presets == ()
        preset = named(dialog, Picker, "Preset")
        for place, standard in enumerate(STANDARD, start=1):
            choose(preset, preset.itemText(place))
            assert dialog.request.format_name == standard.format_name
            assert dialog.request.options == standard.options
            assert preset.currentIndex() == place
            row = dialog.formats.row_of(standard.format_name)
            assert dialog.formats.selectionModel().selectedRows()[0].row() == row
            assert named(dialog, Button, "Delete preset").is_refused
        await stage.aclose()

    run_async(flow())


def test_the_button_says_its_key_and_the_title_that_it_can_be_dragged(
    stage: Stage, run_async
) -> None:
    head = stage.window.front.head
    button = head.export_button
    assert "Ctrl+E" in button.toolTip()
    assert button.accessibleDescription() == "Ctrl+E"
    assert "Drag" in head.title.accessibleDescription()

    async def flow() -> None:
        await stage.aclose()

    run_async(flow())


def test_rows_that_are_dragged_are_written_as_each_was_exported_last(
    stage: Stage, run_async
) -> None:
    one, two = stage.add("a.flac"), stage.add("b.flac")
    request = ExportRequest("html", ExportOptions())
    stage.library.save_export_options(one, request.to_dict())
    edited = edits.correct_words(SPEECH, 0, 0, 1, "Changed")
    assert edited is not None
    stage.page = replace(stage.library.load(two), transcript=edited.applied_to(SPEECH))

    async def flow() -> None:
        written = stage.controller.write_dragged([one, two])
        await stage.settle()
        page, text = written.result(0)
        assert (page.name, text.name) == ("a.html", "b.txt")
        assert b"<audio" not in page.read_bytes()
        assert "Changed" in text.read_text("utf-8")
        gone = stage.controller.write_dragged([TranscriptId("gone")])
        await asyncio.wait(stage.tasks.running)
        assert isinstance(gone.exception(0), StorageError)
        ((name, error),) = stage.errors
        assert (name, type(error)) == ("write what is dragged", StorageError)
        stage.errors.clear()
        await stage.aclose()

    run_async(flow())


def test_several_are_written_alike_and_failures_are_told_once(stage: Stage, run_async) -> None:
    async def flow() -> None:
        blocked = stage.folder / "blocked"
        blocked.write_text("a file where a folder should be")
        ids = [stage.add("a.flac"), stage.add("b.flac"), stage.add("c.flac", blocked)]
        stage.controller.export_many(ids)
        await stage.settle()
        dialog = stage.dialog()
        assert "3" in dialog.windowTitle()
        stage.pick(dialog, "vtt")
        dialog.export_button.click()
        await stage.settle()
        assert (stage.folder / "a.vtt").read_bytes().startswith(b"WEBVTT")
        assert (stage.folder / "b.vtt").exists()
        (sheet,) = stage.window.findChildren(NotDoneSheet)
        assert "c.flac" in sheet.listed.toPlainText()
        sheet.close()
        await stage.aclose()

    run_async(flow())


def test_a_failure_is_said_in_the_dialog(stage: Stage, run_async) -> None:
    async def flow() -> None:
        blocked = stage.folder / "blocked"
        blocked.write_text("a file where a folder should be")
        stage.read(stage.add())
        dialog = await stage.open()
        dialog.use_folder(str(blocked))
        dialog.export_button.click()
        await stage.settle()
        assert any("blocked" in one for one in complaints(dialog))
        assert dialog.export_button.isEnabled()
        assert blocked.read_text() == "a file where a folder should be"
        await stage.aclose()

    run_async(flow())


def test_a_script_without_a_font_is_said_where_it_is_exported(stage: Stage, run_async) -> None:
    said = (Word("𒀀𒀁", 0, 500), Word("𞊐𞊑", 500, 900), Word("𔐀𔐁", 900, 1_200))
    rare = Transcript((Paragraph(said, None, 0, 1_200),))

    async def flow() -> None:
        stage.read(stage.add(transcript=rare))
        dialog = await stage.open()
        stage.pick(dialog, "pdf")
        dialog.export_button.click()
        await stage.settle()
        assert any("No font for" in one for one in complaints(dialog))
        assert not (stage.folder / "talk.pdf").exists()
        stage.pick(dialog, "html-static")
        dialog.export_button.click()
        await stage.settle()
        assert (stage.folder / "talk.plain.html").exists()
        assert "talk.plain.html" in stage.window.notice.text
        assert "install one, such as Noto Sans" in stage.window.notice.text
        await stage.aclose()

    run_async(flow())


def test_pdf_and_bundle_come_out_of_the_dialog(stage: Stage, run_async) -> None:
    async def flow() -> None:
        stage.read(stage.add())
        for name, begins in (("pdf", b"%PDF"), ("wordlight", b"PK")):
            dialog = await stage.open()
            stage.pick(dialog, name)
            assert "Good morning" in await stage.preview(dialog)
            dialog.export_button.click()
            await stage.settle()
            assert (stage.folder / f"talk.{name}").read_bytes().startswith(begins)
        await stage.aclose()

    run_async(flow())


@pytest.mark.parametrize("format_name", ["docx", "odt", "pdf"])
def test_a_long_export_tells_how_far_it_is_and_stops_in_the_middle(
    stage: Stage, run_async, format_name: str
) -> None:
    long = replace(SPEECH, paragraphs=SPEECH.paragraphs * 400)

    async def flow() -> None:
        stage.read(stage.add(transcript=long))
        dialog = await stage.open()
        stage.pick(dialog, format_name)
        progress = dialog.findChild(QProgressBar)
        assert progress is not None
        seen: list[int] = []

        def stop_in_the_middle(value: int) -> None:
            if 0 < value < 100:
                seen.append(value)
                buttons = dialog.findChildren(QPushButton)
                next(one for one in buttons if text_of(one) == "Stop").click()

        stopping = progress.valueChanged.connect(stop_in_the_middle)
        dialog.export_button.click()
        await until(lambda: not stage.tasks.running)
        assert len(seen) == 1
        progress.valueChanged.disconnect(stopping)
        assert progress.isHidden()
        assert gc.isenabled()
        assert list(stage.folder.glob("*talk*")) == []
        dialog.export_button.click()
        await stage.settle()
        assert (stage.folder / f"talk.{format_name}").stat().st_size > 1_000
        assert gc.isenabled()
        await stage.aclose()

    run_async(flow())


def complaints(dialog: ExportDialog) -> list[str]:
    """Give what is said in the colour of what went wrong."""
    return [
        one.text()
        for one in dialog.findChildren(QLabel)
        if one.isVisible() and one.property("bad")
    ]


@pytest.mark.parametrize("is_held", [True, False])
def test_a_drag_carries_a_file_that_is_there_unless_let_go_before(
    stage: Stage, qtbot, run_async, monkeypatch: pytest.MonkeyPatch, is_held: bool
) -> None:
    carried: list[QUrl] = []

    def note(drag: FileDrag, actions: Qt.DropAction) -> None:
        assert actions is Qt.DropAction.CopyAction
        carried.extend(drag.model().mimeData(drag.selectedIndexes()).urls())

    # Qt's own drag would wait for a pointer to let go, and it knows the button of a real one.
    monkeypatch.setattr(FileDrag, "startDrag", note)
    monkeypatch.setattr(DragWatch, "is_held", is_held)

    async def flow() -> None:
        stage.read(stage.add())
        title = stage.window.title
        qtbot.mousePress(title, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
        qtbot.mouseMove(title, QPoint(90, 12))
        await stage.settle()
        if is_held:
            (url,) = carried
            assert url.isLocalFile()
            assert Path(url.toLocalFile()).name == "talk.txt"
            assert "Good morning" in Path(url.toLocalFile()).read_text("utf-8")
        else:
            assert carried == []
        qtbot.mouseRelease(title, Qt.MouseButton.LeftButton, pos=QPoint(90, 12))
        await stage.aclose()

    run_async(flow())


def test_dragging_the_title_hands_a_file_on(stage: Stage, qtbot, run_async) -> None:
    async def flow() -> None:
        stage.read(stage.add())
        wanted: list[bool] = []
        (watch,) = stage.controller.findChildren(DragWatch)
        watch.drag_wanted.connect(lambda: wanted.append(True))
        title = stage.window.title
        qtbot.mousePress(title, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
        qtbot.mouseMove(title, QPoint(90, 12))
        qtbot.mouseRelease(title, Qt.MouseButton.LeftButton, pos=QPoint(90, 12))
        await stage.settle()
        assert wanted
        assert stage.page is not None
        path = await stage.controller.write_temporary(stage.page, ExportRequest("srt"))
        assert path.name == "talk.srt"
        assert b" --> " in path.read_bytes()
        assert stage.library.load(stage.page.entry.transcript_id).export_options == {}
        await stage.aclose()

    run_async(flow())


def test_every_control_of_the_dialog_has_a_name(stage: Stage, run_async) -> None:
    async def flow() -> None:
        stage.settings.change(export_presets=(ExportPreset("One", "srt"),))
        stage.read(stage.add())
        dialog = await stage.open()
        for name in stage.controller.exporter.formats:
            stage.pick(dialog, name)
            nameless = [
                widget
                for widget in dialog.findChildren(QWidget)
                if widget.isVisible()
                and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
                and not widget.accessibleName()
                and not widget.objectName().startswith("qt_")
            ]
            assert nameless == []
        await stage.aclose()

    run_async(flow())


def test_nothing_is_exported_that_cannot_be_seen(stage: Stage, run_async) -> None:
    async def flow() -> None:
        stage.actions[ActionId.EXPORT].trigger()
        stage.controller.export_many([])
        await stage.settle()
        assert stage.window.findChildren(ExportDialog) == []
        assert stage.window.notice.text
        await stage.aclose()

    run_async(flow())


def test_options_come_between_events_and_show_what_was_chosen_meanwhile(
    appearance: Appearance, qtbot
) -> None:
    panel = ExportOptionsPanel(appearance, is_gradual=True)
    qtbot.addWidget(panel)
    panel.show()
    kind = FORMATS["srt"]
    chosen = replace(kind.preset, cue_lines=1)
    panel.show_options(kind, chosen, {})
    assert panel.options == chosen
    assert not panel.findChildren(QSpinBox)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in panel.findChildren(QSpinBox)))
    shown = {one.accessibleName() for one in panel.findChildren(QSpinBox) if one.isVisible()}
    whole = ExportOptionsPanel(appearance)
    qtbot.addWidget(whole)
    whole.show()
    whole.show_options(kind, chosen, {})
    assert shown == {
        one.accessibleName() for one in whole.findChildren(QSpinBox) if one.isVisible()
    }
    lines = panel.control("cue_lines")
    assert isinstance(lines, QSpinBox)
    assert lines.value() == 1
