"""Every format against its golden file, and against words that mean harm."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import unicodedata
import zipfile
from dataclasses import replace
from importlib import resources
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import ExportError
from app.core.transcript import Paragraph, Speaker, Transcript, Word
from app.export.annotation import make_tiers
from app.export.formats import FORMATS
from app.export.options import (
    Encoding,
    ExportOptions,
    LineEnd,
    ParagraphRule,
    Rows,
    TimeFormat,
    TimeMarks,
)
from app.export.source import ExportDocument
from tests.support.speech import (
    ANNA,
    BEN,
    DOCUMENT,
    HOSTILE,
    HOSTILE_WORDS,
    SPEECH,
    any_transcripts,
    long_document,
    turn,
)

GOLDEN = Path(__file__).parent / "golden"
ROOT = Path(__file__).parents[2]
ARCHIVES = {"docx", "odt"}
CASES = {
    **{name: (one, ExportOptions()) for name, one in FORMATS.items()},
    "txt-times": (
        FORMATS["txt"],
        ExportOptions(times=TimeMarks.INTERVAL, every_s=5, notes=True, line_length=60),
    ),
    "md-words": (
        FORMATS["md"],
        ExportOptions(times=TimeMarks.WORD, time_format=TimeFormat.FULL, names=False),
    ),
    "html-static-sentences": (
        FORMATS["html-static"],
        ExportOptions(paragraphs=ParagraphRule.SENTENCE, times=TimeMarks.PARAGRAPH, notes=True),
    ),
    "docx-times": (FORMATS["docx"], ExportOptions(times=TimeMarks.PARAGRAPH, notes=True)),
    "odt-times": (FORMATS["odt"], ExportOptions(times=TimeMarks.PARAGRAPH, notes=True)),
    "csv-turns": (FORMATS["csv"], ExportOptions(rows=Rows.TURNS, notes=True)),
    "labels-turns": (FORMATS["labels"], ExportOptions(rows=Rows.TURNS)),
    "markers-notes": (FORMATS["markers"], ExportOptions(names=False, notes=True)),
    "vtt-plain": (FORMATS["vtt"], ExportOptions(word_times=False, names=False)),
    "srt-narrow": (FORMATS["srt"], ExportOptions(cue_line_length=20, cue_lines=1)),
}


def golden_form(name: str, data: bytes) -> str:
    """Give what is compared: the text of a file, or of the parts of an archive."""
    if name.split("-", maxsplit=1)[0] not in ARCHIVES:
        return data.decode("utf-8")
    parts = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        wanted = {"word/document.xml", "content.xml"}
        for part in sorted(wanted.intersection(archive.namelist())):
            root = fromstring(archive.read(part))
            ET.indent(root)
            parts.append(f"== {part}\n{ET.tostring(root, encoding='unicode')}\n")
    return "\n".join(parts)


@pytest.mark.parametrize("case", CASES)
def test_writes_what_the_golden_file_holds(case: str) -> None:
    kind, options = CASES[case]
    found = golden_form(kind.name, kind.write(DOCUMENT, options))
    path = GOLDEN / f"{case}{kind.suffix}"
    assert found == path.read_bytes().decode("utf-8"), f"differs from {path.name}"


def test_csv_begins_with_the_mark_that_excel_wants() -> None:
    assert FORMATS["csv"].write(DOCUMENT).startswith(b"\xef\xbb\xbfstart,")
    assert FORMATS["tsv"].write(DOCUMENT).startswith(b"start\t")


@pytest.mark.parametrize("name", FORMATS)
def test_bytes_are_the_same_every_time(name: str) -> None:
    kind = FORMATS[name]
    assert kind.write(HOSTILE) == kind.write(HOSTILE)


def test_the_first_document_of_a_process_is_as_those_after_it() -> None:
    written = (
        "import sys; from app.export.formats import FORMATS;"
        "from tests.support.speech import *;"
        "[sys.stdout.buffer.write(FORMATS['odt'].write(DOCUMENT)) for _ in range(2)]"
    )
    done = subprocess.run(
        [sys.executable, "-c", written], cwd=ROOT, capture_output=True, check=True, timeout=60
    )
    half = len(done.stdout) // 2
    assert done.stdout[:half] == done.stdout[half:]


@pytest.mark.parametrize("name", sorted(ARCHIVES))
def test_no_part_of_a_document_says_when_it_was_packed(name: str) -> None:
    """Two writes within a test are too near to each other to differ by their dates."""
    with zipfile.ZipFile(io.BytesIO(FORMATS[name].write(DOCUMENT))) as archive:
        assert archive.testzip() is None
        for member in archive.infolist():
            assert member.date_time == (1980, 1, 1, 0, 0, 0)
            archive.fp.seek(member.header_offset)  # type: ignore[union-attr]
            assert archive.fp.read(14)[10:] == b"\0\0!\0"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("created", "docx", "odt"),
    [
        ("2026-03-04T10:20:30+02:00", "2026-03-04T08:20:30Z", "2026-03-04T10:20:30+02:00"),
        ("2026-03-04T10:20:30", "2026-03-04T10:20:30Z", "2026-03-04T10:20:30"),
        ("some day", "1980-01-01T00:00:00Z", "1980-01-01T00:00:00"),
    ],
)
def test_a_moment_is_the_same_in_every_zone(created: str, docx: str, odt: str) -> None:
    document = replace(DOCUMENT, created=created)
    about = part("docx", "docProps/core.xml", document)
    terms = "{http://purl.org/dc/terms/}"
    assert {about.findtext(f"{terms}{one}") for one in ("created", "modified")} == {docx}
    meta = part("odt", "meta.xml", document)
    assert [one.text for one in meta.iter("{http://purl.org/dc/elements/1.1/}date")] == [odt]
    eaf = fromstring(FORMATS["eaf"].write(document))
    assert eaf.get("DATE") == odt


@pytest.mark.parametrize("name", FORMATS)
def test_empty_transcript_is_written(name: str) -> None:
    empty = ExportDocument(type(SPEECH)(()))
    data = FORMATS[name].write(empty, ExportOptions(only_approved=True))
    assert isinstance(data, bytes)


@pytest.mark.parametrize("name", sorted(set(FORMATS) - ARCHIVES - {"json"}))
def test_no_control_character_reaches_a_file(name: str) -> None:
    text = FORMATS[name].write(HOSTILE, ExportOptions(notes=True)).decode("utf-8")
    found = {sign for sign in text if (sign < " " and sign not in "\n\t") or sign == "\x7f"}
    assert not found


@pytest.mark.parametrize("name", ["ttml", "eaf", "markers"])
def test_xml_holds_hostile_words_literally(name: str) -> None:
    options = ExportOptions(word_times=False, cue_line_length=200)
    root = fromstring(FORMATS[name].write(HOSTILE, options))
    text = " ".join(root.itertext())
    for word in ("</p><script>document.title='pwned'</script>", "]]>", "-->", "{\\pos(1,1)}"):
        assert word in text


def test_docx_and_odt_hold_hostile_words_literally() -> None:
    for name, part in (("docx", "word/document.xml"), ("odt", "content.xml")):
        data = FORMATS[name].write(HOSTILE, ExportOptions(notes=True))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                if member.endswith(".xml"):
                    fromstring(archive.read(member))
            text = "".join(fromstring(archive.read(part)).itertext())
        for word in (
            "<script>document.title='pwned'</script>",
            "]]>",
            "=cmd|'/c_calc'!A0",
            "😀",
        ):
            assert word in text


ARABIC = ExportDocument(
    Transcript(
        (
            turn("صباح الخير يا أنا", 0, ANNA, note="ملاحظة", is_highlighted=True),
            turn("Good morning, صباح الخير", 4_000, ANNA),
        ),
        (Speaker(ANNA, "Anna"),),
        "ar",
    ),
    "مقابلة",
)


def part(name: str, member: str, document: ExportDocument) -> ET.Element:
    data = FORMATS[name].write(document, ExportOptions(notes=True))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return fromstring(archive.read(member))


def test_docx_is_read_from_the_side_its_text_begins_at() -> None:
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    body = part("docx", "word/document.xml", ARABIC)
    assert [
        ("".join(one.itertext())[-6:], one.find(f"{w}pPr/{w}bidi") is not None)
        for one in body.iter(f"{w}p")
    ] == [
        ("مقابلة", True),
        ("يا أنا", True),
        ("ملاحظة", True),
        (" الخير", False),
    ]
    words = [run for run in body.iter(f"{w}r") if "الخير يا" in "".join(run.itertext())]
    assert words[0].find(f"{w}rPr/{w}rtl") is not None
    styles = part("docx", "word/styles.xml", ARABIC)
    assert {lang.get(f"{w}val") for lang in styles.iter(f"{w}lang")} == {"ar"}


def test_odt_is_read_from_the_side_its_text_begins_at() -> None:
    style, fo, text = (
        f"{{urn:oasis:names:tc:opendocument:xmlns:{one}:1.0}}"
        for one in ("style", "xsl-fo-compatible", "text")
    )
    content = part("odt", "content.xml", ARABIC)
    used = [one.get(f"{text}style-name", "") for one in content.iter(f"{text}p")]
    styles = part("odt", "styles.xml", ARABIC)
    ways = {
        made.get(f"{style}name"): shape.get(f"{style}writing-mode")
        for made in styles.iter(f"{style}style")
        for shape in made.iter(f"{style}paragraph-properties")
    }
    assert [ways[name] for name in used] == ["rl-tb", "rl-tb", None]
    languages = {one.get(f"{fo}language") for one in styles.iter(f"{style}text-properties")}
    assert "ar" in languages


def test_an_unknown_language_is_not_made_up() -> None:
    styles = part("odt", "styles.xml", HOSTILE)
    assert "script" not in ET.tostring(styles, encoding="unicode")


@pytest.mark.parametrize(("name", "separator"), [("csv", ","), ("tsv", "\t")])
@pytest.mark.parametrize("rows", Rows)
def test_no_cell_of_a_table_is_a_formula(name: str, separator: str, rows: Rows) -> None:
    options = ExportOptions(rows=rows, notes=True)
    data = FORMATS[name].write(HOSTILE, options).decode("utf-8")
    table = list(csv.reader(io.StringIO(data), delimiter=separator))
    assert len({len(row) for row in table}) == 1
    cells = [cell for row in table for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "|"))]
    if rows is Rows.WORDS:
        assert len(table) == 1 + len(HOSTILE_WORDS)
        assert "'=cmd|'/c_calc'!A0" in cells


def test_numbers_in_a_table_stay_numbers() -> None:
    word = SPEECH.paragraphs[0].words[0]
    document = ExportDocument(
        type(SPEECH)((type(SPEECH.paragraphs[0])((type(word)("-5", 0, 1),), None, 0, 1),))
    )
    assert b",-5," in FORMATS["csv"].write(document)


def test_json_follows_its_schema() -> None:
    schema = json.loads(
        resources.files("app.export").joinpath("transcript.schema.json").read_text("utf-8")
    )
    jsonschema.Draft202012Validator.check_schema(schema)
    for document in (DOCUMENT, HOSTILE):
        content = json.loads(FORMATS["json"].write(document))
        jsonschema.validate(content, schema)


def test_every_encoding_and_line_end() -> None:
    text = FORMATS["txt"].write(DOCUMENT).decode("utf-8")
    for encoding in Encoding:
        options = ExportOptions(encoding=encoding, line_end=LineEnd.CRLF)
        data = FORMATS["txt"].write(DOCUMENT, options)
        assert data.decode(encoding.value) == text.replace("\n", "\r\n")


def test_encoding_without_a_place_for_a_character_is_a_sentence() -> None:
    with pytest.raises(ExportError, match="Choose UTF-8"):
        FORMATS["txt"].write(HOSTILE, ExportOptions(encoding=Encoding.WINDOWS))


@pytest.mark.parametrize("name", FORMATS)
def test_only_what_was_chosen_is_written(name: str) -> None:
    data = FORMATS[name].write(DOCUMENT, ExportOptions(only_approved=True))
    text = golden_form(name, data)
    assert "rivers," in text
    assert "hardest" not in text


def test_what_has_no_effect_is_said_with_its_reason() -> None:
    silent = type(SPEECH)((type(SPEECH.paragraphs[0])(SPEECH.paragraphs[0].words, None, 0, 1),))
    reasons = FORMATS["txt"].unsupported(silent)
    assert "not identified" in reasons["names"].text
    assert "Not available" in reasons["cue_lines"].text
    assert set(reasons) >= {"only_approved", "only_highlighted", "notes"}
    assert "times" not in reasons
    assert "names" not in FORMATS["txt"].unsupported(SPEECH)


@pytest.mark.parametrize("names", [True, False])
def test_tiers_keep_the_times_of_those_who_speak_at_once(*, names: bool) -> None:
    long = turn(" ".join(["word"] * 40), 0, ANNA)
    document = ExportDocument(Transcript((long, turn("mhm yes", 3_000, BEN))))
    tiers = make_tiers(document, ExportOptions(names=names))
    assert [(tier.turns[0].start_ms, tier.turns[0].end_ms) for tier in tiers] == [
        (long.start_ms, long.end_ms),
        (3_000, 3_750),
    ]
    assert len({tier.name for tier in tiers}) == 2


def test_one_late_end_moves_no_other_turn_of_a_tier() -> None:
    late = turn("one two three", 0, ANNA)
    wrong = replace(late.words[-1], end_ms=36_000_000)
    late = replace(late, words=(*late.words[:-1], wrong), end_ms=36_000_000)
    later = [turn("four five", 41_000, ANNA), turn("six", 61_000, ANNA)]
    (tier,) = make_tiers(ExportDocument(Transcript((late, *later))), ExportOptions())
    assert [one.start_ms for one in tier.turns] == [0, 41_000, 61_000]
    assert [word.start_ms for word in tier.words[0]] == [0, 400, 800]
    assert tier.turns[0].end_ms == 41_000


@given(any_transcripts, st.booleans())
def test_no_stretch_of_a_tier_overlaps_or_is_empty(transcript: Transcript, names: bool) -> None:
    for tier in make_tiers(ExportDocument(transcript), ExportOptions(names=names)):
        at_ms = 0
        for whole, pieces in zip(tier.turns, tier.words, strict=True):
            assert at_ms <= whole.start_ms < whole.end_ms
            inside_ms = whole.start_ms
            for piece in pieces:
                assert inside_ms <= piece.start_ms < piece.end_ms <= whole.end_ms
                inside_ms = piece.end_ms
            at_ms = whole.end_ms


def test_json_of_a_part_keeps_its_remarks() -> None:
    noted = replace(SPEECH.paragraphs[0], note="Ask again.")
    document = ExportDocument(replace(SPEECH, paragraphs=(noted, *SPEECH.paragraphs[1:])))
    written = FORMATS["json"].write(document, ExportOptions(only_approved=True))
    assert b"Ask again." in written


def test_windows_subtitles_hold_signs_that_players_obey() -> None:
    document = ExportDocument(Transcript((turn("I <3 {you} a\\b x--> y", 0, None),)))
    options = ExportOptions(encoding=Encoding.WINDOWS)
    text = FORMATS["srt"].write(document, options).decode("cp1252")
    assert "I ‹3 (you) a/b x––> y" in text
    assert text.count("-->") == 1


def test_a_quote_is_a_paragraph_of_its_own_where_turns_are_put_together() -> None:
    turns = (
        turn("one two", 0, ANNA),
        turn("quoted words", 2_000, ANNA, is_highlighted=True),
        turn("three", 4_000, ANNA),
    )
    options = ExportOptions(paragraphs=ParagraphRule.SPEAKER, names=False)
    text = FORMATS["md"].write(ExportDocument(Transcript(turns)), options).decode("utf-8")
    assert text.strip().split("\n\n") == ["one two", "> quoted words", "three"]


def test_no_paragraph_ends_within_a_number() -> None:
    said = (Word("about", 0, 1), Word("3.", 1, 2), Word("14", 2, 3, is_joined=True))
    document = ExportDocument(Transcript((Paragraph(said, None, 0, 3),)))
    options = ExportOptions(paragraphs=ParagraphRule.SENTENCE)
    assert FORMATS["txt"].write(document, options) == b"about 3.14\n"


def test_lines_without_spaces_are_broken_too() -> None:
    said = tuple(Word(sign, 0, 1, is_joined=True) for sign in "河流流过我们的城市" * 10)
    document = ExportDocument(Transcript((Paragraph(said, None, 0, 1),)))
    text = FORMATS["txt"].write(document, ExportOptions(line_length=40)).decode("utf-8")
    assert max(len(line) for line in text.splitlines()) == 40


@pytest.mark.parametrize(
    "text",
    [
        "สวัสดีครับยินดีต้อนรับ",
        "ສະບາຍດີທຸກຄົນ",
        "ခင်မြန်မာ",
        "ខ្មែរសួស្តី",
        "བཀྲ་ཤིས་བདེ་ལེགས",
        "か\u3099く。「はい」",
    ],
    ids=["thai", "lao", "burmese", "khmer", "tibetan", "japanese"],
)
def test_no_line_begins_with_a_mark(text: str) -> None:
    document = ExportDocument(Transcript((Paragraph((Word(text * 8, 0, 1),), None, 0, 1),)))
    written = FORMATS["txt"].write(document, ExportOptions(line_length=20)).decode("utf-8")
    lines = written.splitlines()
    assert len(lines) > 3
    assert "".join(lines) == text * 8
    assert max(map(len, lines)) <= 20
    assert not any(unicodedata.category(line[0]) in {"Mn", "Mc", "Pe", "Po"} for line in lines)


def test_long_paragraphs_end_with_a_sentence_and_at_the_latest_at_twice_the_length() -> None:
    long = long_document(1_000, turn_words=500)
    options = ExportOptions(paragraphs=ParagraphRule.LENGTH, paragraph_words=60, names=False)
    paragraphs = FORMATS["txt"].write(long, options).decode("utf-8").strip().split("\n\n")
    turn_ends = {7, 15}  # eight paragraphs a turn
    assert all(
        text.endswith(".") or place in turn_ends for place, text in enumerate(paragraphs)
    )
    counts = [len(text.split()) for text in paragraphs]
    assert sum(counts) == 1_000
    assert max(counts) < 60 + 13  # a sentence has 13 words there
    endless = ExportDocument(Transcript((turn("word " * 500, 0, None),)))
    text = FORMATS["txt"].write(endless, options).decode("utf-8")
    assert [len(one.split()) for one in text.strip().split("\n\n")] == [120, 120, 120, 120, 20]


def test_building_can_be_watched_and_stopped() -> None:
    building = FORMATS["docx"].build(DOCUMENT, ExportOptions())
    assert 0 <= next(building) <= 1
    building.close()
