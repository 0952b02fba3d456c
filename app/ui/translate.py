"""From the English sentence to the language of the window.

Texts of widgets go through ``self.tr``; sentences that come from below the window are
``Message`` values. Whichever way, the English text is the key: one translator in front of
Qt's own looks it up in the catalogue of ``app/system/translations.py``. The class that a
text stands in is no part of the key, since Qt asks with the class that shows it, which may
be another one; where one English text has two senses, the second argument of ``self.tr``
tells them apart.
"""

from __future__ import annotations

import os

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtGui import QGuiApplication
from typing_extensions import override

from app.core.languages import LANGUAGES
from app.core.messages import TEXT_GAPS, Message
from app.core.options import AUTO
from app.system.translations import (
    ENGLISH,
    LANGUAGE_VARIABLE,
    Catalogue,
    find_language,
    languages,
    load_catalogue,
)


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:  # noqa: N802 - Qt's name
    """Mark a text for translators and give it unchanged; Qt's own is typed ``object``."""
    return text


TEXTS_OF_QT = (
    QT_TRANSLATE_NOOP("QLineEdit", "&Undo"),
    QT_TRANSLATE_NOOP("QLineEdit", "&Redo"),
    QT_TRANSLATE_NOOP("QLineEdit", "Cu&t"),
    QT_TRANSLATE_NOOP("QLineEdit", "&Copy"),
    QT_TRANSLATE_NOOP("QLineEdit", "&Paste"),
    QT_TRANSLATE_NOOP("QLineEdit", "Delete"),
    QT_TRANSLATE_NOOP("QLineEdit", "Select All"),
    QT_TRANSLATE_NOOP("QFileDialog", "&Look in:"),
    QT_TRANSLATE_NOOP("QFileDialog", "File &name:"),
    QT_TRANSLATE_NOOP("QFileDialog", "Files of &type:"),
    QT_TRANSLATE_NOOP("QFileDialog", "&Open"),
    QT_TRANSLATE_NOOP("QFileDialog", "&Save"),
    QT_TRANSLATE_NOOP("QFileDialog", "Create New Folder"),
    QT_TRANSLATE_NOOP("QFileDialog", "Parent Directory"),
    QT_TRANSLATE_NOOP("QFileSystemModel", "Date Modified"),
    QT_TRANSLATE_NOOP("QFileSystemModel", "Computer"),
    QT_TRANSLATE_NOOP("QFileSystemModel", "Name"),
    QT_TRANSLATE_NOOP("QFileSystemModel", "Size"),
    QT_TRANSLATE_NOOP("QFileSystemModel", "Type"),
    QT_TRANSLATE_NOOP("QPlatformTheme", "Cancel"),
    QT_TRANSLATE_NOOP("QPlatformTheme", "Open"),
    QT_TRANSLATE_NOOP("QPlatformTheme", "Save"),
)
"""What Qt itself says in menus of fields and in its file dialog.

Qt has no catalogue of some languages, Hindi for one; ours are asked before Qt's.
"""


class CatalogueTranslator(QTranslator):
    """Gives Qt the texts of a catalogue; what it lacks is left to Qt's own translations."""

    def __init__(self, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue

    @override
    def translate(
        self,
        context: bytes | bytearray | memoryview | str,
        sourceText: bytes | bytearray | memoryview | str,
        disambiguation: object = None,
        n: int = -1,
    ) -> str:
        text = sourceText if isinstance(sourceText, str) else bytes(sourceText).decode()
        if n >= 0:
            found = self._catalogue.find_counted(text, n)
        else:
            sense = disambiguation if isinstance(disambiguation, str) else ""
            found = self._catalogue.find(text, sense)
        return found  # pyright: ignore[reportReturnType] - None: Qt asks the next translator

    @override
    def isEmpty(self) -> bool:
        return False


def translated(message: Message) -> str:
    """Give a sentence from below the window in the window's language."""
    values = {name: _value(name, value) for name, value in message.values}
    count = dict(message.values).get("count", "")
    number = int(count) if count.isdecimal() else -1
    text = QCoreApplication.translate("Message", message.text, None, number)
    return Message(message.text, tuple(values.items())).fill(text)


def _value(name: str, value: str) -> str:
    if name in TEXT_GAPS and value:
        return QCoreApplication.translate("Message", value)
    return digits(value) if value.isdecimal() else value


def digits(text: str) -> str:
    """Write a text with the digits of the window's language, as dates and numbers are."""
    zero = QLocale().zeroDigit()
    if zero == "0":
        return text
    return text.translate({ord("0") + one: chr(ord(zero) + one) for one in range(10)})


def counted(context: str, count: int, one: str, many: str) -> str:
    """Give a text for one thing or for ``{count}`` things, in the window's language."""
    text = QCoreApplication.translate(context, one if count == 1 else many, None, count)
    return text.replace("{count}", QLocale().toString(count))


def language_name(code: str) -> str:
    """Name a language in the window's language; a code nobody knows stands for itself."""
    if code == AUTO:
        return QCoreApplication.translate("Language", "Detect language")
    language = LANGUAGES.get(code)
    return QCoreApplication.translate("Language", language.name) if language else code


def load_translations(app: QGuiApplication, chosen: str) -> list[QTranslator]:
    """Speak a language from here on: texts, digits, dates and the way of reading.

    Args:
        app: The application.
        chosen: Code of the language; the system's if empty.

    Returns:
        The installed translators, which must outlive the window; empty for English, which
        is also spoken where nobody has translated into the system's language.
    """
    language = spoken_language(os.environ.get(LANGUAGE_VARIABLE) or chosen)
    locale = _locale_of(language)
    QLocale.setDefault(locale)
    app.setLayoutDirection(locale.textDirection())
    catalogue = load_catalogue(language)
    if catalogue is None:
        return []
    found: list[QTranslator] = []
    of_qt = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if of_qt.load(locale, "qtbase", "_", folder):
        found.append(of_qt)
    found.append(CatalogueTranslator(catalogue, app))
    for translator in found:
        app.installTranslator(translator)
    return found


def spoken_language(chosen: str) -> str:
    """Give the code of the language that the window speaks.

    Args:
        chosen: Code of the language wanted; the system's if empty.
    """
    if chosen:
        return find_language(chosen)
    for wanted in QLocale.system().uiLanguages():
        language = find_language(wanted)
        if language != ENGLISH or QLocale(wanted).language() is QLocale.Language.English:
            return language
    return ENGLISH


def _locale_of(language: str) -> QLocale:
    """Give the locale to write digits, dates and sizes by: one of the language spoken."""
    system, spoken = QLocale.system(), QLocale(language)
    return system if system.language() is spoken.language() else spoken


def window_language() -> str:
    """Give the code of the language that the window speaks."""
    return QLocale().name().partition("_")[0]


def native_name(language: str) -> str:
    """Name a language of the window in itself: ``Deutsch``."""
    known = LANGUAGES.get(language)
    if known is not None:  # Qt says "español de España" and "American English"
        return known.native_name
    name = QLocale(language).nativeLanguageName() or language
    return name[:1].upper() + name[1:]


def interface_languages() -> tuple[str, ...]:
    """Give the codes of the languages the window speaks, English first."""
    return (ENGLISH, *languages())
