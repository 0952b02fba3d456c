"""What can be done with the page: one list for its menu, however it is opened, and its bar.

Whoever makes another action adds its id to ``IN_MENU``, in the part it belongs to; one for
what is selected to ``IN_BAR`` as well. An action with choices (``QAction.setMenu``) opens them.
Before menu or bar is seen, ``about_to_offer`` asks for actions to be brought up to date.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from app.ui.actions import GIVE_TO, ActionId, Actions
from app.ui.kit.menus import Menu, add_entries
from app.ui.translate import QT_TRANSLATE_NOOP

_N, _A = QT_TRANSLATE_NOOP, ActionId


@dataclass(frozen=True, slots=True)
class MenuPart:
    """Actions that stand together.

    Attributes:
        title: What the menu within the menu is called that they are in; none without it.
        groups: They, with a line between the groups.
    """

    title: str
    groups: tuple[tuple[ActionId, ...], ...]


IN_MENU: tuple[MenuPart, ...] = (
    MenuPart(
        "",
        (
            (_A.FIX_SPELLING,),
            (_A.PLAY_HERE, _A.CORRECT, _A.CARET_TO_SPOKEN, _A.LOOP),
        ),
    ),
    MenuPart(
        "",
        (
            (_A.UNDO, _A.REDO, _A.HISTORY, _A.VERSIONS),
            (_A.CUT_TEXT, _A.COPY_TEXT, _A.COPY_WITH_TIMES, _A.PASTE_TEXT, _A.SELECT_ALL),
            (_A.FIND, _A.REPLACE, _A.APPLY_WORD_LIST, _A.WORD_LIST),
        ),
    ),
    MenuPart(
        _N("PageMenu", "Speaker"),
        (
            (_A.WHO_SPEAKS, _A.CHANGE_SPEAKER, _A.RENAME_SPEAKER, _A.HEAR_SPEAKER),
            (_A.TURN_EARLIER, _A.TURN_LATER),
            (_A.SPEAKERS, _A.TELL_APART),
        ),
    ),
    MenuPart(
        _N("PageMenu", "Paragraph"),
        ((_A.APPROVE,), (_A.SPLIT, _A.JOIN_BEFORE, _A.JOIN_AFTER), (_A.CUT_ANEW,)),
    ),
    MenuPart(_N("PageMenu", "Assign to speaker"), (GIVE_TO,)),
    MenuPart(
        _N("PageMenu", "Mark"),
        ((_A.HIGHLIGHT, _A.NOTE, _A.BOOKMARK), (_A.STRIKE,), (_A.NOTES,)),
    ),
    MenuPart(
        _N("PageMenu", "Review"),
        (
            (_A.CHECK_WORDS, _A.CHECK_SPEAKERS, _A.SPELLING),
            (_A.NEXT_UNREVIEWED, _A.ONLY_UNREVIEWED, _A.PALE_UNHEARD),
            (_A.DIM_REVIEWED, _A.DIM_CERTAIN, _A.DIM_OTHERS),
            (_A.FILLERS, _A.HIDE_STRUCK, _A.RESTORE_STRUCK),
            (_A.MARK_UNCERTAIN, _A.PREVIOUS_UNCERTAIN, _A.NEXT_UNCERTAIN),
            (_A.LEGEND,),
        ),
    ),
    MenuPart(
        _N("PageMenu", "Listen"),
        (
            (_A.PLAY, _A.BACK, _A.FORWARD, _A.REPEAT),
            (_A.PREVIOUS_WORD, _A.NEXT_WORD, _A.PREVIOUS_SENTENCE, _A.NEXT_SENTENCE),
            (_A.PREVIOUS_TURN, _A.NEXT_TURN),
            (_A.END_LOOP, _A.SKIP_SILENCES, _A.ONLY_SPEAKER),
            (_A.SLOWER, _A.FASTER, _A.NORMAL_SPEED),
            (_A.QUIETER, _A.LOUDER, _A.MUTE),
            (_A.FOLLOW, _A.SAY_WORD, _A.VIDEO),
        ),
    ),
    MenuPart(
        _N("PageMenu", "Times"),
        (
            (_A.RETIME, _A.SNAP_TIMES, _A.SHIFT_TIMES),
            (_A.START_EARLIER, _A.START_LATER, _A.START_MUCH_EARLIER, _A.START_MUCH_LATER),
            (_A.END_EARLIER, _A.END_LATER, _A.END_MUCH_EARLIER, _A.END_MUCH_LATER),
        ),
    ),
    MenuPart(
        _N("PageMenu", "Whole transcript"),
        (
            (_A.RENAME, _A.COPY_ALL, _A.EXPORT, _A.EXPORT_AGAIN),
            (_A.ALIGN, _A.TRANSCRIBE_AGAIN, _A.AGAIN_SELECTED, _A.COMPARE),
            (_A.GIVE_RECORDING,),
        ),
    ),
)
"""The menu of the page: right click, Menu key, and the button over the page."""

IN_BAR: tuple[tuple[ActionId, ...], ...] = (
    (_A.PLAY_HERE, _A.LOOP),
    (_A.CHANGE_SPEAKER, _A.HIGHLIGHT, _A.NOTE, _A.BOOKMARK),
    (_A.COPY_TEXT,),
)
"""The bar over what is selected; its last button opens the menu."""


class PageMenu(Menu):
    """The menu of the page; there is one, whoever opens it.

    Signals:
        about_to_offer: What can be done is about to be seen: actions tell now whether they
            can be, and what is chosen.
    """

    about_to_offer = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.setWindowTitle(self.tr("Transcript"))  # what assistive technology calls it
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.about_to_offer.emit()
        self.clear()
        for part in IN_MENU:
            menu = self
            if part.title:
                menu = self.add_submenu(QCoreApplication.translate("PageMenu", part.title))
            for group in part.groups:
                add_entries(menu, [self._actions[action_id] for action_id in group])
                menu.addSeparator()
