"""A recording for a transcript: looked at, compared with the one before, taken."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import RecordingError
from app.core.fitting import Fit, fit_of, words_outside
from app.core.options import TranscriptionOptions
from app.jobs.attaching import Attaching
from app.jobs.importing import import_file
from app.jobs.maintenance import remove_copies
from app.jobs.open_transcript import OpenTranscripts
from app.store.audio_links import AudioLink, link_to
from app.store.library import Library
from app.store.stored import ReadingPosition, StoredTranscript
from tests.jobs.test_listening import listening
from tests.support.builders import transcript
from tests.support.sounds import ffmpeg

TALK = transcript((None, "we meet again"), ("A", "one two three four"), each_ms=1_000)
CLIP = "two-readers-alternating.flac"


def attaching(library: Library, folder: Path, *, keeps_copies: bool = False) -> Attaching:
    return Attaching(
        library,
        listening(library, folder),
        copies=folder / "copies",
        keeps_copies=lambda: keeps_copies,
    )


def kept(library: Library, link: AudioLink) -> StoredTranscript:
    transcript_id = library.add(
        TALK, name="Talk", options=TranscriptionOptions(), link=link, now_ms=1
    )
    return library.load(transcript_id)


def subtitles(path: Path, *lines: tuple[str, str]) -> Path:
    cues = [
        f"{number}\n00:{begin},000 --> 00:{end},000\nWords.\n"
        for number, (begin, end) in enumerate(lines, 1)
    ]
    path.write_text("\n".join(cues), "utf-8")
    return path


async def test_another_take_of_the_same_is_found_to_begin_later(
    library: Library, clips: Path, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.wav"
    ffmpeg("-ss", "5", "-i", clips / CLIP, cut)
    stored = kept(library, link_to(clips / CLIP))
    candidate = await attaching(library, tmp_path).look(stored, cut)
    assert candidate.was_compared
    assert candidate.offset_ms == pytest.approx(-5_000, abs=20)
    assert candidate.duration_ms == pytest.approx(52_923, abs=50)


async def test_another_recording_has_no_offset_and_the_same_is_not_compared(
    library: Library, clips: Path, tmp_path: Path
) -> None:
    stored = kept(library, link_to(clips / CLIP))
    look = attaching(library, tmp_path).look
    other = await look(stored, clips / "kennedy-1961.flac")
    assert (other.was_compared, other.offset_ms) == (True, None)
    same = await look(stored, clips / CLIP)
    assert (same.was_compared, same.offset_ms) == (False, None)


async def test_what_is_no_recording_is_said(library: Library, tmp_path: Path) -> None:
    text = tmp_path / "text.wav"
    text.write_text("no sound", "utf-8")
    stored = kept(library, AudioLink("talk.srt", size_bytes=1))
    with pytest.raises(RecordingError):
        await attaching(library, tmp_path).look(stored, text)


async def test_length_link_and_copy_are_those_of_the_new_one_and_stay_so(
    library: Library, clips: Path, tmp_path: Path
) -> None:
    stored = kept(library, link_to(clips / CLIP))
    library.save_copy_path(stored.entry.transcript_id, str(tmp_path / "old.flac"))
    gives = attaching(library, tmp_path, keeps_copies=True)
    opened = await OpenTranscripts(library).open(stored.entry.transcript_id)
    candidate = await gives.look(stored, clips / "kennedy-1961.flac")
    record = await gives.attach(opened.stored, candidate)
    opened.change_recording(record, candidate.duration_ms, candidate.choice, 250)
    assert await opened.save()
    after = library.load(stored.entry.transcript_id)
    assert after.link.path == clips / "kennedy-1961.flac"
    assert after.entry.duration_ms == after.transcript.duration_ms == candidate.duration_ms
    assert Path(after.copy_path).read_bytes() == (clips / "kennedy-1961.flac").read_bytes()
    assert after.transcript.paragraphs[0].words[0].start_ms == 250


async def test_replacing_a_recording_is_taken_back_and_done_again_in_one_step(
    library: Library, clips: Path, tmp_path: Path
) -> None:
    transcript_id = kept(library, link_to(clips / CLIP)).entry.transcript_id
    copy = tmp_path / "copies" / f"{transcript_id}.flac"
    copy.parent.mkdir()
    copy.write_bytes(b"the copy of the one before")
    library.save_copy_path(transcript_id, str(copy))
    opened = await OpenTranscripts(library).open(transcript_id)
    opened.move(replace(opened.place, listened=((1_000, 2_000),)))
    gives = attaching(library, tmp_path, keeps_copies=True)
    candidate = await gives.look(opened.stored, clips / "kennedy-1961.flac")
    record = await gives.attach(opened.stored, candidate)
    opened.change_recording(record, candidate.duration_ms, candidate.choice, 250)
    assert opened.document.history == ("Change recording",)
    assert opened.place.listened == ((1_250, 2_250),)

    opened.undo()
    assert opened.document.transcript == TALK
    assert opened.place.listened == ((1_000, 2_000),)
    assert opened.stored.link.path == clips / CLIP
    assert await opened.save()
    before = library.load(transcript_id)
    assert (before.link.path, before.copy_path) == (clips / CLIP, str(copy))
    assert copy.read_bytes() == b"the copy of the one before"
    assert before.transcript == TALK
    assert before.entry.duration_ms == TALK.duration_ms

    opened.redo()
    assert await opened.close()
    after = library.load(transcript_id)
    assert after.link.path == clips / "kennedy-1961.flac"
    assert Path(after.copy_path).read_bytes() == (clips / "kennedy-1961.flac").read_bytes()
    assert after.entry.duration_ms == after.transcript.duration_ms == candidate.duration_ms
    assert after.transcript.paragraphs[0].words[0].start_ms == 250
    remove_copies(library.purge([transcript_id]))
    assert not list(copy.parent.iterdir())


@pytest.mark.parametrize(
    ("duration_ms", "offset_ms", "fit"),
    [
        (7_000, 0, Fit.FITS),
        (5_500, 0, Fit.FITS),
        (4_000, 0, Fit.SHORTER),
        (7_000, 9_000_000, Fit.SHORTER),
        (7_000, -3_000, Fit.SHORTER),
        (66_000, 0, Fit.FITS),
        (900_000, 0, Fit.LONGER),
    ],
)
def test_lengths_tell_whether_it_can_be_the_one(
    duration_ms: int, offset_ms: int, fit: Fit
) -> None:
    assert fit_of(TALK, duration_ms, offset_ms) is fit


def test_words_without_times_tell_nothing() -> None:
    words = tuple(replace(word, start_ms=0, end_ms=0) for word in TALK.words())
    flat = replace(TALK, paragraphs=(replace(TALK.paragraphs[0], words=words),))
    assert fit_of(flat, 5) is Fit.UNKNOWN


def test_words_that_would_have_no_sound_are_counted() -> None:
    assert words_outside(TALK, 7_000, 0) == 0
    assert words_outside(TALK, 7_000, 2_500) == 2
    assert words_outside(TALK, 7_000, -1_500) == 2
    assert words_outside(TALK, 7_000, 1 << 40) == 7


def test_what_was_heard_goes_with_the_words() -> None:
    place = ReadingPosition(500, 0.5, ((0, 400), (1_000, 2_000)))
    assert place.moved_by(-600) == ReadingPosition(0, 0.5, ((400, 1_400),))


@pytest.mark.parametrize(
    ("name", "taken"), [("kennedy-1961.flac", False), (CLIP, True)], ids=["short", "fits"]
)
async def test_a_recording_beside_is_taken_only_if_the_words_can_be_of_it(
    name: str, library: Library, clips: Path, tmp_path: Path, *, taken: bool
) -> None:
    shutil.copy(clips / name, tmp_path / "talk.flac")
    path = subtitles(tmp_path / "talk.srt", ("00:01", "00:03"), ("00:40", "00:44"))
    found = library.load(await import_file(library, tmp_path / "c", path, now_ms=5))
    assert found.link.has_recording is taken
    beside = await attaching(library, tmp_path).beside(found)
    assert beside == (None if taken else tmp_path / "talk.flac")
    if beside is not None:
        candidate = await attaching(library, tmp_path).look(found, beside)
        assert candidate.fit(found.transcript) is Fit.SHORTER
