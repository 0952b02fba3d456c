"""What goes into the bundle of the installers, held against the source, without a build."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import pytest

from app.core.file_kinds import FORMATS, RECORDING_SUFFIXES
from app.ondevice.catalog import PACKAGES
from tests.packaging.conftest import Load
from tests.support.sources import TOGETHER, tree_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"


@pytest.fixture
def bundle(load: Load) -> ModuleType:
    return load("bundle")


@pytest.fixture
def small_ffmpeg(load: Load) -> ModuleType:
    return load("small_ffmpeg")


def constants_of(tree: ast.Module) -> dict[str, str]:
    """Give what a module's own names stand for, where that is a text."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


LOADING = ROOT / "app" / "system" / "loading.py"
"""Imports what its callers name, each of which imports that by a statement of its own."""


def names_in_calls_of(function: str, paths: Iterable[Path] | None = None) -> set[str]:
    """Give what is imported by a name in a string, anywhere in the program."""
    found: set[str] = set()
    for path in set((ROOT / "app").rglob("*.py")) - {LOADING} if paths is None else paths:
        tree = tree_of(path)
        constants = constants_of(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func
            name = (
                called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            )
            if name != function:
                continue
            match node.args[0]:
                case ast.Constant(value=str(module)):
                    found.add(module)
                case ast.Name(id=given) if given in constants:
                    found.add(constants[given])
                case _:
                    pytest.fail(f"{path}: what does {ast.unparse(node)} import?")
    return found


@TOGETHER
def test_what_is_imported_by_a_name_in_a_string_is_in_the_bundle(bundle: ModuleType) -> None:
    named = names_in_calls_of("import_module") | names_in_calls_of("find_spec")

    assert {"app.bootstrap.life", "onnxruntime", "soundswallower"} <= named
    assert named <= set(bundle.NAMED_AT_RUN_TIME)


@TOGETHER
def test_what_is_loaded_ahead_is_imported_by_a_statement_as_well() -> None:
    loading = False
    for path in set((ROOT / "app").rglob("*.py")) - {LOADING}:
        named = names_in_calls_of("load_modules", [path])
        tree = tree_of(path)
        stated = {
            *(
                one.name
                for node in ast.walk(tree)
                if isinstance(node, ast.Import)
                for one in node.names
            ),
            *(
                node.module
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom) and node.module
            ),
        }
        assert named <= stated, path
        loading = loading or bool(named)
    assert loading


def test_what_is_imported_by_a_name_exists_here(bundle: ModuleType) -> None:
    for name in set(bundle.NAMED_AT_RUN_TIME) - {"soundswallower"}:  # not for every machine
        assert importlib.util.find_spec(name) is not None, name


@TOGETHER
def test_nothing_is_used_that_the_bundle_has_only_stand_ins_for(bundle: ModuleType) -> None:
    decoder = "faster_whisper.audio"  # stands on PyAV
    gone = {*bundle.STAND_INS, decoder}
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(tree_of(path)):
            names = set[str]()
            if isinstance(node, ast.Import):
                names = {one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
            used = {name for name in names if name in gone or name.split(".")[0] in gone}
            assert not used, f"{path}: {used}"


IMPORT_ALL = """
import importlib
import sys
from pathlib import Path

class NotThere:
    def find_spec(self, name, path=None, target=None):
        if any(name == one or name.startswith(f"{one}.") for one in left_out):
            raise ModuleNotFoundError(f"{name} is left out of the bundle", name=name)

root, left_out = Path(sys.argv[1]), sys.argv[2].split()
exec((root / "packaging" / "stand_ins.py").read_text("utf-8"))
stands_in = {name.partition(".")[0] for name in left_out} & {*sys.modules}
left_out = [name for name in left_out if name not in stands_in]
sys.meta_path.insert(0, NotThere())
for path in sorted((root / "app").rglob("*.py")):
    if path.name != "__main__.py":
        importlib.import_module(".".join(path.relative_to(root).with_suffix("").parts))
for name in ("faster_whisper", "ctranslate2", "docx", "odf", "onnx_asr", "pysubs2", "yaml"):
    importlib.import_module(name)
import numpy
numpy.random, numpy.fft, numpy.linalg
print("whole")
"""


@pytest.mark.slow
def test_nothing_that_the_program_imports_is_left_out(
    bundle: ModuleType, tmp_path: Path
) -> None:
    told = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, str(ROOT), " ".join(bundle.EXCLUDED)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "WORDLIGHT_HOME": str(tmp_path)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )

    assert told.stdout.endswith("whole\n")


@pytest.mark.parametrize(
    ("name", "is_wanted"),
    [
        ("httpx-0.28.1.dist-info/METADATA", True),
        ("keyring-25.7.0.dist-info/entry_points.txt", True),
        ("httpx-0.28.1.dist-info/RECORD", False),
        ("docx/templates/default.docx", True),
        ("docx/templates/default-header.xml", True),
        ("docx/templates/default-docx-template/word/styles.xml", False),
    ],
)
def test_data_that_nothing_reads_stays_out(
    bundle: ModuleType, name: str, is_wanted: bool
) -> None:
    assert bundle.is_data_wanted(name) == is_wanted


def test_the_pictures_that_the_program_has_can_be_shown(bundle: ModuleType) -> None:
    plugins = "PySide6/Qt/plugins/imageformats"
    kinds = {".png", ".jpeg", ".svg"}  # the first is in Qt itself
    brought = {
        f".{name}"
        for name in ("gif", "ico", "jpeg", "svg", "tiff", "webp")
        if bundle.is_library_wanted(f"{plugins}/libq{name}.so", "/x")
    }
    pictures = {
        Path(source).suffix
        for source, _ in bundle.data_of_app()
        if Path(source).suffix in {".bmp", ".gif", ".ico", ".jpg", ".png", ".svg", ".webp"}
    }

    assert brought == kinds - {".png"}
    assert pictures
    assert pictures <= kinds


def test_every_version_that_doctor_tells_is_in_the_bundle(bundle: ModuleType) -> None:
    tree = ast.parse((ROOT / "app" / "diagnostics.py").read_text("utf-8"))
    (told,) = (
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_PACKAGES_TOLD"
    )
    same = re.compile(r"[-_.]+")
    known = {same.sub("-", name).lower() for name in bundle.TOLD_VERSIONS}

    assert told
    assert {same.sub("-", name).lower() for name in told} <= known


def test_every_data_package_of_a_model_is_taken_or_left_on_purpose(bundle: ModuleType) -> None:
    named = {place.partition("/")[0] for one in PACKAGES.values() for place in one.bundle}

    assert named == {*bundle.MODEL_PACKAGES, *bundle.LEFT_MODELS}


def test_every_file_that_is_read_below_app_is_in_the_bundle(bundle: ModuleType) -> None:
    taken = {Path(source) for source, _ in bundle.data_of_app()}
    not_code = {
        path
        for path in (ROOT / "app").rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc", ".md", ".typed"}
    }

    assert not_code
    assert not_code <= taken


def test_every_resource_but_the_screenshots_is_in_the_bundle(bundle: ModuleType) -> None:
    taken = {Path(source) for source, _ in bundle.data_of_app()}
    there = {
        path
        for path in (ROOT / "resources").rglob("*")
        if path.is_file()
        and path.suffix not in {".py", ".pyc"}
        and "screenshots" not in path.parts
    }

    assert there <= taken


def test_what_a_system_has_itself_is_not_brought(bundle: ModuleType) -> None:
    for name in ("libstdc++.so.6", "libGL.so.1", "libwayland-client.so.0", "libmvec.so.1"):
        assert not bundle.is_library_wanted(name, f"/usr/lib/x86_64-linux-gnu/{name}")


def test_what_some_systems_lack_is_brought(bundle: ModuleType) -> None:
    for name in ("libxcb-cursor.so.0", "libxkbcommon-x11.so.0", "libpython3.11.so.1.0"):
        assert bundle.is_library_wanted(name, f"/usr/lib/x86_64-linux-gnu/{name}")


def test_the_player_finds_all_it_needs(bundle: ModuleType) -> None:
    inside = "PySide6/Qt/lib/libQt6{}.so.6"
    for name in ("Multimedia", "Quick", "Qml"):  # the last two are nearly empty
        assert bundle.is_library_wanted(inside.format(name), "/environment/PySide6")
    assert not bundle.is_library_wanted(inside.format("WebEngineCore"), "/environment/PySide6")


def test_a_library_of_no_known_package_is_refused(bundle: ModuleType) -> None:
    with pytest.raises(KeyError):
        bundle.depends_of(["libnobodyknows.so.3"])


def test_a_package_asks_for_what_its_libraries_need(bundle: ModuleType) -> None:
    depends = bundle.depends_of(["libc.so.6", "libm.so.6", "libglib-2.0.so.0"])

    assert depends == ["ca-certificates", "libc6 (>= 2.35)", "libglib2.0-0t64 | libglib2.0-0"]


def test_sizes_count_every_byte_once(bundle: ModuleType) -> None:
    files = [("lib/libicudata.so.73", 5), ("lib/PySide6/QtCore.abi3.so", 7), ("readme", 1)]

    sizes = bundle.sizes(files)

    assert sum(sizes.values()) == 13
    assert sizes["Qt: ICU"] == 5
    assert sizes["other"] == 1


def test_what_is_opened_with_wordlight_is_what_it_reads(bundle: ModuleType) -> None:
    endings = {f".{one}" for told in bundle.MIME_TYPES.values() for one in told.split()}

    assert endings <= RECORDING_SUFFIXES


SHARED_TYPES = Path("/usr/share/mime/globs2")
OTHER_THINGS = {
    # types whose files are usually something else than a recording
    *("application/vnd.smaf", "application/vnd.stardivision.chart", "application/x-object"),
    *("application/x-apple-systemprofiler+xml", "application/x-shorten", "audio/x-mod"),
    *("audio/vnd.audible.aax", "audio/x-pn-audibleaudio", "text/vnd.trolltech.linguist"),
    *("video/x-theora+ogg",),
}


@pytest.mark.skipif(not SHARED_TYPES.is_file(), reason="this system has no shared MIME table")
def test_no_type_that_the_system_knows_is_forgotten(bundle: ModuleType) -> None:
    known = {
        fields[1]
        for line in SHARED_TYPES.read_text("utf-8").splitlines()
        if not line.startswith("#")
        and (fields := line.split(":"))[2].startswith("*.")
        and fields[2][1:] in RECORDING_SUFFIXES
    }
    # Newer tables have names for more; these are the ones that matter everywhere.
    wanted = {one for one in known if one.startswith(("audio/", "video/"))} - OTHER_THINGS

    assert {"audio/mpeg", "audio/mp4", "video/mp4", "audio/x-wav"} <= set(bundle.MIME_TYPES)
    assert len(wanted - set(bundle.MIME_TYPES)) <= len(wanted) // 5


def test_entries_of_the_desktop_are_filled_in(load: Load) -> None:
    building = load("building")
    for name in ("wordlight.desktop.in", "metainfo.xml.in", "mime.xml", "wordlight.1"):
        text = building.filled((PACKAGING / "linux" / name).read_text("utf-8"), 1_700_000_000)

        assert not re.search(r"@[A-Z]+@", text)


def test_the_script_that_installs_is_a_shell_script() -> None:
    subprocess.run(["sh", "-n", PACKAGING / "linux" / "install.sh"], check=True)


HOMES = ("plain", "with space", 'Zoë "Z" O\'Neil & Söhne', "a\\b$c`d`%e|f")


@pytest.mark.skipif(os.name == "nt", reason="the script is for Linux")
@pytest.mark.parametrize("name", HOMES)
def test_it_installs_into_any_home_and_goes_again(tmp_path: Path, name: str) -> None:
    top, home = tmp_path / "top of it", tmp_path / name
    (top / "wordlight").mkdir(parents=True)
    program = top / "wordlight" / "wordlight"
    program.write_text("#!/bin/sh\necho here\n", "utf-8")
    program.chmod(0o755)
    entry = Path("share") / "applications" / "id.desktop"
    (top / entry).parent.mkdir(parents=True)
    (top / entry).write_text("[Desktop Entry]\nName=W\nExec=wordlight %F\nIcon=id\n", "utf-8")
    script = (PACKAGING / "linux" / "install.sh").read_text("utf-8").replace("@ID@", "id")
    (top / "install.sh").write_text(script, "utf-8")
    home.mkdir()
    kept = home / ".local" / "share" / "Wordlight"
    kept.mkdir(parents=True)

    def install(*words: str) -> None:
        environ = {"HOME": str(home), "PATH": os.environ["PATH"]}
        command = ["sh", str(top / "install.sh"), *words]
        subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL)

    install()
    install()  # over itself, as an update does

    assert started_by(home / ".local" / entry) == "here"
    assert (home / ".local" / "bin" / "wordlight").resolve().is_file()
    install("--remove")
    left = {path.name for path in (home / ".local").rglob("*") if not path.is_dir()}
    assert left <= {"mimeinfo.cache"}  # the system's own, where it makes one
    assert kept.is_dir()


def started_by(entry: Path) -> str:
    """Start what a desktop entry names, by the rules that desktops read it by."""
    (line,) = (one for one in entry.read_text("utf-8").splitlines() if "Exec=" in one)
    said = line.removeprefix("Exec=").removesuffix(" %F").replace("%%", "%")
    unescaped = said.replace("\\\\", "\\")
    done = subprocess.run(["sh", "-c", unescaped], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_an_order_for_what_there_is_not_is_refused(load: Load) -> None:
    building = load("building")

    with pytest.raises(building.SetupError, match="rpm"):
        building.take_order(["rpm"], None)


# ---------------------------------------------------------------- our own ffmpeg

LIST_OF_CODECS = """
/* video codecs */
extern const FFCodec ff_h264_decoder;
/* audio codecs */
extern const FFCodec ff_aac_encoder;
extern const FFCodec ff_aac_decoder;
/* PCM codecs */
extern const FFCodec ff_pcm_alaw_decoder;
/* subtitles */
extern const FFCodec ff_srt_decoder;
"""


def test_our_ffmpeg_decodes_every_kind_of_sound_and_no_pictures(
    small_ffmpeg: ModuleType,
) -> None:
    assert small_ffmpeg.sound_decoders(LIST_OF_CODECS) == ["aac", "pcm_alaw"]


def test_our_ffmpeg_reads_the_formats_that_the_program_does(small_ffmpeg: ModuleType) -> None:
    there = "".join(
        f"extern const AVInputFormat  ff_{small_ffmpeg.ALIASES.get(name, name)}_demuxer;\n"
        for name in FORMATS
    )
    more = "".join(
        f"extern const AVInputFormat  ff_{name}_demuxer;\n" for name in ("hls", "rtsp")
    )

    found = set(small_ffmpeg.demuxers(there + more))

    assert found == {small_ffmpeg.ALIASES.get(name, name) for name in FORMATS} | {"hls"}
    assert not {*FORMATS} & {*small_ffmpeg.REFUSED}  # these are on no list of what is read


def test_our_ffmpeg_reads_what_newer_lists_call_its_formats(small_ffmpeg: ModuleType) -> None:
    there = "extern const FFInputFormat  ff_flac_demuxer;\n"

    assert small_ffmpeg.demuxers(there) == ["flac"]


@pytest.mark.skipif(sys.platform != "linux", reason="recording goes another way elsewhere")
@TOGETHER
def test_our_ffmpeg_records_from_what_the_program_names(
    small_ffmpeg: ModuleType, tmp_path: Path
) -> None:
    for name in ("libavcodec/allcodecs.c", "libavformat/allformats.c"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("", "utf-8")
    asked = written_in(ROOT / "app" / "capture" / "pulse.py").splitlines()
    told = small_ffmpeg.options(tmp_path)

    assert {"pulse", "s16le"} <= {*asked}
    assert {"--enable-indev=pulse", "--enable-libpulse"} <= {*told}
    assert "--disable-avdevice" not in told
    assert "pcm_s16le" in small_ffmpeg.MUXERS


LISTS = """
# a remark
deb http://mirror.example.org/debian bookworm main
deb [arch=amd64] http://mirror.example.org/debian-security bookworm-security main
deb https://packages.example.org/apt tools-bookworm main
Types: deb
URIs: http://mirror.example.org/debian
Suites: bookworm bookworm-updates
"""


def test_the_source_is_looked_for_in_its_own_release(small_ffmpeg: ModuleType) -> None:
    told = small_ffmpeg.of_release(LISTS, "trixie")

    assert told.splitlines() == [
        "",
        "# a remark",
        "deb-src http://mirror.example.org/debian trixie main",
        "deb-src [arch=amd64] http://mirror.example.org/debian-security trixie-security main",
        "deb-src https://packages.example.org/apt tools-bookworm main",
        "Types: deb-src",
        "URIs: http://mirror.example.org/debian",
        "Suites: trixie trixie-updates",
    ]


def written_in_audio() -> str:
    """Give all that is written in strings of ``app/audio`` and the fallback player."""
    files = (*(ROOT / "app" / "audio").glob("*.py"), ROOT / "app/player/fallback.py")
    return written_in(*files)


def written_in(*files: Path) -> str:
    """Give all that is written in strings of some modules."""
    return "\n".join(
        node.value
        for path in files
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


ALL_FILTERS = (
    *("aformat", "alimiter", "amerge", "amix", "anull", "anullsrc", "apad", "aresample"),
    *("adelay", "asetnsamples", "asetpts", "asetrate", "ashowinfo", "asplit", "astats"),
    *("atempo", "atrim", "channelsplit", "concat", "dynaudnorm", "ebur128", "highpass"),
    *("loudnorm", "lowpass", "pan", "silencedetect", "volume", "volumedetect"),
)


@TOGETHER
def test_our_ffmpeg_has_every_filter_that_a_graph_is_made_of(small_ffmpeg: ModuleType) -> None:
    text = written_in_audio()
    used = {
        one for one in ALL_FILTERS if re.search(rf"(^|[\],;]){one}(=|@|$)", text, re.MULTILINE)
    }

    assert {"aresample", "pan", "amix"} <= used
    assert used <= set(small_ffmpeg.FILTERS)


@TOGETHER
def test_our_ffmpeg_writes_every_form_that_is_asked_for(small_ffmpeg: ModuleType) -> None:
    text = written_in_audio().splitlines()
    wanted = {"flac", "libopus", "pcm_s16le", "pcm_f32le", "wav", "ogg", "null", "framecrc"}

    assert wanted <= {*text}, "the program asks for something else now: see below"
    assert wanted <= {*small_ffmpeg.ENCODERS, *small_ffmpeg.MUXERS}
