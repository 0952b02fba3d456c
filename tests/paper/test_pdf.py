from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.transcript import Paragraph, Transcript, Word
from app.export.options import ExportOptions, TimeMarks
from app.export.source import ExportDocument
from app.paper.format import PDF
from tests.support.speech import DOCUMENT, HOSTILE, long_document

pytestmark = [
    pytest.mark.gui,
    pytest.mark.usefixtures("qapp"),
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext here"),
]


def text_of(data: bytes, folder: Path) -> str:
    path = folder / "talk.pdf"
    path.write_bytes(data)
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, timeout=30
    )
    return done.stdout.decode("utf-8")


def test_pdftotext_reads_it(tmp_path: Path) -> None:
    options = ExportOptions(times=TimeMarks.PARAGRAPH, notes=True)
    text = " ".join(text_of(PDF.write(DOCUMENT, options), tmp_path).split())
    assert text.startswith("Rivers and bridges [0:00] Anna Good morning, and welcome back.")
    assert "[0:09] Speaker 2 Thank you. I have built eleven of them so far." in text
    assert text.endswith("Note: Ask again about the tenth. 1")


def test_bytes_are_the_same_every_time_and_tell_the_moment_of_the_document(
    tmp_path: Path,
) -> None:
    title = 'xmp:CreateDate="2026-03-04T10:20:30Z" /CreationDate (D:20260304102030Z)'
    document = replace(DOCUMENT, title=title, created="2026-03-04T10:20:30+02:00")
    data = PDF.write(document)
    assert data == PDF.write(document)
    assert set(re.findall(rb"Date \(D:(\d+Z)\)", data)) == {b"20260304082030Z"}
    assert set(re.findall(rb' xmp:\w+Date="([^"]+)"', data)) == {b"2026-03-04T08:20:30Z"}
    assert "".join(title.split()) in "".join(text_of(data, tmp_path).split())
    again = PDF.write(replace(document, title="Another"))
    ids = [re.findall(rb"/ID \[ <(\w+)>", one)[0] for one in (data, again)]
    assert ids[0] != ids[1]


def test_other_pages_have_another_identity() -> None:
    def identity(options: ExportOptions) -> bytes:
        return re.findall(rb"/ID \[ <(\w+)> <\1> \]", PDF.write(DOCUMENT, options))[0]

    options = (
        ExportOptions(),
        ExportOptions(names=False),
        ExportOptions(notes=True),
        ExportOptions(times=TimeMarks.PARAGRAPH),
    )
    assert len({identity(one) for one in options}) == len(options)
    assert identity(options[0]) == identity(options[0])


def test_long_text_fills_pages_without_losing_a_word(tmp_path: Path) -> None:
    document = long_document(3_000)
    text = text_of(PDF.write(document, ExportOptions(names=False)), tmp_path)
    pages = text.rstrip("\f\n ").split("\f")
    assert len(pages) > 4
    found: list[str] = []
    for number, page in enumerate(pages, start=1):
        *lines, last = page.split()
        assert last == str(number)
        found += lines
    assert found == [*document.heading.split(), *document.transcript.text.split()]


def test_hostile_words_are_seen(tmp_path: Path) -> None:
    text = " ".join(text_of(PDF.write(HOSTILE), tmp_path).split())
    for word in ("<b>bold</b>", "]]>", "-->", "{\\pos(1,1)}", "=cmd|'/c_calc'!A0"):
        assert word in text


def test_empty_transcript_is_a_page(tmp_path: Path) -> None:
    assert text_of(PDF.write(ExportDocument(Transcript(()))), tmp_path).split() == ["1"]


def test_every_script_is_written(tmp_path: Path) -> None:
    said = tuple(Word(text, 0, 1) for text in ("Grüße", "Привет", "Γειά", "a" * 400))
    document = ExportDocument(Transcript((Paragraph(said, None, 0, 1),)))
    text = text_of(PDF.write(document), tmp_path)
    assert "Привет" in text
    assert text.count("a") == 400


def test_what_is_read_from_the_right_begins_there(tmp_path: Path) -> None:
    said = (Word("صباح", 0, 1), Word("الخير", 1, 2))
    document = ExportDocument(Transcript((Paragraph(said, None, 0, 2),)), "Title")
    path = tmp_path / "talk.pdf"
    path.write_bytes(PDF.write(document))
    done = subprocess.run(
        ["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True, timeout=30
    )
    boxes = re.findall(r'xMin="([\d.]+)".*xMax="([\d.]+)".*>(.+)</word>', done.stdout.decode())
    found = {text: (float(left), float(right)) for left, right, text in boxes}
    margin_pt, paper_pt = 22 / 25.4 * 72, 210 / 25.4 * 72
    assert found["Title"][0] == pytest.approx(margin_pt, abs=3)
    rightmost = max(right for text, (_, right) in found.items() if text not in {"Title", "1"})
    assert rightmost == pytest.approx(paper_pt - margin_pt, abs=3)


async def test_works_beside_the_window_and_can_be_stopped() -> None:
    document = long_document(2_000)

    def until(share: float) -> float:
        building = PDF.build(document, ExportOptions())
        for done in building:
            if done >= share:
                building.close()
                return done
        return 1.0

    assert await asyncio.to_thread(until, 0.5) < 1
    assert await asyncio.to_thread(until, 2.0) == 1.0


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("نتحمل أي عبء ونواجه", ("أي",)),
        ("We say نتحمل أي عبء here, with more English than Arabic", ("أي", "here", "more")),
        ("We say שלום here, with more English than Hebrew", ("שלום", "here")),
    ],
)
def test_highlighted_words_of_every_direction_are_no_boxes(
    said: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    spoken = tuple(
        Word(word, place * 500, place * 500 + 400, 0.9)
        for place, word in enumerate(said.split())
    )
    paragraph = Paragraph(spoken, None, 0, 5_000, is_highlighted=True)
    written = PDF.write(ExportDocument(Transcript((paragraph,))))
    text = text_of(written, tmp_path)
    assert [word for word in words if word not in text] == []
