from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import ExportError
from app.export.bundle import Bundle, build_bundle, extract_audio, read_bundle
from app.export.transcript_json import dump
from tests.support.speech import SPEECH

SOUND = bytes(range(256)) * 10_000


def packed(bundle: Bundle, audio: bytes | None = SOUND) -> io.BytesIO:
    file = io.BytesIO()
    sound = None if audio is None else io.BytesIO(audio)
    shares = list(build_bundle(bundle, file, sound))
    assert shares == sorted(shares)
    return file


def repacked(file: io.BytesIO, **changes: bytes) -> io.BytesIO:
    """Give the bundle with other content in some members."""
    out = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            name = member.filename.removesuffix(".json")
            content = changes.get(name, old.read(member))
            new.writestr(member.filename, content, member.compress_type)
    return out


FULL = Bundle(
    SPEECH, (SPEECH,), (1_700_000_000_000,), "Rivers", "talk.flac", "2026-03-04", len(SOUND)
)


def test_everything_comes_back() -> None:
    file = packed(FULL)
    assert read_bundle(file) == FULL
    sound = io.BytesIO()
    shares = list(extract_audio(file, sound))
    assert sound.getvalue() == SOUND
    assert shares[-1] == 1


def test_bundle_without_sound() -> None:
    file = packed(Bundle(SPEECH), None)
    assert read_bundle(file).audio_bytes == 0
    with pytest.raises(ExportError, match="damaged"):
        list(extract_audio(file, io.BytesIO()))


def test_name_of_the_recording_cannot_lead_elsewhere() -> None:
    file = packed(Bundle(SPEECH, source_name="../../evil/\u202egpj.sh"))
    assert read_bundle(file).source_name == "_.._evil_gpj.sh"


def test_changed_transcript_is_refused() -> None:
    with pytest.raises(ExportError, match="damaged"):
        read_bundle(repacked(packed(FULL), transcript=dump(SPEECH) + b" "))


def test_changed_sound_is_refused() -> None:
    file = repacked(packed(FULL), audio=SOUND[::-1])
    with pytest.raises(ExportError, match="damaged"):
        list(extract_audio(file, io.BytesIO()))


def test_a_bomb_is_not_unpacked() -> None:
    bomb = b" " * 50_000_000
    stated = {"bytes": 10, "sha256": hashlib.sha256(b"").hexdigest()}
    manifest = {
        "format": "wordlight-bundle",
        "version": 1,
        "files": {"transcript.json": stated, "audio": stated},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("transcript.json", bomb)
        archive.writestr("audio", bomb)
        archive.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(ExportError, match="damaged"):
        read_bundle(out)
    sound = io.BytesIO()
    with pytest.raises(ExportError, match="damaged"):
        list(extract_audio(out, sound))
    assert not sound.getvalue()


def test_a_manifest_that_is_a_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b" " * 50_000_000)
    with pytest.raises(ExportError, match="damaged"):
        read_bundle(out)


def test_newer_bundle_says_so() -> None:
    file = repacked(packed(FULL), manifest=b'{"format": "wordlight-bundle", "version": 9}')
    with pytest.raises(ExportError, match="newer Wordlight"):
        read_bundle(file)


SMALL = packed(Bundle(SPEECH), b"sound").getvalue()


@given(st.integers(0, len(SMALL) - 1), st.binary(min_size=1, max_size=8))
def test_damage_anywhere_is_a_sentence_or_harmless(at: int, noise: bytes) -> None:
    file = io.BytesIO(SMALL[:at] + noise + SMALL[at + len(noise) :])
    try:
        read = read_bundle(file)
        list(extract_audio(file, io.BytesIO()))
    except ExportError:
        pass
    else:
        assert read.transcript == SPEECH


@given(st.binary(max_size=200))
def test_garbage_is_a_sentence(data: bytes) -> None:
    with pytest.raises(ExportError):
        read_bundle(io.BytesIO(data))
