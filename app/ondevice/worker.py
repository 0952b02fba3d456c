"""The process that recognises speech; ``app/__main__.py`` starts it when it is told to.

It answers one request after the other (``app/ondevice/protocol.py``) and keeps its
model loaded in between. It never goes online, and ends when the program does: its
standard input then closes, which a thread of its own watches, since the main one may
be busy inside the recogniser for many seconds.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from app.ondevice.aligner import Aligner, Placed
from app.ondevice.hearing import Hearing, Model, Piece, moved, words_of
from app.ondevice.protocol import (
    Align,
    Aligned,
    Answer,
    Asked,
    AskedOfVoices,
    Done,
    Failed,
    Heard,
    Lag,
    ProtocolError,
    Request,
    Trouble,
    read_request,
    to_line,
)
from app.ondevice.sound import SAMPLE_RATE_HZ, Sound, UnreadableSoundError
from app.ondevice.timing import SAMPLE, Timing, lag_of
from app.system.resources import resource_path

if TYPE_CHECKING:
    from app.ondevice.voice_worker import VoiceWorker

_NICENESS = 5


class Worker:
    """Answer requests with the models loaded once."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._model: Model | None = None
        self._loaded_as: tuple[str, list[tuple[int, int]]] | None = None
        self._aligner: Aligner | None = None
        self._voices: VoiceWorker | None = None

    def answer(self, request: Asked) -> None:
        """Do what is asked and say how it went."""
        if isinstance(request, Request):
            self._answer_with_words(request)
        elif isinstance(request, Align):
            self._answer_with_times(request)
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
            model = self._loaded(request)
            timing = self._timing(model, request)
        except (RuntimeError, ValueError, OSError, MemoryError) as error:
            self._say(Failed(_trouble(error, Trouble.MODEL), repr(error)))
            return
        try:
            language = self._recognise(Hearing(model, timing, request.names), request)
        except (UnreadableSoundError, OSError) as error:
            self._say(Failed(Trouble.SOUND, repr(error)))
        except (RuntimeError, ValueError, MemoryError) as error:
            self._say(Failed(_trouble(error, Trouble.OTHER), repr(error)))
        else:
            self._say(Done(language))

    def _loaded(self, request: Request) -> Model:
        wanted = request.model_folder, request.heads
        if self._model is None or self._loaded_as != wanted:
            from faster_whisper import (  # pyright: ignore[reportMissingTypeStubs] – it ships none
                WhisperModel,
            )

            self._model = None  # never two in memory
            self._model = cast(
                "Model",
                WhisperModel(
                    request.model_folder,
                    device="cpu",
                    compute_type="int8",
                    cpu_threads=physical_cores(),
                    local_files_only=True,
                    files=_with_heads(Path(request.model_folder), request.heads),  # pyright: ignore[reportArgumentType] – its default is None
                ),
            )
            self._loaded_as = wanted
        return self._model

    def _timing(self, model: Model, request: Request) -> Timing:
        """Give by how much the model lags; found out by a known clip where nobody knows."""
        if request.lag_ms is not None:
            return Timing(*request.lag_ms)
        from faster_whisper.audio import (  # pyright: ignore[reportMissingTypeStubs]
            decode_audio,
        )

        sound = decode_audio(str(resource_path(*SAMPLE)), sampling_rate=SAMPLE_RATE_HZ)
        segments, _ = model.transcribe(sound, language="en", word_timestamps=True)  # pyright: ignore[reportArgumentType] – one channel, so no pair
        lag = lag_of([word for one in segments for word in words_of(one, 0, "en")])
        self._say(Lag(lag.start_lag_ms, lag.end_lag_ms))
        return lag

    def _recognise(self, hearing: Hearing, request: Request) -> str:
        """Recognise a file piece by piece, and give its language."""
        language = request.language
        sound = Sound.open(Path(request.sound_path))
        for start, samples in sound.pieces(begin_ms=request.begin_ms):
            start_ms = round(start * 1_000 / SAMPLE_RATE_HZ)
            end_ms = round((start + samples.size) * 1_000 / SAMPLE_RATE_HZ)
            for found in hearing.hear(samples, language):
                if not isinstance(found, Piece):
                    self._say(Heard(start_ms + found))
                    continue
                heard, end = moved(found, start_ms, end_ms)
                # Only what is heard settles the language: a piece may be music or silence.
                language = found.language or language
                self._say(heard)
                self._say(replace(end, language=language))
        return language

    def _answer_with_times(self, request: Align) -> None:
        try:
            if self._aligner is None:
                self._aligner = Aligner()
            sound = Sound.open(Path(request.sound_path))
            words = [Placed(*word) for word in request.words]
            for first, times in self._aligner.align(words, sound):
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


def _with_heads(folder: Path, heads: Sequence[tuple[int, int]]) -> dict[str, bytes] | None:
    """Give a model's files with other attention heads to tell word times by."""
    if not heads:
        return None
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    config: dict[str, object] = json.loads(files["config.json"])
    config["alignment_heads"] = [list(head) for head in heads]
    files["config.json"] = json.dumps(config).encode()
    return files


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
