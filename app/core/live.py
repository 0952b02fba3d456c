"""Live text: words while the sound still grows, and what turns the one into the other.

What recognises, on this computer or by the service, meets ``LiveRecogniser`` and tells what
it hears as events. A word is *tentative* until it is *settled*; what is tentative is replaced
as a whole each time. The sound is on the disk whatever becomes of the text.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeAlias

from app.core.messages import Message, message
from app.core.take import SourceKind
from app.core.transcript import TranscriptId, Word

LIVE_RATE_HZ = 16_000
"""Samples a second of the sound that is fed: one channel, 16 bits, little-endian."""
LIVE_SAMPLE_BYTES = 2
SOURCE_NAMES = {
    SourceKind.MICROPHONE: message("You"),
    SourceKind.COMPUTER: message("They"),
}
"""Who speaks in each source of a take that has both."""

LAG_MS, CAUGHT_UP_MS = 5_000, 3_000
"""From so much on it is said that the text lags, and until it is less than that."""


def lag_message(behind: str, *, is_kept: bool) -> Message:
    """Say that words come late.

    Args:
        behind: By how much, as people read it.
        is_kept: Whether a recording is made as well.
    """
    if is_kept:
        return message("Text is {time} behind; the audio is safe.", time=behind)
    return message("Text is {time} behind.", time=behind)


class LiveBy(StrEnum):
    """What makes words of a recording while it is recorded."""

    NOTHING = "nothing"
    HERE = "here"
    """This computer."""
    PULSE = "pulse"
    """The service, which is sent the sound meanwhile."""


@dataclass(frozen=True, slots=True)
class LiveLeft:
    """The live text that a take has, and what becomes of it.

    Attributes:
        transcript_id: It, in the library.
        is_final: Whether it is to stay; else better words take its place once they are there.
        is_whole: Whether all of the take was heard. What ended early, by trouble, by a crash
            or because the last words did not come in time, must not stay as if it were all.
    """

    transcript_id: TranscriptId
    is_final: bool
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """Some words stand for good.

    Attributes:
        words: What was said since the last settled words; what was tentative is gone then.
            Empty where nothing was said, so that other sources need not wait for this one.
        end_ms: Up to here all is settled: words that come later begin behind it.
        language: Code of what is spoken; empty while it is not known.
        wordless: Where somebody speaks and no words were heard, since the last settled words.
    """

    words: tuple[Word, ...]
    end_ms: int
    language: str = ""
    wordless: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Tentative:
    """What is heard behind the settled words at present; takes the place of the last one.

    Attributes:
        words: They may change, and the last may be cut off within.
    """

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """The text lags so far that a person should know why it does not move.

    Attributes:
        behind_ms: How much sound is not read yet; 0 once it has caught up.
    """

    behind_ms: int


@dataclass(frozen=True, slots=True)
class Offline:
    """The recogniser cannot be reached for a while, and goes on trying.

    The sound meanwhile is not lost: it is recognised once it can be reached again.

    Attributes:
        message: What is wrong; ``None`` once it goes on.
    """

    message: Message | None


@dataclass(frozen=True, slots=True)
class Spent:
    """What the live text of this channel has cost so far.

    Attributes:
        sent_ms: How much sound was sent.
        dollars: What that costs, as an estimate.
    """

    sent_ms: int
    dollars: Decimal


@dataclass(frozen=True, slots=True)
class Ended:
    """No more words come although the sound goes on; the last event.

    Attributes:
        message: Why, in one sentence for a person.
        details: What went wrong, for the curious; never a secret.
    """

    message: Message
    details: str = ""


LiveEvent: TypeAlias = Settled | Tentative | Behind | Offline | Spent | Ended


class LiveRecogniser(Protocol):
    """Hears one channel of a take while it is recorded.

    All times are milliseconds from the first sample that was fed. It is made for one take
    and used once: ``feed`` any number of times, then ``finish``; ``aclose`` in any case.
    """

    async def feed(self, sound: bytes) -> None:
        """Take the next sound; returns when it can take more.

        Whoever feeds reads from a file, where sound waits as long as it must: to let it wait
        costs neither memory nor words. Never raises; what goes wrong is told by ``events``.
        After ``Ended`` it returns at once.

        Args:
            sound: Whole samples at ``LIVE_RATE_HZ``, of any length.
        """
        ...

    async def pause(self) -> None:
        """Settle what is open: the person has paused, and no sound comes for a while.

        The next ``feed`` goes on; times go on as if there had been no pause.
        """
        ...

    async def finish(self) -> None:
        """Settle what is open, for no more sound comes; ``events`` ends behind it."""
        ...

    def events(self) -> AsyncIterator[LiveEvent]:
        """Give what happens as it does; to be read by one task, beside the feeding.

        Ends after ``finish`` once all is settled, or after ``Ended``. Never raises.
        """
        ...

    async def aclose(self) -> None:
        """Let go of everything at once; ``events`` ends."""
        ...
