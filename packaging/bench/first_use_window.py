"""The program as it is started, used for the first time in each way; for ``first_use.py``.

Run as ``python -m bench.first_use_window file FILE`` (from a file to an export),
``… library`` (what one does with transcripts made before) or ``… long`` (what one does to a
long one), over the folders below ``WORDLIGHT_HOME``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from typing_extensions import override

from bench.uses import REST_S, Use, Uses, is_writable, rest, run


class FirstUses(Uses):
    """Does for the first time what one does with the program."""

    @override
    def all(self, what: str, *paths: str) -> Use:
        """Do what belongs to a word."""
        match what:
            case "file":
                yield from self._file(Path(paths[0]))
            case "long":
                yield from self._long()
            case _:
                yield from self._library()

    def _file(self, path: Path) -> Use:
        """From a file to an export."""
        from app.player.commands import PlayerCommand
        from app.player.session import PlaySession
        from app.ui.transcript.view import TranscriptView

        session, view = self.find(PlaySession), self.find(TranscriptView)
        yield from self.use("add a file", lambda: self.drop(path), rest_s=0.7)
        yield from self.use(
            "its words come", lambda: None, lambda: is_writable(view), rest_s=REST_S
        )
        yield lambda: session.player.path is not None
        yield from self.use("play", lambda: session.do(PlayerCommand.PLAY))
        session.do(PlayerCommand.PAUSE)
        yield from self.use("find", self.action("find").trigger)
        yield from self.use("look for a word", lambda: self.type_in("the"))
        self.press(Qt.Key.Key_Escape)
        view.text.setFocus()
        yield from self.use("write", lambda: self.type_in("so "))
        yield from self.use("undo", self.action("undo").trigger)
        yield from self.page_menu()
        yield from self.dialog("export", self.action("export"))

    def _library(self) -> Use:
        """What one does with transcripts made before."""
        from app.player.session import PlaySession
        from app.ui.library.view import LibraryView
        from app.ui.transcript.view import TranscriptView

        session, view = self.find(PlaySession), self.find(TranscriptView)
        library = self.find(LibraryView)
        yield from self.menu()
        yield from self.dialog("find a command", self.action("commands"))
        yield from self.use("library", self.action("library").trigger, library.model.rowCount)
        library.search.setFocus()
        yield from self.use("look for words in it", lambda: self.type_in("borrowed"))
        row = library.model.row_at(0)
        yield from self.use(
            "open a transcript",
            lambda: library.open_requested.emit(row),
            lambda: session.player.path is not None and is_writable(view),
        )
        yield from self.dialog("settings", self.action("settings"))
        yield from self.dialog("shortcuts", self.action("shortcuts"))

    def _long(self) -> Use:
        """What one does to a transcript of hours."""
        from app.player.session import PlaySession
        from app.ui.library.view import LibraryView
        from app.ui.transcript.view import TranscriptView

        session, view = self.find(PlaySession), self.find(TranscriptView)
        library, text = self.find(LibraryView), view.text
        self.action("library").trigger()
        yield library.model.rowCount
        yield rest(REST_S)
        yield from self.use(
            "open a long one",
            lambda: library.open_requested.emit(library.model.row_at(0)),
            lambda: session.player.path is not None and is_writable(view),
        )
        bar = text.verticalScrollBar()
        yield from self.use("scroll it", lambda: bar.setValue(bar.maximum() // 2))
        yield from self.use("make the window narrow", lambda: self.widen(-300))
        yield from self.use("make it wide again", lambda: self.widen(300))
        yield from self.use("find in it", self.action("find").trigger)
        yield from self.use("type what to find", lambda: self.type_in("the"))
        self.press(Qt.Key.Key_Escape)
        text.setFocus()
        yield from self.use("write in it", lambda: self.type_in("so "))
        yield from self.use("split a paragraph", lambda: self.press(Qt.Key.Key_Return))
        words = " ".join(["twelve"] * 10_000)
        self.application.clipboard().setText(words)
        yield from self.use("paste 10,000 words", self.action("paste-text").trigger)
        yield from self.use("undo that", self.action("undo").trigger)
        yield from self.use("select all", self.action("select-all").trigger)
        yield from self.use("delete all", lambda: self.press(Qt.Key.Key_Delete))
        yield from self.use("have it back", self.action("undo").trigger)


if __name__ == "__main__":
    sys.exit(run(FirstUses))
