"""``wordlight record``: what it takes, and a real recording of a real microphone."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.audio.probe import probe
from app.cli.arguments import build_parser
from app.core.take import RATE_HZ
from app.core.transcript import Word
from tests.support.fake_live import KEY, FakeLive, Hazards
from tests.support.sound_server import IS_HERE, MISSING, SoundServer, sound_server
from tests.support.sounds import ffmpeg
from tests.support.waiting import until
from tests.support.wer import word_error_rate


@pytest.mark.parametrize(
    ("text", "length_ms"),
    [("90s", 90_000), ("30m", 1_800_000), ("1.5h", 5_400_000), ("2:00", 120_000)],
)
def test_a_length_is_read_with_its_unit(text: str, length_ms: int) -> None:
    arguments = build_parser().parse_args(["record", "--for", text, "--output", "here"])
    assert arguments.length == length_ms
    assert arguments.output == Path("here")


@pytest.mark.parametrize("text", ["", "0s", "-3m", "soon", "1d"])
def test_what_is_no_length_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["record", f"--for={text}"])
    assert "is not a length" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(not IS_HERE, reason=MISSING)
def test_a_microphone_is_recorded_for_so_long_and_named_by_a_part(tmp_path: Path) -> None:
    with sound_server() as server:
        environ = {
            **os.environ,
            "PULSE_SERVER": f"unix:{server.socket}",
            "WORDLIGHT_HOME": str(tmp_path / "home"),
        }
        command = [
            sys.executable,
            "-m",
            "app",
            "record",
            "--mic",
            "mi",
            "--for",
            "2s",
            "--json",
        ]
        done = subprocess.Popen(
            [*command, "--json", "--output", str(tmp_path)], env=environ, stdout=subprocess.PIPE
        )
        server.play(np.full(48_000, 900, np.int16))
        told, _ = done.communicate(timeout=60)
    assert done.returncode == 0
    events = [json.loads(line) for line in told.splitlines()]
    assert [one["event"] for one in events] == ["recording", "recorded"]
    recording = asyncio.run(probe(Path(events[-1]["file"])))
    assert 1_500 <= recording.duration_ms <= 6_000


@pytest.mark.slow
@pytest.mark.skipif(not IS_HERE, reason=MISSING)
@pytest.mark.parametrize("place", ["file", "file/below", "/proc/there is none"])
def test_a_folder_that_takes_no_file_is_told_before_anything_is_recorded(
    tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").touch()
    with sound_server() as server:
        running = command(
            server,
            tmp_path / "home",
            *("record", "--for", "1s", "--output", str(tmp_path / place)),
        )
        told, said = running.communicate(timeout=60)

    assert running.returncode == 1
    assert told == b""
    (line,) = said.decode().splitlines()
    assert "Choose another folder." in line or "choose another folder." in line
    assert not list(tmp_path.rglob("part-*"))


_IN_TERMINAL = """
import fcntl, os, signal, sys, termios
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # "nohup" before the tests would go on to here
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "app", *sys.argv[1:]])
"""


@pytest.mark.slow
@pytest.mark.skipif(not IS_HERE, reason=MISSING)
def test_a_terminal_that_is_closed_ends_the_recording_in_order(tmp_path: Path) -> None:
    with sound_server() as server:
        server.play(np.full(3 * 48_000, 900, np.int16))
        terminal, inner = os.openpty()
        running = subprocess.Popen(
            [sys.executable, "-c", _IN_TERMINAL, "record", "--output", str(tmp_path)],
            env={
                **os.environ,
                "PULSE_SERVER": f"unix:{server.socket}",
                "WORDLIGHT_HOME": str(tmp_path / "home"),
            },
            stdin=inner,
            stdout=inner,
            stderr=inner,
        )
        os.close(inner)
        shown = b""
        while b"0:02 [" not in shown:
            shown += os.read(terminal, 4_096)
        os.close(terminal)
        assert running.wait(60) == 0

    (path,) = tmp_path.glob("*.flac")
    assert asyncio.run(probe(path)).duration_ms >= 2_000
    assert not list((tmp_path / "home").rglob("part-*"))


@pytest.mark.slow
@pytest.mark.skipif(not IS_HERE, reason=MISSING)
def test_what_befalls_the_program_is_told_in_sentences_and_the_rest_is_logged(
    tmp_path: Path,
) -> None:
    with sound_server() as server:
        server.play(np.full(6 * 48_000, 900, np.int16))
        running = subprocess.Popen(
            [sys.executable, "-m", "app", "record", "--for", "4s", "--output", str(tmp_path)],
            env={
                **os.environ,
                "PULSE_SERVER": f"unix:{server.socket}",
                "WORDLIGHT_HOME": str(tmp_path / "home"),
            },
            stderr=subprocess.PIPE,
        )
        assert running.stderr is not None
        told = running.stderr.readline()
        children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
        asyncio.run(until(lambda: any(part_of(tmp_path / "home"))))
        for child in children.read_text().split():
            os.kill(int(child), signal.SIGKILL)
        told += running.stderr.read()
        running.stderr.close()
        assert running.wait(60) == 0

    assert b"process died" not in told
    (log,) = (tmp_path / "home").rglob("wordlight.log")
    assert "The recording process died" in log.read_text("utf-8")


def part_of(home: Path) -> list[Path]:
    """Give the parts of a take that have any sound in them by now."""
    return [path for path in home.rglob("part-*") if path.stat().st_size > 1_000]


MOST_ERRORS = 0.2
"""The quick model mishears up to three of 22 words; a lost utterance is a third of them."""


def speech(clips: Path) -> NDArray[np.int16]:
    """Somebody who talks, as a microphone hears it."""
    clip = clips / "kennedy-1961.flac"
    return np.frombuffer(
        ffmpeg("-i", clip, "-ac", "1", "-ar", "48000", "-f", "s16le", "-"), np.int16
    )


def command(
    server: SoundServer, home: Path, *words: str, **more: str
) -> subprocess.Popen[bytes]:
    environ = {
        **os.environ,
        **more,
        "PULSE_SERVER": f"unix:{server.socket}",
        "WORDLIGHT_HOME": str(home),
        "WORDLIGHT_MODEL": "tiny.en",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "app", *words],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,  # a line is read by itself; ``communicate`` would not see what else came
    )


@pytest.mark.slow
@pytest.mark.skipif(not IS_HERE, reason=MISSING)
def test_words_are_printed_as_they_are_spoken_and_the_recording_is_whole(
    tmp_path: Path, clips: Path
) -> None:
    sound = speech(clips)
    with sound_server() as server:
        running = command(
            server,
            tmp_path / "home",
            *("record", "--live", "here", "--json", "--output", str(tmp_path)),
        )
        assert running.stdout is not None
        told = [json.loads(running.stdout.readline())]
        server.play(sound)
        while told[-1]["event"] != "words":  # while it is still recorded
            told.append(json.loads(running.stdout.readline()))
        assert running.poll() is None
        running.send_signal(signal.SIGINT)
        rest, _ = running.communicate(timeout=90)
    assert running.returncode == 0
    told += [json.loads(line) for line in rest.splitlines()]
    assert told[0]["event"] == "recording"
    assert told[-1]["event"] == "recorded"
    said = (clips / "kennedy-1961.txt").read_text("utf-8")
    words = [one for one in told if one["event"] == "words"]
    assert word_error_rate(said, " ".join(one["text"] for one in words)) <= MOST_ERRORS
    assert {one["language"] for one in words} == {"en"}
    starts = [one["start_ms"] for one in words]
    assert starts == sorted(starts)
    recording = asyncio.run(probe(Path(told[-1]["file"])))
    assert recording.duration_ms >= 11_000
    assert not list((tmp_path / "home").rglob("part-*.wav"))


SPOKEN = [
    Word(text, 400 + place * 300, 650 + place * 300)
    for place, text in enumerate(
        ["We", "choose", "to", "go", "to", "the", "moon", "in", "this", "decade"]
    )
]


@pytest.mark.slow
@pytest.mark.skipif(not IS_HERE, reason=MISSING)
@pytest.mark.parametrize(
    ("hazards", "key", "said", "complaint"),
    [
        (Hazards(), KEY, "We choose to go to the moon in this decade", b""),
        (Hazards(stop_reading_ms=1_000), KEY, None, b""),
        (Hazards(), "sk_wrong", "", b"The service does not accept the key."),
    ],
    ids=["well", "half open", "refused"],
)
def test_words_of_the_service_cost_money_and_whatever_becomes_of_them_the_sound_is_whole(
    tmp_path: Path, clips: Path, hazards: Hazards, key: str, said: str | None, complaint: bytes
) -> None:
    with sound_server() as server, FakeLive(SPOKEN, is_coded=False) as service:
        service.hazards = [hazards]
        running = command(
            server,
            tmp_path / "home",
            *("record", "--live", "pulse", "--json", "--output", str(tmp_path)),
            WORDLIGHT_BASE_URL=service.address,
            SMALLEST_API_KEY=key,
        )
        assert running.stdout is not None
        told = [json.loads(running.stdout.readline())]
        quiet = np.zeros(3 * RATE_HZ, np.int16)  # all of it is heard before it stops
        server.play(np.concatenate((speech(clips), quiet)), ahead_ms=5_000)
        running.send_signal(signal.SIGINT)
        rest, errors = running.communicate(timeout=90)
    assert running.returncode == 0, errors
    assert complaint in errors
    told += [json.loads(line) for line in rest.splitlines()]
    words = " ".join(one["text"] for one in told if one["event"] == "words")
    if said is not None:
        assert words == said
    assert service.violations == []
    if key == KEY:
        (cost,) = [one["dollars"] for one in told if one["event"] == "cost"]
        sent_ms = sum(visit.heard_ms for visit in service.visits)
        assert cost > sent_ms / 60_000 * 0.008 * 0.9  # what was sent and not read counts, too
    assert holds(Path(told[-1]["file"]), speech(clips))


def holds(recording: Path, played: NDArray[np.int16]) -> bool:
    """Tell whether a recording has, sample by sample, what was played."""
    heard = np.frombuffer(ffmpeg("-i", recording, "-f", "s16le", "-"), np.int16)
    first = RATE_HZ  # where a stream begins a server may let some silence be heard
    piece = played[first : 3 * RATE_HZ]
    count = 1 << (len(heard) + len(piece)).bit_length()
    product = np.fft.rfft(heard, count) * np.conj(np.fft.rfft(piece, count))
    begin = int(np.argmax(np.fft.irfft(product, count)[: len(heard)]))
    return np.array_equal(heard[begin : begin + len(played) - first], played[first:])


@pytest.mark.slow
@pytest.mark.skipif(not IS_HERE, reason=MISSING)
def test_nothing_is_recorded_for_an_address_that_sound_may_not_be_sent_to(
    tmp_path: Path,
) -> None:
    with sound_server() as server:
        running = command(
            server,
            tmp_path / "home",
            *("record", "--live", "pulse", "--for", "2s", "--output", str(tmp_path)),
            WORDLIGHT_BASE_URL="https://speech.invalid",
        )
        _, said = running.communicate(timeout=90)
    assert running.returncode == 1
    assert b"--send-sound" in said
    assert b"you have not allowed audio to be sent to speech.invalid" in said
    assert not list(tmp_path.glob("*.flac"))


@pytest.mark.slow
@pytest.mark.skipif(not IS_HERE, reason=MISSING)
def test_dictating_prints_words_and_keeps_no_sound(tmp_path: Path, clips: Path) -> None:
    home = tmp_path / "home"
    with sound_server() as server:
        running = command(server, home, "dictate")
        assert running.stderr is not None
        assert b"Listening" in running.stderr.readline()
        server.play(speech(clips))
        assert list(home.rglob("part-*.wav"))  # only as long as it is being heard
        running.send_signal(signal.SIGINT)
        words, said_of_it = running.communicate(timeout=90)
    assert running.returncode == 0, said_of_it
    said = (clips / "kennedy-1961.txt").read_text("utf-8")
    assert word_error_rate(said, words.decode()) <= MOST_ERRORS
    kept = [path for path in tmp_path.rglob("*") if path.suffix in {".wav", ".flac"}]
    assert kept == []


@pytest.mark.slow
@pytest.mark.skipif(not IS_HERE, reason=MISSING)
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_dictating_that_is_killed_leaves_no_sound_that_could_be_taken_up(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    with sound_server() as server:
        running = command(server, home, "dictate")
        assert running.stderr is not None
        running.stderr.readline()
        server.play(np.full(48_000, 900, np.int16))
        assert list(home.rglob("part-*.wav"))
        running.kill()
        running.communicate(timeout=90)
        asyncio.run(until(lambda: not list(home.rglob("part-*.wav"))))
    assert not list((home / "data" / "takes").glob("*"))


@pytest.mark.slow
@pytest.mark.skipif(not IS_HERE, reason=MISSING)
def test_a_model_that_is_missing_costs_the_words_and_not_the_recording(
    tmp_path: Path,
) -> None:
    with sound_server() as server:
        running = command(
            server,
            tmp_path / "home",
            *("record", "--live", "here", "--package", "small", "--for", "2s"),
            *("--output", str(tmp_path)),
        )
        server.play(np.full(48_000, 900, np.int16))
        told, said = running.communicate(timeout=90)
    assert running.returncode == 0
    assert b"small is not on this computer" in said
    assert Path(told.decode().strip()).is_file()
