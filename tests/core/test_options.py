from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.languages import LANGUAGES
from app.core.options import (
    AUTO,
    CAPABILITIES,
    Feature,
    ModelId,
    TranscriptionOptions,
    settle,
)

SWITCHES = {
    Feature.DIARIZE: "diarize",
    Feature.REDACT_PII: "redact_pii",
    Feature.REDACT_PCI: "redact_pci",
    Feature.EMOTION: "emotion",
    Feature.GENDER: "gender",
    Feature.WEBHOOK: "by_webhook",
}
ANY = st.builds(
    TranscriptionOptions,
    model=st.sampled_from(ModelId),
    language=st.sampled_from([AUTO, "xx", *LANGUAGES]),
    package=st.sampled_from(["", "base", "tiny.en"]),
    **{name: st.booleans() for name in SWITCHES.values()},
)


@given(ANY)
def test_settled_options_hold_only_what_the_model_takes(options):
    settled = settle(options)
    takes = CAPABILITIES[settled.model]

    for feature, name in SWITCHES.items():
        asked = getattr(options, name) and feature in takes.features
        assert getattr(settled, name) == asked
    assert takes.takes_any_code or settled.language in takes.languages
    assert settled.package in {"", options.package}


@given(ANY)
def test_settling_twice_changes_nothing_more(options):
    assert settle(settle(options)) == settle(options)


def test_service_is_never_asked_for_auto():
    settled = settle(TranscriptionOptions(model=ModelId.PULSE, language=AUTO))

    assert settled.language == "multi-eu"


def test_language_typed_by_hand_reaches_pulse_only():
    def language(model: ModelId) -> str:
        return settle(TranscriptionOptions(model=model, language="xx")).language

    assert [language(model) for model in ModelId] == ["en", "xx", "en"]


def test_speakers_can_be_identified_with_every_model_and_pulse_alone_does_it_itself():
    assert all(Feature.DIARIZE in CAPABILITIES[model].features for model in ModelId)
    assert [model for model in ModelId if CAPABILITIES[model].labels_speakers] == [
        ModelId.PULSE
    ]


@pytest.mark.parametrize("model", ModelId)
def test_number_of_people_is_kept_where_voices_are_told_apart_here(model):
    wished = TranscriptionOptions(model=model, diarize=True, speakers=3)

    assert settle(wished).speakers == (0 if model is ModelId.PULSE else 3)
    assert settle(replace(wished, diarize=False)).speakers == 0


def test_pulse_says_why_it_takes_no_number():
    reason = CAPABILITIES[ModelId.PULSE].reason_against(Feature.SPEAKERS)

    assert reason is not None
    assert "number" in reason.fill()


def test_pulse_pro_is_english_only():
    assert CAPABILITIES[ModelId.PULSE_PRO].languages == ("en",)


@pytest.mark.parametrize("model", ModelId)
@pytest.mark.parametrize("feature", Feature)
def test_a_reason_is_given_exactly_for_what_is_not_taken(model, feature):
    takes = CAPABILITIES[model]
    reason = takes.reason_against(feature)

    assert (reason is None) == (feature in takes.features)
    if reason is not None:
        assert reason.fill().endswith(".")


@pytest.mark.parametrize("model", ModelId)
def test_every_offered_language_has_a_name(model):
    offered = [code for code in CAPABILITIES[model].languages if code != AUTO]

    assert set(offered) <= set(LANGUAGES)
    assert len(set(offered)) == len(offered)


def test_only_the_service_needs_a_key():
    assert [model for model in ModelId if not CAPABILITIES[model].needs_key] == [
        ModelId.ON_DEVICE
    ]
