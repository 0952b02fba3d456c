from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.audio.cache import PlaybackCache
from app.core.errors import StorageError
from app.core.options import TranscriptionOptions
from app.jobs.listening import Listening, OnFetched
from app.store.audio_links import link_to
from app.store.library import Library
from app.store.stored import StoredTranscript
from tests.support.builders import transcript
from tests.support.sounds import ffmpeg

TALK_MS = 57_923


async def nothing_to_fetch(_link: str, _target: Path, _on_progress: OnFetched) -> Path:
    raise AssertionError("no link is to be fetched here")


def listening(library: Library, folder: Path, most_bytes: int = 1_000_000_000) -> Listening:
    cache = PlaybackCache(folder / "overviews", most_bytes)
    return Listening(library, cache, copies=folder / "copies", fetch=nothing_to_fetch)


def encoded(clips: Path, target: Path, *arguments: str) -> Path:
    ffmpeg("-i", clips / "two-readers-alternating.flac", *arguments, target)
    return target


def kept_of(library: Library, path: Path) -> StoredTranscript:
    transcript_id = library.add(
        transcript((None, "we meet again")),
        name="Talk",
        options=TranscriptionOptions(),
        link=link_to(path),
        now_ms=1,
    )
    return library.load(transcript_id)


async def test_an_original_that_seeks_truly_is_played_itself(
    library: Library, clips: Path, tmp_path: Path
) -> None:
    told: list[int] = []
    path = clips / "two-readers-alternating.flac"

    sound = await listening(library, tmp_path).sound(path, lambda done, _: told.append(done))

    assert (sound.path, sound.is_copy) == (path, False)
    assert abs(sound.peaks.duration_ms - TALK_MS) < 10
    assert told == []  # no copy is made, so there is none to wait for


async def test_one_that_does_not_is_played_from_a_copy_made_again_when_lost(
    library: Library, clips: Path, tmp_path: Path
) -> None:
    path = encoded(clips, tmp_path / "talk.mp3", "-q:a", "5")
    heard = listening(library, tmp_path)
    told: list[tuple[int, int]] = []

    first = await heard.sound(path, lambda *counted: told.append(counted))
    assert first.is_copy
    assert first.path.suffix == ".flac"
    assert told
    assert told == sorted(told)

    told.clear()
    assert await heard.sound(path, lambda *counted: told.append(counted)) == first
    assert told == []

    first.path.unlink()
    again = await heard.sound(path, lambda *counted: told.append(counted))
    assert again == first
    assert again.path.is_file()
    assert told


async def test_copies_keep_to_their_room_and_come_back_when_wanted(
    library: Library, clips: Path, tmp_path: Path
) -> None:
    one = encoded(clips, tmp_path / "one.mp3", "-q:a", "5")
    other = encoded(clips, tmp_path / "other.mp3", "-q:a", "6")
    alone = await listening(library, tmp_path / "measured").sound(one)
    room = sum(file.stat().st_size for file in alone.path.parent.iterdir()) * 3 // 2
    heard = listening(library, tmp_path, room)

    first = await heard.sound(one)
    second = await heard.sound(other)

    assert not first.path.exists()
    assert second.path.exists()
    assert (await heard.sound(one)).path.exists()
    assert not second.path.exists()


async def test_a_recording_that_moved_is_found_and_remembered(
    library: Library, clips: Path, tmp_path: Path
) -> None:
    shelf, attic = tmp_path / "shelf", tmp_path / "attic"
    for folder in (shelf, attic):
        folder.mkdir()
    path = Path(shutil.copy(clips / "lj001-0002.flac", shelf / "talk.flac"))
    kept_of(library, Path(shutil.copy(clips / "lj001-0008.flac", attic / "other.flac")))
    stored = kept_of(library, path)
    heard = listening(library, tmp_path)
    assert await heard.find(stored) == path

    moved = path.rename(attic / "talk.flac")

    assert await heard.find(stored) == moved
    assert library.load(stored.entry.transcript_id).link.path == moved
    moved.unlink()
    assert await heard.find(stored) is None


async def test_a_cache_that_cannot_be_written_is_one_sentence(
    library: Library, clips: Path, tmp_path: Path
) -> None:
    (tmp_path / "overviews").write_bytes(b"a file where a folder should be")

    with pytest.raises(StorageError):
        await listening(library, tmp_path).sound(clips / "lj001-0002.flac")
