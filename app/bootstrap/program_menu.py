"""The menu of the program: everything that can be done, with *Help* and *About*.

Where the system has one menu bar for all programs (macOS), it fills that; elsewhere it is
behind the button with the dots, with the most used entries first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from app.ui.actions import ActionId, Actions
from app.ui.kit.menus import Menu, add_entries
from app.ui.transcript.page_menu import IN_MENU, PageMenu
from app.ui.translate import QT_TRANSLATE_NOOP

_N, _A = QT_TRANSLATE_NOOP, ActionId
Groups = tuple[tuple[ActionId, ...], ...]

PROGRAM_MENU: Groups = (
    (_A.COMMANDS,),
    (_A.ADD_FILES, _A.ADD_FOLDER, _A.ADD_URL, _A.PASTE),
    (_A.RECORD, _A.DICTATE),
    (_A.IMPORT, _A.EXPORT, _A.EXPORT_AGAIN),
    (_A.LIBRARY,),
    (_A.PAUSE_QUEUE, _A.CLEAR_FINISHED),
    (_A.REPLACE_IN_LIBRARY,),
    (_A.BACK_UP, _A.RESTORE),
    (_A.SETTINGS, _A.MODELS),
)
"""What is in the menu itself."""

QUEUE_MENU: Groups = (
    (_A.DO_NEXT, _A.MOVE_UP, _A.MOVE_DOWN),
    (_A.CHANGE_OPTIONS, _A.CANCEL, _A.RETRY, _A.REMOVE),
    (_A.DETAILS, _A.REVEAL, _A.EXPORT_SELECTED),
    (_A.SHOW_DONE,),
)
VIEW_MENU: Groups = (
    (_A.FOLD_QUEUE, _A.NEXT_PANE, _A.PREVIOUS_PANE),
    (_A.READ_SPEAKERS, _A.PROGRAM_MENU, _A.PAGE_MENU),
)
HELP_MENU: Groups = ((_A.SHORTCUTS, _A.LEGEND), (_A.PRIVACY, _A.ABOUT))
SUBMENUS = (
    (_N("ProgramMenu", "Queue"), QUEUE_MENU),
    (_N("ProgramMenu", "Window"), VIEW_MENU),
    (_N("ProgramMenu", "Help"), HELP_MENU),
)
_ROLES = {
    _A.ABOUT: QAction.MenuRole.AboutRole,
    _A.SETTINGS: QAction.MenuRole.PreferencesRole,
    _A.QUIT: QAction.MenuRole.QuitRole,
}


class ProgramMenu(QObject):
    """Everything that can be done, by menus.

    Attributes:
        popup: The menu behind the button.
        page: The menu of the page, within it.
        bar: The system's menu bar; ``None`` where windows have none in common.
    """

    def __init__(
        self, window: QWidget, actions: Actions, *, has_menu_bar: bool | None = None
    ) -> None:
        """Make the menus; they are filled when they open.

        Args:
            window: Whose they are.
            actions: What can be done.
            has_menu_bar: Whether the system has one bar of menus for all programs; it is
                asked if left out.
        """
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._recent: tuple[tuple[str, str, str], ...] = ()
        self._open_recent: Callable[[str], object] = lambda _transcript_id: None
        self.popup = Menu(window)
        self.popup.setWindowTitle("Wordlight")
        self.popup.aboutToShow.connect(self._fill)
        self.page = PageMenu(actions, window)
        self.page.setTitle(self.tr("Transcript"))
        self.offer_page(is_open=False)
        self.bar: QMenuBar | None = None
        if sys.platform == "darwin" if has_menu_bar is None else has_menu_bar:
            self.bar = self._menu_bar()

    def offer_page(self, *, is_open: bool) -> None:
        """Offer the menu of the page, where there is one."""
        self.page.refuse("" if is_open else self.tr("Open a transcript first."))

    def show_recent(self, recent: Sequence[tuple[str, str, str]]) -> None:
        """Offer the latest transcripts: of each its id, its name and when it was made."""
        self._recent = tuple(recent)

    def open_recent_with(self, open_it: Callable[[str], object]) -> None:
        """Let a transcript of the menu be opened like this, by its id."""
        self._open_recent = open_it

    def _fill(self) -> None:
        menu = self.popup
        menu.clear()
        for group in PROGRAM_MENU:
            self._add(menu, group)
            if _A.LIBRARY in group:
                self._fill_recent(menu.add_submenu(self.tr("Recent")))
            menu.addSeparator()
        menu.addMenu(self.page)
        for title, groups in SUBMENUS:
            inner = menu.add_submenu(_translated(title))
            for group in groups:
                self._add(inner, group)
                inner.addSeparator()
        menu.addSeparator()
        self._add(menu, (_A.QUIT,))

    def _fill_recent(self, menu: Menu) -> None:
        menu.clear()
        for transcript_id, name, about in self._recent:
            action = menu.addAction("\t".join((name.replace("&", "&&"), about)))
            action.triggered.connect(lambda _=False, one=transcript_id: self._open_recent(one))
        menu.refuse("" if self._recent else self.tr("No transcripts yet"))

    def _add(self, menu: Menu, group: Iterable[ActionId]) -> None:
        add_entries(menu, [self._actions[action_id] for action_id in group])

    def _menu_bar(self) -> QMenuBar:
        """Fill the system's menu bar, which all windows of the program share.

        The system moves some entries to a menu of its own, by their roles.
        """
        for action_id, role in _ROLES.items():
            self._actions[action_id].setMenuRole(role)
        bar = QMenuBar()
        file = bar.addMenu(self.tr("File"))
        for group in PROGRAM_MENU:
            file.addActions([self._actions[action_id] for action_id in group])
            file.addSeparator()
        close = file.addAction(QCoreApplication.translate("ProgramMenu", "Close"))
        close.setShortcut(QKeySequence.StandardKey.Close)
        close.triggered.connect(self._window.close)
        file.addAction(self._actions[_A.QUIT])
        recent = Menu(self._window, title=self.tr("Recent"))
        file.addMenu(recent)
        recent.aboutToShow.connect(lambda: self._fill_recent(recent))
        bar.addMenu(self.page)
        for title, groups in SUBMENUS:
            inner = bar.addMenu(_translated(title))
            if groups is VIEW_MENU:
                self._add_window_entries(inner)
            for group in groups:
                inner.addActions([self._actions[action_id] for action_id in group])
                inner.addSeparator()
        for menu in bar.actions():
            for action in _actions_of(menu):
                # Qt guesses by the text otherwise, and not in every language.
                if action.menuRole() is QAction.MenuRole.TextHeuristicRole:
                    action.setMenuRole(QAction.MenuRole.NoRole)
        return bar

    def _add_window_entries(self, menu: QMenu) -> None:
        """Offer what every window can do there."""
        window = self._window

        def fill_or_leave() -> None:
            window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)

        def zoom() -> None:
            window.setWindowState(window.windowState() ^ Qt.WindowState.WindowMaximized)

        for text, keys, do in (
            (self.tr("Minimize"), QKeySequence("Ctrl+M"), window.showMinimized),
            (self.tr("Zoom"), QKeySequence(), zoom),
            (self.tr("Full screen"), QKeySequence("Ctrl+Meta+F"), fill_or_leave),
        ):
            action = menu.addAction(text)
            action.setShortcut(keys)
            action.triggered.connect(do)
        menu.addSeparator()


def in_menus() -> set[ActionId]:
    """Give every action that some menu of the program has."""
    groups = [*PROGRAM_MENU, *QUEUE_MENU, *VIEW_MENU, *HELP_MENU]
    groups += [group for part in IN_MENU for group in part.groups]
    return {one for group in groups for one in group} | {_A.QUIT}


def _actions_of(entry: QAction) -> list[QAction]:
    menu = entry.menu()
    return menu.actions() if isinstance(menu, QMenu) else []


def _translated(title: str) -> str:
    return QCoreApplication.translate("ProgramMenu", title)
