"""The export in the real window, by its buttons and keys, from the page to files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox

from app.core.options import TranscriptionOptions
from app.store.audio_links import AudioLink
from app.ui.actions import ActionId
from app.ui.export.dialog import ExportDialog
from app.ui.export.sheets import OverwriteSheet
from app.ui.kit.fields import Switch
from app.ui.library.view import LibraryView
from app.ui.stage import Page
from tests.flow.conftest import Opened, OpenProgram
from tests.support.builders import transcript
from tests.support.seen import sentences
from tests.support.waiting import until


def put_on_page(opened: Opened, folder: Path) -> None:
    folder.mkdir()
    storage = opened.storage.library.add(
        transcript(("a", "we asked the people"), ("b", "and they answered")),
        name="Talk",
        options=TranscriptionOptions(timestamps=False),
        link=AudioLink(str(folder / "talk.wav"), size_bytes=1),  # gone by now
        now_ms=1,
    )
    opened.program.rooms.library.open(storage)


async def opened_dialog(opened: Opened) -> ExportDialog:
    await until(lambda: opened.window.page is Page.TRANSCRIPT)
    await until(opened.export_button.isEnabled)
    opened.export_button.click()
    await until(
        lambda: any(one.isVisible() for one in opened.window.findChildren(ExportDialog))
    )
    (dialog,) = opened.window.findChildren(ExportDialog)
    await until(dialog.preview.text.toPlainText)
    return dialog


def choose(dialog: ExportDialog, label: str) -> None:
    model = dialog.formats.model()
    role = Qt.ItemDataRole.AccessibleTextRole
    rows = [row for row in range(model.rowCount()) if model.index(row, 0).data(role) == label]
    dialog.formats.setCurrentIndex(model.index(rows[0], 0))


def test_what_the_preview_shows_is_in_the_file_and_nothing_is_lost(
    open_program: OpenProgram, run_async, tmp_path: Path
) -> None:
    folder = tmp_path / "talks"
    target = folder / "talk.txt"

    async def flow() -> None:
        async with open_program() as opened:
            put_on_page(opened, folder)
            target.write_text("somebody else's")
            dialog = await opened_dialog(opened)
            choose(dialog, "Plain text")
            times = dialog.options.control("times")
            assert isinstance(times, QComboBox)
            shown = dialog.preview.text
            await until(lambda: "we asked" in shown.toPlainText())
            assert "[0:00]" not in shown.toPlainText()
            times.setCurrentIndex(times.findText("At each paragraph"))
            times.activated.emit(times.currentIndex())
            await until(lambda: "[0:00]" in shown.toPlainText())
            notes = dialog.options.control("notes")
            assert isinstance(notes, Switch)
            assert notes.is_refused
            assert "no notes" in notes.toolTip()
            # What is there belongs to somebody: asked about, and kept.
            expected = shown.toPlainText()
            dialog.export_button.click()
            await until(lambda: dialog.findChildren(OverwriteSheet))
            (sheet,) = dialog.findChildren(OverwriteSheet)
            sheet.answered.emit("both")
            sheet.close()
            second = folder / "talk 2.txt"
            await until(second.exists)
            await until(lambda: "talk 2.txt" in opened.window.notice.text)
            assert second.read_text("utf-8") == expected
            assert target.read_text() == "somebody else's"

    run_async(flow(), timeout_s=60)


def test_one_key_again_copy_and_a_folder_that_is_none(
    open_program: OpenProgram, run_async, tmp_path: Path
) -> None:
    folder = tmp_path / "talks"

    async def flow() -> None:
        async with open_program() as opened:
            put_on_page(opened, folder)
            blocked = folder / "blocked"
            blocked.write_text("a file")
            dialog = await opened_dialog(opened)
            choose(dialog, "SubRip subtitles")
            dialog.use_folder(str(blocked))
            dialog.export_button.click()
            # A sentence: the path that is shown besides has the name in it, too.
            await until(
                lambda: any("blocked" in one and one.endswith(".") for one in sentences(dialog))
            )
            assert blocked.read_text() == "a file"
            dialog.use_folder(str(folder / "out"))
            dialog.copy_button.click()
            clipboard = QApplication.clipboard()
            await until(lambda: " --> " in clipboard.text())
            dialog.export_button.click()
            written = folder / "out" / "talk.srt"
            await until(written.exists)
            await until(lambda: not opened.window.findChildren(ExportDialog))
            written.unlink()
            opened.program.front.actions[ActionId.EXPORT_AGAIN].trigger()
            await until(written.exists)
            assert "we asked the people" in written.read_text("utf-8")

    run_async(flow(), timeout_s=60)


def test_what_is_imported_is_in_the_list_of_the_library_at_once(
    open_program: OpenProgram, run_async, tmp_path: Path
) -> None:
    cues = "1\n00:00:01,000 --> 00:00:02,000\nhello there\n"
    for name in ("first", "second"):
        (tmp_path / f"{name}.srt").write_text(cues)

    async def flow() -> None:
        async with open_program() as opened:
            (view,) = opened.window.findChildren(LibraryView)
            for name in ("first", "second"):
                opened.program.rooms.imports.take([tmp_path / f"{name}.srt"])
                await until(lambda name=name: opened.title.text() == name)
                opened.program.front.actions[ActionId.LIBRARY].trigger()
                await until(lambda: opened.window.page is Page.LIBRARY)
                await until(lambda name=name: name in listed(view))
            assert set(listed(view)) == {"first", "second"}
            # and on the page that the window begins with
            await until(lambda: {"first", "second"} <= latest(opened))

    run_async(flow(), timeout_s=60)


def listed(view: LibraryView) -> list[str]:
    return [view.model.row_at(row).entry.name for row in range(view.model.rowCount())]


def latest(opened: Opened) -> set[str]:
    buttons = opened.empty.findChildren(QAbstractButton)
    return {button.accessibleName().split(",")[0] for button in buttons}
