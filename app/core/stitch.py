"""Join the transcripts of parts into one, with no word doubled or lost at a seam. Pure.

Neighbouring parts share a few seconds of sound, so the words there were recognised
twice. Both readings are laid side by side by text and time; the seam is put behind a
word that both heard, as near as may be to the middle of the shared sound, where
neither part has a word cut in half. Where the readings write everything differently
("twenty-one", "twenty one"), it is put into a pause of both. The same pairs of words
tell which speaker of one part is which of the other.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.core.paragraphs import LONG_PAUSE_MS, ends_sentence
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word

_SLACK_MS = 250
_SAME_TIME_MS = 150
"""Times of one word heard twice differ by about this much at most."""
_PAUSE_MS = 2 * 100
"""A pause this long is one in both readings, even if their times are off by half of it."""
_LEAST_PAIRS = 2
_CLEAR_SHARE = 0.7
_TURN_PAUSE_MS = 600


@dataclass(frozen=True, slots=True)
class PartTranscript:
    """The transcript of one part.

    Attributes:
        transcript: With times from the part's own start.
        start_ms: Where the part begins in the recording.
        end_ms: Where it ends in the recording.
        channel: Which channel it is, where each channel is a speaker.
    """

    transcript: Transcript
    start_ms: int
    end_ms: int
    channel: int | None = None


def stitch(pieces: Sequence[PartTranscript]) -> Transcript:
    """Make one transcript of the transcripts of parts.

    Args:
        pieces: At least one, in any order.

    Raises:
        ValueError: There is none.
    """
    if not pieces:
        raise ValueError("nothing to stitch")
    channels = sorted({-1 if piece.channel is None else piece.channel for piece in pieces})
    joined: list[Transcript] = []
    for channel in channels:
        own = [one for one in pieces if (-1 if one.channel is None else one.channel) == channel]
        joined.append(_join(sorted(own, key=lambda piece: (piece.start_ms, piece.end_ms))))
    if channels == [-1]:
        return joined[0]
    return _interleave(joined)


def shift(transcript: Transcript, by_ms: int) -> Transcript:
    """Move all times of a transcript."""
    if by_ms == 0:
        return transcript
    return replace(
        transcript,
        paragraphs=tuple(
            replace(
                paragraph,
                words=tuple(
                    replace(word, start_ms=word.start_ms + by_ms, end_ms=word.end_ms + by_ms)
                    for word in paragraph.words
                ),
                start_ms=paragraph.start_ms + by_ms,
                end_ms=paragraph.end_ms + by_ms,
            )
            for paragraph in transcript.paragraphs
        ),
    )


def _join(pieces: list[PartTranscript]) -> Transcript:
    """Join the parts of one channel, in order of time."""
    end_ms = max(piece.end_ms for piece in pieces)
    parts = [shift(piece.transcript, piece.start_ms) for piece in pieces]
    if len(parts) == 1:
        return replace(parts[0], duration_ms=end_ms)
    cast = _Cast()
    paragraphs = list(cast.admit(parts[0], 1, {}))
    for place in range(1, len(parts)):
        before, after = pieces[place - 1], pieces[place]
        seam = _find_seam(paragraphs, parts[place].paragraphs, after.start_ms, before.end_ms)
        kept = _until(paragraphs, seam.first_kept)
        admitted = cast.admit(parts[place], place + 1, seam.same_speakers())
        paragraphs = _glue(kept, _from(admitted, seam.second_from))
    heard = {paragraph.speaker_id for paragraph in paragraphs}
    return Transcript(
        paragraphs=tuple(paragraphs),
        speakers=tuple(one for one in cast.speakers if one.speaker_id in heard),
        language=_most_common([part.language for part in parts]),
        duration_ms=end_ms,
        model=_most_common([part.model for part in parts]),
        gender=_agreed([part.gender for part in parts]),
        emotions=_mean_emotions(pieces),
        wordless=tuple(
            sorted(
                (start + piece.start_ms, end + piece.start_ms)
                for piece in pieces
                for start, end in piece.transcript.wordless
            )
        ),
    )


class _Cast:
    """Everybody heard so far, over all parts."""

    def __init__(self) -> None:
        self.speakers: list[Speaker] = []

    def admit(
        self, part: Transcript, number: int, known: dict[SpeakerId, SpeakerId]
    ) -> list[Paragraph]:
        """Give a part's turns with speakers of the whole, adding those not known yet."""
        renamed = dict(known)
        for speaker in part.speakers:
            if speaker.speaker_id not in renamed:
                own = SpeakerId(f"speaker_{len(self.speakers)}")
                # In the first part there is nobody to be mistaken for.
                in_part = number if number > 1 else 0
                self.speakers.append(Speaker(own, speaker.name, in_part))
                renamed[speaker.speaker_id] = own
        return [
            replace(one, speaker_id=renamed.get(one.speaker_id) if one.speaker_id else None)
            for one in part.paragraphs
        ]


@dataclass(frozen=True, slots=True)
class _Seam:
    """Where one part gives way to the next.

    Attributes:
        first_kept: How many words of the earlier part stay.
        second_from: Place of the first word taken from the later part.
        pairs: Speakers of words that both parts heard, earlier and later.
    """

    first_kept: int
    second_from: int
    pairs: tuple[tuple[SpeakerId, SpeakerId], ...]

    def same_speakers(self) -> dict[SpeakerId, SpeakerId]:
        """Tell which speaker of the later part is surely which of the earlier."""
        votes = Counter(self.pairs)
        same: dict[SpeakerId, SpeakerId] = {}
        for (first, second), count in votes.items():
            of_first = sum(n for (one, _), n in votes.items() if one == first)
            of_second = sum(n for (_, one), n in votes.items() if one == second)
            is_clear = count >= _CLEAR_SHARE * max(of_first, of_second)
            if count >= _LEAST_PAIRS and is_clear:
                same[second] = first
        return same


def _find_seam(
    first: Sequence[Paragraph], second: Sequence[Paragraph], from_ms: int, to_ms: int
) -> _Seam:
    """Find the seam between two readings that share the sound from one time to another."""
    early = [(word, turn.speaker_id) for turn in first for word in turn.words]
    late = [(word, turn.speaker_id) for turn in second for word in turn.words]
    tail = len(early)
    while tail > 0 and _middle(early[tail - 1][0]) >= from_ms - _SLACK_MS:
        tail -= 1
    head = 0
    while head < len(late) and _middle(late[head][0]) <= to_ms + _SLACK_MS:
        head += 1
    ours, theirs = [word for word, _ in early[tail:]], [word for word, _ in late[:head]]
    pairs = _align(ours, theirs)
    sure = [(i, j) for i, j in pairs if _apart_ms(ours[i], theirs[j]) <= _SAME_TIME_MS]
    cut_ms = (from_ms + to_ms) / 2
    speakers = tuple(
        (one, other)
        for one, other in ((early[tail + i][1], late[j][1]) for i, j in sure or pairs)
        if one is not None and other is not None
    )
    pause_ms = None if sure else _pause_near(cut_ms, ours + theirs, from_ms, to_ms)
    if pairs and pause_ms is None:
        i, j = min(sure or pairs, key=lambda pair: abs(_middle(ours[pair[0]]) - cut_ms))
        return _Seam(tail + i + 1, j + 1, speakers)
    # Whoever has a word on its own side of a pause, or at worst of the middle, keeps it.
    seam_ms = cut_ms if pause_ms is None else pause_ms
    kept = len(ours)
    while kept > 0 and _middle(ours[kept - 1]) >= seam_ms:
        kept -= 1
    begin = 0
    while begin < head and _middle(theirs[begin]) < seam_ms:
        begin += 1
    return _Seam(tail + kept, begin, speakers)


def _pause_near(wanted_ms: float, words: list[Word], from_ms: int, to_ms: int) -> float | None:
    """Find the moment nearest to one in which nobody speaks, if there is any."""
    found: list[float] = []
    spoken = sorted((word.start_ms, max(word.start_ms, word.end_ms)) for word in words)
    silent_ms = from_ms
    for start_ms, end_ms in [*spoken, (to_ms, to_ms)]:
        if start_ms - silent_ms >= _PAUSE_MS:
            first_ms, last_ms = silent_ms + _PAUSE_MS / 2, start_ms - _PAUSE_MS / 2
            found.append(min(max(wanted_ms, first_ms), last_ms))
        silent_ms = max(silent_ms, end_ms)
    return min(found, key=lambda ms: abs(ms - wanted_ms), default=None)


def _align(first: list[Word], second: list[Word]) -> list[tuple[int, int]]:
    """Pair words heard twice, in order, so that texts are equal and times agree best.

    A pair counts the less the further its times are apart, steeply: in "no no no no"
    every word fits every other, and one pair more must not win over the right ones.
    """
    keys = [_key(word) for word in first]
    others = [_key(word) for word in second]
    best = [[0.0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i in range(len(first) - 1, -1, -1):
        for j in range(len(second) - 1, -1, -1):
            skip = max(best[i + 1][j], best[i][j + 1])
            taken = best[i + 1][j + 1] + _likeness(first[i], second[j])
            best[i][j] = max(skip, taken) if keys[i] == others[j] else skip
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(first) and j < len(second):
        if best[i][j] <= 0.0:
            break
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _likeness(first: Word, second: Word) -> float:
    apart = _apart_ms(first, second) / _SAME_TIME_MS
    return math.exp(-apart * apart)


def _apart_ms(first: Word, second: Word) -> float:
    return abs(_middle(first) - _middle(second))


def _key(word: Word) -> str:
    """Reduce a word to what is heard: no case, no punctuation."""
    folded = unicodedata.normalize("NFKC", word.text).casefold()
    heard = "".join(character for character in folded if character.isalnum())
    return heard or folded


def _middle(word: Word) -> float:
    return (word.start_ms + max(word.start_ms, word.end_ms)) / 2


def _until(paragraphs: Sequence[Paragraph], count: int) -> list[Paragraph]:
    """Give the turns of the first so many words."""
    kept: list[Paragraph] = []
    for paragraph in paragraphs:
        if count <= 0:
            break
        words = paragraph.words[:count]
        count -= len(words)
        if len(words) == len(paragraph.words):
            kept.append(paragraph)
        elif words:
            kept.append(replace(paragraph, words=words, end_ms=_end(words)))
    return kept


def _from(paragraphs: Sequence[Paragraph], begin: int) -> list[Paragraph]:
    """Give the turns without the first so many words."""
    kept: list[Paragraph] = []
    for paragraph in paragraphs:
        words = paragraph.words[begin:] if begin > 0 else paragraph.words
        begin -= len(paragraph.words)
        if len(words) == len(paragraph.words):
            kept.append(paragraph)
        elif words:
            kept.append(replace(paragraph, words=words, start_ms=_start(words)))
    return kept


def _glue(first: list[Paragraph], second: list[Paragraph]) -> list[Paragraph]:
    """Put turns behind one another, as one turn where only the seam parts them."""
    if not first or not second:
        return first + second
    last, following = first[-1], second[0]
    if not last.words or not following.words or last.speaker_id != following.speaker_id:
        return first + second
    pause_ms = following.words[0].start_ms - last.words[-1].end_ms
    if ends_sentence(last.words[-1].text) and pause_ms >= LONG_PAUSE_MS:
        return first + second
    words = last.words + following.words
    whole = replace(last, words=words, end_ms=max(last.end_ms, following.end_ms))
    return [*first[:-1], whole, *second[1:]]


def _interleave(channels: list[Transcript]) -> Transcript:
    """Put the turns of channels in order of time, each channel one speaker."""
    runs: list[tuple[int, int, Paragraph]] = []
    for number, transcript in enumerate(channels):
        speaker_id = SpeakerId(f"speaker_{number}")
        for paragraph in transcript.paragraphs:
            runs += [
                (run.start_ms, number, replace(run, speaker_id=speaker_id))
                for run in _runs(paragraph)
            ]
    runs.sort(key=lambda one: one[:2])
    paragraphs: list[Paragraph] = []
    for _, _, run in runs:
        last = paragraphs[-1] if paragraphs else None
        if (
            last is not None
            and last.speaker_id == run.speaker_id
            and run.start_ms - last.end_ms < LONG_PAUSE_MS
        ):
            words = last.words + run.words
            paragraphs[-1] = replace(last, words=words, end_ms=max(last.end_ms, run.end_ms))
        else:
            paragraphs.append(run)
    return replace(
        channels[0],
        paragraphs=tuple(paragraphs),
        speakers=tuple(Speaker(SpeakerId(f"speaker_{n}")) for n in range(len(channels))),
        language=_most_common([one.language for one in channels]),
        duration_ms=max(one.duration_ms for one in channels),
        gender=_agreed([one.gender for one in channels]),
        wordless=tuple(sorted(span for one in channels for span in one.wordless)),
    )


def _runs(paragraph: Paragraph) -> list[Paragraph]:
    """Cut a turn at its pauses, where another channel may have its say."""
    if not paragraph.words:
        return [paragraph]
    cuts = [0]
    for place in range(1, len(paragraph.words)):
        before, word = paragraph.words[place - 1], paragraph.words[place]
        if word.start_ms - before.end_ms >= _TURN_PAUSE_MS:
            cuts.append(place)
    cuts.append(len(paragraph.words))
    runs: list[Paragraph] = []
    for first, last in pairwise(cuts):
        words = paragraph.words[first:last]
        runs.append(replace(paragraph, words=words, start_ms=_start(words), end_ms=_end(words)))
    return runs


def _start(words: Sequence[Word]) -> int:
    return min(word.start_ms for word in words)


def _end(words: Sequence[Word]) -> int:
    return max(max(word.start_ms, word.end_ms) for word in words)


def _most_common(texts: list[str]) -> str:
    named = [text for text in texts if text]
    return Counter(named).most_common(1)[0][0] if named else ""


def _agreed(texts: list[str]) -> str:
    named = {text for text in texts if text}
    return named.pop() if len(named) == 1 else ""


def _mean_emotions(pieces: list[PartTranscript]) -> tuple[tuple[str, float], ...]:
    """Weigh each part's emotions by its length."""
    total_ms = sum(piece.end_ms - piece.start_ms for piece in pieces)
    sums: dict[str, float] = {}
    for piece in pieces:
        share = (piece.end_ms - piece.start_ms) / total_ms if total_ms > 0 else 0.0
        for label, strength in piece.transcript.emotions:
            sums[label] = sums.get(label, 0.0) + strength * share
    return tuple(sums.items())
