"""What is sent, and what is made of anything that comes back."""

from __future__ import annotations

import contextlib
import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import ServiceError
from app.core.options import ModelId, TranscriptionOptions
from app.core.timeline import Timeline
from app.core.transcript import Transcript
from app.waves.codec import (
    Accepted,
    Reply,
    Webhook,
    build_headers,
    build_query,
    clean_key,
    decode_delivery,
    decode_reply,
)
from app.waves.errors import BadReplyError, NoKeyError, RefusedError, WavesError
from app.waves.words import LONGEST_MS

PULSE = TranscriptionOptions(ModelId.PULSE)
PRO = TranscriptionOptions(ModelId.PULSE_PRO)


def transcript_of(
    reply: object, options: TranscriptionOptions = PULSE, **known: Any
) -> Transcript:
    body = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
    decoded = decode_reply(200, {}, body, options, **known)
    assert isinstance(decoded, Reply)
    assert decoded.raw == body
    return decoded.transcript


def said(words: list[Any], text: str | None = None, **fields: Any) -> dict[str, Any]:
    if text is None:
        text = " ".join(str(one.get("word", "")) for one in words)
    return {"status": "success", "transcription": text, "words": words, **fields}


def word(text: str, start: Any, end: Any, **fields: Any) -> dict[str, Any]:
    return {"word": text, "start": start, "end": end, **fields}


# ---------------------------------------------------------------------- the query


def test_what_is_off_is_left_out():
    assert build_query(PULSE) == (
        ("model", "pulse"),
        ("language", "en"),
        ("word_timestamps", "true"),
    )


def test_pulse_pro_is_not_asked_for_what_it_does_not_do():
    options = TranscriptionOptions(
        ModelId.PULSE_PRO,
        "de",
        diarize=True,
        speakers=3,
        redact_pii=True,
        emotion=True,
        gender=True,
    )
    assert build_query(options) == build_query(PRO)


def test_only_pulse_pro_is_given_a_webhook():
    hook = Webhook("https://me.example/s", extra="job:1")
    assert ("webhook_extra", "job:1") in build_query(PRO, hook)
    assert build_query(PULSE, hook) == build_query(PULSE)


@pytest.mark.parametrize(
    ("chosen", "sent"),
    [
        ("en-US", "en"),
        ("es_419", "es"),
        ("multi-eu", "multi-eu"),
        ("hi-dev", "hi-dev"),
        ("auto", "multi-eu"),
        ("yue", "yue"),
    ],
)
def test_language_codes_are_those_of_the_service(chosen: str, sent: str):
    options = TranscriptionOptions(ModelId.PULSE, chosen)
    assert dict(build_query(options))["language"] == sent


@pytest.mark.parametrize(
    "key", [" sk_a1\n", "sk_a1", "Bearer sk_a1", "\ufeffsk_a1\u200b", "bearer  sk_a1"]
)
def test_a_pasted_key_is_trimmed(key: str):
    assert build_headers(key)["Authorization"] == "Bearer sk_a1"


@pytest.mark.parametrize(
    "key", ["", "  ", "Bearer ", "sk a", "sk\nX-Evil: 1", "sk_é", "sk\x00"]
)
def test_a_key_that_cannot_be_one_is_refused(key: str):
    with pytest.raises(NoKeyError) as caught:
        clean_key(key)
    assert not key.strip() or key.strip() not in str(caught.value)


# ---------------------------------------------------------------- turns and speakers


def test_sentences_of_one_speaker_make_one_paragraph():
    reply = said(
        [
            word("One.", 0, 1, speaker=0),
            word("Two.", 1, 2, speaker=0),
            word("No.", 2, 3, speaker=1),
        ],
        utterances=[
            {"text": "One.", "start": 0, "end": 1, "speaker": 0},
            {"text": "Two.", "start": 1, "end": 2, "speaker": 0},
            {"text": "No.", "start": 2, "end": 3, "speaker": 1},
        ],
    )
    transcript = transcript_of(reply)
    assert [paragraph.text for paragraph in transcript.paragraphs] == ["One. Two.", "No."]


def test_words_without_speakers_take_those_of_their_utterance():
    reply = said(
        [word("Hi", 0, 1), word("you", 1.2, 2)],
        utterances=[
            {"text": "you", "start": 1.1, "end": 2, "speaker": "speaker_1"},
            {"text": "Hi", "start": 0, "end": 1, "speaker": "speaker_0"},
        ],
    )
    ids = [paragraph.speaker_id for paragraph in transcript_of(reply).paragraphs]
    assert ids == ["speaker-0", "speaker-1"]


@pytest.mark.parametrize(
    ("given_as", "expected"),
    [
        (0, "speaker-0"),
        ("speaker_3", "speaker-3"),
        ("SPEAKER_00", "speaker-0"),
        (2.0, "speaker-2"),
        ("Anna", "Anna"),
        (None, None),
        (True, None),
        ([], None),
        ("", None),
        (10**400, None),
    ],
)
def test_speakers_are_numbers_or_labels(given_as: Any, expected: str | None):
    body = json.dumps(said([word("Hi", 0, 1, speaker=given_as)])).encode()
    transcript = transcript_of(body)
    assert transcript.paragraphs[0].speaker_id == expected
    names = [speaker.name for speaker in transcript.speakers]
    assert names == ([] if expected is None else ["Anna" if expected == "Anna" else ""])


def test_a_word_without_speaker_belongs_to_the_one_before():
    reply = said([word("a", 0, 1), word("b", 1, 2, speaker=1), word("c", 2, 3, speaker=None)])
    assert len(transcript_of(reply).paragraphs) == 1


# ----------------------------------------------------------------- texts and words


def test_text_without_words_is_spread_over_the_recording():
    transcript = transcript_of(said([], "ab ab ab ab", metadata={"duration": 8}))
    words = list(transcript.words())
    assert [one.start_ms for one in words] == [0, 2000, 4000, 6000]
    assert words[-1].end_ms == transcript.duration_ms == 8000
    assert all(one.is_estimated for one in words)


def test_text_without_words_and_length_is_spoken_at_a_usual_speed():
    words = list(transcript_of(said([], "Hello there")).words())
    assert 0 == words[0].start_ms < words[1].start_ms < words[1].end_ms < 5_000


def test_no_text_is_a_transcript_without_words():
    assert transcript_of(said([], "")).paragraphs == ()
    assert transcript_of({"transcription": " \n"}).paragraphs == ()


def test_text_longer_than_the_words_is_completed():
    reply = said([word("brown", 2, 3), word("fox", 3, 4)], "The quick brown fox jumps high.")
    transcript = transcript_of(reply, duration_ms=8000)
    assert transcript.text == "The quick brown fox jumps high."
    estimated = [one.text for one in transcript.words() if one.is_estimated]
    assert estimated == ["The", "quick", "jumps", "high."]
    starts = [one.start_ms for one in transcript.words()]
    assert starts == sorted(starts)


def test_words_spelt_otherwise_in_the_text_are_not_doubled():
    reply = said([word("twenty", 0, 1), word("cats", 1, 2)], "20 cats sat")
    assert transcript_of(reply).text == "twenty cats sat"


@pytest.mark.parametrize("timed", [True, False])
def test_chinese_is_written_without_spaces(timed: bool):
    text = "今天天气很好。我们走吧！"
    words = [
        word("今天", 0, 1),
        word("天气", 1, 2),
        word("很好。", 2, 3),
        word("我们", 3, 4),
        word("走吧！", 4, 5),
    ]
    assert transcript_of(said(words if timed else [], text)).text == text


def test_words_of_chinese_without_the_text_are_joined():
    words = [word("今天", 0, 1), word("好。", 1, 2), word("OK", 2, 3)]
    assert transcript_of(said(words, "")).text == "今天好。 OK"


def test_utterances_alone_are_enough():
    reply = said([], "", utterances=[{"text": "Hello you", "start": 1, "end": 2, "speaker": 1}])
    transcript = transcript_of(reply)
    assert transcript.text == "Hello you"
    assert [one.start_ms for one in transcript.words()] == [1000, 1600]


def test_control_characters_and_halves_of_letters_vanish():
    odd = r"a\u0000\u001b[31mb\ud800\u202e"
    reply = b'{"transcription":"","words":[{"word":"%s"}]}' % odd.encode()
    text = transcript_of(reply).text
    assert text == "a[31mb\u202e"
    text.encode()


def test_a_word_of_5000_letters_stays_whole():
    assert transcript_of(said([word("x" * 5000, 0, 1)])).text == "x" * 5000


# ------------------------------------------------------------------------- odd times


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (-1, 0.5, (0, 500)),
        (2, 1, (2000, 2000)),
        ("0.5", "1.5", (500, 1500)),
        (None, 3, (3000, 3000)),
        (1e300, 1e308, (LONGEST_MS, LONGEST_MS)),
        (10**30, 10**500, (LONGEST_MS, LONGEST_MS)),
        (True, [], (0, 1000)),
    ],
)
def test_odd_times_make_sense(start: Any, end: Any, expected: tuple[int, int]):
    # the limit on digits in int(text) concerns json.dumps too, so 10**500 is written by hand
    only = next(transcript_of(said([word("a", start, end)]), duration_ms=1000).words())
    assert only.start_ms == expected[0]
    assert only.end_ms == expected[1] or only.is_estimated


def test_not_a_number_is_no_time():
    body = (
        b'{"transcription":"a b","words":[{"word":"a","start":NaN,"end":Infinity},'
        b'{"word":"b","start":4,"end":5}]}'
    )
    first, second = transcript_of(body).words()
    assert first.is_estimated
    assert first.start_ms <= second.start_ms == 4000


def test_unsorted_and_overlapping_times_are_kept():
    reply = said([word("b", 3, 9), word("a", 1, 4)])
    assert [(one.start_ms, one.end_ms) for one in transcript_of(reply).words()] == [
        (3000, 9000),
        (1000, 4000),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"\xff\xfe\x00",
        b"1" * 100_000,
        b"null",
        b'"text"',
        b'{"transcription":' + b"9" * 5000 + b"}",
        b"\xef\xbb\xbf",
    ],
)
def test_hostile_answers_are_errors(body: bytes):
    with pytest.raises(WavesError):
        decode_reply(200, {}, body, PULSE)


# ------------------------------------------------------------------ accepted, notes


def test_processing_means_accepted():
    body = b'{"status":"processing","request_id":"abc"}'
    assert decode_reply(200, {}, body, PRO) == Accepted("abc")
    with pytest.raises(WavesError):
        decode_reply(200, {}, b'{"status":"processing"}', PRO)
    with pytest.raises(WavesError):
        decode_delivery(body, PRO)


def test_a_failed_delivery_says_why():
    with pytest.raises(RefusedError, match="too noisy") as caught:
        decode_delivery(b'{"status":"failed","request_id":"r","error":"too noisy"}', PRO)
    assert caught.value.request_id == "r"


def test_an_id_in_the_headers_is_kept():
    body = b'{"transcription":"x"}'
    reply = decode_reply(200, {"x-request-id": "h-1"}, body, PULSE)
    assert isinstance(reply, Reply)
    assert reply.request_id == "h-1"
    with pytest.raises(BadReplyError) as caught:
        decode_reply(200, {"x-request-id": "h-2"}, b"{", PULSE)
    assert caught.value.request_id == "h-2"


def test_another_script_from_pulse_pro_is_noted():
    body = json.dumps({"transcription": "नमस्ते दुनिया hello"}).encode()
    reply = decode_reply(200, {}, body, PRO)
    assert isinstance(reply, Reply)
    assert reply.notes
    other = decode_reply(200, {}, body, PULSE)
    assert isinstance(other, Reply)
    assert not other.notes


# --------------------------------------------------------------------- anything at all

GOOD = json.dumps(
    said(
        [
            word(
                text,
                n * 0.5,
                n * 0.5 + 0.4,
                speaker=n % 3,
                confidence=0.9,
                speaker_confidence=1,
            )
            for n, text in enumerate(
                ["Well,", "this", "is", "今天", "it.", "Is", "it?", "Yes!"]
            )
        ],
        utterances=[{"text": "Well, this", "start": 0, "end": 2, "speaker": "speaker_0"}],
        metadata={"duration": 5.28, "fileSize": 465740},
        request_id="36e977cf",
        emotions={"joy": 0.5},
        gender="female",
    )
).encode()
_ODD = [
    b"null",
    b"-1",
    b"1e999",
    b"NaN",
    b"-Infinity",
    b'"\\ud83d"',
    b'"\\u0000"',
    b"[]",
    b"{}",
    b"true",
    b"9" * 60,
    b'"' + b"x" * 5000 + b'"',
    b"<html>",
    b"\xff",
    b"",
    b",",
    b"[[[[",
    b'"speaker_9"',
]


def _mutated(chance: random.Random) -> bytes:
    """Change a good reply: in its text, or value by value so that it stays JSON."""
    if chance.random() < 0.4:
        body = bytearray(GOOD)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(body))
            body[place : place + chance.choice([0, 1, 1, 5, 40])] = chance.choice(_ODD)
        return bytes(body)
    reply = json.loads(GOOD)
    for _ in range(chance.randint(1, 8)):
        target: Any = reply
        while True:
            keys = list(target) if isinstance(target, dict) else list(range(len(target)))
            if not keys:
                break
            key = chance.choice(keys)
            if isinstance(target[key], dict | list) and target[key] and chance.random() < 0.85:
                target = target[key]
                continue
            if chance.random() < 0.2:
                del target[key]
            else:
                target[key] = copy.deepcopy(chance.choice(_VALUES))
            break
    return json.dumps(reply).encode("utf-8", "replace")


_VALUES: list[Any] = [
    None,
    -3,
    0,
    1e300,
    float("nan"),
    float("-inf"),
    10**40,
    True,
    "",
    "a",
    "\x00\x1f",
    "\ud800",
    "\u2028x",
    [],
    {},
    [[]],
    {"a": 1},
    "speaker_7",
    "9" * 50,
    "x" * 5000,
    "今天",
    ["word"],
    "<b>",
    -0.0,
]


def _is_sound(transcript: Transcript) -> None:
    words = list(transcript.words())
    for one in words:
        assert one.text
        assert one.text == one.text.strip()
        assert 0 <= one.start_ms <= one.end_ms <= LONGEST_MS
        assert one.confidence is None or 0 <= one.confidence <= 1
    Timeline(transcript.paragraphs)
    transcript.text.encode()
    known = {speaker.speaker_id for speaker in transcript.speakers}
    assert {one.speaker_id for one in transcript.paragraphs} <= known | {None}


@pytest.mark.parametrize("count", [1_000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_mutated_replies_are_transcripts_or_errors(count: int):
    chance = random.Random(7)
    outcomes = {"transcript": 0, "error": 0}
    for _ in range(count):
        status = 200 if chance.random() < 0.9 else chance.choice([100, 302, 400, 401, 413, 500])
        options = chance.choice([PULSE, PRO])
        try:
            decoded = decode_reply(status, {}, _mutated(chance), options)
        except ServiceError as error:
            outcomes["error"] += 1
            str(error).encode()
            error.details.encode()
        else:
            outcomes["transcript"] += 1
            if isinstance(decoded, Reply):
                _is_sound(decoded.transcript)
    assert min(outcomes.values()) > count // 10


_LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
_ENTRY = st.dictionaries(st.sampled_from(["word", "start", "end", "speaker", "text"]), _LEAF)
_NAMES = ["status", "transcription", "words", "utterances", "metadata", "emotions"]


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(_NAMES), _LEAF | _ENTRY | st.lists(_LEAF | _ENTRY, max_size=8)
    )
)
def test_any_json_is_a_transcript_or_an_error(reply: dict[str, Any]):
    try:
        decoded = decode_reply(200, {}, json.dumps(reply).encode(), PULSE)
    except ServiceError:
        return
    if isinstance(decoded, Reply):
        _is_sound(decoded.transcript)


def _longer_texts(count: int) -> bytes:
    """Worst for putting missing words in: all alike, and the text longer."""
    words = [word("the", n / 10, n / 10, speaker=n) for n in range(count)]
    return json.dumps(said(words, "the " * (count * 2))).encode()


@pytest.mark.parametrize(
    "body",
    [
        _longer_texts(12_000),
        json.dumps(said([word("a b" * 3, None, None)] * 14_000, "b a " * 50_000)).encode(),
        json.dumps({"transcription": "今" * 180_000}).encode(),
        json.dumps(said([], "x" * 1_000_000)).encode(),
        json.dumps({"transcription": "", "words": [None] * 200_000}).encode(),
    ],
    ids=["alike", "untimed", "chinese", "one word", "nothing"],
)
def test_a_megabyte_is_understood_in_bounded_work(body: bytes):
    """Quadratic work would run into the time limit of every test."""
    with contextlib.suppress(ServiceError):
        transcript_of(body)
