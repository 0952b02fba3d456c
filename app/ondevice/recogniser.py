"""Turn prepared WAV files into transcripts on this computer, a few at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from app.core.errors import Action, AppError, RecogniserError
from app.core.messages import message
from app.core.models import Device
from app.core.options import AUTO, ModelId, TranscriptionOptions
from app.core.paragraphs import group_spoken, languages_of, most_spoken
from app.core.transcript import Transcript, Word
from app.ondevice.catalog import Engine, Package
from app.ondevice.child import Child
from app.ondevice.chunks import Chunk, usable
from app.ondevice.installed import ModelFolders
from app.ondevice.protocol import (
    ChunkEnd,
    Done,
    Failed,
    Heard,
    HeardWord,
    Lag,
    Loaded,
    Request,
    Speed,
    Trouble,
)
from app.ondevice.sharing import OnPlace, Seat, Sharing
from app.ondevice.sound import Sound, UnreadableSoundError, most_pieces
from app.system.clocks import monotonic_ms
from app.system.cores import physical_cores

_log = logging.getLogger(__name__)
_LONG_ENOUGH_MS = 60_000
"""A shorter recording says little about how quick a model is."""
_LARGE_BYTES = 400_000_000
"""Two models as large as this at a time leave little memory for anything else."""
OnProgress = Callable[[int, int], object]
"""Told how many milliseconds of sound are done, of how many; never goes back."""
OnChunk = Callable[[Chunk], Awaitable[None]]
"""Given each chunk once it is recognised for good, before the next is."""


def _ignore(*_: int) -> None:
    pass


async def _forget(_: Chunk) -> None:
    pass


class Recogniser:
    """Recognise recordings, each in a process of its own, as many as there are cores.

    A crash there, or a busy processor, does not touch the program, nor another recording.
    A process and its model stay warm while recordings wait, and for a while after.
    Cancelling a recording kills its process, which takes effect at once.

    Attributes:
        folders: Where models are looked for.
        device: What computes; ``None`` before anything was loaded.
        card_trouble: Why a graphics card that is there is not used.
    """

    def __init__(
        self,
        folders: ModelFolders,
        *,
        cores: int | None = None,
        idle_ms: int = 60_000,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock_ms: Callable[[], int] = monotonic_ms,
    ) -> None:
        """Set up; nothing is started yet.

        Args:
            folders: Where models are looked for.
            cores: How many cores may be used; all there are if left out.
            idle_ms: How long a process outlives the last recording.
            sleep: Waits that many seconds.
            clock_ms: A clock that goes on evenly, in milliseconds.
        """
        self.folders = folders
        self._idle_ms = idle_ms
        self._sleep = sleep
        self._clock_ms = clock_ms
        self._idle: list[Child] = []  # with a warm model, the latest last
        self._busy: list[Child] = []
        self._cores = cores or physical_cores()
        self._sharing = Sharing(self._cores)
        self._idling: asyncio.Task[None] | None = None
        self._is_closed = False
        self._is_card_avoided = False
        self.device: Device | None = None
        self.card_trouble = ""

    @property
    def process_id(self) -> int | None:
        """The system's number of a process, if one is running: the one that began last."""
        running = self._busy or self._idle
        return running[-1].process_id if running else None

    async def transcribe(
        self,
        wav_path: Path,
        options: TranscriptionOptions,
        *,
        begun: Sequence[Chunk | None] = (),
        on_chunk: OnChunk = _forget,
        on_heard: OnChunk = _forget,
        on_progress: OnProgress = _ignore,
        on_place: OnPlace = _ignore,
    ) -> Transcript:
        """Recognise a recording, once it is its turn.

        Args:
            wav_path: 16 kHz mono with 16-bit samples.
            options: The language and, if wished, the model.
            begun: What an earlier run gave to ``on_chunk`` for the same file; what fits
                is not recognised again.
            on_chunk: See ``OnChunk``. An error of its own ends the recognition.
            on_heard: Given each chunk whose words count, in order: those of the earlier run
                first, then each new one once ``on_chunk`` has had it.
            on_progress: See ``OnProgress``.
            on_place: See ``OnPlace``.

        Raises:
            RecogniserError: In one sentence why not.
        """
        package = await asyncio.to_thread(self.folders.chosen, options)
        sound = await _opened(wav_path)
        language = "en" if package.is_english_only else options.language
        is_by_stretch = language == AUTO and package.engine is Engine.WHISPER
        language = "" if language == AUTO else language
        chunks = usable(begun, package.name, language, sound.duration_ms)
        heard = [word for chunk in chunks for word in chunk.words]
        wordless = [span for chunk in chunks for span in chunk.wordless]
        languages = [change for chunk in chunks for change in chunk.languages]
        done_ms = chunks[-1].end_ms if chunks else 0
        language = (chunks[-1].language if chunks else "") or language
        on_progress(done_ms, sound.duration_ms)
        for chunk in chunks:
            await on_heard(chunk)
        if done_ms < sound.duration_ms:
            async with (
                self._my_turn(
                    package, most_pieces(done_ms, sound.duration_ms), on_place
                ) as seat,
                aclosing(
                    self._asked(
                        seat,
                        package,
                        wav_path,
                        language,
                        done_ms,
                        options.names,
                        is_by_stretch=is_by_stretch,
                    )
                ) as answers,
            ):
                begin_ms, new = done_ms, list[HeardWord]()
                begun_ms, begun_at_ms = done_ms, self._clock_ms()
                async for answer in answers:
                    if isinstance(answer, Heard):
                        new += answer.words
                        done_ms = min(max(done_ms, answer.done_ms), sound.duration_ms)
                        on_progress(done_ms, sound.duration_ms)
                    elif isinstance(answer, ChunkEnd):
                        # Later pieces are heard already: how much is done is not where it ends.
                        end_ms = min(max(begin_ms, answer.end_ms), sound.duration_ms)
                        done_ms = max(done_ms, end_ms)
                        on_progress(done_ms, sound.duration_ms)
                        chunk = Chunk(
                            package.name,
                            begin_ms,
                            end_ms,
                            answer.language,
                            tuple(new),
                            tuple(answer.wordless),
                            tuple(answer.languages),
                        )
                        await on_chunk(chunk)
                        await on_heard(chunk)
                        heard += new
                        wordless += chunk.wordless
                        languages += chunk.languages
                        begin_ms, new = end_ms, []
                        seat.needs(most_pieces(end_ms, sound.duration_ms))
                    else:
                        language = answer.language
            took_ms = self._clock_ms() - begun_at_ms
            if sound.duration_ms - begun_ms >= _LONG_ENOUGH_MS and not seat.has_shared:
                speed = 1_000 * took_ms / (sound.duration_ms - begun_ms)
                await asyncio.to_thread(self.folders.save_speed, package, speed)
        on_progress(sound.duration_ms, sound.duration_ms)
        words = settled_words(heard, sound.duration_ms)
        language = most_spoken(words, languages) or language
        return Transcript(
            group_spoken(words, [None] * len(words), languages_of(words, languages, language)),
            language=language,
            duration_ms=sound.duration_ms,
            model=f"{ModelId.ON_DEVICE}:{package.name}",
            wordless=tuple(wordless),
        )

    async def aclose(self) -> None:
        """Leave no process behind; what is still at work fails or is cancelled first."""
        self._is_closed = True
        await self._stop_idling()
        await self._close_idle()
        await asyncio.gather(*(child.close() for child in tuple(self._busy)))

    async def _asked(
        self,
        seat: Seat,
        package: Package,
        wav_path: Path,
        language: str,
        begin_ms: int,
        names: Sequence[str],
        *,
        is_by_stretch: bool = False,
    ) -> AsyncGenerator[Heard | ChunkEnd | Done]:
        """Give the child's answers; a child that failed or was interrupted is ended."""
        model_folder = await asyncio.to_thread(self.folders.ready, package)
        child = await self._child_for(model_folder)
        seat.follow(child.use)
        timing = package.timing
        speed = await asyncio.to_thread(self.folders.ms_per_second, package)
        request = Request(
            str(model_folder),
            str(wav_path),
            language,
            begin_ms,
            await asyncio.to_thread(self.folders.lag_ms, package),
            list(timing.heads) if timing is not None else [],
            list(names),
            package.engine.value,
            is_measured=speed is not None,
            is_card_avoided=self._is_card_avoided,
            is_by_stretch=is_by_stretch,
        )
        is_sound = False
        try:
            async with aclosing(child.ask(request)) as answers:
                async for answer in answers:
                    if isinstance(answer, Failed):
                        raise _error(answer, package)
                    if isinstance(answer, Lag):
                        lag_ms = answer.start_ms, answer.end_ms
                        await asyncio.to_thread(self.folders.save_lag, package, lag_ms)
                    elif isinstance(answer, Speed):
                        await asyncio.to_thread(
                            self.folders.save_speed, package, answer.ms_per_second
                        )
                    elif isinstance(answer, Loaded):
                        self._take_device(answer)
                        await asyncio.to_thread(
                            self.folders.save_device, answer.device, self.card_trouble
                        )
                    elif isinstance(answer, Heard | ChunkEnd | Done):
                        yield answer
            is_sound = True
        finally:
            seat.follow(lambda _: None)
            self._busy.remove(child)
            if is_sound and not self._is_closed:
                self._idle.append(child)
            elif is_sound:
                await child.close()
            else:
                await child.kill()

    def _take_device(self, loaded: Loaded) -> None:
        """Remember what computes; a card that failed is not tried again, and it is said."""
        self.device = Device(loaded.device)
        if loaded.trouble:
            _log.info("The graphics card could not be used: %s", loaded.trouble)
            self._is_card_avoided = True
            self.card_trouble = loaded.trouble

    async def _child_for(self, model_folder: Path) -> Child:
        child = None
        while self._idle and child is None:
            found = self._idle.pop()
            if found.is_alive and found.model_folder == model_folder:
                child = found
            else:
                await found.close()  # another model: memory is given back for certain
        if child is None and not self._is_closed:
            child = await Child.start(model_folder)
        if child is not None and self._is_closed:
            await child.close()
            child = None
        if child is None:
            raise RecogniserError(message("Wordlight is closing. Open it again and try again."))
        self._busy.append(child)
        return child

    @asynccontextmanager
    async def _my_turn(
        self, package: Package, need: int, on_place: OnPlace
    ) -> AsyncGenerator[Seat]:
        device, _ = await asyncio.to_thread(self.folders.device)
        is_on_card = device not in {"", Device.CPU} and not self._is_card_avoided
        is_alone = is_on_card or package.size_bytes >= _LARGE_BYTES
        try:
            async with self._sharing.seat(need, on_place, is_alone=is_alone) as seat:
                await self._stop_idling()
                yield seat
        finally:
            if self._sharing.is_idle and self._idle and not self._is_closed:
                self._idling = asyncio.create_task(
                    self._end_when_idle(), name="recogniser: idle"
                )

    async def _stop_idling(self) -> None:
        idling, self._idling = self._idling, None
        if idling is None:
            return
        if self._idle:  # else it is closing them, which is soon done
            idling.cancel()
        await asyncio.wait([idling])

    async def _end_when_idle(self) -> None:
        await self._sleep(self._idle_ms / 1_000)
        await self._close_idle()

    async def _close_idle(self) -> None:
        idle, self._idle = self._idle, []
        await asyncio.gather(*(child.close() for child in idle))


def settled_words(
    heard: Sequence[HeardWord], duration_ms: int, earliest_ms: int = 0
) -> tuple[Word, ...]:
    """Make words whose times go forward and lie within the recording.

    Args:
        heard: What was heard.
        duration_ms: Length of the recording.
        earliest_ms: When the word before them begins.
    """
    words: list[Word] = []
    for text, heard_start_ms, heard_end_ms, confidence, is_joined in heard:
        start_ms = min(max(heard_start_ms, earliest_ms), duration_ms)
        end_ms = min(max(heard_end_ms, start_ms), duration_ms)
        words.append(Word(text, start_ms, end_ms, confidence, is_joined=is_joined))
        earliest_ms = start_ms
    return tuple(words)


async def _opened(wav_path: Path) -> Sound:
    try:
        return await asyncio.to_thread(Sound.open, wav_path)
    except (OSError, UnreadableSoundError) as error:
        raise _unreadable(str(error)) from error


def _unreadable(details: str) -> AppError:
    return RecogniserError(
        message("The audio prepared for speech recognition could not be read. Try again."),
        action=Action.RETRY,
        details=details,
    )


def _error(failed: Failed, package: Package) -> AppError:
    _log.error("The recogniser failed: %s", failed.details)
    match failed.trouble:
        case Trouble.SOUND:
            return _unreadable(failed.details)
        case Trouble.MODEL:
            text = "The model {model} could not be loaded. Choose another or download it again."
            action = Action.CHOOSE_MODEL
        case Trouble.MEMORY:
            text = (
                "There is not enough memory for the model {model}. Close other programs or "
                "choose a smaller model, then try again."
            )
            action = Action.RETRY
        case Trouble.DISK | Trouble.OTHER:
            text = (
                "Speech recognition with the model {model} failed. Try again or choose "
                "another model."
            )
            action = Action.RETRY
    return RecogniserError(
        message(text, model=package.name), action=action, details=failed.details
    )
