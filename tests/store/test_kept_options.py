"""Options as they are kept: what a Wordlight without names began is found again."""

from __future__ import annotations

import json
from dataclasses import replace

from app.core.options import TranscriptionOptions
from app.store.kept_options import options_text, read_options, words_text

PLAIN = TranscriptionOptions()
NAMED = replace(PLAIN, names=("Ada Lovelace", "Hale"))


def test_names_are_kept() -> None:
    assert read_options(options_text(NAMED)) == (NAMED, True)


def test_names_decide_the_words_and_no_names_leave_no_trace() -> None:
    assert words_text(NAMED) != words_text(PLAIN)
    assert "names" not in json.loads(words_text(PLAIN))


def test_options_kept_before_there_were_names_are_read() -> None:
    old = json.loads(options_text(PLAIN))
    del old["names"]

    assert read_options(json.dumps(old))[0] == PLAIN
