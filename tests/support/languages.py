"""Speaking another language for a while, as the program does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

from app.system.translations import LANGUAGE_VARIABLE
from app.ui.translate import load_translations
from tests.support.pseudo import PseudoTranslator

PSEUDO = "pseudo"
"""A language that marks every text and is a third longer than English."""


@contextmanager
def spoken(app: QApplication, language: str) -> Iterator[None]:
    """Speak a language: its texts, its digits, and its way of reading.

    Args:
        app: The application.
        language: Code of a language of the window, or ``PSEUDO``.
    """
    before = QLocale()
    if language == PSEUDO:
        translators = [PseudoTranslator(app)]
        app.installTranslator(translators[0])
    else:
        # The variable, which other tests want to be English, goes before what is chosen.
        variable, os.environ[LANGUAGE_VARIABLE] = (
            os.environ.get(LANGUAGE_VARIABLE, ""),
            language,
        )
        translators = load_translations(app, language)
        os.environ[LANGUAGE_VARIABLE] = variable
    try:
        yield
    finally:
        for one in translators:
            app.removeTranslator(one)
            one.deleteLater()
        QLocale.setDefault(before)
        app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
