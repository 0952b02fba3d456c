"""Real Hunspell in its own process, with dictionaries good, damaged and missing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.core.errors import RecogniserError
from app.jobs.spelling import NoDictionaryError, Speller
from app.ondevice.dictionaries import dictionaries, dictionary_folders
from tests.support.spelling import write_dictionary


@pytest.fixture
async def speller(tmp_path: Path) -> AsyncIterator[Speller]:
    made = Speller(lambda: [tmp_path])
    yield made
    await made.aclose()


async def test_words_are_told_apart_and_like_ones_suggested(
    speller: Speller, tmp_path: Path
) -> None:
    write_dictionary(tmp_path, "en_US", "hello", "world", "don't")
    assert await speller.open("en") == "en_US"
    words = ["hello", "World", "helo", "don't", "hello-world", "helo-world", ""]
    assert await speller.check(words) == {"helo", "helo-world"}
    assert "hello" in await speller.suggest("helo")


async def test_another_encoding_is_read(speller: Speller, tmp_path: Path) -> None:
    write_dictionary(tmp_path, "de_DE", "Größe", encoding="ISO8859-1")
    await speller.open("de-DE")
    assert await speller.check(["Größe", "Grösse"]) == {"Grösse"}


async def test_without_a_dictionary_it_says_so(speller: Speller, tmp_path: Path) -> None:
    write_dictionary(tmp_path, "en_US", "hello")
    with pytest.raises(NoDictionaryError):
        await speller.open("fi")


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (b"SET UTF-8\n", b"\x00\x01\x02 no dictionary"),
        (b"SET UTF-8\n", b""),
        (b"SET UTF-8\n", b"3\n\xff\xfe\xfd\n"),
        (b"SET no-such-encoding\n", b"1\nhello\n"),
    ],
    ids=["binary", "empty", "wrong bytes", "unknown encoding"],
)
async def test_a_damaged_one_is_named(
    speller: Speller, tmp_path: Path, rules: bytes, words: bytes
) -> None:
    (tmp_path / "en_US.aff").write_bytes(rules)
    (tmp_path / "en_US.dic").write_bytes(words)
    with pytest.raises(RecogniserError, match="en_US is damaged"):
        await speller.open("en")
    write_dictionary(tmp_path, "en_US", "hello")
    assert await speller.open("en") == "en_US"  # and it can be used once it is mended


async def test_what_is_not_open_answers_nothing(speller: Speller) -> None:
    with pytest.raises(RecogniserError):
        await speller.check(["hello"])


def test_dictionaries_are_found_where_they_lie(tmp_path: Path) -> None:
    write_dictionary(tmp_path, "en_US", "a")
    write_dictionary(tmp_path, "hyph_en_US", "a")
    (tmp_path / "lonely.dic").write_text("0\n", "utf-8")
    found = dictionaries([tmp_path / "missing", tmp_path])
    assert found == {"en_US": tmp_path / "en_US"}
    assert tmp_path in dictionary_folders({"DICPATH": str(tmp_path)})


def test_folders_of_every_system_are_known() -> None:
    linux = dictionary_folders({}, "linux")
    assert Path("/usr/share/hunspell") in linux
    assert Path("/Library/Spelling") in dictionary_folders({}, "darwin")
    assert dictionary_folders({"PROGRAMFILES": "/nowhere"}, "win32") is not None
