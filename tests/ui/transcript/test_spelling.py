"""Spelling on the page: only what is seen is checked, and put right from the menu."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.core.document import Change, Document
from app.core.preferences import ListedWord
from app.core.projects import ProjectId
from app.core.transcript import Transcript, TranscriptId
from app.jobs.own_words import OwnWords
from app.jobs.spelling import Speller
from app.ui.actions import ActionId, Actions
from app.ui.kit.appearance import Appearance
from app.ui.stage import Page
from app.ui.tasks import Tasks
from app.ui.transcript.page_menu import PageMenu
from app.ui.transcript.spell_marks import SpellMarks
from app.ui.transcript.spelling import SpellingController
from app.ui.transcript.view import TranscriptView
from tests.support.builders import transcript
from tests.support.spelling import write_dictionary
from tests.support.waiting import until

TALK = transcript(("A", "helo world 🎉 helo"), ("B", "wrlda"))


class Settings:
    """Settings kept nowhere."""

    def __init__(self) -> None:
        self.settings = SimpleNamespace(checks_spelling=False, word_list=())

    def change(self, **changes: Any) -> None:
        vars(self.settings).update(changes)


class Middle:
    page = Page.TRANSCRIPT

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str, **_more: object) -> None:
        self.said.append(text)


class Lists:
    """The word list of the one project there is."""

    def __init__(self) -> None:
        self.listed: tuple[ListedWord, ...] = ()

    def words(self, _project_id: ProjectId) -> tuple[ListedWord, ...]:
        return self.listed

    def words_for(self, _transcript_id: TranscriptId) -> tuple[ListedWord, ...]:
        return self.listed


class Opened:
    transcript_id = TranscriptId("t")

    def __init__(self, one: Transcript) -> None:
        self.document = Document(one)

    def apply(self, change: Change) -> None:
        self.document.apply(change)

    def end_typing(self) -> None:
        pass


class Asked(Speller):
    """Remembers which words were looked up."""

    def __init__(self, folders: Callable[[], Iterable[Path]]) -> None:
        super().__init__(folders)
        self.words: set[str] = set()

    @override
    async def check(self, words: Sequence[str]) -> frozenset[str]:
        wrong = await super().check(words)
        self.words.update(words)
        return wrong


class Desk:
    def __init__(
        self, appearance: Appearance, qtbot: QtBot, folder: Path, one: Transcript = TALK
    ) -> None:
        self.opened, self.stage, self.settings = Opened(one), Middle(), Settings()
        self.lists = Lists()
        self.speller = Asked(lambda: [folder])
        self.actions = Actions(appearance)
        self.view = TranscriptView(appearance)
        qtbot.addWidget(self.view)
        self.menu = PageMenu(self.actions, self.view)
        self.errors: list[BaseException] = []
        self.tasks = Tasks(lambda _name, error: self.errors.append(error))
        self.made = SpellingController(
            stage=self.stage,  # type: ignore[arg-type]
            actions=self.actions,
            view=self.view,
            menu=self.menu,
            speller=self.speller,
            settings=self.settings,  # type: ignore[arg-type]
            words=OwnWords(self.settings, self.lists),  # type: ignore[arg-type]
            tasks=self.tasks,
            on_page=lambda: self.opened,  # type: ignore[arg-type, return-value]
        )
        self.view.resize(700, 400)
        self.view.show_document(self.opened.document)
        self.view.show()
        self.made.follow()

    @property
    def marks(self) -> SpellMarks:
        return self.made.marks

    def offered(self) -> dict[str, QAction]:
        self.menu.about_to_offer.emit()
        menu = self.actions[ActionId.FIX_SPELLING].menu()
        assert isinstance(menu, QMenu)
        return {one.text(): one for one in menu.actions() if one.text()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_dictionary(tmp_path, "en_US", "hello", "world")
    return tmp_path


def test_what_is_misspelt_is_marked_suggested_and_put_right(
    appearance: Appearance, qtbot: QtBot, folder: Path, run_async: Any
) -> None:
    desk = Desk(appearance, qtbot, folder)

    async def flow() -> None:
        assert desk.marks.spans("helo world") == ()  # it is off
        desk.actions[ActionId.SPELLING].trigger()
        await until(lambda: desk.marks.spans("helo world 🎉 helo") == ((0, 4), (14, 18)))
        desk.view.select_word(3)
        await until(lambda: "hello" in desk.offered())
        desk.offered()["hello"].trigger()
        assert desk.opened.document.transcript.paragraphs[0].text == "helo world 🎉 hello"
        assert desk.opened.document.history == ("Correct the spelling",)
        await desk.tasks.aclose()
        await desk.made.close()
        assert desk.errors == []

    run_async(flow())


def test_words_are_added_and_ignored(
    appearance: Appearance, qtbot: QtBot, folder: Path, run_async: Any
) -> None:
    desk = Desk(appearance, qtbot, folder)

    async def flow() -> None:
        desk.actions[ActionId.SPELLING].trigger()
        await until(lambda: desk.marks.is_wrong("helo"))
        desk.view.select_word(0)
        desk.offered()["Add “helo” to the word list"].trigger()
        await until(lambda: not desk.marks.is_wrong("helo"))
        assert desk.settings.settings.word_list == (ListedWord("helo"),)
        assert not desk.marks.is_wrong("Helo")
        await until(lambda: desk.marks.is_wrong("wrlda"))
        desk.view.select_word(4)
        desk.offered()["Ignore “wrlda”"].trigger()
        assert not desk.marks.is_wrong("wrlda")
        assert desk.settings.settings.word_list == (ListedWord("helo"),)
        await desk.tasks.aclose()
        await desk.made.close()

    run_async(flow())


def test_the_words_of_its_project_are_right_and_so_is_what_was_ignored(
    appearance: Appearance, qtbot: QtBot, folder: Path, run_async: Any
) -> None:
    desk = Desk(appearance, qtbot, folder)
    desk.lists.listed = (ListedWord("Wrlda"),)

    async def flow() -> None:
        desk.actions[ActionId.SPELLING].trigger()
        await until(lambda: desk.marks.is_wrong("helo"))
        assert not desk.marks.is_wrong("wrlda")
        desk.view.select_word(0)
        desk.offered()["Ignore “helo”"].trigger()
        desk.lists.listed = ()
        desk.made.follow_words()  # as when it is moved to another project
        await until(lambda: desk.marks.is_wrong("wrlda"))
        desk.settings.change(word_list=(ListedWord("wrlda"),))
        desk.made.take_settings(desk.settings.settings)  # type: ignore[arg-type]
        desk.speller.words.clear()
        await until(lambda: desk.marks.is_on and {"helo", "wrlda"} <= desk.speller.words)
        await asyncio.sleep(0)
        assert not desk.marks.is_wrong("wrlda")
        assert not desk.marks.is_wrong("helo")
        await desk.tasks.aclose()
        await desk.made.close()
        assert desk.errors == []

    run_async(flow())


def test_only_what_is_seen_is_looked_up(
    appearance: Appearance, qtbot: QtBot, folder: Path, run_async: Any
) -> None:
    letters = str.maketrans("0123456789", "abcdefghij")
    many = transcript(*[("A", f"wrld{place}".translate(letters)) for place in range(3_000)])
    desk = Desk(appearance, qtbot, folder, many)

    async def flow() -> None:
        desk.actions[ActionId.SPELLING].trigger()
        await until(lambda: desk.speller.words)
        assert len(desk.speller.words) < 100
        await desk.tasks.aclose()
        await desk.made.close()

    run_async(flow())


@pytest.mark.parametrize(("language", "part"), [("fi", "Finnish"), ("", "not known")])
def test_where_there_is_no_dictionary_it_says_what_to_do(
    appearance: Appearance, qtbot: QtBot, folder: Path, language: str, part: str, run_async: Any
) -> None:
    desk = Desk(appearance, qtbot, folder, replace(TALK, language=language))

    async def flow() -> None:
        desk.actions[ActionId.SPELLING].trigger()
        await until(lambda: bool(desk.stage.said))
        assert part in desk.stage.said[0]
        assert not desk.marks.is_on
        await desk.tasks.aclose()
        await desk.made.close()

    run_async(flow())


def test_a_word_that_is_right_offers_nothing(
    appearance: Appearance, qtbot: QtBot, folder: Path
) -> None:
    desk = Desk(appearance, qtbot, folder)
    assert desk.offered() == {}
    assert not desk.actions[ActionId.FIX_SPELLING].isEnabled()
