"""Every text that people read is found, and can be kept translated."""

from __future__ import annotations

import ast
import importlib
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.support.sources import much_stays

SUPER = " def __init__(self):\n  super().__init__('No key.')"
PACKAGING = Path(__file__).parents[2] / "packaging"


@pytest.fixture(scope="module")
def texts() -> Iterator[ModuleType]:
    sys.path.insert(0, str(PACKAGING))
    try:
        yield importlib.import_module("texts")
    finally:
        sys.path.remove(str(PACKAGING))


@pytest.fixture(scope="module")
def source(texts: ModuleType) -> Any:
    """The whole program, read once; tests that look at it run in one process."""
    with much_stays():
        return texts.Source()


@pytest.fixture(scope="module")
def everything(source: Any) -> dict[tuple[str, str], Any]:
    """Give all texts of the program."""
    with much_stays():
        return source.texts()


def whole(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test of the whole program: it is read once, which takes a busy machine a while."""
    return pytest.mark.xdist_group("sources")(pytest.mark.timeout(180)(test))


def found_in(texts: ModuleType, source: str) -> set[tuple[str, str, str]]:
    found = texts.texts_in(ast.parse(source), frozenset({"AppError", "NoKeyError"}))
    return {(one.sense, one.text, one.plural) for _, one in found}


@whole
def test_what_reads_like_a_sentence_can_be_translated(source: Any):
    assert source.strays() == []


HEARD = re.compile(
    r"no sound[.?]?$|There was no sound|gives? no sound|gave no sound|sounds?\b.* like|"
    r"sound (system|output|similar|alike)|play sound on|Sound on|sound exactly",
    re.IGNORECASE,
)
"""What *sound* is said of: what one hears, or a device gives. All else is *audio*."""


@whole
def test_english_has_one_kind_of_apostrophe_and_one_word_for_audio(
    everything: dict[tuple[str, str], Any],
):
    """The apostrophe is that of keyboards; what is recorded, kept and sent is *audio*."""
    every = {each for one in everything.values() for each in (one.text, one.plural)}
    assert [one for one in every if "’" in one or "‘" in one] == []
    sound = re.compile(r"(?<!--send-)\bsounds?\b", re.IGNORECASE)
    assert [one for one in every if sound.search(HEARD.sub("", one))] == []


@whole
def test_all_kinds_of_texts_are_found(everything: dict[tuple[str, str], Any]):
    for sense, text in (
        ("", "Transcript"),  # of a written page
        ("", "Plain text"),  # a format
        ("", "German"),  # a language
        ("", "show this help message and exit"),  # of the terminal
        ("", "Waiting"),  # below the window
    ):
        assert (sense, text) in everything
    assert everything["", "1 speaker"].plural == "{count} speakers"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("self.tr('One')", {("", "One", "")}),
        ("self.tr('Open', 'state')", {("state", "Open", "")}),
        ("self.tr('One' if x else 'Two')", {("", "One", ""), ("", "Two", "")}),
        ("translate('Where', 'One')", {("", "One", "")}),
        ("message('One {count}', count=1)", {("", "One {count}", "")}),
        ("counted('Where', n, '1 file', '{count} files')", {("", "1 file", "{count} files")}),
        ("NoKeyError('No key.')", {("", "No key.", "")}),
        (f"class NoKeyError:\n{SUPER}", {("", "No key.", "")}),
        (f"class Other:\n{SUPER}", set()),
        (
            "def f():\n text = 'One'\n if x:\n  text = 'Two'\n return message(text)",
            {("", "One", ""), ("", "Two", "")},
        ),
        ("def g():\n text = 'One'\ndef f():\n return message(text)", set()),
        ("'one two'.translate(table)", set()),
        ("log.info('One')", set()),
    ],
)
def test_texts_are_found_by_the_call_they_stand_in(
    texts: ModuleType, source: str, found: set[tuple[str, str, str]]
):
    assert found_in(texts, source) == found


@pytest.mark.parametrize(
    ("place", "line", "is_stray"),
    [
        ("app/ui/x.py", "label.setText('Nothing here yet')", True),
        ("app/ui/x.py", "label.setText(f'Nothing {here} yet, so wait')", True),
        ("app/ui/x.py", "label.setToolTip('Done')", True),
        ("app/ui/x.py", "label.setText('nothing here yet')", True),
        ("app/ui/x.py", "TABLE = {1: 'Nothing here yet'}", True),
        ("app/cli/x.py", "print('nothing here yet')", True),
        ("app/cli/x.py", "parser.error('nothing here yet')", True),
        ("app/jobs/x.py", "REASON = 'Nothing here yet.'", True),
        ("app/ui/x.py", "label.setText(self.tr('Nothing here yet'))", False),
        ("app/ui/x.py", "self._tasks.start(work, 'look for nothing')", False),
        ("app/ui/x.py", "def f():\n 'What it does.'", False),
        ("app/jobs/x.py", "_log.warning('Nothing here yet')", False),
        ("app/store/x.py", "run('SELECT name FROM transcripts')", False),
        ("app/jobs/x.py", "raise ValueError('this cannot be')", False),
    ],
)
def test_a_text_that_was_forgotten_is_a_stray(
    texts: ModuleType, tmp_path: Path, place: str, line: str, is_stray: bool
):
    file = tmp_path / place
    file.parent.mkdir(parents=True)
    file.write_text(line, "utf-8")
    assert bool(texts.Source(tmp_path / "app").strays()) == is_stray


# ------------------------------------------------------------------------- catalogues


@pytest.fixture
def folder(texts: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(texts, "CATALOGUES", tmp_path)
    return tmp_path


def updated(texts: ModuleType, *found: object, language: str = "de") -> None:
    texts.write(texts.merged(language, texts.template(found)), language)


def text(texts: ModuleType, english: str, plural: str = "", sense: str = "") -> object:
    return texts.Text(english, plural, sense, {"app/ui/x.py"})


def test_no_translation_is_lost_when_sentences_change(texts: ModuleType, folder: Path):
    updated(
        texts, text(texts, "Choose a recording to begin with"), text(texts, "Gone for good")
    )
    file = folder / "de.po"
    content = file.read_text("utf-8")
    content = content.replace(
        'begin with"\nmsgstr ""', 'begin with"\nmsgstr "Wählen Sie eine Aufnahme"'
    ).replace('for good"\nmsgstr ""', 'for good"\nmsgstr "Für immer weg"')
    file.write_text(content, "utf-8")
    updated(texts, text(texts, "Choose a recording to start with"))
    content = file.read_text("utf-8")
    assert '#, fuzzy\n#| msgid "Choose a recording to begin with"' in content
    assert 'start with"\nmsgstr "Wählen Sie eine Aufnahme"' in content
    assert '#~ msgstr "Für immer weg"' in content
    updated(texts, text(texts, "Choose a recording to start with"))
    assert file.read_text("utf-8") == content


def test_a_text_that_went_untranslated_leaves_nothing_behind(texts: ModuleType, folder: Path):
    updated(texts, text(texts, "Never spoken of again"), text(texts, "Play"))
    updated(texts, text(texts, "Play"))
    content = (folder / "de.po").read_text("utf-8")
    assert 'msgid "Play"' in content
    assert "Never spoken of again" not in content


def test_a_new_language_has_its_plural_forms(texts: ModuleType, folder: Path):
    updated(texts, text(texts, "1 file", "{count} files"), language="pl")
    content = (folder / "pl.po").read_text("utf-8")
    assert "nplurals=3" in content
    assert 'msgstr[2] ""' in content


@pytest.mark.parametrize(
    ("english", "given", "fault"),
    [
        ("Save {name}", "", "not translated"),
        ("Save {name}", "Sichern", "gaps left out: {name}"),
        ("Save {name}", "{nme} sichern", "gaps that are not in the English: {nme}"),
        ("usage: ", "Aufruf:", "spaces at the ends"),
        ("Name --format", "Nennen Sie das Format", "options"),
        ("Save {name}", "{name} sichern", ""),
    ],
)
def test_a_wrong_translation_is_told(
    texts: ModuleType, folder: Path, english: str, given: str, fault: str
):
    updated(texts, text(texts, english))
    file = folder / "de.po"
    said = file.read_text("utf-8")
    file.write_text(said.replace(f'"{english}"\nmsgstr ""', f'"{english}"\nmsgstr "{given}"'))
    found = texts.faults("de", {("", english): text(texts, english)})
    assert (fault in found[0]) if fault else found == []


def test_a_form_for_several_numbers_must_name_the_number(texts: ModuleType, folder: Path):
    one = text(texts, "1 file", "{count} files")
    for language, forms, is_right in (
        ("de", ("eine Datei", "{count} Dateien"), True),
        ("de", ("eine Datei", "Dateien"), False),
        ("ru", ("один файл", "{count} файла", "{count} файлов", "{count} файла"), False),
        ("ru", ("{count} файл", "{count} файла", "{count} файлов", "{count} файла"), True),
        ("de", ("eine Datei", ""), False),
    ):
        catalogue = texts.merged(language, texts.template([one]))
        next(entry for entry in catalogue if entry.id).string = forms
        texts.write(catalogue, language)
        found = texts.faults(language, {("", "1 file"): one})
        assert (found == []) == is_right, (language, forms, found)


@whole
def test_complete_languages_are_complete(
    texts: ModuleType, everything: dict[tuple[str, str], Any]
):
    found = {language: texts.faults(language, everything) for language in texts.COMPLETE}
    assert {language: some[:10] for language, some in found.items() if some} == {}


def test_pseudo_texts_keep_gaps_and_are_longer(texts: ModuleType):
    english = " Save {name} as %(kind)s <b>now</b>"
    pseudo = texts.longer(english)
    assert pseudo.startswith(" ⟦")
    assert all(part in pseudo for part in ("{name}", "%(kind)s", "<b>", "</b>"))
    assert len(pseudo) > len(english) * 1.2


@whole
def test_no_text_is_taken_for_the_name_of_a_key(
    everything: dict[tuple[str, str], Any],
) -> None:
    """Qt asks for the names of keys by their English alone: a verb would stand there."""
    names = {"Ctrl", "Shift", "Alt", "Meta", "Del", "Ins", "Home", "End", "PgUp", "PgDown"}
    assert {text for _sense, text in everything} & names == set()
