from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from app.core.errors import RecogniserError
from app.ondevice.catalog import TINY_ENGLISH
from app.ondevice.child import Child, worker_environment
from app.ondevice.installed import ModelFolders
from app.ondevice.protocol import Request, to_line
from app.system.children import OwnChild, own_command


async def pretender(code: str) -> Child:
    """A child that runs other code than the worker's."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        code,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        limit=1_000,
    )
    return Child(process, Path())


async def ask(child: Child) -> RecogniserError:
    async with aclosing(child.ask(Request("nowhere", "nothing.wav"))) as answers:
        with pytest.raises(RecogniserError) as caught:
            await anext(answers)
    await child.kill()
    return caught.value


@pytest.mark.parametrize("said", ["hello\\n", "x" * 5_000, "{}\\n"])
async def test_nonsense_is_one_sentence(said: str, expected_log: Callable[[str], None]) -> None:
    expected_log("answered nonsense")

    error = await ask(await pretender(f"input(); print('{said}', flush=True); input()"))

    assert "makes no sense" in str(error)


async def test_crash_is_one_sentence_with_its_last_words(
    expected_log: Callable[[str], None],
) -> None:
    expected_log("The recogniser ended")
    code = "import os, sys; input(); sys.stderr.write('a' * 99_999 + 'illegal'); os.abort()"

    error = await ask(await pretender(code))

    assert str(error) == "Speech recognition on this computer stopped unexpectedly. Try again."
    assert error.details.endswith("illegal")


@pytest.mark.skipif(sys.platform == "win32", reason="no signals there")
async def test_kill_by_the_system_is_put_down_to_memory(
    expected_log: Callable[[str], None],
) -> None:
    expected_log("The recogniser ended")

    error = await ask(await pretender("import os; input(); os.kill(os.getpid(), 9)"))

    assert "memory ran out" in str(error)


async def test_child_that_broke_off_in_a_line_has_ended(
    expected_log: Callable[[str], None],
) -> None:
    expected_log("The recogniser ended")

    error = await ask(await pretender("input(); print('{\"kind\": \"do', end='')"))

    assert "stopped unexpectedly" in str(error)


def test_environment_holds_no_secret_and_no_way_out() -> None:
    environment = worker_environment(
        {
            "SMALLEST_API_KEY": "s3cret",
            "HTTPS_PROXY": "http://proxy",
            "Path": "C:\\",
            "HOME": "/h",
        }
    )

    assert "s3cret" not in str(environment)
    assert environment["HF_HUB_OFFLINE"] == "1"
    assert environment["HOME"] == "/h"
    assert environment["Path"] == "C:\\"
    assert "HTTPS_PROXY" not in environment


@pytest.mark.slow
def test_worker_ends_with_the_program_even_at_work(
    folders: ModelFolders, wav_of: Callable[[str], Path]
) -> None:
    model, wav = folders.ready(TINY_ENGLISH), wav_of("five-minutes")
    with subprocess.Popen(
        own_command(OwnChild.RECOGNISER),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=worker_environment({}),
    ) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(to_line(Request(str(model), str(wav), "en")))
        worker.stdin.flush()
        worker.stdout.readline()  # at work
        worker.stdin.close()

        assert worker.wait(20) == 0
        assert b'"kind": "done"' not in worker.stdout.read()


def test_request_that_makes_no_sense_ends_the_worker() -> None:
    ended = subprocess.run(
        own_command(OwnChild.RECOGNISER),
        input=b"hello\n",
        capture_output=True,
        env=worker_environment({}),
        check=False,
    )

    assert ended.returncode == 2
    assert ended.stdout == b""
