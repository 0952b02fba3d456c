"""Subtitles of other programs: their cues stay as they were, and only what is said is words."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from app.core.document import Change, Document
from app.core.edits import correct_words
from app.core.timecode import timestamp
from app.core.transcript import Transcript
from app.export.direction import MARKS, has_right_to_left
from app.export.formats import FORMATS
from app.export.importing.encodings import recognise
from app.export.importing.hints import Hints
from app.export.importing.readers import read_transcript
from app.export.options import ExportOptions
from app.export.source import ExportDocument
from app.store.transcript_blob import pack, unpack

Cue = tuple[int, int, str]
WRITTEN = ExportOptions(word_times=False, cue_lines=1, cue_line_length=10)
"""Narrow on purpose: imported cues are not cut anew."""


def srt(cues: list[Cue]) -> str:
    return "".join(
        f"{number}\n{timestamp(start, decimal=',')} --> "
        f"{timestamp(end, decimal=',')}\n{text}\n\n"
        for number, (start, end, text) in enumerate(cues, start=1)
    )


def vtt(cues: list[Cue]) -> str:
    blocks = [f"{timestamp(start)} --> {timestamp(end)}\n{text}" for start, end, text in cues]
    return "WEBVTT\n\n" + "\n\n".join(blocks) + "\n"


WRITERS = {"srt": srt, "vtt": vtt}


def cues_of(written: bytes) -> list[Cue]:
    """Read cues without any of the program's own readers."""
    found: list[Cue] = []
    for block in written.decode().strip().split("\n\n"):
        lines = block.split("\n")
        at = next((place for place, line in enumerate(lines) if "-->" in line), None)
        if at is None:
            continue
        start, end = (in_ms(one) for one in lines[at].split(" --> "))
        text = re.sub(r"</?v[^>]*>", "", "\n".join(lines[at + 1 :]))
        found.append((start, end, text))
    return found


def in_ms(stamp: str) -> int:
    hours, minutes, seconds = stamp.replace(",", ".").split(":")
    return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)


def read(kind: str, cues: list[Cue]) -> Transcript:
    return read_transcript(f"a.{kind}", WRITERS[kind](cues).encode())


def written(kind: str, transcript: Transcript) -> list[Cue]:
    """Give what is written, without the signs that isolate what runs from the right."""
    cues = cues_of(FORMATS[kind].write(ExportDocument(transcript), WRITTEN))
    for _, _, text in cues:
        for line in text.split("\n"):
            assert ("\u2067" in line) == has_right_to_left(line)
    return [(start, end, text.translate(MARKS)) for start, end, text in cues]


_WORDS = (
    "the river runs past our town, and people walk along it every day. No! Why? 42 it's "
    "Größe café naïve привет שלום مرحبا 10:30 e-mail 你好，世界 สวัสดีครับ"
)
WORDS = _WORDS.split()


def generated(seed: int) -> list[Cue]:
    """Make a file: cues of one to three lines, some at once, some dashed, some slanted."""
    rng = random.Random(seed)
    cues: list[Cue] = []
    at_ms = rng.randrange(0, 5_000)
    has_dashes = rng.random() < 0.3
    for _ in range(rng.randrange(1, 30)):
        end_ms = at_ms + rng.randrange(300, 7_000)
        lines = [
            " ".join(rng.choices(WORDS, k=rng.randrange(1, 8)))
            for _ in range(rng.randrange(1, 4))
        ]
        if has_dashes and len(lines) == 2:
            lines = [f"- {line}" for line in lines]
        elif rng.random() < 0.2:
            lines = [f"<i>{line}</i>" for line in lines]
        elif rng.random() < 0.2:
            lines[0] = f"<i>{lines[0]}</i>"
        cues.append((at_ms, end_ms, "\n".join(lines)))
        at_ms = max(at_ms + 1, end_ms + rng.choice([0, 0, 1, 80, 2_500, -200]))
    return cues


@pytest.mark.parametrize("kind", ["srt", "vtt"])
@pytest.mark.parametrize("first", range(0, 100, 10))
def test_two_hundred_files_come_back_cue_by_cue(kind: str, first: int) -> None:
    for seed in range(first, first + 10):
        cues = generated(seed)
        transcript = unpack(pack(read(kind, cues)))
        assert written(kind, transcript) == cues, seed
        other = "vtt" if kind == "srt" else "srt"
        assert written(other, transcript) == cues, seed


@pytest.mark.parametrize("kind", ["srt", "vtt"])
@pytest.mark.parametrize("seed", range(0, 100, 10))
def test_a_correction_changes_one_cue_and_no_border(kind: str, seed: int) -> None:
    cues = [(start, end, re.sub("<.*?>", "", text)) for start, end, text in generated(seed)]
    document = Document(read(kind, cues))
    rng = random.Random(seed)
    at = rng.randrange(len(document.transcript.paragraphs))
    place = rng.randrange(len(document.transcript.paragraphs[at].words))
    change = correct_words(document.transcript, at, place, 1, "something else entirely")
    assert isinstance(change, Change)
    document.apply(change)
    after = written(kind, document.transcript)
    assert [cue[:2] for cue in after] == [cue[:2] for cue in cues]
    assert sum(one != other for one, other in zip(after, cues, strict=True)) == 1
    assert "something else entirely" in " ".join(text for _, _, text in after)


def test_taking_the_first_words_of_a_cue_out_leaves_its_border() -> None:
    cues = [(1_000, 2_000, "Well, good\nmorning to you"), (2_500, 3_000, "and to you.")]
    document = Document(read("srt", cues))
    change = correct_words(document.transcript, 0, 0, 1, "")
    assert change is not None
    document.apply(change)
    change = correct_words(document.transcript, 0, 1, 1, "")
    assert change is not None
    document.apply(change)
    assert written("srt", document.transcript) == [
        (1_000, 2_000, "good\nto you"),
        (2_500, 3_000, "and to you."),
    ]


# ------------------------------------------------------------------ what is not a word


@pytest.mark.parametrize("kind", ["srt", "vtt"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<b>Good</b> <u>morning</u>", "Good morning"),
        ('<font color="#fff">Good</font> morning', "Good morning"),
        ("<c.yellow>Good</c> morning", "Good morning"),
        ("<|en|>Good <!-- a remark -->morning<|4.00|>", "Good morning"),
        ("<STRONG>Good</STRONG> <i/><a href='x'>morning</a><br>", "Good morning"),
        ("\u200eGood \u202bmorning\u202c\u200f", "Good morning"),
        ("\u2068Good\u2069 \u200f morning", "Good morning"),
    ],
)
def test_tags_and_direction_marks_are_no_words(kind: str, text: str, said: str) -> None:
    transcript = read(kind, [(0, 1_000, text)])
    assert [word.text for word in transcript.words()] == said.split()


@pytest.mark.parametrize("kind", ["srt", "vtt"])
@pytest.mark.parametrize("sign", ["<inaudible>", "<unk>", "<crosstalk 00:12>", "<laughs>"])
def test_what_stands_in_brackets_and_is_no_markup_is_kept(kind: str, sign: str) -> None:
    transcript = read(kind, [(0, 1_000, f"<b>Good</b> {sign} <x>morning</x></i>")])
    assert transcript.text == f"Good {sign} morning"
    again = read_transcript(f"a.{kind}", FORMATS[kind].write(ExportDocument(transcript)))
    assert again.text == transcript.text


def test_what_stands_before_the_first_cue_is_noted_on_the_first_paragraph() -> None:
    data = "\ufeffMade by <b>Ann</b>\n\n1\n" + srt([(0, 1_000, "Good morning.")])
    (one,) = read_transcript("a.srt", data.encode()).paragraphs
    assert (one.text, one.note) == ("Good morning.", "Made by Ann")
    (one,) = read("srt", [(0, 1_000, "Good morning.")]).paragraphs
    assert one.note == ""


def test_breaks_and_codes_in_srt_are_no_words() -> None:
    transcript = read("srt", [(0, 1_000, r"{\an8\i1}Good\Nmorning\hall")])
    assert [word.text for word in transcript.words()] == ["Good", "morning", "all"]
    assert written("srt", transcript) == [(0, 1_000, "Good\nmorning all")]


@pytest.mark.parametrize("kind", ["srt", "vtt"])
def test_cues_out_of_order_are_put_right_by_time(kind: str) -> None:
    cues = [(5_000, 6_000, "third"), (1_000, 2_500, "first"), (2_000, 3_000, "second")]
    transcript = read(kind, cues)
    assert transcript.text.split() == ["first", "second", "third"]
    times = [(word.start_ms, word.end_ms) for word in transcript.words()]
    assert times == [(1_000, 2_000), (2_000, 3_000), (5_000, 6_000)]
    assert written(kind, transcript) == sorted(cues)


def test_dashes_part_those_who_speak_and_are_no_words() -> None:
    transcript = read(
        "srt", [(0, 1_000, "- Good morning.\n- Hello."), (2_000, 3_000, "- Yes.")]
    )
    assert [one.text for one in transcript.paragraphs] == ["Good morning.", "Hello.", "Yes."]


# ------------------------------------------------------------------------------- names


def named(transcript: Transcript) -> list[tuple[str, str]]:
    return [
        (transcript.speaker_label(one.speaker_id), one.text) for one in transcript.paragraphs
    ]


def one_each_second(*texts: str) -> list[Cue]:
    return [(place * 1_000, place * 1_000 + 900, text) for place, text in enumerate(texts)]


@pytest.mark.parametrize("kind", ["srt", "vtt"])
@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (
            ["[SPEAKER_00]: Hello.", "[SPEAKER_01]: Hi."],
            [("SPEAKER_00", "Hello."), ("SPEAKER_01", "Hi.")],
        ),
        (["Speaker 1: Hello.", "and more"], [("Speaker 1", "Hello."), ("", "and more")]),
        (
            ["ANN: Hello.", "So it goes.", "BO: At 10:30 we leave.", "Yes.", "ANN: Fine.",
             "BO: Good."],
            [("ANN", "Hello. So it goes."), ("BO", "At 10:30 we leave. Yes."),
             ("ANN", "Fine."), ("BO", "Good.")],
        ),
        (
            ["Ann Lee: One thing: it works.", "Dr. O'Neil: At 10:30 we leave."],
            [("Ann Lee", "One thing: it works."), ("Dr. O'Neil", "At 10:30 we leave.")],
        ),
        (
            ["- ANN: Hello.\n- BO: Hi.", "- ANN: Bye.\n- BO: Bye."],
            [("ANN", "Hello."), ("BO", "Hi."), ("ANN", "Bye."), ("BO", "Bye.")],
        ),
        (["王明：你好。", "李雷：再见。"], [("王明", "你好。"), ("李雷", "再见。")]),
        (
            ["ann (she/her): Hello.", "Lee, Bo: Hi.", "ann (she/her): So.", "Lee, Bo: Well.",
             "ann (she/her): Fine.", "Lee, Bo: At 10:30 we leave."],
            [("ann (she/her)", "Hello."), ("Lee, Bo", "Hi."), ("ann (she/her)", "So."),
             ("Lee, Bo", "Well."), ("ann (she/her)", "Fine."),
             ("Lee, Bo", "At 10:30 we leave.")],
        ),
        (
            ["[Ann Lee] Hello.", "[Bo] Hi.", "[Ann Lee] [laughs] So.", "[Bo] Well.",
             "[Ann Lee] Fine.", "[Bo] Yes."],
            [("Ann Lee", "Hello."), ("Bo", "Hi."), ("Ann Lee", "[laughs] So."), ("Bo", "Well."),
             ("Ann Lee", "Fine."), ("Bo", "Yes.")],
        ),
        (
            [">> ANN: Hello.", ">> BO: Hi.", ">> ANN: So.", ">> Who is there?", "Nobody."],
            [("ANN", "Hello."), ("BO", "Hi."), ("ANN", "So."), ("", "Who is there? Nobody.")],
        ),
    ],
    ids=["brackets", "one numbered", "where it changes", "titles", "dashes", "chinese",
         "names of meetings", "bare brackets", "captions"],
)  # fmt: skip
def test_names_in_the_text_become_speakers(
    kind: str, texts: list[str], said: list[tuple[str, str]]
) -> None:
    assert named(read(kind, one_each_second(*texts))) == said


def test_names_of_a_meeting_and_marks_of_captions_come_back_as_they_were() -> None:
    for kind, texts in (
        ("srt", [">> ANN: Hello.", ">> BO: Hi.", ">> ANN: So.", ">> Who?", "Nobody."]),
        ("vtt", ["&gt;&gt; Hello.", "&gt;&gt; Hi.", "&gt;&gt; Who?"]),
        ("srt", ["lee, ann: Hello."] * 2 + ["bo: Hi."] * 2 + ["lee, ann: So."] * 2),
    ):
        cues = one_each_second(*texts)
        assert written(kind, read(kind, cues)) == cues


@pytest.mark.parametrize(
    "texts",
    [
        ["At 10:30 we leave.", "At 11: we are there.", "It is late."],
        ["Remember one thing: it works.", "That is: never.", "Well."],
        ["[laughs] Yes.", "[music]", "(door) No."],
        ["Note: this is one of many.", "a", "b", "c"],
        ["https: is a scheme", "a", "b"],
        ["[MUSIC] Yes.", "[MUSIC] No.", "Well.", "[MUSIC]", "[NOISE] So."],
        ["one thing: it works", "and two: it does", "or three: it may", "then four: never"],
    ],
)
def test_what_is_no_name_stays_in_the_text(texts: list[str]) -> None:
    transcript = read("srt", one_each_second(*texts))
    assert transcript.text.split() == " ".join(texts).split()
    assert transcript.speakers == ()


FIELD = Path(__file__).parents[2] / "field" / "transcripts"


@pytest.mark.parametrize(
    ("name", "said", "cues"),
    [
        (
            "zoom.vtt",
            [
                ("Christina Meyer", "Good morning and welcome. We begin with the budget."),
                ("Tom O'Neil", "At 10:30 we have a break."),
            ],
            [(5_790, 9_514), (9_800, 12_000), (12_500, 15_000)],
        ),
        (
            "whisperx.srt",
            [
                ("SPEAKER_00", "Good morning and welcome."),
                ("SPEAKER_01", "Thank you for having me."),
                ("SPEAKER_00", "Let us begin with the budget."),
            ],
            [(31, 3_412), (3_700, 6_000), (6_200, 9_000)],
        ),
    ],
)
def test_subtitles_from_the_field(
    name: str, said: list[tuple[str, str]], cues: list[tuple[int, int]]
) -> None:
    transcript = read_transcript(name, (FIELD / name).read_bytes())
    assert named(transcript) == said
    assert [(start, end) for start, end, _ in written("vtt", transcript)] == cues
    again = read_transcript("a.srt", FORMATS["srt"].write(ExportDocument(transcript)))
    assert named(again) == said


def test_names_of_each_cue_come_back_with_it() -> None:
    cues = one_each_second("Ann: Hello.", "Ann: And welcome.", "Bo: Hi.")
    assert written("srt", read("srt", cues)) == cues


# ---------------------------------------------------------------------------- repeats


@pytest.mark.parametrize("kind", ["srt", "vtt"])
@pytest.mark.parametrize("lines", [1, 2])
def test_captions_that_roll_say_everything_once(kind: str, lines: int) -> None:
    said = [f"this is line number {number}" for number in range(12)]
    cues = [
        (at * 1_000, at * 1_000 + 1_000, "\n".join(said[max(0, at - lines) : at + 1]))
        for at in range(len(said))
    ]
    assert read(kind, cues).text.split() == " ".join(said).split()


@pytest.mark.parametrize("kind", ["srt", "vtt"])
def test_captions_of_video_sites_turned_into_subtitles_say_everything_once(kind: str) -> None:
    said = [f"this is line number {number}" for number in range(12)]
    cues: list[Cue] = []
    for at, line in enumerate(said):
        before = f"{said[at - 1]}\n" if at else ""
        cues.append((at * 2_000, at * 2_000 + 1_990, before + line))
        cues.append((at * 2_000 + 1_990, at * 2_000 + 2_000, line))
    assert read(kind, cues).text.split() == " ".join(said).split()


@pytest.mark.parametrize("kind", ["srt", "vtt"])
@pytest.mark.parametrize(
    "texts",
    [
        ["Yes.", "Yes.", "Yes."],
        ["I said no.", "I said no.", "And I mean it."],
        ["No no no.", "Never ever.\nNever ever.", "Go on then."],
        ["a b", "a b\nc d", "e f", "g h", "i j", "k l", "m n", "o p", "q r"],
    ],
)
def test_what_somebody_says_twice_stays(kind: str, texts: list[str]) -> None:
    assert read(kind, one_each_second(*texts)).text.split() == " ".join(texts).split()


# --------------------------------------------------------------------------- encodings

IN_OLD_ENCODINGS = [
    ("cp1252", "Où est la bibliothèque? Ça va très bien."),
    ("cp1252", "Straße über Köln – schön, daß du da bist."),
    ("cp1250", "Příliš žluťoučký kůň úpěl ďábelské ódy."),
    ("cp1250", "Zażółć gęślą jaźń, proszę bardzo."),
    ("cp1251", "Доброе утро и добро пожаловать."),
    ("koi8_r", "Доброе утро и добро пожаловать. Сегодня мы говорим о бюджете."),
    ("cp1253", "Καλημέρα και καλώς ήρθατε στην εκπομπή."),
    ("cp1250", "Szia, ma az időjárásról beszélünk, mindannyiunknak fontos, űrhajó."),
    ("cp1250", "Bună ziua, astăzi vom vorbi despre vreme, ştiţi foarte bine."),
    ("cp1252", "Hej, hur mår du?"),
    ("cp1252", "Bonjour, comment ça va, mon cœur ? C’est très bien."),
    ("mac_roman", "Grüß Gott, heute reden wir über das schöne Wetter."),
    ("cp850", "Grüß Gott, heute reden wir über das schöne Wetter."),
    ("iso8859_2", "Cześć, dziś porozmawiamy o pogodzie, źdźbło."),
    ("cp852", "Cześć, dziś porozmawiamy o pogodzie, źdźbło."),
    ("cp1257", "Labas, šiandien kalbėsime apie orą, ačiū."),
    ("cp866", "Доброе утро и добро пожаловать. Сегодня мы говорим о бюджете."),
    ("cp1254", "Günaydın, hoş geldiniz. Şimdi başlıyoruz, değil mi?"),
    ("cp1255", "בוקר טוב וברוכים הבאים לתוכנית שלנו"),
    ("cp1256", "صباح الخير وأهلا وسهلا بكم في برنامجنا"),
    ("cp874", "สวัสดีครับ ยินดีต้อนรับสู่รายการของเรา"),
    ("cp932", "おはようございます。今日は予算について話します。"),
    ("euc_jp", "おはようございます。今日は予算について話します。"),
    ("gb18030", "早上好，欢迎收看我们的节目。今天我们谈谈预算。"),
    ("big5", "早安，歡迎收看我們的節目。今天我們談談預算。"),
    ("cp949", "안녕하세요. 오늘은 예산에 대해 이야기하겠습니다."),
]


@pytest.mark.parametrize(("encoding", "text"), IN_OLD_ENCODINGS)
def test_old_encodings_are_recognised_and_not_believed_blindly(
    encoding: str, text: str
) -> None:
    data = srt([(0, 1_000, text)]).encode(encoding)
    found = recognise(data)
    assert data.decode(found.encoding) == data.decode(encoding)
    assert not found.is_sure
    assert "".join(read_transcript("a.srt", data).text.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("iso2022_jp", "おはようございます。今日は予算について。"),
        ("iso2022_kr", "안녕하세요. 오늘은 예산에 대해."),
    ],
)
def test_text_of_seven_bits_is_no_ascii(encoding: str, text: str) -> None:
    data = srt([(0, 1_000, text)]).encode(encoding)
    assert recognise(data).is_sure
    assert "".join(read_transcript("a.srt", data).text.split()) == "".join(text.split())


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"],
)
def test_unicode_is_certain(encoding: str) -> None:
    data = srt([(0, 1_000, "Größe, привет.")]).encode(encoding)
    assert recognise(data).is_sure
    assert read_transcript("a.srt", data).text == "Größe, привет."


def test_what_is_chosen_is_taken() -> None:
    data = srt([(0, 1_000, "Où est-ce?")]).encode("mac_roman")
    assert read_transcript("a.srt", data, Hints(encoding="mac_roman")).text == "Où est-ce?"
