"""Running text: where paragraphs end and where times stand, for every text format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.core.paragraphs import ends_sentence
from app.core.timecode import clock, full_clock, timestamp
from app.core.transcript import Paragraph, Word
from app.export.direction import by_itself
from app.export.options import ExportOptions, ParagraphRule, TimeFormat, TimeMarks
from app.export.plain import one_line
from app.export.source import ExportDocument


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Text in a row, with the time that stands before it.

    Attributes:
        time: As it is written, without brackets; empty for none.
        text: On one line, without spaces around it.
        is_joined: No space stands before it.
    """

    time: str
    text: str
    is_joined: bool = False


@dataclass(frozen=True, slots=True)
class WrittenParagraph:
    """What stands in one paragraph.

    Attributes:
        name: Who speaks; empty if not asked for, unknown, or the same as before.
        time: When it begins, as it stands before everything else, without brackets;
            empty for none. Programs that analyse interviews look for it there.
        pieces: The text; at least one, the first without a time of its own.
        note: Remark to stand under it; empty for none.
        is_highlighted: A person marked it as a quote.
    """

    name: str
    time: str
    pieces: tuple[TextPiece, ...]
    note: str = ""
    is_highlighted: bool = False

    @property
    def text(self) -> str:
        """The words with the times between them in square brackets; not the first time."""
        return self._text(lambda time: f"[{time}] ")

    @property
    def isolated_text(self) -> str:
        """The same with times that keep apart from what is read from right to left."""
        return self._text(lambda time: f"{by_itself(f'[{time}]')} ")

    @property
    def words(self) -> str:
        """The words alone."""
        return self._text(lambda _: "")

    def _text(self, written: Callable[[str], str]) -> str:
        parts: list[str] = []
        for piece in self.pieces:
            if parts and not piece.is_joined:
                parts.append(" ")
            if piece.time:
                parts.append(written(piece.time))
            parts.append(piece.text)
        return "".join(parts)


def make_paragraphs(
    document: ExportDocument, options: ExportOptions
) -> Iterator[WrittenParagraph]:
    """Go through the paragraphs of a document as the options want them."""
    labels = document.labels()
    marker = _Marker(options)
    last_name = ""
    for group, ends_with in _groups(document.chosen(options), options):
        paragraph = ends_with
        name = labels[paragraph.speaker_id] if options.names else ""
        note = one_line(paragraph.note).strip() if options.notes else ""
        # Sentences and pauses cut one turn into several: the name stands once.
        shown = name if not group.is_continued or name != last_name else ""
        last_name = name
        first, *others = marker.pieces(group.words)
        yield WrittenParagraph(
            shown,
            first.time,
            (replace(first, time=""), *others),
            note if group.is_last else "",
            paragraph.is_highlighted,
        )


@dataclass(frozen=True, slots=True)
class _Group:
    words: tuple[Word, ...]
    is_continued: bool
    is_last: bool


def _groups(
    paragraphs: tuple[Paragraph, ...], options: ExportOptions
) -> Iterator[tuple[_Group, Paragraph]]:
    rule = options.paragraphs
    if rule is ParagraphRule.SPEAKER:
        yield from _by_speaker(paragraphs, keep_notes=options.notes)
        return
    for paragraph in paragraphs:
        begin = 0
        words = paragraph.words
        for place in range(1, len(words) + 1):
            is_end = place == len(words)
            if not is_end and not _breaks(words, begin, place, options):
                continue
            yield _Group(words[begin:place], begin > 0, is_end), paragraph
            begin = place


def _breaks(words: Sequence[Word], begin: int, place: int, options: ExportOptions) -> bool:
    """Tell whether a paragraph that begins at one place ends before another."""
    before = words[place - 1]
    if words[place].is_joined and before.text[-1:].isascii():
        return False  # within a number such as 3.14; Chinese sentences are joined too
    match options.paragraphs:
        case ParagraphRule.SENTENCE:
            return ends_sentence(before.text)
        case ParagraphRule.PAUSE:
            return words[place].start_ms - before.end_ms >= options.pause_ms
        case ParagraphRule.LENGTH:
            count = place - begin
            if count < options.paragraph_words:
                return False
            return ends_sentence(before.text) or count >= 2 * options.paragraph_words
        case _:
            return False


def _by_speaker(
    paragraphs: tuple[Paragraph, ...], *, keep_notes: bool
) -> Iterator[tuple[_Group, Paragraph]]:
    """Put turns of one speaker together.

    A remark that is kept ends its paragraph, and a quote is one of its own.
    """
    gathered: list[Word] = []
    for place, paragraph in enumerate(paragraphs):
        gathered.extend(paragraph.words)
        following = paragraphs[place + 1] if place + 1 < len(paragraphs) else None
        if (
            following is None
            or following.speaker_id != paragraph.speaker_id
            or following.is_highlighted != paragraph.is_highlighted
            or (keep_notes and paragraph.note)
        ):
            yield _Group(tuple(gathered), is_continued=False, is_last=True), paragraph
            gathered = []


_WRITTEN = {
    TimeFormat.CLOCK: clock,
    TimeFormat.HOURS: full_clock,
    TimeFormat.FULL: timestamp,
}


class _Marker:
    """Cuts words into pieces where a time is due."""

    def __init__(self, options: ExportOptions) -> None:
        self._marks = options.times
        self._format = options.time_format
        self._every_ms = options.every_s * 1_000
        self._due_ms = 0

    def pieces(self, words: tuple[Word, ...]) -> Iterator[TextPiece]:
        begin = 0
        time = self._time_at(words[0], is_first=True)
        for place in range(1, len(words)):
            next_time = self._time_at(words[place], is_first=False)
            if next_time:
                yield _piece(time, words[begin:place])
                begin, time = place, next_time
        yield _piece(time, words[begin:])

    def _time_at(self, word: Word, *, is_first: bool) -> str:
        match self._marks:
            case TimeMarks.WORD:
                is_due = True
            case TimeMarks.PARAGRAPH:
                is_due = is_first
            case TimeMarks.INTERVAL:
                is_due = word.start_ms >= self._due_ms
                if is_due:
                    self._due_ms = (word.start_ms // self._every_ms + 1) * self._every_ms
            case TimeMarks.NONE:
                is_due = False
        if not is_due:
            return ""
        return _WRITTEN[self._format](word.start_ms)


def _piece(time: str, words: tuple[Word, ...]) -> TextPiece:
    parts: list[str] = []
    for word in words:
        if parts and not word.is_joined:
            parts.append(" ")
        parts.append(word.text)
    return TextPiece(time, one_line("".join(parts)).strip(), words[0].is_joined)
