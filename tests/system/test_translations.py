"""The catalogues as the program reads them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from app.core.messages import counted_message, message
from app.system.resources import resource_path
from app.system.translations import (
    Catalogue,
    find_language,
    language_of_terminal,
    languages,
    read_entries,
)

ARABIC = "\n".join(
    (
        'msgid ""',
        'msgstr ""',
        '"Plural-Forms: nplurals=6; plural=(n == 0 ? 0 : n == 1 ? 1 : n == 2 ? 2 : n % 100 "',
        '">= 3 && n % 100 <= 10 ? 3 : n % 100 >= 11 && n % 100 <= 99 ? 4 : 5);\\n"',
        "",
        "#, python-brace-format",
        'msgid "1 file"',
        'msgid_plural "{count} files"',
        *(f'msgstr[{number}] "form {number}: {{count}}"' for number in range(6)),
        "",
        'msgid "Open"',
        'msgstr "Öffnen"',
        "",
        'msgctxt "state"',
        'msgid "Open"',
        'msgstr "Offen"',
        "",
        "#, fuzzy",
        '#| msgid "Opened"',
        'msgid "Close"',
        'msgstr "Geöffnet"',
        "",
        'msgid "a \\"word\\"\\n"',
        '"and a \\\\ line"',
        'msgstr "ein \\"Wort\\"\\n"',
        '"und ein \\\\ Strich"',
        "",
        'msgid "{model} cannot"',
        'msgstr "{model} kann nicht"',
        "",
        'msgid "On this computer"',
        'msgstr "Auf diesem Computer"',
        "",
        'msgid "Not yet"',
        'msgstr ""',
        "",
        '#~ msgid "Gone"',
        '#~ msgstr "Weg"',
    )
)


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue("ar", ARABIC)


def test_a_text_is_found_in_the_sense_meant(catalogue: Catalogue):
    assert catalogue.find("Open") == "Öffnen"
    assert catalogue.find("Open", "state") == "Offen"
    assert catalogue.find("Open", "of no entry") == "Öffnen"


def test_signs_and_lines_are_read_as_they_are_meant(catalogue: Catalogue):
    assert catalogue.find('a "word"\nand a \\ line') == 'ein "Wort"\nund ein \\ Strich'


@pytest.mark.parametrize("text", ["Close", "Not yet", "Gone", "Never there"])
def test_what_is_not_translated_or_has_changed_since_is_not_used(
    catalogue: Catalogue, text: str
):
    assert catalogue.find(text) is None


@pytest.mark.parametrize(
    ("count", "form"), [(0, 0), (1, 1), (2, 2), (3, 3), (10, 3), (11, 4), (99, 4), (100, 5)]
)
def test_each_number_gets_its_plural_form(catalogue: Catalogue, count: int, form: int):
    assert catalogue.find_counted("{count} files", count) == f"form {form}: {{count}}"
    said = counted_message("1 file", "{count} files", count)
    assert catalogue.fill(said) == f"form {form}: {count}"


def test_what_fills_a_gap_may_be_a_text_itself(catalogue: Catalogue):
    said = message("{model} cannot", model="On this computer")
    assert catalogue.fill(said) == "Auf diesem Computer kann nicht"
    assert catalogue.fill(message("{name} is Open", name="Open")) == "Open is Open"


@pytest.mark.parametrize("language", languages())
def test_every_catalogue_is_read_as_other_programs_read_it(language: str):
    content = resource_path("translations", f"{language}.po").read_text("utf-8")
    theirs = {
        (one.context or "", one.id if isinstance(one.id, str) else one.id[0]): one
        for one in read_po(io.BytesIO(content.encode()), locale=language)
        if one.id
    }
    ours = {(one.context, one.text): one for one in read_entries(content) if one.text}
    assert ours.keys() == theirs.keys()
    for key, entry in ours.items():
        found = theirs[key].string or ""
        forms = [found] if isinstance(found, str) else list(found)
        assert [entry.forms[number] for number in sorted(entry.forms)] == forms
        assert entry.is_fuzzy == theirs[key].fuzzy


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "fr_CA.UTF-8"}, "fr"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "es_ES@euro"}, "es"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "hi:de"}, "hi"),
        ({"LANG": "de_DE.UTF-8", "WORDLIGHT_LANGUAGE": "ar"}, "ar"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "de"}, "en"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "xx_XX"}, "en"),
        ({"LANG": "../de"}, "en"),
        ({}, "en"),
    ],
)
def test_the_terminal_is_spoken_to_in_its_language(environment: dict[str, str], language: str):
    assert find_language(language_of_terminal(environment)) == language


def test_a_catalogue_lies_where_the_program_looks():
    assert {"ar", "de", "es", "fr", "hi"} <= set(languages())
    assert Path(resource_path("translations")).is_dir()
