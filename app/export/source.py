"""What an export starts from: the transcript and what is said about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby

from app.core.errors import ExportError
from app.core.messages import Message, message, translatable
from app.core.striking import unstruck
from app.core.transcript import (
    Marker,
    MarkerKind,
    Paragraph,
    SpeakerId,
    Transcript,
    Word,
    join_words,
)
from app.export.options import ExportOptions
from app.export.plain import Content, one_line


@dataclass(frozen=True, slots=True)
class Audio:
    """The recording as a page can play it: within the page, or beside it.

    Attributes:
        mime: Kind of sound, such as ``audio/ogg; codecs=opus``.
        content: The file itself, to be put into the page; empty if it is linked.
        link: Address of the file as seen from the page; empty if it is put in.
    """

    mime: str = ""
    content: Content = field(default=b"", repr=False)
    link: str = ""


@dataclass(frozen=True, slots=True)
class PageLabels:
    """What the interactive page says besides the transcript, in the reader's language.

    Attributes:
        language: Code of that language.
        transcript: Name of the text, and its title where it has none.
        player: Name of the part with the player.
        search: Name of the search field.
        previous: Name of the button to the match before.
        following: Name of the button to the next match.
        found: How many matches there are.
        place: Which match is shown.
        follow: Goes back to the word that is spoken.
        play_from: Name of the button beside a paragraph.
        speed: Name of the choice of speeds.
        keys: What keys and clicks do.
        no_recording: Said in place of a player.
    """

    language: str = "en"
    transcript: str = translatable("Transcript")
    player: str = translatable("Player")
    search: str = translatable("Search")
    previous: str = translatable("Previous match")
    following: str = translatable("Next match")
    found: str = translatable("{count} found")
    place: str = translatable("{place} of {count}")
    follow: str = translatable("Follow along")
    play_from: str = translatable("Play from {time}")
    speed: str = translatable("Speed")
    keys: str = translatable(
        "Space: play · ← →: 5 seconds · J K L · /: search · Click a word to hear it"
    )
    no_recording: str = translatable("This page does not include the recording.")


@dataclass(frozen=True, slots=True)
class ExportDocument:
    """A transcript and what is said about it; all texts are in the reader's language.

    Attributes:
        transcript: The words, edits included.
        title: What stands above them.
        source_name: File name of the recording.
        created: Day or moment of the transcription, ISO 8601; empty if unknown.
        model_label: Which recogniser made it, for people.
        numbered: How an unnamed speaker is called.
        numbered_in_part: The same for one known only within a part.
        note_label: What a remark begins with.
        audio: The recording, for the interactive page.
        recording: Address of the recording on this computer; empty if it has none here.
        page: What the interactive page says besides.
    """

    transcript: Transcript
    title: str = ""
    source_name: str = ""
    created: str = ""
    model_label: str = ""
    numbered: str = translatable("Speaker {number}")
    numbered_in_part: str = translatable("Part {part} · Speaker {number}")
    note_label: str = translatable("Note")
    audio: Audio | None = None
    recording: str = ""
    page: PageLabels = field(default_factory=PageLabels)

    @property
    def heading(self) -> str:
        """The title on one line, or the name of the recording."""
        return one_line(self.title or self.source_name).strip()

    @property
    def language(self) -> str:
        """Code of the one language of the text (ISO 639); empty where none is known."""
        code = self.transcript.language
        return code if code.isalpha() and code.isascii() and len(code) in {2, 3} else ""

    def labels(self) -> dict[SpeakerId | None, str]:
        """Give the name to show for each speaker, on one line."""
        named: dict[SpeakerId | None, str] = {None: ""}
        for speaker in self.transcript.speakers:
            label = self.transcript.speaker_label(
                speaker.speaker_id, self.numbered, self.numbered_in_part
            )
            named[speaker.speaker_id] = one_line(label).strip()
        for paragraph in self.transcript.paragraphs:
            if paragraph.speaker_id is not None and paragraph.speaker_id not in named:
                named[paragraph.speaker_id] = one_line(paragraph.speaker_id).strip()
        return named

    def chosen(self, options: ExportOptions) -> tuple[Paragraph, ...]:
        """Give the turns the options ask for, those without words left out.

        Of a turn with highlighted words these alone are a quote, and what is noted on words
        stands in its note.
        """
        chosen: list[Paragraph] = []
        before: tuple[Word, ...] = ()
        for paragraph, one in self._parts(options):
            if options.notes:
                one = _with_notes(one, before)  # noqa: PLW2901 - the same, told more of
            chosen.append(one)
            before = paragraph.words[-1:]
        return tuple(chosen)

    def _parts(self, options: ExportOptions) -> Iterator[tuple[Paragraph, Paragraph]]:
        """Go through what is chosen: each paragraph, and what of it is written."""
        for paragraph in self.transcript.paragraphs:
            if options.only_approved and not paragraph.is_approved:
                continue
            parts = (paragraph,)
            if options.only_highlighted and not paragraph.is_highlighted:
                parts = _quotes(paragraph)
            for part in parts:
                written = part if options.struck else unstruck(part)
                if written.words:
                    yield part, written

    def check_choice(self, options: ExportOptions) -> None:
        """Make sure that what is chosen leaves something of what is said.

        Raises:
            ExportError: Nothing is left, which nobody wants a file of.
        """
        if not any(paragraph.words for paragraph in self.transcript.paragraphs):
            return  # nothing is said, which may well be written
        if next(self._parts(options), None) is not None:
            return
        if options.only_approved and options.only_highlighted:
            raise ExportError(
                "No paragraph is both approved and highlighted, so there is nothing to export."
            )
        if options.only_approved:
            raise ExportError("No paragraphs are approved yet, so there is nothing to export.")
        if options.only_highlighted:
            raise ExportError("Nothing is highlighted yet, so there is nothing to export.")
        raise ExportError("Every word is struck through, so there is nothing to export.")

    def reduced(self, options: ExportOptions) -> ExportDocument:
        """Give the document with only the turns and remarks the options ask for."""
        paragraphs = tuple(one for _, one in self._parts(options))
        if not options.notes:
            paragraphs = tuple(replace(one, note="") if one.note else one for one in paragraphs)
        return replace(self, transcript=replace(self.transcript, paragraphs=paragraphs))


def _is_quoted(word: Word) -> bool:
    return any(one.kind is MarkerKind.HIGHLIGHT for one in word.markers)


def _quotes(paragraph: Paragraph) -> tuple[Paragraph, ...]:
    """Give each run of highlighted words as a quote of its own, with its own times."""
    quotes: list[Paragraph] = []
    for is_quoted, run in groupby(paragraph.words, key=_is_quoted):
        if not is_quoted:
            continue
        words = tuple(run)
        if words[0].is_joined:
            words = (replace(words[0], is_joined=False), *words[1:])
        quotes.append(
            replace(
                paragraph,
                words=words,
                start_ms=words[0].start_ms,
                end_ms=max(words[0].start_ms, *(word.end_ms for word in words)),
                is_highlighted=True,
                note=paragraph.note if not quotes else "",
            )
        )
    return tuple(quotes)


def _with_notes(paragraph: Paragraph, before: tuple[Word, ...]) -> Paragraph:
    """Give a paragraph with what is noted on its words in its note, quoted.

    Args:
        paragraph: The paragraph.
        before: The word before it, on which the same may be noted.
    """
    told = {marker for word in before for marker in word.markers}
    noted: dict[Marker, list[Word]] = {}
    for word in paragraph.words:
        for marker in word.markers:
            if marker.kind is MarkerKind.NOTE and marker not in told:
                noted.setdefault(marker, []).append(word)
    if not noted:
        return paragraph
    notes = [paragraph.note] if paragraph.note else []
    notes += [f"“{join_words(words)}”: {marker.text}" for marker, words in noted.items()]
    return replace(paragraph, note=" · ".join(notes))


def moment(created: str, *, in_utc: bool = False) -> datetime:
    """Give the moment of a document, for formats that insist on one; 1980 if unknown.

    Args:
        created: Day or moment, ISO 8601; taken as it is if it names no zone.
        in_utc: Whether the format knows no zone but this one.
    """
    try:
        found = datetime.fromisoformat(created)
        return found.astimezone(UTC) if in_utc and found.tzinfo is not None else found
    except (ValueError, OverflowError):
        return datetime(1980, 1, 1)  # noqa: DTZ001  # the formats have no zones


def unsupported(
    takes: Sequence[str] | frozenset[str], transcript: Transcript
) -> dict[str, Message]:
    """Say which options have no effect on a transcript in a format, and why.

    Args:
        takes: Names of the options that the format looks at.
        transcript: What would be written.

    Returns:
        The reason for each option that is to be greyed.
    """
    reasons: dict[str, Message] = {
        name: message("Not available in this format.")
        for name in ExportOptions.__dataclass_fields__
        if name not in takes
    }
    paragraphs = transcript.paragraphs
    reviews = [word.review for word in transcript.words() if word.review is not None]
    kinds = {marker.kind for review in reviews for marker in review.markers}
    missing = (
        (
            "names",
            any(paragraph.speaker_id is not None for paragraph in paragraphs),
            message("Speakers were not identified in this transcript."),
        ),
        (
            "only_approved",
            any(paragraph.is_approved for paragraph in paragraphs),
            message("No paragraphs are approved yet."),
        ),
        (
            "only_highlighted",
            MarkerKind.HIGHLIGHT in kinds or any(one.is_highlighted for one in paragraphs),
            message("Nothing is highlighted yet."),
        ),
        (
            "notes",
            MarkerKind.NOTE in kinds or any(paragraph.note for paragraph in paragraphs),
            message("There are no notes in this transcript."),
        ),
        (
            "struck",
            any(review.is_struck for review in reviews),
            message("Nothing is struck through in this transcript."),
        ),
        (
            "word_times",
            any(not word.is_estimated for word in transcript.words()),
            message("The words in this transcript have no times of their own."),
        ),
    )
    for name, is_there, reason in missing:
        if not is_there:
            reasons.setdefault(name, reason)
    return reasons
