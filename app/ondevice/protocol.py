"""What is said between the program and the process that recognises speech.

One JSON object a line. The program asks on the child's standard input; the child
answers on its standard output with any number of ``heard`` and ``stretchend`` lines and,
last, either ``done`` or ``failed``.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TypeAlias, cast


class ProtocolError(Exception):
    """A line that makes no sense."""


class Trouble(StrEnum):
    """Why the child could not do it."""

    MODEL = "model"
    SOUND = "sound"
    MEMORY = "memory"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Request:
    """Recognise a file, or only load the model.

    Attributes:
        model_folder: Where the model lies.
        sound_path: The WAV file; empty to load the model and no more.
        language: Code, empty to detect it.
        begin_ms: Where in the file to begin: at 0, or where a stretch ended.
    """

    model_folder: str
    sound_path: str = ""
    language: str = ""
    begin_ms: int = 0


HeardWord: TypeAlias = tuple[str, int, int, float, bool]
"""Text, start and end in milliseconds, confidence, whether no space stands before it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Some more is done.

    Attributes:
        done_ms: How much of the sound.
        words: What was said since the last one.
    """

    done_ms: int
    words: list[HeardWord] = field(default_factory=list[HeardWord])


@dataclass(frozen=True, slots=True)
class StretchEnd:
    """What was heard so far is settled; a later request may begin here.

    Attributes:
        end_ms: Where in the sound.
        language: As asked for or detected; empty if nothing was said yet.
    """

    end_ms: int
    language: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """All is done.

    Attributes:
        language: As asked for or detected; empty if nothing was said.
    """

    language: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """It could not be done.

    Attributes:
        trouble: Of which kind.
        details: What went wrong, for the curious.
    """

    trouble: Trouble
    details: str = ""


Answer: TypeAlias = Heard | StretchEnd | Done | Failed


def to_line(said: Request | Answer) -> bytes:
    """Write as one line."""
    content = {"kind": type(said).__name__.lower(), **asdict(said)}
    return json.dumps(content, ensure_ascii=True).encode("ascii") + b"\n"


def read_request(line: bytes) -> Request:
    """Read what the program asks.

    Raises:
        ProtocolError: It makes no sense.
    """
    content = _content(line)
    try:
        return Request(
            str(content["model_folder"]),
            str(content["sound_path"]),
            str(content["language"]),
            int(cast("int", content["begin_ms"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError(f"{error!r} in {line[:200]!r}") from error


def read_answer(line: bytes) -> Answer:
    """Read what the child answers.

    Raises:
        ProtocolError: It makes no sense.
    """
    content = _content(line)
    try:
        match content.get("kind"):
            case "heard":
                return Heard(int(cast("int", content["done_ms"])), read_words(content["words"]))
            case "stretchend":
                return StretchEnd(int(cast("int", content["end_ms"])), str(content["language"]))
            case "done":
                return Done(str(content["language"]))
            case "failed":
                return Failed(Trouble(str(content["trouble"])), str(content["details"]))
            case _:
                raise ProtocolError(f"unknown: {line[:200]!r}")
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError(f"{error} in {line[:200]!r}") from error


def read_words(rows: object) -> list[HeardWord]:
    """Read words as JSON has them.

    Raises:
        TypeError: They are no list of rows.
        ValueError: A row is no word.
    """
    return [_word(row) for row in cast("list[list[str | float]]", rows)]


def _word(row: list[str | float]) -> HeardWord:
    text, start_ms, end_ms, confidence, is_joined = row
    return str(text), int(start_ms), int(end_ms), float(confidence), bool(is_joined)


def _content(line: bytes) -> dict[str, object]:
    try:
        content: object = json.loads(line)
    except ValueError as error:
        raise ProtocolError(f"no JSON: {line[:200]!r}") from error
    if not isinstance(content, dict):
        raise ProtocolError(f"no object: {line[:200]!r}")
    return cast("dict[str, object]", content)
