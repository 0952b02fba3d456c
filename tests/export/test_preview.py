from __future__ import annotations

import pytest

from app.core.errors import ExportError
from app.export.bundle import BUNDLE
from app.export.cues import CueFault
from app.export.formats import FORMATS
from app.export.options import Encoding, ExportOptions, LineEnd
from app.export.preview import FIRST_WORDS, make_preview
from tests.export.sample import DOCUMENT, HOSTILE, long_document


@pytest.mark.parametrize("name", ["txt", "md", "srt", "vtt", "csv", "json", "ttml", "otr"])
def test_a_short_file_is_shown_as_it_will_be(name: str) -> None:
    kind = FORMATS[name]
    shown = make_preview(DOCUMENT, kind, kind.preset)
    assert shown.text == kind.write(DOCUMENT).decode("utf-8")
    assert shown.is_whole


@pytest.mark.parametrize("name", FORMATS)
def test_only_the_beginning_of_a_long_one_is_written(name: str) -> None:
    kind = FORMATS[name]
    shown = make_preview(long_document(20_000, turn_words=15_000), kind, kind.preset)
    assert not shown.is_whole
    assert 0 < len(shown.text.split()) < 6 * FIRST_WORDS


@pytest.mark.parametrize(
    "kind", [FORMATS["docx"], FORMATS["html"], BUNDLE], ids=lambda kind: kind.name
)
def test_what_is_no_text_shows_its_paragraphs(kind) -> None:
    assert "Good morning" in make_preview(DOCUMENT, kind, ExportOptions()).text


def test_rules_are_counted_over_the_whole_transcript() -> None:
    kind = FORMATS["srt"]
    long = long_document(5_000)
    strict = make_preview(long, kind, ExportOptions(reading_speed=5))
    assert strict.cues > FIRST_WORDS / 10
    assert strict.faults[CueFault.TOO_FAST] > 100
    assert strict.complaints()[0][1] == strict.faults[CueFault.TOO_FAST]
    assert not make_preview(DOCUMENT, FORMATS["txt"], ExportOptions()).faults


@pytest.mark.parametrize("encoding", [Encoding.UTF8_WITH_MARK, Encoding.UTF16])
def test_encoding_and_line_ends_do_not_show(encoding: Encoding) -> None:
    options = ExportOptions(encoding=encoding, line_end=LineEnd.CRLF)
    plain = make_preview(DOCUMENT, FORMATS["txt"], ExportOptions())
    assert make_preview(DOCUMENT, FORMATS["txt"], options).text == plain.text


def test_a_character_that_the_encoding_lacks_is_said_beforehand() -> None:
    with pytest.raises(ExportError, match="UTF-8"):
        make_preview(HOSTILE, FORMATS["txt"], ExportOptions(encoding=Encoding.WINDOWS))
