"""Who made what Wordlight stands on, and on which terms; *About* shows it."""

from __future__ import annotations

import re
from importlib import metadata

from app.system.resources import bundled_path

_NAME = re.compile(r"^[A-Za-z0-9._-]+")
_TEXT = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
_RULE = "\n\n" + "-" * 78 + "\n\n"


def notices() -> str:
    """Give the notices of all that is in use, to be read by a person; takes a moment.

    A bundle brings its own, which name what its files hide as well. From source they are put
    together from what the installed packages say of themselves.
    """
    bundled = bundled_path("notices/NOTICES.txt")
    if bundled is not None:
        return bundled.read_text("utf-8")
    return _RULE.join(_chapter(one) for one in _in_use("wordlight"))


def _in_use(name: str) -> list[metadata.Distribution]:
    """Give a package and all it needs, as far as they are installed, by name."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [name]
    while waiting:
        known = waiting.pop().lower().replace("_", "-").replace(".", "-")
        if known in found:
            continue
        try:
            one = metadata.distribution(known)
        except metadata.PackageNotFoundError:
            continue  # of another system, or not asked for
        found[known] = one
        waiting += [match[0] for need in one.requires or () if (match := _NAME.match(need))]
    return [found[key] for key in sorted(found, key=lambda key: (key != name, key))]


def _field(one: metadata.Distribution, name: str) -> list[str]:
    return [str(value) for value in one.metadata.get_all(name) or () if value]


def _chapter(one: metadata.Distribution) -> str:
    told = [*_field(one, "License-Expression"), *_field(one, "License")]
    licence = told[0].strip().splitlines() if told else []
    head = "\n".join([f"{one.name} {one.version}", *licence[:1]])
    texts = [
        file.read_text("utf-8").strip()
        for file in one.files or ()
        if _TEXT.search(file.name) and file.suffix in {"", ".txt", ".md", ".APACHE", ".BSD"}
    ]
    return "\n\n".join([head, *texts])
