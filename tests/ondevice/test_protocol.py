from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.models import Device
from app.ondevice.protocol import (
    Align,
    Aligned,
    Answer,
    Attend,
    ChunkEnd,
    Done,
    Failed,
    Heard,
    Lag,
    Loaded,
    Open,
    ProtocolError,
    Request,
    Speed,
    Trouble,
    read_answer,
    read_request,
    read_sound,
    sound_text,
    to_line,
)

words = st.lists(
    st.tuples(
        st.text(), st.integers(0, 10**9), st.integers(0, 10**9), st.floats(0, 1), st.booleans()
    ),
    max_size=4,
)
spans = st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), max_size=3)
answers = st.one_of(
    st.builds(Heard, st.integers(0, 10**9), words),
    st.builds(Open, words),
    st.builds(
        ChunkEnd,
        st.integers(0, 10**9),
        st.text(),
        spans,
        st.lists(st.tuples(st.integers(0, 10**9), st.text()), max_size=3),
    ),
    st.builds(Loaded, st.sampled_from(Device), st.text()),
    st.builds(Speed, st.floats(0, 1e6)),
    st.builds(Lag, st.integers(-900, 900), st.integers(-900, 900)),
    st.builds(Aligned, st.integers(0, 10**6), spans),
    st.builds(Done, st.text()),
    st.builds(Failed, st.sampled_from(Trouble), st.text()),
)


@given(answers)
def test_answer_survives_as_one_line(answer: Answer) -> None:
    line = to_line(answer)

    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert read_answer(line) == answer


recognitions = st.builds(
    Request,
    st.text(),
    st.text(),
    st.text(),
    st.integers(0, 10**9),
    st.none() | st.tuples(st.integers(-900, 900), st.integers(-900, 900)),
    spans,
    st.lists(st.text(), max_size=3),
    st.sampled_from(["whisper", "parakeet"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
requests = (
    recognitions
    | st.builds(
        Attend,
        recognitions,
        st.binary(max_size=40).map(sound_text),
        st.integers(0, 10**6),
        st.booleans(),
        st.booleans(),
    )
    | st.builds(
        Align,
        st.text(),
        st.text(),
        st.lists(
            st.tuples(st.text(), st.integers(0, 10**9), st.integers(0, 10**9), st.booleans()),
            max_size=3,
        ),
    )
)


@given(requests)
def test_request_survives(request: Request | Align) -> None:
    assert read_request(to_line(request)) == request


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\xff\xfe\n",
        b"warning: libgomp\n",
        b"[]\n",
        b"{}\n",
        b'{"kind": "heard"}\n',
        b'{"kind": "heard", "done_ms": "x", "words": []}\n',
        b'{"kind": "heard", "done_ms": 1, "words": [["a", 1]]}\n',
        b'{"kind": "heard", "done_ms": 1, "words": 7}\n',
        b'{"kind": "failed", "trouble": "boredom", "details": ""}\n',
        b'{"kind": "chunkend", "language": "en"}\n',
        b'{"kind": "done"}\n',
    ],
)
def test_nonsense_is_told_apart(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_answer(line)


def test_request_without_a_model_is_nonsense() -> None:
    with pytest.raises(ProtocolError):
        read_request(b'{"kind": "request"}')


@given(st.binary(max_size=400))
def test_sound_survives_as_text(sound: bytes) -> None:
    assert read_sound(sound_text(sound)) == sound


def test_text_that_is_no_sound_is_refused() -> None:
    with pytest.raises(ProtocolError):
        read_sound("no sound!")
