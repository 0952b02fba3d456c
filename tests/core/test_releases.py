from __future__ import annotations

import json

import pytest

from app import __version__
from app.core.releases import WEEK_MS, Release, is_due, is_newer, read_release

PAGE = "https://example.org/wordlight/0.2.0"


def told(**fields: object) -> bytes:
    return json.dumps({"version": "0.2.0", "page": PAGE, **fields}).encode()


def test_a_release_is_read_and_what_else_is_told_is_passed_over() -> None:
    assert read_release(told(hashes={"a.deb": "00"})) == Release("0.2.0", PAGE)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b"[]",
        b"[" * 100_000,
        told(version=2),
        told(version=""),
        told(version="0.2.0\n<b>"),
        told(version="0.2.x"),
        told(version="1" * 5_000),
        told(page=None),
        told(page="http://example.org"),
        told(page="file:///etc/passwd"),
        told(page="https://example.org/" + "a" * 5_000),
    ],
)
def test_what_makes_no_sense_is_no_release(content: bytes) -> None:
    assert read_release(content) is None


@pytest.mark.parametrize(
    ("one", "than", "newer"),
    [
        ("0.2.0", "0.1.9", True),
        ("0.10.0", "0.9.0", True),
        ("1.0", "1.0.0", False),
        ("1.0.0.1", "1.0", True),
        ("0.1.0", "0.1.0+dirty.5", False),
        ("0.1.0", "0.2.0", False),
    ],
)
def test_versions_are_compared_by_their_numbers(one: str, than: str, newer: bool) -> None:
    assert is_newer(one, than) is newer
    assert not is_newer(__version__, __version__)


def test_it_is_looked_for_once_a_week_whatever_the_clock_does() -> None:
    now_ms = 1_700_000_000_000
    assert is_due(0, now_ms)
    assert not is_due(now_ms, now_ms)
    assert not is_due(now_ms - WEEK_MS + 1, now_ms)
    assert is_due(now_ms - WEEK_MS, now_ms)
    assert is_due(now_ms + 1, now_ms)  # looked in the future: the clock was put back
