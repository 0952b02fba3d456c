"""Checking the spelling of the page, if a person wants that; suggestions in its menu."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer

from app.core.errors import AppError
from app.core.preferences import ListedWord, Settings
from app.core.retyping import Typed, retype
from app.core.spelling import Spelled
from app.jobs.open_transcript import OpenTranscript
from app.jobs.own_words import OwnWords
from app.jobs.spelling import NoDictionaryError, Speller
from app.store.settings import SettingsStore
from app.ui.actions import ActionId, Actions
from app.ui.kit.menus import Menu
from app.ui.kit.refusing import allow
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.transcript.page_menu import PageMenu
from app.ui.transcript.spell_marks import SpellMarks
from app.ui.transcript.view import TranscriptView
from app.ui.translate import language_name, translated

_OPEN, _CHECK = "open a dictionary", "check the spelling"
_SOON_MS = 120
_SUGGESTED_AT_ONCE = 12


class SpellingController(QObject):
    """Has words looked up in a process of its own, and shows what comes of it."""

    def __init__(  # noqa: PLR0913 - all that the room is given, by name
        self,
        *,
        stage: Stage,
        actions: Actions,
        view: TranscriptView,
        menu: PageMenu,
        speller: Speller,
        settings: SettingsStore,
        words: OwnWords,
        tasks: Tasks,
        on_page: Callable[[], OpenTranscript | None],
    ) -> None:
        """Prepare.

        Args:
            stage: Where it is shown.
            actions: All actions.
            view: The page.
            menu: Its menu, which offers suggestions.
            speller: Looks words up.
            settings: Whether it is wanted.
            words: The words that are right whatever a dictionary says.
            tasks: Runs what takes time.
            on_page: Gives the transcript on the page.
        """
        super().__init__(view)
        self._stage = stage
        self._actions = actions
        self._view = view
        self._speller = speller
        self._settings = settings
        self._words = words
        self._listed = settings.settings.word_list
        self._tasks = tasks
        self._on_page = on_page
        self._is_wanted = settings.settings.checks_spelling
        self._suggestions: dict[str, tuple[str, ...]] = {}
        self._accepted: set[str] = set()  # on this page, listed or not
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self._check_soon)
        self._marks = SpellMarks(self._on_wanted)
        view.text.set_misspelled(self._marks.spans)
        self._choices = Menu(view)
        actions[ActionId.FIX_SPELLING].setMenu(self._choices)
        self._allow(is_wrong=False)
        actions[ActionId.SPELLING].triggered.connect(self._on_toggled)
        menu.about_to_offer.connect(self._offer)

    @property
    def marks(self) -> SpellMarks:
        """What is known by now of the words on the page."""
        return self._marks

    def take_settings(self, settings: Settings) -> None:
        """Take up whether the spelling is to be checked, and which words are right."""
        is_other_list = settings.word_list != self._listed
        self._listed = settings.word_list
        if settings.checks_spelling != self._is_wanted:
            self._tasks.start(
                self._switch(wanted=settings.checks_spelling), "switch spelling", replace=True
            )
        elif is_other_list:
            self.follow_words()

    def follow(self) -> None:
        """Follow the transcript that is on the page now."""
        wanted = self._is_wanted = self._settings.settings.checks_spelling
        self._actions[ActionId.SPELLING].setChecked(wanted)
        self._marks.is_on = False
        self._accepted.clear()
        opened = self._on_page()
        if wanted and opened is not None:
            language = opened.document.transcript.language
            self._tasks.start(self._open(opened, language), _OPEN, replace=True)

    def follow_words(self) -> None:
        """Take up the word lists anew: one of them has changed, or the project has."""
        opened = self._on_page()
        if self._marks.is_on and opened is not None:
            self._tasks.start(self._take_words(opened), "take up the word lists", replace=True)

    async def close(self) -> None:
        """End the process that looks words up."""
        self._soon.stop()
        self._marks.is_on = False
        await self._speller.aclose()

    # Switching on and off

    def _on_toggled(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        self._tasks.start(self._switch(wanted=wanted), "switch spelling", replace=True)

    async def _switch(self, *, wanted: bool) -> None:
        self._is_wanted = wanted
        if await self._save(checks_spelling=wanted):
            self.follow()
        else:
            self._is_wanted = not wanted
            self._actions[ActionId.SPELLING].setChecked(not wanted)
            return
        if not wanted:
            self._view.text.viewport().update()
            await self._speller.aclose()

    async def _save(self, **changes: Any) -> bool:
        try:
            await asyncio.to_thread(lambda: self._settings.change(**changes))
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True)
            return False
        return True

    async def _open(self, opened: OpenTranscript, language: str) -> None:
        try:
            await self._speller.open(language)
        except NoDictionaryError:
            self._say_none(language)
            return
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True)
            return
        if self._on_page() is opened:
            self._suggestions.clear()
            await self._take_words(opened)

    async def _take_words(self, opened: OpenTranscript) -> None:
        try:
            listed = await asyncio.to_thread(self._words.words_for, opened.transcript_id)
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True)
            return
        if self._on_page() is opened:
            words = {word for one in listed for word in one.right.split()}
            self._marks.forget(words | self._accepted)
            self._marks.is_on = True
            self._view.text.viewport().update()

    def _say_none(self, language: str) -> None:
        if not language or language == "auto":
            self._stage.say(
                self.tr(
                    "The language of this transcript is not known, so its spelling cannot be "
                    "checked."
                )
            )
            return
        self._stage.say(
            self.tr(
                "There is no dictionary for {language} on this computer. Install the package "
                "hunspell-{code}, or LibreOffice with that language, then turn on spell "
                "checking again."
            )
            .replace("{language}", language_name(language))
            .replace("{code}", language.lower().replace("_", "-"))
        )

    # Looking up

    def _on_wanted(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _check_soon(self) -> None:
        self._tasks.start(self._check(), _CHECK)

    async def _check(self) -> None:
        words = self._marks.take_wanted()
        if not words or not self._marks.is_on:
            return
        try:
            wrong = await self._speller.check(words)
            self._marks.note(words, wrong)
            self._view.text.viewport().update()
            for word in sorted(wrong)[:_SUGGESTED_AT_ONCE]:
                self._suggestions[word] = await self._speller.suggest(word)
        except AppError as error:
            if self._marks.is_on:
                self._marks.is_on = False
                self._view.text.viewport().update()
                self._stage.say(translated(error.message), is_bad=True)

    # The menu

    def _offer(self) -> None:
        """Offer what can be done with the word of the caret, if it is misspelt."""
        self._choices.clear()
        number = self._view.text.caret_paragraph()
        found: Spelled | None = None
        if number is not None:
            cursor = self._view.text.textCursor()
            text = self._view.text.places.texts[number]
            offset = cursor.selectionStart() - cursor.block().position()
            found = self._marks.wrong_at(text, offset)
        self._allow(is_wrong=found is not None)
        if found is None or number is None:
            return
        suggestions = self._suggestions.get(found.word)
        for one in suggestions or ():
            self._choices.addAction(one, lambda _=False, new=one: self._fix(number, found, new))
        if not suggestions:
            text = self.tr("No suggestions") if suggestions == () else self.tr("Searching…")
            self._choices.addAction(text).setEnabled(False)
            if suggestions is None:
                self._tasks.start(self._suggest(found.word), "suggest")
        self._choices.addSeparator()
        self._choices.addAction(
            self.tr("Add “{word}” to the word list").replace("{word}", found.word),
            lambda: self._tasks.start(self._add(found.word), "add a word"),
        )
        self._choices.addAction(
            self.tr("Ignore “{word}”").replace("{word}", found.word),
            lambda: self._accept(found.word),
        )

    async def _suggest(self, word: str) -> None:
        """Have suggestions ready for the next time the menu is opened."""
        try:
            self._suggestions[word] = await self._speller.suggest(word)
        except AppError:
            return  # said where words are checked

    def _allow(self, *, is_wrong: bool) -> None:
        reason = "" if is_wrong else self.tr("The word at the cursor is spelled correctly.")
        allow(self._actions[ActionId.FIX_SPELLING], reason)

    def _fix(self, paragraph: int, found: Spelled, new: str) -> None:
        opened = self._on_page()
        if opened is None:
            return
        opened.end_typing()
        transcript = opened.document.transcript
        typed = Typed(paragraph, found.start, paragraph, found.end, new)
        change = retype(transcript, typed)
        if change is not None:
            opened.apply(replace(change, label="Correct the spelling"))

    async def _add(self, word: str) -> None:
        listed = self._settings.settings.word_list
        if word not in {one.right for one in listed}:
            listed = (*listed, ListedWord(word))
        if await self._save(word_list=listed):
            self._accept(word)

    def _accept(self, word: str) -> None:
        self._accepted.add(word)
        self._marks.accept([word])
        self._view.text.viewport().update()
