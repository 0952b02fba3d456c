"""The models on this computer: list, fetch, remove, or use a folder of one's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.core.models import Device, Tier
from app.core.options import AUTO
from app.jobs.service import network_of
from app.ondevice.catalog import PACKAGES, Package
from app.ondevice.download import HUB, download
from app.ondevice.installed import ModelFolders
from app.store.settings import SettingsStore

OnBytes = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model, and whether it is here.

    Attributes:
        name: As in ``TranscriptionOptions.package``.
        size_bytes: What it takes to download and on disk.
        languages: Codes it knows.
        licence: Of its weights.
        is_installed: Whether it can be used.
        is_own: Whether it lies in the person's own folder.
        is_removable: Whether it was fetched, and so can be removed.
        begun_bytes: How much of an interrupted download is there.
        tier: What it is good for; ``None`` for one that another serves better.
        credit: Whose it is, where the licence asks to say so.
        ms_per_second: How long it takes here for a second of sound; ``None`` if not known.
        device: What computed last; ``None`` if not known.
        is_recommended: Whether it is the best one here that is quick enough.
    """

    name: str
    size_bytes: int
    languages: tuple[str, ...]
    licence: str
    is_installed: bool
    is_own: bool
    is_removable: bool
    begun_bytes: int
    tier: Tier | None = None
    credit: str = ""
    ms_per_second: float | None = None
    device: Device | None = None
    is_recommended: bool = False


class Models:
    """What a person can do about the models on this computer.

    The folders are shared with the recogniser, so that a change of them is in force
    with the next recording.
    """

    def __init__(
        self,
        folders: ModelFolders,
        settings: SettingsStore,
        *,
        packages: dict[str, Package] = PACKAGES,
        hub: str = HUB,
    ) -> None:
        self._folders = folders
        self._settings = settings
        self._packages = packages
        self._hub = hub
        self._take(settings.settings.models_folder)

    @property
    def own_folder(self) -> Path | None:
        """The person's own folder of models, if there is one."""
        return self._folders.own

    async def entries(self) -> tuple[ModelEntry, ...]:
        """List all models, those that come with the program first.

        One that another serves better is listed only where it is here.
        """
        return await asyncio.to_thread(self._entries)

    def _entries(self) -> tuple[ModelEntry, ...]:
        all_of_them = [
            (package.is_offered, self._entry(package)) for package in self._packages.values()
        ]
        listed = [
            entry
            for is_offered, entry in all_of_them
            if is_offered or entry.is_installed or entry.begun_bytes
        ]
        best = self._recommended(listed)
        return tuple(
            replace(entry, is_recommended=entry.name == best) if best else entry
            for entry in listed
        )

    def _recommended(self, entries: Sequence[ModelEntry]) -> str:
        """Name the best model that is here, knows the language and is quick enough."""
        language = self._settings.settings.options.language
        fitting = [
            entry
            for entry in entries
            if entry.tier is not None
            and self._folders.manages(self._packages[entry.name])
            and (language in entry.languages or (language == AUTO and len(entry.languages) > 1))
        ]
        ranks = list(Tier)
        fitting.sort(key=lambda entry: ranks.index(entry.tier) if entry.tier else -1)
        return fitting[-1].name if fitting else ""

    async def fetch(self, name: str, on_progress: OnBytes) -> None:
        """Fetch a model; goes on where an earlier try stopped.

        Cancelling keeps what is there for the next time.

        Raises:
            RecogniserError: No connection, no room, or not the right content.
        """
        package = self._packages[name]
        await download(
            package,
            self._folders,
            on_progress=on_progress,
            network=network_of(self._settings.settings),
            hub=self._hub,
        )

    async def remove(self, name: str) -> None:
        """Remove a model that was fetched, or what is there of one.

        Raises:
            RecogniserError: It cannot be removed.
        """
        await asyncio.to_thread(self._folders.remove, self._packages[name])

    async def use_folder(self, folder: Path | None) -> int:
        """Look for models in a folder of the person's own from now on.

        Args:
            folder: A model's folder, or one with folders of models; ``None`` for none.

        Returns:
            How many of the models known here are in it.

        Raises:
            StorageError: The choice could not be kept.
        """
        text = "" if folder is None else str(folder)
        await asyncio.to_thread(lambda: self._settings.change(models_folder=text))
        self._take(text)
        return sum(entry.is_own for entry in await self.entries())

    def _take(self, folder: str) -> None:
        self._folders.own = Path(folder) if folder else None

    def _entry(self, package: Package) -> ModelEntry:
        device = self._folders.device()[0]
        return ModelEntry(
            package.name,
            package.size_bytes,
            package.languages,
            package.licence,
            is_installed=self._folders.is_installed(package),
            is_own=self._folders.is_own(package),
            is_removable=self._folders.is_downloaded(package),
            begun_bytes=self._folders.begun_bytes(package),
            tier=package.tier,
            credit=package.credit,
            ms_per_second=self._folders.ms_per_second(package),
            device=Device(device) if device in set(Device) else None,
        )
