from __future__ import annotations

import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import StorageError
from app.core.transcript import (
    Layout,
    Marker,
    MarkerKind,
    Paragraph,
    Review,
    Speaker,
    Transcript,
    Word,
)
from app.store.transcript_blob import pack, unpack

_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=12)
_NUMBER = st.none() | st.floats(allow_nan=False)
_MARKER = st.builds(Marker, marker_id=_TEXT, kind=st.sampled_from(MarkerKind), text=_TEXT)
_REVIEW = st.builds(
    Review,
    is_accepted=st.booleans(),
    is_speaker_accepted=st.booleans(),
    is_struck=st.booleans(),
    markers=st.lists(_MARKER, max_size=3).map(tuple),
)
_WORD = st.builds(
    Word,
    text=_TEXT,
    start_ms=st.integers(),
    end_ms=st.integers(),
    confidence=_NUMBER,
    speaker_confidence=_NUMBER,
    is_joined=st.booleans(),
    is_estimated=st.booleans(),
    layout=st.none()
    | st.builds(
        Layout,
        cue=st.none() | st.tuples(st.integers(), st.integers()),
        starts_line=st.booleans(),
        is_italic=st.booleans(),
        is_named=st.booleans(),
        lead=_TEXT,
    ),
    review=st.none() | _REVIEW,
)
_SEGMENT = st.builds(
    Paragraph,
    words=st.lists(_WORD, max_size=5).map(tuple),
    speaker_id=st.none() | _TEXT,
    start_ms=st.integers(),
    end_ms=st.integers(),
    is_approved=st.booleans(),
    is_highlighted=st.booleans(),
    note=_TEXT,
)
TRANSCRIPTS = st.builds(
    Transcript,
    paragraphs=st.lists(_SEGMENT, max_size=4).map(tuple),
    speakers=st.lists(
        st.builds(Speaker, speaker_id=_TEXT, name=_TEXT, part=st.integers(0, 9)), max_size=3
    ).map(tuple),
    language=_TEXT,
    duration_ms=st.integers(0, 1 << 40),
    model=_TEXT,
    gender=_TEXT,
    emotions=st.lists(st.tuples(_TEXT, st.floats(0, 1)), max_size=3).map(tuple),
)


@given(TRANSCRIPTS)
def test_transcript_comes_back_exactly(transcript: Transcript) -> None:
    again = unpack(pack(transcript))
    assert again == transcript
    assert repr(again) == repr(transcript)  # 1 and 1.0 and True are told apart
    assert hash(again) == hash(transcript)


def test_blob_of_an_older_wordlight_is_read_as_nobody_having_looked_at_it() -> None:
    transcript = Transcript((Paragraph((Word("so", 0, 1), Word("it", 1, 2)), None, 0, 2),))
    older = json.loads(zlib.decompress(pack(transcript)))

    assert "reviews" not in older
    assert "markers" not in older
    assert unpack(zlib.compress(json.dumps(older).encode())) == transcript


@given(st.data())
def test_damaged_blob_is_an_error_of_ours(data: st.DataObject) -> None:
    blob = bytearray(pack(data.draw(TRANSCRIPTS)))
    place = data.draw(st.integers(0, len(blob) - 1))
    blob[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(StorageError):
        unpack(bytes(blob))


@pytest.mark.parametrize("blob", [b"", b"x", b"x\x9c\x03\x00\x00\x00\x00\x01"])
def test_no_blob_at_all_is_an_error_of_ours(blob: bytes) -> None:
    with pytest.raises(StorageError):
        unpack(blob)
