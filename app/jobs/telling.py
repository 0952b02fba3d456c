"""Tell voices apart once the words are there, for whoever's words come without speakers.

The words count for more than who says them: whatever goes wrong here costs the speakers and
leaves a note. What was heard is kept in a cache, so that a job that was ended goes on from
its last minute, and other questions about the same recording need no listening.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from app.audio.cache import PlaybackCache
from app.audio.parts import Part
from app.audio.plan import lanes_of, make_plan
from app.audio.prepare import Prepared, prepare
from app.audio.probe import probe
from app.audio.room import free_bytes_at
from app.core.errors import Action, AppError, RecordingError, StorageError
from app.core.job import JobState, Progress, ProgressUnit
from app.core.messages import Message, message
from app.core.options import CAPABILITIES, ModelId, TranscriptionOptions
from app.core.recording import Look, Recording, SoundChoice
from app.core.speakers import (
    spoken_spans,
    told_anew,
    with_links,
    with_speakers,
    words_of,
)
from app.core.transcript import SpeakerId, Transcript, Word
from app.jobs.at_hand import WordsAtHand
from app.jobs.job_progress import JobProgress
from app.ondevice.protocol import Voice
from app.ondevice.voices import OnProgress, Side, VoicesTold, VoiceTeller
from app.store.audio_links import link_to
from app.store.paths import AppPaths
from app.store.stored import TranscriptRecord

_log = logging.getLogger(__name__)

TELLING = message("Identifying speakers.")
NOT_TOLD = message(
    "The transcript is ready, but speakers could not be identified. “Identify speakers…” in "
    "the transcript's menu tries again."
)
_NOT_HERE = message("The recording is needed to identify speakers, and it is not here.")
LABEL = "Identify speakers"
"""The step, for the Undo entry."""
MOST_BYTES = 200_000_000
"""So much of what was heard is kept: some eighty hours."""
_SUFFIX = ".voices"
_TRIES = 3
"""So often the words are looked at again that were edited meanwhile; each time is quick."""


def _ignore(*_: int) -> None:
    pass


class Telling:
    """Tells the voices of jobs apart, on this computer.

    Attributes:
        at_hand: The words as they are now, on the page or in the library.
    """

    def __init__(
        self,
        *,
        paths: AppPaths,
        teller: VoiceTeller,
        cache: PlaybackCache,
        at_hand: WordsAtHand,
        free_bytes: Callable[[Path], int] = free_bytes_at,
        look: Look = probe,
        scratch: Callable[[], Path] | None = None,
    ) -> None:
        """Make it.

        Args:
            paths: Where what was heard is kept.
            teller: Hears voices.
            cache: Waveforms and playback copies.
            at_hand: The words as they are now.
            free_bytes: Gives how much room there is on a disk.
            look: Looks at a recording.
            scratch: Gives a folder that no other Wordlight clears while this one lives;
                the one for all work if left out.
        """
        self.at_hand = self._at_hand = at_hand
        self._paths = paths
        self._teller = teller
        self._cache = cache
        self._free_bytes = free_bytes
        self._look = look
        self._scratch = scratch or (lambda: paths.temp)

    async def tell(
        self,
        progress: JobProgress,
        recording: Recording,
        prepared: Prepared | None,
        content_hash: str,
    ) -> Message | None:
        """Give the transcript of a job its speakers; its words are kept already.

        A person may read and edit them meanwhile: what is found out goes to the words as
        they are then.

        Args:
            progress: The job, and how it tells how far it is.
            recording: What was transcribed.
            prepared: What was recognised of it, where that is still there.
            content_hash: Of the recording.

        Returns:
            Why there are no speakers; ``None`` if there are.

        Raises:
            StorageError: The transcript is gone, or cannot be written.
            RecogniserError: Wordlight was updated beneath; it goes on after a restart.
        """
        transcript_id = progress.job.transcript_id
        if transcript_id is None:
            return None
        try:
            await progress.move(JobState.TRANSCRIBING, note=TELLING)
            part = await self._sound(progress, recording, prepared)
            for _ in range(_TRIES):
                before = await self._at_hand.transcript(transcript_id)
                is_new = await self._at_hand.is_as_recognised(transcript_id, before)
                found = await self._found(progress, part, content_hash, before)
                speakers = with_speakers if is_new else told_anew
                after = speakers(before, found.people, found.sureness)
                if await self._at_hand.take_over(transcript_id, before, after, LABEL):
                    return None
        except StorageError:
            raise
        except AppError as error:
            if error.action is Action.RESTART:
                raise
            _log.warning("Kept without speakers: %s %s", error, error.details)
        return NOT_TOLD

    async def link(
        self,
        progress: JobProgress,
        recording: Recording,
        prepared: Prepared,
        transcript: Transcript,
    ) -> Transcript:
        """Link the labels of parts by their voices where the words at the seams did not.

        Args:
            progress: The job, and how it tells how far it is.
            recording: What was transcribed.
            prepared: Its parts, as they were sent.
            transcript: Stitched of them.
        """
        is_by_lane = len(lanes_of(recording, progress.job.options)) > 1
        if is_by_lane or not any(one.part for one in transcript.speakers):
            return transcript
        try:
            await progress.move(JobState.TRANSCRIBING, note=TELLING)
            sound = await self._sound(progress, recording, prepared)
            labels = [one.speaker_id for one in transcript.speakers]
            spans = [spoken_spans(transcript, one) for one in labels]
            parts = [
                sorted(_parts_of(one, prepared.parts) | ({speaker.part} - {0}))
                for speaker, one in zip(transcript.speakers, spans, strict=True)
            ]
            begin_ms = sound.start_ms
            found = await self._teller.link(
                sound.path,
                parts,
                [[(a - begin_ms, b - begin_ms) for a, b in one] for one in spans],
            )
        except AppError as error:
            if error.action is Action.RESTART:
                raise
            _log.warning("Labels of parts were not linked: %s %s", error, error.details)
            return transcript
        same = {
            label: labels[one.first]
            for label, one in zip(labels, found, strict=True)
            if one.link == "same"
        }
        known = {label for label, one in zip(labels, found, strict=True) if one.link == "new"}
        return with_links(transcript, same, known)

    async def _found(
        self, progress: JobProgress, part: Part, content_hash: str, transcript: Transcript
    ) -> VoicesTold:
        heard = self.heard_path(content_hash, part.start_ms, part.end_ms, transcript.sound)
        words = [
            (word.start_ms - part.start_ms, word.end_ms - part.start_ms)
            for word in transcript.words()
        ]

        def count(done_ms: int, total_ms: int) -> None:
            progress.count(Progress(done_ms, total_ms, ProgressUnit.MILLISECONDS))

        found = await self._teller.tell_apart(
            part.path, heard, words, asked=progress.job.options.speakers, on_progress=count
        )
        await asyncio.to_thread(trim, heard.parent, MOST_BYTES, heard)
        return found

    def heard_path(
        self,
        content_hash: str,
        start_ms: int,
        end_ms: int,
        sound: SoundChoice | None = None,
    ) -> Path:
        """Say where what is heard of a part of a recording is kept."""
        name = f"{content_hash[:32]}-{start_ms}-{end_ms}{_of_sound(sound)}{_SUFFIX}"
        return self._folder / name

    @property
    def _folder(self) -> Path:
        return self._paths.cache / "voices"

    def _heard(
        self, content_hash: str, start_ms: int, sound: SoundChoice | None
    ) -> Path | None:
        """Find what was heard of a recording to its end; blocks."""
        from app.voices.heard_file import read_heard  # and with it NumPy

        begin = f"{content_hash[:32]}-{start_ms}-"
        name = re.compile(re.escape(begin) + r"\d+" + re.escape(_of_sound(sound) + _SUFFIX))
        for path in sorted(self._folder.glob(f"{begin}*{_SUFFIX}")):
            if not name.fullmatch(path.name):
                continue  # of other tracks
            with suppress(OSError):  # another Wordlight removed it
                heard = read_heard(path)
                if heard is not None and heard.is_whole:
                    return path
        return None

    async def _sound(
        self, progress: JobProgress, recording: Recording, prepared: Prepared | None
    ) -> Part:
        """Give the sound as one WAV file: what was recognised here, or made anew."""
        options = progress.job.options
        usable = recording
        if prepared is not None:
            if options.model is ModelId.ON_DEVICE:
                return prepared.parts[0]
            usable = replace(
                recording,
                duration_ms=prepared.duration_ms,
                damaged_at_ms=prepared.damaged_at_ms,
            )
        folder = await asyncio.to_thread(self._paths.job_folder, progress.job.job_id)
        made = await prepare(
            usable,
            make_plan(usable, _whole(options)),
            folder / "voices",
            cache=self._cache,
            free_bytes=self._free_bytes,
        )
        return made.parts[0]

    async def tell_again(
        self,
        record: TranscriptRecord,
        transcript: Transcript,
        path: Path | None,
        *,
        asked: int = 0,
        on_progress: OnProgress = _ignore,
    ) -> Transcript:
        """Tell the voices of a transcript that is there already apart, imported or not.

        Recordings that were listened to before are not listened to again.

        Args:
            record: What is kept beside the words.
            transcript: The words as they are now.
            path: Where the recording lies; ``None`` if it is not here.
            asked: How many people there are; 0 to find out.
            on_progress: Told how many milliseconds are done, of how many.

        Returns:
            The transcript with its speakers; what a person did to it is as it was.

        Raises:
            AppError: In one sentence why not.
        """
        words = _times(record, transcript.words())
        heard = await self.heard_of(record, transcript, path)
        if heard is not None:
            found = await self._teller.regroup(heard, words, asked=asked)
        elif path is None:
            raise RecordingError(_NOT_HERE)
        else:
            found = await self._listened(record, transcript, path, words, asked, on_progress)
        return told_anew(transcript, found.people, found.sureness)

    async def heard_of(
        self, record: TranscriptRecord, transcript: Transcript, path: Path | None
    ) -> Path | None:
        """Give what was heard of the recording of a transcript, if that is still there.

        Args:
            record: What is kept beside the words.
            transcript: The words as they are now.
            path: Where the recording lies; ``None`` if it is not here.

        Raises:
            RecordingError: The recording cannot be read.
        """
        link = record.link if path is None else await asyncio.to_thread(link_to, path)
        if not link.content_hash:
            return None
        return await asyncio.to_thread(
            self._heard, link.content_hash, record.options.start_ms, transcript.sound
        )

    async def compare(
        self,
        record: TranscriptRecord,
        transcript: Transcript,
        path: Path | None,
        speakers: Sequence[SpeakerId],
        *,
        on_progress: OnProgress = _ignore,
    ) -> Side:
        """Say whether two speakers of a transcript are one person, or one of them is two.

        What was heard before is enough for that; only where it is gone, it is listened to
        again.

        Args:
            record: What is kept beside the words.
            transcript: The words as they are now.
            path: Where the recording lies; ``None`` if it is not here.
            speakers: Two to compare, or one to part.
            on_progress: Told how many milliseconds are done, of how many.

        Raises:
            AppError: In one sentence why not.
        """
        heard = await self.heard_of(record, transcript, path)
        if heard is None:
            if path is None:
                raise RecordingError(_NOT_HERE)
            await self._listened(record, transcript, path, [], 0, on_progress)
            heard = await self.heard_of(record, transcript, path)
        if heard is None:  # the recording is another one by now
            raise RecordingError(_NOT_HERE)
        words = [_times(record, words_of(transcript, one)) for one in speakers]
        return await self._teller.compare(heard, words)

    async def voices_of(
        self,
        record: TranscriptRecord,
        transcript: Transcript,
        words: Sequence[Sequence[Word]],
    ) -> tuple[Voice, ...]:
        """Give the voice of each group of words; none if nothing is left of what was heard.

        Raises:
            AppError: In one sentence why not.
        """
        heard = await self.heard_of(record, transcript, None)
        if heard is None:
            return ()
        return await self._teller.voices_of(heard, [_times(record, one) for one in words])

    async def _listened(
        self,
        record: TranscriptRecord,
        transcript: Transcript,
        path: Path,
        words: Sequence[tuple[int, int]],
        asked: int,
        on_progress: OnProgress,
    ) -> VoicesTold:
        """Listen to the recording of a transcript that is there already."""
        link = await asyncio.to_thread(link_to, path)
        recording = await self._look(path, transcript.sound)
        plan = make_plan(recording, _whole(record.options))
        scratch = await asyncio.to_thread(self._scratch)
        folder = Path(await asyncio.to_thread(mkdtemp, prefix="voices-", dir=scratch))
        try:
            made = await prepare(
                recording, plan, folder, cache=self._cache, free_bytes=self._free_bytes
            )
            part = made.parts[0]
            heard = self.heard_path(
                link.content_hash, part.start_ms, part.end_ms, transcript.sound
            )
            found = await self._teller.tell_apart(
                part.path, heard, words, asked=asked, on_progress=on_progress
            )
        finally:
            await asyncio.shield(asyncio.to_thread(rmtree, folder, ignore_errors=True))
        await asyncio.to_thread(trim, heard.parent, MOST_BYTES, heard)
        return found


def _times(record: TranscriptRecord, words: Iterable[Word]) -> list[tuple[int, int]]:
    """Give when words are said, from where the transcript begins in its recording."""
    begin_ms = record.options.start_ms
    return [(word.start_ms - begin_ms, word.end_ms - begin_ms) for word in words]


def _parts_of(spans: Sequence[tuple[int, int]], parts: Sequence[Part]) -> set[int]:
    """Give the numbers of the parts somebody is heard in; what two share tells nothing."""
    found: set[int] = set()
    for start_ms, end_ms in spans:
        middle_ms = (start_ms + end_ms) // 2
        inside = [
            number
            for number, part in enumerate(parts, start=1)
            if part.start_ms <= middle_ms < part.end_ms
        ]
        if len(inside) == 1:
            found.add(inside[0])
    return found


def _of_sound(sound: SoundChoice | None) -> str:
    if sound is None:
        return ""
    channel = "" if sound.channel is None else f"-c{sound.channel}"
    return f"-{'.'.join(map(str, sound.tracks))}{channel}"


def _whole(options: TranscriptionOptions) -> TranscriptionOptions:
    """Give options that make one WAV file of everything that was transcribed."""
    return replace(
        options,
        model=ModelId.ON_DEVICE,
        channels_are_speakers=False,
        tracks_are_speakers=False,
    )


def trim(folder: Path, most_bytes: int, spare: Path) -> None:
    """Remove what was heard longest ago until the rest fits; blocks."""
    found: list[tuple[int, int, Path]] = []
    for path in folder.glob(f"*{_SUFFIX}"):
        with suppress(OSError):  # another Wordlight was quicker
            state = path.stat()
            found.append((state.st_mtime_ns, state.st_size, path))
    total_bytes = sum(size_bytes for _, size_bytes, _ in found)
    for _, size_bytes, path in sorted(found):
        if total_bytes <= most_bytes:
            return
        if path != spare:
            with suppress(OSError):
                path.unlink()
            total_bytes -= size_bytes


def is_wanted(options: TranscriptionOptions, recording: Recording) -> bool:
    """Tell whether voices are to be told apart here; tracks or channels may be enough."""
    return (
        options.diarize
        and not CAPABILITIES[options.model].labels_speakers
        and len(lanes_of(recording, options)) == 1
    )
