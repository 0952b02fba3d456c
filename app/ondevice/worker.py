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
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from app.ondevice.protocol import (
    Answer,
    Asked,
    AskedOfVoices,
    ChunkEnd,
    Done,
    Failed,
    Heard,
    HeardWord,
    ProtocolError,
    Request,
    Trouble,
    read_request,
    to_line,
)
from app.ondevice.sound import SAMPLE_RATE_HZ, Samples, Sound, UnreadableSoundError

if TYPE_CHECKING:
    from app.ondevice.voice_worker import VoiceWorker

_NICENESS = 5
_WITHOUT_SPACES = {"zh", "ja", "th", "lo", "my", "yue"}
_LARGEST_SAMPLE = 32_768.0
_SILENT_SAMPLE = 3.0
"""What dithering alone leaves; very quiet speech was made louder before."""
_SEED = 20_260


class _Word(Protocol):
    word: str
    start: float
    end: float
    probability: float


class _Segment(Protocol):
    end: float
    words: list[_Word] | None


class _Info(Protocol):
    language: str


class _Model(Protocol):
    def transcribe(
        self, audio: NDArray[np.float32], **options: object
    ) -> tuple[Iterable[_Segment], _Info]: ...


class Worker:
    """Answer requests with the models loaded once."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._model: _Model | None = None
        self._model_folder = ""
        self._voices: VoiceWorker | None = None

    def answer(self, request: Asked) -> None:
        """Do what is asked and say how it went."""
        if isinstance(request, Request):
            self._answer_with_words(request)
        else:
            self._answer_about_voices(request)

    def _answer_about_voices(self, request: AskedOfVoices) -> None:
        # Not at the top: recognition has no need of it, and its memory is counted.
        from app.ondevice.voice_worker import NotKeptError, VoiceWorker
        from app.voices.models import ModelError

        if self._voices is None:
            self._voices = VoiceWorker(physical_cores())
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
            model = self._loaded(request.model_folder)
        except (RuntimeError, ValueError, OSError, MemoryError) as error:
            self._say(Failed(_trouble(error, Trouble.MODEL), repr(error)))
            return
        try:
            language = self._recognise(model, request)
        except (UnreadableSoundError, OSError) as error:
            self._say(Failed(Trouble.SOUND, repr(error)))
        except (RuntimeError, ValueError, MemoryError) as error:
            self._say(Failed(_trouble(error, Trouble.OTHER), repr(error)))
        else:
            self._say(Done(language))

    def _loaded(self, folder: str) -> _Model:
        if self._model is None or self._model_folder != folder:
            from faster_whisper import (  # pyright: ignore[reportMissingTypeStubs] – it ships none
                WhisperModel,
            )

            self._model = None  # never two in memory
            self._model = cast(
                "_Model",
                WhisperModel(
                    folder,
                    device="cpu",
                    compute_type="int8",
                    cpu_threads=physical_cores(),
                    local_files_only=True,
                ),
            )
            self._model_folder = folder
        return self._model

    def _recognise(self, model: _Model, request: Request) -> str:
        """Recognise a file piece by piece, and give its language."""
        language = request.language
        sound = Sound.open(Path(request.sound_path))
        for start, samples in sound.pieces(begin_ms=request.begin_ms):
            start_ms = round(start * 1_000 / SAMPLE_RATE_HZ)
            # Only what is heard settles the language: a piece may be music or silence.
            language = self._recognise_piece(model, samples, start_ms, language) or language
            end_ms = round((start + samples.size) * 1_000 / SAMPLE_RATE_HZ)
            self._say(ChunkEnd(end_ms, language))
        return language

    def _recognise_piece(
        self, model: _Model, samples: Samples, start_ms: int, language: str
    ) -> str:
        sound_ends_ms = start_ms + last_sound_ms(samples)
        if not samples.any():
            return ""
        # Where it is unsure it draws lots: the same ones for the same sound.
        _draw_the_same_lots()
        segments, info = model.transcribe(
            samples.astype(np.float32) / np.float32(_LARGEST_SAMPLE),
            language=language or None,
            language_detection_segments=4,
            beam_size=5,
            word_timestamps=True,
            vad_filter=True,
            condition_on_previous_text=False,
        )
        heard_language = ""
        for segment in segments:
            words = [
                word
                for word in words_of(segment, start_ms, info.language)
                if word[1] < sound_ends_ms  # nobody speaks behind the last sound
            ]
            if words:
                heard_language = info.language
            self._say(Heard(start_ms + round(segment.end * 1_000), words))
        return heard_language

    def _say(self, answer: Answer) -> None:
        self._out.write(to_line(answer))
        self._out.flush()


def last_sound_ms(samples: Samples) -> int:
    """Give where the last sound of a piece ends: behind it there is silence only."""
    step = SAMPLE_RATE_HZ // 50
    count = -(-samples.size // step)
    padded = np.zeros(count * step, np.float64)
    padded[: samples.size] = samples
    frames = padded.reshape(count, step)
    frames -= frames.mean(axis=1, keepdims=True)
    loud = np.flatnonzero(np.sqrt(np.square(frames).mean(axis=1)) > _SILENT_SAMPLE)
    return 0 if not loud.size else int(loud[-1] + 1) * 20


def _draw_the_same_lots() -> None:
    import ctranslate2  # pyright: ignore[reportMissingTypeStubs]

    ctranslate2.set_random_seed(_SEED)  # pyright: ignore[reportUnknownMemberType] – it ships no types


def words_of(segment: _Segment, start_ms: int, language: str) -> list[HeardWord]:
    """Give the words of a segment with times from the start of the recording.

    Whisper writes the space before a word as part of it. The first word of a segment
    may lack it in any language, so there the language decides.
    """
    words: list[HeardWord] = []
    for place, word in enumerate(segment.words or []):
        text = word.word.strip()
        if not text:
            continue
        is_joined = not word.word.startswith(" ") and (place > 0 or language in _WITHOUT_SPACES)
        words.append(
            (
                text,
                start_ms + round(word.start * 1_000),
                start_ms + round(word.end * 1_000),
                round(float(word.probability), 4),
                is_joined,
            )
        )
    return words


def physical_cores() -> int:
    """Count the cores this process may use.

    Two threads on one core only get in each other's way.
    """
    if sys.platform == "linux":
        usable = os.sched_getaffinity(0)
        siblings: set[str] = set()
        for cpu in usable:
            topology = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
            try:
                siblings.add(topology.read_text("ascii"))
            except OSError:
                siblings.add(str(cpu))
        return max(1, len(siblings))
    cores = os.cpu_count() or 1
    return max(1, cores // 2) if sys.platform == "win32" else cores


def _trouble(error: BaseException, otherwise: Trouble) -> Trouble:
    # CTranslate2 lets C++'s own exception through as a RuntimeError.
    is_memory = isinstance(error, MemoryError) or "bad_alloc" in str(error)
    return Trouble.MEMORY if is_memory or "allocate" in str(error) else otherwise


def _private_output() -> BinaryIO:
    """Keep standard output for answers; whatever a library prints goes to standard error."""
    private = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(private, "wb")


def _read_requests(requests: queue.Queue[Asked]) -> None:
    """Pass requests on until the program closes the pipe or is gone, then end at once."""
    # By number: a bundle without a console has no sys.stdin.
    with os.fdopen(0, "rb") as stream:
        for line in stream:
            try:
                requests.put(read_request(line))
            except ProtocolError as error:
                os.write(2, f"{error}\n".encode())
                os._exit(2)
    os._exit(0)


def main() -> None:
    """Answer requests until standard input closes."""
    out = _private_output()
    if sys.platform != "win32":
        os.nice(_NICENESS)
    requests: queue.Queue[Asked] = queue.Queue()
    threading.Thread(target=_read_requests, args=(requests,), daemon=True).start()
    worker = Worker(out)
    while True:
        worker.answer(requests.get())
