"""Read SRT and WebVTT, with the borders and lines of their cues."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape, unescape
from itertools import groupby, takewhile

from app.core.errors import ExportError
from app.core.timecode import parse_time
from app.core.transcript import Layout, SpeakerId, Transcript, Word
from app.export.direction import MARKS
from app.export.importing.fields import language_of
from app.export.importing.hints import NO_HINTS, Hints
from app.export.importing.labels import Labels, find_labels
from app.export.importing.rolling import STAMP, Caption, without_repeats
from app.export.importing.words import Gathered, decode, is_without_spaces, split_words
from app.export.plain import WORD_JOINER

# Broader than the formats: what is not known as a time would be read as words.
_STAMP = r"(-?)((?:\d{1,4}\s?:\s?)?\d{1,2}\s?:\s?\d{1,2})(?:\s*([.,:;])\s*(\d{1,9}))?"
_TIMING = re.compile(
    rf"\s*(?:\d+\s+)?{_STAMP}\s*(?:[-=]+\s?>|[–—]>|[→⟶➜])\s*{_STAMP}(?:\s(.*))?"
)
_SETTINGS = re.compile(r"(?:\s*[A-Za-z]\w*\s?[:=]\s?\S+)*\s*")
"""What may stand behind the times of a subtitle, where it is shown."""
_ARROWS = frozenset(">＞→⟶➜")
_SRT_CODE = re.compile(r"\{\\[^{}]*\}")
_SRT_BREAK = re.compile(r"<br */?>", re.IGNORECASE)
# What stands in angle brackets and is no markup was said, or is about what was said:
# *<inaudible>*. A name nobody knows is a tag where something in the same subtitle ends it.
_MARKUP = (
    r"(?:[biuscv]|c?font|big|br|center|div|em|h\d|lang|p|r[bpt]|ruby|s(?:mall|pan|trike|trong)"
    r"|su[bp]|text|tt)(?![^\W_])(?:[\s./][^<>\n]*)?"
)
_OTHER_TAG = (
    r"\|[^<>\n]*\||!--[^<>\n]*--|[a-z]\w*\s[^<>\n]*=[^<>\n]*"
    r"|(?P<other>[a-z]\w*)(?=>[^<>]*</(?P=other)>)"
)
_SRT_TAG = re.compile(rf"<({_MARKUP}|{_OTHER_TAG}|/[a-z][^<>\n]*|\d[\d:.,]*)>", re.IGNORECASE)
_KEPT_CHARACTER = re.compile(rf"(<|&|｛|｝|\\|[-–—]){WORD_JOINER}")
_NARROW = str.maketrans("｛｝", "{}")
_VTT_TAG = re.compile(rf"<({_MARKUP}|{_OTHER_TAG}|/[^<>]*|[\d.][\d:.,]*|\W*)>", re.IGNORECASE)
_IN_CAPTION_TAG = re.compile("<([^<>]*)>")
"""A tag where every other such sign is written as an entity."""
_VTT_STAMP = re.compile(STAMP)
_NUMBERED = re.compile(r"^\d+\n[\d:.]+ *-->", re.MULTILINE)
_DASH = re.compile(r"[-‐–—]\s*(?=\w)")
_CHANGE = re.compile(r">{2,3}\s*(?=\w|[\[(♪\"“¿¡'])")
"""What captions of American television begin with where somebody else speaks."""
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{2,6}|#x[0-9A-Fa-f]{2,6});")
_READING_AID = re.compile(r"<rt\b[^<>]*>[^<>]*(?:</rt>|(?=</ruby>))")
_VTT_BREAK = re.compile(r"<br */?>", re.IGNORECASE)
_WEBEX = re.compile(r'\d+ "([^"\n]+)" \(\d*\)')
"""How Webex numbers a subtitle: with the name of who speaks."""


@dataclass(slots=True)
class _Run:
    """Text within one line, all of one kind."""

    text: str
    start_ms: int
    voice: str | None
    is_italic: bool
    part: int


@dataclass(slots=True)
class _Line:
    """A line of a subtitle.

    Attributes:
        runs: What is said in it.
        name: Who says it, as the line itself has it; ``None`` if it does not.
        lead: A dash before it.
    """

    runs: list[_Run] = field(default_factory=list[_Run])
    name: str | None = None
    lead: str = ""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    def leave_out(self, count: int) -> None:
        """Take signs from its beginning."""
        for run in self.runs:
            taken = min(count, len(run.text))
            run.text = run.text[taken:]
            count -= taken


@dataclass(slots=True)
class _Cue:
    start_ms: int
    end_ms: int
    lines: list[_Line]


def read_srt(data: bytes, hints: Hints = NO_HINTS) -> Transcript:
    """Read SubRip; words share the time of their subtitle.

    Raises:
        ExportError: There is no subtitle in it.
    """
    text = decode(data, hints.encoding)
    blocks = [
        replace(block, lines=_srt_lines(_without_next_number(block.lines)))
        for block in _blocks(text)
    ]
    before = _srt_lines(takewhile(lambda line: _timing(line) is None, text.split("\n")))
    untimed = [line for line in before if not line.strip().isdecimal()]
    shown = without_repeats(_by_time(blocks), _SRT_TAG)
    return _transcript(shown, _SRT_TAG, _as_it_was, untimed=untimed)


def _srt_lines(lines: Iterable[str]) -> list[str]:
    """Obey what players obey: codes in braces, line breaks and hard spaces in letters."""
    text = _SRT_CODE.sub("", "\n".join(lines))
    text = _SRT_BREAK.sub("\n", text)
    return text.replace("\\N", "\n").replace("\\h", " ").split("\n")


def _as_it_was(text: str) -> str:
    # Programs that make subtitles out of web pages leave what stands for signs in them.
    text = _ENTITY.sub(lambda found: unescape(found[0]), text)
    return _KEPT_CHARACTER.sub(lambda found: found[1].translate(_NARROW), text)


def read_vtt(data: bytes, hints: Hints = NO_HINTS) -> Transcript:
    """Read WebVTT with its voices, and the times of words where there are any.

    Raises:
        ExportError: There is no subtitle in it.
    """
    text = decode(data, hints.encoding).lstrip()
    if not text[:6].upper() == "WEBVTT":
        raise ExportError("This file does not begin like WebVTT.")
    text = _VTT_BREAK.sub("\n", _READING_AID.sub("", text))
    blocks = [replace(block, lines=_lines_of_cue(block.lines)) for block in _blocks(text)]
    # Captions that roll are written by machines that number nothing; ours are numbered.
    may_be_timed = _NUMBERED.search(text) is None
    blocks = without_repeats(_by_time(blocks), _VTT_TAG, may_be_timed=may_be_timed)
    told = _LANGUAGE.search(text.partition("-->")[0])
    language = language_of({"language": told[1]}) if told else ""
    return _transcript(blocks, _VTT_TAG, unescape, language)


_LANGUAGE = re.compile(r"^Language: *([A-Za-z]{2,3}(?:-\w+)*) *$", re.MULTILINE)


def read_captions(
    captions: list[Caption], language: str = "", untimed: Sequence[str] = ()
) -> Transcript:
    """Read cues of another form, with the tags of WebVTT in their lines.

    Args:
        captions: The cues.
        language: Its code, where the file says it.
        untimed: What the file says before its first time.

    Raises:
        ExportError: There are none.
    """
    blocks = without_repeats(_by_time(captions), _IN_CAPTION_TAG)
    return _transcript(blocks, _IN_CAPTION_TAG, unescape, language, untimed)


def _by_time(blocks: list[Caption]) -> list[Caption]:
    return sorted(blocks, key=lambda block: block.start_ms)


def _transcript(
    blocks: list[Caption],
    tag: re.Pattern[str],
    as_meant: Callable[[str], str],
    language: str = "",
    untimed: Sequence[str] = (),
) -> Transcript:
    cues = [_parsed(block, tag, as_meant) for block in blocks]
    lines = [[line.text for line in cue.lines] for cue in cues]
    has_voices = any(run.voice for cue in cues for line in cue.lines for run in line.runs)
    has_dashes = _has_dashes(lines)
    if has_dashes:
        undashed = [[_DASH.sub("", line, count=1) for line in cue] for cue in lines]
    else:
        undashed = lines
    labels = Labels() if has_voices else find_labels(undashed)
    gathered = Gathered(untimed=[as_meant(tag.sub("", one)) for one in untimed])
    name = ""
    for place, cue in enumerate(cues):
        if not labels.carry_on:
            name = ""
        for line in cue.lines:
            dash = _CHANGE.match(line.text.lstrip())
            if dash is None and has_dashes:
                dash = _DASH.match(line.text.lstrip())
            if dash is not None:  # somebody else, and perhaps nobody says who
                name, line.lead = "", dash[0]
                line.leave_out(len(line.text) - len(line.text.lstrip()) + len(dash[0]))
            found = labels.match(line.text)
            if found is not None:
                name, count = found
                line.name = name
                line.leave_out(count)
            for run in line.runs:
                run.voice = run.voice or name
        until_ms = cues[place + 1].start_ms if place + 1 < len(cues) else cue.end_ms
        _add_cue(cue, until_ms, gathered)
    return gathered.transcript(language=language)


def _has_dashes(lines: list[list[str]]) -> bool:
    """Tell whether dashes begin what different people say, as in any cue of two."""
    return any(sum(_DASH.match(line.lstrip()) is not None for line in cue) > 1 for cue in lines)


def _parsed(block: Caption, tag: re.Pattern[str], as_meant: Callable[[str], str]) -> _Cue:
    """Tell the words of a subtitle from its voices, times between words and other tags."""
    cue = _Cue(block.start_ms, block.end_ms, [_Line()])
    now = _Run("", block.start_ms, None, is_italic=False, part=0)

    def take(text: str) -> None:
        for number, piece in enumerate(as_meant(text).split("\n")):
            if number:
                cue.lines.append(_Line())
            shown = piece.translate(MARKS)
            if shown:
                cue.lines[-1].runs.append(replace(now, text=shown))

    text = "\n".join(block.lines)
    place = 0
    for found in tag.finditer(text):
        take(text[place : found.start()])
        place = found.end()
        content = found[1]
        if _VTT_STAMP.fullmatch(content):
            at_ms = min(max(now.start_ms, parse_time(content)), block.end_ms)
            now = replace(now, start_ms=at_ms, part=now.part + 1)
        elif content.startswith("v") and content[1:2] in {" ", ".", "\t"}:
            name = content.split(None, 1)
            voice = unescape(name[1]).translate(MARKS) if len(name) > 1 else ""
            now = replace(now, voice=voice, part=now.part + 1)
        elif content.lower() in {"i", "/i"} or content.startswith("i."):
            now = replace(now, is_italic=not content.startswith("/"))
    take(text[place:])
    cue.lines = [line for line in cue.lines if line.text.strip()]
    return cue


def _add_cue(cue: _Cue, next_ms: int, gathered: Gathered) -> None:
    """Give the words of a subtitle their times and remember how they stood."""
    end_ms = next_ms if cue.start_ms < next_ms < cue.end_ms else cue.end_ms
    tokens: list[tuple[str, bool, _Run, Layout | None]] = []
    is_after_space = True
    before = ""
    for number, line in enumerate(cue.lines):
        is_first = True
        for run in line.runs:
            for place, (text, is_next) in enumerate(split_words(run.text)):
                is_joined = is_next
                if place == 0:
                    has_space = is_after_space or run.text[:1].isspace()
                    is_joined = not has_space or (
                        is_first
                        and is_without_spaces(before[-1:])
                        and is_without_spaces(text[0])
                    )
                layout = Layout(
                    cue=(cue.start_ms, cue.end_ms) if not tokens else None,
                    starts_line=is_first and bool(tokens) and number > 0,
                    is_italic=run.is_italic,
                    is_named=is_first and line.name is not None,
                    lead=line.lead if is_first else "",
                )
                has_before = bool(tokens) or bool(gathered.words)
                tokens.append(
                    (
                        text,
                        is_joined and has_before and bool(before),
                        run,
                        None if layout == Layout() else layout,
                    )
                )
                before = text
                is_first = False
            if run.text:
                is_after_space = run.text[-1:].isspace()
        is_after_space = True
    parts = {run.part: run.start_ms for _, _, run, _ in tokens}
    has_times = len({run.start_ms for line in cue.lines for run in line.runs}) > 1
    for part, start_ms in parts.items():
        own = [token for token in tokens if token[2].part == part]
        later = [ms for other, ms in parts.items() if other > part and ms > start_ms]
        _add_part(own, (start_ms, min(later, default=end_ms)), gathered, has_times=has_times)


def _add_part(
    tokens: list[tuple[str, bool, _Run, Layout | None]],
    span: tuple[int, int],
    gathered: Gathered,
    *,
    has_times: bool,
) -> None:
    """Share a span of time among words; one alone in its span is not a guess."""
    start_ms, end_ms = span
    total = sum(len(text) for text, *_ in tokens)
    length_ms = max(0, end_ms - start_ms)
    done = 0
    for text, is_joined, run, layout in tokens:
        begin_ms = start_ms + length_ms * done // total
        done += len(text)
        if layout is None or layout.cue is None:
            gathered.within.add(len(gathered.words))
        if layout is not None and layout.lead:
            gathered.starts.add(len(gathered.words))
        speaker: SpeakerId | None = gathered.speaker(run.voice or "")
        word = Word(
            text,
            begin_ms,
            start_ms + length_ms * done // total,
            is_joined=is_joined,
            is_estimated=not has_times or len(tokens) > 1,
            layout=layout,
        )
        gathered.add([word], speaker)


def looks_like_subtitles(text: str) -> bool:
    """Tell whether text has lines of times as subtitles have them, whatever its name."""
    return any(_timing(line) is not None for line in text.split("\n")[:200])


def _blocks(text: str) -> Iterator[Caption]:
    """Go through the subtitles, without what stands before the first."""
    lines = f"{text}\n".split("\n")
    timings = [_timing(line) for line in lines]
    rate = _frames_a_second(timings)
    block: Caption | None = None
    over_ms = 0
    for number, (line, timing) in enumerate(zip(lines, timings, strict=True)):
        if timing is None:
            if block is not None:
                block.lines.append(line)
            continue
        if block is not None:
            yield block
        start_ms, end_ms = _time(timing, 1, rate), _time(timing, 5, rate)
        if block is not None and block.start_ms - over_ms - start_ms > _MOST_OF_A_DAY_MS:
            over_ms += _DAY_MS  # the clock of a camera ran over midnight
        if end_ms < start_ms - _MOST_OF_A_DAY_MS:
            end_ms += _DAY_MS
        named = _WEBEX.fullmatch(lines[number - 1].strip()) if number else None
        voice = [f"<v {escape(named[1])}>"] if named is not None else []
        behind = timing[9] or ""
        said = [] if _SETTINGS.fullmatch(behind) else [behind]
        block = Caption(over_ms + start_ms, over_ms + max(start_ms, end_ms), said)
        if voice:
            block.lines.append("".join(voice))
    if block is not None:
        yield block


_DAY_MS = 86_400_000
_MOST_OF_A_DAY_MS = 72_000_000


def _timing(line: str) -> re.Match[str] | None:
    """Read a line of times, in figures of any script and of any width."""
    if _ARROWS.isdisjoint(line):
        return None
    return _TIMING.fullmatch(line if line.isascii() else unicodedata.normalize("NFKC", line))


def _frames_a_second(timings: Iterable[re.Match[str] | None]) -> int:
    """Tell how many pictures make a second where times count them; 0 where they do not."""
    counted: list[tuple[str, str]] = []
    for one in timings:
        if one is not None:
            counted += [(one[mark], one[mark + 1]) for mark in (3, 7) if one[mark + 1]]
    if not counted or any(mark not in ":;" or len(count) != 2 for mark, count in counted):
        return 0
    most = max(int(count) for _, count in counted)
    return 25 if most < 25 else 30 if most < 30 else 0


def _time(timing: re.Match[str], place: int, rate: int) -> int:
    """Give one of the two times of a line; it begins with this group."""
    sign, clock, mark, part = timing.group(place, place + 1, place + 2, place + 3)
    clock = re.sub(r"\s", "", clock)
    if sign:
        return 0
    if mark and part and rate:
        return parse_time(clock) + int(part) * 1_000 // rate
    return parse_time(f"{clock}.{part or 0}")


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
    """End a WebVTT cue where the format does: at an empty line, not at one of spaces.

    What stands behind it and is neither a remark nor what the next cue is called is text
    that somebody wrote with an empty line in it.
    """
    if "" not in lines:
        return _without_next_number(lines)
    end = lines.index("")
    said, behind = lines[:end], lines[end:]
    if behind[-1]:
        del behind[-1]  # what the next cue is called
    for is_empty, group in groupby(behind, key=lambda line: not line):
        block = [] if is_empty else list(group)
        if block and _REMARK.match(block[0]) is None and _without_next_number(block):
            said += block
    return said


_REMARK = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
