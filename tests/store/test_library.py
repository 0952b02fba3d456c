from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.errors import StorageError
from app.core.job import Job, JobId, JobState
from app.core.options import ModelId, TranscriptionOptions
from app.core.transcript import Marker, MarkerId, MarkerKind, Transcript, TranscriptId
from app.store.audio_links import AudioLink
from app.store.database import Database
from app.store.job_store import JobStore
from app.store.library import CHANGED_ELSEWHERE, Library
from app.store.listing import Filter, SortBy
from app.store.stored import ReadingPosition
from app.store.versions import VERSION_EVERY_MS
from tests.support.builders import transcript

OPTIONS = TranscriptionOptions(ModelId.PULSE, "de", diarize=True)


def keep(
    library: Library,
    text: str = "some words here",
    *,
    name: str = "talk",
    now_ms: int = 1000,
    link: AudioLink | None = None,
    **fields: object,
) -> TranscriptId:
    made = replace(transcript((None, text)), **fields)
    return library.add(
        made, name=name, options=OPTIONS, link=link or AudioLink("/a.wav"), now_ms=now_ms
    )


def saving_job() -> Job:
    return Job(
        JobId("j"), "/talks/städte.wav", OPTIONS, 5, state=JobState.SAVING, title="Städte.wav"
    )


def test_transcript_comes_back_with_all_that_is_kept(library: Library) -> None:
    made = transcript(("a", "Guten Tag"), ("b", "Hallo"))
    link = AudioLink("/x/\udcff.wav", size_bytes=7, modified_ns=8, content_hash="h")
    transcript_id = library.add(made, name=" My\ntalk ", options=OPTIONS, link=link, now_ms=9)
    stored = library.load(transcript_id)
    assert stored.transcript == made
    assert stored.options == OPTIONS
    assert stored.link == link
    assert stored.entry.name == "My talk"
    assert stored.entry == library.entry(transcript_id)
    assert not stored.is_edited
    place = ReadingPosition(1500, 0.25, ((0, 1000), (500, 1500)))
    library.save_position(transcript_id, place)
    library.save_export_options(transcript_id, {"format": "srt", "width": 42})
    library.save_copy_path(transcript_id, "/copies/1.flac")
    library.relink(transcript_id, AudioLink("/y.wav", size_bytes=3))
    stored = library.load(transcript_id)
    assert stored.place == place
    assert stored.entry.listened_ms == 1500
    assert stored.entry.listened_fraction == 1.0
    assert stored.export_options == {"format": "srt", "width": 42}
    assert stored.copy_path == "/copies/1.flac"
    assert stored.link == AudioLink("/y.wav", size_bytes=3)


def test_job_is_done_together_with_its_transcript(
    library: Library, job_store: JobStore
) -> None:
    job = saving_job()
    job_store.insert([job])
    job_store.claim(job.job_id)
    job_store.steps.save_preparation(job.job_id, "{}")
    job_store.steps.save_reply(job.job_id, 0, b"raw", "r1")
    done = library.finish_job(
        job, transcript((None, "Hallo")), link=AudioLink(job.source), now_ms=7
    )
    assert done.state is JobState.DONE
    assert done.transcript_id is not None
    assert job_store.load() == [done]
    assert job_store.steps.replies(job.job_id) == {}
    assert job_store.steps.preparation(job.job_id) is None
    assert library.replies(done.transcript_id)[0].raw == b"raw"
    assert library.entries()[0].name == "Städte.wav"
    # asked again, after a crash that hid the first answer: not twice in the library
    again = library.finish_job(
        job, transcript((None, "Hallo")), link=AudioLink(job.source), now_ms=8
    )
    assert again.transcript_id == done.transcript_id
    assert len(library.entries()) == 1


def test_words_are_kept_before_the_job_is_done_and_completed_later(
    library: Library, job_store: JobStore
) -> None:
    job = replace(saving_job(), state=JobState.TRANSCRIBING)
    job_store.insert([job])
    job_store.steps.save_reply(job.job_id, 0, b"raw", "r1")
    words, told = transcript((None, "Hallo")), transcript(("a", "Hallo"))

    begun = library.save_words(job, words, link=AudioLink(job.source), now_ms=7)

    assert begun.transcript_id is not None
    assert job_store.load() == [begun]  # whoever starts next knows that the words are there
    assert begun.awaits_voices
    assert job_store.steps.replies(job.job_id) == {}
    assert library.replies(begun.transcript_id)[0].raw == b"raw"
    assert library.load(begun.transcript_id).transcript == words

    assert library.complete(begun.transcript_id, words, told, now_ms=8)
    assert library.load(begun.transcript_id).transcript == told
    assert not library.record(begun.transcript_id).is_edited
    assert library.versions(begun.transcript_id) == ()

    edited = transcript(("a", "Hello"))
    library.save(begun.transcript_id, edited, now_ms=9)
    assert not library.complete(begun.transcript_id, told, words, now_ms=10)  # too late
    assert library.load(begun.transcript_id).transcript == edited
    assert library.complete(begun.transcript_id, edited, words, now_ms=10)
    assert library.original(begun.transcript_id) == told

    done = library.end_job(begun.moved(JobState.SAVING, now_ms=11), now_ms=11)
    assert job_store.load() == [done]
    assert done.transcript_id == begun.transcript_id
    assert len(library.entries()) == 1


def test_job_that_cannot_be_finished_stays_as_it_was(
    database: Database, library: Library, job_store: JobStore
) -> None:
    job = saving_job()
    job_store.insert([job])
    job_store.steps.save_reply(job.job_id, 0, b"raw")
    with database.writing() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")
    long = transcript((None, " ".join(f"word{number * 7919}" for number in range(20_000))))
    with pytest.raises(StorageError, match="disk is full"):
        library.finish_job(job, long, link=AudioLink(job.source), now_ms=7)
    assert job_store.load() == [job]
    assert job_store.steps.replies(job.job_id)[0].raw == b"raw"
    assert library.entries() == ()
    assert library.search("word7919") == []


def test_edits_are_kept_and_the_original_stays(library: Library) -> None:
    first = transcript((None, "some words here"))
    transcript_id = keep(library)
    second, third = transcript(("a", "other words")), transcript(("a", "third words"))
    library.save(transcript_id, second, now_ms=2000)
    library.save(transcript_id, second, now_ms=2500)
    library.save(transcript_id, third, now_ms=3000)
    stored = library.load(transcript_id)
    assert stored.transcript == third
    assert stored.is_edited
    assert stored.entry.changed_ms == 3000
    assert stored.entry.word_count == 2
    assert library.original(transcript_id).text == first.text
    assert library.versions(transcript_id) == (2000,)
    library.save(transcript_id, second, now_ms=2000 + VERSION_EVERY_MS)
    assert library.version(transcript_id, 2000 + VERSION_EVERY_MS) == third
    assert library.version(transcript_id, 2000).text == first.text
    assert [len(library.search(one)) for one in ("some", "third", "other")] == [0, 0, 1]


def test_what_another_window_saved_meanwhile_stays_as_a_version(
    library: Library, database: Database
) -> None:
    transcript_id = keep(library)
    first = library.load(transcript_id).transcript
    elsewhere = Library(database)
    mine, theirs, more = (transcript((None, one)) for one in ("mine", "theirs", "more"))
    assert not library.save(transcript_id, mine, now_ms=2_000, known=first)
    assert not library.save(transcript_id, more, now_ms=2_100, known=mine)
    assert elsewhere.save(transcript_id, theirs, now_ms=2_200, known=first)
    assert library.load(transcript_id).transcript == theirs
    assert more in [
        library.version(transcript_id, one.taken_ms)
        for one in library.version_list(transcript_id)
        if one.reason == CHANGED_ELSEWHERE
    ]
    assert library.save(transcript_id, mine, now_ms=2_300, known=more)
    assert not library.save(transcript_id, more, now_ms=2_400, known=mine)


def test_versions_do_not_grow_without_end(library: Library) -> None:
    transcript_id = keep(library)
    for number in range(30):
        now_ms = 2000 + number * VERSION_EVERY_MS
        library.save(transcript_id, transcript((None, f"state {number}")), now_ms=now_ms)
    assert len(library.versions(transcript_id)) == 20
    assert library.original(transcript_id).text == "some words here"


def test_what_was_before_bulk_changes_and_the_last_of_each_day_outlives_the_rest(
    library: Library,
) -> None:
    day_ms = 86_400_000
    transcript_id = keep(library)
    library.save_version(
        transcript_id, transcript((None, "before")), now_ms=1_000, reason="Replace all"
    )
    for number in range(60):  # three days, twenty a day
        now_ms = number // 20 * day_ms + (number % 20 + 1) * VERSION_EVERY_MS
        library.save(transcript_id, transcript((None, f"state {number}")), now_ms=now_ms)
    kept = library.version_list(transcript_id)
    assert [one.taken_ms for one in kept if one.reason] == [1_000]
    assert library.version(transcript_id, 1_000).text == "before"
    days = {one.taken_ms // day_ms for one in kept}
    assert days == {0, 1, 2}
    assert len(kept) <= 20 + 1 + 3


def test_the_same_state_is_kept_once_and_two_at_a_time_are_two(library: Library) -> None:
    transcript_id = keep(library)
    for text, reason in (("one", "A"), ("one", "B"), ("two", "C")):
        library.save_version(
            transcript_id, transcript((None, text)), now_ms=5_000, reason=reason
        )
    kept = library.version_list(transcript_id)
    assert [(one.taken_ms, one.reason) for one in kept] == [(5_001, "C"), (5_000, "B")]


def test_bin_gives_back_and_forgets(library: Library) -> None:
    one, two = keep(library, "alpha"), keep(library, "beta")
    library.save_copy_path(one, "/copies/1.flac")
    library.delete([one], now_ms=50)
    assert [entry.transcript_id for entry in library.entries()] == [two]
    assert [entry.transcript_id for entry in library.entries(Filter(is_deleted=True))] == [one]
    assert library.search("alpha") == []
    library.restore([one])
    assert len(library.search("alpha")) == 1
    library.delete([one], now_ms=50)
    assert library.purge_deleted(before_ms=50) == ()
    assert library.purge_deleted(before_ms=51) == ("/copies/1.flac",)
    with pytest.raises(StorageError, match="no longer"):
        library.load(one)
    with pytest.raises(StorageError):
        library.save(one, transcript((None, "x")), now_ms=1)
    with pytest.raises(StorageError):
        library.original(one)
    assert library.entry(one) is None
    library.restore([one])
    assert library.search("alpha") == []


def test_list_is_sorted_and_filtered(library: Library) -> None:
    a = keep(library, name="Zebra 100%", now_ms=1, model="pulse", duration_ms=3000)
    b = keep(library, name="apple", now_ms=2, model="on-device:base", language="de")
    c = keep(library, name="Mango", now_ms=3, model="on-device", duration_ms=1)
    library.set_tags(a, ["work", " work ", "", "urgent\nnow"])
    library.set_tags(b, ["work"])
    library.rename(c, "  banana\tsplit ", now_ms=9)

    def ids(wanted: Filter | None = None, **order: object) -> list[TranscriptId]:
        return [
            entry.transcript_id
            for entry in library.entries(wanted, **order)  # pyright: ignore[reportArgumentType]
        ]

    assert ids() == [c, b, a]
    assert ids(sort_by=SortBy.NAME, is_descending=False) == [b, c, a]
    assert ids(sort_by=SortBy.LENGTH)[0] == a
    for sort_by in SortBy:
        assert sorted(ids(sort_by=sort_by)) == sorted([a, b, c])
    assert ids(Filter(name="100%")) == [a]
    assert ids(Filter(name="%")) == [a]
    assert ids(Filter(name="BANANA")) == [c]
    assert ids(Filter(tag="work")) == [b, a]
    assert ids(Filter(model="on-device")) == [c, b]
    assert ids(Filter(model="pulse", since_ms=1, until_ms=2)) == [a]
    assert ids(Filter(language="de")) == [b]
    assert library.tags() == ("urgent now", "work")


def test_record_says_the_same_without_the_words(library: Library, database: Database) -> None:
    link = AudioLink("/a.wav", size_bytes=5, modified_ns=7, content_hash="h1")
    transcript_id = keep(library, link=link)
    library.save_position(transcript_id, ReadingPosition(1500, 0.25, ((0, 1000),)))
    library.save_copy_path(transcript_id, "/copies/a.wav")
    library.save_export_options(transcript_id, {"format": "srt"})
    stored = library.load(transcript_id)
    record = library.record(transcript_id)
    assert record.link == link
    assert record.copy_path == "/copies/a.wav"
    assert record.with_words(stored.transcript) == stored
    with database.writing() as connection:
        connection.execute("UPDATE transcript_bodies SET body = x'00'")
    assert library.record(transcript_id) == record
    library.purge([transcript_id])
    with pytest.raises(StorageError, match="no longer"):
        library.record(transcript_id)


def test_duplicates_are_found_by_content(library: Library) -> None:
    link = AudioLink("/a.wav", size_bytes=5, content_hash="h1")
    first, second = keep(library, link=link), keep(library, link=link)
    keep(library)
    found = [entry.transcript_id for entry in library.find_duplicates("h1")]
    assert found == [second, first]
    assert library.find_duplicates("") == ()
    library.delete([first, second], now_ms=1)
    assert library.find_duplicates("h1") == ()


def test_what_was_heard_twice_counts_once(library: Library) -> None:
    transcript_id = keep(library)
    heard = ((5_000, 9_000), (0, 3_000), (2_000, 4_000), (7_000, 7_000))
    library.save_position(transcript_id, ReadingPosition(listened=heard))
    assert library.entries()[0].listened_ms == 8_000


def test_model_of_any_kind_is_listed(library: Library) -> None:
    keep(library, language="\ud800", name="a\ud800b\x00")
    assert library.entries()[0].name
    assert isinstance(library.load(library.entries()[0].transcript_id).transcript, Transcript)


def test_markers_of_all_transcripts_are_listed_the_newest_first(library: Library) -> None:
    marker = Marker(MarkerId("1"), MarkerKind.NOTE, "who?")
    plain = transcript(("a", "some words here"), ("b", "and here"))
    words = plain.paragraphs[1].words
    noted = replace(plain.paragraphs[1], words=(words[0], words[1].reviewed(markers=(marker,))))
    older = library.add(
        replace(plain, paragraphs=(plain.paragraphs[0], noted)),
        name="older",
        options=OPTIONS,
        link=AudioLink("/a.wav"),
        now_ms=1,
    )
    newer = keep(library, name="newer", now_ms=2)
    (one,) = library.markers()
    assert (one.transcript_id, one.name, one.text, one.quote) == (
        older,
        "older",
        "who?",
        "here",
    )
    assert (one.speaker, one.speaker_number, one.word) == ("", 2, 4)
    quoted = transcript(("a", "some words here"))
    quoted = replace(
        quoted, paragraphs=(replace(quoted.paragraphs[0], is_highlighted=True, note="loud"),)
    )
    library.save(newer, quoted, now_ms=3)
    assert [(found.name, found.kind) for found in library.markers()] == [
        ("newer", MarkerKind.HIGHLIGHT),
        ("newer", MarkerKind.NOTE),
        ("older", MarkerKind.NOTE),
    ]
    library.delete([newer], now_ms=4)
    assert [found.name for found in library.markers()] == ["older"]
    library.purge([older, newer])
    assert library.markers() == ()


def test_what_an_older_wordlight_kept_is_listed_too_and_damage_hides_nothing_else(
    library: Library, database: Database
) -> None:
    marked = transcript(("a", "some words"))
    marked = replace(marked, paragraphs=(replace(marked.paragraphs[0], note="old"),))
    for name in ("kept", "damaged"):
        library.add(marked, name=name, options=OPTIONS, link=AudioLink("/a.wav"), now_ms=1)
    with database.writing() as connection:  # as the migration leaves them
        connection.execute("DELETE FROM transcript_markers")
        connection.execute("UPDATE transcripts SET are_markers_listed = 0")
        connection.execute(
            "UPDATE transcript_bodies SET body = x'00' WHERE number = "
            "(SELECT number FROM transcripts WHERE name = 'damaged')"
        )
    assert [(one.name, one.text) for one in library.markers()] == [("kept", "old")]


def test_what_is_reviewed_is_what_was_heard_until_it_is_counted(library: Library) -> None:
    transcript_id = keep(library, duration_ms=1_000)
    library.save_position(transcript_id, ReadingPosition(listened=((0, 400),)))
    entry = library.entry(transcript_id)
    assert entry is not None
    assert (entry.reviewed, entry.reviewed_fraction) == (None, 0.4)
    library.save_position(transcript_id, ReadingPosition(reviewed=0.75, doubt_below=0.5))
    entry = library.entry(transcript_id)
    assert entry is not None
    assert entry.reviewed_fraction == 0.75
    assert library.load(transcript_id).place.doubt_below == 0.5
    other = keep(library, name="other", duration_ms=1_000)
    least = library.entries(sort_by=SortBy.REVIEWED, is_descending=False)
    assert [one.transcript_id for one in least] == [other, transcript_id]
