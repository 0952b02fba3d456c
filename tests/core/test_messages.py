from hypothesis import given
from hypothesis import strategies as st

from app.core.messages import Message, message


def test_gaps_are_filled():
    assert message("“{name}” has {count} words.", name="a.mp3", count=3).fill() == (
        "“a.mp3” has 3 words."
    )


def test_translation_may_change_the_order():
    one = message("{count} of {total}", count=1, total=2)

    assert one.fill("von {total} sind {count} da") == "von 2 sind 1 da"


def test_value_that_looks_like_a_gap_is_left_as_it_is():
    one = message("{name}: {reason}", name="{reason}.mp3", reason="empty {name}")

    assert one.fill() == "{reason}.mp3: empty {name}"


def test_unknown_gap_and_lone_braces_stay():
    assert message("{who} {} { } 100 %", name="x").fill() == "{who} {} { } 100 %"


@given(st.text(), st.text())
def test_any_value_comes_through_unchanged(name, reason):
    assert message("<{name}|{reason}>", name=name, reason=reason).fill() == f"<{name}|{reason}>"


def test_same_sentence_is_equal_and_usable_as_a_key():
    assert {message("a {b}", b=1): 1}[Message("a {b}", (("b", "1"),))] == 1
