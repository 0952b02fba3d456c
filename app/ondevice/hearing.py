"""How a piece of sound becomes words: heard, missed spans heard again, times put right."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from app.core.names import likely_names, with_names
from app.core.utterances import Times
from app.ondevice.aligner import Aligners, Placed, is_available
from app.ondevice.brief import BRIEF_MS, LEAST_MS, PAD_MS, agreed, sayable, without_flashes
from app.ondevice.doubtful import as_sure_as_at_first, doubtful, faint_in, is_within, surer
from app.ondevice.drift import without_drift
from app.ondevice.languages import Run, ask, runs_of
from app.ondevice.pauses import beside_pauses, in_order, pauses_in
from app.ondevice.protocol import ChunkEnd, Heard, HeardWord
from app.ondevice.sound import SAMPLE_RATE_HZ, Samples
from app.ondevice.timing import Timing
from app.ondevice.unheard import really_said, speech_in, without_words
from app.system.memory import give_back_memory

_ONE_AT_A_TIME = threading.Lock()
"""What looks at a whole piece in one go takes a hundred megabytes each time, for a moment."""
_LEAST_LETTER_MS = 55
"""Before a pause nobody says a letter of a word that begins a sentence quicker."""
_WITHOUT_SPACES = {"zh", "ja", "th", "lo", "my", "yue"}
_LARGEST_SAMPLE = 32_768.0
_SILENT_SAMPLE = 3.0
"""What dithering alone leaves; very quiet speech was made louder before."""
_MARGIN_MS = 300
_LEAST_LOG_CHANCE = -1.0
_MOST_COMPRESSION = 2.4
_MOST_SILENCE = 0.8
_ROUND_AND_ROUND = 4.8
_HARDLY_SPEECH = 0.5
"""A model that goes in circles is believed where it surely hears speech: people count, chant,
and test microphones. In loud noise it is its own voice it hears."""
_PAUSE_MARGIN_MS = 350
_LEAST_MISSED_MS = 600
"""Heard with what is said around it, even a little that was missed is no guess."""
_FRAMES_AT_ONCE = 500


class SpokenWord(Protocol):
    """A word as faster-whisper gives it."""

    word: str
    start: float
    end: float
    probability: float


class Segment(Protocol):
    """Some words, and how likely they are."""

    end: float
    avg_logprob: float
    compression_ratio: float
    no_speech_prob: float
    words: list[SpokenWord] | None


class Info(Protocol):
    """What was found out about a sound."""

    language: str


class Model(Protocol):
    """What recognises speech."""

    def transcribe(
        self, audio: NDArray[np.float32], **options: object
    ) -> tuple[Iterable[Segment], Info]:
        """Begin to recognise a sound."""
        ...


class Detecting(Protocol):
    """A model that can tell which language is spoken."""

    def languages_in(self, audio: NDArray[np.float32]) -> dict[str, float]:
        """Say how likely each language is; unlikely ones are left out."""
        ...


@dataclass(frozen=True, slots=True)
class Piece:
    """What was heard of a piece of sound.

    Attributes:
        language: As asked for or detected; empty where nothing was said.
        words: Its words, with times from its begin.
        wordless: Where somebody speaks and no words were heard.
        languages: From when on which language is spoken, where each stretch was asked about.
    """

    language: str = ""
    words: tuple[HeardWord, ...] = ()
    wordless: tuple[Times, ...] = ()
    languages: tuple[tuple[int, str], ...] = ()


class Hearing:
    """Hears pieces of sound with one model, the same each time; several threads may ask."""

    def __init__(
        self,
        model: Model,
        timing: Timing,
        names: Sequence[str] = (),
        *,
        aligners: Aligners | None = None,
        is_hurried: bool = False,
    ) -> None:
        """Set up.

        Args:
            model: What recognises.
            timing: By how much its word times lag.
            names: Names and terms that may be said.
            aligners: What puts words where they are said; one of its own if left out.
            is_hurried: Whether somebody waits for each word: what was heard with doubt is
                then not heard a second time.
        """
        self._model = model
        self._timing = timing
        self._names = tuple(names)
        self._aligners = aligners or Aligners()
        self._is_hurried = is_hurried

    def hear_runs(self, samples: Samples, runs: Sequence[Run]) -> Iterator[int | Piece]:
        """Recognise a piece of which it is known what is spoken when.

        Args:
            samples: The piece.
            runs: Which languages are spoken in it.

        Yields:
            How many milliseconds are done, and at last what was heard.
        """
        a_ms = SAMPLE_RATE_HZ // 1_000
        whole = Piece()
        for run in runs:
            part = samples[run.start_ms * a_ms : run.end_ms * a_ms]
            for found in self.hear(part, run.language):
                if isinstance(found, Piece):
                    whole = joined(whole, found, run.start_ms)
                else:
                    yield run.start_ms + found
        yield whole

    def runs(self, samples: Samples) -> Callable[[str], list[Run]]:
        """Listen for the language of each stretch of a piece.

        Args:
            samples: The piece.

        Returns:
            What gives the runs of the piece for the language that was spoken before it.
        """
        until_ms = -(-samples.size * 1_000 // SAMPLE_RATE_HZ)
        samples = without_drift(samples)
        if not samples.any():
            return lambda before: [Run(0, until_ms, before)]
        a_ms = SAMPLE_RATE_HZ // 1_000
        sound = as_floats(samples)
        model = cast("Detecting", self._model)
        with _ONE_AT_A_TIME:
            speech = speech_in(sound)

        def detect(span: Times) -> dict[str, float]:
            return model.languages_in(sound[span[0] * a_ms : span[1] * a_ms])

        asked = ask(speech, detect)
        return lambda before: runs_of(asked, before, until_ms)

    def hear(self, samples: Samples, language: str) -> Iterator[int | Piece]:
        """Recognise a piece.

        Args:
            samples: The piece, of two minutes or three.
            language: Its language, empty to detect it.

        Yields:
            How many milliseconds are done, and at last what was heard.
        """
        samples = without_drift(samples)
        length_ms = samples.size * 1_000 // SAMPLE_RATE_HZ
        if length_ms < LEAST_MS or not samples.any():
            yield Piece()
            return
        if length_ms < BRIEF_MS and not self._is_hurried:
            yield self._brief(samples, language)
            return
        sound = as_floats(samples)
        heard: list[HeardWord] = []
        for done_ms, found, words in self._passed(sound, language):
            language = found
            heard += words
            yield done_ms
        with _ONE_AT_A_TIME:
            speech = speech_in(sound)
        is_faint = faint_in(sound, heard)
        if not self._is_hurried:
            times = self._timing.without_lag(heard)
            missed = without_words(speech, times, _LEAST_MISSED_MS)
            for span in doubtful(heard, speech, missed):
                again = self._heard_again(sound, *span, language)
                inside = [at for at, word in enumerate(heard) if is_within(word, span)]
                begin = inside[0] if inside else _place(heard, span[1])
                part = slice(begin, inside[-1] + 1 if inside else begin)
                heard[part] = surer(heard[part], again, is_faint)
        if names := likely_names(self._names, (word[0] for word in heard)):
            told: list[HeardWord] = []
            for done_ms, _, words in self._passed(sound, language, ", ".join(names)):
                told += words
                yield done_ms
            heard = with_names(heard, told, names)
        heard = really_said(heard, speech)
        asked = without_words(speech, self._timing.without_lag(heard))
        for start_ms, end_ms in asked:
            found = self._heard_again(sound, start_ms, end_ms, language)
            place = _place(heard, end_ms)
            heard[place:place] = [] if is_faint(found) else found
        ends_ms = last_sound_ms(samples)
        # Nobody speaks behind the last sound.
        heard = [word for word in heard if word[1] - self._timing.start_lag_ms < ends_ms]
        words = self._placed(heard, samples, language)
        # A word that seemed to last was put where it is said, and shows what it hid.
        for start_ms, end_ms in without_words(speech, [word[1:3] for word in words]):
            if any(start_ms < until and begin < end_ms for begin, until in asked):
                continue
            found = self._heard_again(sound, start_ms, end_ms, language)
            found = [word for word in found if start_ms <= (word[1] + word[2]) // 2 < end_ms]
            found = [] if is_faint(found) else found
            words = _together(words, self._placed(found, samples, language), end_ms)
        words = without_flashes(words)
        wordless = without_words(speech, [word[1:3] for word in words])
        give_back_memory()
        yield Piece(language if words else "", tuple(words), tuple(wordless))

    def _brief(self, samples: Samples, language: str) -> Piece:
        """Recognise the shortest of sounds: what two of three looks at it agree on."""
        length_ms = samples.size * 1_000 // SAMPLE_RATE_HZ
        pad = PAD_MS * SAMPLE_RATE_HZ // 1_000
        padded = np.pad(samples, pad)
        sound = as_floats(padded)
        first: list[HeardWord] = []
        for _, found, words in self._passed(sound, language):
            language = found
            first += words
        again = self._heard_again(sound, 0, length_ms + 2 * PAD_MS, language)
        heard = agreed(first, again)
        if language and not heard and (first or again):
            bare = self._heard_again(as_floats(samples), 0, length_ms, language)
            bare = [_later(word, PAD_MS) for word in bare]
            heard = agreed(first, bare) or agreed(again, bare)
        if names := likely_names(self._names, (word[0] for word in heard)):
            told = [
                word
                for *_, words in self._passed(sound, language, ", ".join(names))
                for word in words
            ]
            heard = with_names(heard, told, names)
        if not sayable(heard, length_ms):
            heard = []
        words = [
            _between(_later(word, -PAD_MS), length_ms)
            for word in self._placed(heard, padded, language)
        ]
        give_back_memory()
        return Piece(language if words else "", tuple(words))

    def _passed(
        self, sound: NDArray[np.float32], language: str, names: str = ""
    ) -> Iterator[tuple[int, str, list[HeardWord]]]:
        """Recognise a sound, and give how far it is, its language, and the next words."""
        with _ONE_AT_A_TIME:  # it listens for voices at once, and for words one by one
            segments, info = self._model.transcribe(
                sound,
                language=language or None,
                language_detection_segments=4,
                beam_size=5,
                word_timestamps=True,
                vad_filter=True,
                condition_on_previous_text=True,
                hotwords=names or None,
            )
        give_back_memory()
        for segment in segments:
            is_own_echo = (
                segment.compression_ratio > _ROUND_AND_ROUND
                and segment.no_speech_prob > _HARDLY_SPEECH
            )
            words = [] if is_own_echo else words_of(segment, 0, info.language)
            if segment.compression_ratio > _MOST_COMPRESSION:
                words = as_sure_as_at_first(words)
            yield round(segment.end * 1_000), info.language, words

    def _heard_again(
        self, sound: NDArray[np.float32], start_ms: int, end_ms: int, language: str
    ) -> list[HeardWord]:
        """Recognise by itself what went without words; nothing where it is not sure."""
        a_ms = SAMPLE_RATE_HZ // 1_000
        begin_ms = max(0, start_ms - _MARGIN_MS)
        segments, info = self._model.transcribe(
            sound[begin_ms * a_ms : (end_ms + _MARGIN_MS) * a_ms],
            language=language or None,
            beam_size=5,
            word_timestamps=True,
            vad_filter=False,
            condition_on_previous_text=False,
            temperature=[0.0],
        )
        return [
            word
            for segment in segments
            if segment.avg_logprob > _LEAST_LOG_CHANCE
            and segment.compression_ratio < _MOST_COMPRESSION
            and segment.no_speech_prob < _MOST_SILENCE
            for word in words_of(segment, begin_ms, info.language)
            if start_ms - _PAUSE_MARGIN_MS < word[1] and word[2] < end_ms + _PAUSE_MARGIN_MS
        ]

    def _placed(
        self, heard: Sequence[HeardWord], samples: Samples, language: str
    ) -> list[HeardWord]:
        """Give words the best times there are: lag off, beside pauses, aligned."""
        times = in_order(self._timing.without_lag(heard))
        times = beside_pauses(times, pauses_in(samples), _openings(heard))
        if is_available(language):
            known = [Placed(word[0], *at) for word, at in zip(heard, times, strict=True)]
            with self._aligners.one() as aligner:
                for first, found in aligner.align(known, samples):
                    times[first : first + len(found)] = found
            times = in_order(times)
        return [(word[0], *at, *word[3:]) for word, at in zip(heard, times, strict=True)]


def _place(words: Sequence[HeardWord], before_ms: int) -> int:
    """Give where words belong that are said before a moment."""
    return next((at for at, one in enumerate(words) if one[1] >= before_ms), len(words))


def _together(
    words: Sequence[HeardWord], found: Sequence[HeardWord], before_ms: int
) -> list[HeardWord]:
    """Put words that were found late before those that begin behind them."""
    place = _place(words, before_ms)
    all_of_them = [*words[:place], *found, *words[place:]]
    times = in_order([word[1:3] for word in all_of_them])
    return [(word[0], *at, *word[3:]) for word, at in zip(all_of_them, times, strict=True)]


def joined(whole: Piece, more: Piece, by_ms: int) -> Piece:
    """Give a piece with what was heard in a later part of it.

    Args:
        whole: What was heard up to there.
        more: What was heard of the part.
        by_ms: Where the part begins.
    """
    languages = whole.languages
    if more.language and (not languages or languages[-1][1] != more.language):
        languages += ((by_ms, more.language),)
    return Piece(
        more.language or whole.language,
        whole.words + tuple(_later(word, by_ms) for word in more.words),
        whole.wordless + tuple((start + by_ms, end + by_ms) for start, end in more.wordless),
        languages,
    )


def _later(word: HeardWord, by_ms: int) -> HeardWord:
    return word[0], word[1] + by_ms, word[2] + by_ms, *word[3:]


def _between(word: HeardWord, length_ms: int) -> HeardWord:
    """Give a word that lies within a sound from its begin to its end."""
    start_ms, end_ms = (min(max(0, at_ms), length_ms) for at_ms in word[1:3])
    return word[0], start_ms, end_ms, *word[3:]


def _openings(heard: Sequence[HeardWord]) -> list[int]:
    """Give how long each word that begins a sentence takes at least; 0 for the others."""
    ends = (word[0].rstrip("\"'”’)").endswith((".", "?", "!")) for word in heard)
    begins = [False, *ends]
    return [
        _LEAST_LETTER_MS * sum(map(str.isalpha, word[0])) if is_begin else 0
        for word, is_begin in zip(heard, begins, strict=False)
    ]


def moved(piece: Piece, by_ms: int, until_ms: int) -> tuple[Heard, ChunkEnd]:
    """Give what was heard of a piece on the clock of the recording.

    Args:
        piece: The piece.
        by_ms: Where it begins.
        until_ms: Where it ends.
    """
    words = [_later(word, by_ms) for word in piece.words]
    wordless = [(start + by_ms, end + by_ms) for start, end in piece.wordless]
    languages = [(start + by_ms, code) for start, code in piece.languages]
    return Heard(until_ms, words), ChunkEnd(until_ms, piece.language, wordless, languages)


def as_floats(samples: Samples) -> NDArray[np.float32]:
    """Give samples as models take them, from -1 to 1."""
    sound = samples.astype(np.float32)
    sound /= np.float32(_LARGEST_SAMPLE)
    return sound


def last_sound_ms(samples: Samples) -> int:
    """Give where the last sound of a piece ends: behind it there is silence only."""
    step = SAMPLE_RATE_HZ // 50
    count = -(-samples.size // step)
    for end in range(count, 0, -_FRAMES_AT_ONCE):
        first = max(0, end - _FRAMES_AT_ONCE)
        part = samples[first * step : end * step]
        frames = np.zeros((end - first) * step, np.float64)
        frames[: part.size] = part
        frames = frames.reshape(-1, step)
        frames -= frames.mean(axis=1, keepdims=True)
        loud = np.flatnonzero(np.sqrt(np.square(frames).mean(axis=1)) > _SILENT_SAMPLE)
        if loud.size:
            return (first + int(loud[-1]) + 1) * 20
    return 0


def words_of(segment: Segment, start_ms: int, language: str) -> list[HeardWord]:
    """Give the words of a segment with times from the start of the sound.

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
