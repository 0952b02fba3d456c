"""The frame: panes, pages, the target of drops, place and size; it knows no feature.

``bootstrap`` shows it bare, so that something is on screen at once, and furnishes it after
the first paint: hence the imports inside functions, and ``QtCore.Qt`` instead of an import
of ``Qt``, whose hundreds of enums are made when it is first asked for (a tenth of the time
to the first paint).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol, cast

from PySide6 import QtCore
from PySide6.QtCore import QByteArray, QEvent, QTimer, Signal
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
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui.dropping import Dropped, listing_of
from app.ui.kit.room import Held
from app.ui.stage import Page

if TYPE_CHECKING:
    from app.ui.actions import Actions
    from app.ui.kit.appearance import Appearance
    from app.ui.kit.in_steps import Steps
    from app.ui.kit.notice import Notice
    from app.ui.stage import Said

_FOLDS_BELOW = 960
_LEAST_WIDTH = 640
_SIDE_WIDTH = 304


class Side(Protocol):
    """What stands at the side, and can be folded to a rail."""

    @property
    def is_folded(self) -> bool:
        """Whether only the rail is there."""
        ...

    @property
    def open_width(self) -> int:
        """How wide it is at least while it is open."""
        ...

    def set_folded(self, folded: bool) -> None:  # noqa: FBT001 - as Qt's setters
        """Fold it, or open it again."""
        ...

    def minimumWidth(self) -> int:  # noqa: N802 - Qt's name
        """Give the least width it can have now."""
        ...


def _count(listing: str) -> int:
    from app.jobs.intake import count_entries  # pulls in urllib: not at the start

    return count_entries(listing)


class MainWindow(QMainWindow):
    """The window; to the features it is their ``Stage``.

    Attributes:
        notice: Says one thing about the whole program.

    Signals:
        sources_dropped: Files, folders or links came: a ``Dropped``.
        close_requested: Somebody wants the window closed; ``close_for_good`` does it.
        restart_requested: Somebody wants Wordlight to end and be started again.
        first_painted: The window has been drawn once; heavy things may be made now.
        geometry_changed: Size, place or panes are others; ``pack_geometry`` gives them.
        page_turned: A page was turned to, perhaps the one that was there: a ``Page``.
    """

    sources_dropped = Signal(object)
    close_requested = Signal()
    restart_requested = Signal()
    first_painted = Signal()
    geometry_changed = Signal()
    page_turned = Signal(object)

    def __init__(self, *, bare_colors: tuple[str, str] = ("", "")) -> None:
        """Make the window, bare.

        Args:
            bare_colors: Of the middle and of the side while it is bare; the system's
                if empty.
        """
        super().__init__()
        self._bare_colors = bare_colors
        self._is_painted = False
        self._may_close = False
        self._is_recording = False
        self._progress = ""
        self._target = ""
        self._is_furnished = False
        self._is_focus_pointed = False
        self._is_turning = False
        self._focus_of: dict[Page, list[QWidget]] = {}
        self._wants_fold: bool | None = None
        self.setWindowTitle("Wordlight")
        self.setAcceptDrops(True)
        self.setMinimumSize(_LEAST_WIDTH, 440)
        self.resize(1200, 780)
        Held(self)
        self._geometry_timer = QTimer(self)
        self._geometry_timer.setSingleShot(True)
        self._geometry_timer.setInterval(500)
        self._geometry_timer.timeout.connect(self.geometry_changed)

    def furnish(self, appearance: Appearance, actions: Actions, side: Side) -> Steps[None]:
        """Divide the bare window into its panes.

        Args:
            appearance: How it looks.
            actions: What can be done; the window does what is asked of itself.
            side: The widget for the side.
        """
        from app.system.resources import resource_path
        from app.ui.actions import ActionId
        from app.ui.kit.drop_overlay import DropOverlay
        from app.ui.kit.key_splitter import KeySplitter
        from app.ui.kit.room import Scrolled

        self.setWindowIcon(QIcon(QPixmap(str(resource_path("icons", "wordlight.svg")))))
        self._side = side
        self._make_middle(appearance)
        yield
        self._splitter = KeySplitter(self.tr("Width of the queue"))
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self.setCentralWidget(Scrolled(self._splitter))
        yield  # the parts only now: Qt styles anew all that is moved
        left = cast("QWidget", side)
        left.hide()
        self._splitter.addWidget(left)
        for one in left.findChildren(QWidget):
            one.ensurePolished()  # else all at once as it is shown
            yield
        left.show()
        yield
        self._splitter.addWidget(self._middle)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([_SIDE_WIDTH, max(1, self.width() - _SIDE_WIDTH)])
        self._splitter.splitterMoved.connect(self._geometry_timer_start)
        yield
        self._overlay = DropOverlay(appearance, self)
        self._pages.setFocus()  # until something is there where one begins
        actions[ActionId.FOLD_QUEUE].triggered.connect(self._on_fold_toggled)
        actions[ActionId.PASTE].triggered.connect(self._on_paste)
        actions[ActionId.QUIT].triggered.connect(self.close)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
        # With another size of text the side needs another width, once all of it has it.
        fold = partial(QTimer.singleShot, 0, self, self._fold_if_narrow)
        appearance.theme_changed.connect(fold)
        self._is_furnished = True
        self._fold_if_narrow()

    # -- what is shown --------------------------------------------------------

    def place(
        self,
        page: Page,
        widget: QWidget,
        *,
        stretch: int = 1,
        begins_at: QWidget | None = None,
    ) -> None:
        """Put a widget on a page, below what is there already.

        Args:
            page: Which page.
            widget: What is put there.
            stretch: Its share of the room that is left; 0 for no more than it needs.
            begins_at: What of it gets the focus when the page is turned to, if it is shown.
        """
        self._columns[page].addWidget(widget, stretch)
        if begins_at is not None:
            self._focus_of.setdefault(page, []).append(begins_at)

    def place_banner(self, banner: QWidget) -> None:
        """Put what is to be seen on every page above all of them."""
        self._banners.addWidget(banner)

    def keep_clear_below(self, text: QWidget) -> None:
        """Let what is said lie over this, wherever it is seen, not over what is below."""
        self._floating.above = text

    def place_player(self, bar: QWidget) -> None:
        """Put the player's bar under the transcript's page."""
        self._player_place.addWidget(bar)
        self._player.setVisible(self.page is Page.TRANSCRIPT)

    @property
    def page(self) -> Page:
        """What stands in the middle."""
        return Page(self._pages.currentIndex())

    @property
    def pages(self) -> QWidget:
        """What holds the pages in the middle."""
        return self._pages

    @property
    def dialog_parent(self) -> QWidget:
        """What dialogs and sheets are laid over: the window itself."""
        return self

    def turn_to(self, page: Page) -> None:
        """Put a page into the middle, as it was left."""
        focused = cast("QWidget | None", self.focusWidget())
        if page is not self.page:
            self._is_turning = True
            self._pages.setCurrentIndex(page)
            self._is_turning = False
            if focused is not None and (
                focused is self._pages or self._pages.isAncestorOf(focused)
            ):  # Qt gives it to whatever comes next, a button for example
                holder = self._pages.currentWidget()
                places = self._focus_of.get(page, ())
                shown = (one for one in places if holder and one.isVisibleTo(holder))
                next(shown, self._pages).setFocus(QtCore.Qt.FocusReason.OtherFocusReason)
        self._player.setVisible(page is Page.TRANSCRIPT and self._player_place.count() > 1)
        self._fold_if_narrow()
        self.page_turned.emit(page)

    def say(
        self,
        text: str,
        *,
        button: str = "",
        answer: Callable[[], None] | None = None,
        is_bad: bool = False,
        stays: bool = False,
    ) -> Said:
        """Say one thing about the whole program; see ``Stage.say``.

        Whichever part finds that another build lies where this one did, it is said with the
        one way out.
        """
        from app.system.children import UPDATED_MEANWHILE
        from app.ui.translate import translated

        if text == translated(UPDATED_MEANWHILE):
            button, answer = self.tr("Restart Wordlight"), self.restart_requested.emit
            stays = True
        return self.notice.say(text, button=button, answer=answer, is_bad=is_bad, stays=stays)

    def show_recording(self, *, is_on: bool) -> None:
        """Tell in the title bar whether something is being recorded."""
        self._is_recording = is_on
        self._show_title()

    def show_progress(self, text: str) -> None:
        """Tell in the title bar how far the queue is; empty for nothing under way."""
        self._progress = text
        self._show_title()

    def show_target(self, text: str) -> None:
        """Say where things go that are dropped, while they hover; empty for nothing to say."""
        self._target = text

    def _show_title(self) -> None:
        title = f"{self._progress} – Wordlight" if self._progress else "Wordlight"
        recording = self.tr("● Recording")
        self.setWindowTitle(f"{recording} – {title}" if self._is_recording else title)

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
        # Space and Esc belong to a focused button or list before they play and pause, but
        # a button that was only clicked is not meant by Space any more.
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            focused = QApplication.focusWidget()
            plain = event.modifiers() == QtCore.Qt.KeyboardModifier.NoModifier
            if (
                plain
                and event.key() == QtCore.Qt.Key.Key_Space
                and isinstance(focused, (QAbstractButton, QComboBox))
                and not self._is_focus_pointed
            ):
                event.accept()
                return True
            if event.key() == QtCore.Qt.Key.Key_Escape and (
                self.page is not Page.TRANSCRIPT or self._said() is not None
            ):
                event.accept()
                return True
        return super().event(event)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        from app.ui.kit.tab_order import follow_layout, step_round

        if not self._is_turning:  # as Qt asks where the focus goes that the page had
            follow_layout(self)  # pages and panels come and go
            if step_round(self, onward=next):
                return True
        return super().focusNextPrevChild(next)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        from app.ui.kit.menu_key import ask_for_menu

        if ask_for_menu(self, event):
            return
        said = self._said() if event.key() == QtCore.Qt.Key.Key_Escape else None
        if said is None:
            super().keyPressEvent(event)
        else:
            said.dismiss()

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
                counted("MainWindow", count, "Drop to add", "Drop to add all {count}"),
                self._target,
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

    def _make_middle(self, appearance: Appearance) -> None:
        from app.ui.kit.floating import Floating
        from app.ui.kit.notice import Notice
        from app.ui.kit.separator import line
        from app.ui.kit.tall import Tall
        from app.ui.kit.tokens import SPACE_8, SPACE_16

        self._pages = QStackedWidget()
        self._pages.setAccessibleName(self.tr("Page"))
        self._columns: dict[Page, QVBoxLayout] = {}
        for page in Page:
            holder = QWidget()
            column = self._columns[page] = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            self._pages.addWidget(holder)
        self._banners = QVBoxLayout()
        self._banners.setContentsMargins(SPACE_16, SPACE_8, SPACE_16, 0)
        self._player = QWidget()
        self._player_place = QVBoxLayout(self._player)
        self._player_place.setContentsMargins(0, 0, 0, 0)
        self._player_place.setSpacing(0)
        self._player_place.addWidget(line())
        self._player.hide()
        self._middle = Tall()
        column = QVBoxLayout(self._middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._banners)
        column.addWidget(self._pages, 1)
        column.addWidget(self._player)
        self._middle.setMinimumWidth(360)
        self.notice = Notice(appearance)
        self._floating = Floating(self.notice, self._pages)

    def _said(self) -> Notice | None:
        """Give what is said somewhere in the window, if anything is."""
        from app.ui.kit.notice import Notice

        return next((one for one in self.findChildren(Notice) if one.isVisible()), None)

    def _on_focus_changed(self) -> None:
        self._is_focus_pointed = bool(QGuiApplication.mouseButtons())

    def _fold_if_narrow(self) -> None:
        least = self._side.open_width + self._middle.minimumWidth()
        if self.page is not Page.EMPTY:
            least = max(least, _FOLDS_BELOW)
        is_narrow = self.width() < least
        self._set_folded(is_narrow if self._wants_fold is None else self._wants_fold)

    def _on_fold_toggled(self) -> None:
        self._wants_fold = not self._side.is_folded
        self._set_folded(self._wants_fold)

    def _set_folded(self, folded: bool) -> None:  # noqa: FBT001 - as Qt's setters
        if folded == self._side.is_folded:
            return
        self._side.set_folded(folded)
        width = self._side.minimumWidth() if folded else _SIDE_WIDTH
        self._splitter.setSizes([width, max(1, self.width() - width)])

    def _geometry_timer_start(self) -> None:
        if self._is_painted:
            self._geometry_timer.start()

    def _on_paste(self) -> None:
        listing = listing_of(QGuiApplication.clipboard().mimeData())
        if _count(listing):
            self.sources_dropped.emit(Dropped(listing=listing))
        else:
            self.say(self.tr("There are no files, paths or links on the clipboard."))


def _unpacked(text: str) -> QByteArray | None:
    """Read what ``pack_geometry`` gave; nothing if the text makes no sense."""
    try:
        return QByteArray(base64.b64decode(text, validate=True)) if text else None
    except (binascii.Error, ValueError):
        return None
