from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from app.bootstrap.renewal import Renewal
from app.core.messages import Message
from app.system.children import UPDATED_MEANWHILE

Active = Qt.ApplicationState.ApplicationActive
Inactive = Qt.ApplicationState.ApplicationInactive


def watched(qapp: QApplication, program: Path | None) -> tuple[QObject, list[Message]]:
    told: list[Message] = []
    parent = QObject(qapp)
    Renewal(parent, told.append, program)
    return parent, told


def test_another_build_in_its_place_is_said_once(qapp: QApplication, tmp_path: Path) -> None:
    program = tmp_path / "wordlight"
    program.write_bytes(b"old")
    parent, told = watched(qapp, program)
    qapp.applicationStateChanged.emit(Active)
    assert told == []

    program.unlink()  # it is being put in place
    qapp.applicationStateChanged.emit(Active)
    assert told == []

    (tmp_path / "new").write_bytes(b"newer")
    (tmp_path / "new").replace(program)
    qapp.applicationStateChanged.emit(Inactive)
    assert told == []
    qapp.applicationStateChanged.emit(Active)
    qapp.applicationStateChanged.emit(Active)
    assert told == [UPDATED_MEANWHILE]
    parent.deleteLater()


def test_started_from_source_nothing_is_looked_at(qapp: QApplication) -> None:
    parent, told = watched(qapp, None)
    qapp.applicationStateChanged.emit(Active)
    assert told == []
    parent.deleteLater()
