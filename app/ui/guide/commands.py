"""Opens the list of all commands, and has the one done that was chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from app.ui.actions import ActionId, Actions, Group
from app.ui.guide.palette import Command, Palette
from app.ui.kit.appearance import Appearance
from app.ui.kit.menus import Menu, add_entries
from app.ui.kit.refusing import why_not
from app.ui.stage import Page, Stage

_ABOUT_PAGE = {Group.PLAYBACK, Group.TRANSCRIPT}


class CommandsController(QObject):
    """Offers every action by its name.

    Signals:
        about_to_offer: Actions tell now whether they can be done.
        offered: They have been offered; they need not tell any more.
    """

    about_to_offer = Signal()
    offered = Signal()

    def __init__(self, *, stage: Stage, appearance: Appearance, actions: Actions) -> None:
        super().__init__()
        self._stage = stage
        self._appearance = appearance
        self._actions = actions
        actions[ActionId.COMMANDS].triggered.connect(self.open)

    def open(self) -> Palette:
        """Open the list; gives it."""
        self.about_to_offer.emit()
        parent = self._stage.dialog_parent
        palette = Palette(self._appearance, self._commands(), parent, is_gradual=True)
        palette.finished.connect(self.offered)
        palette.chosen.connect(self._do)
        palette.open()
        return palette

    def _commands(self) -> list[Command]:
        actions = self._actions
        return [
            Command(
                action_id,
                actions.label(action_id),
                actions.group(action_id),
                actions[action_id].shortcut().toString(QKeySequence.SequenceFormat.NativeText),
                self._why_not(action_id),
            )
            for action_id in actions
            if action_id is not ActionId.COMMANDS
        ]

    def _why_not(self, action_id: ActionId) -> str:
        """Say why an action cannot be done now; nothing if it can."""
        is_about_page = self._actions.group_of(action_id) in _ABOUT_PAGE
        if is_about_page and self._stage.page is not Page.TRANSCRIPT:
            return self.tr("Open a transcript first.")
        if not self._actions[action_id].isEnabled():
            return why_not(self._actions[action_id]) or self.tr(
                "This is not available right now."
            )
        return ""

    def _do(self, action_id: ActionId) -> None:
        action = self._actions[action_id]
        choices = action.menu()
        if isinstance(choices, QMenu):
            self._open_choices(choices.actions(), action.text())
        else:
            action.trigger()

    def _open_choices(self, choices: Sequence[QAction], title: str) -> None:
        """Let one choose from the menu that an action stands for."""
        parent = self._stage.dialog_parent
        menu = Menu(parent)
        menu.setWindowTitle(title)
        menu.aboutToHide.connect(menu.deleteLater)
        add_entries(menu, choices)
        middle = parent.mapToGlobal(parent.rect().center())
        menu.popup(middle - QPoint(menu.sizeHint().width() // 2, 0))
