"""Find a model on this computer and make sure that it is the right one.

A model is looked for in the person's own folder, then among the downloads, then
in the data packages that came with the program. Its files are hashed before
they are used for the first time; after that only a changed size or time of
change makes them be hashed again.
"""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
import shutil
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files as module_files
from pathlib import Path
from typing import cast

from app.core.errors import Action, RecogniserError
from app.core.messages import message
from app.core.options import TranscriptionOptions
from app.ondevice.catalog import (
    BASE,
    PACKAGES,
    TINY_ENGLISH,
    WEIGHTS,
    Package,
    PackageFile,
    package_for,
)
from app.system.files import replacing

_log = logging.getLogger(__name__)
_BLOCK_BYTES = 1 << 20
_SEEN = "checked.json"
_LAGS = "lags.json"
_SPEEDS = "speeds.json"
_DEVICE = "device.json"
_SLOW_MS_PER_SECOND = 700
"""A model that takes longer is not taken unasked: an hour of sound in 42 minutes."""
_LATEST = 0.3
"""How much the latest recording counts against all before it."""
SHARED = "WORDLIGHT_MODELS_FOLDER"
"""Names a folder of models for everybody on this computer."""


WANTED = "WORDLIGHT_MODEL"
"""Names the model for English that is taken unless a job asks for another one."""


def _shared_folder() -> Path | None:
    folder = os.environ.get(SHARED, "")
    return Path(folder) if folder else None


@dataclass(slots=True)
class ModelFolders:
    """Where models lie, each in a folder of its name.

    All methods block on the disk; call them off the event loop. Both folders may be
    changed while the program runs; the next look-up goes by them.

    Attributes:
        downloads: The program's own folder: what was fetched or put together.
        own: A folder the person picked, for a machine without a network; looked at first.
            It may also be the model's folder itself.
        shared: A folder for everybody on this computer, looked at after the downloads.
    """

    downloads: Path
    own: Path | None = None
    shared: Path | None = field(default_factory=_shared_folder)
    _making: threading.Lock = field(
        default_factory=threading.Lock, init=False, repr=False, compare=False
    )

    def chosen(self, options: TranscriptionOptions) -> Package:
        """Choose the model for a job by what was asked for and what this computer manages.

        Raises:
            RecogniserError: No such model, or it does not know the language.
        """
        wanted = PACKAGES.get(os.environ.get(WANTED, ""))
        if wanted is None or not self.is_installed(wanted):
            wanted = BASE if self.manages(BASE) else TINY_ENGLISH
        return package_for(options, wanted)

    def manages(self, package: Package) -> bool:
        """Tell whether a model is here, and quick enough as far as is known."""
        if not self.is_installed(package):
            return False
        return (self.ms_per_second(package) or 0.0) <= _SLOW_MS_PER_SECOND

    def is_installed(self, package: Package) -> bool:
        """Tell whether all files are there, without reading them."""
        return self._whole_folder(package) is not None or _bundled_folders(package) is not None

    def is_own(self, package: Package) -> bool:
        """Tell whether it lies in the person's own folder."""
        own = self.own
        return own is not None and any(
            _is_whole(package, folder) for folder in (own / package.name, own)
        )

    def is_downloaded(self, package: Package) -> bool:
        """Tell whether it is there because it was fetched, so that it can be removed."""
        return _bundled_folders(package) is None and _is_whole(
            package, self.downloads / package.name
        )

    def begun_bytes(self, package: Package) -> int:
        """Say how much of an interrupted download is there."""
        partial = self.partial(package)
        try:
            return sum(path.stat().st_size for path in partial.iterdir())
        except OSError:
            return 0

    def partial(self, package: Package) -> Path:
        """Say where a download lies until it is whole."""
        return self.downloads / f"{package.name}.partial"

    def remove(self, package: Package) -> None:
        """Remove what was fetched of a model, whole or begun.

        Raises:
            RecogniserError: It cannot be removed (Windows: while it is in use).
        """
        for folder in (self.downloads / package.name, self.partial(package)):
            if not folder.exists():
                continue
            try:
                shutil.rmtree(folder)
            except OSError as error:
                raise RecogniserError(
                    message(
                        "The model {model} cannot be removed now. Wait until nothing is being "
                        "transcribed, then try again.",
                        model=package.name,
                    ),
                    details=str(error),
                ) from error

    def ready(self, package: Package) -> Path:
        """Give the folder of a model whose files have been checked.

        A model that came in several data packages is put together the first time, by the
        first of several jobs that ask for it.

        Raises:
            RecogniserError: It is not installed, is damaged, or there is no room for it.
        """
        with self._making:
            return self._ready(package)

    def _ready(self, package: Package) -> Path:
        folder = self._whole_folder(package)
        if folder is not None:
            damaged = self._damaged_file(package, folder)
            if damaged is None:
                return folder
            is_own = self.own is not None and folder in {self.own / package.name, self.own}
            if is_own or not package.bundle:
                raise _damaged(package, folder / damaged.name)
            _log.warning("Putting %s together again: %s is damaged", package.name, damaged.name)
        parts = _bundled_folders(package)
        if parts is None:
            if folder is not None:
                raise _damaged(package, folder)
            raise RecogniserError(
                message(
                    "The model {model} is not on this computer. Download it or choose another.",
                    model=package.name,
                ),
                action=Action.CHOOSE_MODEL,
            )
        if len(parts) > 1:
            return self._joined(package, parts)
        damaged = self._damaged_file(package, parts[0])
        if damaged is not None:
            raise _damaged(package, parts[0] / damaged.name)
        return parts[0]

    def lag_ms(self, package: Package) -> tuple[int, int] | None:
        """Say by how much a model's words begin and end late; ``None`` if nobody knows yet."""
        if package.timing is not None:
            return package.timing.start_lag_ms, package.timing.end_lag_ms
        try:
            start_ms, end_ms = self._lags()[_revision(package)]
            return int(start_ms), int(end_ms)
        except (KeyError, TypeError, ValueError):
            return None

    def save_lag(self, package: Package, lag_ms: tuple[int, int]) -> None:
        """Remember what was found out about a model's word times."""
        self._note(_LAGS, self._lags() | {_revision(package): list(lag_ms)})

    def _lags(self) -> dict[str, list[int]]:
        return cast("dict[str, list[int]]", self._noted(_LAGS))

    def ms_per_second(self, package: Package) -> float | None:
        """Say how long a model takes here for a second of sound; ``None`` if nobody knows."""
        found = self._noted(_SPEEDS).get(_revision(package))
        return float(found) if isinstance(found, int | float) and found > 0 else None

    def save_speed(self, package: Package, ms_per_second: float) -> None:
        """Remember how long a model took for a second of sound, the latest counting most."""
        before = self.ms_per_second(package) or ms_per_second
        mixed = before + _LATEST * (ms_per_second - before)
        self._note(_SPEEDS, self._noted(_SPEEDS) | {_revision(package): round(mixed, 1)})

    def device(self) -> tuple[str, str]:
        """Say what computed last, and why a card that is there did not; empty for unknown."""
        noted = self._noted(_DEVICE)
        return str(noted.get("device", "")), str(noted.get("trouble", ""))

    def save_device(self, device: str, trouble: str) -> None:
        """Remember what computes."""
        if self.device() != (device, trouble):
            self._note(_DEVICE, {"device": device, "trouble": trouble})

    def _noted(self, name: str) -> dict[str, object]:
        try:
            content: object = json.loads((self.downloads / name).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return cast("dict[str, object]", content) if isinstance(content, dict) else {}

    def _note(self, name: str, content: Mapping[str, object]) -> None:
        text = json.dumps(content, indent=1)
        try:
            self.downloads.mkdir(parents=True, exist_ok=True)
            with replacing(self.downloads / name) as stream:
                stream.write(text.encode("utf-8"))
        except OSError as error:
            # Only costs finding it out once more.
            _log.warning("Could not note %s: %s", name, error)

    def _whole_folder(self, package: Package) -> Path | None:
        candidates = [self.downloads / package.name]
        if self.own is not None:
            candidates[:0] = [self.own / package.name, self.own]
        if self.shared is not None:
            candidates.append(self.shared / package.name)
        for folder in candidates:
            if _is_whole(package, folder):
                return folder
        return None

    def _joined(self, package: Package, parts: list[Path]) -> Path:
        folder = self.downloads / package.name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for file in package.files:
                if file.name == WEIGHTS:
                    sources = [
                        part / f"{WEIGHTS}.part{number}"
                        for number, part in enumerate(parts, start=1)
                    ]
                else:
                    sources = [parts[0] / file.name]
                if _write_joined(sources, folder / file.name) != file.sha256:
                    (folder / file.name).unlink()
                    raise _damaged(package, sources[0])
        except OSError as error:
            raise unwritable(error, package) from error
        self._remember(package, folder)
        return folder

    def _damaged_file(self, package: Package, folder: Path) -> PackageFile | None:
        """Give the first file that does not hash to what it should."""
        seen = self._seen()
        if all(
            seen.get(str(folder / file.name)) == _mark(folder, file) for file in package.files
        ):
            return None
        for file in package.files:
            try:
                if sha256_of(folder / file.name) != file.sha256:
                    return file
            except OSError as error:
                raise RecogniserError(
                    message(
                        "The model file {file} cannot be read. Choose another model.",
                        file=folder / file.name,
                    ),
                    action=Action.CHOOSE_MODEL,
                    details=str(error),
                ) from error
        self._remember(package, folder)
        return None

    def _seen(self) -> dict[str, str]:
        try:
            content: object = json.loads((self.downloads / _SEEN).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return cast("dict[str, str]", content) if isinstance(content, dict) else {}

    def _remember(self, package: Package, folder: Path) -> None:
        marks = {str(folder / file.name): _mark(folder, file) for file in package.files}
        text = json.dumps(self._seen() | marks, indent=1)
        try:
            self.downloads.mkdir(parents=True, exist_ok=True)
            with replacing(self.downloads / _SEEN) as seen:
                seen.write(text.encode("utf-8"))
        except OSError as error:
            # Only costs another hashing next time.
            _log.warning("Could not note that %s was checked: %s", package.name, error)


def _revision(package: Package) -> str:
    return f"{package.name} {package.revision}"


def sha256_of(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def unwritable(error: OSError, package: Package) -> RecogniserError:
    """Say why a model could not be written to disk."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        text = "There is not enough disk space for the model {model}, which takes {size}."
    else:
        text = "The model {model} ({size}) could not be saved. Check its folder."
    size = f"{package.size_bytes / 1e6:,.0f} MB"
    return RecogniserError(
        message(text, model=package.name, size=size),
        action=Action.OPEN_SETTINGS,
        details=str(error),
    )


def _damaged(package: Package, path: Path) -> RecogniserError:
    return RecogniserError(
        message(
            "The model {model} is damaged ({file}). Remove it and download it again.",
            model=package.name,
            file=path,
        ),
        action=Action.CHOOSE_MODEL,
    )


def _bundled_folders(package: Package) -> list[Path] | None:
    """Give the data packages' folders, or nothing unless all are installed."""
    folders: list[Path] = []
    for place in package.bundle:
        module, _, folder = place.partition("/")
        try:
            path = Path(str(module_files(module))) / folder
        except ModuleNotFoundError:
            return None
        if not path.is_dir():
            return None
        folders.append(path)
    return folders or None


def _is_whole(package: Package, folder: Path) -> bool:
    return all(_has_size(folder / file.name, file.size_bytes) for file in package.files)


def _has_size(path: Path, size_bytes: int) -> bool:
    try:
        return path.stat().st_size == size_bytes
    except OSError:
        return False


def _mark(folder: Path, file: PackageFile) -> str:
    """Give what changes when a file does."""
    try:
        state = (folder / file.name).stat()
    except OSError:
        return ""
    return f"{file.sha256} {state.st_size} {state.st_mtime_ns}"


def _write_joined(sources: Iterable[Path], target: Path) -> str:
    """Write files one after the other as one, and give its hash."""
    digest = hashlib.sha256()

    with replacing(target) as joined:
        for source in sources:
            with source.open("rb") as stream:
                while block := stream.read(_BLOCK_BYTES):
                    digest.update(block)
                    joined.write(block)
    return digest.hexdigest()
