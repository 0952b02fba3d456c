"""What a command says, in the language of the terminal.

What a program reads stays English: JSON, ``doctor``, the log.
"""

from __future__ import annotations

import argparse

from app.core.messages import Message, message, translatable
from app.jobs.documents import Labels
from app.system.translations import (
    ENGLISH,
    Catalogue,
    find_language,
    language_of_terminal,
    load_catalogue,
)


class _Spoken:
    """The catalogue in use; none for English."""

    catalogue: Catalogue | None = None


def choose_language() -> None:
    """Speak the language of the terminal from here on."""
    _Spoken.catalogue = load_catalogue(find_language(language_of_terminal()))
    # It asks the function of this name for each of its texts; there is no other way in.
    setattr(argparse, "_", said)  # noqa: B010 - a name of its own, unknown to type checkers


def said(what: Message | str, /, **values: object) -> str:
    """Give a text in the language of the terminal.

    Args:
        what: A sentence from below, or the English text.
        values: What goes into the gaps of a text.
    """
    one = message(what, **values) if isinstance(what, str) else what
    return one.fill() if _Spoken.catalogue is None else _Spoken.catalogue.fill(one)


def reader_labels() -> Labels:
    """Give the words of documents in the language of the terminal."""
    found = _Spoken.catalogue
    return Labels.through(said, ENGLISH if found is None else found.language.replace("_", "-"))


OF_ARGPARSE = (
    translatable("usage: "),
    translatable("positional arguments"),
    translatable("options"),
    translatable("show this help message and exit"),
    translatable("show program's version number and exit"),
    translatable("%(prog)s: error: %(message)s\n"),
    translatable("argument %(argument_name)s: %(message)s"),
    translatable("the following arguments are required: %s"),
    translatable("unrecognized arguments: %s"),
    translatable("expected one argument"),
    translatable("expected at least one argument"),
    translatable("not allowed with argument %s"),
    translatable("invalid choice: %(value)r (choose from %(choices)s)"),
    translatable("ambiguous option: %(option)s could match %(matches)s"),
)
"""What Python's own reader of command lines says."""
