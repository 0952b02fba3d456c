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
TEAMS = OTTER.replace("Meyer  ", "Meyer  |  ").replace("Neil  ", "Neil  |  ")
FIREFLIES = OTTER.replace("Meyer  ", "Meyer - ").replace("Neil  ", "Neil - ")
ONE_SPACE = OTTER.replace("  ", " ")
BELOW = """[00:00:05]
Christina Meyer: Good morning and welcome.

[01:02:10]
Tom O'Neil: At 10:30 we have a break.
"""
RANGES = DESCRIPT.replace("[00:00:05]", "[00:00:05.000 --> 00:00:07.000] ").replace(
    "[01:02:10]", "[01:02:10.000 --> 01:02:13.500] "
)
PREMIERE = """00:00:05:00 - 00:00:07:10
Speaker 1
Good morning and welcome.

01:02:10:00 - 01:02:13:00
Speaker 2
At 10:30 we have a break.
"""
TEXTS = {
    "teams": TEAMS,
    "fireflies": FIREFLIES,
    "one space": ONE_SPACE,
    "named below": BELOW,
    "ranges": RANGES,
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


@pytest.mark.parametrize("title", ["", "Budget\n\n"])
def test_names_on_the_line_above_each_time_are_read(title: str) -> None:
    said = [
        ("Ann Lee", "0:05", "Good morning"),
        ("Bob", "0:10", "Hello."),
        ("Ann Lee", "0:15", "Yes"),
    ]
    text = title + "\n".join(f"{name}\n{time}\n{line}\n" for name, time, line in said)
    read = read_transcript("a.txt", text.encode())
    assert [(read.speaker_label(one.speaker_id), one.text) for one in read.paragraphs] == [
        (name, line) for name, _, line in said
    ]
    assert read.paragraphs[0].note == title.strip()


def test_numbers_on_the_line_above_each_time_are_no_words() -> None:
    text = "1\n00:00:01:00 - 00:00:02:00\nGood morning\n\n2\n00:00:03:00 - 00:00:04:00\nBye\n"
    assert read_transcript("a.txt", text.encode()).text.split() == ["Good", "morning", "Bye"]


def test_what_stands_above_the_first_time_is_kept() -> None:
    read = read_transcript("a.txt", NAMED.encode())
    assert read.paragraphs[0].note == "Budget meeting"
    read = read_transcript("a.txt", f"Budget\n\nNobody is here yet.\n\n{OTTER}".encode())
    first = read.paragraphs[0]
    assert (first.text, first.start_ms, first.speaker_id) == (
        "Budget Nobody is here yet.",
        0,
        None,
    )
    assert first.end_ms <= read.paragraphs[1].start_ms
    assert not any(one.note for one in read.paragraphs)


def test_text_without_times_says_what_to_save() -> None:
    with pytest.raises(ExportError, match="SRT or WebVTT"):
        read_transcript("a.txt", b"Good morning.\n")


AVID = """<begin subtitles>

00:00:03:05 00:00:05:10
Hello there.

00:00:06:00 00:00:08:00
Hi.

<end subtitles>
"""


def said_in(text: str) -> list[tuple[str, str, int, int]]:
    """Give who says what in a text, from when to when."""
    read = read_transcript("a.txt", text.encode())
    return [
        (
            read.speaker_label(one.speaker_id),
            one.text,
            one.start_ms,
            one.words[-1].end_ms,
        )
        for one in read.paragraphs
    ]


def test_names_on_lines_of_their_own_and_pictures_of_a_second_are_read() -> None:
    assert said_in(PREMIERE) == [
        ("Speaker 1", "Good morning and welcome.", 5_000, 7_400),
        ("Speaker 2", "At 10:30 we have a break.", 3_730_000, 3_733_000),
    ]


@pytest.mark.parametrize(
    "text",
    [
        AVID,
        "00:00:03.2 - 00:00:05.4\nHello there.\n00:00:06 - 00:00:08\nHi.\n",
        "3.200000\t5.400000\tHello there.\n\\\t-1.0\t-1.0\n6.000000\t8.000000\tHi.\n",
        "[00:00:03.200 --> 00:00:05.400]  Hello there.\n[00:00:06 --> 00:00:08.000]  Hi.\n",
    ],
    ids=["avid", "ranges", "audacity", "whisper"],
)
def test_the_second_time_is_no_word(text: str) -> None:
    assert said_in(text) == [
        ("", "Hello there.", 3_200, 5_400),
        ("", "Hi.", 6_000, 8_000),
    ]


def test_several_people_below_one_time_share_it() -> None:
    text = "[0:03]\nANN: Hi there\nBOB: Oh\n[0:10]\nANN: Yes\n"
    assert [one[:2] for one in said_in(text)] == [
        ("ANN", "Hi there"),
        ("BOB", "Oh"),
        ("ANN", "Yes"),
    ]


def test_a_sentence_that_ends_with_a_time_is_no_heading() -> None:
    assert [one[:3] for one in said_in("[0:03] Ann: Hi\nWe met - 10:30\n[0:09] Bob: Oh\n")] == [
        ("Ann", "Hi We met - 10:30", 3_000),
        ("Bob", "Oh", 9_000),
    ]


def test_captions_with_the_time_of_day_begin_with_the_recording() -> None:
    text = "[Ann Lee] 14:02:21\nHello\n\n[Bob Ray] 14:03:02\nHi there\n"
    assert [one[:3] for one in said_in(text)] == [
        ("Ann Lee", "Hello", 0),
        ("Bob Ray", "Hi there", 41_000),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "00:02:21\t From  Ann Lee : Hello all\n00:03:02\t From  Bob Ray : the link?\n",
        "00:02:21\tFrom Ann Lee to Everyone:\n\tHello\n00:03:02\tFrom Bob to Ann:\n\tOh\n",
        "14:02:21 Von Ann Lee an Alle:\n\tHallo\n",
    ],
)
def test_the_chat_of_a_meeting_is_called_what_it_is(text: str) -> None:
    with pytest.raises(ExportError, match="chat of a meeting"):
        read_transcript("meeting_saved_chat.txt", text.encode())
