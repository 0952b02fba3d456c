from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.export.names import file_name, numbered, safe_name


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_name_is_safe_everywhere(template: str, name: str) -> None:
    made = file_name(template, name=name)
    assert made
    assert len(made.encode("utf-8")) <= 210
    assert not set(made) & set('<>:"/\\|?*\0\n\r\t')
    assert made[-1] not in ". "
    assert made.split(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}


def test_template_is_filled() -> None:
    made = file_name(
        "{date} {name} ({model}, {language}) {what}",
        name="talk",
        date="2026-03-04",
        model="pulse",
        language="en",
    )
    assert made == "2026-03-04 talk (pulse, en) {what}"


def test_values_are_not_filled_again() -> None:
    assert file_name("{name}", name="{date}", date="2026") == "{date}"


@pytest.mark.parametrize(
    ("given_name", "made"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("con.txt", "_con.txt"),
        ("aux .plain", "_aux .plain"),
        ("  two\n lines ", "two lines"),
        ("...", ""),
        ("ends. ", "ends"),
    ],
)
def test_hostile_names(given_name: str, made: str) -> None:
    assert safe_name(given_name) == made


def test_the_next_name_has_a_number() -> None:
    assert numbered("talk", 2) == "talk (2)"
