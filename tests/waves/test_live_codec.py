"""What is said over the live socket is understood, whichever description holds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.live_models import LiveModel, live_language
from app.waves.live_codec import (
    MOST_KEYWORDS,
    Alive,
    Complaint,
    Garbage,
    Heard,
    LiveRequest,
    SpeechEnded,
    SpeechStarted,
    build_live_query,
    decode_live,
)


def said(**fields: object) -> str:
    return json.dumps({"type": "transcription", "status": "success", **fields})


def test_only_what_is_of_use_is_asked_for():
    query = dict(build_live_query(LiveRequest(session_id="take 7/é")))
    assert query == {
        "model": "pulse",
        "language": "en",
        "encoding": "linear16",
        "sample_rate": "16000",
        "word_timestamps": "true",
        "vad_events": "true",
        "endpointing": "true",
        "external_session_id": "take-7--",
    }


def test_keywords_are_those_the_service_can_read_and_no_more_than_it_takes():
    words = ("Anna Süß", "a,b", "x:y", "[z]", " ", *(f"word{n}" for n in range(200)))
    query = dict(build_live_query(LiveRequest(keywords=words)))
    listed = query["keywords"].split(",")
    assert listed[:2] == ["Anna Süß:1", "word0:1"]
    assert len(listed) == MOST_KEYWORDS
    assert "keywords" not in dict(build_live_query(LiveRequest(keywords=(" ", "a,b"))))


@pytest.mark.parametrize(
    ("model", "code", "known"),
    [
        (LiveModel.PULSE, "en-GB", "en"),
        (LiveModel.PULSE, "de", "de"),
        (LiveModel.PULSE, "hi-dev", "hi-dev"),
        (LiveModel.PULSE, "sv", ""),
        (LiveModel.PULSE, "auto", ""),
        (LiveModel.PULSE_2, "en", "en"),
        (LiveModel.PULSE_2, "hi", ""),
    ],
)
def test_a_language_goes_by_the_code_of_the_model_or_not_at_all(model, code, known):
    assert live_language(model, code) == known


def test_the_space_before_a_piece_is_kept():
    heard = decode_live(said(transcript=" Hi  there ", is_final=True, is_last=False))
    assert heard == Heard(" Hi there", is_final=True)


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        (said(transcription="a", is_final=False), Heard("a")),
        (json.dumps({"transcript": "a"}), Heard("a")),
        (said(transcript=None, transcription="b", is_final=True), Heard("b", is_final=True)),
        (said(is_last=True), Heard("", is_final=True, is_last=True)),
        (said(transcript="", is_last=True), Heard("", is_final=True, is_last=True)),
        ('{"type":"speech_started","timestamp":1.5}', SpeechStarted(1_500)),
        ('{"type":"speech_ended","timestamp":2}', SpeechEnded(2_000)),
        ('{"type":"pong"}', Alive()),
        ('{"type":"metrics","x":1}', Alive()),
        (b'{"type":"pong"}', Alive()),
        ("no JSON", Garbage()),
        (b"\xff\x00", Garbage()),
        ("[]", Garbage()),
        ("{}", Garbage()),
    ],
)
def test_every_shape_is_understood(raw, meant):
    assert decode_live(raw) == meant


@pytest.mark.parametrize(
    ("fields", "status", "reason"),
    [
        ({"type": "error", "status": 429, "message": "Too many"}, 429, "Too many"),
        ({"type": "error", "status": "error", "message": "No"}, 0, "No"),
        ({"status": "error", "message": "No"}, 0, "No"),
        ({"error": "out of memory"}, 0, "out of memory"),
        ({"error": {"message": "deep"}}, 0, "deep"),
        ({"type": "error", "status": 3, "message": "odd"}, 0, "odd"),
    ],
)
def test_every_complaint_is_one(fields, status, reason):
    complaint = decode_live(json.dumps(fields))
    assert isinstance(complaint, Complaint)
    assert (complaint.status, complaint.reason) == (status, reason)


@given(
    st.one_of(
        st.binary(max_size=60),
        st.text(max_size=60),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        [
                            "type",
                            "status",
                            "transcript",
                            "words",
                            "is_final",
                            "error",
                            "timestamp",
                        ]
                    ),
                    inner,
                    max_size=5,
                )
            ),
        ).map(json.dumps),
    )
)
def test_nothing_that_comes_can_break_it(raw):
    decode_live(raw)
