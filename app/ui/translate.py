"""From the English sentence to the language of the window.

Texts of widgets go through ``self.tr``; sentences that come from below the window are
``Message`` values, looked up by their English text under the context ``Message``.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app.core.languages import LANGUAGES
from app.core.messages import Message
from app.core.options import AUTO
from app.system.resources import resource_path


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:  # noqa: N802 - lupdate looks for it
    """Mark a text for translators and give it unchanged; Qt's own is typed ``object``."""
    return text


def translated(message: Message) -> str:
    """Give a sentence from below the window in the window's language."""
    return message.fill(QCoreApplication.translate("Message", message.text))


def counted(context: str, count: int, one: str, many: str) -> str:
    """Give a text for one thing or for ``{count}`` things, in the window's language."""
    text = QCoreApplication.translate(context, one if count == 1 else many)
    return text.replace("{count}", QLocale().toString(count))


def language_name(code: str) -> str:
    """Name a language in the window's language; a code nobody knows stands for itself."""
    if code == AUTO:
        return QCoreApplication.translate("Language", "Detect language")
    language = LANGUAGES.get(code)
    return QCoreApplication.translate("Language", language.name) if language else code


def load_translations(app: QCoreApplication, locale: QLocale) -> list[QTranslator]:
    """Install what there is for a locale: Qt's own texts and ours.

    Returns:
        The installed translators, which must outlive the window; empty for English.
    """
    found: list[QTranslator] = []
    places = [("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))]
    try:
        places.append(("wordlight", str(resource_path("translations"))))
    except FileNotFoundError:
        return found  # without ours, Qt's alone would make a mixture
    for name, folder in places:
        translator = QTranslator(app)
        if translator.load(locale, name, "_", folder):
            app.installTranslator(translator)
            found.append(translator)
    return found


def interface_languages() -> tuple[str, ...]:
    """Give the codes of the languages the window has been translated into, besides English."""
    try:
        folder = resource_path("translations")
    except FileNotFoundError:
        return ()
    return tuple(
        sorted(file.stem.removeprefix("wordlight_") for file in folder.glob("wordlight_*.qm"))
    )
