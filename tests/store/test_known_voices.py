"""Known voices lie in a file of their own, readable by the person alone."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.core.known_voices import KnownVoice
from app.store.known_voices import KnownVoices

ANN = KnownVoice("Ann", "QUJD", 12.5, False, "m")
BOB = KnownVoice("Bob", "REVG", 30.0, False, "m")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "known-voices.json"


@pytest.fixture
def known(path: Path) -> KnownVoices:
    return KnownVoices(path)


def test_voices_are_known_until_they_are_forgotten(known: KnownVoices, path: Path) -> None:
    assert known.voices() == ()
    known.remember(BOB)
    known.remember(ANN)
    assert KnownVoices(path).voices() == (ANN, BOB)
    known.forget("Bob")
    assert known.voices() == (ANN,)
    known.forget("Ann")
    assert known.voices() == ()
    assert not path.exists()


def test_a_kind_of_sound_is_kept_beside_the_other_and_replaced_by_its_own(
    known: KnownVoices,
) -> None:
    by_phone, newer = replace(ANN, is_narrow=True), replace(ANN, vector="WFla")
    for one in (ANN, by_phone, newer):
        known.remember(one)
    assert set(known.voices()) == {by_phone, newer}


def test_voices_of_other_models_go(known: KnownVoices) -> None:
    known.remember(ANN)
    known.remember(replace(BOB, models="newer"))
    assert [one.name for one in known.voices()] == ["Bob"]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps others out by folder")
def test_nobody_else_may_read_them(known: KnownVoices, path: Path) -> None:
    for one in (ANN, BOB):
        known.remember(one)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_damaged_file_is_no_voice_and_can_be_forgotten(
    known: KnownVoices, path: Path
) -> None:
    path.parent.mkdir()
    for text in (b"{", b"[1, 2]", b'{"voices": [{"name": 3}, {"name": ""}]}'):
        path.write_bytes(text)
        assert known.voices() == ()
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(StorageError, match="Delete them"):
        known.voices()
    known.forget()
    assert known.voices() == ()


def test_voices_that_cannot_be_kept_are_said_without_telling_whose(
    known: KnownVoices, path: Path
) -> None:
    path.parent.mkdir()
    path.mkdir()
    with pytest.raises(StorageError) as failed:
        known.remember(ANN)
    assert "Ann" not in failed.value.details + failed.value.message.fill()
