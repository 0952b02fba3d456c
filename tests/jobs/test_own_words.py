"""A person's word list and a project's, as one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from app.core.errors import StorageError
from app.core.messages import message
from app.core.preferences import ListedWord
from app.core.projects import NO_PROJECT, ProjectId
from app.core.transcript import TranscriptId
from app.jobs.own_words import OwnWords

THESIS = ProjectId("thesis")


class Lists:
    """One project, with one transcript in it."""

    def __init__(self) -> None:
        self.is_damaged = False

    def words(self, project_id: ProjectId) -> tuple[ListedWord, ...]:
        if self.is_damaged:
            raise StorageError(message("The library cannot be read."))
        return (ListedWord("Thornton", ("thorn ton",)),) if project_id == THESIS else ()

    def words_for(self, transcript_id: TranscriptId) -> tuple[ListedWord, ...]:
        return self.words(THESIS if transcript_id == "in" else NO_PROJECT)


@pytest.fixture
def lists() -> Lists:
    return Lists()


@pytest.fixture
def words(lists: Lists) -> OwnWords:
    own = (ListedWord("Hale", ("hail",)), ListedWord("Thornton", ("torn ton",)))
    return OwnWords(SimpleNamespace(settings=SimpleNamespace(word_list=own)), lists)  # type: ignore[arg-type]


def test_the_words_of_a_project_count_only_in_it(words: OwnWords) -> None:
    assert words.names_in(THESIS) == ("Thornton", "Hale")
    assert words.names_in(NO_PROJECT) == ("Hale", "Thornton")
    assert words.words_for(TranscriptId("in"))[0] == ListedWord(
        "Thornton", ("thorn ton", "torn ton")
    )
    assert words.words_for(TranscriptId("out"))[0].right == "Hale"


def test_a_list_that_cannot_be_read_keeps_nobody_from_recognising(
    lists: Lists, words: OwnWords
) -> None:
    lists.is_damaged = True
    assert words.names_in(THESIS) == ("Hale", "Thornton")
