"""Read SRT and WebVTT."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape

from app.core.errors import ExportError
from app.core.timecode import parse_time
from app.core.transcript import Transcript, Word
from app.export.importing.words import Gathered, decode, spread
from app.export.plain import WORD_JOINER

_STAMP = r"(?:\d{1,4}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}"
_TIMING = re.compile(rf"\s*({_STAMP})\s*-->\s*({_STAMP})(?:\s.*)?")
_SRT_MARKUP = re.compile(r"</?(?:b|i|u|s|font)(?:\s[^<>]*)?>|\{\\[^{}]*\}", re.IGNORECASE)
_KEPT_SIGN = re.compile(rf"(<|｛|｝|\\|--){WORD_JOINER}")
_NARROW = str.maketrans("｛｝", "{}")
_VTT_TAG = re.compile(r"<([^<>]*)>")
_VTT_STAMP = re.compile(r"(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}")


@dataclass(frozen=True, slots=True)
class _Block:
    start_ms: int
    end_ms: int
    text: str


def read_srt(data: bytes) -> Transcript:
    """Read SubRip; words share the time of their subtitle.

    Raises:
        ExportError: There is no subtitle in it.
    """
    gathered = Gathered()
    for block in _blocks(decode(data)):
        text = _KEPT_SIGN.sub(_as_it_was, _SRT_MARKUP.sub("", block.text))
        gathered.add(spread(text, block.start_ms, block.end_ms), None)
    return gathered.transcript()


def _as_it_was(found: re.Match[str]) -> str:
    return found[1].translate(_NARROW)


def read_vtt(data: bytes) -> Transcript:
    """Read WebVTT with its voices, and the times of words where there are any.

    Raises:
        ExportError: There is no subtitle in it.
    """
    text = decode(data)
    if not text.startswith("WEBVTT"):
        raise ExportError("This file does not begin like WebVTT.")
    gathered = Gathered()
    for block in _blocks(text):
        _read_cue(block, gathered)
    return gathered.transcript()


def _blocks(text: str) -> Iterator[_Block]:
    """Go through the subtitles; lines that belong to none are passed over."""
    start_ms = end_ms = -1
    lines: list[str] = []
    for line in text.split("\n"):
        timing = _TIMING.fullmatch(line) if "-->" in line else None
        if timing is None:
            lines.append(line)
            continue
        if start_ms >= 0:
            yield _Block(start_ms, end_ms, "\n".join(_without_next_number(lines)))
        start_ms, end_ms = parse_time(timing[1]), parse_time(timing[2])
        end_ms = max(start_ms, end_ms)
        lines = []
    if start_ms >= 0:
        yield _Block(start_ms, end_ms, "\n".join(_until_blank(lines)))


def _without_next_number(lines: list[str]) -> list[str]:
    """Leave out what stands after the subtitle's blank line: number or name of the next."""
    return _until_blank(lines[:-1] if len(lines) == 1 and lines[0].strip().isdigit() else lines)


def _until_blank(lines: list[str]) -> list[str]:
    for place, line in enumerate(lines):
        if not line.strip():
            return lines[:place]
    return lines


def _read_cue(block: _Block, gathered: Gathered) -> None:
    """Read one WebVTT cue: voices, times between words, other tags dropped."""
    speaker = None
    at_ms = block.start_ms
    has_times = False
    run: list[tuple[int, str]] = [(at_ms, "")]

    def flush() -> None:
        gathered.add(_timed(run, block.end_ms, has_times=has_times), speaker)

    place = 0
    for tag in _VTT_TAG.finditer(block.text):
        run[-1] = (run[-1][0], run[-1][1] + unescape(block.text[place : tag.start()]))
        place = tag.end()
        content = tag[1]
        if _VTT_STAMP.fullmatch(content):
            has_times = True
            at_ms = min(max(at_ms, parse_time(content)), block.end_ms)
            run.append((at_ms, ""))
        elif content.startswith("v") and content[1:2] in {" ", ".", "\t"}:
            flush()
            name = content.split(None, 1)
            speaker = gathered.speaker(unescape(name[1]) if len(name) > 1 else "")
            run, has_times = [(at_ms, "")], False
    run[-1] = (run[-1][0], run[-1][1] + unescape(block.text[place:]))
    flush()


def _timed(run: list[tuple[int, str]], end_ms: int, *, has_times: bool) -> Iterator[Word]:
    """Give each stretch of text its time; one word alone in its stretch is not a guess."""
    is_after_space = True
    for place, (start_ms, text) in enumerate(run):
        until_ms = run[place + 1][0] if place + 1 < len(run) else end_ms
        words = spread(text, start_ms, until_ms)
        for number, word in enumerate(words):
            is_joined = word.is_joined
            if number == 0 and not is_after_space and not text[:1].isspace():
                is_joined = True
            is_estimated = not has_times or len(words) > 1
            yield replace(word, is_joined=is_joined, is_estimated=is_estimated)
        if text:
            is_after_space = text[-1:].isspace()
