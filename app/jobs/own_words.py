"""The words a person has listed: for everything, and for the transcripts of a project."""

from __future__ import annotations

import logging
from typing import Protocol

from app.core.errors import StorageError
from app.core.preferences import ListedWord
from app.core.projects import NO_PROJECT, ProjectId, joined_words
from app.core.transcript import TranscriptId
from app.core.word_list import with_word
from app.store.settings import SettingsStore

_log = logging.getLogger(__name__)


class ProjectLists(Protocol):
    """Where the word lists of projects are."""

    def words(self, project_id: ProjectId) -> tuple[ListedWord, ...]:
        """Give the list of a project; empty where it is gone."""
        ...

    def words_for(self, transcript_id: TranscriptId) -> tuple[ListedWord, ...]:
        """Give the list of the project a transcript is in; empty where it is in none."""
        ...


class OwnWords:
    """Both lists as one; every method blocks on the disk."""

    def __init__(self, settings: SettingsStore, projects: ProjectLists) -> None:
        self._settings = settings
        self._projects = projects

    def words_for(self, transcript_id: TranscriptId) -> tuple[ListedWord, ...]:
        """Give the words that count in a transcript, those of its project first.

        Raises:
            StorageError: They cannot be read.
        """
        of_project = self._projects.words_for(transcript_id)
        return joined_words(of_project, self._settings.settings.word_list)

    def put_right_in(self, transcript_id: TranscriptId) -> tuple[ListedWord, ...]:
        """Give the words that are put right in a new transcript without being asked.

        It is a help and no more: none where that is not wished, or no list can be read.
        """
        if not self._settings.settings.applies_word_list:
            return ()
        try:
            return self.words_for(transcript_id)
        except StorageError as error:
            _log.info("the word list of a project cannot be read: %s", error.message.text)
            return ()

    def names_in(self, project_id: ProjectId) -> tuple[str, ...]:
        """Give what may be said in recordings of a project, as it is to be written.

        It is a help and no more: where the project's list cannot be read, it is left out.
        """
        of_project: tuple[ListedWord, ...] = ()
        if project_id != NO_PROJECT:
            try:
                of_project = self._projects.words(project_id)
            except StorageError as error:
                _log.info("the word list of a project cannot be read: %s", error.message.text)
        words = joined_words(of_project, self._settings.settings.word_list)
        return tuple(one.right for one in words)

    def add(self, right: str, wrong: str) -> None:
        """List one more way to write a word wrongly, for everything.

        Raises:
            StorageError: It could not be kept.
        """
        self._settings.change(
            word_list=with_word(self._settings.settings.word_list, right, wrong)
        )
