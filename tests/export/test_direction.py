"""Text that runs both ways: shown as it is read, and read back without the characters."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word
from app.export.direction import END, MARKS, has_right_to_left, is_right_to_left, isolated
from app.export.formats import FORMATS
from app.export.importing.readers import read_transcript
from app.export.options import ExportOptions, TimeMarks
from app.export.source import ExportDocument

HEBREW = "שלום לכולם, אני דנה."
ARABIC = "صباح الخير يا أصدقاء."
FOREIGN_FIRST = "WhatsApp הוא כלי טוב."
IN_ENGLISH = "He said שלום עולם 42 times."
ENGLISH = "Good morning."


def said(*texts: str, names: tuple[str, ...] = (), note: str = "") -> ExportDocument:
    """Give a document of one paragraph for each text, by the speakers in turn."""
    paragraphs: list[Paragraph] = []
    at_ms = 1_000
    for place, text in enumerate(texts):
        words: list[Word] = []
        for one in text.split():
            words.append(Word(one, at_ms, at_ms + 300))
            at_ms += 400
        speaker = SpeakerId(f"speaker-{place % len(names)}") if names else None
        paragraphs.append(
            Paragraph(
                tuple(words),
                speaker,
                words[0].start_ms,
                words[-1].end_ms,
                note=note,
                is_highlighted=True,
            )
        )
        at_ms += 2_000
    people = [Speaker(SpeakerId(f"speaker-{n}"), name) for n, name in enumerate(names)]
    return ExportDocument(Transcript(tuple(paragraphs), tuple(people)), "Talk")


def shown(text: str, base: str) -> list[str]:
    """Order words as a program does whose lines run from one side: the isolates alone.

    Not the whole algorithm: words within a stretch of one direction, isolates by
    themselves, which is what these texts need.
    """
    words = re.findall(r"[\u2066-\u2068]|\u2069|\u200f|[^\s\u2066-\u2069\u200f]+", text)
    stack: list[tuple[str, list[str]]] = [(base, [])]
    for word in words:
        if word in "\u2066\u2067\u2068":
            stack.append((word, []))
        elif word == END:
            assert len(stack) > 1, "an isolate ends that never began"
            kind, inner = stack.pop()
            stack[-1][1].extend(reversed(inner) if kind == "\u2067" else inner)
        elif word != "\u200f":
            stack[-1][1].append(word)
    assert len(stack) == 1, "an isolate does not end with its line"
    return stack[0][1]


@pytest.mark.parametrize(
    ("text", "is_rtl"),
    [
        (HEBREW, True),
        (ARABIC, True),
        (FOREIGN_FIRST, True),
        (IN_ENGLISH, False),
        (ENGLISH, False),
        ("שלום means hello to everybody.", False),
        ("42 שלום", True),
        ("١٢٣", False),
        ("", False),
        ("ދިވެހި", True),
        ("ࠀࠁ", True),
    ],
)
def test_text_is_read_as_most_of_its_words_are(text: str, is_rtl: bool) -> None:
    assert is_right_to_left(text) is is_rtl


@given(st.text(st.sampled_from("ab.,! 4שלم؟ \u0301\u05b0-")))
def test_isolates_are_balanced_and_change_no_sign(text: str) -> None:
    marked = isolated(text)
    assert marked.translate(MARKS) == text
    assert isolated(text) == text or has_right_to_left(text)
    depth = 0
    for character in marked:
        depth += character in "\u2066\u2067\u2068"
        depth -= character == END
        assert depth in {0, 1}
    assert depth == 0


def test_a_number_behind_a_foreign_word_stays_behind_it() -> None:
    assert isolated(IN_ENGLISH) == "He said \u2067שלום עולם\u2069 42 times."


SUBTITLES = ["srt", "vtt", "ass"]
PLAIN = ["txt", "md", *SUBTITLES]


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize("text", [HEBREW, ARABIC, FOREIGN_FIRST])
@pytest.mark.parametrize("names", [(), ("דנה",), ("Dana Levi",)])
@pytest.mark.parametrize("word_times", [True, False])
def test_a_line_from_the_right_is_one_isolate_with_its_full_stop(
    kind: str, text: str, names: tuple[str, ...], word_times: bool
) -> None:
    options = ExportOptions(times=TimeMarks.PARAGRAPH, word_times=word_times)
    written = FORMATS[kind].write(said(text, names=names), options).decode()
    bare = re.sub(r"<[^>]*>|\{[^}]*\}", "", written)
    line = next(line for line in bare.split("\n") if "." in line and has_right_to_left(line))
    _, _, inner = line.partition("\u2067")
    inside, _, after = inner.rpartition(END)
    assert inside.endswith(text[-4:])
    assert after in {"", "\u200f"}
    if kind in {"srt", "ass", "txt"} and names:  # the name stands within, by itself
        assert inside.startswith(f"\u2068{names[0]}{END}: ")


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize("text", [IN_ENGLISH, "שלום means hello to everybody.", ENGLISH])
def test_a_line_from_the_left_isolates_what_is_not(kind: str, text: str) -> None:
    options = ExportOptions(word_times=False)
    written = FORMATS[kind].write(said(text, names=("דנה",)), options).decode()
    line = next(line for line in written.split("\n") if text[-3:] in line)
    assert isolated(text) in line
    if kind in {"srt", "ass", "txt", "md"}:
        assert f"\u2068דנה{END}:" in line
    shown(line, "left")  # balanced


@pytest.mark.parametrize("length", [0, 20, 60])
@pytest.mark.parametrize("times", list(TimeMarks))
@pytest.mark.parametrize("text", [HEBREW * 3, IN_ENGLISH * 3, FOREIGN_FIRST])
def test_each_line_of_plain_text_stands_for_itself(
    length: int, times: TimeMarks, text: str
) -> None:
    options = ExportOptions(times=times, line_length=length)
    document = said(text, ENGLISH, names=("דנה", "Ben"), note=HEBREW)
    written = FORMATS["txt"].write(document, replace_notes(options)).decode()
    for line in written.split("\n"):
        shown(line, "left")
        if times is TimeMarks.PARAGRAPH:  # where programs look for it
            assert re.match(r"\[|[^\[]*$", line)
    if times is TimeMarks.WORD:
        assert "\u2068[0:01]\u2069" in written or "[0:01] " in written


def replace_notes(options: ExportOptions) -> ExportOptions:
    return ExportOptions.from_dict({**options.to_dict(), "notes": True})


@pytest.mark.parametrize("kind", ["srt", "vtt", "otr", "txt"])
@pytest.mark.parametrize("names", [(), ("דנה", "Ben")])
def test_signs_of_direction_are_no_words_when_read_back(
    kind: str, names: tuple[str, ...]
) -> None:
    texts = (HEBREW, IN_ENGLISH, FOREIGN_FIRST, ENGLISH)
    options = ExportOptions(times=TimeMarks.PARAGRAPH)
    written = FORMATS[kind].write(said(*texts, names=names), options)
    read = read_transcript(f"a.{kind}", written)
    assert " ".join(one.text for one in read.paragraphs) == " ".join(texts)
    if names:
        labels = [read.speaker_label(one.speaker_id) for one in read.paragraphs]
        assert labels == ["דנה", "Ben", "דנה", "Ben"]


@pytest.mark.parametrize("kind", [*PLAIN, "ttml", "otr", "html-static", "html"])
def test_where_nothing_runs_from_the_right_no_sign_is_written(kind: str) -> None:
    written = FORMATS[kind].write(said(ENGLISH, "Привет, 你好.", names=("Ann",))).decode()
    if kind == "html":
        written = re.sub("<script.*?</script>", "", written, flags=re.DOTALL)
    assert not any(ord(character) in MARKS for character in written)
    assert "rtl" not in re.sub("<style.*?</style>", "", written, flags=re.DOTALL)


def test_ttml_says_the_direction_in_its_own_words() -> None:
    root = fromstring(FORMATS["ttml"].write(said(HEBREW, ENGLISH)))
    found = [
        one.get("{http://www.w3.org/ns/ttml#styling}direction")
        for one in root.iter("{http://www.w3.org/ns/ttml}p")
    ]
    assert found == ["rtl", None]


@pytest.mark.parametrize("kind", ["html", "html-static"])
def test_pages_say_the_direction_of_each_paragraph_and_remark(kind: str) -> None:
    options = ExportOptions(notes=True)
    document = said(FOREIGN_FIRST, IN_ENGLISH, ENGLISH, note=HEBREW)
    written = FORMATS[kind].write(document, options).decode()
    kinds = re.findall(r'<p (?:class="words" )?dir="(\w+)"', written)
    assert [one for one in kinds if one in {"rtl", "ltr"}] == ["rtl", "ltr"]
    assert written.count('<p class="note" dir="rtl">') == 3
    assert '.note[dir="rtl"] { font-style: normal; }' in written


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def test_word_slants_nothing_from_the_right_and_parts_names_from_their_colon() -> None:
    data = FORMATS["docx"].write(
        said(HEBREW, ENGLISH, names=("Dana", "דנה"), note=HEBREW), ExportOptions(notes=True)
    )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = fromstring(archive.read("word/document.xml"))
    runs = {
        "".join(text.text or "" for text in run.iter(f"{W}t")): run
        for run in root.iter(f"{W}r")
    }
    assert runs[HEBREW].find(f"{W}rPr/{W}rtl") is not None
    slant = runs[HEBREW].find(f"{W}rPr/{W}iCs")
    assert slant is not None
    assert slant.get(f"{W}val") == "0"
    assert runs[ENGLISH].find(f"{W}rPr") is None
    assert runs["Dana"].find(f"{W}rPr/{W}rtl") is None
    assert runs["דנה"].find(f"{W}rPr/{W}rtl") is not None


def test_opendocument_slants_nothing_from_the_right() -> None:
    data = FORMATS["odt"].write(said(HEBREW, ENGLISH))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        styles = archive.read("styles.xml").decode()
    found = {
        name: "italic" in body
        for name, body in re.findall(
            r'style:name="(Quotation\w*)".*?(<style:text.*?/>)', styles, re.DOTALL
        )
    }
    assert found == {"Quotation": True, "Quotation_from_right_to_left": False}
