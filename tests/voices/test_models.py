"""Features and models against values of the published ones, computed elsewhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.voices.features import BANDS, cleaned, features_of
from app.voices.models import MODEL_FILES, ModelError, Models
from tests.voices.conftest import MODELS

STORED = json.loads((Path(__file__).parent / "stored.json").read_text("utf-8"))


def sound(count: int) -> NDArray[np.float32]:
    """What the stored values were computed of: three tones that sway."""
    t = np.arange(count) / 16_000
    low = 0.3 * np.sin(2 * np.pi * (120 + 40 * np.sin(2 * np.pi * 1.3 * t)) * t)
    middle = 0.2 * np.sin(2 * np.pi * 900 * t) * np.sin(2 * np.pi * 3 * t)
    high = 0.05 * np.sin(2 * np.pi * 3_100 * t * (1 + 0.01 * np.sin(7 * t)))
    return (low + middle + high).astype(np.float32)


def test_features_are_those_of_kaldi():
    rows = features_of(sound(160_000))

    assert rows.shape == (998, BANDS)
    for place, values in STORED["features"].items():
        assert rows[int(place), ::10] == pytest.approx(values, abs=2e-3)


@pytest.mark.parametrize("count", [0, 1, 399])
def test_sound_shorter_than_a_frame_has_no_features(count):
    assert features_of(sound(count)).shape == (0, BANDS)


def test_features_do_not_depend_on_how_many_are_worked_out_at_once():
    samples = sound(400_000)
    whole = features_of(samples)

    assert np.array_equal(whole[1_500:1_600], features_of(samples[240_000:256_240]))


@pytest.mark.parametrize("rows", STORED["vectors"])
def test_voice_vectors_are_those_of_the_published_model(models, rows):
    vector = models.encoder.vector(features_of(sound(160_000))[: int(rows)])

    assert vector[:12] == pytest.approx(STORED["vectors"][rows], abs=1e-3)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_chances_are_those_of_the_published_model(models):
    chances = models.segmenter.chances(sound(160_000))

    assert chances.shape == (589, 7)
    for place, values in STORED["chances"].items():
        assert chances[int(place)] == pytest.approx(values, abs=2e-3)


def test_same_telephone_sound_gives_the_same_vector(models):
    encoder = models.encoder_for(is_narrow=True)
    one, other = (encoder.vector(encoder.features(sound(40_000))) for _ in range(2))

    assert np.array_equal(one, other)
    assert encoder.is_narrow


def test_very_short_and_silent_sounds_have_a_vector_without_nan(models):
    for samples in (sound(800), np.zeros(16_000, np.float32)):
        for encoder in (models.encoder, models.narrow_encoder):
            assert np.isfinite(encoder.vector(encoder.features(samples))).all()


def test_sound_of_no_numbers_is_made_sound():
    samples = np.array([np.nan, np.inf, -np.inf, 7, -7, 0.25], np.float32)

    assert cleaned(samples).tolist() == [0, 1, -1, 1, -1, 0.25]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in MODEL_FILES:
        shutil.copy(MODELS / file.name, tmp_path)
    return tmp_path


@pytest.mark.parametrize("file", MODEL_FILES, ids=lambda file: file.name)
def test_damaged_or_missing_model_is_refused(folder, file):
    path = folder / file.name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match="damaged"):
        Models.load(folder)

    path.unlink()
    with pytest.raises(ModelError, match=file.name):
        Models.load(folder)
