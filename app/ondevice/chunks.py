"""What is recognised for good of a recording that is still at work.

A long recording is recognised in chunks cut at pauses (``app/ondevice/sound.py``).
Where a chunk ends depends on the sound alone, so a recording that was interrupted
goes on behind its last whole chunk and comes out as if it never had been.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import cast

from app.ondevice.protocol import HeardWord, ProtocolError, read_languages, read_words


@dataclass(frozen=True, slots=True)
class Chunk:
    """The words from one cut to the next.

    Attributes:
        model: Name of the model that heard them.
        start_ms: Where it begins in the recording.
        end_ms: Where it ends, and the next begins.
        language: Known or detected up to here; empty if nothing was said yet.
        words: Its words, with times from the start of the recording.
        wordless: Where in it somebody speaks and no words were heard.
        languages: From when on which language is spoken, where each stretch was asked about.
    """

    model: str
    start_ms: int
    end_ms: int
    language: str
    words: tuple[HeardWord, ...]
    wordless: tuple[tuple[int, int], ...] = ()
    languages: tuple[tuple[int, str], ...] = ()

    def to_bytes(self) -> bytes:
        """Write it, to be kept."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Chunk | None:
        """Read what ``to_bytes`` wrote; ``None`` if it makes no sense."""
        try:
            found: object = json.loads(raw)
            if not isinstance(found, dict):
                return None
            content = cast("dict[str, object]", found)
            return cls(
                str(content["model"]),
                int(cast("int", content["start_ms"])),
                int(cast("int", content["end_ms"])),
                str(content["language"]),
                tuple(read_words(content["words"])),
                tuple(
                    (int(start), int(end))
                    for start, end in cast("list[list[int]]", content.get("wordless", []))
                ),
                tuple(read_languages(content.get("languages", []))),
            )
        except (KeyError, TypeError, ValueError, ProtocolError):
            return None


def usable(
    kept: Iterable[Chunk | None], model: str, language: str, duration_ms: int
) -> list[Chunk]:
    """Give the chunks from the beginning that another run may build on.

    Args:
        kept: In the order of the recording; ``None`` for one that could not be read.
        model: The model that is to recognise the rest.
        language: Its language, empty if it is to be detected.
        duration_ms: Length of the recording.
    """
    found: list[Chunk] = []
    begin_ms = 0
    for chunk in kept:
        if (
            chunk is None
            or chunk.model != model
            or (language and chunk.language != language)
            or chunk.start_ms != begin_ms
            or not begin_ms < chunk.end_ms <= duration_ms
        ):
            break
        found.append(chunk)
        begin_ms = chunk.end_ms
    return found
