"""The model behind a dragged file, under Qt's own tester."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtTest import QAbstractItemModelTester

from app.ui.export.drag import _FileModel


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(
        st.lists(st.text("ab/", min_size=1).map("/x".__add__), max_size=3), max_size=4
    )
)
def test_what_is_dragged_is_always_the_file_given_last(qapp, changes: list[list[str]]) -> None:
    model = _FileModel()
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    for paths in changes:
        model.setStringList(paths)
        rows = [model.index(row) for row in range(model.rowCount())]
        dragged = model.mimeData(rows)
        assert [url.toLocalFile() for url in dragged.urls()] == paths
    tester.deleteLater()
