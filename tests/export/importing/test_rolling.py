"""Captions that roll or grow say everything once; what somebody says twice stays."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.timecode import timestamp
from app.core.transcript import Transcript
from app.export.importing.readers import read_transcript

Shown = tuple[int, int, list[str]]


def srt(shown: Sequence[Shown]) -> tuple[str, str]:
    return "a.srt", "".join(
        f"{number}\n{timestamp(start, decimal=',')} --> {timestamp(end, decimal=',')}\n"
        + "\n".join(lines)
        + "\n\n"
        for number, (start, end, lines) in enumerate(shown, start=1)
    )


def vtt(shown: Sequence[Shown]) -> tuple[str, str]:
    blocks = [
        f"{timestamp(start)} --> {timestamp(end)}\n" + "\n".join(lines)
        for start, end, lines in shown
    ]
    return "a.vtt", "WEBVTT\n\n" + "\n\n".join(blocks) + "\n"


def in_json(
    name: str, start: str, end: str, text: str, per_second: int = 1, gap: str = "\n"
) -> Callable[[Sequence[Shown]], tuple[str, str]]:
    def write(shown: Sequence[Shown]) -> tuple[str, str]:
        items = [
            {
                start: from_ms * per_second / 1000,
                end: to_ms * per_second / 1000,
                text: gap.join(lines),
            }
            for from_ms, to_ms, lines in shown
        ]
        return "a.json", json.dumps({name: items} if name else items)

    return write


def with_words(shown: Sequence[Shown]) -> tuple[str, str]:
    """Write segments whose words have times, as an aligner makes them of such captions."""
    items: list[object] = []
    for start, end, lines in shown:
        said = " ".join(lines).split()
        step = (end - start) / max(1, len(said)) / 1000
        items.append(
            {
                "start": start / 1000,
                "end": end / 1000,
                "text": "\n".join(lines),
                "words": [
                    {
                        "word": word,
                        "start": start / 1000 + place * step,
                        "end": start / 1000 + (place + 1) * step,
                    }
                    for place, word in enumerate(said)
                ],
            }
        )
    return "a.json", json.dumps({"segments": items})


FORMATS = {
    "srt": srt,
    "vtt": vtt,
    "segments": in_json("segments", "start", "end", "text"),
    "segments on one line": in_json("segments", "start", "end", "text", gap=" "),
    "podcast": in_json("segments", "startTime", "endTime", "body"),
    "list": in_json("", "start", "end", "text"),
    "milliseconds": in_json("captions", "startMs", "endMs", "text", per_second=1000),
    "with words": with_words,
}


def read(form: str, shown: Sequence[Shown]) -> Transcript:
    name, text = FORMATS[form](shown)
    return read_transcript(name, text.encode())


def said(transcript: Transcript) -> list[str]:
    return [word.text for word in transcript.words()]


LINES = [
    "good morning and welcome to the show",
    "today we talk about rivers",
    "no no no I said no",
    "and about bridges over them",
    "yes yes it is so",
    "good morning and welcome to the show",
    "that is all for now thank you",
]
"""Somebody says one of these twice, and some words twice in a row."""


def rolling(lines: Sequence[str], window: int) -> list[Shown]:
    return [
        (at * 2_000, at * 2_000 + 2_000, list(lines[max(0, at - window + 1) : at + 1]))
        for at in range(len(lines))
    ]


def growing(lines: Sequence[str], *, above: bool) -> list[Shown]:
    shown: list[Shown] = []
    at_ms = 0
    for number, line in enumerate(lines):
        words = line.split()
        for count in range(1, len(words) + 1):
            top = [lines[number - 1]] if above and number else []
            shown.append((at_ms, at_ms + 300, [*top, " ".join(words[:count])]))
            at_ms += 300
        at_ms += 500
    return shown


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("window", [2, 3, 4])
def test_what_rolls_is_said_once(form: str, window: int) -> None:
    transcript = read(form, rolling(LINES, window))
    assert said(transcript) == " ".join(LINES).split()
    starts = [word.start_ms for word in transcript.words()]
    assert starts == sorted(starts)
    firsts = [sum(len(line.split()) for line in LINES[:at]) for at in range(len(LINES))]
    assert [starts[place] // 2_000 for place in firsts] == list(range(len(LINES)))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("above", [False, True], ids=["alone", "below the line before"])
def test_what_grows_is_said_once_and_each_word_when_it_comes(form: str, *, above: bool) -> None:
    above = above and form != "segments on one line"  # where nobody could tell them apart
    shown = growing(LINES, above=above)
    transcript = read(form, shown)
    assert said(transcript) == " ".join(LINES).split()
    if form != "with words":
        assert [word.start_ms for word in transcript.words()] == [
            start for start, _, _ in shown
        ]


def test_a_grown_cue_is_one_cue() -> None:
    transcript = read("srt", growing(LINES, above=False))
    cues = [word.layout.cue for word in transcript.words() if word.layout and word.layout.cue]
    assert len(cues) == len(LINES)
    assert cues[0] == (0, 7 * 300)


@pytest.mark.parametrize("form", FORMATS)
def test_words_that_each_caption_shows_again_are_said_once(form: str) -> None:
    text = "one day we went down to the river and there we saw an old bridge"
    words = text.split()
    shown = [
        (at * 500, at * 500 + 1_000, [" ".join(words[at : at + 6])]) for at in range(0, 11, 2)
    ]
    assert said(read(form, shown)) == words


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "with words"])
def test_chinese_that_grows_is_said_once(form: str) -> None:
    text = "今天我们谈谈河流和桥"
    shown = [(at * 300, at * 300 + 300, [text[: at + 1]]) for at in range(len(text))]
    assert "".join(said(read(form, shown))) == text


@pytest.mark.parametrize("form", ["srt", "vtt"])
def test_tags_stay_where_they_were_in_what_grows(form: str) -> None:
    text = {"vtt": "A &amp; B <i>are</i> letters", "srt": "so <i>it</i> is"}[form]
    words = text.split()
    shown = [
        (at * 300, at * 300 + 300, [" ".join(words[: at + 1])]) for at in range(len(words))
    ]
    transcript = read(form, shown)
    slanted = [
        word.text for word in transcript.words() if word.layout and word.layout.is_italic
    ]
    assert slanted == ["are" if form == "vtt" else "it"]
    assert said(transcript) == ("A & B are letters" if form == "vtt" else "so it is").split()


SAID = st.lists(
    st.lists(st.sampled_from(["no", "yes", "I", "said", "it", "is"]), min_size=1, max_size=5),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("form", FORMATS)
@given(texts=SAID, pause_ms=st.integers(101, 3_000))
def test_whatever_is_said_twice_after_a_pause_stays(
    form: str, texts: list[list[str]], pause_ms: int
) -> None:
    shown: list[Shown] = []
    at_ms = 0
    for words in texts:
        shown.append((at_ms, at_ms + 900, [" ".join(words)]))
        at_ms += 900 + pause_ms
    assert said(read(form, shown)) == [word for words in texts for word in words]


UNLIKE = st.lists(
    st.sampled_from(
        [
            "no",
            "no I said",
            "I said no",
            "Yes.",
            "Yes. It is.",
            "never ever",
            "we went there",
            "and it was late",
            "the river was high",
            "so we came home",
        ]
    ),
    min_size=1,
    max_size=14,
)


@pytest.mark.parametrize("form", FORMATS)
@given(texts=UNLIKE)
def test_whatever_is_said_twice_at_once_stays_in_a_file_that_does_not_roll(
    form: str, texts: list[str]
) -> None:
    # Each followed by something else, as no rolling caption is.
    texts = [
        one for pair in zip(texts, ["in between"] * len(texts), strict=True) for one in pair
    ]
    shown = [(at * 900, at * 900 + 900, [text]) for at, text in enumerate(texts)]
    assert said(read(form, shown)) == " ".join(texts).split()


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", ["Yes.", "No, no.", "I said no.", "Never ever"])
@pytest.mark.parametrize("count", [2, 3, 6])
def test_the_same_caption_again_and_again_stays(form: str, text: str, count: int) -> None:
    shown = [(at * 900, at * 900 + 900, [text]) for at in range(count)]
    assert said(read(form, shown)) == (f"{text} " * count).split()


@pytest.mark.parametrize("form", ["srt", "vtt", "segments"])
def test_a_line_said_three_times_in_what_rolls_is_kept_three_times(form: str) -> None:
    lines = [
        "we begin here now",
        "so it is",
        "so it is",
        "so it is",
        "and go on there",
        "to the end",
    ]
    assert said(read(form, rolling(lines, 2))) == " ".join(lines).split()
