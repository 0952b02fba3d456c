"""What Qt says itself is spoken in the language of the window, too."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.system.translations import Catalogue
from app.ui.translate import TEXTS_OF_QT, CatalogueTranslator

COPY = 'msgid ""\nmsgstr ""\n\nmsgid "&Copy"\nmsgstr "&Kopieren"\n'


def words_of_menu(field: QLineEdit | QPlainTextEdit) -> list[str]:
    menu = field.createStandardContextMenu()
    return [one.text().partition("\t")[0] for one in menu.actions() if one.text()]


def test_all_that_the_menu_of_a_field_says_is_for_translators(qtbot: QtBot) -> None:
    for field in (QLineEdit(), QPlainTextEdit()):
        qtbot.addWidget(field)
        assert set(words_of_menu(field)) <= set(TEXTS_OF_QT)


def test_a_catalogue_is_asked_for_the_menu_of_a_field(qapp: QApplication, qtbot: QtBot) -> None:
    translator = CatalogueTranslator(Catalogue("xx", COPY))
    qapp.installTranslator(translator)
    field = QLineEdit()
    qtbot.addWidget(field)
    try:
        assert "&Kopieren" in words_of_menu(field)
    finally:
        qapp.removeTranslator(translator)


def test_what_the_file_dialog_names_its_fields_is_for_translators(qtbot: QtBot) -> None:
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    for part in (
        QFileDialog.DialogLabel.LookIn,
        QFileDialog.DialogLabel.FileName,
        QFileDialog.DialogLabel.FileType,
        QFileDialog.DialogLabel.Accept,
    ):
        assert dialog.labelText(part) in TEXTS_OF_QT
