"""The person's word list, applied to a transcript as soon as it is made."""

from __future__ import annotations

from pathlib import Path

from app.core.options import TranscriptionOptions
from app.core.preferences import ListedWord
from app.core.transcript import TranscriptId
from app.jobs.own_words import OwnWords
from app.jobs.word_list import apply_word_list
from app.store.audio_links import AudioLink
from app.store.library import Library
from app.store.opening import open_database
from app.store.projects import Projects
from app.store.settings import SettingsStore
from tests.support.builders import transcript

WORDS = (ListedWord("Müller", ("muller",)),)
OF_PROJECT = (ListedWord("Thor", ("there",)),)
TALK = transcript(("A", "we met Muller there"))


def test_words_are_put_right_and_what_was_recognised_stays(tmp_path: Path) -> None:
    database, _notice = open_database(tmp_path / "library.db")
    try:
        library, projects = Library(database), Projects(database)
        settings = SettingsStore(database)
        words = OwnWords(settings, projects)
        made = library.add(
            TALK,
            name="Talk",
            options=TranscriptionOptions(),
            link=AudioLink("talk.wav"),
            now_ms=1,
        )

        def apply(transcript_id: TranscriptId, now_ms: int) -> bool:
            listed = words.put_right_in(transcript_id)
            return apply_word_list(library, transcript_id, listed, now_ms=now_ms)

        settings.change(word_list=WORDS)
        assert not apply(made, 2)  # it is not wished
        settings.change(word_list=(), applies_word_list=True)
        assert not apply(made, 2)  # nothing is listed
        settings.change(word_list=WORDS)
        assert apply(made, 2)
        assert library.load(made).transcript.text == "we met Müller there"
        assert library.original(made) == TALK
        assert not apply(made, 3)
        assert not apply(TranscriptId("gone"), 3)

        thesis = projects.add("Thesis", now_ms=4)
        projects.save_words(thesis.project_id, OF_PROJECT)
        assert not apply(made, 5)  # it is not in it
        projects.move([made], thesis.project_id)
        assert apply(made, 6)
        assert library.load(made).transcript.text == "we met Müller Thor"
    finally:
        database.close()
