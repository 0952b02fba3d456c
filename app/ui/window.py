"""The one window: places the views, takes whatever is dropped, asks to close.

It holds no rule and starts no work. ``bootstrap`` shows it bare, so that something is on
screen at once, and furnishes it after the first paint: hence the imports inside functions,
and ``QtCore.Qt`` instead of an import of ``Qt``, whose hundreds of enums are made when it
is first asked for (a tenth of the time to the first paint).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6 import QtCore
from PySide6.QtCore import QByteArray, QEvent, QMimeData, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QIcon,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

if TYPE_CHECKING:
    from app.core.job import Job
    from app.ui.actions import Actions
    from app.ui.kit.theme import Appearance
    from app.ui.queue.model import JobModel

_FOLDS_BELOW = 960
_SIDE_WIDTH = 304


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was dropped or pasted.

    Attributes:
        paths: Files and folders.
        links: Web links.
        listing: More of both, one a line; ten thousand take too long to read to do it
            in the window's thread.
    """

    paths: tuple[Path, ...] = ()
    links: tuple[str, ...] = ()
    listing: str = ""


class Page(IntEnum):
    """What stands in the middle."""

    EMPTY = 0
    JOB = 1
    TRANSCRIPT = 2
    LIBRARY = 3


def listing_of(data: QMimeData) -> str:
    """Give the files, folders and links somebody drags or pastes, one a line."""
    if data.hasUrls():
        return bytes(data.data("text/uri-list").data()).decode("utf-8", "replace")
    return data.text() if data.hasText() else ""


def _count(listing: str) -> int:
    from app.jobs.intake import count_entries  # pulls in urllib: not at the start

    return count_entries(listing)


class MainWindow(QMainWindow):
    """The window.

    Attributes:
        queue: The queue.
        options: Pickers and switches.
        empty: What is shown before anything is there.
        notice: Says one thing about the whole program.
        copy_button: *Copy*.
        export_button: *Export*.

    Signals:
        sources_dropped: Files, folders or links came: a ``Dropped``.
        close_requested: Somebody wants the window closed; ``close_for_good`` does it.
        first_painted: The window has been drawn once; heavy things may be made now.
        geometry_changed: Size, place or panes are others; ``pack_geometry`` gives them.
    """

    sources_dropped = Signal(object)
    close_requested = Signal()
    first_painted = Signal()
    geometry_changed = Signal()

    def __init__(
        self,
        appearance: Appearance | None = None,
        actions: Actions | None = None,
        model: JobModel | None = None,
        *,
        bare_colors: tuple[str, str] = ("", ""),
    ) -> None:
        """Make the window, bare unless everything is given.

        Args:
            appearance: How it looks.
            actions: What can be done.
            model: The rows of the queue.
            bare_colors: Of the middle and of the side while it is bare; the system's
                if empty.
        """
        super().__init__()
        self._bare_colors = bare_colors
        self._is_painted = False
        self._may_close = False
        self._is_furnished = False
        self._transcript_view: QWidget | None = None
        self._wants_fold: bool | None = None
        self.setWindowTitle("Wordlight")
        self.setAcceptDrops(True)
        self.setMinimumSize(640, 440)
        self.resize(1200, 780)
        self._geometry_timer = QTimer(self)
        self._geometry_timer.setSingleShot(True)
        self._geometry_timer.setInterval(500)
        self._geometry_timer.timeout.connect(self.geometry_changed)
        if appearance is not None and actions is not None and model is not None:
            self.furnish(appearance, actions, model)

    def furnish(self, appearance: Appearance, actions: Actions, model: JobModel) -> None:
        """Put everything into the bare window."""
        from app.ui.actions import ActionId
        from app.ui.kit.theme import resource_path
        from app.ui.queue.empty import DropOverlay

        self._appearance = appearance
        self._actions = actions
        self._model = model
        self.setWindowIcon(QIcon(QPixmap(str(resource_path("icons", "wordlight.svg")))))
        self._make_side(model)
        self._make_middle()
        self._splitter = QSplitter(QtCore.Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(self._side)
        self._splitter.addWidget(self._middle)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([_SIDE_WIDTH, max(1, self.width() - _SIDE_WIDTH)])
        self._splitter.splitterMoved.connect(self._geometry_timer_start)
        self.setCentralWidget(self._splitter)
        self._overlay = DropOverlay(self._appearance, self)
        self._menu = self._make_menu()
        self.queue.set_more_menu(self._menu)
        actions.attach(self, self.queue)
        self._pages.setFocus()  # no ring before somebody presses Tab
        actions[ActionId.FOLD_QUEUE].triggered.connect(self._on_fold_toggled)
        actions[ActionId.PASTE].triggered.connect(self._on_paste)
        actions[ActionId.QUIT].triggered.connect(self.close)
        self._is_furnished = True
        self._fold_if_narrow()

    # -- what is shown --------------------------------------------------------

    def place_transcript(self, view: QWidget) -> None:
        """Put the transcript's view into its place; it gets the focus when it is turned to."""
        self._transcript_place.addWidget(view, 1)
        self._transcript_view = view

    def place_player(self, bar: QWidget) -> None:
        """Put the player's bar into its place."""
        self._player_place.addWidget(bar)
        self._player.setVisible(self.page is Page.TRANSCRIPT)

    def place_library(self, view: QWidget) -> None:
        """Put the library's page into its place."""
        self._library_place.addWidget(view, 1)

    @property
    def page(self) -> Page:
        """What stands in the middle."""
        return Page(self._pages.currentIndex())

    def show_empty(self) -> None:
        """Show that there is nothing yet, and what to do."""
        self._turn_to(Page.EMPTY)

    def show_job(self, job: Job) -> None:
        """Show a job that has no transcript (yet)."""
        self.job_page.show_job(job)
        self._turn_to(Page.JOB)

    def show_transcript(self, title: str, meta: str) -> None:
        """Show the transcript's page under this title.

        Args:
            title: The recording's name.
            meta: The muted line under it: length, speakers, model, language, saved.
        """
        self.title.setText(title)
        self.meta.setText(meta)
        self._turn_to(Page.TRANSCRIPT)

    def show_library(self) -> None:
        """Show the library's page."""
        self._turn_to(Page.LIBRARY)

    def turn_back(self, page: Page) -> None:
        """Show a page again as it was left."""
        self._turn_to(page)

    def show_meta(self, meta: str) -> None:
        """Change the line under the title."""
        self.meta.setText(meta)

    def show_progress(self, text: str) -> None:
        """Tell in the title bar how far the queue is; empty for nothing under way."""
        self.setWindowTitle(f"{text} – Wordlight" if text else "Wordlight")

    def come_forward(self) -> None:
        """Stand before the other windows, ready to be typed into."""
        self.setWindowState(self.windowState() & ~QtCore.Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    def finish_typing(self) -> None:
        """Take what is being typed in place for finished, so that it is kept."""
        from app.ui.kit.inline_edit import InlineEdit

        for editor in self.findChildren(InlineEdit):
            editor.finish()

    def close_for_good(self) -> None:
        """Close; nothing is asked any more."""
        self._may_close = True
        self.close()

    # -- what is kept ---------------------------------------------------------

    def pack_geometry(self) -> tuple[str, str]:
        """Give place and size, and the panes, as texts for the settings."""
        geometry = base64.b64encode(self.saveGeometry().data()).decode()
        panes = base64.b64encode(self._splitter.saveState().data()).decode()
        return geometry, panes

    def unpack_geometry(self, geometry: str, panes: str) -> None:
        """Take place, size and panes as they were; texts that make no sense do nothing."""
        if packed := _unpacked(geometry):
            self.restoreGeometry(packed)
        if self._is_furnished and (packed := _unpacked(panes)):
            self._splitter.restoreState(packed)

    # -- Qt -------------------------------------------------------------------

    @override
    def event(self, event: QEvent) -> bool:
        # Space and Esc belong to a focused button or list before they play and pause.
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            focused = QApplication.focusWidget()
            plain = event.modifiers() == QtCore.Qt.KeyboardModifier.NoModifier
            if (
                plain
                and event.key() == QtCore.Qt.Key.Key_Space
                and isinstance(focused, (QAbstractButton, QComboBox))
            ):
                event.accept()
                return True
        return super().event(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_furnished:
            self._paint_bare()
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self.first_painted.emit)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_furnished:
            self._fold_if_narrow()
        self._geometry_timer_start()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            self._geometry_timer.stop()
            event.accept()
        else:
            event.ignore()
            self.finish_typing()
            self.close_requested.emit()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() or not self._is_furnished:  # our own rows or text
            return
        count = _count(listing_of(event.mimeData()))
        if count:
            from app.ui.translate import counted

            event.setDropAction(QtCore.Qt.DropAction.CopyAction)
            event.accept()
            self._overlay.answer(
                counted("MainWindow", count, "Drop to add it", "Drop to add all {count}")
            )

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self._is_furnished and self._overlay.isVisible():
            event.setDropAction(QtCore.Qt.DropAction.CopyAction)
            event.accept()

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._overlay.hide()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._overlay.hide()
        listing = listing_of(event.mimeData())
        if listing:  # there is something in it: dragging it in was accepted
            event.setDropAction(QtCore.Qt.DropAction.CopyAction)
            event.accept()
            self.sources_dropped.emit(Dropped(listing=listing))

    # -- inside ---------------------------------------------------------------

    def _paint_bare(self) -> None:
        """Paint what will be there in a moment: the middle and the side."""
        painter = QPainter(self)
        middle, side = (QColor(color) for color in self._bare_colors)
        if middle.isValid() and side.isValid():
            painter.fillRect(self.rect(), middle)
            painter.fillRect(0, 0, _SIDE_WIDTH, self.height(), side)

    def _make_side(self, model: JobModel) -> None:
        from app.ui.queue.options_panel import OptionsPanel
        from app.ui.queue.view import QueueView

        self._side = QWidget()
        self._side.setProperty("panel", True)  # noqa: FBT003 - Qt's signature
        self._side.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.queue = QueueView(self._appearance, self._actions, model)
        self.options = OptionsPanel(self._appearance)
        column = QVBoxLayout(self._side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.queue, 1)
        self._side_line = _line()
        column.addWidget(self._side_line)
        column.addWidget(self.options)
        self._side.setMinimumWidth(248)
        self._side.setMaximumWidth(480)

    def _make_middle(self) -> None:
        from app.ui.kit.notice import Notice
        from app.ui.kit.theme import SPACE_8, SPACE_16
        from app.ui.queue.empty import EmptyView
        from app.ui.queue.job_page import JobPage

        self.empty = EmptyView(self._appearance, self._actions)
        self.job_page = JobPage(self._model)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.job_page)
        self._pages.addWidget(self._make_transcript_page())
        library = QWidget()
        self._library_place = QVBoxLayout(library)
        self._library_place.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(library)
        self.notice = Notice(self._appearance)
        notice_row = QHBoxLayout()
        notice_row.setContentsMargins(SPACE_16, SPACE_8, SPACE_16, 0)
        notice_row.addWidget(self.notice)
        self._player = QWidget()
        self._player_place = QVBoxLayout(self._player)
        self._player_place.setContentsMargins(0, 0, 0, 0)
        self._player_place.setSpacing(0)
        self._player_place.addWidget(_line())
        self._player.hide()
        self._middle = QWidget()
        column = QVBoxLayout(self._middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(notice_row)
        column.addWidget(self._pages, 1)
        column.addWidget(self._player)
        self._middle.setMinimumWidth(360)

    def _make_transcript_page(self) -> QWidget:
        from app.ui.actions import ActionId
        from app.ui.kit.elided_label import ElidedLabel
        from app.ui.kit.theme import HIT_SIZE, SPACE_4, SPACE_8, SPACE_12, SPACE_16, SPACE_24

        self.title = ElidedLabel()
        self.title.setProperty("title", True)  # noqa: FBT003 - Qt's signature
        self.meta = ElidedLabel(mode=QtCore.Qt.TextElideMode.ElideRight)
        self.meta.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self.copy_button = QPushButton(self.tr("Copy"))
        self.export_button = QPushButton(self.tr("Export"))
        for button, action_id, icon in (
            (self.copy_button, ActionId.COPY_ALL, "copy"),
            (self.export_button, ActionId.EXPORT, "export"),
        ):
            button.setAccessibleName(button.text())
            button.setToolTip(self._actions.tooltip(action_id))
            button.clicked.connect(self._actions[action_id].trigger)
            self._appearance.dress(button, icon)
        find = QToolButton()
        find.setAccessibleName(self.tr("Find"))
        find.setToolTip(self._actions.tooltip(ActionId.FIND))
        find.setMinimumSize(HIT_SIZE, HIT_SIZE)
        find.clicked.connect(self._actions[ActionId.FIND].trigger)
        self._appearance.dress(find, "find")
        names = QVBoxLayout()
        names.setSpacing(SPACE_4)
        names.addWidget(self.title)
        names.addWidget(self.meta)
        head = QHBoxLayout()
        head.setContentsMargins(SPACE_24, SPACE_16, SPACE_16, SPACE_12)
        head.setSpacing(SPACE_8)
        head.addLayout(names, 1)
        head.addWidget(self.copy_button)
        head.addWidget(self.export_button)
        head.addWidget(find)
        page = QWidget()
        self._transcript_place = QVBoxLayout(page)
        self._transcript_place.setContentsMargins(0, 0, 0, 0)
        self._transcript_place.setSpacing(0)
        self._transcript_place.addLayout(head)
        return page

    def _make_menu(self) -> QMenu:
        from app.ui.actions import ActionId

        groups = (
            (ActionId.ADD_FILES, ActionId.ADD_FOLDER, ActionId.ADD_URL, ActionId.PASTE),
            (ActionId.IMPORT, ActionId.EXPORT, ActionId.EXPORT_AGAIN),
            (ActionId.LIBRARY,),
            (ActionId.PAUSE_QUEUE, ActionId.CLEAR_FINISHED),
            (ActionId.BACK_UP, ActionId.RESTORE),
            (ActionId.SETTINGS, ActionId.MODELS, ActionId.SHORTCUTS),
            (ActionId.QUIT,),
        )
        menu = QMenu(self)
        for group in groups:
            menu.addActions([self._actions[action_id] for action_id in group])
            menu.addSeparator()
        return menu

    def _turn_to(self, page: Page) -> None:
        focused = cast("QWidget | None", self.focusWidget())
        if page is not self.page:
            self._pages.setCurrentIndex(page)
            if focused is not None and (
                focused is self._pages or self._pages.isAncestorOf(focused)
            ):  # Qt gives it to whatever comes next, a button for example
                view = self._transcript_view if page is Page.TRANSCRIPT else None
                (view or self._pages).setFocus(QtCore.Qt.FocusReason.OtherFocusReason)
        self.queue.show_library_open(page is Page.LIBRARY)
        self._player.setVisible(page is Page.TRANSCRIPT and self._player_place.count() > 1)
        self._fold_if_narrow()

    def _fold_if_narrow(self) -> None:
        is_narrow = self.width() < _FOLDS_BELOW and self.page is not Page.EMPTY
        self._set_folded(is_narrow if self._wants_fold is None else self._wants_fold)

    def _on_fold_toggled(self) -> None:
        self._wants_fold = not self.queue.is_folded
        self._set_folded(self._wants_fold)

    def _set_folded(self, folded: bool) -> None:  # noqa: FBT001 - as Qt's setters
        from app.ui.queue.view import RAIL_WIDTH

        if folded == self.queue.is_folded:
            return
        self.queue.set_folded(folded)
        self.options.setVisible(not folded)
        self._side_line.setVisible(not folded)
        self._side.setMinimumWidth(RAIL_WIDTH if folded else 248)
        self._side.setMaximumWidth(RAIL_WIDTH if folded else 480)
        side = RAIL_WIDTH if folded else _SIDE_WIDTH
        self._splitter.setSizes([side, max(1, self.width() - side)])

    def _geometry_timer_start(self) -> None:
        if self._is_painted:
            self._geometry_timer.start()

    def _on_paste(self) -> None:
        listing = listing_of(QGuiApplication.clipboard().mimeData())
        if _count(listing):
            self.sources_dropped.emit(Dropped(listing=listing))
        else:
            self.notice.say(self.tr("There are no files, paths or links to paste."))


def _unpacked(text: str) -> QByteArray | None:
    """Read what ``pack_geometry`` gave; nothing if the text makes no sense."""
    try:
        return QByteArray(base64.b64decode(text, validate=True)) if text else None
    except (binascii.Error, ValueError):
        return None


def _line() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.NoFrame)
    line.setProperty("separator", True)  # noqa: FBT003 - Qt's signature
    line.setFixedHeight(1)
    return line
