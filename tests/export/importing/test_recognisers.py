"""Replies of recognition services and programs: the right words, at the right time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.errors import ExportError
from app.core.transcript import Transcript
from app.export.importing.hints import Hints, TimeUnit, UncertainUnitError
from app.export.importing.readers import read_transcript
from app.export.importing.replies import read_json

FIELD = Path(__file__).parents[2] / "field" / "transcripts"
Row = tuple[str, str, int, int]


def turns(read: Transcript) -> list[Row]:
    """Give who says what from when to when."""
    return [
        (read.speaker_label(one.speaker_id), one.text, one.start_ms, one.end_ms)
        for one in read.paragraphs
    ]


def read_field(name: str) -> Transcript:
    return read_transcript(name, (FIELD / name).read_bytes())


def read_content(content: object, hints: Hints | None = None) -> Transcript:
    return read_json(json.dumps(content).encode(), hints or Hints())


VIBE = [
    ("Speaker 1", "Good morning and welcome.", 0, 3120),
    ("Speaker 2", "Thank you for having me.", 3300, 6400),
    ("Speaker 1", "Let us begin with the budget.", 6550, 10200),
]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "assemblyai.json",
            [("A", "Good morning.", 100, 900), ("B", "Thank you.", 1500, 2100)],
        ),
        ("aws.json", [("spk_0", "Good morning.", 40, 900)]),
        ("deepgram.json", [("Speaker 1", "Good morning.", 100, 900)]),
        (
            "hf-chunks.json",
            [
                ("SPEAKER_00", "Good morning and welcome.", 0, 4480),
                ("", "Thank you for having me.", 4880, 4880 + 5 * 350),
            ],
        ),
        (
            "podcast-index.json",
            [
                ("Darth Vader", "Good morning.", 500, 1500),
                ("Luke", "Thank you.", 2000, 3500),
            ],
        ),
        ("vibe-3.2.json", VIBE),
        ("vibe-core.json", VIBE),
        ("vibe-list.json", [("", " ".join(text for _, text, _, _ in VIBE), 0, 10200)]),
    ],
)
def test_files_from_the_field(name: str, said: list[Row]) -> None:
    assert turns(read_field(name)) == said


def test_lengths_that_are_told_are_taken() -> None:
    assert read_field("deepgram.json").duration_ms == 3000
    assert read_field("assemblyai.json").duration_ms == 3000
    assert read_field("assemblyai.json").language == "en"


WORDS = [("Good", 0.1, 0.4), ("morning", 0.4, 0.9), ("Thank", 1.5, 1.8), ("you", 1.8, 2.1)]
"""What everybody below says: two by the first speaker, two by the second."""
BY_TWO = [("Good morning.", 100, 900), ("Thank you.", 1500, 2100)]


def google(style: str) -> object:
    def time(seconds: float) -> object:
        if style == "nanos":
            return {"seconds": str(int(seconds)), "nanos": round(seconds % 1 * 1e9)}
        return f"{seconds}s"

    name = "Offset" if style == "v2" else "Time"
    tag = "speakerLabel" if style == "v2" else "speakerTag"
    said = [
        {
            "word": f"{word}{'.' if place % 2 else ''}",
            f"start{name}": time(start),
            f"end{name}": time(end),
            tag: str(place // 2 + 1) if style == "v2" else place // 2 + 1,
        }
        for place, (word, start, end) in enumerate(WORDS)
    ]
    untagged = [{key: value for key, value in one.items() if key != tag} for one in said]
    results = [
        {"alternatives": [{"transcript": "Good morning.", "words": untagged[:2]}]},
        {"alternatives": [{"transcript": " Thank you.", "words": untagged[2:]}]},
        {"alternatives": [{"words": said}]},
    ]
    if style == "v2":
        results = [{"alternatives": [{"transcript": "x", "words": said}]}]
    return {"response": {"results": results}} if style == "nanos" else {"results": results}


def amazon() -> object:
    items: list[object] = []
    for place, (word, start, end) in enumerate(WORDS):
        items.append(
            {
                "type": "pronunciation",
                "start_time": str(start),
                "end_time": str(end),
                "alternatives": [{"content": word, "confidence": "0.9"}],
            }
        )
        if place % 2:
            items.append({"type": "punctuation", "alternatives": [{"content": "."}]})
    labels = [
        {
            "speaker_label": f"spk_{place // 2}",
            "items": [{"start_time": str(start), "speaker_label": f"spk_{place // 2}"}],
        }
        for place, (_, start, _) in enumerate(WORDS)
    ]
    return {"results": {"items": items, "speaker_labels": {"segments": labels}}}


def deepgram_channels() -> object:
    channels = [
        {
            "alternatives": [
                {
                    "words": [
                        {
                            "word": word.lower(),
                            "punctuated_word": f"{word}{'.' if place % 2 else ''}",
                            "start": start,
                            "end": end,
                        }
                        for place, (word, start, end) in enumerate(WORDS)
                        if place // 2 == channel
                    ]
                }
            ]
        }
        for channel in range(2)
    ]
    return {"results": {"channels": channels}}


def rev() -> object:
    return {
        "speakers": [{"id": 0, "name": "Ann"}, {"id": 1, "name": "Bo"}],
        "monologues": [
            {
                "speaker": speaker,
                "elements": [
                    {"type": "text", "value": first[0], "ts": first[1], "end_ts": first[2]},
                    {"type": "punct", "value": " "},
                    {"type": "text", "value": last[0], "ts": last[1], "end_ts": last[2]},
                    {"type": "punct", "value": "."},
                ],
            }
            for speaker, (first, last) in enumerate((WORDS[:2], WORDS[2:]))
        ],
    }


def speechmatics() -> object:
    results: list[object] = []
    for place, (word, start, end) in enumerate(WORDS):
        heard = {"content": word, "confidence": 1.0, "speaker": f"S{place // 2 + 1}"}
        results.append(
            {"type": "word", "start_time": start, "end_time": end, "alternatives": [heard]}
        )
        if place % 2:
            stop = {"content": ".", "speaker": heard["speaker"]}
            results.append(
                {
                    "type": "punctuation",
                    "start_time": end,
                    "end_time": end,
                    "attaches_to": "previous",
                    "alternatives": [stop],
                }
            )
    return {"format": "2.9", "metadata": {}, "results": results}


def azure_batch() -> object:
    return {
        "source": "https://example.com/a.wav",
        "recognizedPhrases": [
            {
                "recognitionStatus": "Success",
                "channel": 0,
                "speaker": place + 1,
                "offset": "PT0.1S",
                "offsetInTicks": words[0][1] * 1e7,
                "durationInTicks": (words[-1][2] - words[0][1]) * 1e7,
                "nBest": [
                    {
                        "display": text,
                        "words": [
                            {
                                "word": word.lower(),
                                "offsetInTicks": start * 1e7,
                                "durationInTicks": (end - start) * 1e7,
                            }
                            for word, start, end in words
                        ],
                    }
                ],
            }
            for place, (words, text) in enumerate(
                ((WORDS[:2], "Good morning."), (WORDS[2:], "Thank you."))
            )
        ],
    }


def azure_fast() -> object:
    return {
        "durationMilliseconds": 3000,
        "combinedPhrases": [{"text": "Good morning. Thank you."}],
        "phrases": [
            {
                "speaker": place + 1,
                "offsetMilliseconds": start,
                "durationMilliseconds": end - start,
                "text": text,
            }
            for place, (text, start, end) in enumerate(BY_TWO)
        ],
    }


def eleven_labs() -> object:
    words: list[object] = []
    for place, (word, start, end) in enumerate(WORDS):
        stop = "." if place % 2 else ""
        who = f"speaker_{place // 2}"
        words.append(
            {"text": word + stop, "start": start, "end": end, "type": "word", "speaker_id": who}
        )
        words.append({"text": " ", "start": end, "end": end, "type": "spacing"})
    return {"language_code": "en", "text": "Good morning. Thank you.", "words": words}


def gladia() -> object:
    spoken = [
        {"text": text, "start": start / 1000, "end": end / 1000, "speaker": place}
        for place, (text, start, end) in enumerate(BY_TWO)
    ]
    return {"id": "x", "status": "done", "result": {"transcription": {"utterances": spoken}}}


def premiere() -> object:
    return {
        "language": "en-us",
        "speakers": [{"id": "a1", "name": "Ann"}, {"id": "b2", "name": "Bo"}],
        "segments": [
            {
                "speaker": "a1" if place == 0 else "b2",
                "start": words[0][1],
                "duration": words[-1][2] - words[0][1],
                "words": [
                    {
                        "text": f"{word}{'.' if number else ''}",
                        "start": start,
                        "duration": end - start,
                        "confidence": 1,
                        "type": "word",
                    }
                    for number, (word, start, end) in enumerate(words)
                ],
            }
            for place, words in enumerate((WORDS[:2], WORDS[2:]))
        ],
    }


def watson() -> object:
    said = [
        [f"{word}{'.' if place % 2 else ''}", *span]
        for place, (word, *span) in enumerate(WORDS)
    ]
    return {
        "results": [{"final": True, "alternatives": [{"transcript": "", "timestamps": said}]}],
        "speaker_labels": [
            {"from": start, "to": end, "speaker": place // 2}
            for place, (_, start, end) in enumerate(WORDS)
        ],
    }


def sentences(start: str, end: str, per_second: int) -> object:
    return {
        "title": "A meeting",
        "sentences": [
            {
                "speaker_name": f"Speaker {place + 1}",
                "text": text,
                start: from_ms * per_second / 1000,
                end: to_ms * per_second / 1000,
            }
            for place, (text, from_ms, to_ms) in enumerate(BY_TWO)
        ],
    }


def youtube() -> object:
    return {
        "wireMagic": "pb3",
        "events": [
            {"tStartMs": 0, "dDurationMs": 3000, "id": 1},
            {
                "tStartMs": 100,
                "dDurationMs": 2000,
                "segs": [{"utf8": "Good"}, {"utf8": " morning.", "tOffsetMs": 300}],
            },
            {"tStartMs": 1400, "dDurationMs": 700, "aAppend": 1, "segs": [{"utf8": "\n"}]},
            {
                "tStartMs": 1500,
                "dDurationMs": 600,
                "segs": [{"utf8": "Thank"}, {"utf8": " you.", "tOffsetMs": 300}],
            },
        ],
    }


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (google("v1"), ("Speaker 1", "Speaker 2")),
        (google("v2"), ("Speaker 1", "Speaker 2")),
        (google("nanos"), ("Speaker 1", "Speaker 2")),
        (amazon(), ("spk_0", "spk_1")),
        (deepgram_channels(), ("Speaker 1", "Speaker 2")),
        (rev(), ("Ann", "Bo")),
        (speechmatics(), ("S1", "S2")),
        (azure_batch(), ("Speaker 1", "Speaker 2")),
        (azure_fast(), ("Speaker 1", "Speaker 2")),
        (eleven_labs(), ("speaker_0", "speaker_1")),
        (gladia(), ("Speaker 1", "Speaker 2")),
        (premiere(), ("Ann", "Bo")),
        (watson(), ("Speaker 1", "Speaker 2")),
        (sentences("start_time", "end_time", 1), ("Speaker 1", "Speaker 2")),
        (sentences("startMs", "endMs", 1000), ("Speaker 1", "Speaker 2")),
        (sentences("start_ms", "end_ms", 1000), ("Speaker 1", "Speaker 2")),
        (sentences("startTime", "endTime", 1000), ("Speaker 1", "Speaker 2")),
    ],
    ids=[
        "google v1",
        "google v2",
        "google seconds and nanos",
        "amazon with labels apart",
        "deepgram with channels",
        "rev",
        "speechmatics",
        "azure batch",
        "azure fast",
        "elevenlabs",
        "gladia",
        "premiere",
        "watson",
        "sentences in seconds",
        "sentences in startMs",
        "sentences in start_ms",
        "sentences in milliseconds that nothing tells",
    ],
)
def test_two_speakers_of_every_recogniser(content: object, names: tuple[str, str]) -> None:
    expected = [(name, *said) for name, said in zip(names, BY_TWO, strict=True)]
    assert turns(read_content(content)) == expected


SAID = [("Speaker 1", "Good morning.", 100, 900), ("Speaker 2", "Thank you.", 1500, 2100)]


def in_words(place: int) -> list[dict[str, object]]:
    return [
        {
            "word": f"{word}{'.' if number else ''}",
            "text": f"{word}{'.' if number else ''}",
            "start": start,
            "end": end,
            "conf": 1.0,
            "type": "word",
        }
        for number, (word, start, end) in enumerate(WORDS[2 * place : 2 * place + 2])
    ]


@pytest.mark.parametrize(
    ("content", "has_names"),
    [
        (
            {
                "results": {
                    "items": [],
                    "audio_segments": [
                        {"transcript": text, "start_time": f"{start / 1000}",
                         "end_time": f"{end / 1000}", "speaker_label": name}
                        for name, text, start, end in SAID
                    ],
                }
            },
            True,
        ),
        (
            {
                "results": {
                    "channels": [
                        {
                            "alternatives": [
                                {
                                    "transcript": "Good morning. Thank you.",
                                    "paragraphs": {
                                        "paragraphs": [
                                            {"speaker": place,
                                             "sentences": [{"text": text, "start": start / 1000,
                                                            "end": end / 1000}]}
                                            for place, (_, text, start, end) in enumerate(SAID)
                                        ]
                                    },
                                }
                            ]
                        }
                    ]
                }
            },
            True,
        ),
        ({"transcripts": [{"channel_index": n, "words": in_words(n)} for n in (0, 1)]}, True),
        ([{"result": in_words(n), "text": "x"} for n in (0, 1)], False),
    ],
    ids=["amazon lines", "deepgram sentences", "elevenlabs channels", "vosk"],
)  # fmt: skip
def test_replies_whose_words_lie_in_parts(content: object, *, has_names: bool) -> None:
    read = read_content(content)
    if has_names:
        assert turns(read) == SAID
    else:
        assert turns(read) == [("", "Good morning. Thank you.", 100, 2100)]


def test_azure_in_its_simple_form() -> None:
    said = {"RecognitionStatus": "Success", "Offset": 1_000_000, "Duration": 8_000_000}
    read = read_content({**said, "DisplayText": "Good morning."})
    assert turns(read) == [("", "Good morning.", 100, 900)]


def test_captions_of_youtube_say_when_each_word_begins() -> None:
    read = read_content(youtube())
    assert [(word.text, word.start_ms) for word in read.words()] == [
        ("Good", 100),
        ("morning.", 400),
        ("Thank", 1500),
        ("you.", 1800),
    ]


def test_hugging_face_words() -> None:
    chunks = [{"text": f" {word}", "timestamp": [start, end]} for word, start, end in WORDS]
    read = read_content({"text": "", "chunks": chunks})
    assert [(word.text, word.start_ms, word.end_ms) for word in read.words()] == [
        (word, round(start * 1000), round(end * 1000)) for word, start, end in WORDS
    ]


# ------------------------------------------------------------------------------- units


def read_or_asked(said: object) -> tuple[Transcript | None, tuple[TimeUnit, ...]]:
    """Read what settles its unit itself; else say which units are asked about."""
    try:
        return read_content(said), tuple(TimeUnit)
    except UncertainUnitError as error:
        return None, error.units


LINES = st.lists(
    st.tuples(
        st.sampled_from(
            ["Good morning and welcome.", "Yes, of course.", "Let us begin with the budget."]
        ),
        st.floats(6, 20),
        st.integers(0, 3_000),
    ),
    min_size=3,
    max_size=12,
)
"""Text, how many signs of it are said a second, and the pause behind it."""


@pytest.mark.parametrize("unit", TimeUnit)
@given(lines=LINES, first_ms=st.integers(0, 60_000))
def test_a_unit_that_nothing_tells_is_found_by_how_fast_one_speaks(
    unit: TimeUnit, lines: list[tuple[str, float, int]], first_ms: int
) -> None:
    said: list[dict[str, object]] = []
    at_ms = first_ms
    for text, rate, pause_ms in lines:
        end_ms = at_ms + round(len(text) / rate * 1000)
        span = [ms * unit.per_second / 1000 for ms in (at_ms, end_ms)]
        if unit is not TimeUnit.SECONDS:
            span = [round(number) for number in span]
        said.append({"start": span[0], "stop": span[1], "text": text})
        at_ms = end_ms + pause_ms
    last_ms = at_ms - lines[-1][2]
    read, possible = read_or_asked(said)
    assert unit in possible  # asked for at the worst, never taken wrongly
    if read is not None:
        assert abs(max(word.end_ms for word in read.words()) - last_ms) <= 20
    told = read_content(said, Hints(unit=unit))
    assert abs(next(told.words()).start_ms - first_ms) <= 20


SLOW = [
    {"start": place * 900, "end": place * 900 + 800, "text": "Yes, and no."}
    for place in range(9)
]
"""In hundredths a very slow speaker, in milliseconds a usual one: 8000 at the end."""


def test_where_speech_does_not_settle_it_the_recording_does() -> None:
    doubtful = [{**one, "text": "Yes, and then nothing."} for one in SLOW]
    with pytest.raises(UncertainUnitError) as caught:
        read_content(doubtful)
    assert set(caught.value.units) == {TimeUnit.HUNDREDTHS, TimeUnit.MILLISECONDS}
    for recording_ms, last_ms in ((82_000, 80_000), (8_200, 8_000)):
        read = read_content(doubtful, Hints(recording_ms=recording_ms))
        assert read.paragraphs[-1].end_ms == last_ms
    asked = read_content(doubtful, Hints(unit=TimeUnit.HUNDREDTHS))
    assert asked.paragraphs[-1].end_ms == 80_000


def test_a_length_in_seconds_settles_it_too() -> None:
    doubtful = [{**one, "text": "Yes, and then nothing."} for one in SLOW]
    for length, last_ms in ((81, 80_000), (8.1, 8_000)):
        read = read_content({"segments": doubtful, "duration": length})
        assert read.paragraphs[-1].end_ms == last_ms


@pytest.mark.parametrize(
    "told",
    [
        {"duration_ms": 81_000},
        {"metadata": {"durationMs": 81_000}},
        {"durationSeconds": 81},
        {"media": {"duration": 81}},
        {"audioDuration": 81.0},
    ],
)
def test_a_length_under_any_name_settles_it(told: dict[str, object]) -> None:
    doubtful = [{**one, "text": "Yes, and then nothing."} for one in SLOW]
    assert read_content({"segments": doubtful, **told}).paragraphs[-1].end_ms == 80_000


def test_whisper_counts_seconds_however_long_it_invents_words() -> None:
    said = [{"start": 0, "end": 900, "text": "you", "seek": 0, "no_speech_prob": 0.9}]
    assert read_content({"segments": said}).paragraphs[0].end_ms == 900_000


# ------------------------------------------------------------------------ what is unknown


@pytest.mark.parametrize(
    ("content", "origin"),
    [
        ({"jobName": "a", "accountId": "1", "status": "IN_PROGRESS"}, "Amazon"),
        ({"request_id": "b"}, "Deepgram"),
        ({"id": "c", "audio_url": "u", "status": "queued"}, "AssemblyAI"),
        ({"name": "op", "metadata": {}, "done": False}, "Google"),
        ({"values": [], "@nextLink": ""}, "Azure"),
        ({"compositions": []}, "Descript"),
        ({"otid": "1", "title": "t"}, "Otter"),
        ({"results": {"channels": [{"alternatives": [{"transcript": "a"}]}]}}, "Deepgram"),
        ({"results": {"items": [{"alternatives": []}]}}, "Amazon"),
        ({"monologues": []}, "Rev"),
        ({"text": "Hello there."}, "a recogniser"),
    ],
)
def test_what_holds_no_words_is_named_by_its_origin(content: object, origin: str) -> None:
    with pytest.raises(ExportError) as caught:
        read_content(content)
    sentence = caught.value.message.fill()
    assert origin in sentence
    assert "save" in sentence


def test_what_is_not_known_at_all_says_what_to_save() -> None:
    with pytest.raises(ExportError, match="SRT or WebVTT"):
        read_content({"pictures": [1, 2]})


NAMES = [
    "results",
    "channels",
    "alternatives",
    "items",
    "words",
    "word",
    "content",
    "type",
    "monologues",
    "elements",
    "value",
    "ts",
    "recognizedPhrases",
    "nBest",
    "NBest",
    "chunks",
    "timestamp",
    "timestamps",
    "speakers",
    "id",
    "name",
    "audio_duration",
    "utterances",
    "status",
    "events",
    "tStartMs",
    "segs",
    "utf8",
    "start",
    "end",
    "duration",
    "offset",
    "text",
    "transcript",
    "speaker",
]
ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "1", "a", "PT1S"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(ANY)
@example({"recognizedPhrases": [], "results": None, "speaker": []})
def test_any_shape_is_a_sentence_or_a_transcript(content: object) -> None:
    try:
        read = read_content(content)
    except ExportError:
        return
    assert all(word.text for word in read.words())
