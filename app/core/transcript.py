"""The transcript: words with times, grouped into turns of speech.

All values are frozen; an edit makes new ones (``app/core/edits.py``). Times are
integer milliseconds from the start of the recording, kept as the recogniser gave
them: they may be unsorted, overlap, or lie beyond the end. ``app/core/timeline.py``
puts them in order for playback.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NewType

from app.core.recording import SoundChoice

SpeakerId = NewType("SpeakerId", str)
TranscriptId = NewType("TranscriptId", str)
MarkerId = NewType("MarkerId", str)


class MarkerKind(StrEnum):
    """What a person put on a range of words."""

    NOTE = "note"
    BOOKMARK = "bookmark"
    HIGHLIGHT = "highlight"


@dataclass(frozen=True, slots=True)
class Marker:
    """What a person put on a range of words; each word of the range carries it.

    So it goes with its words through every edit, and is gone when they all are.

    Attributes:
        marker_id: Stable within the transcript.
        kind: Note, bookmark or highlight.
        text: What a person wrote; a note's is never empty.
    """

    marker_id: MarkerId
    kind: MarkerKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """What a person made of a word.

    Attributes:
        is_accepted: They listened and agreed to how it reads.
        is_speaker_accepted: They agreed to who says it.
        is_struck: They struck it through: said, but not to be read.
        markers: What they put on it, the earliest first.
    """

    is_accepted: bool = False
    is_speaker_accepted: bool = False
    is_struck: bool = False
    markers: tuple[Marker, ...] = ()


_UNREVIEWED = Review()


@dataclass(frozen=True, slots=True)
class Layout:
    """How a word stood in the subtitle that it was imported from.

    It goes with its word through every edit, so that the subtitles can be written again
    as they were.

    Attributes:
        cue: When the subtitle that begins with the word is shown, from and to;
            ``None`` where none begins.
        starts_line: A line of the subtitle begins with the word.
        is_italic: It is set in italics.
        is_named: The subtitle says who speaks before the word.
        lead: What stands before it without being said, such as a dash.
    """

    cue: tuple[int, int] | None = None
    starts_line: bool = False
    is_italic: bool = False
    is_named: bool = False
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it is written, punctuation attached.

    Attributes:
        text: The word without surrounding spaces; never empty.
        start_ms: When it begins.
        end_ms: When it ends; may equal ``start_ms``.
        confidence: How sure the recogniser is, 0 to 1; ``None`` if it did not say.
        speaker_confidence: How sure it is of who speaks, 0 to 1.
        is_joined: No space stands before it (Chinese, Japanese, split words).
        is_estimated: Its times were worked out from its neighbours, not heard.
        layout: How it stood in the subtitle it comes from; ``None`` elsewhere.
        review: What a person made of it; ``None`` while nobody made anything of it.
    """

    text: str
    start_ms: int
    end_ms: int
    confidence: float | None = None
    speaker_confidence: float | None = None
    is_joined: bool = False
    is_estimated: bool = False
    layout: Layout | None = None
    review: Review | None = None

    @property
    def is_struck(self) -> bool:
        """Whether a person struck it through."""
        return self.review is not None and self.review.is_struck

    @property
    def markers(self) -> tuple[Marker, ...]:
        """What a person put on it."""
        return () if self.review is None else self.review.markers

    def reviewed(self, **changes: Any) -> Word:
        """Give the word with something else made of it; ``changes`` are of a ``Review``."""
        review = replace(self.review or _UNREVIEWED, **changes)
        return replace(self, review=None if review == _UNREVIEWED else review)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of text on the page: consecutive words of one speaker.

    A turn of somebody who speaks long has several.

    Attributes:
        words: In reading order; may be empty only for a turn without word times.
        speaker_id: Who speaks; ``None`` when speakers were not identified.
        start_ms: When the turn begins.
        end_ms: When it ends.
        is_approved: A person has listened and agreed.
        is_highlighted: A person marked it as a quote.
        note: A person's remark on it.
        language: Code of what is spoken, where it is another language than the transcript's.
    """

    words: tuple[Word, ...]
    speaker_id: SpeakerId | None
    start_ms: int
    end_ms: int
    is_approved: bool = False
    is_highlighted: bool = False
    note: str = ""
    language: str = ""

    @property
    def text(self) -> str:
        """The words as continuous text."""
        return join_words(self.words)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who is heard.

    Attributes:
        speaker_id: Stable within the transcript.
        name: As a person typed it; empty until named (then shown by number).
        part: Number of the part the recogniser heard this speaker in (from 1), where
            speakers of different parts could not be matched; 0 otherwise.
    """

    speaker_id: SpeakerId
    name: str = ""
    part: int = 0


@dataclass(frozen=True, slots=True)
class Transcript:
    """Everything recognised in one recording.

    Attributes:
        paragraphs: The turns in reading order.
        speakers: In order of first appearance; empty when not identified.
        language: Code as asked for or detected, empty when unknown.
        duration_ms: Length of the recording.
        model: Which recogniser made it, as ``ModelId`` value, with the on-device
            package after a colon where there is one (``on-device:tiny.en``).
        gender: As the service heard it; empty when not asked for.
        emotions: Label and strength 0 to 1, as the service heard them.
        sound: Which of the recording's tracks and channels were heard, so that the same
            is played, drawn and handed on; ``None`` where there was nothing to choose.
        wordless: Where somebody speaks and the recogniser had no words, from and to in
            milliseconds, in order.
    """

    paragraphs: tuple[Paragraph, ...]
    speakers: tuple[Speaker, ...] = ()
    language: str = ""
    duration_ms: int = 0
    model: str = ""
    gender: str = ""
    emotions: tuple[tuple[str, float], ...] = field(default=())
    sound: SoundChoice | None = None
    wordless: tuple[tuple[int, int], ...] = ()

    @property
    def text(self) -> str:
        """All turns, one a line."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)

    @property
    def word_count(self) -> int:
        """How many words there are."""
        return sum(len(paragraph.words) for paragraph in self.paragraphs)

    def words(self) -> Iterator[Word]:
        """Go through all words in reading order."""
        for paragraph in self.paragraphs:
            yield from paragraph.words

    def speaker_label(
        self,
        speaker_id: SpeakerId | None,
        numbered: str = "Speaker {number}",
        numbered_in_part: str = "Part {part} · Speaker {number}",
    ) -> str:
        """Give the name to show for a speaker, or an empty text for nobody.

        Args:
            speaker_id: Whom to name.
            numbered: How an unnamed speaker is called; translated by the caller.
            numbered_in_part: The same for one known only within a part.
        """
        for number, speaker in enumerate(self.speakers, start=1):
            if speaker.speaker_id != speaker_id:
                continue
            if speaker.name:
                return speaker.name
            if speaker.part:
                in_part = [one for one in self.speakers if one.part == speaker.part]
                place = in_part.index(speaker) + 1
                named = numbered_in_part.replace("{part}", str(speaker.part))
                return named.replace("{number}", str(place))
            return numbered.replace("{number}", str(number))
        return ""


def join_words(words: tuple[Word, ...] | list[Word]) -> str:
    """Write words as continuous text, with spaces where they belong."""
    pieces: list[str] = []
    for word in words:
        if pieces and not word.is_joined:
            pieces.append(" ")
        pieces.append(word.text)
    return "".join(pieces)
