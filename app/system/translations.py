"""What people read, in their language: the catalogues of ``resources/translations``.

A catalogue is a PO file, the form translators' tools know, and is read as it is: what a
translator saves is what the next start shows, and nothing is compiled, shipped apart or
forgotten. The English text is the key. ``packaging/texts.py`` gathers the texts and keeps
the files up to date.
"""

from __future__ import annotations

import gettext
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.core.messages import TEXT_GAPS, Message
from app.system.resources import resource_path

ENGLISH = "en"
LANGUAGE_VARIABLE = "WORDLIGHT_LANGUAGE"
"""Names the language of window and terminal, whatever system and settings say."""

_LINE = re.compile(r'(?:(msgctxt|msgid|msgid_plural|msgstr)(?:\[(\d+)\])? )?"(.*)"\s*\Z')
_PASSED = frozenset({"", "#", "\r"})
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}
_PLURAL_FORMS = re.compile(r"plural=([^;\n]+)")
_NUMBER = re.compile(r"\d+")


@dataclass(slots=True)
class Entry:
    """One text of a catalogue.

    Attributes:
        context: Which of several senses of the English text is meant; mostly empty.
        text: The English text.
        plural: The same for many, if it counts something.
        forms: The translation; one for each plural form of the language.
        is_fuzzy: Whether the English text has changed since it was translated.
    """

    context: str = ""
    text: str = ""
    plural: str = ""
    forms: dict[int, str] = field(default_factory=dict[int, str])
    is_fuzzy: bool = False


class Catalogue:
    """The texts of the program in one language.

    Attributes:
        language: Its code, such as ``de`` or ``pt_BR``.
    """

    def __init__(self, language: str, content: str) -> None:
        self.language = language
        self._texts: dict[tuple[str, str], str] = {}
        self._counted: dict[str, tuple[str, ...]] = {}
        self._form_of: Callable[[int], int] = _english_form
        for entry in read_entries(content):
            if not entry.text:
                if found := _PLURAL_FORMS.search(entry.forms.get(0, "")):
                    self._form_of = gettext.c2py(found[1].strip())
            elif not entry.is_fuzzy and all(entry.forms.values()):
                forms = tuple(entry.forms[number] for number in sorted(entry.forms))
                self._texts[entry.context, entry.text] = forms[0]
                if entry.plural:
                    self._counted[entry.text] = self._counted[entry.plural] = forms

    def find(self, text: str, context: str = "") -> str | None:
        """Give the translation of a text; ``None`` if there is none.

        Args:
            text: The English text.
            context: Which of several senses of it is meant.
        """
        found = self._texts.get((context, text))
        return self._texts.get(("", text)) if found is None else found

    def find_counted(self, text: str, count: int) -> str | None:
        """Give the translation of a text that counts something; ``None`` if there is none.

        Args:
            text: The English text for one or for many.
            count: How many there are.
        """
        forms = self._counted.get(text)
        if forms is None:
            return self.find(text)
        return forms[min(self._form_of(count), len(forms) - 1)]

    def fill(self, message: Message) -> str:
        """Give a message in the language, as far as it is translated."""
        count = dict(message.values).get("count", "")
        found = (
            self.find_counted(message.text, int(count))
            if _NUMBER.fullmatch(count)
            else self.find(message.text)
        )
        return Message(message.text, tuple(self._translated(message.values))).fill(found)

    def _translated(self, values: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
        for name, value in values:
            yield name, (self.find(value) or value) if name in TEXT_GAPS else value


def read_entries(content: str) -> Iterator[Entry]:
    """Read a PO file; its header is the entry without a text.

    What is struck out in it (``#~``) and all remarks but *fuzzy* are left out.
    """
    entry, part, number = Entry(), "", 0
    for line in content.split("\n"):
        if line.startswith("#,"):
            if part == "msgstr":
                yield entry
                entry, part = Entry(), ""
            entry.is_fuzzy = "fuzzy" in line
            continue
        found = None if line[:1] in _PASSED else _LINE.match(line)
        if found is None:
            continue
        said = _meant(found[3]) if "\\" in found[3] else found[3]
        if found[1]:
            if part == "msgstr" and found[1] != "msgstr":
                yield entry
                entry = Entry()
            part, number = found[1], int(found[2] or 0)
        if part == "msgctxt":
            entry.context += said
        elif part == "msgid":
            entry.text += said
        elif part == "msgid_plural":
            entry.plural += said
        else:
            entry.forms[number] = entry.forms.get(number, "") + said
    if part == "msgstr":
        yield entry


def _meant(written: str) -> str:
    return _ESCAPE.sub(lambda sign: _ESCAPED.get(sign[1], sign[1]), written)


def _english_form(count: int) -> int:
    return 0 if count == 1 else 1


def languages() -> tuple[str, ...]:
    """Give the codes of the languages there are catalogues for; English needs none."""
    folder = _folder()
    return () if folder is None else tuple(sorted(file.stem for file in folder.glob("*.po")))


def find_language(wanted: str) -> str:
    """Give the code of the catalogue for a locale, or English where there is none.

    Args:
        wanted: Such as ``de``, ``pt-BR`` or ``de_AT.UTF-8``.
    """
    known = languages()
    locale = re.split(r"[.@]", wanted)[0].replace("-", "_")
    for language in (locale, locale.partition("_")[0]):
        if language in known:
            return language
    return ENGLISH


def load_catalogue(language: str) -> Catalogue | None:
    """Read a catalogue; ``None`` for English, which needs none."""
    folder = _folder()
    if language == ENGLISH or folder is None:
        return None
    return Catalogue(language, (folder / f"{language}.po").read_text("utf-8"))


def language_of_terminal(environment: Mapping[str, str] | None = None) -> str:
    """Tell the language that a terminal is used in.

    Args:
        environment: Variables to look into; those of the process if left out.
    """
    found = os.environ if environment is None else environment
    if chosen := found.get(LANGUAGE_VARIABLE):
        return chosen
    said = found.get("LC_ALL") or found.get("LC_MESSAGES") or found.get("LANG") or ""
    if said.partition(".")[0] in {"C", "POSIX"}:
        return ENGLISH
    if preferred := found.get("LANGUAGE"):
        return preferred.partition(":")[0]
    return said or _language_of_windows() or ENGLISH


def in_terminal(message: Message) -> str:
    """Give a sentence in the language that a terminal is used in."""
    catalogue = load_catalogue(find_language(language_of_terminal()))
    return message.fill() if catalogue is None else catalogue.fill(message)


def _language_of_windows() -> str:
    if sys.platform != "win32":
        return ""
    import ctypes
    import locale

    return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")


def _folder() -> Path | None:
    try:
        return resource_path("translations")
    except FileNotFoundError:
        return None
