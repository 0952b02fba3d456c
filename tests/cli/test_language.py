"""Commands speak the language of the terminal; what programs read stays English."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from app.cli import commands
from app.cli.language import choose_language, reader_labels, said
from app.core.messages import message
from app.system.translations import Catalogue, load_catalogue


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:
    with monkeypatch.context() as change:
        change.setenv("WORDLIGHT_LANGUAGE", "de")
        choose_language()
        catalogue = load_catalogue("de")
        assert catalogue is not None
        yield catalogue
    choose_language()


def test_help_and_usage_are_in_the_language_of_the_terminal(
    german: Catalogue, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit):
        commands.run(["export", "--help"])
    shown = capsys.readouterr().out
    for english in ("usage: ", "positional arguments", "show this help message and exit"):
        own = german.find(english)
        assert own is not None
        assert own != english
        assert own in shown
        assert english not in shown


def test_json_stays_english_and_the_line_beside_it_does_not(
    german: Catalogue, capsys: pytest.CaptureFixture[str]
):
    assert commands.run(["export", "nothing", "--json"]) == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["reason"] == "there is no such transcript"
    own = german.find("there is no such transcript")
    assert own is not None
    assert told.err == f"wordlight: nothing: {own}\n"


def test_written_documents_say_it_too(german: Catalogue):
    labels = reader_labels()
    assert labels.page.language == "de"
    assert labels.page.transcript == german.find("Transcript")
    assert labels.numbered == german.find("Speaker {number}")
    assert "{number}" in labels.numbered


def test_without_a_catalogue_it_is_english():
    choose_language()
    assert said(message("{name} is gone", name="{x}")) == "{x} is gone"
