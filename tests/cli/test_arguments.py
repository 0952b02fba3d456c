"""A list of names on the command line."""

from __future__ import annotations

import io
import random
import sys
from pathlib import Path

import pytest

from app.cli.arguments import build_parser, options_of


def names_of(*arguments: str) -> tuple[str, ...]:
    parser = build_parser()
    return options_of(parser.parse_args(["transcribe", "a.wav", *arguments]), parser).names


def test_names_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes("\ufeffGutenberg\r\nAda Lovelace # who else\r\n\r\n".encode())

    assert names_of("--names", str(path)) == ("Gutenberg", "Ada Lovelace")
    assert names_of() == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "cp1252"])
def test_names_of_any_script_are_read_as_they_were_saved(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "names.txt"
    names = ("Jürgen Müller", "Zoë Ångström", "Gutenberg", "Bärbel", "François")
    path.write_bytes("\n".join(names).encode(encoding))

    assert names_of("--names", str(path)) == names


def test_scripts_other_than_latin_are_names(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    names = ("Лев Толстой", "محمود درويش", "山田太郎", "प्रेमचंद", "Ελύτης", "김소월")
    path.write_text("\n".join(names), "utf-8")

    assert names_of("--names", str(path)) == names


def test_lines_that_are_no_names_are_told_and_the_others_are_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "names.txt"
    good = [f"Name{number}" for number in range(20)]
    sentence = "We met her in the garden behind the house that day"
    path.write_text("\n".join([*good, sentence, "x" * 1_000_000, "12345", good[0]]), "utf-8")

    assert names_of("--names", str(path)) == tuple(good)
    assert "no names on these lines: 21, 22, 23\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("count", "told"), [(10_000, ""), (10_001, "only the first 10,000 names are used")]
)
def test_of_a_very_long_list_the_first_names_are_used_and_what_is_left_out_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], count: int, told: str
) -> None:
    path = tmp_path / "names.txt"
    path.write_text("\n".join(f"Name{number}x" for number in range(count)), "utf-8")

    assert len(names_of("--names", str(path))) == 10_000
    error = capsys.readouterr().err
    assert told in error
    assert bool(told) == bool(error)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe\n12345\n",
        b"# nothing\n",
        b"a" * 1_000_000,
        random.Random(1).randbytes(200_000),
    ],
    ids=["empty", "numbers", "comment", "one line", "binary"],
)
def test_a_file_without_names_is_said_to_be_one(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes(content)

    with pytest.raises(SystemExit):
        names_of("--names", str(path))
    assert "has no names in it; write one per line" in capsys.readouterr().err


def test_a_missing_file_and_the_service_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "names.txt"
    for unreadable in (path, tmp_path):
        with pytest.raises(SystemExit):
            names_of("--names", str(unreadable))
        assert "cannot be read" in capsys.readouterr().err
    path.write_text("Gutenberg", "utf-8")

    with pytest.raises(SystemExit):
        names_of("--names", str(path), "--model", "pulse")
    assert "only recognition on this computer does" in capsys.readouterr().err


def test_names_are_read_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    given = io.TextIOWrapper(io.BytesIO("Gutenberg\nZoë Ångström\n".encode()))
    monkeypatch.setattr(sys, "stdin", given)
    assert names_of("--names", "-") == ("Gutenberg", "Zoë Ångström")


def test_without_a_standard_input_there_are_no_names_in_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(SystemExit):
        names_of("--names", "-")
    assert "“-” has no names in it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["transcribe", ""], "the name of a file is empty"),
        (["transcribe", "a.wav", ""], "the name of a file is empty"),
        (["import", ""], "the name of a file is empty"),
        (["record", "--mic", ""], "name a microphone"),
        (["dictate", "--mic", " "], "name a microphone"),
        (["export", "talk", "--format", "pdq"], "unknown format"),
        (["export"], "TRANSCRIPT"),
    ],
)
def test_what_is_wrong_comes_first_and_then_where_to_read_on(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(words)
    assert ended.value.code == 2
    sentence, hint = capsys.readouterr().err.splitlines()
    assert sentence.startswith(f"wordlight {words[0]}: error: ")
    assert says in sentence
    assert hint == f"See “wordlight {words[0]} --help”."


@pytest.mark.parametrize(
    ("text", "length_ms"),
    [
        ("90s", 90_000),
        ("30m", 1_800_000),
        ("1h30m", 5_400_000),
        ("1h 5s", 3_605_000),
        ("1.5H", 5_400_000),
        (".5s", 500),
        ("1:30", 90_000),
    ],
)
def test_how_long_to_record_is_said_in_many_ways(text: str, length_ms: int) -> None:
    assert build_parser().parse_args(["record", "--for", text]).length == length_ms


@pytest.mark.parametrize(
    "text", ["0", "0s", "1ms", "30x", "30m1h", "", "h", "nan", "infh", "½h", "1" * 400 + "h"]
)
def test_what_is_no_length_to_record_is_refused(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["record", f"--for={text}"])
    assert "is not a length; try 90s, 30m or 1h" in capsys.readouterr().err
