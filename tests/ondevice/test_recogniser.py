from __future__ import annotations

import asyncio
import os
import shutil
import sys
from bisect import bisect_left
from collections.abc import AsyncGenerator, Callable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.core.errors import Action, RecogniserError
from app.core.options import AUTO, TranscriptionOptions
from app.core.transcript import Transcript
from app.ondevice.catalog import TINY_ENGLISH
from app.ondevice.child import Child
from app.ondevice.chunks import Chunk, usable
from app.ondevice.installed import ModelFolders
from app.ondevice.protocol import Answer, ChunkEnd, Done
from app.ondevice.protocol import Heard as HeardSome
from app.ondevice.recogniser import Recogniser, settled_words
from tests.support.sounds import ffmpeg
from tests.support.wer import normalised, word_error_rate

ENGLISH = TranscriptionOptions(language="en")
SHORT = "lj001-0008"
SEEN_FROM_A_SEAM = 6
"""So many words on either side of a cut."""


class HeardClip(NamedTuple):
    """A clip's words, the progress that was told, and each chunk with how much was done."""

    transcript: Transcript
    told: list[tuple[int, int]]
    chunks: list[tuple[Chunk, int]]


Heard = dict[str, HeardClip]
WavOf = Callable[[str], Path]


def is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="module")
def heard(folders: ModelFolders, wav_of: WavOf, clips: Path) -> Heard:
    """Every clip through the default model, with the progress that was told."""

    async def recognise_all() -> Heard:
        recogniser = Recogniser(folders)
        results: Heard = {}
        for clip in sorted(clips.glob("*.flac")):
            told: list[tuple[int, int]] = []
            chunks: list[tuple[Chunk, int]] = []

            async def take(chunk: Chunk, told=told, chunks=chunks) -> None:
                chunks.append((chunk, told[-1][0]))

            transcript = await recogniser.transcribe(
                wav_of(clip.stem),
                ENGLISH,
                on_heard=take,
                on_progress=lambda done, total, told=told: told.append((done, total)),
            )
            results[clip.stem] = HeardClip(transcript, told, chunks)
        await recogniser.aclose()
        return results

    return asyncio.run(recognise_all())


@pytest.mark.slow
@pytest.mark.timeout(240)
class TestAllClips:
    def test_words_are_right(self, heard: Heard, clips: Path) -> None:
        words = errors = 0.0
        for name, one in heard.items():
            transcript = one.transcript
            said = (clips / f"{name}.txt").read_text("utf-8")
            words += len(normalised(said))
            errors += word_error_rate(said, transcript.text) * len(normalised(said))

        assert words > 1_000
        assert errors / words <= 0.12

    def test_times_go_forward_within_the_recording(self, heard: Heard) -> None:
        for transcript, *_ in heard.values():
            words = list(transcript.words())
            starts = [word.start_ms for word in words]
            assert starts == sorted(starts)
            assert all(word.start_ms <= word.end_ms <= transcript.duration_ms for word in words)

    def test_words_are_sure_to_some_degree_and_stand_apart(self, heard: Heard) -> None:
        for transcript, *_ in heard.values():
            words = list(transcript.words())
            assert all(word.confidence is not None for word in words)
            assert all(0 <= (word.confidence or 0) <= 1 for word in words)
            assert " " in transcript.text
            assert not any(" " in word.text for word in words)

    def test_progress_only_goes_forward_and_ends_at_the_end(self, heard: Heard) -> None:
        for transcript, told, _ in heard.values():
            assert told == sorted(told)
            assert told[0] == (0, transcript.duration_ms)
            assert told[-1] == (transcript.duration_ms, transcript.duration_ms)
        # Several steps within a long recording, also where its pieces are heard side by side.
        assert len({done for done, _ in heard["five-minutes"].told}) > 10

    def test_words_come_early_and_steadily(self, heard: Heard) -> None:
        transcript, _, chunks = heard["five-minutes"]
        total_ms = transcript.duration_ms
        assert 5 <= len(chunks) <= 7
        first, done_ms = chunks[0]
        assert len(first.words) > 30
        # Others may have been heard as long meanwhile, however many are heard at a time.
        assert done_ms <= first.end_ms * 4
        assert first.end_ms <= 0.1 * total_ms
        lengths = [chunk.end_ms - chunk.start_ms for chunk, _ in chunks]
        assert max(lengths) < total_ms / 3
        assert sum(lengths) == total_ms
        for name, clip in heard.items():
            assert name == "five-minutes" or len(clip.chunks) == 1

    def test_no_word_is_lost_or_heard_twice_at_a_seam(self, heard: Heard, clips: Path) -> None:
        transcript, _, chunks = heard["five-minutes"]
        said = normalised((clips / "five-minutes.txt").read_text("utf-8"))
        got: list[str] = []
        starts: list[int] = []
        for word in transcript.words():
            for one in normalised(word.text):
                got.append(one)
                starts.append(word.start_ms)
        same = SequenceMatcher(None, said, got, autojunk=False).get_matching_blocks()
        place_of = {
            block.b + at: block.a + at for block in same for at in range(block.size)
        }  # of each word that is right, where it stands in what was said
        for chunk, _ in chunks[:-1]:
            behind = bisect_left(starts, chunk.end_ms)
            near = range(behind - SEEN_FROM_A_SEAM, behind + SEEN_FROM_A_SEAM)
            places = [place_of[at] for at in near if at in place_of]
            assert len(places) >= len(near) - 2  # “and on” is “anon”
            assert places[-1] - places[0] <= near[-1] - near[0]  # but none is left out

    def test_transcript_says_who_made_it(self, heard: Heard) -> None:
        transcript, *_ = heard["kennedy-1961"]

        assert transcript.model == "on-device:tiny.en"
        assert transcript.language == "en"
        assert transcript.duration_ms == 11_000
        assert len(heard["five-minutes"].transcript.paragraphs) > 3


@pytest.mark.slow
async def test_language_is_detected(folders: ModelFolders, wav_of: WavOf) -> None:
    recogniser = Recogniser(folders)

    transcript = await recogniser.transcribe(
        wav_of("kennedy-1961"), TranscriptionOptions(language=AUTO)
    )
    await recogniser.aclose()

    assert (transcript.language, transcript.model) == ("en", "on-device:base")
    assert "my fellow Americans" in transcript.text


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", AUTO])
async def test_a_sentence_in_another_language_is_heard_in_it_or_said_to_have_no_words(
    folders: ModelFolders, clips: Path, tmp_path: Path, language: str
) -> None:
    parts = [clips / "kennedy-1961.flac", clips / "made/spanish.flac", clips / f"{SHORT}.flac"]
    inputs = [argument for part in parts for argument in ("-i", part)]
    joined = "[0]apad=pad_dur=1[a];[1]apad=pad_dur=1[b];[a][b][2]concat=n=3:v=0:a=1"
    mixed = tmp_path / "mixed.wav"
    ffmpeg(*inputs, "-filter_complex", joined, "-ar", "16000", "-ac", "1", mixed)
    recogniser = Recogniser(folders)

    heard = await recogniser.transcribe(
        mixed, TranscriptionOptions(language=language, package="base")
    )
    await recogniser.aclose()

    assert heard.language == "en"
    english = " ".join(one.text for one in heard.paragraphs if not one.language)
    assert "my fellow Americans" in english
    assert "never been surpassed" in english
    spanish = [one for one in heard.paragraphs if one.language]
    if language == AUTO:
        (sentence,) = spanish
        assert sentence.language == "es"
        assert {"mañana", "tiempo", "hasta"} <= set(sentence.text.split())
        assert 11_500 < sentence.start_ms < sentence.end_ms < 18_000
        assert not heard.wordless
    else:
        assert not spanish
        ((start_ms, end_ms),) = heard.wordless
        assert 11_500 < start_ms < end_ms < 18_000
        assert end_ms - start_ms > 4_000


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", AUTO])
async def test_silence_and_noise_have_no_words(
    folders: ModelFolders, wav_with: Callable[[NDArray[np.int16]], Path], language: str
) -> None:
    recogniser = Recogniser(folders)
    options = TranscriptionOptions(language=language)
    noise = np.random.default_rng(3).normal(0, 2_000, 160_000).astype("<i2")
    faint = np.zeros(160_000, "<i2")
    faint[::7] = 1
    for samples in (noise, faint, np.zeros(160_000, "<i2"), np.zeros(0, "<i2"), noise[:5]):
        transcript = await recogniser.transcribe(wav_with(samples), options)
        assert transcript.text == ""
        assert transcript.duration_ms == samples.size // 16
    await recogniser.aclose()


@pytest.mark.slow
async def test_cancelling_kills_at_once_and_the_next_recording_works(
    folders: ModelFolders, wav_of: WavOf
) -> None:
    recogniser = Recogniser(folders)
    at_work = asyncio.Event()
    task = asyncio.create_task(
        recogniser.transcribe(
            wav_of("five-minutes"), ENGLISH, on_progress=lambda done, _: done and at_work.set()
        )
    )
    await at_work.wait()
    process_id = recogniser.process_id
    assert process_id is not None

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not is_running(process_id)
    assert recogniser.process_id is None
    assert (await recogniser.transcribe(wav_of(SHORT), ENGLISH)).text
    await recogniser.aclose()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no signals there")
async def test_killed_process_fails_its_recording_and_no_other(
    folders: ModelFolders, wav_of: WavOf, expected_log: Callable[[str], None]
) -> None:
    expected_log("The recogniser ended: exit code -9")
    recogniser = Recogniser(folders)
    at_work = asyncio.Event()
    doomed = asyncio.create_task(
        recogniser.transcribe(
            wav_of("five-minutes"), ENGLISH, on_progress=lambda done, _: done and at_work.set()
        )
    )
    await at_work.wait()
    next_one = asyncio.create_task(recogniser.transcribe(wav_of(SHORT), ENGLISH))
    assert recogniser.process_id is not None

    os.kill(recogniser.process_id, 9)

    with pytest.raises(RecogniserError) as caught:
        await doomed
    assert caught.value.action is Action.RETRY
    assert (await next_one).text
    await recogniser.aclose()


@pytest.mark.slow
async def test_recordings_wait_for_their_turn_in_one_warm_process(
    folders: ModelFolders, wav_of: WavOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMALLEST_API_KEY", "s3cret-of-the-test")
    recogniser = Recogniser(folders, cores=1)
    await recogniser.transcribe(wav_of(SHORT), ENGLISH)
    process_id = recogniser.process_id
    told: list[tuple[str, int]] = []
    is_in_line = asyncio.Event()

    def tell_place(name: str, ahead: int) -> None:
        told.append((f"{name} behind", ahead))
        is_in_line.set()

    async def recognise(name: str) -> Transcript:
        return await recogniser.transcribe(
            wav_of(SHORT),
            ENGLISH,
            on_progress=lambda done, _: told.append((name, done)),
            on_place=lambda ahead: tell_place(name, ahead),
        )

    going_first = asyncio.create_task(recognise("first"))
    await is_in_line.wait()
    second = await recognise("second")
    first = await going_first

    assert first == second
    assert recogniser.process_id == process_id
    assert [ahead for name, ahead in told if name == "first behind"] == [0]
    assert [ahead for name, ahead in told if name == "second behind"] == [1, 0]
    first_end = told.index(("second behind", 0))
    assert all(done == 0 for name, done in told[:first_end] if name == "second")
    if sys.platform == "linux":
        environment = Path(f"/proc/{process_id}/environ").read_bytes()
        assert b"HF_HUB_OFFLINE=1" in environment
        assert b"s3cret" not in environment
    await recogniser.aclose()


class HearsAhead:
    """A child that has heard the second piece to its end before the first is over."""

    is_alive, process_id, model_folder = True, 0, Path()

    def use(self, _cores: int) -> None: ...

    async def close(self) -> None: ...

    async def ask(self, _asked: object) -> AsyncGenerator[Answer]:
        yield HeardSome(230_000)
        yield HeardSome(100_000, [("one", 1_000, 1_500, 0.9, False)])
        yield ChunkEnd(100_000, "en")
        yield HeardSome(200_000, [("two", 101_000, 101_500, 0.9, False)])
        yield ChunkEnd(200_000, "en")
        yield HeardSome(250_000, [("three", 201_000, 201_500, 0.9, False)])
        yield ChunkEnd(250_000, "en")
        yield Done("en")


async def test_chunks_end_where_they_end_however_far_ahead_it_hears(
    folders: ModelFolders,
    wav_with: Callable[[NDArray[np.int16]], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def start(_folder: Path) -> Child:
        return cast("Child", HearsAhead())

    monkeypatch.setattr(Child, "start", start)
    monkeypatch.setenv("WORDLIGHT_MODEL", "tiny.en")
    saved: list[Chunk] = []
    done: list[int] = []

    async def save(chunk: Chunk) -> None:
        saved.append(chunk)

    recogniser = Recogniser(folders, cores=2)
    transcript = await recogniser.transcribe(
        wav_with(np.zeros(250 * 16_000, "<i2")),
        ENGLISH,
        on_chunk=save,
        on_progress=lambda at, _: done.append(at),
    )
    await recogniser.aclose()

    spans = [(one.start_ms, one.end_ms) for one in saved]
    assert spans == [(0, 100_000), (100_000, 200_000), (200_000, 250_000)]
    assert usable(saved, "tiny.en", "en", 250_000) == saved
    assert [word.start_ms for word in transcript.words()] == [1_000, 101_000, 201_000]
    assert done == sorted(done)


class Waits:
    """A child that is told how many cores it may use, and hears as far as it may."""

    is_alive, process_id, model_folder = True, 0, Path()

    def __init__(self) -> None:
        self.cores: list[int] = []
        self.may_hear = asyncio.Event()

    def use(self, cores: int) -> None:
        self.cores.append(cores)

    async def close(self) -> None: ...

    async def ask(self, _asked: object) -> AsyncGenerator[Answer]:
        await self.may_hear.wait()
        yield ChunkEnd(280_000, "en")
        yield ChunkEnd(340_000, "en")
        yield Done("en")


async def test_two_long_recordings_share_the_cores_and_the_last_gets_all_it_needs(
    folders: ModelFolders,
    wav_with: Callable[[NDArray[np.int16]], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    children: list[Waits] = []
    is_begun = asyncio.Semaphore(0)

    async def start(_folder: Path) -> Child:
        children.append(Waits())
        is_begun.release()
        return cast("Child", children[-1])

    monkeypatch.setattr(Child, "start", start)
    monkeypatch.setenv("WORDLIGHT_MODEL", "tiny.en")
    wav = wav_with(np.zeros(400_000 * 16, np.int16))
    recogniser = Recogniser(folders, cores=4)

    first = asyncio.create_task(recogniser.transcribe(wav, ENGLISH))
    await is_begun.acquire()
    second = asyncio.create_task(recogniser.transcribe(wav, ENGLISH))
    await is_begun.acquire()
    children[1].may_hear.set()
    await second
    children[0].may_hear.set()
    await first
    await recogniser.aclose()

    # Many pieces each, on four cores; later with two pieces left, and then with one.
    assert children[0].cores[:2] == [4, 2]
    assert children[0].cores[-3:] == [4, 2, 1]
    assert children[1].cores[0] == 2


@pytest.mark.slow
async def test_two_recordings_at_a_time_give_what_each_gives_alone(
    folders: ModelFolders, wav_of: WavOf
) -> None:
    recogniser = Recogniser(folders, cores=2)
    alone = await recogniser.transcribe(wav_of(SHORT), ENGLISH)
    ahead: list[int] = []
    running: set[int] = set()

    def note(_done: int, _total: int) -> None:
        if recogniser.process_id is not None:
            running.add(recogniser.process_id)

    both = await asyncio.gather(
        *(
            recogniser.transcribe(
                wav_of(SHORT), ENGLISH, on_place=ahead.append, on_progress=note
            )
            for _ in range(2)
        )
    )

    assert both == [alone, alone]
    assert ahead == [0, 0]
    assert len(running) == 2
    await recogniser.aclose()
    assert not any(map(is_running, running))


@pytest.mark.slow
async def test_idle_process_ends_and_comes_back(folders: ModelFolders, wav_of: WavOf) -> None:
    waited: list[float] = []
    may_wake, asleep = asyncio.Event(), asyncio.Event()

    async def sleep(delay_s: float) -> None:
        waited.append(delay_s)
        asleep.set()
        await may_wake.wait()

    recogniser = Recogniser(folders, idle_ms=5_000, sleep=sleep)
    await recogniser.transcribe(wav_of(SHORT), ENGLISH)
    process_id = recogniser.process_id
    assert process_id is not None
    await asleep.wait()
    assert is_running(process_id)
    idling = next(one for one in asyncio.all_tasks() if one.get_name() == "recogniser: idle")

    may_wake.set()
    await idling

    assert waited == [5.0]
    assert not is_running(process_id)
    assert (await recogniser.transcribe(wav_of(SHORT), ENGLISH)).text
    await recogniser.aclose()


async def test_closing_leaves_no_process(folders: ModelFolders, wav_of: WavOf) -> None:
    recogniser = Recogniser(folders)
    await recogniser.transcribe(wav_of(SHORT), ENGLISH)
    process_id = recogniser.process_id
    assert process_id is not None

    await recogniser.aclose()

    assert not is_running(process_id)
    with pytest.raises(RecogniserError, match="closing"):
        await recogniser.transcribe(wav_of(SHORT), ENGLISH)


async def test_damaged_model_is_refused(
    tmp_path: Path, folders: ModelFolders, wav_of: WavOf
) -> None:
    own = tmp_path / "tiny.en"
    shutil.copytree(await asyncio.to_thread(folders.ready, TINY_ENGLISH), own)
    with (own / "model.bin").open("r+b") as stream:
        stream.seek(40_000_000)
        stream.write(b"not what it was")
    recogniser = Recogniser(ModelFolders(tmp_path / "downloads", tmp_path))

    with pytest.raises(RecogniserError, match=r"tiny\.en is damaged"):
        await recogniser.transcribe(
            wav_of(SHORT), TranscriptionOptions(language="en", package="tiny.en")
        )
    assert recogniser.process_id is None


async def test_missing_or_wrong_sound_is_one_sentence(
    folders: ModelFolders, tmp_path: Path
) -> None:
    (tmp_path / "text.wav").write_bytes(b"hello")
    recogniser = Recogniser(folders)

    for name in ("missing.wav", "text.wav"):
        with pytest.raises(RecogniserError, match="could not be read"):
            await recogniser.transcribe(tmp_path / name, ENGLISH)


@pytest.mark.slow
def test_works_on_the_loop_of_the_window(
    run_async: Callable[..., Any], folders: ModelFolders, wav_of: WavOf
) -> None:
    async def recognise() -> str:
        recogniser = Recogniser(folders)
        doomed = asyncio.create_task(recogniser.transcribe(wav_of(SHORT), ENGLISH))
        transcript = await recogniser.transcribe(wav_of(SHORT), ENGLISH)
        await doomed
        await recogniser.aclose()
        return transcript.text

    assert run_async(recognise(), timeout_s=50)


@given(
    st.lists(
        st.tuples(
            st.text(min_size=1),
            st.integers(-1_000, 20_000),
            st.integers(-1_000, 20_000),
            st.floats(0, 1),
            st.booleans(),
        )
    ),
    st.integers(0, 15_000),
)
def test_settled_words_go_forward_within_the_recording(
    heard: list[tuple[str, int, int, float, bool]], duration_ms: int
) -> None:
    words = settled_words(heard, duration_ms)

    assert [word.text for word in words] == [one[0] for one in heard]
    starts = [word.start_ms for word in words]
    assert starts == sorted(starts)
    assert all(0 <= word.start_ms <= word.end_ms <= duration_ms for word in words)
