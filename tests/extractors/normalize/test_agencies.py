from __future__ import annotations

import pytest

from extractors.normalize.agencies import agencies_in, agency_named, is_agency_credit


@pytest.mark.parametrize(
    ("credit", "agencies"),
    [
        ("AFP", ("AFP",)),
        ("Agence France-Presse", ("AFP",)),
        ("أ ف ب", ("AFP",)),
        ("أ.ف.ب", ("AFP",)),
        ("AFP/Reuters", ("AFP", "Reuters")),
        ("رويترز، الأناضول", ("Reuters", "Anadolu")),
        ("The Gazette, with AP", ("AP",)),
        ("By Associated Press", ("AP",)),
        ("Rula Sabbagh and dpa", ("dpa",)),
        ("© AFP", ("AFP",)),
        ("وكالة رويترز", ("Reuters",)),
        ("Anadolu Ajansı", ("Anadolu",)),
        ("خبرگزاری ایرنا", ("IRNA",)),
        ("Rula Sabbagh", ()),
        ("The Map Room", ()),
        ("map", ()),
        ("", ()),
    ],
)
def test_the_agencies_of_a_credit(credit: str, agencies: tuple[str, ...]) -> None:
    """By one name each, in whichever language and alphabet they are credited; people and outlets are none."""
    assert agencies_in(credit) == agencies


@pytest.mark.parametrize(
    ("credit", "is_one"),
    [("AFP, dpa", True), ("Reuters and agencies", True), ("رويترز، وكالات", True), ("AFP, Rula Sabbagh", False)],
)
def test_credits_of_agencies_alone(credit: str, is_one: bool) -> None:
    """With the word for agencies, and nobody else."""
    assert is_agency_credit(credit) == is_one


def test_a_short_word_is_an_agency_only_as_it_writes_itself() -> None:
    """``Map`` and ``spa`` are words; ``MAP`` and ``dpa`` are names."""
    assert [agency_named(name) for name in ("MAP", "map", "dpa", "spa", "SPA")] == ["MAP", None, "dpa", None, "SPA"]
