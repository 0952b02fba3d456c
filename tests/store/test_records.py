from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.core.options import ModelId, TranscriptionOptions
from app.core.preferences import ExportPreset, Preset, Settings, WatchFolder, within_limits
from app.store.records import dump, from_plain, parse

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
OPTIONS = st.builds(
    TranscriptionOptions,
    **{
        name: st.booleans()
        for name in [
            "diarize",
            "timestamps",
            "redact_pii",
            "redact_pci",
            "emotion",
            "gender",
            "save_data",
            "channels_are_speakers",
            "by_webhook",
        ]
    },
    model=st.sampled_from(ModelId),
    language=st.text(max_size=8),
    start_ms=st.integers(0, 1 << 40),
    end_ms=st.none() | st.integers(0, 1 << 40),
    package=st.text(max_size=8),
    names=st.lists(st.text(max_size=8), max_size=3).map(tuple),
)


@given(OPTIONS)
def test_options_come_back(options: TranscriptionOptions) -> None:
    problems: list[str] = []
    assert parse(TranscriptionOptions, dump(options), problems) == options
    assert problems == []


@given(st.dictionaries(st.sampled_from(list(Settings.__dataclass_fields__)), ANY_JSON))
def test_nonsense_gives_defaults_and_sense_survives(plain: dict[str, Any]) -> None:
    plain = {"unknown": 1, **plain, "theme": "dark"}
    settings = within_limits(from_plain(Settings, plain))
    assert settings.theme == "dark"
    again = within_limits(from_plain(Settings, json.loads(dump(settings))))
    assert again == settings


def test_nested_values_come_back() -> None:
    settings = Settings(
        watch_folders=(WatchFolder("/a", TranscriptionOptions(language="de"), "srt"),),
        presets=(Preset("Meeting", TranscriptionOptions(diarize=True)),),
        export_presets=(ExportPreset("Film", "srt", '{"a": 1}'),),
        prices=((ModelId.PULSE, 0.005),),
        key_bindings=(("play", "F5"),),
    )
    assert parse(Settings, dump(settings)) == settings


def test_bad_fields_are_named() -> None:
    problems: list[str] = []
    found = from_plain(
        TranscriptionOptions, {"model": "gone", "diarize": 1, "language": "de"}, problems
    )
    assert problems == ["model", "diarize"]
    assert found == TranscriptionOptions(language="de")
