"""The program as it is started, used for the first time in each way; for ``first_use.py``.

Run as ``python -m bench.first_use_window file FILE`` (from a file to an export),
``… library`` (what one does with transcripts made before) or ``… long`` (what one does to a
long one), over the folders below ``WORDLIGHT_HOME``. Prints a line of JSON for each use: its
name, the longest time in which the window's thread did only one thing, and the most
processor time that took in one go, in milliseconds. Where a stall was long, where the thread
stood goes to standard error.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from PySide6 import QtWidgets
from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QKeyEvent

from app.bootstrap.plain_imports import import_plainly

Kind = TypeVar("Kind", bound=QObject)
Use = Iterator[Callable[[], object]]
BEAT_MS = 4
LOOK_S = 0.002
LONG_S = 0.016
LONGEST_S = 120
PAUSE_S = 3.0
"""Nobody does anything sooner in a window that has just come up."""
REST_S = 1.5
_DEEPEST = 6


class Watch(QObject):
    """Beats in the window's thread and looks on from another.

    Attributes:
        longest_s: The longest time between two beats so far.
        busiest_s: The most processor time the window's thread took between two.
        stacks: Where the thread was seen during the longest, and how often.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread_id = threading.get_ident()
        self._seen: list[tuple[tuple[str, int, str], ...]] = []
        self._is_over = threading.Event()
        self.reset()
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(self._beat)
        timer.start(BEAT_MS)
        threading.Thread(target=self._look_on, daemon=True).start()

    def reset(self) -> None:
        """Forget the past, to watch one use on its own."""
        self.longest_s = self.busiest_s = 0.0
        self.stacks: Counter[str] = Counter()
        self._seen = []
        self._last, self._spent = time.perf_counter(), time.thread_time()

    def _beat(self) -> None:
        now, spent = time.perf_counter(), time.thread_time()
        late_s = now - self._last - BEAT_MS / 1_000
        seen, self._seen = self._seen, []
        if late_s > self.longest_s:
            self.longest_s = late_s
            self.stacks = Counter(_told(one) for one in seen if one)
        self.busiest_s = max(self.busiest_s, spent - self._spent)
        self._last, self._spent = now, spent

    def _look_on(self) -> None:
        while not self._is_over.wait(LOOK_S):
            if time.perf_counter() - self._last > LONG_S / 2:
                self._seen.append(_way(self._thread_id))


def _way(thread_id: int) -> tuple[tuple[str, int, str], ...]:
    """Give where a thread is, by file, line and function, the outermost first.

    At once, since what is held of a frame holds all that is in it: a painter, for example,
    which must be gone when the painting is.
    """
    way: list[tuple[str, int, str]] = []
    frame = sys._current_frames().get(thread_id)  # noqa: SLF001 - no other way
    while frame is not None:
        way.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
        frame = frame.f_back
    return tuple(way[::-1])


def _told(way: tuple[tuple[str, int, str], ...]) -> str:
    """Tell of a way what leads through our own code, and where that ends."""
    ours = [one for one in way if "/app/" in one[0]]
    ends = [] if ours and ours[-1] is way[-1] else [way[-1]]
    imports = sum(name == "_find_and_load" for _, _, name in way)
    told = [f"{Path(file).name}:{line} {name}" for file, line, name in [*ours, *ends]]
    return " > ".join(told[-_DEEPEST:]) + (f"  [{imports} imports]" if imports else "")


class Uses(QObject):
    """Uses the program, one thing after the other."""

    def __init__(self, application: QtWidgets.QApplication, arguments: list[str]) -> None:
        super().__init__(application)
        self._application = application
        self._watch = Watch(self)
        self._left = self._all(*arguments)
        self._wanted: Callable[[], object] = lambda: True
        self._since = time.monotonic()
        timer = QTimer(self)
        timer.timeout.connect(self._go_on)
        timer.start(20)

    def _go_on(self) -> None:
        if not self._wanted():
            if time.monotonic() - self._since > LONGEST_S:
                raise SystemExit(f"never came: {self._wanted}")
            return
        self._since = time.monotonic()
        self._wanted = next(self._left, lambda: False)

    def _all(self, what: str, *paths: str) -> Use:
        from app.player.session import PlaySession

        yield self._application.topLevelWidgets
        yield lambda: self._find_all(PlaySession)
        yield _rest(REST_S)
        self._tell("start")
        yield _rest(PAUSE_S)
        match what:
            case "file":
                yield from self._file(Path(paths[0]))
            case "long":
                yield from self._long()
            case _:
                yield from self._library()
        yield from self._use("leave", self._action("quit").trigger, rest_s=10)

    def _file(self, path: Path) -> Use:
        """From a file to an export."""
        from app.player.commands import PlayerCommand
        from app.player.session import PlaySession
        from app.ui.transcript.view import TranscriptView

        session, view = self._find(PlaySession), self._find(TranscriptView)
        yield from self._use("add a file", lambda: self._drop(path), rest_s=0.7)
        yield from self._use(
            "its words come", lambda: None, lambda: _is_writable(view), rest_s=REST_S
        )
        yield lambda: session.player.path is not None
        yield from self._use("play", lambda: session.do(PlayerCommand.PLAY))
        session.do(PlayerCommand.PAUSE)
        yield from self._use("find", self._action("find").trigger)
        yield from self._use("look for a word", lambda: self._type("the"))
        self._press(Qt.Key.Key_Escape)
        view.text.setFocus()
        yield from self._use("write", lambda: self._type("so "))
        yield from self._use("undo", self._action("undo").trigger)
        yield from self._page_menu()
        yield from self._dialog("export", self._action("export"))

    def _library(self) -> Use:
        """What one does with transcripts made before."""
        from app.player.session import PlaySession
        from app.ui.library.view import LibraryView
        from app.ui.transcript.view import TranscriptView

        session, view = self._find(PlaySession), self._find(TranscriptView)
        library = self._find(LibraryView)
        yield from self._menu()
        yield from self._dialog("find a command", self._action("commands"))
        yield from self._use("library", self._action("library").trigger, library.model.rowCount)
        library.search.setFocus()
        yield from self._use("look for words in it", lambda: self._type("borrowed"))
        row = library.model.row_at(0)
        yield from self._use(
            "open a transcript",
            lambda: library.open_requested.emit(row),
            lambda: session.player.path is not None and _is_writable(view),
        )
        yield from self._dialog("settings", self._action("settings"))
        yield from self._dialog("shortcuts", self._action("shortcuts"))

    def _long(self) -> Use:
        """What one does to a transcript of hours."""
        from app.player.session import PlaySession
        from app.ui.library.view import LibraryView
        from app.ui.transcript.view import TranscriptView

        session, view = self._find(PlaySession), self._find(TranscriptView)
        library, text = self._find(LibraryView), view.text
        self._action("library").trigger()
        yield library.model.rowCount
        yield _rest(REST_S)
        yield from self._use(
            "open a long one",
            lambda: library.open_requested.emit(library.model.row_at(0)),
            lambda: session.player.path is not None and _is_writable(view),
        )
        bar = text.verticalScrollBar()
        yield from self._use("scroll it", lambda: bar.setValue(bar.maximum() // 2))
        yield from self._use("make the window narrow", lambda: self._widen(-300))
        yield from self._use("make it wide again", lambda: self._widen(300))
        yield from self._use("find in it", self._action("find").trigger)
        yield from self._use("type what to find", lambda: self._type("the"))
        self._press(Qt.Key.Key_Escape)
        text.setFocus()
        yield from self._use("write in it", lambda: self._type("so "))
        yield from self._use("split a paragraph", lambda: self._press(Qt.Key.Key_Return))
        words = " ".join(["twelve"] * 10_000)
        self._application.clipboard().setText(words)
        yield from self._use("paste 10,000 words", self._action("paste-text").trigger)
        yield from self._use("undo that", self._action("undo").trigger)
        yield from self._use("select all", self._action("select-all").trigger)
        yield from self._use("delete all", lambda: self._press(Qt.Key.Key_Delete))
        yield from self._use("have it back", self._action("undo").trigger)

    def _widen(self, pixels: int) -> None:
        window = self._window()
        window.resize(window.width() + pixels, window.height())

    # One use

    def _use(
        self,
        name: str,
        act: Callable[[], object],
        is_done: Callable[[], object] = lambda: True,
        rest_s: float = REST_S,
    ) -> Use:
        yield _rest(0.3)
        self._watch.reset()
        QTimer.singleShot(0, self, act)  # from the loop, as keys and pointer come
        yield _rest(0.05)
        yield is_done
        yield _rest(rest_s)
        self._tell(name)

    def _dialog(self, name: str, action: QAction) -> Use:
        yield from self._use(name, action.trigger, self._dialogs)
        for one in self._dialogs():
            one.close()
        yield lambda: not self._dialogs()

    def _menu(self) -> Use:
        (more,) = [
            one
            for one in self._find_all(QtWidgets.QAbstractButton)
            if one.accessibleName() == "More" and one.isVisible()
        ]
        yield from self._use("menu", more.click, self._application.activePopupWidget)
        self._close_popups()

    def _page_menu(self) -> Use:
        action = self._action("page-menu")
        yield from self._use("menu of the page", action.trigger)
        self._close_popups()

    def _tell(self, name: str) -> None:
        watch = self._watch
        print(json.dumps([name, watch.longest_s * 1e3, watch.busiest_s * 1e3]), flush=True)
        if watch.longest_s > LONG_S:
            print(f"-- {name}: {watch.longest_s * 1e3:.0f} ms", file=sys.stderr)
            for told, count in watch.stacks.most_common(12):
                print(f"{count:4} {told}", file=sys.stderr, flush=True)
        watch.reset()

    # What a person finds

    def _find_all(self, kind: type[Kind]) -> list[Kind]:
        return [
            found
            for one in self._application.topLevelWidgets()
            for found in one.findChildren(kind)
        ]

    def _find(self, kind: type[Kind]) -> Kind:
        return self._find_all(kind)[0]

    def _window(self) -> QtWidgets.QMainWindow:
        (found,) = [
            one
            for one in self._application.topLevelWidgets()
            if isinstance(one, QtWidgets.QMainWindow)
        ]
        return found

    def _action(self, name: str) -> QAction:
        actions = [*self._window().actions()]
        for one in self._find_all(QtWidgets.QWidget):
            actions += one.actions()
        return next(one for one in actions if one.objectName() == name)

    def _dialogs(self) -> list[QtWidgets.QDialog]:
        return [one for one in self._find_all(QtWidgets.QDialog) if one.isVisible()]

    def _close_popups(self) -> None:
        while (popup := self._application.activePopupWidget()) is not None:
            popup.close()

    def _drop(self, path: Path) -> None:
        window, data = self._window(), QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        middle = window.rect().center()
        rest = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        copy = Qt.DropAction.CopyAction
        self._application.sendEvent(window, QDragEnterEvent(middle, copy, *rest))
        self._application.sendEvent(window, QDropEvent(QPointF(middle), copy, *rest))

    def _type(self, text: str) -> None:
        for letter in text:
            self._press(Qt.Key(ord(letter.upper())), letter)

    def _press(self, key: Qt.Key, text: str = "") -> None:
        focused = self._application.focusWidget()
        for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            self._application.postEvent(focused or self._window(), event)


def _rest(seconds: float) -> Callable[[], object]:
    end_s: list[float] = []

    def is_over() -> bool:
        if not end_s:
            end_s.append(time.monotonic() + seconds)
        return time.monotonic() > end_s[0]

    return is_over


def _is_writable(view: object) -> bool:
    text = getattr(view, "text", None)
    return isinstance(text, QtWidgets.QPlainTextEdit) and not text.isReadOnly()


class _Watched(QtWidgets.QApplication):
    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)
        self._uses = Uses(self, sys.argv[1:])


def main() -> int:
    """Start the program; gives its exit status."""
    import_plainly()  # as the program does, which comes too late here
    QtWidgets.QApplication = _Watched
    from app.__main__ import main as program

    return program([])


if __name__ == "__main__":
    sys.exit(main())
