"""Known voices: asked for, suggested, never given; and nowhere but on this computer."""

from __future__ import annotations

import base64
import logging
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.edits import rename_speaker
from app.core.errors import AppError
from app.core.options import TranscriptionOptions
from app.core.paragraphs import group_words
from app.core.transcript import Speaker, SpeakerId, Transcript, TranscriptId, Word
from app.diagnostics import report
from app.jobs.bundles import write_bundle
from app.jobs.documents import document_of
from app.jobs.formats import all_formats
from app.jobs.knowing import Knowing
from app.ondevice.installed import ModelFolders
from app.store.audio_links import AudioLink
from app.store.backup import roll_backup, write_backup
from app.store.known_voices import KnownVoices
from app.store.stored import StoredTranscript
from tests.support.bench import Bench, opened
from tests.support.made_voices import words_of, write_heard

pytestmark = pytest.mark.timeout(120)

ANN, BOB = SpeakerId("speaker_0"), SpeakerId("speaker_1")
TURNS = [0, 1] * 12
"""Who speaks in which window: half a minute of each."""


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with opened(tmp_path / "home") as made:
        made.storage.settings.change(knows_voices=True)
        yield made


@pytest.fixture
def knowing(bench: Bench) -> Knowing:
    return Knowing(
        known=KnownVoices(bench.storage.paths.known_voices),
        telling=bench.telling,
        settings=bench.storage.settings,
    )


def record(
    bench: Bench, name: str, whose: list[int] = TURNS, *, is_narrow: bool = False
) -> StoredTranscript:
    """Keep a transcript of a recording that was listened to; two speakers, no names."""
    content_hash = name.rjust(32, "0")
    folder = bench.storage.paths.cache / "voices"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{content_hash}-0-0.voices"
    length_ms = write_heard(path, whose, seed=len(name) * 100, is_narrow=is_narrow)
    path.rename(bench.telling.heard_path(content_hash, 0, length_ms))
    words: list[Word] = []
    ids: list[SpeakerId | None] = []
    people = sorted(set(whose))
    for window, person in enumerate(whose):
        spans = words_of([window])
        words += [Word(f"w{start}", start, end) for start, end in spans]
        ids += [(ANN, BOB)[people.index(person)]] * len(spans)
    made = Transcript(
        group_words(words, ids),
        tuple(Speaker(one) for one in (ANN, BOB)[: len(people)]),
        duration_ms=length_ms,
    )
    link = AudioLink(str(bench.storage.paths.data / name), content_hash=content_hash)
    library = bench.storage.library
    transcript_id = library.add(
        made, name=name, options=TranscriptionOptions(), link=link, now_ms=1
    )
    return library.load(transcript_id)


def named(stored: StoredTranscript, speaker: SpeakerId, name: str) -> Transcript:
    change = rename_speaker(stored.transcript, speaker, name)
    assert change is not None
    return replace(stored.transcript, speakers=change.speakers_after)


async def know(knowing: Knowing, stored: StoredTranscript) -> Transcript:
    transcript = named(stored, ANN, "Ann Example")
    await knowing.remember(stored, transcript, ANN)
    return transcript


async def test_a_voice_that_was_named_is_suggested_in_the_next_recording(
    bench: Bench, knowing: Knowing
) -> None:
    first, second = record(bench, "first"), record(bench, "second", [1, 0] * 12)
    assert await knowing.is_to_be_asked("Ann Example")
    transcript = await know(knowing, first)
    assert not await knowing.is_to_be_asked("Ann Example")

    assert await knowing.suggestions(second, second.transcript) == {ANN: "Ann Example"}
    # Suggested, not given; and not where the name is there already.
    assert bench.storage.library.load(second.entry.transcript_id).transcript == (
        second.transcript
    )
    assert await knowing.suggestions(first, transcript) == {}
    strangers = record(bench, "strangers", [2, 3] * 12)
    assert await knowing.suggestions(strangers, strangers.transcript) == {}


async def test_nothing_is_known_or_suggested_unless_it_is_wanted(
    bench: Bench, knowing: Knowing
) -> None:
    first, second = record(bench, "first"), record(bench, "second")
    await know(knowing, first)
    bench.storage.settings.change(knows_voices=False)

    assert await knowing.suggestions(second, second.transcript) == {}
    assert not await knowing.is_to_be_asked("Bob")
    await knowing.remember(first, named(first, BOB, "Bob"), BOB)
    assert [one.name for one in knowing.known.voices()] == ["Ann Example"]


async def test_it_is_off_until_somebody_switches_it_on(tmp_path: Path) -> None:
    async with opened(tmp_path / "new") as bench:
        assert not bench.storage.settings.settings.knows_voices


async def test_a_telephone_voice_is_compared_with_none_but_its_like(
    bench: Bench, knowing: Knowing
) -> None:
    first = record(bench, "first")
    by_phone = record(bench, "by phone", is_narrow=True)
    await know(knowing, first)
    assert await knowing.suggestions(by_phone, by_phone.transcript) == {}

    await knowing.remember(by_phone, named(by_phone, ANN, "Ann Example"), ANN)
    assert sorted(one.is_narrow for one in knowing.known.voices()) == [False, True]
    again = record(bench, "phone again", is_narrow=True)
    assert await knowing.suggestions(again, again.transcript) == {ANN: "Ann Example"}


async def test_ten_seconds_alone_are_needed(bench: Bench, knowing: Knowing) -> None:
    short = record(bench, "short", [0, 1] * 3)
    with pytest.raises(AppError, match="ten seconds") as failed:
        await know(knowing, short)
    assert "Ann" not in failed.value.details
    assert knowing.known.voices() == ()


async def test_a_forgotten_voice_is_suggested_no_more(bench: Bench, knowing: Knowing) -> None:
    first, second = record(bench, "first"), record(bench, "second")
    await know(knowing, first)
    knowing.known.forget("Ann Example")
    assert await knowing.suggestions(second, second.transcript) == {}


async def test_without_what_was_heard_nobody_is_suggested(
    bench: Bench, knowing: Knowing
) -> None:
    first, second = record(bench, "first"), record(bench, "second")
    await know(knowing, first)
    for path in (bench.storage.paths.cache / "voices").iterdir():
        path.unlink()
    assert await knowing.suggestions(second, second.transcript) == {}


async def test_what_somebody_sounds_like_goes_nowhere(
    bench: Bench, knowing: Knowing, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    first, second = record(bench, "first"), record(bench, "second")
    await know(knowing, first)
    assert await knowing.suggestions(second, second.transcript)
    (voice,) = knowing.known.voices()
    traces = (
        voice.vector.encode(),
        voice.vector[8:40].encode(),
        base64.b64decode(voice.vector)[:24],
        b"known-voices",
        voice.name.encode(),  # the library has no transcript in which Ann is named
    )
    database, folder = bench.storage.database, tmp_path / "out"
    folder.mkdir()
    write_backup(database, folder / "backup.zip", now_ms=1, recordings=tmp_path)
    roll_backup(database, folder, now_ms=1, kept=3)
    database.copy_to(folder / "library.db")
    stored = bench.storage.library.load(TranscriptId(second.entry.transcript_id))
    for kind in all_formats().values():
        if kind.name != "wordlight":
            (folder / f"as-{kind.name}").write_bytes(kind.write(document_of(stored)))
    await write_bundle(bench.storage.library, stored, folder / "bundle.wordlight")
    told = report(bench.storage.paths, ModelFolders(tmp_path / "models"))
    (folder / "report").write_text(told, "utf-8")
    (folder / "log").write_text(caplog.text, "utf-8")

    written = [path for path in folder.rglob("*") if path.is_file()]
    assert len(written) > 10
    for path in written:
        for content in contents_of(path):
            for trace in traces:
                assert trace not in content, path.name


def contents_of(path: Path) -> list[bytes]:
    """Give what is in a file, and in a bundle of files."""
    found = [path.read_bytes()]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as bundle:
            found += [bundle.read(name) for name in bundle.namelist()]
    return found
