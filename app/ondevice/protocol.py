"""What is said between the program and the process that recognises speech.

One JSON object a line. The program asks on the child's standard input; the child
answers on its standard output with any number of lines about what it got and, last, either
``done`` or ``failed``. Speech is recognised at a ``request``; voices are told apart in two
steps, ``listen`` and ``whospoke``, and what was listened to is kept in a file between them,
so that whoever is interrupted goes on from there. A take that is still being recorded is
recognised at an ``attend``, which brings the sound along.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TypeAlias, cast

from app.core.regrouping import Compared


class ProtocolError(Exception):
    """A line that makes no sense."""


class Trouble(StrEnum):
    """Why the child could not do it."""

    MODEL = "model"
    SOUND = "sound"
    MEMORY = "memory"
    DISK = "disk"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Request:
    """Recognise a file.

    Attributes:
        model_folder: Where the model lies.
        sound_path: The WAV file.
        language: Code, empty to detect it.
        begin_ms: Where in the file to begin: at 0, or where a chunk ended.
        lag_ms: By how much the model's words begin and end late; ``None`` to find it out.
        heads: Layer and number of the attention heads its word times go by; empty for its own.
        names: Names and terms that may be said.
        engine: What runs the model: ``whisper`` or ``parakeet``.
        is_measured: Whether it is known how quick the model is here; else that is found out.
        is_card_avoided: Whether the processor is to do it, though there may be a card.
        is_by_stretch: Whether each stretch may be in a language of its own; ``language`` is
            then what was spoken last.
    """

    model_folder: str
    sound_path: str
    language: str = ""
    begin_ms: int = 0
    lag_ms: tuple[int, int] | None = (0, 0)
    heads: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    names: list[str] = field(default_factory=list[str])
    engine: str = "whisper"
    is_measured: bool = True
    is_card_avoided: bool = True
    is_by_stretch: bool = False


@dataclass(frozen=True, slots=True)
class Attend:
    """Hear what is not settled yet of sound that still grows.

    Attributes:
        by: The model and what it is to go by; its place and file mean nothing here.
        sound: 16 kHz, one channel, 16 bits, in base 64: what is settled, for the ear to find
            its feet, and all that is not.
        begin_ms: Where in it the part begins that is not settled.
        is_last: Whether no more comes for now, so that all is to be settled.
        is_open_read: Whether what is still being said is read as well.
    """

    by: Request
    sound: str
    begin_ms: int = 0
    is_last: bool = False
    is_open_read: bool = True


@dataclass(frozen=True, slots=True)
class Listen:
    """Listen to the voices of a file, from where an earlier run was interrupted.

    Attributes:
        models_folder: Where the two models lie.
        sound_path: The WAV file.
        heard_path: The file that what is heard is kept in, minute by minute.
    """

    models_folder: str
    sound_path: str
    heard_path: str


@dataclass(frozen=True, slots=True)
class WhoSpoke:
    """Say who speaks the words of a file that was listened to.

    Attributes:
        models_folder: Where the two models lie.
        sound_path: The WAV file, whose short phrases are listened to once more; empty to
            go by what was heard alone.
        heard_path: What was heard of it.
        words: Start and end of each word in milliseconds, in the order of the text.
        asked: How many people there are; 0 to find out.
    """

    models_folder: str
    sound_path: str
    heard_path: str
    words: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    asked: int = 0


@dataclass(frozen=True, slots=True)
class LinkLabels:
    """Say which labels of parts that were recognised separately are one person.

    Attributes:
        models_folder: Where the two models lie.
        sound_path: The WAV file.
        parts: Of each label, in which parts it is heard.
        spans: Of each label, where somebody speaks under it, in milliseconds.
    """

    models_folder: str
    sound_path: str
    parts: list[list[int]] = field(default_factory=list[list[int]])
    spans: list[list[tuple[int, int]]] = field(default_factory=list[list[tuple[int, int]]])


@dataclass(frozen=True, slots=True)
class Align:
    """Find where known words are said.

    Attributes:
        sound_path: The WAV file.
        language: Code of what is said.
        words: Text, start and end of each word in milliseconds, and whether its times are
            only estimated.
    """

    sound_path: str
    language: str
    words: list[tuple[str, int, int, bool]] = field(
        default_factory=list[tuple[str, int, int, bool]]
    )


@dataclass(frozen=True, slots=True)
class Compare:
    """Say whether two speakers of a file that was listened to are one, or one is two.

    Attributes:
        heard_path: What was heard of it.
        words: Start and end of each word in milliseconds, in the order of the text: of two
            speakers to compare, or of one to part.
    """

    heard_path: str
    words: list[list[tuple[int, int]]] = field(default_factory=list[list[tuple[int, int]]])


@dataclass(frozen=True, slots=True)
class FindVoices:
    """Give the voices of speakers of a file that was listened to.

    Attributes:
        heard_path: What was heard of it.
        words: Of each speaker, start and end of each word in milliseconds.
    """

    heard_path: str
    words: list[list[tuple[int, int]]] = field(default_factory=list[list[tuple[int, int]]])


@dataclass(frozen=True, slots=True)
class Cores:
    """From now on, use so much of the processor; no answer comes.

    Attributes:
        count: How many cores, at least one.
    """

    count: int


_CHOICES = ("is_measured", "is_card_avoided", "is_by_stretch")

AskedOfVoices: TypeAlias = Listen | WhoSpoke | LinkLabels | Compare | FindVoices
Asked: TypeAlias = Request | Attend | Align | AskedOfVoices
Said: TypeAlias = Asked | Cores
"""What the program says to the child."""

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
class ChunkEnd:
    """What was heard so far is settled; a later request may begin here.

    Attributes:
        end_ms: Where in the sound.
        language: As asked for or detected; empty if nothing was said yet.
        wordless: Where somebody speaks and no words were heard, since the last one.
        languages: From when on which language is spoken, since the last one; empty where
            it is that of the recording.
    """

    end_ms: int
    language: str = ""
    wordless: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    languages: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])


@dataclass(frozen=True, slots=True)
class Open:
    """What is heard at present of what is still being said.

    Attributes:
        words: As they read by now.
    """

    words: list[HeardWord] = field(default_factory=list[HeardWord])


@dataclass(frozen=True, slots=True)
class Lag:
    """By how much the model's words are late, as was asked to be found out.

    Attributes:
        start_ms: They begin late by so much.
        end_ms: They end late by so much.
    """

    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model is loaded.

    Attributes:
        device: What computes: a ``Device`` of ``app/core/models.py``.
        trouble: Why a graphics card that is there was not used; empty if it is or there is
            none.
    """

    device: str
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Speed:
    """How quick the model is here, as was asked to be found out.

    Attributes:
        ms_per_second: How long it takes for a second of sound.
    """

    ms_per_second: float


@dataclass(frozen=True, slots=True)
class Aligned:
    """Where some words are said.

    Attributes:
        first: Place of the first of them.
        times: Start and end of each in milliseconds.
    """

    first: int
    times: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])


@dataclass(frozen=True, slots=True)
class Listened:
    """Some more of a recording's voices was listened to.

    Attributes:
        done_ms: How much of the sound.
    """

    done_ms: int


@dataclass(frozen=True, slots=True)
class Spoke:
    """Who speaks the next words.

    Attributes:
        people: Number of the person, from 0 in the order they first speak; -1 for nobody.
        sureness: How sure that is, 0 to 1.
    """

    people: list[int] = field(default_factory=list[int])
    sureness: list[float] = field(default_factory=list[float])


@dataclass(frozen=True, slots=True)
class Voice:
    """The voice of the next person.

    Attributes:
        vector: Its direction: little-endian numbers of 16 bits, in base 64.
        seconds: How much was heard of it with nobody else speaking.
        is_narrow: Whether over a telephone line; the two kinds are not to be compared.
        models: Mark of the models; vectors of others are not to be compared.
    """

    vector: str
    seconds: float
    is_narrow: bool
    models: str


@dataclass(frozen=True, slots=True)
class LabelLinked:
    """Whose the next label is.

    Attributes:
        link: ``same`` as a label before, ``new`` or ``open``.
        first: Place of the first label of the same person.
    """

    link: str
    first: int


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


VoiceAnswer: TypeAlias = Listened | Spoke | Voice | LabelLinked | Compared | Done
"""What is said about voices."""
Answer: TypeAlias = (
    Heard | Open | ChunkEnd | Loaded | Lag | Speed | Aligned | VoiceAnswer | Failed
)


def to_line(said: Said | Answer) -> bytes:
    """Write as one line."""
    content = {"kind": type(said).__name__.lower(), **asdict(said)}
    return json.dumps(content, ensure_ascii=True).encode("ascii") + b"\n"


def read_request(line: bytes) -> Said:
    """Read what the program says.

    Raises:
        ProtocolError: It makes no sense.
    """
    content = _content(line)
    try:
        match content["kind"]:
            case "request":
                return _request(content)
            case "attend":
                return Attend(
                    _request(cast("dict[str, object]", content["by"])),
                    str(content["sound"]),
                    int(cast("int", content["begin_ms"])),
                    bool(content["is_last"]),
                    bool(content["is_open_read"]),
                )
            case "cores":
                return Cores(int(cast("int", content["count"])))
            case "align":
                return Align(
                    str(content["sound_path"]),
                    str(content["language"]),
                    [
                        (str(text), int(start), int(end), bool(is_estimated))
                        for text, start, end, is_estimated in _rows(content["words"])
                    ],
                )
            case "listen":
                return Listen(*_places(content))
            case "whospoke":
                return WhoSpoke(
                    *_places(content),
                    _pairs(content["words"]),
                    int(cast("int", content["asked"])),
                )
            case "linklabels":
                return LinkLabels(
                    str(content["models_folder"]),
                    str(content["sound_path"]),
                    [[int(part) for part in one] for one in _rows(content["parts"])],
                    _spans_of(content["spans"]),
                )
            case "compare":
                return Compare(str(content["heard_path"]), _spans_of(content["words"]))
            case "findvoices":
                return FindVoices(str(content["heard_path"]), _spans_of(content["words"]))
            case _:
                raise ProtocolError(f"unknown: {line[:200]!r}")
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
            case "open":
                return Open(read_words(content["words"]))
            case "chunkend":
                return ChunkEnd(
                    int(cast("int", content["end_ms"])),
                    str(content["language"]),
                    _pairs(content["wordless"]),
                    read_languages(content["languages"]),
                )
            case "loaded":
                return Loaded(str(content["device"]), str(content["trouble"]))
            case "speed":
                return Speed(float(cast("float", content["ms_per_second"])))
            case "lag":
                return Lag(*_pairs([(content["start_ms"], content["end_ms"])])[0])
            case "aligned":
                return Aligned(int(cast("int", content["first"])), _pairs(content["times"]))
            case "done":
                return Done(str(content["language"]))
            case "failed":
                return Failed(Trouble(str(content["trouble"])), str(content["details"]))
            case _:
                return _said_of_voices(content)
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError(f"{error} in {line[:200]!r}") from error


def sound_text(sound: bytes) -> str:
    """Write sound as text."""
    return base64.b64encode(sound).decode("ascii")


def read_sound(text: str) -> bytes:
    """Read what ``sound_text`` wrote.

    Raises:
        ProtocolError: It is something else.
    """
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ProtocolError(f"{error} in {text[:80]!r}") from error


def read_languages(rows: object) -> list[tuple[int, str]]:
    """Read from when on which language is spoken, as JSON has it.

    Raises:
        TypeError: It is no list of rows.
        ValueError: A row is something else.
    """
    return [(int(start), str(code)) for start, code in cast("list[tuple[int, str]]", rows)]


def read_words(rows: object) -> list[HeardWord]:
    """Read words as JSON has them.

    Raises:
        TypeError: They are no list of rows.
        ValueError: A row is no word.
    """
    return [_word(row) for row in cast("list[list[str | float]]", rows)]


def _request(content: dict[str, object]) -> Request:
    return Request(
        str(content["model_folder"]),
        str(content["sound_path"]),
        str(content["language"]),
        int(cast("int", content["begin_ms"])),
        None if content["lag_ms"] is None else _pairs([content["lag_ms"]])[0],
        _pairs(content["heads"]),
        [str(name) for name in cast("list[object]", content["names"])],
        str(content["engine"]),
        *(bool(content[name]) for name in _CHOICES),
    )


def _word(row: list[str | float]) -> HeardWord:
    text, start_ms, end_ms, confidence, is_joined = row
    return str(text), int(start_ms), int(end_ms), float(confidence), bool(is_joined)


def _said_of_voices(content: dict[str, object]) -> VoiceAnswer:
    match content.get("kind"):
        case "listened":
            return Listened(int(cast("int", content["done_ms"])))
        case "spoke":
            return _spoke(content)
        case "voice":
            return Voice(
                str(content["vector"]),
                float(cast("float", content["seconds"])),
                bool(content["is_narrow"]),
                str(content["models"]),
            )
        case "labellinked":
            return LabelLinked(str(content["link"]), int(cast("int", content["first"])))
        case "compared":
            names = ("likeness", "two_below", "apart_s", "first_s", "second_s")
            numbers = [float(cast("float", content[name])) for name in names]
            return Compared(str(content["verdict"]), *numbers)
        case unknown:
            raise ProtocolError(f"unknown: {unknown!r}")


def _places(content: dict[str, object]) -> tuple[str, str, str]:
    return (
        str(content["models_folder"]),
        str(content["sound_path"]),
        str(content["heard_path"]),
    )


def _pairs(found: object) -> list[tuple[int, int]]:
    return [(int(first), int(second)) for first, second in _rows(found)]


def _rows(found: object) -> list[list[int]]:
    return cast("list[list[int]]", found)


def _spans_of(found: object) -> list[list[tuple[int, int]]]:
    return [_pairs(one) for one in _rows(found)]


def _spoke(content: dict[str, object]) -> Spoke:
    people = [int(one) for one in cast("list[int]", content["people"])]
    sureness = [float(one) for one in cast("list[float]", content["sureness"])]
    if len(people) != len(sureness):
        raise ValueError("as many as there are people")
    return Spoke(people, sureness)


def _content(line: bytes) -> dict[str, object]:
    try:
        content: object = json.loads(line)
    except ValueError as error:
        raise ProtocolError(f"no JSON: {line[:200]!r}") from error
    if not isinstance(content, dict):
        raise ProtocolError(f"no object: {line[:200]!r}")
    return cast("dict[str, object]", content)
