from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import Action, RecogniserError
from app.ondevice.child import Child, worker_environment
from app.ondevice.protocol import (
    Failed,
    LabelLinked,
    LinkLabels,
    Listen,
    Spoke,
    Trouble,
    Voice,
    WhoSpoke,
    read_answer,
    read_request,
    to_line,
)
from app.ondevice.voices import VoiceTeller
from app.voices.models import MODEL_FILES

MODELS = Path(__file__).parents[2] / "resources" / "voices"
WORDS = [(500, 900), (8_000, 8_400), (14_000, 14_400), (18_000, 18_300)]


@pytest.fixture
def teller() -> VoiceTeller:
    return VoiceTeller(MODELS)


async def test_two_readers_are_told_apart_with_their_voices(teller, wav_of, tmp_path):
    told: list[tuple[int, int]] = []
    kept = tmp_path / "voices" / "kept"
    found = await teller.tell_apart(
        wav_of("two-readers-alternating"),
        kept,
        WORDS,
        on_progress=lambda done, total: told.append((done, total)),
    )

    assert found.people == (0, 1, 0, 1)
    assert min(found.sureness) > 0.7
    assert [len(voice.vector) for voice in found.voices] == [512, 512]
    assert all(voice.seconds > 10 and not voice.is_narrow for voice in found.voices)
    done = [one for one, _ in told]
    assert done == sorted(done)
    assert {total for _, total in told} == {done[-1]}

    again = await teller.regroup(kept, WORDS, asked=1)
    assert again.people == (0, 0, 0, 0)
    assert len(again.voices) == 1


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_recording_that_was_interrupted_goes_on_and_comes_out_the_same(
    teller, wav_of, tmp_path
):
    wav, kept, other = wav_of("five-minutes"), tmp_path / "kept", tmp_path / "other"
    words = [(start, start + 300) for start in range(0, 290_000, 5_000)]
    is_begun = asyncio.Event()
    task = asyncio.create_task(
        teller.tell_apart(wav, kept, words, on_progress=lambda done, _: done and is_begun.set())
    )
    await is_begun.wait()
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 1

    partly = kept.stat().st_size
    first_ms: list[int] = []
    resumed = await teller.tell_apart(
        wav, kept, words, on_progress=lambda done, _: first_ms.append(done)
    )
    whole = await teller.tell_apart(wav, other, words)

    assert first_ms[0] > 0  # what was kept was not listened to again
    assert kept.stat().st_size > partly
    assert kept.read_bytes() == other.read_bytes()
    assert resumed == whole


async def test_silence_has_no_voices(teller, wav_with, tmp_path):
    wav = wav_with(np.zeros(16_000 * 12, np.int16))
    found = await teller.tell_apart(wav, tmp_path / "kept", WORDS)

    assert found.people == (-1,) * 4
    assert found.voices == ()


async def test_recording_without_words_and_without_samples_end_well(teller, wav_with, tmp_path):
    empty = wav_with(np.zeros(0, np.int16))

    assert (await teller.tell_apart(empty, tmp_path / "kept", [])).people == ()


async def test_sound_in_which_no_words_were_heard_has_its_voices_all_the_same(
    teller, wav_of, tmp_path
):
    kept = tmp_path / "kept"
    found = await teller.tell_apart(wav_of("two-readers-alternating"), kept, [])

    assert found.people == ()
    assert len(found.voices) == 2
    assert (await teller.regroup(kept, WORDS, asked=0)).people == (0, 1, 0, 1)


async def test_damaged_model_is_one_sentence(wav_of, tmp_path, expected_log):
    expected_log("Voices could not be told apart")
    for file in MODEL_FILES:
        shutil.copy(MODELS / file.name, tmp_path)
    damaged = tmp_path / MODEL_FILES[0].name
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"\0")

    with pytest.raises(RecogniserError) as caught:
        await VoiceTeller(tmp_path).tell_apart(wav_of("lj001-0008"), tmp_path / "kept", [])

    assert "Install Wordlight again" in str(caught.value)
    assert caught.value.action is Action.RETRY


async def test_sound_that_is_none_is_one_sentence(teller, tmp_path, expected_log):
    expected_log("Voices could not be told apart")
    path = tmp_path / "text.wav"
    path.write_text("hello")

    with pytest.raises(RecogniserError, match="could not be read"):
        await teller.tell_apart(path, tmp_path / "kept", WORDS)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no such file there")
async def test_disk_without_room_is_one_sentence(teller, wav_of, expected_log):
    expected_log("Voices could not be told apart")
    if not Path("/dev/full").exists():
        pytest.skip("no disk that is always full")

    with pytest.raises(RecogniserError, match="not enough disk space"):
        await teller.tell_apart(wav_of("lj001-0008"), Path("/dev/full"), WORDS)


async def test_voices_cannot_be_grouped_before_they_were_heard(
    teller, wav_of, tmp_path, expected_log
):
    expected_log("Voices could not be told apart")

    with pytest.raises(RecogniserError):
        await teller.regroup(tmp_path / "none", WORDS, asked=2)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is not limited so elsewhere")
async def test_no_memory_ends_nothing(wav_of, tmp_path, monkeypatch, expected_log):
    limited = (
        "import resource, runpy; "
        "resource.setrlimit(resource.RLIMIT_AS, (380_000_000,) * 2); "
        "runpy.run_module('app.ondevice.worker', run_name='__main__')"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-c",
        limited,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=worker_environment(os.environ) | {"OPENBLAS_NUM_THREADS": "1"},
    )
    child = Child(process, MODELS)
    request = Listen(str(MODELS), str(wav_of("lj001-0001")), str(tmp_path / "kept"))
    try:
        answers = [answer async for answer in child.ask(request)]
    except RecogniserError:
        expected_log("The recogniser ended")  # it could not even say so
    else:
        assert isinstance(answers[-1], Failed)
        assert answers[-1].trouble in {Trouble.MEMORY, Trouble.MODEL, Trouble.OTHER}
    finally:
        await child.kill()


@pytest.mark.parametrize(
    "request_",
    [
        Listen("models", "sound.wav", "kept"),
        WhoSpoke("models", "sound.wav", "kept", [(1, 2), (3, 4)], 3),
        LinkLabels(
            "models", "sound.wav", [[1], [1, 2]], [[(0, 900)], [(1_000, 2_000), (3, 4)]]
        ),
    ],
)
def test_requests_come_through_as_they_were(request_):
    assert read_request(to_line(request_)) == request_


@pytest.mark.parametrize(
    "answer",
    [Spoke([0, -1], [0.5, 0.0]), Voice("AAA=", 3.5, True, "m"), LabelLinked("same", 3)],
)
def test_answers_come_through_as_they_were(answer):
    assert read_answer(to_line(answer)) == answer
