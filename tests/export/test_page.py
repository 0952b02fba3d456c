"""The interactive page in a real browser: it plays, lights up, finds, and asks for nothing."""

from __future__ import annotations

import io
import math
import shutil
import struct
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.export.formats import FORMATS
from app.export.options import ExportOptions
from app.export.page import initials
from app.export.source import Audio, ExportDocument, PageLabels
from tests.support.speech import DOCUMENT, HOSTILE, HOSTILE_WORDS, SPEECH, turn

pytestmark = pytest.mark.slow

LIT = """() => [...CSS.highlights.get("spoken")].map((range) => range.toString()).join("|")"""
NOW = "() => document.getElementById('audio').currentTime"


def hum(seconds: int) -> Audio:
    """Make a quiet tone."""
    rate = 8_000
    samples = (int(2_000 * math.sin(n / 8)) for n in range(rate * seconds))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return Audio("audio/wav", file.getvalue())


def with_sound(document: ExportDocument) -> ExportDocument:
    return replace(document, audio=hum(17))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 900, "height": 700})
    yield opened
    opened.close()


def until(page: Page, wanted: str) -> None:
    """Wait for an expression to hold, without the ``eval`` that the page forbids."""
    page.evaluate(
        f"() => new Promise((done) => {{ const look = () => "
        f"({wanted}) ? done() : requestAnimationFrame(look); look(); }})"
    )


class Opened:
    """A page and everything that happened on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))

    def seek(self, seconds: float) -> None:
        self.page.evaluate(
            """(seconds) => new Promise((done) => {
                const audio = document.getElementById("audio");
                const next = () => requestAnimationFrame(done);
                audio.addEventListener("seeked", next, {once: true});
                audio.currentTime = seconds;
            })""",
            seconds,
        )


def opened(context: BrowserContext, folder: Path, document: ExportDocument) -> Opened:
    path = folder / "page.html"
    path.write_bytes(FORMATS["html"].write(document, ExportOptions(notes=True)))
    page = Opened(context.new_page())
    page.page.goto(path.as_uri())
    if document.audio is not None:
        until(page.page, "document.getElementById('audio').readyState > 0")
    return page


def test_the_word_being_spoken_is_lit(context: BrowserContext, tmp_path: Path) -> None:
    shown = opened(context, tmp_path, with_sound(DOCUMENT))
    for seconds, word in ((0.6, "Good"), (2.6, "Today"), (9.5, "you."), (16.2, "hardest?")):
        shown.seek(seconds)
        assert shown.page.evaluate(LIT) == word
    shown.seek(8.5)
    assert shown.page.evaluate(LIT) == ""


def test_playing_moves_the_light(context: BrowserContext, tmp_path: Path) -> None:
    shown = opened(context, tmp_path, with_sound(DOCUMENT))
    shown.page.keyboard.press("Space")
    until(shown.page, f"({LIT})() === 'and'")
    shown.page.keyboard.press("k")
    assert shown.page.evaluate("document.getElementById('audio').paused")


def test_a_click_on_a_word_goes_there(context: BrowserContext, tmp_path: Path) -> None:
    shown = opened(context, tmp_path, with_sound(DOCUMENT))
    box = shown.page.evaluate(
        """() => {
            const text = document.getElementsByClassName("words")[1].firstChild;
            const range = new Range();
            const at = text.data.indexOf("eleven");
            range.setStart(text, at);
            range.setEnd(text, at + 6);
            const {x, y, width, height} = range.getBoundingClientRect();
            return {x: x + width / 2, y: y + height / 2};
        }"""
    )
    shown.page.mouse.click(box["x"], box["y"])
    assert shown.page.evaluate(NOW) == pytest.approx(11.0, abs=0.01)
    until(shown.page, f"({LIT})() === 'eleven'")


def test_the_time_of_a_paragraph_plays_it_by_mouse_and_by_key(
    context: BrowserContext, tmp_path: Path
) -> None:
    page = opened(context, tmp_path, with_sound(DOCUMENT)).page
    page.get_by_role("button", name="Play from 0:09").click()
    until(page, "!document.getElementById('audio').paused")
    until(page, f"({LIT})() === 'Thank'")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "0:14"
    page.keyboard.press("Enter")
    until(page, f"({LIT})() === 'Eleven!'")
    page.keyboard.press("Space")  # a button's own key
    assert not page.evaluate("document.getElementById('audio').paused")


def test_times_are_there_where_nobody_is_named_and_nothing_plays(
    context: BrowserContext, tmp_path: Path
) -> None:
    nobody = tuple(replace(one, speaker_id=None) for one in SPEECH.paragraphs)
    document = ExportDocument(replace(SPEECH, paragraphs=nobody, speakers=()), "Quiet")
    page = opened(context, tmp_path, document).page
    assert page.locator("time").all_inner_texts() == ["0:00", "0:09", "0:14"]
    assert page.locator("h2").count() == 0
    assert page.get_by_role("button", name="Play from").count() == 0
    assert "This page does not include the recording." in page.locator("footer").inner_text()


def test_the_speed_is_chosen_and_shown(context: BrowserContext, tmp_path: Path) -> None:
    page = opened(context, tmp_path, with_sound(DOCUMENT)).page
    rate = "document.getElementById('audio').playbackRate"
    page.get_by_label("Speed").select_option("1.5")
    assert page.evaluate(rate) == 1.5
    page.evaluate(f"{rate} = 2")  # as the browser's own menu does
    until(page, "document.getElementById('speed').value === '2'")


def test_the_player_is_at_the_bottom_of_a_short_page(
    context: BrowserContext, tmp_path: Path
) -> None:
    page = opened(context, tmp_path, with_sound(DOCUMENT)).page
    bottom = "document.querySelector('footer').getBoundingClientRect().bottom"
    assert page.evaluate(f"{bottom} === innerHeight")


def test_the_page_speaks_the_language_of_its_reader(
    context: BrowserContext, tmp_path: Path
) -> None:
    fields = PageLabels.__dataclass_fields__
    marked = {name: f"«{one.default}»" for name, one in fields.items() if name != "language"}
    says = PageLabels(language="de", **marked)
    for document in (with_sound(DOCUMENT), DOCUMENT):
        page = opened(context, tmp_path, replace(document, page=says)).page
        page.locator("#query").fill("eleven")
        assert page.locator("#count").inner_text() == "«2 found»"
        page.keyboard.press("Enter")
        assert page.locator("#count").inner_text() == "«1 of 2»"
        assert page.locator("footer").get_attribute("lang") == "de"
        shown = page.evaluate(
            """() => [...document.querySelectorAll("[aria-label], [placeholder]")].flatMap(
                (one) => [one.getAttribute("aria-label"), one.getAttribute("placeholder")]
            ).filter(Boolean)"""
        )
        assert all(text.startswith("«") for text in shown), shown
        for text in (*page.locator("footer p").all_inner_texts(), "«Search»"):
            assert text.startswith("«")


def test_keys_go_back_and_forth(context: BrowserContext, tmp_path: Path) -> None:
    shown = opened(context, tmp_path, with_sound(DOCUMENT))
    for key, seconds in (("ArrowRight", 5), ("l", 15), ("j", 5), ("ArrowLeft", 0)):
        shown.page.keyboard.press(key)
        assert shown.page.evaluate(NOW) == pytest.approx(seconds, abs=0.01)


def test_search_finds_and_walks_through(context: BrowserContext, tmp_path: Path) -> None:
    page = opened(context, tmp_path, with_sound(DOCUMENT)).page
    page.keyboard.press("/")
    page.keyboard.type("ELEVEN")
    assert page.locator("#count").inner_text() == "2 found"
    page.keyboard.press("Enter")
    assert page.locator("#count").inner_text() == "1 of 2"
    page.get_by_role("button", name="Next match").click()
    assert page.locator("#count").inner_text() == "2 of 2"
    chosen = "() => [...CSS.highlights.get('chosen')].map(String).join()"
    assert page.evaluate(chosen) == "Eleven"
    page.get_by_role("button", name="Previous match").click()
    assert page.evaluate(chosen) == "eleven"
    page.locator("#query").fill("nowhere")
    assert page.locator("#count").inner_text() == "0 found"
    page.keyboard.press("Escape")
    assert page.locator("#count").inner_text() == ""
    assert page.evaluate("document.activeElement.id") == "transcript"


def test_search_finds_beside_letters_that_grow_when_small(
    context: BrowserContext, tmp_path: Path
) -> None:
    said = turn("Merhaba, İstanbul güzel.", 0, None)
    document = ExportDocument(type(SPEECH)((said,)), "City")
    page = opened(context, tmp_path, document).page
    for wanted in ("merhaba", "GÜZEL", "İstanbul"):
        page.locator("#query").fill(wanted)
        assert page.locator("#count").inner_text() == "1 found"
    page.keyboard.press("Enter")
    chosen = "() => [...CSS.highlights.get('chosen')].map(String).join()"
    assert page.evaluate(chosen) == "İstanbul"


def test_scrolling_away_stops_following_until_asked(
    context: BrowserContext, tmp_path: Path
) -> None:
    turns = tuple(
        type(one)(one.words, one.speaker_id, one.start_ms, one.end_ms)
        for one in SPEECH.paragraphs[2:] * 60
    )
    page = opened(
        context,
        tmp_path,
        ExportDocument(type(SPEECH)((*SPEECH.paragraphs[:1], *turns)), "Long", audio=hum(17)),
    ).page
    follow = page.get_by_role("button", name="Follow along")
    page.keyboard.press("Space")
    until(page, f"({LIT})() !== ''")
    page.mouse.move(400, 300)
    page.mouse.wheel(0, 2_000)
    follow.wait_for()
    follow.click()
    until(page, "scrollY < 400")
    assert not follow.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("document", [with_sound(DOCUMENT), HOSTILE], ids=["speech", "hostile"])
def test_nothing_stands_in_anybodys_way(
    browser: Browser, tmp_path: Path, scheme: str, document: ExportDocument
) -> None:
    # axe is a script from outside, which the page itself would never let run.
    context = browser.new_context(bypass_csp=True, color_scheme=scheme)  # type: ignore[arg-type]
    shown = opened(context, tmp_path, document)
    found = Axe().run(shown.page)
    assert found.violations_count == 0, found.generate_report()
    context.close()


def test_hostile_words_do_nothing_and_are_seen(context: BrowserContext, tmp_path: Path) -> None:
    shown = opened(context, tmp_path, with_sound(HOSTILE))
    shown.seek(1.1)
    assert shown.page.evaluate(LIT) == HOSTILE_WORDS[0]
    assert shown.complaints == []
    assert shown.page.locator("script").count() == 2
    assert shown.page.locator("img, b, i, textarea").count() == 0
    assert HOSTILE_WORDS[0] in shown.page.locator(".words").inner_text()
    emoji = HOSTILE_WORDS.index("😀")
    shown.seek(1.1 + 0.5 * emoji)
    assert shown.page.evaluate(LIT) == "😀"


def test_nothing_is_asked_of_the_network(context: BrowserContext, tmp_path: Path) -> None:
    shown = opened(context, tmp_path, with_sound(DOCUMENT))
    shown.page.keyboard.press("Space")
    until(shown.page, f"({LIT})() !== ''")
    assert {url.split(":")[0] for url in shown.requests} <= {"file", "data"}
    assert len([url for url in shown.requests if url.startswith("file")]) == 1
    assert shown.complaints == []


def test_the_policy_holds_against_a_script_put_in_later(
    context: BrowserContext, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    page = FORMATS["html"].write(DOCUMENT)
    path.write_bytes(page.replace(b"<main", b"<script>window.evil = 1</script><main", 1))
    shown = Opened(context.new_page())
    shown.page.goto(path.as_uri())
    assert shown.page.evaluate("window.evil") is None
    assert any("Content Security Policy" in line for line in shown.complaints)


def test_a_linked_recording_plays(context: BrowserContext, tmp_path: Path) -> None:
    sound = hum(3)
    (tmp_path / "my talk #1.wav").write_bytes(sound.content)
    document = ExportDocument(SPEECH, "Linked", audio=Audio(link="my talk %231.wav"))
    shown = opened(context, tmp_path, document)
    shown.seek(0.6)
    assert shown.page.evaluate(LIT) == "Good"
    assert shown.complaints == []


def test_the_text_is_there_without_any_script(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    path = tmp_path / "page.html"
    path.write_bytes(FORMATS["html"].write(DOCUMENT))
    page = context.new_page()
    page.goto(path.as_uri())
    assert "Eleven! Which one was the hardest?" in page.locator("main").inner_text()
    context.close()


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Anna", "A"),
        ("anna maria berg", "AB"),
        ("Speaker 2", "S2"),
        ("(Łukasz)", "Ł"),
        ("?", "?"),
    ],
)
def test_initials(name: str, made: str) -> None:
    assert initials(name) == made
