"""Words that a damaged library did not take come back once it is rescued."""

from __future__ import annotations

from pathlib import Path

from app.core.options import TranscriptionOptions
from app.core.transcript import TranscriptId
from app.store.audio_links import AudioLink
from app.store.library import Library
from app.store.set_aside import WordsAside
from tests.support.builders import transcript

ELSEWHERE = transcript(("A", "one other"))
TALK, LATER = transcript(("A", "one two")), transcript(("A", "one two three"))


def test_all_is_saved_what_has_no_transcript_any_more_as_one_of_its_own(
    library: Library, tmp_path: Path
) -> None:
    aside = WordsAside(tmp_path / "wordlight.db")
    aside.take_up(library, now_ms=1)  # nothing is there
    transcript_id = library.add(
        TALK, name="Talk", options=TranscriptionOptions(), link=AudioLink("/talk.wav"), now_ms=1
    )
    aside.keep(transcript_id, TALK)
    aside.keep(transcript_id, LATER)
    aside.keep(TranscriptId("lost"), LATER)
    aside.keep(TranscriptId("dropped"), LATER)
    aside.drop(TranscriptId("dropped"))
    library.save(transcript_id, ELSEWHERE, now_ms=2)
    aside.take_up(library, now_ms=3)
    assert library.load(transcript_id).transcript == LATER
    assert library.version(transcript_id, 2) == TALK
    assert library.version(transcript_id, 3) == ELSEWHERE
    other = next(one for one in library.entries() if one.transcript_id != transcript_id)
    assert other.name == "one two three"
    assert library.load(other.transcript_id).transcript == LATER
    assert not (tmp_path / "unsaved").exists()
    aside.take_up(library, now_ms=4)
    assert len(library.entries()) == 2


def test_what_cannot_be_read_stays(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "unsaved"
    folder.mkdir()
    (folder / "one.words").write_bytes(b"no words")
    WordsAside(tmp_path / "wordlight.db").take_up(library, now_ms=2)
    assert (folder / "one.words").read_bytes() == b"no words"
    assert library.entries() == ()
