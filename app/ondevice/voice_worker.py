"""What the child process does to tell voices apart; it needs no recogniser for that."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.ondevice.protocol import (
    AskedOfVoices,
    Compare,
    Compared,
    Done,
    FindVoices,
    LabelLinked,
    LinkLabels,
    Listen,
    Listened,
    Spoke,
    Voice,
    VoiceAnswer,
    WhoSpoke,
)
from app.ondevice.sound import SAMPLE_RATE_HZ, Sound
from app.voices.activity import Activity
from app.voices.comparing import compared, parted, voice_in
from app.voices.heard_file import HeardFile, add_heard, begin_heard, read_heard
from app.voices.linking import Label, linked, voice_of
from app.voices.models import MODELS_MARK, Models
from app.voices.people import find_people
from app.voices.telephone import is_narrow
from app.voices.windows import Heard, joined, listen, minute_end
from app.voices.words import Spoken, who_speaks

_FULL_SCALE = np.float32(32_768)
_WORDS_A_LINE = 20_000
_PROGRESS_MS = 10_000


class NotHeardError(Exception):
    """A recording was asked about that has not been listened to."""


class NotKeptError(Exception):
    """What was heard cannot be written to disk."""


class SoundOfFile:
    """A WAV file as the recording that is listened to."""

    def __init__(self, sound: Sound) -> None:
        self._sound = sound

    @property
    def sample_count(self) -> int:
        """How long it is."""
        return self._sound.sample_count

    def read(self, first: int, count: int) -> NDArray[np.float32]:
        """Give samples from a place on; fewer at the end."""
        return self._sound.read(first, count).astype(np.float32) / _FULL_SCALE


class VoiceWorker:
    """Answer requests about voices, with the models loaded once."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._models: Models | None = None
        self._folder = ""

    def load(self, folder: str) -> Models:
        """Give the models, checked.

        Raises:
            ModelError: They are missing or damaged.
            MemoryError: There is no room for them.
        """
        if self._models is None or self._folder != folder:
            self._models = Models.load(Path(folder), self._threads)
            self._folder = folder
        return self._models

    def answer(
        self, request: AskedOfVoices, say: Callable[[VoiceAnswer], None]
    ) -> Iterator[VoiceAnswer]:
        """Do what is asked; ``say`` takes what is told in between."""
        match request:
            case Listen():
                return self.listen(request)
            case WhoSpoke():
                return self.who_spoke(request, say)
            case LinkLabels():
                return self.link(request)
            case Compare():
                return self.compare(request)
            case FindVoices():
                return self.find_voices(request)

    def listen(self, request: Listen) -> Iterator[VoiceAnswer]:
        """Hear what has not been heard yet of a recording, and keep it."""
        recording = SoundOfFile(Sound.open(Path(request.sound_path)))
        heard_path, count = Path(request.heard_path), recording.sample_count
        saved = read_heard(heard_path, count) or _begun(heard_path, recording)
        minute, good_bytes = len(saved.minutes), saved.good_bytes
        if saved.is_whole:
            yield Done()
            return
        yield Listened(_ms(minute_end(count, minute - 1)))
        models = self.load(request.models_folder)
        for heard in listen(recording, models, is_narrow=saved.is_narrow, begin_minute=minute):
            good_bytes = _added(heard_path, heard, good_bytes)
            yield Listened(_ms(minute_end(count, minute)))
            minute += 1
        yield Done()

    def who_spoke(
        self, request: WhoSpoke, say: Callable[[VoiceAnswer], None]
    ) -> Iterator[VoiceAnswer]:
        """Find the people of a recording that was heard, and say who speaks each word."""
        recording = None
        if request.sound_path:
            recording = SoundOfFile(Sound.open(Path(request.sound_path)))
        count = None if recording is None else recording.sample_count
        saved = read_heard(Path(request.heard_path), count)
        if saved is None or not saved.is_whole:
            raise NotHeardError(request.heard_path)
        narrow, count = saved.is_narrow, saved.sample_count
        heard = joined(list(saved.minutes))
        del saved  # or all of it is there twice
        people = find_people(heard, is_narrow=narrow, asked=request.asked)
        listened = None
        if recording is not None:
            models = self.load(request.models_folder)
            listened = recording, models.encoder_for(is_narrow=narrow)
        told_ms = 0

        def tell(done_ms: int) -> None:
            nonlocal told_ms
            if done_ms >= told_ms + _PROGRESS_MS:
                told_ms = done_ms
                say(Listened(done_ms))

        spoken = who_speaks(
            request.words,
            Activity(heard, people, count),
            listened,
            tell,
        )
        yield from _spoken(spoken)
        for vector, seconds in zip(people.voices, people.seconds, strict=True):
            yield _packed(vector, float(seconds), narrow=narrow)
        yield Done()

    def compare(self, request: Compare) -> Iterator[VoiceAnswer]:
        """Say whether two speakers are one, or one is two."""
        heard, narrow, count = _heard(request.heard_path)
        if len(request.words) == 1:
            found, spoken = parted(heard, request.words[0], count, is_narrow=narrow)
        else:
            one, other = request.words
            found, spoken = compared(heard, one, other, is_narrow=narrow), None
        numbers = found.likeness, found.two_below, found.apart_s, *found.seconds
        yield Compared(found.verdict.value, *numbers)
        if spoken is not None:
            yield from _spoken(spoken)
        yield Done()

    def find_voices(self, request: FindVoices) -> Iterator[VoiceAnswer]:
        """Give the voices of speakers; one of whom nothing is heard has no seconds."""
        heard, narrow, _ = _heard(request.heard_path)
        for words in request.words:
            yield _packed(*voice_in(heard, words), narrow=narrow)
        yield Done()

    def link(self, request: LinkLabels) -> Iterator[VoiceAnswer]:
        """Say which labels of parts are one person."""
        recording = SoundOfFile(Sound.open(Path(request.sound_path)))
        models = self.load(request.models_folder)
        encoder = models.encoder_for(is_narrow=is_narrow(recording))
        labels: list[Label] = []
        for parts, spans in zip(request.parts, request.spans, strict=True):
            labels.append(Label(frozenset(parts), *voice_of(recording, encoder, spans)))
            yield Listened(_ms(recording.sample_count) * len(labels) // len(request.parts))
        for one in linked(labels):
            yield LabelLinked(one.link.value, one.first)
        yield Done()


def _heard(path: str) -> tuple[Heard, bool, int]:
    """Give all that was heard of a recording, whether by telephone, and its length."""
    saved = read_heard(Path(path))
    if saved is None or not saved.is_whole:
        raise NotHeardError(path)
    return joined(list(saved.minutes)), saved.is_narrow, saved.sample_count


def _spoken(spoken: Spoken) -> Iterator[Spoke]:
    for first in range(0, len(spoken.people), _WORDS_A_LINE):
        part = slice(first, first + _WORDS_A_LINE)
        sureness = np.round(spoken.sureness[part], 3)
        yield Spoke(spoken.people[part].tolist(), sureness.tolist())


def _packed(vector: NDArray[np.float32], seconds: float, *, narrow: bool) -> Voice:
    packed = base64.b64encode(vector.astype("<f2").tobytes()).decode("ascii")
    return Voice(packed, round(seconds, 1), narrow, MODELS_MARK)


def _begun(path: Path, recording: SoundOfFile) -> HeardFile:
    narrow = is_narrow(recording)
    try:
        begin_heard(path, recording.sample_count, is_narrow=narrow)
        return HeardFile(recording.sample_count, narrow, (), path.stat().st_size)
    except OSError as error:
        raise NotKeptError(repr(error)) from error


def _added(path: Path, heard: Heard, good_bytes: int) -> int:
    try:
        return add_heard(path, heard, good_bytes)
    except OSError as error:
        raise NotKeptError(repr(error)) from error


def _ms(samples: int) -> int:
    return max(0, samples) * 1_000 // SAMPLE_RATE_HZ
