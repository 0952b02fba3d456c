"""Read subtitles of other forms: ASS and SSA, SBV, LRC and TTML, as cues like those of SRT."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from app.core.errors import ExportError
from app.core.timecode import parse_time, timestamp
from app.core.transcript import Transcript
from app.export.importing.fields import language_of
from app.export.importing.hints import NO_HINTS, Hints
from app.export.importing.rolling import Caption
from app.export.importing.subtitles import read_captions
from app.export.importing.words import WORD_MS, decode, split_words
from app.export.plain import COMMA_IN_A_FIELD, WORD_JOINER

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LONGEST_LINE_MS = 10_000
"""How long a line of a song is taken to be sung where no later one tells."""


# -- ASS -------------------------------------------------------------------------------

_EVENT = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect"]
_CODES = re.compile(r"\{([^{}]*)\}")
_KARAOKE = re.compile(r"\\[kK][fo]?(\d+)")
_ITALIC = re.compile(r"\\i([01])")
_DRAWING = re.compile(r"\\p[1-9]")
_NOBODY = "NTP"
"""What Sub Station Alpha writes where no name is given."""


def read_ass(data: bytes, hints: Hints = NO_HINTS) -> Transcript:
    """Read ASS or SSA: words with the times of a karaoke, names from their field.

    Raises:
        ExportError: There is no subtitle in it.
    """
    captions: list[Caption] = []
    seen: set[tuple[int, int, str]] = set()
    names = [*_EVENT, "text"]
    for line in decode(data, hints.encoding).split("\n"):
        kind, _, rest = line.partition(":")
        if kind.strip().lower() == "format" and "start" in rest.lower():
            names = [one.strip().lower() for one in rest.split(",")]
        if kind.strip().lower() != "dialogue":
            continue
        values = dict(zip(names, rest.split(",", len(names) - 1), strict=False))
        start_ms, end_ms = (_ass_ms(values.get(one, "")) for one in ("start", "end"))
        text = _ass_text(values.get("text", ""), start_ms)
        shown = re.sub("<[^>]*>", "", text)
        if (start_ms, end_ms, shown) in seen or not shown.strip():
            continue  # the same on another layer, for its shadow
        seen.add((start_ms, end_ms, shown))
        name = values.get("name", values.get("actor", "")).strip()
        if name and name != _NOBODY:
            name = name.replace(COMMA_IN_A_FIELD, ",")
            text = f"<v {escape(name)}>{_without_name(text, name)}"
        captions.append(Caption(start_ms, max(start_ms, end_ms), text.split("\n")))
    return read_captions(captions)


def _ass_ms(stamp: str) -> int:
    """Read a time; one before the beginning, or that is damaged, is the beginning."""
    try:
        return parse_time(stamp)
    except ValueError:
        return 0


def _ass_text(text: str, start_ms: int) -> str:
    """Turn codes into tags: italics, and when each word is sung."""
    parts: list[str] = []
    at = place = 0
    is_drawn = False
    # A sign that is escaped is shown; ours have a joiner behind a backslash.
    text = text.replace("\\{", "\ue000").replace("\\}", "\ue001")
    for found in (*_CODES.finditer(text), None):
        said = text[place : found.start() if found else len(text)]
        if not is_drawn:
            parts.append(_ass_shown(said))
        if found is None:
            break
        place = found.end()
        is_drawn = _DRAWING.search(found[1]) is not None
        parts += ["<i>" if one == "1" else "</i>" for one in _ITALIC.findall(found[1])]
        lasts = sum(int(one) for one in _KARAOKE.findall(found[1]))
        if _KARAOKE.search(found[1]):
            parts.append(f"<{timestamp(start_ms + at * 10)}>" if at else "")
            at += lasts
    return "".join(parts)


def _ass_shown(text: str) -> str:
    text = text.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")
    text = text.replace(f"\\{WORD_JOINER}", "\\")
    return escape(text.replace("\ue000", "{").replace("\ue001", "}"), quote=False)


def _without_name(text: str, name: str) -> str:
    """Leave out the name before a line, which players without a place for it need."""
    before = re.match(
        rf"(?:<[^>]*>|[\u2066-\u2069])*{re.escape(escape(name, quote=False))}\u2069?:\s*", text
    )
    return text if before is None else text[before.end() :]


# -- SBV and LRC -----------------------------------------------------------------------

_SBV_TIME = r"(\d+:\d\d:\d\d(?:\.\d{1,9})?)"
_SBV_TIMES = re.compile(rf"\s*{_SBV_TIME}\s*,\s*{_SBV_TIME}\s*")
_LRC_TIME = r"\d{1,3}:\d{1,2}(?::\d{1,2}[.,]|[.,:])?(?:(?<=[.,:])\d{1,3})?"
_LRC_STAMP = re.compile(rf"\[({_LRC_TIME})\]")
_LRC_WORD = re.compile(rf"<({_LRC_TIME})>")
_LRC_TAG = re.compile(r"\[[a-z#]\w*:[^\]]*\]", re.IGNORECASE)
"""What an LRC file says about the song."""
_LRC_OFFSET = re.compile(r"\[offset:\s*([+-]?\d+)\s*\]", re.IGNORECASE)


def read_sbv(data: bytes, hints: Hints = NO_HINTS) -> Transcript:
    """Read SubViewer as YouTube writes it.

    Raises:
        ExportError: There is no subtitle in it.
    """
    captions: list[Caption] = []
    untimed: list[str] = []
    for line in decode(data, hints.encoding).split("\n"):
        times = _SBV_TIMES.fullmatch(line)
        if times is not None:
            start_ms, end_ms = (parse_time(one) for one in times.groups())
            captions.append(Caption(start_ms, max(start_ms, end_ms), []))
        elif captions and line.strip():
            text = line.replace("[br]", "\n")
            captions[-1].lines.extend(escape(text, quote=False).split("\n"))
        else:
            untimed.append(escape(line, quote=False))
    return read_captions(captions, untimed=untimed)


def read_lrc(data: bytes, hints: Hints = NO_HINTS) -> Transcript:
    """Read the lines of a song, each until the next one begins.

    Raises:
        ExportError: There is no line with a time in it.
    """
    text = decode(data, hints.encoding)
    shift = _LRC_OFFSET.search(text)
    earlier_ms = int(shift[1]) if shift else 0
    lines: list[tuple[int, str]] = []
    untimed: list[str] = []
    starts_ms: list[int] = []
    for line in text.split("\n"):
        rest = line.strip()
        if _LRC_STAMP.match(rest) is None:  # a line goes on, or none has begun
            if rest and _LRC_TAG.fullmatch(rest) is None:
                went_on = escape(rest, quote=False)
                lines += [(start_ms, went_on) for start_ms in starts_ms]
                untimed += [] if starts_ms else [went_on]
            continue
        starts_ms = []
        while (found := _LRC_STAMP.match(rest)) is not None:
            starts_ms.append(max(0, _lrc_ms(found[1]) - earlier_ms))
            rest = rest[found.end() :].lstrip()
        pieces = _LRC_WORD.split(rest)
        said = escape(pieces[0], quote=False)
        for stamp, word in zip(pieces[1::2], pieces[2::2], strict=True):
            at = timestamp(max(0, _lrc_ms(stamp) - earlier_ms))
            said += f"<{at}>{escape(word, quote=False)}"
        lines += [(start_ms, said) for start_ms in starts_ms]
    lines.sort(key=lambda line: line[0])
    sung = [
        (start_ms, [said for _, said in together])
        for start_ms, together in groupby(lines, key=lambda line: line[0])
    ]
    captions: list[Caption] = []
    for place, (start_ms, said) in enumerate(sung):
        natural_ms = WORD_MS * len(split_words(re.sub("<[^>]*>", "", " ".join(said))))
        longest_ms = start_ms + max(natural_ms, _LONGEST_LINE_MS)
        is_last = place + 1 == len(sung)
        end_ms = start_ms + natural_ms if is_last else min(sung[place + 1][0], longest_ms)
        if any(line.strip() for line in said):
            captions.append(Caption(start_ms, end_ms, said))
    return read_captions(captions, untimed=untimed)


def _lrc_ms(stamp: str) -> int:
    if stamp.count(":") == 2 and re.search("[.,]", stamp):  # with hours
        return parse_time(stamp)
    minutes, seconds, *fraction = re.split("[:.,]", stamp)
    parts = (fraction or ["0"])[0]
    return int(minutes) * 60_000 + int(seconds) * 1_000 + int(parts.ljust(3, "0"))


# -- TTML ------------------------------------------------------------------------------

_OFFSET = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|f|t)")
_CLOCK = re.compile(r"(\d+):(\d\d):(\d\d)(?:\.(\d+)|[:;](\d+)(?:\.\d+)?)?")


def read_ttml(data: bytes, _hints: Hints = NO_HINTS) -> Transcript:
    """Read TTML (DFXP, IMSC): who speaks by its agents, words by the spans that have times.

    Raises:
        ExportError: It is no such file, or there is no subtitle in it.
    """
    try:
        root = fromstring(data)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise ExportError("This file is damaged or not TTML.") from error
    language = language_of({"language": _attribute(root, "lang")})
    return read_captions(list(_Ttml(root).captions()), language)


class _Ttml:
    """One file, with what its times count."""

    def __init__(self, root: Element) -> None:
        self._root = root
        rates = {_local(name): value for name, value in root.attrib.items()}
        self._frames = self._numbered = _number(rates.get("frameRate"), 30)
        self._is_numbered = rates.get("timeBase") == "smpte"
        self._drop_mode = rates.get("dropMode", "")
        multiplier = rates.get("frameRateMultiplier", "").split()
        if len(multiplier) == 2 and _number(multiplier[1], 0):
            self._frames *= _number(multiplier[0], 1) / _number(multiplier[1], 1)
        self._ticks = _number(rates.get("tickRate"), self._frames)
        self._agents: dict[str, str] = {}
        for one in root.iter():
            if _local(one.tag) == "agent":
                name = " ".join("".join(one.itertext()).split())
                self._agents[_attribute(one, "id")] = name

    def captions(self) -> Iterator[Caption]:
        for one in self._root:
            if _local(one.tag) == "body":
                yield from self._within(one, 0)

    def _within(self, parent: Element, from_ms: int) -> Iterator[Caption]:
        begin_ms = from_ms + (self._time(_attribute(parent, "begin")) or 0)
        if _local(parent.tag) != "p":
            for child in parent:
                yield from self._within(child, begin_ms)
            return
        end_ms, lasts_ms = (self._time(_attribute(parent, one)) for one in ("end", "dur"))
        if end_ms is not None:
            end_ms += from_ms
        elif lasts_ms is not None:
            end_ms = begin_ms + lasts_ms
        text = self._text(parent, begin_ms)
        agent = self._agents.get(_attribute(parent, "agent"), "")
        voice = f"<v {escape(agent)}>" if agent else ""
        if end_ms is None:  # only its spans have times
            end_ms = begin_ms + WORD_MS * len(split_words(re.sub("<[^>]*>", "", text)))
        lines = [line.strip() for line in text.split("\n")]
        yield Caption(begin_ms, max(begin_ms, end_ms), [voice + lines[0], *lines[1:]])

    def _text(self, one: Element, from_ms: int) -> str:
        parts = [_shown(one.text)]
        for child in one:
            kind = _local(child.tag)
            if kind == "br":
                parts.append("\n")
            elif kind == "set":
                parts.append(self._stamp(child, from_ms))
            elif kind == "span":
                inner = self._text(child, from_ms)
                if _attribute(child, "fontStyle") in {"italic", "oblique"}:
                    inner = f"<i>{inner}</i>"
                parts.append(self._stamp(child, from_ms) + inner)
            parts.append(_shown(child.tail))
        return "".join(parts)

    def _stamp(self, one: Element, from_ms: int) -> str:
        at_ms = self._time(_attribute(one, "begin"))
        return f"<{timestamp(from_ms + at_ms)}>" if at_ms else ""

    def _time(self, text: str) -> int | None:
        clock = _CLOCK.fullmatch(text.strip())
        if clock is not None:
            hours, minutes, seconds, fraction, frames = clock.groups()
            if self._is_numbered and not fraction:
                return self._ms_of(int(hours), int(minutes), int(seconds), int(frames or 0))
            whole = int(hours) * 3_600_000 + int(minutes) * 60_000 + int(seconds) * 1_000
            part = float(f"0.{fraction}") if fraction else int(frames or 0) / self._frames
            return whole + round(part * 1_000)
        offset = _OFFSET.fullmatch(text.strip())
        if offset is None:
            return None
        each = {"h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}
        each_ms = each.get(offset[2]) or 1_000 / (
            self._frames if offset[2] == "f" else self._ticks
        )
        return round(float(offset[1]) * each_ms)

    def _ms_of(self, hours: int, minutes: int, seconds: int, frames: int) -> int:
        """Give the time of a numbered frame; where numbers are left out, it is as many less.

        30 numbers are a second of a timecode though 29.97 frames are one of the film: in an
        hour they go apart by 3.6 seconds, unless 108 numbers are left out (TTML, annex N).
        """
        number = (hours * 3_600 + minutes * 60 + seconds) * self._numbered + frames
        if self._drop_mode == "dropNTSC":
            number -= (hours * 54 + minutes - minutes // 10) * 2
        elif self._drop_mode == "dropPAL":
            number -= (hours * 27 + minutes // 2 - minutes // 20) * 4
        return round(number * 1_000 / self._frames)


def _shown(text: str | None) -> str:
    """Give text as it is shown: a line break in the file is a space."""
    return escape(re.sub(r"\s+", " ", text or ""), quote=False)


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _attribute(one: Element, name: str) -> str:
    return next((value for key, value in one.attrib.items() if _local(key) == name), "")


def _number(text: str | None, usual: float) -> float:
    try:
        return float(text or usual) or usual
    except ValueError:
        return usual
