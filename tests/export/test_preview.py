from __future__ import annotations

import pytest

from app.core.errors import ExportError
from app.export.bundle import BUNDLE
from app.export.cues import CueFault, make_cues
from app.export.formats import FORMATS
from app.export.options import Encoding, ExportOptions, LineEnd, TimeMarks
from app.export.preview import FIRST_WORDS, LAID_OUT, TextRole, make_preview
from app.paper.format import PDF
from tests.support.speech import DOCUMENT, HOSTILE, long_document


@pytest.mark.parametrize("name", ["txt", "md", "srt", "vtt", "csv", "json", "ttml", "otr"])
def test_a_short_file_is_shown_as_it_will_be(name: str) -> None:
    kind = FORMATS[name]
    shown = make_preview(DOCUMENT, kind, kind.preset)
    assert shown.text == kind.write(DOCUMENT).decode("utf-8-sig")  # a mark is not text
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


HURRIED = ExportOptions(names=False, reading_speed=5, word_times=False)


@pytest.mark.parametrize("name", ["srt", "vtt", "ass", "ttml"])
@pytest.mark.parametrize("document", [DOCUMENT, long_document(5_000)], ids=["short", "long"])
def test_each_subtitle_that_breaks_a_rule_is_found_in_the_text(name: str, document) -> None:
    shown = make_preview(document, FORMATS[name], HURRIED)
    cues = make_cues(document, HURRIED)
    assert shown.broken
    for one in shown.broken:
        cue = cues[one.number - 1]
        assert one.faults == cue.faults
        written = shown.text[one.start : one.end]
        for line in cue.text.split("\n"):
            assert line in written
    if shown.is_whole:
        assert len(shown.broken) == sum(1 for cue in cues if cue.faults)


@pytest.mark.parametrize("name", ["srt", "vtt", "ass", "ttml"])
def test_hostile_words_do_not_pass_for_subtitles(name: str) -> None:
    shown = make_preview(HOSTILE, FORMATS[name], HURRIED)
    cues = make_cues(HOSTILE, HURRIED)
    assert [one.number for one in shown.broken] == [
        number for number, cue in enumerate(cues, start=1) if cue.faults
    ]
    for one, following in zip(shown.broken, shown.broken[1:], strict=False):
        assert one.end <= following.start


@pytest.mark.parametrize("name", sorted(LAID_OUT))
def test_pages_are_shown_as_they_look(name: str) -> None:
    kind = {**FORMATS, PDF.name: PDF, BUNDLE.name: BUNDLE}[name]
    options = ExportOptions(notes=True, times=TimeMarks.PARAGRAPH)
    shown = make_preview(DOCUMENT, kind, options)
    by_role = {role: [] for role in TextRole}
    for mark in shown.marks:
        by_role[mark.role].append(shown.text[mark.start : mark.end].strip(": []"))
    assert by_role[TextRole.TITLE] == ["Rivers and bridges"]
    assert by_role[TextRole.NAME] == ["Anna", "Speaker 2", "Anna"]
    assert by_role[TextRole.TIME] == ["0:00", "0:09", "0:14"]
    if name in {"docx", "odt", "pdf"}:
        assert by_role[TextRole.QUOTE] == ["Thank you. I have built eleven of them so far."]
    if "notes" in kind.takes:
        assert by_role[TextRole.NOTE] == ["Note: Ask again about the tenth."]
    ends = [mark.end for mark in shown.marks]
    starts = [mark.start for mark in shown.marks]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
