"""A list of names on the command line."""

from __future__ import annotations

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


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe\n12345\n", b"# nothing\n"])
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
    with pytest.raises(SystemExit):
        names_of("--names", str(path))
    assert "cannot be read" in capsys.readouterr().err
    path.write_text("Gutenberg", "utf-8")

    with pytest.raises(SystemExit):
        names_of("--names", str(path), "--model", "pulse")
    assert "only recognition on this computer does" in capsys.readouterr().err
