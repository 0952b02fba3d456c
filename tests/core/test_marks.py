from hypothesis import given
from hypothesis import strategies as st

from app.core.marks import Found, Marks

FOUND = st.lists(st.integers(0, 40), unique=True, max_size=4).map(
    lambda places: Found(tuple(sorted(places)), tuple(1_000 + one for one in sorted(places)))
)


def told(marks: Marks, paragraphs: int) -> list[object]:
    """Everything marks can be asked."""
    return [
        len(marks),
        marks.times_ms(),
        [marks.in_paragraph(number) for number in range(paragraphs + 1)],
        [marks.at(number) for number in range(len(marks))],
        [
            marks.first_from(number, place)
            for number in range(paragraphs + 1)
            for place in (0, 9)
        ],
    ]


@given(st.lists(FOUND, max_size=6), st.lists(FOUND, max_size=4), st.data())
def test_after_a_replacement_they_are_as_if_made_anew(before, new, data):
    marks = Marks(before)
    assert told(marks, len(before)) == told(Marks(before), len(before))
    first = data.draw(st.integers(0, len(before)))
    count = data.draw(st.integers(0, len(before) - first))

    change = marks.replace(first, count, new)

    whole = before[:first] + new + before[first + count :]
    assert told(marks, len(whole)) == told(Marks(whole), len(whole))
    gone = before[first : first + count]
    assert change.removed == tuple(ms for one in gone for ms in one.times_ms)
    assert change.inserted == tuple(ms for one in new for ms in one.times_ms)


@given(st.lists(FOUND, max_size=6))
def test_every_mark_is_found_by_its_number_and_its_place(found):
    marks = Marks(found)
    every = [(number, place) for number, one in enumerate(found) for place in one.places]

    assert [marks.at(number) for number in range(len(marks))] == every
    assert [marks.first_from(*place) for place in every] == list(range(len(every)))
