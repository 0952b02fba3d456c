from __future__ import annotations

from app.core.preferences import ListedWord
from app.core.projects import joined_words


def test_the_list_of_the_project_comes_first_and_decides() -> None:
    own = (ListedWord("Mueller", ("Muller", "Miller")),)
    others = (ListedWord("Müller", ("muller", "Mueler")), ListedWord("Mueller", ("Mila",)))
    assert joined_words(own, others) == (
        ListedWord("Mueller", ("Muller", "Miller", "Mila")),
        ListedWord("Müller", ("Mueler",)),
    )


def test_an_empty_list_changes_nothing() -> None:
    words = (ListedWord("Kubernetes", ("cubernetis",)),)
    assert joined_words((), words) == words
    assert joined_words(words, ()) == words
