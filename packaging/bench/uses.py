"""Using the program as it is started, one thing after the other, with a watch on its window.

Who uses it says what is done (``Uses.all``) and hands the class to ``run``. Each use is told
in a line of JSON: its name, the longest time in which the window's thread did only one thing,
and the most processor time that took in one go, in milliseconds. Where a stall was long, where
the thread stood goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
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
        stacks: Where the thread was seen when it took the most, and how often.
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
        self.longest_s = max(self.longest_s, late_s)
        if spent - self._spent > self.busiest_s:
            # Not during the longest: what others do on this machine says nothing of ours.
            self.busiest_s = spent - self._spent
            self.stacks = Counter(_told(one) for one in seen if one)
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
    """Uses the program, one thing after the other.

    Whoever derives from it says in ``all`` what is done.
    """

    def __init__(self, application: QtWidgets.QApplication, arguments: list[str]) -> None:
        super().__init__(application)
        self.application = application
        self._watch = Watch(self)
        self._left = self._from_the_start(*arguments)
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
        try:
            self._wanted = next(self._left, lambda: False)
        except Exception:  # noqa: BLE001 - the program would log it, and live on
            traceback.print_exc()
            os._exit(1)

    def all(self, what: str, *paths: str) -> Use:
        """Do all that belongs to a word; gives what is to be waited for."""
        raise NotImplementedError

    def _from_the_start(self, what: str, *paths: str) -> Use:
        yield self.application.topLevelWidgets
        yield self._is_up
        yield rest(REST_S)
        self._tell("start")
        yield rest(PAUSE_S)
        yield from self.all(what, *paths)
        yield from self.use("leave", self.action("quit").trigger, rest_s=10)
        os._exit(0)  # it asks whether to, and all is told

    def _is_up(self) -> bool:
        # Not imported here: that would be a stall, and none of the program's.
        kind = getattr(sys.modules.get("app.player.session"), "PlaySession", None)
        return kind is not None and bool(self.find_all(kind))

    # One use

    def use(
        self,
        name: str,
        act: Callable[[], object],
        is_done: Callable[[], object] = lambda: True,
        rest_s: float = REST_S,
    ) -> Use:
        """Do something, and tell how long the window stood still until all of it was over."""
        yield rest(0.3)
        self._watch.reset()
        QTimer.singleShot(0, self, act)  # from the loop, as keys and pointer come
        yield rest(0.05)
        yield is_done
        yield rest(rest_s)
        self._tell(name)

    def dialog(self, name: str, action: QAction) -> Use:
        """Open a dialog, and close it."""
        yield from self.use(name, action.trigger, self.dialogs)
        for one in self.dialogs():
            one.close()
        yield lambda: not self.dialogs()

    def menu(self) -> Use:
        """Open the menu of all that can be done, and close it."""
        (more,) = [
            one
            for one in self.find_all(QtWidgets.QAbstractButton)
            if one.accessibleName() == "More" and one.isVisible()
        ]
        yield from self.use("menu", more.click, self.application.activePopupWidget)
        self.close_popups()

    def page_menu(self) -> Use:
        """Open the menu of the page, and close it."""
        action = self.action("page-menu")
        yield from self.use("menu of the page", action.trigger)
        self.close_popups()

    def _tell(self, name: str) -> None:
        watch = self._watch
        print(json.dumps([name, watch.longest_s * 1e3, watch.busiest_s * 1e3]), flush=True)
        if watch.longest_s > LONG_S:
            times = f"{watch.longest_s * 1e3:.0f} ms, {watch.busiest_s * 1e3:.0f} ms of work"
            print(f"-- {name}: {times}", file=sys.stderr)
            for told, count in watch.stacks.most_common(12):
                print(f"{count:4} {told}", file=sys.stderr, flush=True)
        watch.reset()

    # What a person finds

    def find_all(self, kind: type[Kind]) -> list[Kind]:
        """Give all of a kind that are in a window."""
        return [
            found
            for one in self.application.topLevelWidgets()
            for found in one.findChildren(kind)
        ]

    def find(self, kind: type[Kind]) -> Kind:
        """Give the first of a kind."""
        return self.find_all(kind)[0]

    def window(self) -> QtWidgets.QMainWindow:
        """Give the window of the program."""
        (found,) = [
            one
            for one in self.application.topLevelWidgets()
            if isinstance(one, QtWidgets.QMainWindow)
        ]
        return found

    def action(self, name: str) -> QAction:
        """Give an action by its name."""
        actions = [*self.window().actions()]
        for one in self.find_all(QtWidgets.QWidget):
            actions += one.actions()
        return next(one for one in actions if one.objectName() == name)

    def dialogs(self) -> list[QtWidgets.QDialog]:
        """Give the dialogs that are open."""
        return [one for one in self.find_all(QtWidgets.QDialog) if one.isVisible()]

    def close_popups(self) -> None:
        """Close the menus that are open."""
        while (popup := self.application.activePopupWidget()) is not None:
            popup.close()

    def drop(self, *paths: Path) -> None:
        """Drop files on the window."""
        window, data = self.window(), QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        middle = window.rect().center()
        beside = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        copy = Qt.DropAction.CopyAction
        self.application.sendEvent(window, QDragEnterEvent(middle, copy, *beside))
        self.application.sendEvent(window, QDropEvent(QPointF(middle), copy, *beside))

    def type_in(self, text: str) -> None:
        """Press the keys of a text."""
        for letter in text:
            self.press(Qt.Key(ord(letter.upper())), letter)

    def press(self, key: Qt.Key, text: str = "", on: QtWidgets.QWidget | None = None) -> None:
        """Press a key."""
        focused = on or self.application.focusWidget()
        for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            self.application.postEvent(focused or self.window(), event)

    def widen(self, pixels: int) -> None:
        """Make the window wider, or narrower."""
        window = self.window()
        window.resize(window.width() + pixels, window.height())


def rest(seconds: float) -> Callable[[], object]:
    """Give what is to be waited for when nothing is done for a while."""
    end_s: list[float] = []

    def is_over() -> bool:
        if not end_s:
            end_s.append(time.monotonic() + seconds)
        return time.monotonic() > end_s[0]

    return is_over


def is_writable(view: object) -> bool:
    """Tell whether what is on the page can be edited."""
    text = getattr(view, "text", None)
    return isinstance(text, QtWidgets.QPlainTextEdit) and not text.isReadOnly()


def run(kind: type[Uses]) -> int:
    """Start the program to be used as a kind of user does; gives its exit status."""

    class Watched(QtWidgets.QApplication):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments)
            self.uses = kind(self, sys.argv[1:])

    import_plainly()  # as the program does, which comes too late here
    QtWidgets.QApplication = Watched
    from app.__main__ import main as program

    return program([])
