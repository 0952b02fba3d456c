from app.core.languages import LANGUAGES, ON_DEVICE_LANGUAGES, PULSE_LANGUAGES


def test_languages_are_found_by_their_code():
    assert all(code == language.code for code, language in LANGUAGES.items())


def test_every_language_has_a_name_and_only_groups_lack_a_native_one():
    assert all(language.name for language in LANGUAGES.values())
    nameless = [code for code, language in LANGUAGES.items() if not language.native_name]
    assert all(code.startswith("multi-") for code in nameless)


def test_names_are_told_apart():
    names = [language.name for language in LANGUAGES.values()]
    assert len(set(names)) == len(names)


def test_offers_hold_known_languages_once():
    for offer in (PULSE_LANGUAGES, ON_DEVICE_LANGUAGES):
        assert len(set(offer)) == len(offer)
        assert set(offer) <= set(LANGUAGES)


def test_on_device_offer_is_english_then_by_english_name():
    english, *rest = ON_DEVICE_LANGUAGES
    names = [LANGUAGES[code].name for code in rest]

    assert english == "en"
    assert names == sorted(names)


def test_on_device_model_knows_no_group_of_languages():
    assert not [code for code in ON_DEVICE_LANGUAGES if code.startswith("multi-")]
