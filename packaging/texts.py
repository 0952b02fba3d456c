"""The texts that people read: gather them out of the source and keep the catalogues.

    python3 packaging/dev.py texts             what is translated, and what is not
    python3 packaging/dev.py texts update      take new and changed texts into each catalogue
    python3 packaging/dev.py texts check [de]  fail where a translation is missing or wrong
    python3 packaging/dev.py texts add it      begin a language
    python3 packaging/dev.py texts pseudo      write the texts longer and in brackets, as qps.po

A text is found by the call it stands in (``FOUND_IN``). What reads like a sentence and
stands in none of these is listed by ``strays``, which ``check`` and a test have empty.
"""

from __future__ import annotations

import ast
import gettext
import io
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import denormalize, read_po, write_po

from app.core.languages import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "app"
CATALOGUES = ROOT / "resources" / "translations"
PSEUDO = "qps"
"""No language: each text as it is in English, longer and in brackets."""
COMPLETE: tuple[str, ...] = ("ar", "de", "es", "fr", "hi")
"""Languages that are whole: here a missing translation is a fault."""

FOUND_IN: dict[str, tuple[int, ...]] = {
    "tr": (0,),
    "translate": (1,),
    "QT_TRANSLATE_NOOP": (1,),
    "_N": (1,),
    "_t": (0,),
    "said": (0,),
    "message": (0,),
    "translatable": (0,),
    "Language": (1,),
    "Format": (2, 3),
}
"""Calls that take texts for people, and which of their arguments these are."""
COUNTED_IN: dict[str, tuple[int, int]] = {"counted": (2, 3), "counted_message": (0, 1)}
"""Calls that take a text for one and a text for many."""
_SENSES_IN = {"tr": 1, "translate": 2, "said": 1}
"""Where the second argument tells two senses of one English text apart."""
_FIRST_ERROR = "AppError"
"""The first argument of this class and of all made from it is for people."""

GAP = re.compile(r"\{\w+\}")
_REMARK = "# Translators:"


@dataclass(slots=True)
class Text:
    """A text for people.

    Attributes:
        text: In English.
        plural: The same for many, if it counts something.
        sense: Which of several senses is meant; mostly empty.
        places: The modules it stands in.
        remarks: What its writers say to translators.
    """

    text: str
    plural: str = ""
    sense: str = ""
    places: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)


class Source:
    """The modules of the program, parsed.

    Args:
        folder: The folder of the package.
    """

    def __init__(self, folder: Path = SOURCES) -> None:
        self._lines: dict[str, list[str]] = {}
        self.trees: dict[str, ast.Module] = {}
        for file in sorted(folder.rglob("*.py")):
            name = file.relative_to(folder.parent).as_posix()
            content = file.read_text("utf-8")
            self._lines[name] = content.splitlines()
            self.trees[name] = ast.parse(content)
        self.errors = self._made_from(_FIRST_ERROR)

    def texts(self) -> dict[tuple[str, str], Text]:
        """Gather the texts, by sense and English text."""
        found: dict[tuple[str, str], Text] = {}
        for place, tree in self.trees.items():
            for node, text in texts_in(tree, self.errors):
                one = found.setdefault((text.sense, text.text), text)
                one.plural = one.plural or text.plural
                one.places.add(place)
                for remark in self._remarks_above(place, node.lineno):
                    if remark not in one.remarks:
                        one.remarks.append(remark)
        return found

    def strays(self) -> list[str]:
        """List what reads like a sentence for people and is found in no call."""
        known = set[str]()
        for text in self.texts().values():
            known |= {text.text, text.plural}
        return [
            f"{place}:{node.lineno}: {node.value!r}"
            for place, tree in self.trees.items()
            if not place.startswith(tuple(NOT_FOR_PEOPLE))
            for node in literals(tree, place)
            if isinstance(node.value, str)
            and reads_like_a_sentence(node.value, place)
            and node.value not in known
        ]

    def _made_from(self, name: str) -> frozenset[str]:
        """Give a class and all that inherit from it, by their names."""
        bases = {
            node.name: {_name(base) for base in node.bases}
            for tree in self.trees.values()
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
        }
        found = {name}
        while more := {one for one, of in bases.items() if of & found} - found:
            found |= more
        return frozenset(found)

    def _remarks_above(self, place: str, line: int) -> Iterator[str]:
        """Give the remark for translators that stands right above a text."""
        above = self._lines[place][: line - 1]
        block: list[str] = []
        while above and above[-1].lstrip().startswith("#"):
            block.insert(0, above.pop().strip())
        if block and block[0].startswith(_REMARK):
            yield " ".join(one.lstrip("# ") for one in block).removeprefix("Translators: ")


def texts_in(tree: ast.Module, errors: frozenset[str]) -> Iterator[tuple[ast.expr, Text]]:
    """Find the texts for people in one module, with the call that each stands in.

    Args:
        tree: The module.
        errors: Classes whose first argument is for people.
    """
    yield from _texts_within(tree, errors, {}, is_error=False)


def _texts_within(
    scope: ast.AST,
    errors: frozenset[str],
    outer: Mapping[str, list[ast.expr]],
    *,
    is_error: bool,
) -> Iterator[tuple[ast.expr, Text]]:
    """Go through a module, class or function; names are resolved to the literals given them."""
    inner: list[ast.AST] = []
    calls: list[ast.Call] = []
    given: dict[str, list[ast.expr]] = {}
    todo = list(ast.iter_child_nodes(scope))
    while todo:
        node = todo.pop(0)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner.append(node)
            todo += node.decorator_list
            continue
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    given.setdefault(target.id, []).append(node.value)
        elif isinstance(node, ast.Call):
            calls.append(node)
        todo += ast.iter_child_nodes(node)
    names = {**outer, **given}
    for call in calls:
        is_parent = is_error and ast.unparse(call.func) == "super().__init__"
        yield from _texts_of(call, names, is_error=is_parent or _name(call.func) in errors)
    for node in inner:
        is_one = isinstance(node, ast.ClassDef) and node.name in errors
        yield from _texts_within(node, errors, names, is_error=is_error or is_one)


def _texts_of(
    call: ast.Call, names: Mapping[str, list[ast.expr]], *, is_error: bool
) -> Iterator[tuple[ast.expr, Text]]:
    name = _name(call.func)
    if name in COUNTED_IN and len(call.args) > max(COUNTED_IN[name]):
        one, many = (call.args[number] for number in COUNTED_IN[name])
        for first, second in zip(_said(one, names), _said(many, names), strict=False):
            yield call, Text(first, second)
        return
    for number in (0,) if is_error else FOUND_IN.get(name, ()):
        if number < len(call.args):
            for text in _said(call.args[number], names):
                yield call, Text(text, sense=_sense(call, name))


def _said(node: ast.expr, names: Mapping[str, list[ast.expr]]) -> Iterator[str]:
    """Give the literals that an argument may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if any(letter.isalpha() for letter in node.value):
            yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _said(node.body, names)
        yield from _said(node.orelse, names)
    elif isinstance(node, ast.Name):
        for value in names.get(node.id, ()):
            if isinstance(value, ast.Constant | ast.IfExp):
                yield from _said(value, names)


def _sense(call: ast.Call, name: str) -> str:
    place = _SENSES_IN.get(name)
    if place is None or place >= len(call.args):
        return ""
    node = call.args[place]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


# ---------------------------------------------------------------- what was forgotten

_TWO_WORDS = re.compile(r"[^\W\d_]{2,}[,:…]? [^\W\d_]+")
_ONE_WORD = re.compile(r"[A-Z][a-z]{2,}[…:]?")
_SEEN = ("app/ui/", "app/cli/")
_WINDOW = ("app/ui/", "app/bootstrap/")
_NO_SENTENCE = re.compile(
    r"(SELECT|INSERT|UPDATE|DELETE|EXISTS|ATTACH|DETACH|PRAGMA|CREATE)\b"
    r"| FROM | (NOT )?NULL|^ ?ORDER BY|COLLATE| LIKE | INDEXED|coalesce\(| = \?|\w_\w+,"
    r"|^(dict|list|tuple|set)\[|</?\w+[ >]|<\?xml|=\"|;\s*\}|\{\s*\w+:|: \w+ solid|^; [\w-]+: "
    r"|^Noto |Alt\+"
)
_UNSEEN_CALLS = frozenset(
    {"debug", "info", "warning", "error", "exception", "critical", "execute", "start"}
)
_SHOWING_CALLS = re.compile(r"^(set|add|insert|show|say|Q)[A-Z_]?|^(replace|join|format|emit)$")
NOT_FOR_PEOPLE: dict[str, str] = {
    "app/audio/encode.py": "what ffmpeg says",
    "app/audio/flaws.py": "what ffmpeg says",
    "app/audio/prepare.py": "what ffmpeg says",
    "app/audio/probe.py": "what ffmpeg says",
    "app/bootstrap/single.py": "what two starts say to each other",
    "app/capture/": "what our processes and the sound server say",
    "app/core/file_kinds.py": "endings of names, names of the systems' folders",
    "app/core/fillers.py": "words that people say",
    "app/core/languages.py": "languages in themselves; their English names are found",
    "app/core/spoken_punctuation.py": "words that people say",
    "app/diagnostics.py": "the report, which is for us",
    "app/export/annotation.py": "words of file formats",
    "app/export/importing/origins.py": "names of fields and services; what to do is marked",
    "app/export/importing/recognisers.py": "names of services",
    "app/export/importing/shapes.py": "names of fields",
    "app/export/importing/text.py": "what another program writes",
    "app/export/odt_file.py": "names of styles",
    "app/jobs/preparation.py": "what is wrong with a file, for the log",
    "app/ondevice/catalog.py": "names, licences and published measurements of models",
    "app/ondevice/download.py": "what is wrong with a download, for the log",
    "app/ondevice/pronouncing.py": "sounds",
    "app/ondevice/protocol.py": "what our processes say to each other",
    "app/ondevice/sound.py": "what is wrong with a file, for the log",
    "app/voices/models.py": "what is wrong with a file, for the log",
    "app/ui/kit/platform_keys.py": "names of keys, as Qt writes them",
}
"""Modules whose strays people do not read, and what these are instead."""


_FOR_PROGRAMS = frozenset(
    {
        *("Audio data too large", "file format", "Failed to seek"),  # said by others
        *("recogniser: stderr", "recogniser: idle", "follow a take"),  # names of tasks
        *("live text by the service", "live text: sound ", "live text: words ", "live text"),
        "More was recognised",  # a change that nobody made
        *("there is no taskbar: ", "the taskbar refuses call "),  # for the log
        *("exit code ", "an answer is missing", "no release is told"),  # details, for the log
        "no class ",  # of macOS, for the log
        *("Make speakers one", "Make two speakers of one", "Strike out"),  # former labels of
        *("Take the new words", "Take the final words"),  # steps, in saved transcripts
        *("longer than any release", "not open", "none is open"),
        *("no text comes", "nothing is taken", "nothing answers"),  # of a socket, for the log
        *("nothing was heard before the end", "the service said that it was the last"),
        *("Transcript with the time of every word", "Wordlight"),
        # measured, to know how wide a line is
        "We began with a borrowed tape recorder and a list of people who might talk. ",
        "Read",  # a call of the desktop's portal
        *(
            "Row",
            "Found",
            "Del",
            "Update",
            "Fusion",
            "Iconed",
            "Inhibit",
        ),  # types, keys, names of Qt's
    }
)


def reads_like_a_sentence(text: str, place: str) -> bool:
    """Tell whether a literal looks like something that people are to read.

    Args:
        text: The literal.
        place: The module it stands in.
    """
    if text in _FOR_PROGRAMS or _NO_SENTENCE.search(text):
        return False
    if place.startswith(_SEEN) and _ONE_WORD.fullmatch(text):
        return True
    return bool(_TWO_WORDS.search(text))


def literals(tree: ast.Module, place: str) -> Iterator[ast.Constant]:
    """Give the literals of a module that may be shown: no docstrings, log, names of tasks."""
    todo: list[tuple[ast.AST, bool]] = [(tree, False)]
    while todo:
        node, is_shown = todo.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            # Sentences of the window begin with a capital; what does not names a task.
            if is_shown or not (place.startswith(_WINDOW) and node.value[:1].islower()):
                yield node
            continue
        if isinstance(node, ast.Call):
            is_shown = bool(_SHOWING_CALLS.search(_name(node.func)))
        elif isinstance(node, ast.JoinedStr | ast.Return):
            is_shown = True
        todo += [(child, is_shown) for child in _seen_parts(node)]


def _seen_parts(node: ast.AST) -> Iterable[ast.AST]:
    """Give the parts of a statement or expression that people may come to see."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return ()  # a docstring
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return () if _name(node.exc.func) in _FOR_PROGRAMMERS else (node.exc,)
    if isinstance(node, ast.Call):
        name = _name(node.func)
        if name in _UNSEEN_CALLS and "parser" not in ast.unparse(node.func):
            return ()
        if name in _WITH_CONTEXT:
            return node.args[1:]
    return ast.iter_child_nodes(node)


_WITH_CONTEXT = frozenset({"translate", "QT_TRANSLATE_NOOP", "_N", "counted"})
_FOR_PROGRAMMERS = frozenset(
    {"ValueError", "TypeError", "RuntimeError", "KeyError", "NotImplementedError"}
)


# ------------------------------------------------------------------------- catalogues


def catalogue_file(language: str) -> Path:
    """Give the file of a language."""
    return CATALOGUES / f"{language}.po"


def read(language: str) -> Catalog:
    """Read the catalogue of a language."""
    with catalogue_file(language).open("rb") as file:
        found = read_po(file, locale=None if language == PSEUDO else language)
    for one in found:  # Babel writes the English text before a change, and reads a remark
        before = [line for line in one.user_comments if line.startswith("| ")]
        one.user_comments = [line for line in one.user_comments if line not in before]
        one.previous_id = _quoted(before)
    return found


def _quoted(lines: Iterable[str]) -> list[str]:
    """Give the texts of ``| msgid "…"`` and of the lines that go on with one."""
    texts: list[str] = []
    for line in lines:
        name, _, quoted = line.removeprefix("| ").partition('"')
        if name.strip():
            texts.append("")
        texts[-1] += denormalize(f'"{quoted}')
    return texts


def write(catalogue: Catalog, language: str) -> None:
    """Write the catalogue of a language; the same texts give the same file."""
    CATALOGUES.mkdir(exist_ok=True)
    content = io.BytesIO()
    write_po(
        content,
        catalogue,
        width=96,
        sort_by_file=True,
        include_lineno=False,
        include_previous=True,
    )
    lines = content.getvalue().decode().splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith(_NOT_KEPT))
    catalogue_file(language).write_text(kept, "utf-8", newline="\n")


_NOT_KEPT = tuple(
    f'"{name}:'
    for name in (
        *("Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date", "Last-Translator"),
        *("Language-Team", "MIME-Version", "Generated-By", "Project-Id-Version"),
    )
)
"""Of the head of a file: what would differ each time, and what says nothing."""


def template(texts: Iterable[Text]) -> Catalog:
    """Give a catalogue without translations."""
    found = Catalog(project="Wordlight", charset="utf-8", header_comment="", fuzzy=False)
    for text in sorted(texts, key=lambda one: (min(one.places), one.text)):
        found.add(
            (text.text, text.plural) if text.plural else text.text,
            locations=[(place, 0) for place in sorted(text.places)],
            auto_comments=text.remarks,
            context=text.sense or None,
        )
    return found


def merged(language: str, fresh: Catalog) -> Catalog:
    """Take new and changed texts into a catalogue.

    No translation is lost: that of a text which has changed a little stands at the new one,
    marked *fuzzy*, with the old text beside it; that of a text which is gone is struck out. A
    text which is gone and never had one leaves nothing behind.
    """
    old = read(language) if catalogue_file(language).exists() else _empty(language)
    before = {(one.context, one.id): one.previous_id for one in old}
    old.update(fresh, no_fuzzy_matching=False)
    for one in old:
        if one.fuzzy and not _is_translated(one):
            one.flags.discard("fuzzy")  # alike to a text that was not translated either
            one.previous_id = []
        elif one.fuzzy and not one.previous_id:
            one.previous_id = before.get((one.context, one.id), [])
    old.project, old.header_comment = "Wordlight", _HEAD.format(language=language)
    for one in old:
        if language != PSEUDO and not one.string and (given := _known_name(language, one)):
            one.string = given
    for key in [key for key, one in old.obsolete.items() if not _is_translated(one)]:
        del old.obsolete[key]
    return old


def _is_translated(entry: Message) -> bool:
    return any(entry.string) if isinstance(entry.string, tuple | list) else bool(entry.string)


def _empty(language: str) -> Catalog:
    return Catalog(
        locale=None if language == PSEUDO else language, project="Wordlight", fuzzy=False
    )


_HEAD = "# Wordlight in the language “{language}”. How to translate: CONTRIBUTING.md."


def _known_name(language: str, entry: Message) -> str:
    """Give the name of a language as the Unicode project has it; empty if it is not one."""
    if entry.context or ("app/core/languages.py", None) not in _places(entry):
        return ""
    codes = [one.code for one in LANGUAGES.values() if one.name == entry.id]
    names = Locale.parse(language).languages
    return next((names[code] for code in codes if code in names), "")


def _places(entry: Message) -> list[tuple[str, int | None]]:
    return [(place, None) for place, _line in entry.locations]


def languages() -> list[str]:
    """Give the codes of the languages begun."""
    return sorted(one.stem for one in CATALOGUES.glob("*.po") if one.stem != PSEUDO)


# ------------------------------------------------------------------------- checking


def faults(language: str, texts: Mapping[tuple[str, str], Text]) -> list[str]:
    """List what is missing or wrong in a catalogue."""
    found: list[str] = []
    catalogue = read(language)
    wanted = {(sense, text) for sense, text in texts}
    there = {(one.context or "", _english(one)[0]): one for one in catalogue if one.id}
    found += [
        f"not in the file (run “texts update”): {text!r}" for _, text in wanted - set(there)
    ]
    found += [
        f"no longer used (run “texts update”): {text!r}" for _, text in set(there) - wanted
    ]
    for key in sorted(wanted & set(there)):
        found += [f"{problem}: {key[1]!r}" for problem in _problems(there[key], catalogue)]
    return found


def _english(entry: Message) -> tuple[str, ...]:
    return (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)


def _problems(entry: Message, catalogue: Catalog) -> Iterator[str]:
    """Tell what is wrong with one translation."""
    english = _english(entry)
    singular, plural = english[0], english[-1]
    forms = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
    if not all(forms):
        yield "not translated"
        return
    if entry.fuzzy:
        yield "the English text has changed (translate anew, take “fuzzy” away)"
    if len(english) > 1 and len(forms) != catalogue.num_plurals:
        yield f"{len(forms)} forms where the language has {catalogue.num_plurals}"
    gaps = {one for text in english for one in GAP.findall(text)}
    always = set(GAP.findall(plural))
    for number, form in enumerate(forms):
        own = set(GAP.findall(form))
        if own - gaps:
            yield f"gaps that are not in the English: {', '.join(sorted(own - gaps))}"
        # “one” may say the number in words where it stands for that number alone
        needs = always - ({"{count}"} if _is_one_number(catalogue, number, english) else set())
        if needs - own:
            yield f"gaps left out: {', '.join(sorted(needs - own))}"
        yield from _unlike(singular, form)


def _is_one_number(catalogue: Catalog, form: int, english: tuple[str, ...]) -> bool:
    if len(english) == 1:
        return False
    rule = gettext.c2py(catalogue.plural_expr)
    # nothing counts nothing: what is not there is not said
    return sum(rule(count) == form for count in range(1, 200)) <= 1


def _unlike(english: str, form: str) -> Iterator[str]:
    """Tell of signs at the edges and of marks that must be as in the English."""
    for name, pattern in _KEPT.items():
        if pattern.findall(english) != pattern.findall(form):
            yield f"{name} unlike the English"


_KEPT = {
    "%-marks": re.compile(r"%(?:\(\w+\))?[a-z]"),
    "spaces at the ends are": re.compile(r"^\s+|\s+$"),
    "line ends are": re.compile(r"\n"),
    "options of the command line are": re.compile(r"--[a-z][a-z-]+"),
    "tags are": re.compile(r"</?\w+>"),
}


# --------------------------------------------------------------------------- pseudo


def longer(text: str) -> str:
    """Write a text in brackets and a third longer; gaps and marks stay as they are."""
    pieces = re.split(r"(\{\w+\}|%(?:\(\w+\))?[a-z]|</?\w+>|\s+)", text)
    pseudo = "".join(
        piece if number % 2 else piece.translate(_ACCENTS)
        for number, piece in enumerate(pieces)
    )
    head = text[: len(text) - len(text.lstrip())]
    tail = text[len(text.rstrip()) :] if text.strip() else ""
    core = pseudo.strip()
    return f"{head}⟦{core}{' ~' * max(1, len(core) // 6)}⟧{tail}"


_ACCENTS = str.maketrans("aeiouyAEIOUYcnsz", "áéíóúýÁÉÍÓÚÝçñšž")


def pseudo(fresh: Catalog) -> Catalog:
    """Give a catalogue in no language, to look for texts that are cut or forgotten."""
    for one in fresh:
        if one.id:
            one.string = (
                longer(one.id)
                if isinstance(one.id, str)
                else tuple(longer(text) for text in one.id)
            )
    return fresh


# --------------------------------------------------------------------------- command


def main(arguments: list[str]) -> int:
    """Run one of the commands; gives the exit status."""
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    source = Source()
    texts = source.texts()
    if verb == "update":
        for language in rest or languages():
            write(merged(language, template(texts.values())), language)
        return _tell(texts)
    if verb == "add" and len(rest) == 1:
        return _add(rest[0], texts)
    if verb == "pseudo":
        write(pseudo(template(texts.values())), PSEUDO)
        print(f"Written. To look at it: WORDLIGHT_LANGUAGE={PSEUDO} wordlight")
        return 0
    if verb == "check":
        return _check(source, texts, rest)
    if verb:
        print(__doc__)
        return 2
    return _tell(texts)


def _add(language: str, texts: Mapping[tuple[str, str], Text]) -> int:
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        print(f"{language} is no code of a language; examples: it, pt_BR, zh_Hans.")
        return 2
    if catalogue_file(language).exists():
        print(f"{catalogue_file(language).relative_to(ROOT)} is there already.")
        return 1
    write(merged(language, template(texts.values())), language)
    name = locale.english_name
    print(f"{name}: fill in {catalogue_file(language).relative_to(ROOT)}, then run")
    print(f"    python3 packaging/dev.py texts check {language}")
    print("CONTRIBUTING.md, “Translating”, says how.")
    return 0


def _check(source: Source, texts: Mapping[tuple[str, str], Text], wanted: list[str]) -> int:
    strays = source.strays() if not wanted else []
    for stray in strays:
        print(f"{stray} reads like a sentence and cannot be translated")
    count = len(strays)
    for language in wanted or COMPLETE:
        if not catalogue_file(language).exists():
            print(f"{language}: there is no such catalogue; “texts add {language}” begins one")
            count += 1
            continue
        found = faults(language, texts)
        count += len(found)
        for fault in found:
            print(f"{language}: {fault}")
    print(f"{count} faults." if count else "All texts are translated.")
    return 1 if count else 0


def _tell(texts: Mapping[tuple[str, str], Text]) -> int:
    counted = sum(bool(one.plural) for one in texts.values())
    print(f"{len(texts)} texts, {counted} of them count something")
    for language in languages():
        entries = [one for one in read(language) if one.id]
        done = sum(bool(one.string) and all(one.string) and not one.fuzzy for one in entries)
        fuzzy = sum(one.fuzzy for one in entries)
        print(
            f"  {language:<6} {done} translated, {fuzzy} to look at again, "
            f"{len(entries) - done - fuzzy} missing"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
