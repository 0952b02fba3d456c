"""Subtitles of other forms, and files that are odd or not what their names say."""

from __future__ import annotations

import json

import pytest

from app.core.errors import ExportError
from app.core.transcript import Transcript
from app.export.formats import FORMATS
from app.export.importing.encodings import recognise
from app.export.importing.readers import read_transcript
from app.export.options import ExportOptions
from app.export.source import ExportDocument
from tests.support.speech import DOCUMENT

Row = tuple[str, str, int, int]


def rows(name: str, data: str | bytes) -> list[Row]:
    read = read_transcript(name, data.encode() if isinstance(data, str) else data)
    return [
        (read.speaker_label(one.speaker_id), one.text, one.start_ms, one.end_ms)
        for one in read.paragraphs
    ]


def cues(read: Transcript) -> list[tuple[int, int]]:
    return [
        word.layout.cue for word in read.words() if word.layout is not None and word.layout.cue
    ]


ASS = """[Script Info]
Title: x

[V4+ Styles]
Format: Name, Fontname
Style: Default,Arial

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:05.00,Default,,0,0,0,,not said
Dialogue: 1,0:00:01.00,0:00:02.50,D,Ann,0,0,0,,{\\an8}Good, {\\i1}well{\\i0}\\Nmorning\\hall
Dialogue: 0,0:00:01.00,0:00:02.50,D,Ann,0,0,0,,{\\be1}Good, {\\i1}well{\\i0}\\Nmorning\\hall
Dialogue: 0,0:00:03.00,0:00:04.00,Default,Bo,0,0,0,,Yes.
Dialogue: 0,0:00:03.00,0:00:04.00,Sign,,0,0,0,,{\\p1}m 0 0 l 100 0 100 100{\\p0}
"""


def test_ass_says_each_line_once_whatever_its_layers() -> None:
    assert rows("a.ass", ASS) == [
        ("Ann", "Good, well morning all", 1_000, 2_500),
        ("Bo", "Yes.", 3_000, 4_000),
    ]
    read = read_transcript("a.ssa", ASS.encode("utf-16"))
    assert cues(read) == [(1_000, 2_500), (3_000, 4_000)]
    slanted = [word.text for word in read.words() if word.layout and word.layout.is_italic]
    assert slanted == ["well"]


def test_ass_sung_says_when_each_word_comes() -> None:
    line = "{\\k50}Good {\\kf30}mor{\\k20}ning {\\K40}all"
    text = f"[Events]\nDialogue: 0,0:00:01.00,0:00:03.00,D,,0,0,0,,{line}\n"
    read = read_transcript("a.ass", text.encode())
    assert [(word.text, word.start_ms) for word in read.words()] == [
        ("Good", 1_000),
        ("mor", 1_500),
        ("ning", 1_800),
        ("all", 2_000),
    ]


@pytest.mark.parametrize("kind", ["ass", "ttml"])
@pytest.mark.parametrize("word_times", [True, False])
def test_our_own_come_back(kind: str, *, word_times: bool) -> None:
    data = FORMATS[kind].write(DOCUMENT, ExportOptions(word_times=word_times))
    read = read_transcript(f"a.{kind}", data)
    labels = DOCUMENT.labels()
    wanted = [(labels[one.speaker_id], one.text) for one in DOCUMENT.transcript.paragraphs]
    assert [(read.speaker_label(one.speaker_id), one.text) for one in read.paragraphs] == wanted
    if word_times:
        starts = [word.start_ms for word in DOCUMENT.transcript.words()]
        found = [word.start_ms for word in read.words()]
        assert max(abs(one - other) for one, other in zip(starts, found, strict=True)) <= 10
    again = FORMATS["srt"].write(ExportDocument(read)).decode()
    first = FORMATS["srt"].write(DOCUMENT).decode()
    assert again.count("-->") == first.count("-->")


def test_sbv() -> None:
    text = "0:00:01.000,0:00:02.500\nGood <morning>\nto all\n\n0:00:03.000,0:00:04.000\nYes.\n"
    assert rows("a.sbv", text) == [("", "Good <morning> to all Yes.", 1_000, 4_000)]
    assert cues(read_transcript("a.sbv", text.encode())) == [(1_000, 2_500), (3_000, 4_000)]


def test_lrc_is_sung_line_by_line_again_and_again() -> None:
    text = (
        "[ti:Song]\n[offset:+500]\n[00:01.50][00:09.50]Good morning\n"
        "[00:03.5]to <00:04.00>all\n[00:05:50]\n"
    )
    read = read_transcript("a.lrc", text.encode())
    assert [(word.text, word.start_ms) for word in read.words()][2:4] == [
        ("to", 3_000),
        ("all", 3_500),
    ]
    assert cues(read)[:2] == [(1_000, 3_000), (3_000, 5_000)]
    assert read.text.split() == "Good morning to all Good morning".split()  # noqa: SIM905


def test_sbv_whose_times_somebody_wrote() -> None:
    text = "By Ann & Bo\n\n0:00:01.000, 0:00:02.5\nGood\nmorning\n\n00:00:03,00:00:04\nYes.\n"
    read = read_transcript("a.sbv", text.encode())
    assert cues(read) == [(1_000, 2_500), (3_000, 4_000)]
    assert read.text.split() == ["Good", "morning", "Yes."]
    assert read.paragraphs[0].note == "By Ann & Bo"


def test_lrc_with_hours_and_with_lines_that_go_on() -> None:
    text = (
        "[ti:Song]\nSung by Ann\n[00:01.50]Good\nmorning\n[1:00:02.00]to <1:00:03.00>all\n"
        "[99:59.00][1:40:00,50]again\n"
    )
    read = read_transcript("a.lrc", text.encode())
    assert [(word.text, word.start_ms) for word in read.words()] == [
        ("Good", 1_500),
        ("morning", 1_500 + 10_000 * 4 // 11),
        ("to", 3_602_000),
        ("all", 3_603_000),
        ("again", 5_999_000),
        ("again", 6_000_500),
    ]
    assert read.paragraphs[0].note == "Sung by Ann"


@pytest.mark.parametrize("stamp", ["-0:00:01.00", "", "0:00:xx.00"])
def test_ass_lines_whose_times_are_damaged_are_kept(stamp: str) -> None:
    text = f"[Events]\nDialogue: Marked=0,{stamp},0:00:02.00,D,NTP,0,0,0,,Good morning.\n"
    assert rows("a.ssa", text) == [("", "Good morning.", 0, 2_000)]


TTML = """<?xml version="1.0"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"
 xmlns:tts="http://www.w3.org/ns/ttml#styling" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"
 ttp:frameRate="25" ttp:tickRate="10000000" xml:lang="en">
<head><metadata><ttm:agent xml:id="a1" type="person"><ttm:name>Ann</ttm:name></ttm:agent>
</metadata></head>
<body begin="10s"><div>
<p begin="00:00:01.000" end="00:00:02.500" ttm:agent="a1">Good
   <span tts:fontStyle="italic">morning</span><br/>to &lt;all&gt;</p>
<p begin="00:00:03:05" dur="1500ms">Yes.</p>
<p begin="60000000t" end="7.5s">No.</p>
</div></body></tt>
"""


def test_ttml_in_every_way_of_writing_times() -> None:
    read = read_transcript("a.dfxp", TTML.encode())
    assert cues(read) == [(11_000, 12_500), (13_200, 14_700), (16_000, 17_500)]
    assert [(read.speaker_label(one.speaker_id), one.text) for one in read.paragraphs] == [
        ("Ann", "Good morning to <all>"),
        ("", "Yes. No."),
    ]
    lines = [word.text for word in read.words() if word.layout and word.layout.starts_line]
    assert lines == ["to"]


# ---------------------------------------------------------------------------- oddities


def test_a_mark_in_the_middle_is_nothing() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nGood\n\n"
    text += "\ufeff2\n00:00:03,000 --> 00:00:04,000\nday\n"
    assert rows("a.srt", text) == [("", "Good day", 1_000, 4_000)]


@pytest.mark.parametrize("name", ["a.srt", "a.vtt", "a.txt"])
def test_subtitles_are_read_by_what_they_are(name: str) -> None:
    srt = "1\n00:00:01,000 --> 00:00:02,000\nGood morning\n"
    vtt = "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE x\n\n"
    vtt += "00:01.000 --> 00:02.000\nGood morning\n"
    for text in (srt, vtt, vtt.replace("WEBVTT", "webvtt")):
        assert rows(name, text) == [("", "Good morning", 1_000, 2_000)]


@pytest.mark.parametrize(
    "times",
    [
        "00:00:01,000 -> 00:00:02,000",
        "00:00:01,000 –> 00:00:02,000",
        "00:00:01,000 -- > 00:00:02,000",
        "00:00:01,000-->00:00:02,000",
        "０0：00：01，000 --＞ 00：00：02，000",
        "٠٠:٠٠:٠١,٠٠٠ --> ٠٠:٠٠:٠٢,٠٠٠",
        "0:1 --> 0:2",
        "00:00:01.000 --> 00:00:02.000 align:start X1:10",
    ],
)
def test_times_that_people_or_their_editors_changed(times: str) -> None:
    assert rows("a.srt", f"1\n{times}\nGood morning\n") == [("", "Good morning", 1_000, 2_000)]


def test_hours_beyond_99_stay() -> None:
    text = "1\n100:00:01,000 --> 100:00:02,000\nStill here\n"
    assert rows("a.srt", text) == [("", "Still here", 360_001_000, 360_002_000)]


def test_a_break_in_markup_parts_words() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n<b>Good</b><br>morning<BR/>all\n"
    assert rows("a.srt", text) == [("", "Good morning all", 1_000, 2_000)]


@pytest.mark.parametrize("sign", ["->", "-->", "–>", "—>", "--->"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_what_somebody_says_is_no_line_of_times(sign: str, encoding: str) -> None:
    said = f"00:00:05,000 {sign} 00:00:06,000"
    first = rows("a.srt", f"1\n00:00:01,000 --> 00:00:02,000\nx {said}\n")
    assert first == [("", f"x {said}", 1_000, 2_000)]
    read = read_transcript("a.srt", f"1\n00:00:01,000 --> 00:00:02,000\nx {said}\n".encode())
    options = ExportOptions.from_dict({"cue_line_length": 40, "encoding": encoding})
    again = FORMATS["srt"].write(ExportDocument(read), options)
    assert len(cues(read_transcript("a.srt", again))) == 1


def test_json_in_an_old_encoding_is_recognised_and_not_believed_blindly() -> None:
    said = "Où est la bibliothèque? Ça va très bien."
    text = json.dumps([{"start": 1.0, "end": 4.5, "text": said}], ensure_ascii=False)
    data = text.encode("cp1252")
    assert not recognise(data).is_sure
    assert rows("a.json", data) == [("", said, 1_000, 4_500)]


def test_characters_that_were_cut_in_two_are_no_old_encoding() -> None:
    data = "Größe, привет, 你好。".encode()
    broken = data[:-3] + data[-2:] + b" und gut"
    assert recognise(broken) == recognise(data)


def test_json_lines() -> None:
    lines = [{"start": at, "end": at + 1.5, "text": "so it was then"} for at in (1.0, 3.0)]
    text = "\n".join(map(json.dumps, lines)) + "\n"
    assert rows("a.json", text) == [("", "so it was then so it was then", 1_000, 4_500)]


def test_json_with_nothing_where_something_should_be() -> None:
    content = {
        "segments": [
            {"start": None, "end": None, "text": None},
            {"start": 1, "end": 2.5, "text": "Good morning all", "words": None},
            {"start": 3.0, "end": None, "text": "last words"},
        ],
        "language": None,
        "words": None,
    }
    assert rows("a.json", json.dumps(content)) == [
        ("", "Good morning all last words", 1_000, 3_700)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "00:00:01 Ann Lee\nGood morning\nto all\n\n00:00:05 Bo\nHi.\n",
        "[00:00:01] Ann Lee:\nGood morning\nto all\n\n[00:00:05] Bo:\nHi.\n",
        "Ann Lee (00:01)\nGood morning\nto all\n\nBo (00:05)\nHi.\n",
    ],
)
def test_names_beside_times_in_text(text: str) -> None:
    assert [row[:3] for row in rows("a.txt", text)] == [
        ("Ann Lee", "Good morning to all", 1_000),
        ("Bo", "Hi.", 5_000),
    ]


@pytest.mark.parametrize("name", ["a.ass", "a.sbv", "a.lrc", "a.ttml"])
@pytest.mark.parametrize(
    "data", [b"", b"\xff\x00\x80", b"<tt/>", b"[Events]\nDialogue: 0,a,b,c"]
)
def test_what_holds_no_words_is_a_sentence(name: str, data: bytes) -> None:
    with pytest.raises(ExportError):
        read_transcript(name, data)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.vtt",
            "WEBVTT\nKind: captions\nLanguage: de-DE\n\n00:01.000 --> 00:02.000\nHallo\n",
        ),
        ("a.ttml", TTML.replace('xml:lang="en"', 'xml:lang="de-DE"')),
    ],
)
def test_the_language_that_a_file_names_is_kept(name: str, text: str) -> None:
    assert read_transcript(name, text.encode()).language == "de"


@pytest.mark.parametrize(
    ("mode", "starts_ms"),
    [
        ("nonDrop", [3_603_600, 4_204_267]),
        ("dropNTSC", [3_599_996, 4_200_063]),
    ],
)
def test_frames_of_a_timecode_are_counted(mode: str, starts_ms: list[int]) -> None:
    data = f"""<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"
     ttp:timeBase="smpte" ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"
     ttp:dropMode="{mode}"><body><div>
     <p begin="01:00:00:00" end="01:00:02:15">Good morning.</p>
     <p begin="01:10:00;02" end="01:10:03;00">Ten minutes later.</p></div></body></tt>"""
    read = read_transcript("a.itt", data.encode())
    assert [start_ms for start_ms, _ in cues(read)] == starts_ms
