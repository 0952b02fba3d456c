"""Every dialog of the program with something in it, for tests and screenshots."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

import app.ui
from app.core.differences import differences
from app.core.errors import Action
from app.core.fillers import find_fillers
from app.core.finding import Query
from app.core.job import Failure, JobState, Repeat
from app.core.messages import message
from app.core.models import Tier
from app.core.options import ModelId, TranscriptionOptions
from app.core.preferences import ExportPreset, Settings, WatchFolder
from app.core.replacing import find_all
from app.core.take import Device, Source, SourceKind
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, TranscriptId, Word
from app.export.formats import FORMATS
from app.export.options import ExportOptions
from app.export.preview import make_preview
from app.export.request import ExportRequest
from app.export.source import ExportDocument
from app.jobs.attaching import Candidate
from app.jobs.consent import Leaving
from app.jobs.library_replacing import FoundIn
from app.jobs.models import ModelEntry
from app.store.job_steps import SavedReply
from app.ui.actions import Actions
from app.ui.export.dialog import ExportDialog
from app.ui.export.question import QuestionSheet
from app.ui.export.sheets import OverwriteSheet, PresetSheet
from app.ui.guide.help_sheets import AboutSheet, PrivacySheet
from app.ui.guide.palette import Command, Palette
from app.ui.kit.appearance import Appearance
from app.ui.kit.choice_sheet import ChoiceSheet
from app.ui.kit.not_done_sheet import NotDoneSheet
from app.ui.kit.sheet import Sheet
from app.ui.library.replace_sheet import LibraryReplaceSheet
from app.ui.models.dialog import ModelsDialog
from app.ui.models.panel import ModelsPanel
from app.ui.queue.options_panel import MoreOptions
from app.ui.queue.sheets import JobOptionsSheet, LeaveSheet, RepeatSheet, UrlSheet
from app.ui.recording.sheets import RecordSheet
from app.ui.service.key_dialog import KeyDialog
from app.ui.service.sheets import CostSheet, DetailsSheet, SendSoundSheet
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.shortcuts import ShortcutSheet
from app.ui.transcript.attaching import AttachSheet
from app.ui.transcript.filler_sheet import FillerSheet
from app.ui.transcript.legend_sheet import LegendSheet
from app.ui.transcript.paragraphs import CutSheet
from app.ui.transcript.replace_sheet import ReplaceSheet
from app.ui.transcript.retiming import ShiftSheet
from app.ui.transcript.speakers_sheet import Row, SpeakersSheet
from app.ui.transcript.telling import TellSheet
from app.ui.transcript.versions_sheet import VersionsSheet
from tests.ui.jobs import make_job

_NATIVE = QKeySequence.SequenceFormat.NativeText
ANNA, BEN = SpeakerId("a"), SpeakerId("b")
SAID = (
    (ANNA, "Um, we shal bear any burden, uh, you know, meat any hardship."),
    (BEN, "And we shal support any friend, whoever that may turn out to be in the end."),
    (ANNA, "Oppose any foe, um."),
)
NAMES = {ANNA: "Anna Berg", BEN: "Ben"}


def talk() -> Transcript:
    """Give a talk of two people with doubtful words and fillers."""
    paragraphs: list[Paragraph] = []
    at_ms = 0
    for speaker, text in SAID:
        spoken: list[Word] = []
        for part in text.split():
            sure = 0.2 if part in {"shal", "meat"} else 0.95
            spoken.append(Word(part, at_ms, at_ms + 400, sure, 0.9))
            at_ms += 500
        paragraphs.append(Paragraph(tuple(spoken), speaker, spoken[0].start_ms, at_ms))
    speakers = tuple(Speaker(one, name) for one, name in NAMES.items())
    return Transcript(tuple(paragraphs), speakers, language="en", duration_ms=at_ms)


def _export(appearance: Appearance, _actions: Actions) -> QWidget:
    words = talk()
    made = ExportDialog(appearance, FORMATS, words, last=("srt",))
    made.show_presets((ExportPreset("For the archive", "docx", "{}"),), "For the archive")
    made.show_request(ExportRequest("docx", ExportOptions()))
    document = ExportDocument(words, title="Interview with Anna")
    made.show_preview(make_preview(document, FORMATS["docx"], ExportOptions()))
    made.show_target("/recordings/Interview with Anna, the long one.docx")
    made.show_failure("The folder is not there any more. Choose another one.")
    return made


def _question(appearance: Appearance, _actions: Actions) -> QWidget:
    return QuestionSheet(
        appearance,
        "an old one.txt",
        "Which of these reads right?",
        (("Western (cp1252)", "cp1252"), ("Central European (cp1250)", "cp1250")),
        shown_with=lambda name: f"Grüße aus Łódź, read as {name}, " * 4,
    )


def _palette(appearance: Appearance, actions: Actions) -> QWidget:
    commands = [
        Command(
            one,
            actions.label(one),
            actions.group(one),
            actions[one].shortcut().toString(_NATIVE),
        )
        for one in actions
    ]
    commands[0] = replace(commands[0], why_not="Nothing is selected.")
    return Palette(appearance, commands)


def _library_replace(_appearance: Appearance, _actions: Actions) -> QWidget:
    words = talk()
    hits = tuple(find_all(words, Query("shal"), "shall"))
    made = LibraryReplaceSheet()
    made.model.add(FoundIn(TranscriptId("t"), "Interview with Anna", words, hits))
    return made


def _models(_appearance: Appearance, _actions: Actions) -> QWidget:
    made = ModelsPanel()
    entry = ModelEntry(
        "base.en", 145_000_000, ("en",), "MIT", True, False, False, 0, Tier.FAST, "", 40.0
    )
    made.show_models(
        (
            entry,
            replace(entry, name="small", languages=("en", "de", "fr"), is_removable=True),
            replace(entry, name="medium", is_installed=False, begun_bytes=5_000_000),
            replace(entry, name="large-v3", is_installed=False, credit="NVIDIA"),
        )
    )
    made.show_progress("large-v3", 100, 1_000)
    made.show_rest("medium", "The download broke off. Try again when you are online.")
    made.show_folder(Path("/models/of my own"), 2)
    return ModelsDialog(made)


def _record(appearance: Appearance, _actions: Actions) -> QWidget:
    microphone = Device(Source(SourceKind.MICROPHONE, "hw:1", "Blue Yeti"), is_default=True)
    return RecordSheet(appearance, (microphone,), microphone="", with_computer=False)


def _key(_appearance: Appearance, _actions: Actions) -> QWidget:
    made = KeyDialog()
    made.show_reason("The service does not know this key; enter another one.")
    made.show_keyring(works=False)
    made.show_place("Your key is stored in a file that only you can read.", can_forget=True)
    made.show_answer("The service knows this key.", is_good=True)
    return made


def _details(_appearance: Appearance, _actions: Actions) -> QWidget:
    sentence = message("The service does not know this key; enter another one.")
    failure = Failure(sentence, Action.ENTER_KEY, details="401", request_id="r-1")
    job = make_job("Board meeting.mp3", JobState.NEEDS_ATTENTION, failure=failure)
    return DetailsSheet(job, failure, replies={0: SavedReply(b'{"words": []}', "r-1")})


def _settings(appearance: Appearance, actions: Actions) -> QWidget:
    kept = Settings(watch_folders=(WatchFolder("/recordings/of the whole department"),))
    return SettingsDialog(appearance, actions, kept, make_models=ModelsPanel)


def _attach(appearance: Appearance, _actions: Actions) -> QWidget:
    found = Candidate(Path("/recordings/Interview with Anna.m4a"), 9_000, was_compared=True)
    return AttachSheet(appearance, talk(), found)


def _fillers(appearance: Appearance, _actions: Actions) -> QWidget:
    made = FillerSheet(appearance, is_hidden=False)
    made.show_fillers(find_fillers(talk()), struck=3)
    return made


def _replace(appearance: Appearance, _actions: Actions) -> QWidget:
    words = talk()
    hits = tuple(find_all(words, Query("shal"), "shall"))
    return ReplaceSheet(
        appearance, "Replace “shal”", words, hits, left_out=(1,), hint="Look at each."
    )


def _speakers(appearance: Appearance, _actions: Actions) -> QWidget:
    rows = (
        Row(ANNA, "Anna Berg", "Um, we shal bear any burden"),
        Row(BEN, "Speaker 2", "And we shal support any friend"),
    )
    made = SpeakersSheet(appearance, rows)
    made.show_suggestions({BEN: "Benjamin"})
    made.show_reasons({(ANNA, BEN): "You named both, so they stay separate."})
    return made


def _versions(appearance: Appearance, _actions: Actions) -> QWidget:
    words = talk()
    first = words.paragraphs[0]
    said = (replace(first.words[0], text="Well,"), *first.words[1:])
    new = replace(words, paragraphs=(replace(first, words=said), *words.paragraphs[1:]))
    made = VersionsSheet(appearance, ("Before replacing, today at 10:14", "As recognised"))
    made.show_differences(
        tuple(differences(words, new)),
        2,
        lambda speakers: ", ".join(NAMES[one] for one in speakers if one is not None),
        is_other=True,
    )
    return made


def _job_options(appearance: Appearance, _actions: Actions) -> QWidget:
    options = TranscriptionOptions(model=ModelId.PULSE, diarize=True)
    return JobOptionsSheet(appearance, (make_job(options=options),))


def _repeat(appearance: Appearance, _actions: Actions) -> QWidget:
    options = TranscriptionOptions(model=ModelId.PULSE)
    wanted = Repeat("Interview with Anna.m4a", "/recordings/a.m4a", options)
    return RepeatSheet(appearance, (wanted,), lambda _options: "about $0.42")


def _more_options(appearance: Appearance, _actions: Actions) -> QWidget:
    made = MoreOptions(appearance, QWidget())
    made.show_options(TranscriptionOptions())
    return made


Make = Callable[[Appearance, Actions], QWidget]
DIALOGS: dict[str, Make] = {
    "about": lambda _appearance, _actions: AboutSheet(offers_check=True),
    "attach": _attach,
    "choice": lambda _appearance, _actions: ChoiceSheet(
        "Send the key unencrypted?",
        "With http, anyone between you and the server can read your key.",
        (("allow", "Allow"), ("leave", "Don't allow")),
    ),
    "cost": lambda _appearance, _actions: CostSheet("about $4.20", 3, 2),
    "cut": lambda appearance, _actions: CutSheet(appearance, has_selection=False),
    "details": _details,
    "export": _export,
    "fillers": _fillers,
    "job options": _job_options,
    "key": _key,
    "leave": lambda _appearance, _actions: LeaveSheet(2),
    "legend": lambda appearance, _actions: LegendSheet(appearance),
    "library replace": _library_replace,
    "models": _models,
    "not done": lambda _appearance, _actions: NotDoneSheet(
        "Some files could not be added", [("a.txt", "There is no sound in it.")]
    ),
    "overwrite": lambda _appearance, _actions: OverwriteSheet("talk.docx", "/recordings"),
    "palette": _palette,
    "preset": lambda _appearance, _actions: PresetSheet("For the archive"),
    "privacy": lambda _appearance, _actions: PrivacySheet(),
    "question": _question,
    "record": _record,
    "repeat": _repeat,
    "replace": _replace,
    "send sound": lambda _appearance, _actions: SendSoundSheet(
        Leaving("https://api.smallest.ai", Decimal("0.9"), Decimal("4.2"), is_live=True), 5.0
    ),
    "settings": _settings,
    "shift": lambda appearance, _actions: ShiftSheet(appearance, talk(), range(2, 4), 5),
    "shortcuts": lambda _appearance, actions: ShortcutSheet(actions),
    "speakers": _speakers,
    "tell": lambda appearance, _actions: TellSheet(appearance),
    "url": lambda _appearance, _actions: UrlSheet(),
    "versions": _versions,
}
"""Makes each; a test fails if there is a kind of sheet that none of them makes."""


def pages_of(dialog: QWidget) -> Iterator[str]:
    """Turn to each page of a dialog, and give its name; one without pages is one."""
    pages = dialog.list if isinstance(dialog, SettingsDialog) else None
    for row in range(1 if pages is None else pages.model().rowCount()):
        if pages is not None:
            pages.turn_to(row)
        QApplication.sendPostedEvents()
        yield "" if pages is None else str(pages.model().index(row, 0).data())


def kinds_of_sheets() -> Iterator[type[Sheet]]:
    """Give every kind of sheet that the program has."""
    for module in pkgutil.walk_packages(app.ui.__path__, "app.ui."):
        importlib.import_module(module.name)
    below: list[type[Sheet]] = [Sheet]
    while below:
        kind = below.pop()
        below += kind.__subclasses__()
        if kind is not Sheet and kind.__module__.startswith("app."):
            yield kind
