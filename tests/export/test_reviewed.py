"""What a person struck, noted and highlighted, in every file that is written."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest

from app.core.errors import ExportError
from app.core.transcript import Marker, MarkerId, MarkerKind, Transcript
from app.export.bundle import BUNDLE, read_bundle
from app.export.formats import FORMATS
from app.export.options import ExportOptions, TimeMarks
from app.export.source import ExportDocument, unsupported
from app.export.transcript_json import load
from tests.support.builders import transcript

NOTE = Marker(MarkerId("n"), MarkerKind.NOTE, "who pays?")
QUOTE = Marker(MarkerId("q"), MarkerKind.HIGHLIGHT)


def reviewed() -> Transcript:
    """Strike *Umm*, note on *bear any* and highlight *meet any hardship*."""
    plain = transcript(("A", "Umm, we shall bear any burden"), ("B", "and meet any hardship"))
    made = {(0, 0): {"is_struck": True}}
    made |= {(0, at): {"markers": (NOTE,)} for at in (3, 4)}
    made |= {(1, at): {"markers": (QUOTE,)} for at in (1, 2, 3)}
    return replace(
        plain,
        paragraphs=tuple(
            replace(
                one,
                words=tuple(
                    word.reviewed(**made.get((number, at), {}))
                    for at, word in enumerate(one.words)
                ),
            )
            for number, one in enumerate(plain.paragraphs)
        ),
    )


DOCUMENT = ExportDocument(reviewed(), title="Talk", source_name="talk.wav")


def readable(data: bytes) -> str:
    if data[:2] != b"PK":
        return data.decode("utf-16" if data[:2] == b"\xff\xfe" else "utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(
            archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")
        )


@pytest.mark.parametrize("name", FORMATS)
def test_struck_words_are_left_out_of_every_format_or_written_by_choice(name: str) -> None:
    kind = FORMATS[name]
    assert "struck" in kind.takes
    without = readable(kind.write(DOCUMENT, ExportOptions(struck=False)))
    assert "Umm" not in without
    assert "hardship" in without
    assert "We" in without
    with_them = readable(kind.write(DOCUMENT, ExportOptions(struck=True)))
    assert "Umm" in with_them


def test_json_and_bundles_keep_everything_unless_asked_otherwise() -> None:
    assert load(FORMATS["json"].write(DOCUMENT, FORMATS["json"].preset)) == reviewed()
    bundle = io.BytesIO(BUNDLE.write(DOCUMENT, ExportOptions()))
    assert read_bundle(bundle).transcript == reviewed()


def test_what_is_noted_on_words_is_written_with_them_quoted() -> None:
    options = ExportOptions(notes=True, times=TimeMarks.PARAGRAPH)
    text = readable(FORMATS["txt"].write(DOCUMENT, options))
    assert "(Note: “bear any”: who pays?)" in text
    assert "who pays?" not in readable(FORMATS["txt"].write(DOCUMENT, ExportOptions()))
    for name in ("md", "docx", "odt", "html-static", "html", "otr", "markers"):
        assert "who pays?" in readable(FORMATS[name].write(DOCUMENT, options)), name


def test_a_note_over_two_paragraphs_is_written_once() -> None:
    plain = transcript(("A", "we shall"), ("B", "bear it"))
    paragraphs = tuple(
        replace(one, words=tuple(word.reviewed(markers=(NOTE,)) for word in one.words))
        for one in plain.paragraphs
    )
    document = ExportDocument(replace(plain, paragraphs=paragraphs))
    text = readable(FORMATS["txt"].write(document, ExportOptions(notes=True)))
    assert text.count("who pays?") == 1


def test_highlighted_words_are_a_quote_with_their_own_time() -> None:
    options = ExportOptions(only_highlighted=True, times=TimeMarks.PARAGRAPH, names=True)
    text = readable(FORMATS["txt"].write(DOCUMENT, options))
    assert "meet any hardship" in text
    assert "and meet" not in text
    assert "burden" not in text
    assert re.search(r"0:03", text)


def test_choices_without_effect_say_why() -> None:
    takes = FORMATS["txt"].takes
    plain = unsupported(takes, transcript(("A", "we shall")))
    assert plain["struck"].text == "Nothing is struck through in this transcript."
    assert not {"struck", "notes", "only_highlighted"} & unsupported(takes, reviewed()).keys()


def test_where_every_word_is_struck_there_is_nothing_to_write_and_it_is_said() -> None:
    plain = transcript(("A", "um uh"))
    struck = tuple(word.reviewed(is_struck=True) for word in plain.paragraphs[0].words)
    document = ExportDocument(
        replace(plain, paragraphs=(replace(plain.paragraphs[0], words=struck),))
    )
    with pytest.raises(ExportError, match="struck"):
        document.check_choice(ExportOptions())
    document.check_choice(ExportOptions(struck=True))
