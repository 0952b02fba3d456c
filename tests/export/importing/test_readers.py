"""Files of other programs, whole and broken."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import ExportError
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word
from app.export.formats import FORMATS
from app.export.importing.readers import READERS, read_transcript
from app.export.source import ExportDocument
from tests.support.speech import DOCUMENT


def rows(transcript: Transcript) -> list[tuple[str, int, int]]:
    return [(word.text, word.start_ms, word.end_ms) for word in transcript.words()]


def read_json(content: object) -> Transcript:
    return read_transcript("talk.json", json.dumps(content).encode())


def test_whisper_with_words() -> None:
    read = read_json(
        {
            "text": " Hello wor-ld",
            "language": "en",
            "segments": [
                {
                    "start": 0.5,
                    "end": 1.5,
                    "text": " Hello wor-ld",
                    "words": [
                        {"word": " Hello", "start": 0.5, "end": 0.9, "probability": 0.75},
                        {"word": " wor", "start": 0.9, "end": 1.2, "probability": 0.5},
                        {"word": "-ld", "start": 1.2, "end": 1.5, "probability": 0.5},
                    ],
                }
            ],
        }
    )
    assert rows(read) == [("Hello", 500, 900), ("wor", 900, 1200), ("-ld", 1200, 1500)]
    assert read.text == "Hello wor-ld"
    assert read.language == "en"
    assert [word.confidence for word in read.words()] == [0.75, 0.5, 0.5]


def test_whisper_without_words_shares_the_time() -> None:
    read = read_json({"segments": [{"start": 1, "end": 2, "text": " ab cd"}]})
    assert rows(read) == [("ab", 1000, 1500), ("cd", 1500, 2000)]
    assert all(word.is_estimated for word in read.words())


def test_whisperx_speakers_and_words_it_could_not_align() -> None:
    read = read_json(
        {
            "segments": [
                {
                    "start": 0,
                    "end": 2,
                    "speaker": "SPEAKER_00",
                    "words": [
                        {"word": "in", "start": 0, "end": 0.5, "score": 0.9},
                        {"word": "2014"},
                    ],
                },
                {"start": 2, "end": 3, "speaker": "SPEAKER_01", "text": "Yes."},
            ]
        }
    )
    assert [speaker.name for speaker in read.speakers] == ["SPEAKER_00", "SPEAKER_01"]
    assert rows(read)[1] == ("2014", 500, 500)
    assert [paragraph.text for paragraph in read.paragraphs] == ["in 2014", "Yes."]


def test_whisper_cpp() -> None:
    read = read_json(
        {
            "result": {"language": "en"},
            "transcription": [{"offsets": {"from": 0, "to": 1000}, "text": " ab cd"}],
        }
    )
    assert rows(read) == [("ab", 0, 500), ("cd", 500, 1000)]


def test_whisper_in_a_script_without_spaces() -> None:
    for pieces in (["你好", "世界。"], ["こ", "ん", "に"], ["สวัส", "ดี", "ครับ"]):
        words = [{"word": piece, "start": 0, "end": 1} for piece in pieces]
        for text in ("".join(pieces), ""):
            read = read_json(
                {"segments": [{"start": 0, "end": 2, "text": text, "words": words}]}
            )
            assert read.text == "".join(pieces)
            assert len(list(read.words())) == len(pieces)


def test_whisper_joins_words_as_their_segment_does() -> None:
    words = [
        {"word": word, "start": 0, "end": 1} for word in ("我用", "Python", "写", "co", "de")
    ]
    paragraph = {"start": 0, "end": 2, "text": "我用 Python写 code", "words": words}
    assert read_json({"segments": [paragraph]}).text == "我用 Python写 code"


@pytest.mark.parametrize("unknown", [None, float("nan")])
def test_times_that_are_not_known_come_from_the_neighbours(unknown: float | None) -> None:
    nowhere = {"start": unknown, "end": unknown}
    words = [
        {"word": "a", **nowhere},
        {"word": "b", "start": 3, "end": unknown},
        {"word": "c", "start": 4, "end": 5},
        {"word": "d", **nowhere},
    ]
    expected = [("a", 2000, 3000), ("b", 3000, 4000), ("c", 4000, 5000), ("d", 5000, 5000)]
    whisper = read_json(
        {"segments": [{"start": 2, "end": 5, "text": "a b c d", "words": words}]}
    )
    assert rows(whisper) == expected
    assert [word.is_estimated for word in whisper.words()] == [True, True, False, True]
    service = read_json({"transcription": "a b c d", "words": words, "metadata": nowhere})
    assert rows(service) == [("a", 3000, 3000), *expected[1:]]


def test_segments_whose_times_are_not_known() -> None:
    paragraphs = [
        {"start": 1, "end": None, "text": "a b"},
        {"start": 3, "text": "c"},
        {"start": None, "end": 5, "text": "d"},
    ]
    read = read_json({"segments": paragraphs})
    assert rows(read) == [
        ("a", 1000, 2000),
        ("b", 2000, 3000),
        ("c", 3000, 3000),
        ("d", 3000, 5000),
    ]
    with pytest.raises(ExportError, match="no words with times"):
        read_json({"segments": [{"text": "a b"}]})


@pytest.mark.parametrize("has_segments", [True, False])
def test_openai_words_take_their_punctuation_from_the_text(*, has_segments: bool) -> None:
    said = [
        ("Hello", 0.0),
        ("she", 1.5),
        ("said", 2.0),
        ("it's", 3.0),
        ("5", 3.5),
        ("Yes", 6.0),
    ]
    text = "“Hello,” she said – it's $5. Yes!"
    content = {
        "language": "english",
        "duration": 7,
        "text": text,
        "words": [{"word": word, "start": at, "end": at + 0.4} for word, at in said],
    }
    if has_segments:
        content["segments"] = [
            {"start": 0, "end": 5, "speaker": "A", "text": text[:-5]},
            {"start": 5, "end": 7, "speaker": "B", "text": text[-5:]},
        ]
    read = read_json(content)
    assert " ".join(paragraph.text for paragraph in read.paragraphs) == text
    assert rows(read)[:2] == [("“Hello,”", 0, 400), ("she", 1500, 1900)]
    assert read.language == "en"
    assert [speaker.name for speaker in read.speakers] == (["A", "B"] if has_segments else [])


def test_words_that_the_text_has_not_or_has_besides_stay_as_they_are() -> None:
    said = ["He", "um", "paid", "twenty", "today"]
    words = [{"word": word, "start": at, "end": at + 1} for at, word in enumerate(said)]
    read = read_json({"text": "He just paid, 20 today.", "words": words})
    assert read.text == "He um paid, twenty today."


def test_whisper_segments_alone() -> None:
    read = read_json([{"id": 1, "start": 0, "end": 2, "text": " a b"}])
    assert rows(read) == [("a", 0, 1000), ("b", 1000, 2000)]
    with pytest.raises(ExportError, match="does not know this kind"):
        read_json([1, {"text": "a"}])


def test_json_in_utf_16() -> None:
    content = {"segments": [{"start": 0, "end": 2, "text": "né"}]}
    data = json.dumps(content, ensure_ascii=False).encode("utf-16")
    assert read_transcript("a.json", data).text == "né"


def test_whisper_cpp_with_segments_that_are_pieces_of_words() -> None:
    pieces = [(" Hel", "0"), ("lo", "0"), (".", "0"), (" You", "1"), ("?", "1"), (" Hm", "?")]
    read = read_json(
        {
            "transcription": [
                {
                    "offsets": {"from": at * 100, "to": at * 100 + 90},
                    "text": text,
                    "speaker": who,
                }
                for at, (text, who) in enumerate(pieces)
            ]
        }
    )
    assert rows(read) == [("Hello.", 0, 290), ("You?", 300, 490), ("Hm", 500, 590)]
    assert not any(word.is_estimated for word in read.words())
    assert [speaker.name for speaker in read.speakers] == ["Speaker 1", "Speaker 2"]
    assert read.paragraphs[2].speaker_id is None


def test_whisper_cpp_keeps_lines_without_a_space_apart() -> None:
    lines = [
        {"offsets": {"from": at, "to": at + 1000}, "text": text}
        for at, text in ((0, "Hello there."), (40_000_000, "Good bye."))
    ]
    read = read_json({"transcription": lines})
    assert " ".join(paragraph.text for paragraph in read.paragraphs) == "Hello there. Good bye."
    assert read.duration_ms == 40_001_000


def test_whisper_cpp_with_tokens() -> None:
    tokens = [("[_BEG_]", 0, 0), (" Un", 100, 200), ("seen", 200, 350), (",", 350, 360)]
    tokens += [(" you", 1200, 1500), ("[_TT_75]", 1500, 1500)]
    paragraph = {
        "offsets": {"from": 0, "to": 1500},
        "text": " Unseen, you",
        "tokens": [
            {"text": text, "offsets": {"from": start, "to": end}, "p": 0.5}
            for text, start, end in tokens
        ],
    }
    read = read_json({"result": {"language": "en"}, "transcription": [paragraph]})
    assert rows(read) == [("Unseen,", 100, 360), ("you", 1200, 1500)]
    assert [word.confidence for word in read.words()] == [0.5, 0.5]
    assert not any(word.is_estimated for word in read.words())


def test_whisper_cpp_with_characters_cut_in_two() -> None:
    data = b"""{"transcription":[{"offsets":{"from":0,"to":900},
    "text":"\xe4\xbd\xa0\xe5\xa5\xbd",
    "tokens":[{"text":"\xe4\xbd\xa0","offsets":{"from":0,"to":300}},
    {"text":"\xe5\xa5","offsets":{"from":300,"to":600}},
    {"text":"\xbd","offsets":{"from":600,"to":900}}]}]}"""
    read = read_transcript("a.json", data)
    assert rows(read) == [("你", 0, 300), ("好", 300, 900)]
    assert read.text == "你好"


def test_our_json_with_times_written_as_fractions() -> None:
    def written(at: float) -> str:
        words = f'[{{"text": "a", "start_ms": {at}, "end_ms": 2.0}}]'
        paragraph = f'{{"start_ms": 0.0, "end_ms": 2.0, "words": {words}}}'
        return f'{{"format": "wordlight-transcript", "version": 1, "segments": [{paragraph}]}}'

    read = read_transcript("a.json", written(1.0).encode())
    assert repr(rows(read)) == "[('a', 1, 2)]"
    for damaged in (written(1.5).encode(), written(1.0).encode().replace(b'"a"', b'"\xff"')):
        with pytest.raises(ExportError, match="damaged"):
            read_transcript("a.json", damaged)


def test_reply_of_the_service() -> None:
    read = read_json(
        {
            "status": "success",
            "transcription": "Hello, how",
            "words": [
                {
                    "start": 0.16,
                    "end": 1.12,
                    "speaker": 0,
                    "word": "Hello,",
                    "confidence": 0.9975,
                },
                {"start": 1.12, "end": 1.36, "speaker": 1, "word": "how", "confidence": 0.6402},
            ],
            "utterances": [],
            "metadata": {"duration": 5.28},
        }
    )
    assert rows(read) == [("Hello,", 160, 1120), ("how", 1120, 1360)]
    assert [speaker.name for speaker in read.speakers] == ["Speaker 1", "Speaker 2"]
    assert read.duration_ms == 5280


def test_reply_without_words() -> None:
    read = read_json({"transcription": "ab cd", "words": None, "metadata": {"duration": 4}})
    assert rows(read) == [("ab", 0, 2000), ("cd", 2000, 4000)]


def test_srt_of_other_programs() -> None:
    data = (
        "\ufeff1\r\n00:00:01,000 --> 00:00:02,000 X1:40\r\n<i>Hello</i> "
        "{\\an8}<font color='red'>there</font>\r\n\r\n"
        "2\r\n00:00:03.5 --> 00:00:04.5\r\n- 5 < 6\r\n42\r\n\r\n"
        "3\r\n00:00:05,000 --> 00:00:06,000\r\n\r\n"
        "4\r\n00:00:07,000 --> 00:00:08,000\r\nend"
    )
    for encoding in ("utf-8", "utf-16"):
        read = read_transcript("TALK.SRT", data.encode(encoding))
        assert " ".join(read.text.split()) == "Hello there - 5 < 6 42 end"
    assert read.paragraphs[0].start_ms == 1000


@pytest.mark.parametrize(
    "first",
    [
        "\n\nHello there\n\n2\n",
        "\nHello\n\nthere\n\n2\n",
        "\nHello\n\u00a0\nthere\n\n2\n",
        "\nHello there\n2\n",
        "\n\nHello there\n\n\n2\n\n",
    ],
    ids=["first line blank", "blank within", "no-break space", "no blank", "all doubled"],
)
def test_srt_with_blank_lines_where_they_do_not_belong(first: str) -> None:
    data = f"1\n00:00:01,000 --> 00:00:02,000{first}00:00:03,000 --> 00:00:04,000\nBye\n"
    read = read_transcript("a.srt", data.encode())
    assert [word.text for word in read.words()] == ["Hello", "there", "Bye"]


def test_srt_keeps_numbers_that_were_said_and_drops_the_one_of_a_lost_end() -> None:
    data = "1\n00:00:01,000 --> 00:00:02,000\n7\n\n2\n00:00:03,000 --> 00:00:04,000\nof\n12"
    assert read_transcript("a.srt", data.encode()).text == "7 of 12"
    assert read_transcript("a.srt", f"{data}\n\n3\n".encode()).text == "7 of 12"


def test_srt_with_two_returns_in_each_line_end() -> None:
    data = b"1\r\r\n00:00:01,000 --> 00:00:02,000\r\r\nHello\r\r\nthere\r\r\n\r\r\n"
    assert read_transcript("a.srt", data).text == "Hello there"


@pytest.mark.parametrize(
    "times",
    [
        "00:00:03 --> 00:00:04",
        "00:00:03, 000 --> 00:00:04, 000",
        "00:00:03:000 --> 00:00:04:000",
        "00:00:03.000000 --> 00:00:04.000000",
        "00: 00: 03, 000 --> 00: 00: 04, 000",
        "00:00:03,000 ==> 00:00:04,000",
        "00:00:03,000 → 00:00:04,000",
    ],
)
def test_srt_with_times_of_another_shape(times: str) -> None:
    data = f"1\n-00:00:01,000 --> 00:00:02,000\nHello\n\n2\n{times}\nBye\n"
    read = read_transcript("a.srt", data.encode())
    assert rows(read) == [("Hello", 0, 2000), ("Bye", 3000, 4000)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "1 00:00:01,000 --> 00:00:02,000 Hello there\n2 0:00:03,000 --> 0:00:04,000 Bye\n",
            [("Hello", 1_000, 1_500), ("there", 1_500, 2_000), ("Bye", 3_000, 4_000)],
        ),
        (
            "00:00:01,000 --> 00:00:02,000 X1:117 X2:619 Y1:042 Y2:428\nHello\n",
            [("Hello", 1_000, 2_000)],
        ),
        (
            "00:00:01:05 --> 00:00:02:10\nHello\n\n00:00:03:00 --> 00:00:04:00\nBye\n",
            [("Hello", 1_200, 2_400), ("Bye", 3_000, 4_000)],
        ),
        (
            "23:59:58,000 --> 00:00:01,000\nHello\n\n00:00:02,000 --> 00:00:04,000\nBye\n",
            [("Hello", 86_398_000, 86_401_000), ("Bye", 86_402_000, 86_404_000)],
        ),
        (
            "00:00:01,000 --> 00:00:03,000\nQ&amp;A &#39;R&D&#39;\n",
            [("Q&A", 1_000, 1_750), ("'R&D'", 1_750, 3_000)],
        ),
    ],
    ids=["one line", "places", "pictures", "midnight", "entities"],
)
def test_srt_that_people_really_have(text: str, said: list[tuple[str, int, int]]) -> None:
    assert rows(read_transcript("a.srt", text.encode())) == said


def test_vtt_of_webex_names_who_speaks_in_its_numbers() -> None:
    text = (
        'WEBVTT\n\n1 "Ann Lee" (123)\n00:00:01.000 --> 00:00:02.000\nHello\n\n'
        '2 "Bo &Co" ()\n00:00:03.000 --> 00:00:04.000\nHi\n'
    )
    read = read_transcript("a.vtt", text.encode())
    assert [(read.speaker_label(one.speaker_id), one.text) for one in read.paragraphs] == [
        ("Ann Lee", "Hello"),
        ("Bo &Co", "Hi"),
    ]


def test_vtt_breaks_part_words_and_reading_aids_are_none() -> None:
    text = (
        "\n\nWEBVTT\n\n00:01.000 --> 00:02.000\nHello<br>there "
        "<ruby>日本<rt>にほん</rt></ruby>語\n"
    )
    assert read_transcript("a.vtt", text.encode()).text == "Hello there 日本語"


def test_srt_in_an_old_encoding() -> None:
    data = "1\n00:00:01,000 --> 00:00:02,000\nCafé – naïve\n".encode("cp1252")
    assert read_transcript("a.srt", data).text == "Café – naïve"


def test_chinese_is_cut_into_characters_that_stay_together() -> None:
    data = "1\n00:00:00,000 --> 00:00:04,000\n你好，世界\n".encode()
    read = read_transcript("a.srt", data)
    assert [word.text for word in read.words()] == ["你", "好，", "世", "界"]
    assert read.text == "你好，世界"


def test_vtt_of_other_programs() -> None:
    data = (
        "WEBVTT - title\n\nSTYLE\n::cue { color: red }\n\nNOTE\nnothing --> here\n\n"
        "intro\n00:01.000 --> 00:03.000 align:start\n"
        "<v.loud Esme>It&apos;s <b>a</b> <c.x>blue</c> apple</v>\n<v Mary>No <i>way</i>\n"
    )
    read = read_transcript("a.vtt", data.encode())
    assert [paragraph.text for paragraph in read.paragraphs] == ["It's a blue apple", "No way"]
    assert [speaker.name for speaker in read.speakers] == ["Esme", "Mary"]


ROLLING = """WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.389 align:start position:0%
_
hello<00:00:00.400><c> and</c><00:00:00.560><c> welcome</c>

00:00:02.389 --> 00:00:02.399 align:start position:0%
hello and welcome
_

00:00:02.399 --> 00:00:04.309 align:start position:0%
hello and welcome
thanks

00:00:04.309 --> 00:00:04.319 align:start position:0%
thanks
_

00:00:04.319 --> 00:00:05.000 align:start position:0%
thanks
thanks
""".replace("_\n", " \n")


def test_vtt_that_rolls_says_each_word_once_and_when() -> None:
    read = read_transcript("a.en.vtt", ROLLING.encode())
    assert rows(read) == [
        ("hello", 160, 400),
        ("and", 400, 560),
        ("welcome", 560, 2389),
        ("thanks", 2399, 4309),
        ("thanks", 4319, 5000),
    ]
    assert not any(word.is_estimated for word in list(read.words())[:3])


def test_vtt_that_does_not_roll_keeps_what_was_said_twice() -> None:
    data = "WEBVTT\n\n00:01.000 --> 00:02.000\nYes.\n\n00:03.000 --> 00:04.000\nYes.\n"
    assert read_transcript("a.vtt", data.encode()).text == "Yes. Yes."


def test_vtt_cue_ends_at_an_empty_line_only() -> None:
    data = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n\u3000\nthere\n\n"
        "NOTE not said\n\n2\n00:03.000 --> 00:04.000\nBye\n"
    )
    assert read_transcript("a.vtt", data.encode()).text == "Hello there Bye"


def test_vtt_text_behind_an_empty_line_is_kept() -> None:
    data = (
        "WEBVTT\nKind: captions\n\nSTYLE\n::cue {}\n\n00:01.000 --> 00:02.000\nHello\n\n"
        "there, and\nall of you\n\nNOTE not\nsaid\n\nagain\n\nchapter-2\n"
        "00:03.000 --> 00:04.000\nBye\n\n\nnow\n"
    )
    read = read_transcript("a.vtt", data.encode())
    assert read.text == "Hello there, and all of you again Bye now"
    assert [word.start_ms for word in read.words()][-2:] == [3_000, 3_500]


def test_segments_one_after_the_other_are_put_right_by_time() -> None:
    segments = [(5, "late"), (1, "early"), (3, "later")]
    content = [{"start": at, "end": at + 1, "text": text} for at, text in segments]
    assert read_json({"segments": content}).text == "early later late"


def test_short_textgrid_with_a_point_tier_and_phones() -> None:
    data = '''File type = "ooTextFile"
Object class = "TextGrid"

0
2
<exists>
3
"IntervalTier"
"Ben - words"
0
2
2
0
1
"say ""hi"""
1
2
""
"TextTier"
"bell"
0
2
1
0.5
"ding"
"IntervalTier"
"Ben - phones"
0
2
1
0
2
"s"
'''
    read = read_transcript("a.TextGrid", data.encode())
    assert read.text == 'say "hi"'
    assert [speaker.name for speaker in read.speakers] == ["Ben"]


def textgrid(*tiers: tuple[str, list[str]]) -> bytes:
    """Write tiers whose intervals last a second each."""
    lines = ['"ooTextFile"', '"TextGrid"', f"0 9 <exists> {len(tiers)}"]
    for name, texts in tiers:
        lines.append(f'"IntervalTier" "{name}" 0 9 {len(texts)}')
        lines += [f'{at} {at + 1} "{text}"' for at, text in enumerate(texts)]
    return "\n".join(lines).encode()


def test_textgrid_interval_of_one_word_is_heard() -> None:
    read = read_transcript("a.TextGrid", textgrid(("words", ["hello", "", "you two"])))
    assert rows(read)[0] == ("hello", 0, 1000)
    assert [word.is_estimated for word in read.words()] == [False, True, True]


@pytest.mark.parametrize("name", ["textgrid", "eaf"])
def test_speakers_whose_names_look_like_those_of_tiers(name: str) -> None:
    names = ["Bob", "Bob (words)", "Words", "Text", "Phones", "Ann - words", "Eve (words)"]
    speakers = tuple(Speaker(SpeakerId(f"s{at}"), name) for at, name in enumerate(names))
    words = [Word(f"w{at}", at * 1000, at * 1000 + 500) for at in range(len(names))]
    whole = Transcript(
        tuple(
            Paragraph((word,), speaker.speaker_id, word.start_ms, word.end_ms)
            for word, speaker in zip(words, speakers, strict=True)
        ),
        speakers,
    )
    data = FORMATS[name].write(ExportDocument(whole))
    read = read_transcript(f"a.{name}", data)
    assert [speaker.name for speaker in read.speakers] == names
    assert rows(read) == rows(whole)


def test_textgrid_speaker_with_a_tier_of_words_alone_keeps_the_name() -> None:
    read = read_transcript("a.TextGrid", textgrid(("Bob (words)", ["so it is"])))
    assert [speaker.name for speaker in read.speakers] == ["Bob (words)"]


def test_textgrid_of_webmaus_says_each_word_once() -> None:
    data = textgrid(
        ("ORT-MAU", ["<p:>", "hello", "you"]),
        ("KAN-MAU", ["<p:>", "h@l@U", "ju:"]),
        ("MAU", ["<p:>", "h", "j"]),
    )
    read = read_transcript("a.TextGrid", data)
    assert rows(read) == [("hello", 1000, 2000), ("you", 2000, 3000)]
    assert read.speakers == ()


def test_textgrid_of_mfa_leaves_silence_out() -> None:
    aligned = ["<eps>", "hello", "sp", "spn", "you"]
    data = textgrid(("Kim - words", aligned), ("Kim - phones", ["h"]))
    read = read_transcript("a.TextGrid", data)
    assert rows(read) == [("hello", 1000, 2000), ("you", 4000, 5000)]
    assert [speaker.name for speaker in read.speakers] == ["Kim"]
    said = textgrid(("Kim", ["one sp"]), ("Kim - words", ["one"]))
    assert read_transcript("a.TextGrid", said).text == "one sp"


def test_textgrid_words_find_their_turn_across_silence() -> None:
    turn = '"ooTextFile" "TextGrid" 0 3 <exists> 2 "IntervalTier" "Kim" 0 3 1 0 3 "one two"'
    words = '"IntervalTier" "Kim (words)" 0 3 3 0 1 "one" 1 2 "<eps>" 2 3 "two"'
    read = read_transcript("a.TextGrid", f"{turn} {words}".encode())
    assert rows(read) == [("one", 0, 1000), ("two", 2000, 3000)]


def test_eaf_leaves_out_glosses_and_puts_what_is_not_aligned_between_its_neighbours() -> None:
    data = b"""<ANNOTATION_DOCUMENT><TIME_ORDER>
    <TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="0"/><TIME_SLOT TIME_SLOT_ID="b" TIME_VALUE="900"/>
    <TIME_SLOT TIME_SLOT_ID="x"/><TIME_SLOT TIME_SLOT_ID="y"/>
    <TIME_SLOT TIME_SLOT_ID="d" TIME_VALUE="3000"/><TIME_SLOT TIME_SLOT_ID="c"/></TIME_ORDER>
    <TIER TIER_ID="K-Spch" PARTICIPANT="Kim">
    <ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="a" TIME_SLOT_REF2="b">
    <ANNOTATION_VALUE>one two</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
    <ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="x" TIME_SLOT_REF2="y">
    <ANNOTATION_VALUE>between</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
    <ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="d" TIME_SLOT_REF2="c">
    <ANNOTATION_VALUE>last</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
    <TIER TIER_ID="gloss" PARENT_REF="K-Spch"/></ANNOTATION_DOCUMENT>"""
    read = read_transcript("a.eaf", data)
    assert rows(read) == [
        ("one", 0, 450),
        ("two", 450, 900),
        ("between", 1_600, 2_300),
        ("last", 3_000, 3_350),
    ]
    assert [speaker.name for speaker in read.speakers] == ["Kim"]


def test_eaf_with_entities_that_grow_is_refused() -> None:
    data = (
        b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]>'
        b"<ANNOTATION_DOCUMENT>&y;</ANNOTATION_DOCUMENT>"
    )
    with pytest.raises(ExportError, match="damaged"):
        read_transcript("a.eaf", data)


def read_otr(html: str) -> Transcript:
    content = {"text": html, "media": "talk.mp3", "media-time": 0}
    return read_transcript("a.otr", json.dumps(content).encode())


def test_otr_keeps_what_stands_before_the_first_time() -> None:
    read = read_otr(
        "<p>Talk with Anna</p>"
        '<p><span class="timestamp" data-timestamp="9.5">0:09</span> Hello</p>'
    )
    assert rows(read)[:3] == [("Talk", 0, 350), ("with", 350, 700), ("Anna", 700, 1050)]
    assert rows(read)[-1] == ("Hello", 9500, 9850)
    zero = '<p>Talk</p><span class="timestamp" data-timestamp="0">0:00</span> Hello'
    assert rows(read_otr(zero)) == [("Talk", 0, 0), ("Hello", 0, 350)]
    with pytest.raises(ExportError, match="no words with times"):
        read_otr("<p>Talk with Anna</p>")


def test_otr_takes_the_name_before_the_first_time() -> None:
    read = read_otr('<b>Anna:</b> <span class="timestamp" data-timestamp="1">0:01</span> Hello')
    assert [speaker.name for speaker in read.speakers] == ["Anna"]
    assert read.text == "Hello"


@pytest.mark.parametrize(
    "stamp",
    [
        '<span class="timestamp" data-timestamp="1:05">1:05</span>',
        '<span class="timestamp">1:05</span>',
        '<span class="timestamp" data-timestamp="NaN"><span>[0:01:05]</span></span>',
    ],
)
def test_otr_of_older_versions(stamp: str) -> None:
    read = read_otr(f"<p>{stamp} Hello</p>")
    assert rows(read) == [("Hello", 65_000, 65_350)]


def test_otr_with_a_time_that_was_typed_over() -> None:
    stamps = '<span class="timestamp" data-timestamp="1">0:01</span>'
    read = read_otr(f'{stamps} Say <span class="timestamp">hello</span> <b>and go')
    assert read.text == "Say hello and go"


def test_otr_keeps_words_apart_wherever_a_line_ends() -> None:
    read = read_otr(
        '<span class="timestamp" data-timestamp="1">0:01</span>a<ul><li>b</li><li>c</li></ul>'
        "<h1>d</h1>e<table><tr><td>f</td><td>g</td></tr></table>"
        "<blockquote>h</blockquote>i<b>j<br>k</b>"
    )
    assert read.text == "a b c d e f g h ij k"


SUFFIXES = sorted(READERS)
WHOLE = {
    kind.suffix.lower(): kind.write(DOCUMENT)
    for kind in FORMATS.values()
    if kind.suffix.lower() in READERS
}
WHOLE |= {
    ".ssa": WHOLE[".ass"],
    ".dfxp": WHOLE[".ttml"],
    ".itt": WHOLE[".ttml"],
    ".json3": WHOLE[".json"],
    ".jsonl": WHOLE[".json"],
    ".sbv": b"0:00:01.000,0:00:02.500\nGood morning\n\n0:00:03.000,0:00:04.000\nYes.\n",
    ".lrc": b"[ti:Song]\n[00:01.50][00:09.50]Good\n[00:03.5]to <00:04.00>all\n[00:05:50]\n",
}


def reads_or_says_why(suffix: str, data: bytes) -> None:
    try:
        read = read_transcript(f"a{suffix}", data)
    except ExportError:
        pass
    else:
        assert all(word.text for word in read.words())


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(data=st.binary(max_size=200))
def test_garbage_is_a_sentence(suffix: str, data: bytes) -> None:
    reads_or_says_why(suffix, data)


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(data=st.data())
def test_damage_anywhere_is_a_sentence_or_harmless(suffix: str, data: st.DataObject) -> None:
    whole = WHOLE[suffix]
    at = data.draw(st.integers(0, len(whole)))
    until = data.draw(st.integers(at, min(len(whole), at + 40)))
    noise = data.draw(st.binary(max_size=20) | st.sampled_from([b"-1", b"1e999", b'"', b"<"]))
    reads_or_says_why(suffix, whole[:at] + noise + whole[until:])


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["1", "nan"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "text",
                    "words",
                    "word",
                    "start",
                    "end",
                    "segments",
                    "speaker",
                    "transcription",
                    "offsets",
                    "from",
                    "to",
                    "metadata",
                    "duration",
                    "media",
                    "utterances",
                    "format",
                    "version",
                    "speakers",
                    "language",
                    "confidence",
                    "tokens",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_json_of_any_shape_is_a_sentence_or_a_transcript(content: object) -> None:
    reads_or_says_why(".json", json.dumps(content).encode())


@given(JSON)
def test_our_json_of_any_shape_is_a_sentence_or_a_transcript(content: object) -> None:
    whole = {"format": "wordlight-transcript", "version": 1, "segments": content}
    reads_or_says_why(".json", json.dumps(whole).encode())
