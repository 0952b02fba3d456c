"""Read SRT and WebVTT."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from itertools import pairwise

from app.core.errors import ExportError
from app.core.timecode import parse_time
from app.core.transcript import Transcript, Word
from app.export.importing.words import Gathered, decode, is_without_spaces, spread
from app.export.plain import WORD_JOINER

# Broader than the formats: what is not known as a time would be read as words.
_STAMP = r"(-?)((?:\d{1,4}:)?\d{1,2}:\d{1,2})(?:\s*[.,:]\s*(\d{1,9}))?"
_TIMING = re.compile(rf"\s*{_STAMP}\s*-->\s*{_STAMP}(?:\s.*)?")
_SRT_MARKUP = re.compile(r"</?(?:b|i|u|s|font)(?:\s[^<>]*)?>|\{\\[^{}]*\}", re.IGNORECASE)
_KEPT_SIGN = re.compile(rf"(<|｛|｝|\\|--){WORD_JOINER}")
_NARROW = str.maketrans("｛｝", "{}")
_VTT_TAG = re.compile(r"<([^<>]*)>")
_VTT_STAMP = re.compile(r"(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}")
_NUMBERED = re.compile(r"^\d+\n[\d:.]+ *-->", re.MULTILINE)
_VTT_TIMED = re.compile(rf"<{_VTT_STAMP.pattern}>")


@dataclass(frozen=True, slots=True)
class _Block:
    """A subtitle with the lines that follow its times, up to the times of the next."""

    start_ms: int
    end_ms: int
    lines: list[str]


def read_srt(data: bytes) -> Transcript:
    """Read SubRip; words share the time of their subtitle.

    Raises:
        ExportError: There is no subtitle in it.
    """
    gathered = Gathered()
    for block in _blocks(decode(data)):
        lines = "\n".join(_without_next_number(block.lines))
        text = _KEPT_SIGN.sub(_as_it_was, _SRT_MARKUP.sub("", lines))
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
    cues = [replace(block, lines=_lines_of_cue(block.lines)) for block in _blocks(text)]
    # Captions that roll are written by machines that number nothing; ours are numbered.
    if _NUMBERED.search(text) is None:
        cues = _without_repeats(cues)
    for cue in cues:
        _read_cue(cue, gathered)
    return gathered.transcript()


def _blocks(text: str) -> Iterator[_Block]:
    """Go through the subtitles; lines before the first belong to none."""
    block: _Block | None = None
    for line in f"{text}\n".split("\n"):
        timing = _TIMING.fullmatch(line) if "-->" in line else None
        if timing is None:
            if block is not None:
                block.lines.append(line)
            continue
        if block is not None:
            yield block
        start_ms, end_ms = _time(*timing.groups()[:3]), _time(*timing.groups()[3:])
        block = _Block(start_ms, max(start_ms, end_ms), [])
    if block is not None:
        yield block


def _time(sign: str, clock: str, fraction: str | None) -> int:
    return 0 if sign else parse_time(f"{clock}.{fraction or 0}")


def _without_next_number(lines: list[str]) -> list[str]:
    """Leave out the number of the next subtitle, and nothing else.

    Blank lines end nothing: many programs write them within a subtitle.
    """
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if not end or not lines[end - 1].strip().isdecimal():
        return lines
    is_before_times = end == len(lines)
    is_after_blank = end > 1 and not lines[end - 2].strip()
    return lines[: end - 1] if is_before_times or is_after_blank else lines


def _lines_of_cue(lines: list[str]) -> list[str]:
    """End a WebVTT cue where the format does: at an empty line, not at one of spaces."""
    return lines[: lines.index("")] if "" in lines else _without_next_number(lines)


def _without_repeats(cues: list[_Block]) -> list[_Block]:
    """Leave out what rolling captions show again above each new line.

    A file is taken to roll if a line of several words with times comes again without
    them; elsewhere two equal lines are somebody who said it twice. A single word says
    nothing: at the beginning of a cue it needs no time of its own.
    """
    cues = [replace(cue, lines=[line for line in cue.lines if line.strip()]) for cue in cues]
    cues = [cue for cue in cues if cue.lines]
    pairs = [(before.lines[-1], cue.lines[0]) for before, cue in pairwise(cues)]
    if not any(_rolls(last, first) for last, first in pairs):
        return cues
    return cues[:1] + [
        replace(cue, lines=cue.lines[1:] if _is_repeat(first, last) else cue.lines)
        for cue, (last, first) in zip(cues[1:], pairs, strict=True)
    ]


def _rolls(last: str, first: str) -> bool:
    shown = _shown(first)
    is_one_word = " " not in shown and not is_without_spaces(shown[:1])
    return not is_one_word and _VTT_TIMED.search(last) is not None and _is_repeat(first, last)


def _is_repeat(line: str, last: str) -> bool:
    return _VTT_TIMED.search(line) is None and _shown(line) == _shown(last)


def _shown(line: str) -> str:
    return " ".join(unescape(_VTT_TAG.sub("", line)).split())


def _read_cue(block: _Block, gathered: Gathered) -> None:
    """Read one WebVTT cue: voices, times between words, other tags dropped."""
    text = "\n".join(block.lines)
    speaker = None
    at_ms = block.start_ms
    has_times = False
    run: list[tuple[int, str]] = [(at_ms, "")]

    def flush() -> None:
        gathered.add(_timed(run, block.end_ms, has_times=has_times), speaker)

    place = 0
    for tag in _VTT_TAG.finditer(text):
        run[-1] = (run[-1][0], run[-1][1] + unescape(text[place : tag.start()]))
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
    run[-1] = (run[-1][0], run[-1][1] + unescape(text[place:]))
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
