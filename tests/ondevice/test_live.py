"""Live text on this computer: a real child hears sound that grows."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import wave
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from app.core.errors import RecogniserError
from app.core.live import Behind, Ended, LiveEvent, Settled, Tentative
from app.core.options import TranscriptionOptions
from app.core.transcript import Word, join_words
from app.ondevice.child import Child
from app.ondevice.installed import ModelFolders
from app.ondevice.live import LiveEars, LiveHearing
from app.ondevice.protocol import Answer, Asked, Attend, ChunkEnd, Done, Heard, Open
from tests.support.waiting import until
from tests.support.wer import word_error_rate

TINY = TranscriptionOptions(language="en", package="tiny.en")
WavOf = Callable[[str], Path]
PIECE = 3_200


def sound_of(path: Path) -> bytes:
    with wave.open(str(path)) as wav:
        return wav.readframes(wav.getnframes())


def pieces(sound: bytes) -> list[bytes]:
    return [sound[at : at + PIECE] for at in range(0, len(sound), PIECE)]


class Listener:
    """All that one channel tells."""

    def __init__(self, hearing: LiveHearing) -> None:
        self.events: list[LiveEvent] = []
        self.is_over = asyncio.ensure_future(self._listen(hearing))

    async def _listen(self, hearing: LiveHearing) -> None:
        async for event in hearing.events():
            self.events.append(event)

    @property
    def words(self) -> list[Word]:
        return [word for one in self.events if isinstance(one, Settled) for word in one.words]

    @property
    def text(self) -> str:
        return join_words(self.words)


class FakeChild:
    """Says of each sound that one word was said in it, after a while or never."""

    def __init__(self) -> None:
        self.process_id = 1
        self.asked: list[Attend] = []
        self.is_killed = False
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails = False
        self.wordless: list[tuple[int, int]] = []

    async def ask(self, request: Asked) -> AsyncGenerator[Answer]:
        assert isinstance(request, Attend)
        self.asked.append(request)
        await self.gate.wait()
        if self.fails:
            raise RecogniserError("It stopped.")
        end_ms = len(request.sound) * 3 // 4 // 32
        if request.is_last:
            yield Heard(end_ms, [("word", request.begin_ms, end_ms, 0.9, False)])
            yield ChunkEnd(end_ms, "en", self.wordless)
        elif request.is_open_read:
            yield Open([("wor", request.begin_ms, end_ms, 0.5, False)])
        yield Done("en")

    async def kill(self) -> None:
        self.is_killed = True


def ears_with(folders: ModelFolders, child: FakeChild, clock: Callable[[], int]) -> LiveEars:
    async def start(_folder: Path) -> Child:
        return cast("Child", child)

    return LiveEars(folders, TINY, clock_ms=clock, start=start)


class TestAgainstTheRealModel:
    """The child is the program's own; its words are those of the clip."""

    @pytest.mark.slow
    async def test_words_settle_as_well_as_in_a_whole_run_and_where_they_are_said(
        self, folders: ModelFolders, wav_of: WavOf, clips: Path
    ) -> None:
        hearing = LiveEars(folders, TINY).channel()
        heard = Listener(hearing)
        for piece in pieces(sound_of(wav_of("kennedy-1961"))):
            await hearing.feed(piece)
        await hearing.finish()
        await heard.is_over
        await hearing.aclose()

        said = (clips / "kennedy-1961.txt").read_text("utf-8")
        assert word_error_rate(said, heard.text) <= 0.1
        starts = [word.start_ms for word in heard.words]
        assert starts == sorted(starts)
        by_text = {word.text.strip(",.").lower(): word for word in reversed(heard.words)}
        assert abs(by_text["americans"].start_ms - 1_630) <= 150
        assert abs(by_text["country"].start_ms - 5_850) <= 150

    @pytest.mark.slow
    @pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
    async def test_a_child_that_is_killed_costs_no_word(
        self,
        folders: ModelFolders,
        wav_of: WavOf,
        clips: Path,
        expected_log: Callable[[str], None],
    ) -> None:
        expected_log("The recogniser ended: exit code -9")
        ears = LiveEars(folders, TINY)
        hearing = ears.channel()
        heard = Listener(hearing)
        sound = pieces(sound_of(wav_of("kennedy-1961")))
        for piece in sound[:50]:
            await hearing.feed(piece)
        await until(lambda: heard.words)
        assert ears.process_id is not None
        os.kill(ears.process_id, signal.SIGKILL)
        for piece in sound[50:]:
            await hearing.feed(piece)
        await hearing.finish()
        await heard.is_over
        await hearing.aclose()

        said = (clips / "kennedy-1961.txt").read_text("utf-8")
        assert word_error_rate(said, heard.text) <= 0.1
        assert ears.process_id is None

    @pytest.mark.slow
    async def test_silence_and_noise_have_no_words(self, folders: ModelFolders) -> None:
        hearing = LiveEars(folders, TINY).channel()
        heard = Listener(hearing)
        noise = np.random.default_rng(5).normal(0, 400, 16_000 * 4).astype("<i2").tobytes()
        for piece in [*pieces(bytes(2 * 16_000 * 4)), *pieces(noise)]:
            await hearing.feed(piece)
        await hearing.finish()
        await heard.is_over
        await hearing.aclose()

        assert heard.text == ""
        assert not any(isinstance(one, Ended) for one in heard.events)


async def test_what_is_open_is_read_again_and_a_pause_settles_it(
    folders: ModelFolders,
) -> None:
    now_ms = 0
    child = FakeChild()
    hearing = ears_with(folders, child, lambda: now_ms).channel()
    heard = Listener(hearing)
    await hearing.feed(bytes(32 * 600))
    await until(lambda: heard.events)
    assert isinstance(heard.events[-1], Tentative)
    now_ms = 1_000
    await hearing.feed(bytes(32 * 600))
    await until(lambda: len(child.asked) == 2)
    await hearing.pause()
    assert [word.text for word in heard.words] == ["word"]
    assert heard.words[0].end_ms == 1_200
    await hearing.feed(bytes(32 * 400))
    await hearing.finish()
    await heard.is_over
    assert [(word.start_ms, word.end_ms) for word in heard.words] == [
        (0, 1_200),
        (1_200, 1_600),
    ]
    await hearing.aclose()
    assert child.is_killed


async def test_speech_without_words_is_told_where_it_is_in_the_recording(
    folders: ModelFolders,
) -> None:
    child = FakeChild()
    hearing = ears_with(folders, child, lambda: 0).channel()
    heard = Listener(hearing)
    await hearing.feed(bytes(32 * 10_000))
    await hearing.pause()
    child.wordless = [(7_000, 9_000)]  # of the sound that is held: four seconds are let go of
    await hearing.feed(bytes(32 * 8_000))
    await hearing.finish()
    await heard.is_over
    await hearing.aclose()

    settled = [one for one in heard.events if isinstance(one, Settled)]
    assert [one.wordless for one in settled] == [(), ((11_000, 13_000),)]


async def test_a_machine_that_is_too_slow_drops_no_sound_and_says_how_far_behind_it_is(
    folders: ModelFolders,
) -> None:
    child = FakeChild()
    hearing = ears_with(folders, child, lambda: 0).channel()
    heard = Listener(hearing)
    child.gate.clear()
    await hearing.feed(bytes(32 * 600))
    await until(lambda: child.asked)
    feeding = asyncio.ensure_future(_feed(hearing, 40_000))
    await until(lambda: hearing.held_ms > 29_000)
    assert not feeding.done()  # the rest waits where it comes from
    child.gate.set()
    await hearing.pause()
    await feeding
    await hearing.finish()
    await heard.is_over
    await hearing.aclose()

    behind = [one.behind_ms for one in heard.events if isinstance(one, Behind)]
    assert behind[0] > 25_000
    assert behind[-1] == 0
    assert heard.words[-1].end_ms == 40_600


async def _feed(hearing: LiveHearing, ms: int) -> None:
    for _ in range(ms // 100):
        await hearing.feed(bytes(32 * 100))


async def test_a_child_that_dies_again_and_again_ends_the_text_in_one_sentence(
    folders: ModelFolders,
) -> None:
    child = FakeChild()
    child.fails = True
    hearing = ears_with(folders, child, lambda: 0).channel()
    heard = Listener(hearing)
    await hearing.feed(bytes(32 * 600))
    await heard.is_over

    (ended,) = heard.events
    assert isinstance(ended, Ended)
    assert ended.message.text == "It stopped."
    assert len(child.asked) == 4
    await hearing.feed(bytes(32 * 60_000))  # returns at once
    await hearing.finish()
    await hearing.aclose()


async def test_a_model_that_is_not_there_ends_the_text_at_once(tmp_path: Path) -> None:
    folders = ModelFolders(tmp_path, shared=None)
    hearing = LiveEars(folders, TranscriptionOptions(language="en", package="small")).channel()
    heard = Listener(hearing)
    await hearing.feed(bytes(32 * 600))
    await heard.is_over

    (ended,) = heard.events
    assert isinstance(ended, Ended)
    assert "small" in ended.message.fill()
    await hearing.aclose()


async def test_the_process_of_several_sources_ends_with_the_last_one(
    folders: ModelFolders,
) -> None:
    child = FakeChild()
    ears = ears_with(folders, child, lambda: 0)
    one, other = ears.channel(), ears.channel()
    heard = Listener(one), Listener(other)
    for hearing in (one, other):
        await hearing.feed(bytes(32 * 600))
    await one.finish()
    await heard[0].is_over
    assert not child.is_killed
    await other.finish()
    await heard[1].is_over
    assert child.is_killed
