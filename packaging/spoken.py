"""Record with the installed program, and read what is said: later, and while it is said.

Steps of ``dev.py try``. The service is the tests' own fake of its live socket, which runs
outside and is reached as an address of this computer; so the frozen program's sockets, its
recogniser for live text and its recorder are all used as a stranger uses them.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from environment import ROOT
from stranger import Sound, Stranger, make_sure

_RECORDED_S = 20
_SAID = "typography"
"""A word that the recording has within its first seconds, and every model gets right."""
_SCRIPT = ("We", "choose", "to", "go", "to", "the", "moon", "in", "this", "decade")
_SERVICE = """
import json
import sys
from app.core.transcript import Word
from tests.support.fake_live import KEY, FakeLive

script = [
    Word(text, 400 + place * 300, 650 + place * 300)
    for place, text in enumerate(sys.argv[1:])
]
with FakeLive(script, is_coded=False) as service:
    print(json.dumps({"address": service.address, "key": KEY}), flush=True)
    sys.stdin.read()  # until nobody needs it any more
    heard_ms = sum(visit.heard_ms for visit in service.visits)
    print(json.dumps({"violations": service.violations, "heard_ms": heard_ms}), flush=True)
"""


@dataclass(slots=True)
class _Service:
    """The fake of the service: where it is, and what came in the end."""

    address: str
    key: str
    violations: list[str] = field(default_factory=list)
    heard_ms: int = 0


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is tried with sound, as steps of a trial.

    Attributes:
        one: Who records.
        sound: What there is to record.
        recording: What is played to it.
        service: A Python that has what the fake service stands on.
    """

    one: Stranger
    sound: Sound
    recording: Path
    service: Path

    def steps(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Give the steps, each with what it shows."""
        yield "what the computer plays is recorded, and becomes text", self.record
        yield "words appear while they are spoken, recognised here", self.hear_here
        yield "words appear while they are spoken, by the service", self.hear_by_service
        yield "what is dictated is printed, and no sound kept", self.dictate

    def record(self) -> None:
        """Record what the computer plays, by the terminal, and read what was said."""
        one = self.one
        self._record("heard", "")
        (heard,) = (one.home / "heard").glob("*.flac")
        one.say(f"wordlight transcribe 'heard/{heard.name}' --format txt --output heard")
        (text,) = (one.home / "heard").glob("*.txt")
        make_sure(_SAID in text.read_text("utf-8"), text.read_text("utf-8"))

    def hear_here(self) -> None:
        """Print the words of a recording while it is made, by the model inside."""
        words = _words(self._record("live-here", "--live here --json"))
        make_sure(_SAID in words, words)

    def hear_by_service(self) -> None:
        """Print the words that come back from a socket, and what they cost."""
        with self._served() as service:
            about = f"WORDLIGHT_BASE_URL={service.address} SMALLEST_API_KEY={service.key}"
            said = self._record("live-service", "--live pulse --send-sound --json", about)
        make_sure(_words(said) == " ".join(_SCRIPT), said)
        make_sure('"event": "cost"' in said, said)
        make_sure(not service.violations, str(service.violations))
        make_sure(service.heard_ms > _RECORDED_S * 500, f"only {service.heard_ms} ms were sent")

    def dictate(self) -> None:
        """Print what is said into the microphone until it is ended, and look for sound."""
        one = self.one
        before = self._sounds()
        variable = self.sound.variable
        with (
            one.running(f"{variable} wordlight dictate", "dictated.txt"),
            self.sound.playing(self.recording),
        ):
            dictated = one.home / "dictated.txt"
            one.until(lambda: _SAID in dictated.read_text("utf-8"), "nothing was printed")
            one.as_root("pkill", "-INT", "-u", one.name, "-x", "wordlight")
            one.until(lambda: self._sounds() == before, "sound was left behind")

    def _record(self, folder: str, more: str, about: str = "") -> str:
        """Record for some time into a folder, and see that all of it is there."""
        one = self.one
        wished = f"--mic none --computer --for {_RECORDED_S}s --output {folder} {more}"
        command = f"{self.sound.variable} {about} wordlight record {wished}"
        with self.sound.playing(self.recording):
            said = one.say(f"mkdir {folder} && {command}")
        (heard,) = (one.home / folder).glob("*.flac")
        told = one.say(f"/usr/lib/wordlight/lib/ffmpeg -i '{folder}/{heard.name}' 2>&1 || true")
        length = re.search(r"Duration: 00:00:(\d+\.\d+)", told)
        is_whole = length and abs(float(length[1]) - _RECORDED_S) < 1
        make_sure(is_whole, f"it is not {_RECORDED_S} s long: {told}")
        return said

    def _sounds(self) -> set[Path]:
        return {
            path
            for path in self.one.home.rglob("*")
            if path.suffix in {".wav", ".flac", ".part"}
        }

    @contextmanager
    def _served(self) -> Iterator[_Service]:
        """Let the fake of the service run; what came is known when it has ended."""
        with subprocess.Popen(
            [str(self.service), "-c", _SERVICE, *_SCRIPT],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as served:
            assert served.stdout is not None  # noqa: S101 - it was asked for
            begun = json.loads(served.stdout.readline())
            service = _Service(begun["address"], begun["key"])
            yield service
            last, _ = served.communicate(timeout=60)
            came = json.loads(last)
            service.violations, service.heard_ms = came["violations"], came["heard_ms"]


def _words(said: str) -> str:
    """Give the words among what ``record --json`` prints."""
    events = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    return " ".join(one["text"] for one in events if one["event"] == "words")
