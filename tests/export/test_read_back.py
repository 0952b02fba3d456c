"""What we write, read by programs and libraries that are not ours."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import pysubs2
import pytest
import textgrids
import ttconv.imsc.reader as imsc_reader
import xmlschema
from defusedxml.ElementTree import fromstring
from opentimelineio import adapters
from pympi.Elan import Eaf
from ttconv.isd import ISD
from ttconv.model import ContentDocument, Span, Text
from ttconv.style_properties import NamedColors, StyleProperties

from app.audio.process import find_ffmpeg
from app.export.cues import make_cues
from app.export.formats import FORMATS
from app.export.options import ExportOptions, FrameRate, LineEnd
from app.export.plain import WORD_JOINER
from app.export.source import ExportDocument
from tests.support.speech import DOCUMENT, HOSTILE, SPEECH

SCHEMAS = Path(__file__).parent / "schemas"
CUES = ExportOptions(names=False)


def said() -> list[str]:
    return SPEECH.text.split()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["docx", "odt"])
def test_libreoffice_converts_documents(name: str, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("no LibreOffice on this machine")
    paths = {
        "speech": tmp_path / f"speech.{name}",
        "hostile": tmp_path / f"hostile.{name}",
    }
    paths["speech"].write_bytes(FORMATS[name].write(DOCUMENT, ExportOptions(notes=True)))
    paths["hostile"].write_bytes(FORMATS[name].write(HOSTILE))
    subprocess.run(
        [
            office,
            "--headless",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--convert-to",
            "txt:Text (encoded):UTF8",
            "--outdir",
            str(tmp_path),
            *map(str, paths.values()),
        ],
        check=True,
        capture_output=True,
        timeout=55,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    lines = (tmp_path / "speech.txt").read_text("utf-8-sig").splitlines()
    assert [line for line in lines if line] == [
        "Rivers and bridges",
        (
            "Anna: Good morning, and welcome back. Today we talk about rivers, bridges and the "
            "people who build them."
        ),
        "Speaker 2: Thank you. I have built eleven of them so far.",
        "Anna: Eleven! Which one was the hardest?",
        "Note: Ask again about the tenth.",
    ]
    hostile = (tmp_path / "hostile.txt").read_text("utf-8-sig")
    for word in ("</p><script>document.title='pwned'</script>", "]]>", "=cmd|'/c_calc'!A0"):
        assert word in hostile


def ffmpeg_reads(path: Path) -> list[str]:
    """Give the words of a subtitle file as ffmpeg understands them."""
    done = subprocess.run(
        [str(find_ffmpeg()), "-v", "error", "-i", str(path), "-f", "ass", "-"],
        check=True,
        capture_output=True,
        timeout=30,
    )
    assert done.stderr == b""
    lines = [
        line.split(",", 9)[9]
        for line in done.stdout.decode("utf-8").splitlines()
        if line.startswith("Dialogue:")
    ]
    text = " ".join(re.sub(r"(?<!\\)\{[^}]*\}", "", line) for line in lines)
    text = text.replace("\\N", " ").replace("\\{", "{").replace("\\}", "}")
    return text.replace(WORD_JOINER, "").translate(str.maketrans("｛｝", "{}")).split()


@pytest.mark.parametrize("line_end", LineEnd)
@pytest.mark.parametrize("name", ["srt", "vtt", "ass"])
def test_ffmpeg_reads_subtitles(name: str, line_end: LineEnd, tmp_path: Path) -> None:
    path = tmp_path / f"talk.{name}"
    path.write_bytes(
        FORMATS[name].write(DOCUMENT, ExportOptions(names=False, line_end=line_end))
    )
    assert ffmpeg_reads(path) == said()


@pytest.mark.parametrize("name", ["srt", "ass"])
def test_ffmpeg_shows_hostile_words(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"talk.{name}"
    path.write_bytes(FORMATS[name].write(HOSTILE, CUES))
    text = " ".join(ffmpeg_reads(path))
    for word in ("<b>bold</b>", "-->", "{pos(1,1)}", "]]>", "{{name}}", "<00:00:02.000>"):
        assert word in text.replace("\\", "")


@pytest.mark.parametrize("name", ["srt", "vtt", "ass", "ttml"])
def test_pysubs2_reads_the_same_times(name: str) -> None:
    kind = FORMATS[name]
    options = ExportOptions(names=False, word_times=False)
    read = pysubs2.SSAFile.from_string(kind.write(DOCUMENT, options).decode("utf-8"))
    cues = make_cues(DOCUMENT, options)
    slack_ms = 5 if name == "ass" else 0
    for event, cue in zip(read, cues, strict=True):
        assert abs(event.start - cue.start_ms) <= slack_ms
        assert abs(event.end - cue.end_ms) <= slack_ms
        assert event.plaintext == cue.text


@pytest.mark.parametrize("document", [DOCUMENT, HOSTILE], ids=["speech", "hostile"])
@pytest.mark.parametrize("word_times", [True, False])
def test_ttml_follows_the_schema(*, document: ExportDocument, word_times: bool) -> None:
    schema = xmlschema.XMLSchema(SCHEMAS / "ttml1.xsd")
    data = FORMATS["ttml"].write(document, ExportOptions(word_times=word_times))
    schema.validate(data.decode("utf-8").split("?>", 1)[1])


def shown_at(document: ContentDocument, ms: int) -> tuple[list[str], list[str]]:
    """Give the words that ttconv shows at a time, and those it shows in another colour."""
    shown: list[str] = []
    lit: list[str] = []
    still = ISD.from_model(document, Fraction(ms, 1_000))
    assert still is not None
    for region in still.iter_regions():
        for element in region.dfs_iterator():
            if not isinstance(element, Span):
                continue
            words = [
                text
                for one in element
                if isinstance(one, Text)
                for text in one.get_text().split()
            ]
            shown += words
            if element.get_style(StyleProperties.Color) != NamedColors.white.value:
                lit += words
    return shown, lit


def test_ttconv_lights_up_each_word_of_ttml() -> None:
    written = FORMATS["ttml"].write(DOCUMENT, CUES)
    document = imsc_reader.to_model(ET.ElementTree(fromstring(written)))
    assert document is not None
    for word in SPEECH.words():
        shown, lit = shown_at(document, (word.start_ms + word.end_ms) // 2)
        assert lit == [word.text]
        assert word.text in shown


def test_ttconv_shows_the_words_of_ttml_without_their_times() -> None:
    options = ExportOptions(names=False, word_times=False)
    document = imsc_reader.to_model(
        ET.ElementTree(fromstring(FORMATS["ttml"].write(DOCUMENT, options)))
    )
    assert document is not None
    found: list[str] = []
    for cue in make_cues(DOCUMENT, options):
        shown, lit = shown_at(document, (cue.start_ms + cue.end_ms) // 2)
        assert not lit
        found += shown
    assert found == said()


def test_the_schemas_can_refuse() -> None:
    ttml = FORMATS["ttml"].write(DOCUMENT).decode("utf-8").split("?>", 1)[1]
    eaf = FORMATS["eaf"].write(DOCUMENT).decode("utf-8").split("?>", 1)[1]
    for name, text, good, bad in (
        ("ttml1.xsd", ttml, 'begin="00:00:00.500"', 'begin="half a second"'),
        ("ttml1.xsd", ttml, "<body>", "<body><p>outside a div</p>"),
        ("eaf30.xsd", eaf, 'TIME_SLOT_REF1="ts1"', 'TIME_SLOT_REF1="ts99999"'),
        ("eaf30.xsd", eaf, 'ANNOTATION_ID="a2"', 'ANNOTATION_ID="a1"'),
    ):
        assert good in text
        schema = xmlschema.XMLSchema(SCHEMAS / name)
        assert schema.is_valid(text)
        assert not schema.is_valid(text.replace(good, bad, 1))


@pytest.mark.parametrize("document", [DOCUMENT, HOSTILE], ids=["speech", "hostile"])
def test_eaf_follows_the_schema(document: ExportDocument) -> None:
    schema = xmlschema.XMLSchema(SCHEMAS / "eaf30.xsd")
    schema.validate(FORMATS["eaf"].write(document).decode("utf-8").split("?>", 1)[1])


def test_pympi_reads_eaf(tmp_path: Path) -> None:
    path = tmp_path / "talk.eaf"
    path.write_bytes(FORMATS["eaf"].write(DOCUMENT))
    read = Eaf(str(path))
    assert sorted(read.get_tier_names()) == [
        "1 Anna",
        "1 Anna (words)",
        "2 Speaker 2",
        "2 Speaker 2 (words)",
    ]
    own = [row[2] for row in sorted(read.get_annotation_data_for_tier("2 Speaker 2 (words)"))]
    assert own == SPEECH.paragraphs[1].text.split()


def test_pympi_finds_the_recording_of_eaf(tmp_path: Path) -> None:
    document = replace(DOCUMENT, recording="file:///home/anna/my%20talk.wav")
    data = FORMATS["eaf"].write(document)
    schema = xmlschema.XMLSchema(SCHEMAS / "eaf30.xsd")
    schema.validate(data.decode("utf-8").split("?>", 1)[1])
    path = tmp_path / "talk.eaf"
    path.write_bytes(data)
    (linked,) = Eaf(str(path)).get_linked_files()
    assert linked["MEDIA_URL"] == "file:///home/anna/my%20talk.wav"
    assert linked["MIME_TYPE"].startswith("audio/")


@pytest.mark.parametrize("rate", FrameRate)
def test_opentimelineio_reads_markers(rate: FrameRate) -> None:
    document = replace(DOCUMENT, source_name="talk.MP4", recording="file:///talk%201.MP4")
    options = ExportOptions(frame_rate=rate, notes=True)
    written = FORMATS["markers"].write(document, options).decode("utf-8")
    timeline = adapters.read_from_string(written, "fcp_xml")
    a_frame_s = 1 / float(rate.value)
    markers = list(timeline.tracks.markers)
    for marker, paragraph in zip(markers, SPEECH.paragraphs, strict=True):
        assert marker.name == document.labels()[paragraph.speaker_id]
        assert marker.metadata["fcp_xml"]["comment"].startswith(paragraph.text)
        begins_s = marker.marked_range.start_time.to_seconds()
        lasts_s = marker.marked_range.duration.to_seconds()
        assert begins_s == pytest.approx(paragraph.start_ms / 1_000, abs=a_frame_s)
        assert begins_s + lasts_s == pytest.approx(paragraph.end_ms / 1_000, abs=a_frame_s)
    assert (
        markers[-1]
        .metadata["fcp_xml"]["comment"]
        .endswith("(Note: Ask again about the tenth.)")
    )
    assert [track.kind for track in timeline.tracks] == ["Video", "Audio"]
    for track in timeline.tracks:
        (clip,) = track
        assert clip.media_reference.target_url == "file:///talk%201.MP4"
        assert clip.duration().to_seconds() == pytest.approx(17, abs=a_frame_s)


def test_markers_without_a_recording_keep_its_name() -> None:
    written = FORMATS["markers"].write(DOCUMENT).decode("utf-8")
    timeline = adapters.read_from_string(written, "fcp_xml")
    (track,) = [track for track in timeline.tracks if len(track)]
    assert track.kind == "Audio"  # the name ends in .flac
    assert track[0].name == "talk.flac"


@pytest.mark.parametrize("document", [DOCUMENT, HOSTILE], ids=["speech", "hostile"])
def test_praat_reader_reads_textgrid(document: ExportDocument, tmp_path: Path) -> None:
    path = tmp_path / "talk.TextGrid"
    path.write_bytes(FORMATS["textgrid"].write(document))
    grid = textgrids.TextGrid(str(path))
    spoken = [
        interval
        for name, tier in grid.items()
        if name.endswith("(words)")
        for interval in tier
        if interval.text
    ]
    spoken.sort(key=lambda interval: interval.xmin)
    starts = [word.start_ms / 1000 for word in document.transcript.words()]
    assert [interval.xmin for interval in spoken] == pytest.approx(starts)
    if document is DOCUMENT:
        assert [interval.text for interval in spoken] == said()
