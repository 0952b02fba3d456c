"""The formats by name: what each looks at and who writes it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field

from app.core.messages import Message
from app.core.transcript import Transcript
from app.export.annotation import write_eaf, write_otr, write_textgrid
from app.export.markers import write_markers
from app.export.options import Encoding, ExportOptions
from app.export.page import build_page
from app.export.plain import Content
from app.export.running import write_md, write_txt
from app.export.source import ExportDocument, unsupported
from app.export.subtitles import write_ass, write_srt, write_ttml, write_vtt
from app.export.tables import write_csv, write_labels, write_tsv
from app.export.transcript_json import write_json
from app.export.webpage import write_static_html

Build = Callable[[ExportDocument, ExportOptions], Generator[float, None, Content]]
"""Yields how far it is, 0 to 1, and gives the bytes; closing it stops the work."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that a transcript can be written as.

    Attributes:
        name: As the command line has it.
        suffix: What file names end with, dot included.
        label: For people, in English; a translator's key.
        purpose: What it is good for, a sentence for people, in English likewise.
        takes: Names of the ``ExportOptions`` it looks at.
        build: Writes it step by step.
        preset: What is chosen before anybody has chosen.
        remark: Says what a person has to know of a file once it is written, if anything;
            ``None`` for formats of which there is nothing to say.
    """

    name: str
    suffix: str
    label: str
    purpose: str
    takes: frozenset[str]
    build: Build = field(repr=False)
    preset: ExportOptions = field(default_factory=ExportOptions)
    remark: Callable[[ExportDocument], Message | None] | None = field(default=None, repr=False)

    def write(self, document: ExportDocument, options: ExportOptions | None = None) -> bytes:
        """Write it in one go, with the format's own preset if no options are given.

        Raises:
            ExportError: The text cannot be written that way.
        """
        building = self.build(document, options or self.preset)
        while True:
            try:
                next(building)
            except StopIteration as done:
                return bytes(done.value)

    def unsupported(self, transcript: Transcript) -> dict[str, Message]:
        """Say which options have no effect on a transcript, and why."""
        return unsupported(self.takes, transcript)


def _at_once(write: Callable[[ExportDocument, ExportOptions], bytes]) -> Build:
    """Make a writer that takes no time look like one that is watched."""

    def build(
        document: ExportDocument, options: ExportOptions
    ) -> Generator[float, None, Content]:
        yield 0.0
        return write(document, options)

    return build


def build_docx(
    document: ExportDocument, options: ExportOptions
) -> Generator[float, None, bytes]:
    """Write DOCX; its library is loaded only when somebody wants one."""
    from app.export import docx_file

    return docx_file.build_docx(document, options)


def build_odt(
    document: ExportDocument, options: ExportOptions
) -> Generator[float, None, bytes]:
    """Write ODT; its library is loaded only when somebody wants one."""
    from app.export import odt_file

    return odt_file.build_odt(document, options)


_PARTS = frozenset({"only_approved", "only_highlighted", "struck"})
_FILE = frozenset({"encoding", "line_end"})
TEXT = _PARTS | {
    "names",
    "times",
    "every_s",
    "time_format",
    "paragraphs",
    "pause_ms",
    "paragraph_words",
    "notes",
}
"""What formats of running text look at."""
_CUES = _PARTS | {
    "names",
    "cue_lines",
    "cue_line_length",
    "reading_speed",
    "min_gap_ms",
    "min_cue_ms",
    "max_cue_ms",
}
_TABLE = _PARTS | _FILE | {"names", "rows", "time_format", "notes"}

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format(
            "txt",
            ".txt",
            "Plain text",
            "For email, notes and any editor.",
            TEXT | _FILE | {"line_length"},
            _at_once(write_txt),
        ),
        Format(
            "md",
            ".md",
            "Markdown",
            "For note-taking apps and wikis.",
            TEXT | _FILE,
            _at_once(write_md),
        ),
        Format(
            "docx",
            ".docx",
            "Word document",
            "For Word, with styles for names, times and notes.",
            TEXT,
            build_docx,
        ),
        Format(
            "odt",
            ".odt",
            "OpenDocument text",
            "For LibreOffice and other word processors.",
            TEXT,
            build_odt,
        ),
        Format(
            "html",
            ".html",
            "Interactive web page",
            "One file that plays the recording and highlights its words, in any browser.",
            _PARTS | {"names", "notes", "line_end", "audio"},
            build_page,
        ),
        Format(
            "html-static",
            ".plain.html",  # beside the interactive page of the same recording
            "Plain web page",
            "Just the text, for a website.",
            TEXT | {"line_end"},
            _at_once(write_static_html),
        ),
        Format(
            "srt",
            ".srt",
            "SubRip subtitles",
            "Subtitles that nearly every player and platform accepts.",
            _CUES | _FILE,
            _at_once(write_srt),
        ),
        Format(
            "vtt",
            ".vtt",
            "WebVTT subtitles",
            "Subtitles for websites, with speakers and the time of each word.",
            _CUES | {"line_end", "word_times"},  # it knows UTF-8 only
            _at_once(write_vtt),
        ),
        Format(
            "ass",
            ".ass",
            "ASS karaoke",
            "Subtitles that highlight each word as it is spoken.",
            _CUES | _FILE | {"word_times"},
            _at_once(write_ass),
        ),
        Format(
            "ttml",
            ".ttml",
            "TTML subtitles",
            "Subtitles for broadcasting and streaming.",
            _CUES | {"line_end", "word_times"},
            _at_once(write_ttml),
        ),
        Format(
            "json",
            ".json",
            "JSON, everything",
            "Everything, for other programs. Can be imported again.",
            _PARTS,
            _at_once(write_json),
            ExportOptions(struck=True),  # everything, until somebody wants less
        ),
        Format(
            "csv",
            ".csv",
            "Table (CSV)",
            "For Excel and statistics.",
            _TABLE,
            _at_once(write_csv),
            ExportOptions(encoding=Encoding.UTF8_WITH_MARK),  # Excel takes others for Windows'
        ),
        Format(
            "tsv",
            ".tsv",
            "Table (TSV)",
            "For pasting into tables.",
            _TABLE,
            _at_once(write_tsv),
        ),
        Format(
            "textgrid",
            ".TextGrid",
            "Praat TextGrid",
            "For phonetics with Praat.",
            _PARTS | {"names", "line_end"},
            _at_once(write_textgrid),
        ),
        Format(
            "eaf",
            ".eaf",
            "ELAN annotation",
            "For annotation with ELAN.",
            _PARTS | {"names", "line_end"},
            _at_once(write_eaf),
        ),
        Format(
            "otr",
            ".otr",
            "oTranscribe",
            "For continuing in oTranscribe.",
            _PARTS | {"names", "notes", "line_end"},
            _at_once(write_otr),
        ),
        Format(
            "labels",
            ".labels.txt",
            "Audacity labels",
            "A label track for Audacity.",
            _PARTS | _FILE | {"names", "rows"},
            _at_once(write_labels),
        ),
        Format(
            "markers",
            ".xml",
            "Video editor markers",
            "For Premiere, Resolve and Final Cut 7: the recording with a marker for each "
            "paragraph.",
            _PARTS | {"names", "notes", "line_end", "frame_rate"},
            _at_once(write_markers),
        ),
    )
}
"""Every format that needs no screen fonts; ``app/paper`` adds PDF."""
