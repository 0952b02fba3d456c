"""Words for text that has times only at its ends."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from app.core.errors import ExportError
from app.core.paragraphs import group_words
from app.core.transcript import Speaker, SpeakerId, Transcript, Word
from app.export.importing.encodings import recognise

_LATEST_MS = 10_000 * 3_600_000
"""No recording is that long; a larger number is damage."""

WORD_MS = 350
"""How long a word is taken to last where no time follows."""

# Scripts without spaces, in which every character stands for itself.
_NO_SPACES = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Those of South East Asia and Tibet, in which marks belong to the letter before them.
_CLUSTERED = "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f"
_HAS_NO_SPACES = re.compile(f"[{_NO_SPACES}{_CLUSTERED}]")
# Thai, Lao, Tibetan, Burmese and Khmer too; and the wide characters of East Asia.
_IS_WITHOUT_SPACES = re.compile(f"[{_NO_SPACES}{_CLUSTERED}\u3000-\u303f\uff00-\uffef]")
_BEFORE_ITS_LETTER = frozenset("เแโใไເແໂໃໄ")
"""Vowels of Thai and Lao that are written before the letter they follow in speech."""
_AFTER_ITS_LETTER = frozenset("ะาำๅๆฯະາຳຽໆຯ")
"""Those of a syllable that are no marks, and characters that repeat or shorten a word."""
_STACKING = frozenset("\u1039\u17d2")
"""Signs of Burmese and Khmer that put the next letter under the one before."""
_TIBETAN = ("\u0f00", "\u0fff")
_TSHEG = frozenset("\u0f0b\u0f0c\u0f0d\u0f0e\u0f14")
"""What ends a syllable of Tibetan, the least that a line may end with."""
_JOINERS = frozenset("\u200b\u200c\u200d\u2060")


@dataclass(slots=True)
class Gathered:
    """Words as they are read, with who speaks each."""

    words: list[Word] = field(default_factory=list[Word])
    speakers: list[SpeakerId | None] = field(default_factory=list[SpeakerId | None])
    names: dict[str, SpeakerId] = field(default_factory=dict[str, SpeakerId])
    starts: set[int] = field(default_factory=set[int])
    """Places of words that begin a turn, whoever speaks."""
    within: set[int] = field(default_factory=set[int])
    """Places of words that go on with a subtitle."""
    untimed: list[str] = field(default_factory=list[str])
    """What stands before the first time; noted on the first paragraph."""

    def speaker(self, name: str) -> SpeakerId | None:
        """Give the identity that goes with a name; nobody for an empty one."""
        name = " ".join(name.split())
        if not name:
            return None
        if name not in self.names:
            self.names[name] = SpeakerId(f"speaker-{len(self.names) + 1}")
        return self.names[name]

    def add(self, words: Iterable[Word], speaker_id: SpeakerId | None) -> None:
        """Append words of one speaker."""
        for word in words:
            self.words.append(word)
            self.speakers.append(speaker_id)

    def transcript(self, *, language: str = "", duration_ms: int = 0) -> Transcript:
        """Group the words into turns.

        Raises:
            ExportError: There are none.
        """
        if not self.words:
            raise ExportError("There are no words with times in this file.")
        last_ms = max(word.end_ms for word in self.words)
        paragraphs = group_words(self.words, self.speakers, self.starts, self.within)
        note = " · ".join(line for one in self.untimed if (line := " ".join(one.split())))
        return Transcript(
            (replace(paragraphs[0], note=note), *paragraphs[1:]),
            tuple(Speaker(speaker_id, name) for name, speaker_id in self.names.items()),
            language=language,
            duration_ms=max(duration_ms, last_ms),
        )


def split_words(text: str) -> list[tuple[str, bool]]:
    """Cut text into words, each with whether it is joined to the one before.

    Scripts without spaces are cut where a line may end at the most: Chinese and Japanese
    before a character, those of South East Asia before a cluster (UAX #29), Tibetan
    behind its tsheg; never before a mark or a character that closes.
    """
    words: list[tuple[str, bool]] = []
    for token in text.split():
        if _HAS_NO_SPACES.search(token) is None:
            words.append((token, False))
            continue
        for place, piece in enumerate(_clusters(token)):
            words.append((piece, place > 0))
    return words


def _clusters(token: str) -> list[str]:
    """Cut a run of characters without a space."""
    pieces: list[str] = []
    for character in token:
        if pieces and not _may_begin(pieces[-1], character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _may_begin(before: str, character: str) -> bool:
    """Tell whether a character may begin a piece behind the one before it."""
    last = before[-1]
    if unicodedata.category(character).startswith("M") or character in _JOINERS:
        return False
    if last in _STACKING or last in _BEFORE_ITS_LETTER or character in _AFTER_ITS_LETTER:
        return False
    if _TIBETAN[0] <= character <= _TIBETAN[1] and _TIBETAN[0] <= last <= _TIBETAN[1]:
        return last in _TSHEG and character not in _TSHEG
    if not character.isalnum():  # closes what stands before it, unless it opens something
        return unicodedata.category(character) in {"Ps", "Pi"} and before[-1:].isalnum()
    if not any(one.isalnum() for one in before):
        return False  # an opening character belongs to what it opens
    # Letters of other scripts and figures stay whole.
    return is_without_spaces(character) or is_without_spaces(last)


def is_without_spaces(character: str) -> bool:
    """Tell whether a character is of a script that writes no spaces between words."""
    return _IS_WITHOUT_SPACES.match(character) is not None


def spread(text: str, start_ms: int, end_ms: int) -> list[Word]:
    """Share a span of time among the words of a text by their length."""
    pieces = split_words(text)
    total = sum(len(piece) for piece, _ in pieces)
    length_ms = max(0, end_ms - start_ms)
    words: list[Word] = []
    done = 0
    for piece, is_joined in pieces:
        begin = start_ms + length_ms * done // total
        done += len(piece)
        end = start_ms + length_ms * done // total
        words.append(Word(piece, begin, end, is_joined=is_joined, is_estimated=True))
    return words


def to_ms(seconds: object) -> int:
    """Turn seconds of another program into milliseconds.

    Raises:
        ExportError: It is no time.
    """
    try:
        value = float(seconds)  # pyright: ignore[reportArgumentType]  # errors are caught
    except (TypeError, ValueError, OverflowError) as error:
        raise ExportError("A time in this file is not a number.") from error
    if not math.isfinite(value) or abs(value) * 1_000 > _LATEST_MS:
        raise ExportError("A time in this file is out of range.")
    return max(0, round(value * 1_000))


def to_ms_if_known(seconds: object) -> int | None:
    """Turn seconds into milliseconds; nothing for what programs write when they know none.

    Raises:
        ExportError: It is no time.
    """
    is_unknown = seconds is None or (isinstance(seconds, float) and math.isnan(seconds))
    return None if is_unknown else to_ms(seconds)


def decode(data: bytes, encoding: str = "") -> str:
    r"""Turn the bytes of a text file into text with ``\n``.

    Args:
        data: The whole file.
        encoding: As Python names it; recognised where it is empty.
    """
    text = data.decode(encoding or recognise(data).encoding, "replace").replace("\ufeff", "")
    # Programs that write text twice through Windows end lines with two of the first character.
    return re.sub(r"\r+\n", "\n", text).replace("\r", "\n")
