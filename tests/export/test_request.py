from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from app.export.options import AudioPlace, ExportOptions, TimeMarks
from app.export.request import ExportRequest


def test_a_wish_survives_being_kept() -> None:
    options = ExportOptions(times=TimeMarks.WORD, every_s=5, audio=AudioPlace.LINKED)
    request = ExportRequest("docx", options, "/somewhere", "{title}")
    assert ExportRequest.from_dict(json.loads(json.dumps(request.to_dict()))) == request
    assert ExportOptions.from_text(options.to_text()) == options


@given(
    st.dictionaries(
        st.sampled_from(["format", "options", "folder", "template"]),
        st.none()
        | st.integers()
        | st.text()
        | st.lists(st.text())
        | st.dictionaries(st.text(), st.text()),
    )
)
def test_nonsense_never_fails(kept: dict[str, object]) -> None:
    found = ExportRequest.from_dict(kept)
    assert found is None or found.template
    ExportOptions.from_text(str(kept))
