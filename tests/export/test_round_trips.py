"""What is written is read back: exactly, or as far as the format can hold it."""

from __future__ import annotations

import io
import json
import re

import pytest
from hypothesis import given

from app.core.errors import ExportError
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, join_words
from app.export.bundle import Bundle, build_bundle, read_bundle
from app.export.formats import FORMATS
from app.export.importing.readers import READERS, read_transcript
from app.export.options import ExportOptions, Rows
from app.export.source import ExportDocument
from app.export.transcript_json import dump, load
from tests.support.speech import (
    DOCUMENT,
    HOSTILE,
    SPEECH,
    any_transcripts,
    laid_out_transcripts,
    plausible_transcripts,
    words,
)


def said(transcript: Transcript) -> list[str]:
    return " ".join(paragraph.text for paragraph in transcript.paragraphs).split()


def run_on(transcript: Transcript) -> str:
    """Give what is said where a line that ends between Chinese signs says of no space."""
    return re.sub(r"(?<=[\u3000-\u9fff]) (?=[\u3000-\u9fff])", "", " ".join(said(transcript)))


@given(any_transcripts | laid_out_transcripts)
def test_json_is_exact(transcript: Transcript) -> None:
    assert load(dump(transcript)) == transcript


@given(any_transcripts, any_transcripts)
def test_bundle_is_exact(transcript: Transcript, before: Transcript) -> None:
    file = io.BytesIO()
    for _ in build_bundle(Bundle(transcript, (before, transcript)), file):
        pass
    read = read_bundle(file)
    assert read.transcript == transcript
    assert read.history == (before, transcript)


@pytest.mark.parametrize("name", ["srt", "vtt", "textgrid", "eaf", "otr"])
@given(transcript=plausible_transcripts())
def test_words_survive(name: str, transcript: Transcript) -> None:
    kind = FORMATS[name]
    data = kind.write(ExportDocument(transcript), ExportOptions(names=False))
    read = read_transcript(f"talk{kind.suffix}", data)
    if name in {"srt", "vtt"}:
        assert run_on(read) == run_on(transcript)
    else:  # those who speak at once have tiers of their own, with no order among them
        assert sorted(said(read)) == sorted(said(transcript))


@given(plausible_transcripts())
def test_vtt_keeps_voices(transcript: Transcript) -> None:
    read = read_transcript("talk.vtt", FORMATS["vtt"].write(ExportDocument(transcript)))
    voices = [
        transcript.speaker_label(paragraph.speaker_id)
        for paragraph in transcript.paragraphs
        for _ in paragraph.words
    ]
    heard = [
        read.speaker_label(paragraph.speaker_id)
        for paragraph in read.paragraphs
        for _ in join_words(paragraph.words).split()
    ]
    assert heard == voices


NAMES = ("Lee, Ann", 'Bob "The Rock" O\'Neil', "<b>Eve</b>", "{Kim} \\N", "ליאור", "👑 Jo & Co")


@pytest.mark.parametrize("name", ["vtt", "ass", "ttml", "textgrid", "eaf", "otr", "json"])
def test_names_with_any_sign_in_them_come_back_as_names(name: str) -> None:
    speakers = tuple(Speaker(SpeakerId(f"s{at}"), told) for at, told in enumerate(NAMES))
    spoken = [words("Good morning to you.", at * 3_000) for at in range(len(NAMES))]
    transcript = Transcript(
        tuple(
            Paragraph(said, speaker.speaker_id, said[0].start_ms, said[-1].end_ms)
            for said, speaker in zip(spoken, speakers, strict=True)
        ),
        speakers,
    )
    kind = FORMATS[name]
    read = read_transcript(f"a{kind.suffix}", kind.write(ExportDocument(transcript)))
    heard = [(read.speaker_label(one.speaker_id), one.text) for one in read.paragraphs]
    assert heard == [(told, "Good morning to you.") for told in NAMES]


@pytest.mark.parametrize(
    "name", ["srt", "vtt", "ass", "ttml", "textgrid", "eaf", "otr", "json"]
)
def test_what_is_said_after_ten_hours_stays_there(name: str) -> None:
    starts_ms = [9 * 3_600_000, 36_000_000, 99 * 3_600_000 + 59 * 60_000]
    spoken = [words("Good morning to you.", start_ms) for start_ms in starts_ms]
    transcript = Transcript(
        tuple(Paragraph(said, None, said[0].start_ms, said[-1].end_ms) for said in spoken)
    )
    kind = FORMATS[name]
    read = read_transcript(f"a{kind.suffix}", kind.write(ExportDocument(transcript)))
    assert [one.start_ms for one in read.words()][::4] == starts_ms


def test_vtt_keeps_what_is_said_three_times() -> None:
    said_again = words("Extraordinarily-long-yes. " * 3, 0)
    document = ExportDocument(Transcript((Paragraph(said_again, None, 0, 1_200),)))
    read = read_transcript("talk.vtt", FORMATS["vtt"].write(document))
    assert said(read) == ["Extraordinarily-long-yes."] * 3


def test_vtt_keeps_the_times_of_words() -> None:
    read = read_transcript("talk.vtt", FORMATS["vtt"].write(DOCUMENT))
    assert [word.start_ms for word in read.words()] == [
        word.start_ms for word in SPEECH.words()
    ]
    assert not any(word.is_estimated for word in read.words())


def test_srt_words_are_marked_as_estimated() -> None:
    read = read_transcript(
        "talk.srt", FORMATS["srt"].write(DOCUMENT, ExportOptions(names=False))
    )
    assert all(word.is_estimated for word in read.words())
    assert said(read) == said(SPEECH)


@pytest.mark.parametrize("name", ["textgrid", "eaf"])
def test_annotation_keeps_speakers_and_times(name: str) -> None:
    kind = FORMATS[name]
    read = read_transcript(f"talk{kind.suffix}", kind.write(DOCUMENT))
    assert [speaker.name for speaker in read.speakers] == ["Anna", "Speaker 2"]
    assert [(w.text, w.start_ms, w.end_ms) for w in read.words()] == [
        (w.text, w.start_ms, w.end_ms) for w in SPEECH.words()
    ]


@pytest.mark.parametrize("rows", list(Rows))
def test_labels_by_word_are_words_and_no_paragraphs(rows: Rows) -> None:
    options = ExportOptions(rows=rows, names=False)
    read = read_transcript("talk.txt", FORMATS["labels"].write(DOCUMENT, options))
    assert said(read) == said(SPEECH)
    assert len(read.paragraphs) <= len(SPEECH.paragraphs)
    if rows is Rows.WORDS:
        assert [(word.start_ms, word.end_ms) for word in read.words()] == [
            (word.start_ms, word.end_ms) for word in SPEECH.words()
        ]
        assert not any(word.is_estimated for word in read.words())


def test_otr_keeps_names() -> None:
    read = read_transcript("talk.otr", FORMATS["otr"].write(DOCUMENT))
    assert [speaker.name for speaker in read.speakers] == ["Anna", "Speaker 2"]
    assert said(read) == said(SPEECH)


@pytest.mark.parametrize("name", ["srt", "vtt", "textgrid", "eaf", "otr", "json"])
def test_hostile_words_come_back_as_words(name: str) -> None:
    kind = FORMATS[name]
    read = read_transcript(
        f"talk{kind.suffix}", kind.write(HOSTILE, ExportOptions(names=False))
    )
    text = " ".join(said(read))
    for word in ("<b>bold</b>", "-->", "{\\pos(1,1)}", "]]>", 'say "hi"', "{{name}}", "\\N"):
        assert word in text


def test_json_from_a_newer_version_says_so() -> None:
    content = json.loads(dump(SPEECH))
    content["version"] = 2
    with pytest.raises(ExportError, match="newer Wordlight"):
        load(json.dumps(content).encode())


def test_unknown_suffix_is_a_sentence() -> None:
    with pytest.raises(ExportError, match=r"cannot read \.doc files"):
        read_transcript("talk.doc", b"")


def test_every_reader_has_a_format() -> None:
    of_others = {".ssa", ".dfxp", ".itt", ".sbv", ".lrc", ".json3", ".jsonl"}
    assert {kind.suffix.lower() for kind in FORMATS.values()} >= set(READERS) - of_others
