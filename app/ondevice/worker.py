"""The process that recognises speech; ``app/__main__.py`` starts it when it is told to.

It answers one request after the other (``app/ondevice/protocol.py``) and keeps its
model loaded in between. It never goes online, and ends when the program does: its
standard input then closes, which a thread of its own watches, since the main one may
be busy inside the recogniser for many seconds.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from app.core.models import Device
from app.ondevice.ahead import Ahead, HeardPiece, Share
from app.ondevice.aligner import Aligners, Placed
from app.ondevice.hearing import Hearing, Model, moved, words_of
from app.ondevice.loading import Find, Make, find_cards, load, maker
from app.ondevice.protocol import (
    Align,
    Aligned,
    Answer,
    Asked,
    AskedOfVoices,
    Attend,
    ChunkEnd,
    Cores,
    Done,
    Failed,
    Heard,
    Lag,
    Loaded,
    ProtocolError,
    Request,
    Speed,
    Trouble,
    read_request,
    read_sound,
    to_line,
)
from app.ondevice.sound import SAMPLE_RATE_HZ, Sound, UnreadableSoundError, most_pieces
from app.ondevice.timing import SAMPLE, Timing, lag_of
from app.system.clocks import monotonic_ms
from app.system.cores import physical_cores
from app.system.resources import resource_path

if TYPE_CHECKING:
    from app.ondevice.attending import Attending
    from app.ondevice.voice_worker import VoiceWorker

_NICENESS = 5
_MOST_WORKERS = 4
"""Each has memory of its own for its sums; more cores than this help each of them instead."""
_WORKERS_TO_AN_ALIGNER = 2
"""Words are put in place quicker than they are heard."""
_WORTH_LOADING_MS = 60_000
"""For less sound than this a model is not loaded again to use all cores."""


class Unanswered(Exception):  # noqa: N818 – it is a request that is left, no fault
    """A card gave up; ``rest`` asks for what it left."""

    def __init__(self, rest: Request) -> None:
        self.rest = rest
        super().__init__(rest.begin_ms)


class Worker:
    """Answer requests with the models loaded once.

    Attributes:
        share: How many cores it may use; may be changed by another thread at any time.
    """

    def __init__(
        self, out: BinaryIO, *, make: Make | None = None, find_cards: Find = find_cards
    ) -> None:
        """Begin.

        Args:
            out: Where answers go.
            make: Loads a model.
            find_cards: Gives the cards a model may run on.
        """
        self._out = out
        self._make = make
        self._find_cards = find_cards
        self._cores = physical_cores()
        self.share = Share(self._cores)
        self._workers = self._threads = 0
        self._model: Model | None = None
        self._device = Device.CPU
        self._loaded_as: tuple[object, ...] | None = None
        self._aligners = Aligners()
        self._attending: Attending | None = None
        self._voices: VoiceWorker | None = None

    def answer(self, request: Asked) -> None:
        """Do what is asked and say how it went."""
        if isinstance(request, Request):
            self._answer_with_words(request)
        elif isinstance(request, Attend):
            self._answer_while_it_grows(request)
        elif isinstance(request, Align):
            self._answer_with_times(request)
        else:
            self._answer_about_voices(request)

    def _answer_about_voices(self, request: AskedOfVoices) -> None:
        # Not at the top: recognition has no need of it, and its memory is counted.
        from app.ondevice.voice_worker import NotKeptError, VoiceWorker
        from app.voices.models import ModelError

        if self._voices is None:
            self._voices = VoiceWorker(self._cores)
        try:
            for answer in self._voices.answer(request, self._say):
                self._say(answer)
        except ModelError as error:
            self._say(Failed(Trouble.MODEL, str(error)))
        except NotKeptError as error:
            self._say(Failed(Trouble.DISK, str(error)))
        except (UnreadableSoundError, OSError) as error:
            self._say(Failed(Trouble.SOUND, repr(error)))
        except Exception as error:  # noqa: BLE001 – onnxruntime raises kinds of its own
            self._say(Failed(_trouble(error, Trouble.OTHER), repr(error)))

    def _answer_with_words(self, request: Request) -> None:
        try:
            model = self._loaded(request)
            timing = self._timing(model, request)
        except (RuntimeError, ValueError, OSError, MemoryError) as error:
            self._say(Failed(_trouble(error, Trouble.MODEL), repr(error)))
            return
        try:
            hearing = Hearing(model, timing, request.names, aligners=self._aligners)
            language = self._recognise(hearing, request)
        except Unanswered as unanswered:
            # The card gave up, most often for want of memory: the processor goes on there.
            self._model = None
            self._say(Loaded(Device.CPU.value, repr(unanswered.__cause__)))
            self._answer_with_words(unanswered.rest)
        except (UnreadableSoundError, OSError) as error:
            self._say(Failed(Trouble.SOUND, repr(error)))
        except (RuntimeError, ValueError, MemoryError) as error:
            self._say(Failed(_trouble(error, Trouble.OTHER), repr(error)))
        else:
            self._say(Done(language))

    def _answer_while_it_grows(self, request: Attend) -> None:
        import numpy as np

        by, language = request.by, request.by.language
        try:
            model = self._loaded(by)
            timing = self._timing(model, by)
        except (RuntimeError, ValueError, OSError, MemoryError) as error:
            self._say(Failed(_trouble(error, Trouble.MODEL), repr(error)))
            return
        try:
            samples = np.frombuffer(read_sound(request.sound), "<i2")
            for answer in self._attending_with(model, timing, tuple(by.names)).attend(
                samples,
                language,
                begin_ms=request.begin_ms,
                is_last=request.is_last,
                is_open_read=request.is_open_read,
            ):
                if isinstance(answer, ChunkEnd):
                    language = answer.language or language
                self._say(answer)
        except (ProtocolError, RuntimeError, ValueError, MemoryError) as error:
            self._model = self._attending = None  # a card that gave up is given up
            self._say(Failed(_trouble(error, Trouble.OTHER), repr(error)))
        else:
            self._say(Done(language))

    def _attending_with(
        self, model: Model, timing: Timing, names: tuple[str, ...]
    ) -> Attending:
        """Give what hears growing sound; what it loaded for that stays loaded."""
        from app.ondevice.attending import Attending

        known = self._attending
        if known is None or known.is_other_than(model, timing, names):
            known = self._attending = Attending(model, timing, names)
        return known

    def _loaded(self, request: Request) -> Model:
        wanted = (
            request.engine,
            request.model_folder,
            tuple(request.heads),
            request.is_card_avoided,
        )
        left_ms, count = _left(request)
        workers, threads = shape_for(count, self._cores, self.share.workers)
        is_wider = workers > self._workers or (
            threads > self._threads and left_ms >= _WORTH_LOADING_MS
        )
        if self._model is None or self._loaded_as != wanted or is_wider:
            self._model = self._attending = None  # never two in memory
            self._workers, self._threads = workers, threads
            self._aligners = Aligners(max(1, workers // _WORKERS_TO_AN_ALIGNER))
            make = self._make or maker(workers, threads)
            self._model, self._device, trouble = load(request, make, self._find_cards)
            self._loaded_as = wanted
            self._say(Loaded(self._device.value, trouble))
        return self._model

    def _timing(self, model: Model, request: Request) -> Timing:
        """Give by how much the model lags; how quick it is is told by the same known clip."""
        if request.lag_ms is not None and request.is_measured:
            return Timing(*request.lag_ms)
        # A WAV, which needs no decoder: an installed program has none here.
        clip = Sound.open(resource_path(*SAMPLE))
        sound = clip.read(0, clip.sample_count).astype(np.float32) / np.float32(1 << 15)
        begun_ms, worked_s = monotonic_ms(), time.process_time()
        segments, _ = model.transcribe(
            sound,
            language="en",
            beam_size=5,
            word_timestamps=True,
            vad_filter=True,
        )
        heard = [word for one in segments for word in words_of(one, 0, "en")]
        if not request.is_measured:
            took_ms: float = monotonic_ms() - begun_ms
            if self._device is Device.CPU:
                # Where much else is at work it waits for its turn, which is no slow model.
                took_ms = min(took_ms, (time.process_time() - worked_s) * 1_000)
            self._say(Speed(round(took_ms * SAMPLE_RATE_HZ / len(sound), 1)))
        if request.lag_ms is not None:
            return Timing(*request.lag_ms)
        lag = lag_of(heard)
        self._say(Lag(lag.start_lag_ms, lag.end_lag_ms))
        return lag

    def _recognise(self, hearing: Hearing, request: Request) -> str:
        """Recognise a file piece by piece, and give its language."""
        language, begin_ms = request.language, request.begin_ms
        # A card does one thing after the other; and a language that is to be found out once
        # for all is known only behind the first piece.
        is_known = request.is_by_stretch or language or request.engine != "whisper"
        is_shared = self._device is Device.CPU and is_known
        ahead = Ahead(
            hearing,
            self.share if is_shared else Share(1),
            language=language,
            is_by_stretch=request.is_by_stretch,
        )
        sound = Sound.open(Path(request.sound_path))
        try:
            for found in ahead.heard(sound.pieces(begin_ms=begin_ms)):
                if not isinstance(found, HeardPiece):
                    self._say(Heard(found))
                    continue
                heard, end = moved(found.piece, found.start_ms, found.end_ms)
                self._say(heard)
                self._say(replace(end, language=found.language))
                language, begin_ms = found.language, found.end_ms
        except (RuntimeError, MemoryError) as error:
            if self._device is Device.CPU:
                raise
            rest = replace(request, language=language, begin_ms=begin_ms, is_card_avoided=True)
            raise Unanswered(rest) from error
        return language

    def _answer_with_times(self, request: Align) -> None:
        try:
            sound = Sound.open(Path(request.sound_path))
            words = [Placed(*word) for word in request.words]
            with self._aligners.one() as aligner:
                for first, times in aligner.align(words, sound):
                    self._say(Aligned(first, times))
        except ImportError as error:
            self._say(Failed(Trouble.MODEL, repr(error)))
        except (UnreadableSoundError, OSError) as error:
            self._say(Failed(Trouble.SOUND, repr(error)))
        except (RuntimeError, ValueError, MemoryError) as error:
            self._say(Failed(_trouble(error, Trouble.OTHER), repr(error)))
        else:
            self._say(Done(request.language))

    def _say(self, answer: Answer) -> None:
        self._out.write(to_line(answer))
        self._out.flush()


def shape_for(count: int, cores: int, share: int) -> tuple[int, int]:
    """Say how many pieces a model is to hear at a time, and with how many threads each.

    Args:
        count: How many pieces there are.
        cores: How many this computer has.
        share: How many of them are to be used at first.
    """
    workers = max(1, min(count, cores, _MOST_WORKERS))
    return workers, max(1, (cores if workers > 1 else min(cores, share)) // workers)


def _left(request: Request) -> tuple[int, int]:
    """Give how much sound a request is about, and in how many pieces.

    0 and 1 where it cannot be read.
    """
    try:
        duration_ms = Sound.open(Path(request.sound_path)).duration_ms
    except (OSError, UnreadableSoundError):  # said when it is its turn
        return 0, 1
    return duration_ms - request.begin_ms, most_pieces(request.begin_ms, duration_ms)


def _trouble(error: BaseException, otherwise: Trouble) -> Trouble:
    # CTranslate2 lets C++'s own exception through as a RuntimeError.
    is_memory = isinstance(error, MemoryError) or "bad_alloc" in str(error)
    return Trouble.MEMORY if is_memory or "allocate" in str(error) else otherwise


def _private_output() -> BinaryIO:
    """Keep standard output for answers; whatever a library prints goes to standard error."""
    private = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(private, "wb")


def _read_requests(requests: queue.Queue[Asked], share: Share) -> None:
    """Pass requests on until the program closes the pipe or is gone, then end at once."""
    # By number: a bundle without a console has no sys.stdin.
    with os.fdopen(0, "rb") as stream:
        for line in stream:
            try:
                said = read_request(line)
                if isinstance(said, Cores):
                    share.workers = max(1, said.count)
                else:
                    requests.put(said)
            except ProtocolError as error:
                os.write(2, f"{error}\n".encode())
                os._exit(2)
    os._exit(0)


def main() -> None:
    """Answer requests until standard input closes."""
    out = _private_output()
    requests: queue.Queue[Asked] = queue.Queue()
    worker = Worker(out)
    reader = threading.Thread(target=_read_requests, args=(requests, worker.share), daemon=True)
    reader.start()
    request = requests.get()
    # Nobody waits for a recording as somebody does for what they have just said.
    if sys.platform != "win32" and not isinstance(request, Attend):
        os.nice(_NICENESS)
    while True:
        worker.answer(request)
        request = requests.get()
