from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.core.job import Job, JobId, JobState
from app.core.options import TranscriptionOptions
from app.core.preferences import ListedWord
from app.core.projects import NO_PROJECT, ProjectId
from app.core.transcript import Speaker, SpeakerId, TranscriptId
from app.store.audio_links import AudioLink
from app.store.database import Database, connect
from app.store.job_store import JobStore
from app.store.library import Library
from app.store.opening import open_database
from app.store.projects import Projects
from app.store.rescue import rescue
from app.store.schema import migration_files
from app.store.transcript_blob import pack
from app.system.locks import Presence
from tests.support.builders import transcript


@pytest.fixture
def projects(database: Database) -> Projects:
    return Projects(database)


def keep(library: Library, name: str, speaker: str = "", now_ms: int = 1) -> TranscriptId:
    made = replace(
        transcript(("a", f"words of {name}")), speakers=(Speaker(SpeakerId("a"), speaker),)
    )
    return library.add(
        made, name=name, options=TranscriptionOptions(), link=AudioLink("/a.wav"), now_ms=now_ms
    )


def where(library: Library, known: TranscriptId) -> ProjectId:
    entry = library.entry(known)
    assert entry is not None
    return entry.project_id


def test_transcripts_go_into_a_project_and_back_to_where_they_were(
    library: Library, projects: Projects
) -> None:
    one, two = keep(library, "one"), keep(library, "two")
    assert where(library, one) == NO_PROJECT
    thesis = projects.add("  The\nthesis ", now_ms=5)
    podcast = projects.add("podcast", now_ms=6)
    assert thesis.name == "The thesis"
    assert projects.add("the THESIS", now_ms=7) == thesis  # there is one of that name
    assert projects.move([one], podcast.project_id) == {one: NO_PROJECT}
    before = projects.move([one, two], thesis.project_id)
    assert before == {one: podcast.project_id, two: NO_PROJECT}
    assert projects.move([one, two], thesis.project_id) == {}
    assert [(each.name, each.count) for each in projects.all()] == [
        ("podcast", 0),
        ("The thesis", 2),
    ]
    projects.move_back(before)
    assert where(library, one) == podcast.project_id
    assert where(library, two) == NO_PROJECT
    library.delete([one], now_ms=9)
    assert [each.count for each in projects.all()] == [0, 0]  # the bin aside


def test_two_projects_are_never_called_alike(projects: Projects) -> None:
    thesis, podcast = projects.add("Thesis", now_ms=5), projects.add("Podcast", now_ms=6)
    with pytest.raises(StorageError, match="already exists"):
        projects.rename(podcast.project_id, " THESIS ")
    assert [one.name for one in projects.all()] == ["Podcast", "Thesis"]
    projects.rename(thesis.project_id, "THESIS")  # its own name, written otherwise
    assert [one.name for one in projects.all()] == ["Podcast", "THESIS"]


def test_a_project_that_is_gone_leaves_its_transcripts_and_comes_back_whole(
    library: Library, projects: Projects
) -> None:
    one, two = keep(library, "one"), keep(library, "two")
    thesis = projects.add("Thesis", now_ms=5)
    words = (ListedWord("Müller", ("Muller",)),)
    projects.save_words(thesis.project_id, words)
    before = projects.move([one, two], thesis.project_id)
    projects.rename(thesis.project_id, "My thesis")
    gone = projects.remove(thesis.project_id)
    assert projects.all() == ()
    assert where(library, one) == NO_PROJECT
    assert projects.words_for(one) == ()
    projects.move_back(before)  # there is nothing to go back to but none
    with pytest.raises(StorageError, match="no longer"):
        projects.move([one], thesis.project_id)
    with pytest.raises(StorageError, match="no longer"):
        projects.remove(thesis.project_id)
    other = projects.add("Other", now_ms=6)
    projects.move([two], other.project_id)
    projects.bring_back(gone)
    assert where(library, one) == thesis.project_id
    assert where(library, two) == other.project_id  # it went elsewhere meanwhile
    assert projects.words(thesis.project_id) == words
    assert projects.words_for(one) == words
    assert [each.name for each in projects.all()] == ["My thesis", "Other"]


@pytest.mark.parametrize("has_speakers", [False, True])
def test_a_transcript_of_a_job_goes_into_the_project_it_was_added_to(
    database: Database, library: Library, projects: Projects, presence: Presence, has_speakers
) -> None:
    jobs = JobStore(database, presence)
    thesis = projects.add("Thesis", now_ms=5)
    for number, project_id in enumerate((thesis.project_id, ProjectId("gone"), NO_PROJECT)):
        job = Job(
            JobId(str(number)),
            "/a.wav",
            TranscriptionOptions(),
            1,
            state=JobState.SAVING,
            project_id=project_id,
        )
        jobs.insert([job])
        assert jobs.get(job.job_id) == job
        save = library.save_words if has_speakers else library.finish_job
        done = save(job, transcript(("a", "words")), link=AudioLink("/a.wav"), now_ms=2)
        assert done.transcript_id is not None
        expected = NO_PROJECT if number else thesis.project_id
        assert where(library, done.transcript_id) == expected


def test_names_of_the_same_project_are_suggested_first(
    library: Library, projects: Projects
) -> None:
    here = keep(library, "here", "Anna", now_ms=1)
    beside = keep(library, "beside", "Ben", now_ms=2)
    keep(library, "elsewhere", "Carla", now_ms=3)
    assert library.speaker_names(here) == ("Carla", "Ben", "Anna")
    project = projects.add("Thesis", now_ms=5)
    projects.move([here, beside], project.project_id)
    assert library.speaker_names(here) == ("Ben", "Anna", "Carla")
    assert library.speaker_names() == ("Carla", "Ben", "Anna")


def test_a_word_list_that_makes_no_sense_is_passed_over(
    database: Database, projects: Projects
) -> None:
    project = projects.add("Thesis", now_ms=5)
    for text in ("no JSON", "{}", '[1, {"wrong": []}, {"right": 3}]'):
        with database.writing() as connection:
            connection.execute("UPDATE projects SET word_list = ?", (text,))
        assert projects.words(project.project_id) == ()


def old_library(file: Path) -> TranscriptId:
    """Make a library as it was before there were projects, with a transcript in it."""
    known = TranscriptId("old")
    with closing(connect(file)) as connection:
        for number, script in migration_files()[:5]:
            connection.executescript(script.read_text("utf-8"))
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute(
            "INSERT INTO transcripts (transcript_id, name, created_ms, changed_ms, "
            "duration_ms, model, language, word_count, speakers, options, source) "
            "VALUES (?, 'Old talk', 1, 1, 1000, 'pulse', 'en', 2, '[]', '{}', '\"/a.wav\"')",
            (known,),
        )
        connection.execute(
            "INSERT INTO transcript_bodies (number, body) VALUES (1, ?)",
            (pack(transcript(("a", "old words"))),),
        )
    return known


def test_a_library_from_before_there_were_projects_opens_and_can_have_them(
    tmp_path: Path,
) -> None:
    file = tmp_path / "wordlight.db"
    known = old_library(file)
    database, notice = open_database(file)
    assert notice is None
    library, projects = Library(database), Projects(database)
    assert where(library, known) == NO_PROJECT
    assert library.load(known).transcript.text == "old words"
    project = projects.add("Thesis", now_ms=5)
    projects.move([known], project.project_id)
    database.close()
    database, _ = open_database(file)
    assert where(Library(database), known) == project.project_id
    database.close()


def test_a_damaged_library_from_before_there_were_projects_is_rescued_whole(
    tmp_path: Path,
) -> None:
    file = tmp_path / "wordlight.db"
    known = old_library(file)
    assert "1 transcripts" in rescue(file, today="2030-01-01").fill()
    database, _ = open_database(file)
    library = Library(database)
    assert library.load(known).transcript.text == "old words"
    assert where(library, known) == NO_PROJECT
    database.close()


def test_projects_are_rescued_with_what_is_in_them(tmp_path: Path) -> None:
    file = tmp_path / "wordlight.db"
    database, _ = open_database(file)
    library, projects = Library(database), Projects(database)
    known = keep(library, "talk")
    project = projects.add("Thesis", now_ms=5)
    projects.save_words(project.project_id, (ListedWord("Müller"),))
    projects.move([known], project.project_id)
    database.close()
    rescue(file, today="2030-01-01")
    database, _ = open_database(file)
    assert where(Library(database), known) == project.project_id
    assert Projects(database).words_for(known) == (ListedWord("Müller"),)
    database.close()
