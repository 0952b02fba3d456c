"""The words a person has listed: for everything, and for the transcripts of a project."""

from __future__ import annotations

from typing import Protocol

from app.core.preferences import ListedWord
from app.core.projects import joined_words
from app.core.transcript import TranscriptId
from app.core.word_list import with_word
from app.store.settings import SettingsStore


class ProjectLists(Protocol):
    """Where the word lists of projects are."""

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

    def add(self, right: str, wrong: str) -> None:
        """List one more way to write a word wrongly, for everything.

        Raises:
            StorageError: It could not be kept.
        """
        self._settings.change(
            word_list=with_word(self._settings.settings.word_list, right, wrong)
        )
