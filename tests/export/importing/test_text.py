"""Text of Otter, Descript and others: who says what, and from when."""

from __future__ import annotations

import pytest

from app.core.errors import ExportError
from app.export.importing.readers import read_transcript

OTTER = """Christina Meyer  0:05
Good morning and welcome.

Tom O'Neil  1:02:10
At 10:30 we have a break.
"""
DESCRIPT = """[00:00:05] Christina Meyer: Good morning and welcome.

[01:02:10] Tom O'Neil: At 10:30 we have a break.
"""
NAMED = """Budget meeting

Christina Meyer (00:05): Good morning
and welcome.

Tom O'Neil (01:02:10): At 10:30 we have a break.
"""


SONIX = """Christina Meyer: [00:00:05] Good morning and welcome.

Tom O'Neil: [01:02:10] At 10:30 we have a break.
"""
MARKDOWN = SONIX.replace("Christina Meyer:", "**Christina Meyer:**").replace(
    "Tom O'Neil:", "**Tom O'Neil:**"
)
SIGNED = f"{OTTER}\nTranscribed by https://otter.ai\n"
TEXTS = {
    "otter": OTTER,
    "signed": SIGNED,
    "descript": DESCRIPT,
    "named": NAMED,
    "sonix": SONIX,
    "markdown": MARKDOWN,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_names_and_times_are_read(text: str) -> None:
    read = read_transcript("a.txt", text.encode())
    said = [
        (read.speaker_label(one.speaker_id), one.text, one.start_ms) for one in read.paragraphs
    ]
    assert said == [
        ("Christina Meyer", "Good morning and welcome.", 5_000),
        ("Tom O'Neil", "At 10:30 we have a break.", 3_730_000),
    ]


def test_text_without_times_says_what_to_save() -> None:
    with pytest.raises(ExportError, match="SRT or WebVTT"):
        read_transcript("a.txt", b"Good morning.\n")
