"""What keys, menu and bar ask of the page of text, and how things stand with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from app.core.transcript import SpeakerId
from app.ui.actions import ActionId, Actions
from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.menus import Menu
from app.ui.kit.refusing import allow
from app.ui.stage import Page, Stage
from app.ui.transcript.page_menu import PageMenu
from app.ui.transcript.selection_bar import SelectionBar
from app.ui.transcript.view import TranscriptView
from app.ui.translate import QT_TRANSLATE_NOOP

_BY_CARET = (
    ActionId.PLAY_HERE,
    ActionId.RENAME_SPEAKER,
    ActionId.CHANGE_SPEAKER,
    ActionId.APPROVE,
    ActionId.HIGHLIGHT,
    ActionId.NOTE,
    ActionId.CUT_TEXT,
    ActionId.COPY_TEXT,
    ActionId.PASTE_TEXT,
)
"""Whether these can be done depends on where the caret is."""
_NO_WORD = QT_TRANSLATE_NOOP("PageActions", "Put the cursor in a word first.")
_NO_SPEAKER = QT_TRANSLATE_NOOP("PageActions", "No speaker is assigned here yet.")


class PageActions(QObject):
    """Connects actions with the page, and tells them how things stand when they are offered.

    Attributes:
        menu: The menu of the page.
    """

    def __init__(
        self, *, stage: Stage, appearance: Appearance, actions: Actions, view: TranscriptView
    ) -> None:
        super().__init__(view)
        self._stage = stage
        self._actions = actions
        self._view = view
        self._speakers = Menu(view)
        self.menu = PageMenu(actions, view)
        self.menu.about_to_offer.connect(self._bring_up_to_date)
        self.menu.aboutToHide.connect(self._let_keys_work)
        self._bar = SelectionBar(appearance, actions, self.menu, view.text)
        view.set_menu(self.menu)
        actions[ActionId.CHANGE_SPEAKER].setMenu(self._speakers)
        actions.attach_page(view.text)
        text = view.text
        for action_id, act in (
            (ActionId.PLAY_HERE, view.play_here),
            (ActionId.RENAME_SPEAKER, view.rename_speaker),
            (ActionId.APPROVE, view.toggle_approved),
            (ActionId.HIGHLIGHT, view.toggle_highlighted),
            (ActionId.NOTE, view.note),
            (ActionId.FIND, view.open_find),
            (ActionId.CUT_TEXT, text.cut),
            (ActionId.COPY_TEXT, text.copy),
            (ActionId.PASTE_TEXT, text.paste),
            (ActionId.COPY_WITH_TIMES, self._copy_with_times),
            (ActionId.SELECT_ALL, text.selectAll),
            (ActionId.PAGE_MENU, text.ask_for_menu),
        ):
            actions[action_id].triggered.connect(partial(self._on_page, act))

    def _on_page(self, act: Callable[[], object]) -> None:
        """Do something to the page, if it can be seen."""
        if self._stage.page is Page.TRANSCRIPT:
            act()

    def _copy_with_times(self) -> None:
        """Copy, and say so: screen readers know of plain copying only."""
        self._view.copy(with_times=True)
        announce(self._view.text, self.tr("Copied to the clipboard"))

    def _bring_up_to_date(self) -> None:
        actions, view = self._actions, self._view
        transcript = view.document.transcript
        number = view.text.caret_paragraph()
        paragraph = None if number is None else transcript.paragraphs[number]
        has_selection = view.text.textCursor().hasSelection()
        can_write = not view.text.isReadOnly()
        has_word = view.text.caret_word() is not None
        written = "" if can_write else self.tr("The transcript is still being written.")
        unowned = "" if paragraph and paragraph.speaker_id else self.tr(_NO_SPEAKER)
        unnamed = "" if paragraph and transcript.speakers else self.tr(_NO_SPEAKER)
        unselected = "" if has_selection else self.tr("Nothing is selected.")
        unwritable = written or ("" if paragraph else self.tr(_NO_WORD))
        empty = "" if view.text.canPaste() else self.tr("There is no text to paste.")
        for action_id, reason in (
            (ActionId.PLAY_HERE, "" if has_word else self.tr(_NO_WORD)),
            (ActionId.RENAME_SPEAKER, written or unowned),
            (ActionId.CHANGE_SPEAKER, written or unnamed),
            (ActionId.APPROVE, unwritable),
            (ActionId.HIGHLIGHT, unwritable),
            (ActionId.NOTE, unwritable),
            (ActionId.CUT_TEXT, unselected or written),
            (ActionId.COPY_TEXT, unselected),
            (ActionId.PASTE_TEXT, written or empty),
        ):
            allow(actions[action_id], reason)
        is_approved = paragraph is not None and paragraph.is_approved
        actions[ActionId.APPROVE].setChecked(is_approved)
        is_highlighted = paragraph is not None and paragraph.is_highlighted
        actions[ActionId.HIGHLIGHT].setChecked(is_highlighted)
        self._speakers.clear()
        if number is not None:
            for speaker in transcript.speakers:
                self._offer_speaker(number, speaker.speaker_id)

    def _let_keys_work(self) -> None:
        """What could not be done a moment ago may be possible where the caret goes next."""
        for action_id in _BY_CARET:
            allow(self._actions[action_id])

    def _offer_speaker(self, paragraph: int, speaker_id: SpeakerId) -> None:
        view = self._view
        action = self._speakers.addAction(
            view.speaker_label(speaker_id),
            lambda: view.assign_requested.emit(paragraph, speaker_id),
        )
        action.setCheckable(True)
        owner = view.document.transcript.paragraphs[paragraph].speaker_id
        action.setChecked(owner == speaker_id)
