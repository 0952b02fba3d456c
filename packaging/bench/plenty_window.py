"""The program as it is started, used with plenty of everything; for ``plenty.py``.

Run as ``python -m bench.plenty_window WORD PATH``, over the folders below ``WORDLIGHT_HOME``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

from PySide6 import QtWidgets
from PySide6.QtCore import Qt, QTimer
from typing_extensions import override

from bench.uses import REST_S, Use, Uses, is_writable, rest, run

_FRAME_MS = 16
_COMMONEST = "tape"


class PlentyUses(Uses):
    """Uses the program with plenty of everything."""

    @override
    def all(self, what: str, *paths: str) -> Use:
        """Do what belongs to a word."""
        match what:
            case "words":
                yield from self._words()
            case "looks":
                yield from self._looks()
            case "playing":
                yield from self._playing()
            case "library":
                yield from self._library()
            case "files":
                yield from self._files(Path(paths[0]))
            case _:
                yield from self._export(Path(paths[0]))

    def _words(self) -> Use:
        """Much at once in a transcript of hours."""
        from app.ui.transcript.view import TranscriptView

        view = self.find(TranscriptView)
        text = view.text
        yield from self._open()
        yield from self.use("find and replace", self.action("replace").trigger)
        find, new = [
            one for one in view.find_bar.findChildren(QtWidgets.QLineEdit) if one.isVisible()
        ][:2]
        find.setText(_COMMONEST)
        new.setText("ribbon")
        yield rest(REST_S)
        yield from self.use(
            "list all to replace", self._button("Replace all", view).click, self.dialogs
        )
        (sheet,) = self.dialogs()
        yield from self.use("replace all", lambda: self._primary(sheet).click())
        yield from self.use("undo replace all", self.action("undo").trigger)
        yield from self.use("redo replace all", self.action("redo").trigger)
        self.press(Qt.Key.Key_Escape, on=find)
        text.setFocus()
        yield rest(REST_S)
        self.application.clipboard().setText(" ".join(["twelve"] * 10_000))
        yield from self.use("paste 10,000 words", self.action("paste-text").trigger)
        yield from self.use("undo the paste", self.action("undo").trigger)
        cursor = text.textCursor()
        third = text.document().findBlockByNumber(text.document().blockCount() // 3)
        cursor.movePosition(cursor.MoveOperation.Start)
        cursor.setPosition(third.position(), cursor.MoveMode.KeepAnchor)
        text.setTextCursor(cursor)
        yield rest(REST_S)
        yield from self.use(
            "delete 10,000 words", lambda: self.press(Qt.Key.Key_Delete, on=text)
        )
        yield from self.use("undo the deletion", self.action("undo").trigger)
        yield from self.use("redo the deletion", self.action("redo").trigger)

    def _looks(self) -> Use:
        """Change how all looks that is open."""
        from app.core.preferences import ThemeChoice
        from app.ui.listening.timeline import TimelineBar
        from app.ui.settings.dialog import SettingsDialog

        yield from self._open()
        (splitter,) = [one for one in self.find_all(QtWidgets.QSplitter) if one.isVisible()][:1]
        left, right = splitter.sizes()[:2]
        rest_of = splitter.sizes()[2:]
        yield from self._each(
            "drag the splitter",
            [
                lambda by=by: splitter.setSizes([left + by, right - by, *rest_of])
                for by in (*range(0, 120, 6), *range(120, 0, -6))
            ],
        )
        timeline = self.find(TimelineBar)
        yield from self._each(
            "zoom the timeline", [lambda: timeline.zoom(0.7) for _ in range(12)]
        )
        yield from self._each(
            "scroll it zoomed",
            [lambda at=at: timeline.show_position(at * 20_000) for at in range(60)],
        )
        self.action("settings").trigger()
        yield self.dialogs
        yield rest(REST_S)
        dialog = cast("SettingsDialog", self.dialogs()[0])
        change = dialog.change_requested.emit
        looks: tuple[tuple[str, dict[str, object]], ...] = (
            ("dark theme", {"theme": ThemeChoice.DARK}),
            ("light theme", {"theme": ThemeChoice.LIGHT}),
            ("larger text", {"font_size_pt": 18.0}),
            ("usual text", {"font_size_pt": 0.0}),
            ("another language", {"interface_language": "de"}),
        )
        for name, changes in looks:
            yield from self.use(name, lambda changes=changes: change(changes))

    def _playing(self) -> Use:
        """Listen at three times the speed, with the page following."""
        from app.player.commands import PlayerCommand
        from app.player.session import PlaySession

        session = self.find(PlaySession)
        yield from self._open()
        yield rest(10)  # the waveform is drawn
        session.player.set_rate(3.0)
        yield from self.use("play at 3×", lambda: session.do(PlayerCommand.PLAY), rest_s=20)
        middle_ms = session.player.duration_ms // 2
        yield from self.use("jump while it plays", lambda: session.seek(middle_ms), rest_s=10)
        session.do(PlayerCommand.PAUSE)

    def _library(self) -> Use:
        """Thousands of transcripts."""
        from app.ui.library.view import LibraryView

        library = self.find(LibraryView)
        list_ = library.findChildren(QtWidgets.QAbstractItemView)[0]
        yield from self.use(
            "open the library", self.action("library").trigger, library.model.rowCount
        )
        bar = list_.verticalScrollBar()
        end = bar.maximum()
        yield from self._each(
            "scroll the library",
            [lambda at=at: bar.setValue(end * at // 60) for at in range(60)],
        )
        library.search.setFocus()
        yield from self.use("search the library", lambda: self.type_in("kalo"))
        yield from self.use("search no longer", library.search.clear)

    def _files(self, folder: Path) -> Use:
        """Add hundreds of recordings at once."""
        from app.ui.queue.view import QueueView

        queue = self.find(QueueView)
        files = sorted(folder.iterdir())
        yield from self.use(
            "add 500 files",
            lambda: self.drop(*files),
            lambda: queue.list.model().rowCount() >= len(files),
            rest_s=20,
        )
        bar = queue.list.verticalScrollBar()
        end = bar.maximum()
        yield from self._each(
            "scroll the queue", [lambda at=at: bar.setValue(end * at // 60) for at in range(60)]
        )
        yield from self.use("select all in the queue", queue.list.selectAll)

    def _export(self, path: Path) -> Use:
        """Write ten hours."""
        from app.ui.export.dialog import ExportDialog

        yield from self._open()
        folder = path.parent / "written"
        for form in ("srt", "docx", "pdf", "html"):
            yield from self.use(
                f"ask how to export as {form}", self.action("export").trigger, self.dialogs
            )
            dialog = cast("ExportDialog", self.dialogs()[0])
            dialog.use_folder(str(folder))
            yield from self.use(
                f"choose {form}", lambda dialog=dialog, form=form: dialog.formats.choose(form)
            )
            yield from self.use(
                f"export as {form}", dialog.export_button.click, lambda: not self.dialogs()
            )

    # Parts of it

    def _open(self) -> Use:
        from app.player.session import PlaySession
        from app.ui.library.view import LibraryView
        from app.ui.transcript.view import TranscriptView

        session, view = self.find(PlaySession), self.find(TranscriptView)
        library = self.find(LibraryView)
        self.action("library").trigger()
        yield library.model.rowCount
        yield rest(REST_S)
        library.open_requested.emit(library.model.row_at(0))
        yield lambda: session.player.path is not None and is_writable(view)
        yield rest(3)

    def _each(self, name: str, acts: Iterable[Callable[[], object]]) -> Use:
        """Do one thing after the other, one for each picture."""
        left = iter(acts)
        is_over: list[bool] = []
        timer = QTimer(self)

        def go_on() -> None:
            act = next(left, None)
            if act is None:
                timer.stop()
                is_over.append(True)
            else:
                act()

        timer.timeout.connect(go_on)
        yield from self.use(name, lambda: timer.start(_FRAME_MS), lambda: is_over)

    def _button(self, name: str, within: QtWidgets.QWidget) -> QtWidgets.QAbstractButton:
        return next(
            one
            for one in within.findChildren(QtWidgets.QAbstractButton)
            if one.accessibleName() == name
        )

    def _primary(self, dialog: QtWidgets.QDialog) -> QtWidgets.QPushButton:
        return next(
            one for one in dialog.findChildren(QtWidgets.QPushButton) if one.property("primary")
        )


if __name__ == "__main__":
    sys.exit(run(PlentyUses))
