"""Subtitle files: SRT, WebVTT, ASS karaoke and TTML, all from the same cues."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from typing_extensions import override

from app.export.cues import Cue, CueWord, make_cues
from app.export.direction import is_right_to_left
from app.export.options import Encoding, ExportOptions
from app.export.plain import COMMA_IN_A_FIELD, WORD_JOINER, encode, one_line, take_apart
from app.export.source import ExportDocument

if TYPE_CHECKING:
    from pysubs2.formats.substation import SubstationFormat

_SRT_LAST_MS = 99 * 3_600_000 + 59 * 60_000 + 59_999
"""The last time the format has digits for."""

_TT = "http://www.w3.org/ns/ttml"
_TTM = "http://www.w3.org/ns/ttml#metadata"
_TTP = "http://www.w3.org/ns/ttml#parameter"
_TTS = "http://www.w3.org/ns/ttml#styling"
_XML = "http://www.w3.org/XML/1998/namespace"
_LIT = "#ffd75e"
"""Colour of the word being spoken, where a format wants one."""


def write_srt(document: ExportDocument, options: ExportOptions) -> bytes:
    """Write SubRip. Signs that players would take for commands get an invisible joiner."""
    import pysubs2

    subtitles = pysubs2.SSAFile()
    protect = _windows_text if options.encoding is Encoding.WINDOWS else srt_text
    subtitles.events = [
        pysubs2.SSAEvent(
            start=min(cue.start_ms, _SRT_LAST_MS - 1),
            end=min(cue.end_ms, _SRT_LAST_MS),
            text=cue.written(protect),
        )
        for cue in make_cues(document, options, with_prefix=True)
    ]
    written = subtitles.to_string("srt", keep_ssa_tags=True)
    return encode(written, options.encoding, options.line_end)


def srt_text(text: str) -> str:
    """Keep players from taking text for markup, override codes or a line of times.

    The format has no escape. An invisible joiner keeps a character from its neighbour;
    braces, whose whole content some players hide, are written in their wide form.
    """
    if _SRT_CHARACTERS.search(text) is None:
        return text
    return _SRT_CHARACTERS.sub(lambda found: found[0].translate(WIDE) + WORD_JOINER, text)


def _windows_text(text: str) -> str:
    """Do the same with look-alikes that Windows-1252 has, since it has no joiner."""
    return _SRT_CHARACTERS.sub(_alike, text)


def _alike(found: re.Match[str]) -> str:
    # Two long dashes are no arrow to anybody.
    return "––" if found[0][0] in "-–—" else found[0].translate(_ALIKE)


_ALIKE = str.maketrans({"<": "‹", "&": "+", "{": "(", "}": ")", "\\": "/"})
WIDE = str.maketrans("{}", "｛｝")
_SRT_CHARACTERS = re.compile(r"<(?=\S)|&(?=#?\w+;)|[{}\\]|[-–—]+(?=\s?>)")


def write_vtt(document: ExportDocument, options: ExportOptions) -> bytes:
    """Write WebVTT with voices and, where asked for, the time of every word."""
    labels = document.labels()
    blocks = ["WEBVTT"]
    for number, cue in enumerate(make_cues(document, options), start=1):
        name = labels[cue.speaker_id] if options.names else ""
        voice = f"<v {_vtt_text(name)}>" if name else ""
        is_timed = options.word_times and not cue.has_italics
        text = _vtt_words(cue) if is_timed else cue.written(_vtt_text)
        span = f"{_stamp(cue.start_ms)} --> {_stamp(cue.end_ms)}"
        blocks.append(f"{number}\n{span}\n{voice}{text}")
    return encode("\n\n".join(blocks) + "\n", Encoding.UTF8, options.line_end)


def _stamp(ms: int) -> str:
    """Write a time in full, to the millisecond; the words of a second share its beginning."""
    return _second(ms // 1_000) + _MILLISECONDS[ms % 1_000]


_MILLISECONDS = tuple(f".{ms:03}" for ms in range(1_000))


@lru_cache(maxsize=1_000)
def _second(seconds: int) -> str:
    return f"{seconds // 3_600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


_VTT_CHARACTERS = re.compile("[<>&]")


def _vtt_text(text: str) -> str:
    if _VTT_CHARACTERS.search(text) is None:
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _vtt_words(cue: Cue) -> str:
    """Write the words of a cue, each that begins later than the last with its time."""
    last_ms, end_ms = cue.start_ms, cue.end_ms
    lines: list[str] = []
    for words, starts_ms, joins in cue.timed_lines():
        # A line at once wherever it can be: a call a word takes its time.
        has_signs = _VTT_CHARACTERS.search("".join(words)) is not None
        texts = [_vtt_text(text) for text in words] if has_signs else words
        plain = 0 if starts_ms[0] > last_ms else 1  # the first word begins with the cue
        later_ms = starts_ms[plain:]
        if not later_ms or (
            last_ms < later_ms[0]
            and later_ms[-1] < end_ms
            and len(set(later_ms)) == len(later_ms)
        ):
            shown = texts[:plain]
            shown += [
                f"<{_second(ms // 1_000)}{_MILLISECONDS[ms % 1_000]}>{text}"
                for ms, text in zip(later_ms, texts[plain:], strict=True)
            ]
            last_ms = later_ms[-1] if later_ms else last_ms
        else:
            shown = list[str]()
            for ms, text in zip(starts_ms, texts, strict=True):
                if last_ms < ms < end_ms:
                    shown.append(f"<{_stamp(ms)}>{text}")
                    last_ms = ms
                else:
                    shown.append(text)
        if any(joins[1:]):
            gaps = ["", *("" if is_joined else " " for is_joined in joins[1:])]
            shown = [f"{gap}{text}" for gap, text in zip(gaps, shown, strict=True)]
            lines.append("".join(shown))
        else:
            lines.append(" ".join(shown))
    return "\n".join(lines)


def write_ass(document: ExportDocument, options: ExportOptions) -> bytes:
    """Write ASS in which each word lights up as it is spoken."""
    import pysubs2

    labels = document.labels()
    subtitles = pysubs2.SSAFile()
    subtitles.info.update(
        {
            "Title": document.heading,
            "WrapStyle": "2",
            "ScaledBorderAndShadow": "yes",
            "PlayResX": "1280",
            "PlayResY": "720",
        }
    )
    subtitles.styles["Default"] = pysubs2.SSAStyle(
        fontsize=44,
        primarycolor=pysubs2.Color(255, 215, 94),
        secondarycolor=pysubs2.Color(255, 255, 255),
        marginv=36,
    )
    subtitles.events = [
        pysubs2.SSAEvent(
            start=cue.start_ms,
            end=cue.end_ms,
            name=labels[cue.speaker_id].replace(",", COMMA_IN_A_FIELD) if options.names else "",
            text=_ass_words(cue)
            if options.word_times
            else _ass_text(cue.written(takes_italics=False)),
        )
        for cue in make_cues(document, options, with_prefix=True)
    ]
    notice = "Transcript with the time of every word"
    file = io.StringIO()
    _ass_format().to_file(subtitles, file, "ass", header_notice=notice)
    return encode(file.getvalue(), options.encoding, options.line_end)


@lru_cache(maxsize=1)
def _ass_format() -> type[SubstationFormat]:
    """Give the format with hours of as many digits as there are: players read them."""
    from pysubs2.formats.substation import SubstationFormat

    class _LongSubstation(SubstationFormat):
        @staticmethod
        @override
        def ms_to_timestamp(requested_ms: int) -> str:
            hundredths = (max(0, requested_ms) + 5) // 10
            seconds = hundredths // 100
            hours, minutes = seconds // 3_600, seconds // 60 % 60
            return f"{hours}:{minutes:02}:{seconds % 60:02}.{hundredths % 100:02}"

    return _LongSubstation


def _ass_text(text: str) -> str:
    """Show braces and backslashes instead of obeying them."""
    shown = text.replace("\\", "\\" + WORD_JOINER)
    shown = shown.replace("{", "\\{").replace("}", "\\}")
    return shown.replace("\n", "\\N")


def _ass_words(cue: Cue) -> str:
    """Write karaoke syllables in hundredths, without letting the rounding add up."""
    parts: list[str] = []
    done = 0
    lines = cue.lines
    words = [word for line in lines for word in line]
    texts = [text for line, _, _ in cue.timed_lines() for text in line]
    line_starts = _line_starts(lines)
    if cue.prefix:
        until = (words[0].start_ms - cue.start_ms) // 10
        name, texts[0] = cue.beside_name(texts[0])
        parts.append(f"{{\\k{until}}}{_ass_text(name)} ")
        done = until
    for place, word in enumerate(words):
        ends_ms = words[place + 1].start_ms if place + 1 < len(words) else cue.end_ms
        until = max(done, (ends_ms - cue.start_ms) // 10)
        gap = "\\N" if place in line_starts else "" if place == 0 or word.is_joined else " "
        parts.append(f"{gap}{{\\k{until - done}}}{_ass_text(texts[place])}")
        done = until
    return "".join(parts)


def _line_starts(lines: list[list[CueWord]]) -> set[int]:
    starts: set[int] = set()
    place = 0
    for line in lines[:-1]:
        place += len(line)
        starts.add(place)
    return starts


def write_ttml(document: ExportDocument, options: ExportOptions) -> bytes:
    """Write TTML 1 with an agent per speaker; words light up by ``set`` animations."""
    for prefix, uri in (("", _TT), ("ttm", _TTM), ("ttp", _TTP), ("tts", _TTS)):
        ET.register_namespace(prefix, uri)
    language = one_line(document.transcript.language)
    root = ET.Element(
        f"{{{_TT}}}tt",
        {
            f"{{{_XML}}}lang": language if _LANGUAGE.fullmatch(language) else "",
            f"{{{_XML}}}space": "preserve",
            f"{{{_TTP}}}timeBase": "media",
        },
    )
    head = ET.SubElement(root, f"{{{_TT}}}head")
    metadata = ET.SubElement(head, f"{{{_TT}}}metadata")
    ET.SubElement(metadata, f"{{{_TTM}}}title").text = document.heading
    cues = make_cues(document, options)
    agents = _agents(document, cues, metadata) if options.names else {}
    styling = ET.SubElement(head, f"{{{_TT}}}styling")
    look = {f"{{{_TTS}}}color": "white", f"{{{_TTS}}}textAlign": "center"}
    ET.SubElement(styling, f"{{{_TT}}}style", {f"{{{_XML}}}id": "speech", **look})
    body = ET.SubElement(root, f"{{{_TT}}}body")
    division = ET.SubElement(body, f"{{{_TT}}}div")
    for cue in cues:
        paragraph = ET.SubElement(
            division,
            f"{{{_TT}}}p",
            {"begin": _stamp(cue.start_ms), "end": _stamp(cue.end_ms), "style": "speech"},
        )
        if cue.is_mixed and is_right_to_left(cue.text):
            paragraph.set(f"{{{_TTS}}}direction", "rtl")
        agent = agents.get(cue.speaker_id)
        if agent:
            paragraph.set(f"{{{_TTM}}}agent", agent)
        if options.word_times:
            for place, (line, (texts, _, _)) in enumerate(
                zip(cue.lines, cue.timed_lines(), strict=True)
            ):
                if place:
                    ET.SubElement(paragraph, f"{{{_TT}}}br")
                paragraph.extend(_ttml_words(cue, line, texts))
        else:
            first, *others = cue.written(takes_italics=False).split("\n")
            paragraph.text = first
            for other in others:
                ET.SubElement(paragraph, f"{{{_TT}}}br").tail = other
    written = ET.tostring(root, encoding="unicode")
    take_apart(root)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'.replace("<p ", "\n<p ")
    return encode(text, Encoding.UTF8, options.line_end)


_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def _agents(
    document: ExportDocument, cues: list[Cue], metadata: ET.Element
) -> dict[object, str]:
    labels = document.labels()
    agents: dict[object, str] = {}
    for cue in cues:
        if cue.speaker_id is None or cue.speaker_id in agents:
            continue
        agents[cue.speaker_id] = f"speaker{len(agents) + 1}"
        agent = ET.SubElement(
            metadata,
            f"{{{_TTM}}}agent",
            {f"{{{_XML}}}id": agents[cue.speaker_id], "type": "person"},
        )
        name = ET.SubElement(agent, f"{{{_TTM}}}name", {"type": "full"})
        name.text = labels[cue.speaker_id]
    return agents


def _ttml_words(cue: Cue, line: list[CueWord], texts: list[str]) -> Iterator[ET.Element]:
    for place, word in enumerate(line):
        span = ET.Element(f"{{{_TT}}}span")
        # Times of a child count from the beginning of its parent.
        times = {
            "begin": _stamp(word.start_ms - cue.start_ms),
            "end": _stamp(word.end_ms - cue.start_ms),
        }
        lit = ET.SubElement(span, f"{{{_TT}}}set", {**times, f"{{{_TTS}}}color": _LIT})
        lit.tail = texts[place]
        if place + 1 < len(line) and not line[place + 1].is_joined:
            span.tail = " "
        yield span
