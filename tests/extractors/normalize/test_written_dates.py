from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.normalize.written_dates import read_written


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Veröffentlicht am 3. März 2026, 14:05 Uhr", "de", "2026-03-03T14:05:00"),
        ("March 3, 2026 2:05 pm", "en", "2026-03-03T14:05:00"),
        ("3rd March 2026", "en", "2026-03-03T00:00:00"),
        ("le 1er août 2020 à 10h05", "fr", "2020-08-01T10:05:00"),
        ("9 de mayo de 2022", "es", "2022-05-09T00:00:00"),
        ("31 Ağustos 2021 09:30", "tr", "2021-08-31T09:30:00"),
        ("1 MAYIS 2021", "tr", "2021-05-01T00:00:00"),
        ("3 марта 2026", "ru", "2026-03-03T00:00:00"),
        ("23 أكتوبر 2020", "ar", "2020-10-23T00:00:00"),
        ("٢٢ تشرين الثاني ٢٠٢٤", "ar", "2024-11-22T00:00:00"),
        ("الأحد 3 كانون الثاني/يناير 2021 - 14:30", "ar", "2021-01-03T14:30:00"),
        ("غشت 3، 2020", "ar", "2020-08-03T00:00:00"),
        ("12 جويلية 2020", "ar", "2020-07-12T00:00:00"),
        ("15 رمضان 1445 هـ", "ar", "2024-03-25T00:00:00"),
        ("1 محرم 1442 - 20 أغسطس 2020", "ar", "2020-08-20T00:00:00"),
        ("۱۴ تیر ۱۳۹۹", "fa", "2020-07-04T00:00:00"),
        ("1399/04/14 12:30", "fa", "2020-07-04T12:30:00"),
        ("2020年11月3日", "ja", "2020-11-03T00:00:00"),
        ("2026-03-02", None, "2026-03-02T00:00:00"),
        ("05.04.2025", "en", "2025-04-05T00:00:00"),
        ("06.11.2023 13:30 von Olga", "de", "2023-11-06T13:30:00"),
        ("03/04/2026", "en-GB", "2026-04-03T00:00:00"),
        ("03/04/2026", "en-US", "2026-03-04T00:00:00"),
        ("13/04/2026", "en", "2026-04-13T00:00:00"),
        ("04/13/2026", "en", "2026-04-13T00:00:00"),
        ("03/04/2026", "en", None),
        ("03/04/2026", None, None),
        ("31 February 2026", "en", None),
        ("40/50/2026", "en", None),
        ("15 Smarch 2026", "en", None),
        ("Harbor reopens", "en", None),
        ("", "en", None),
    ],
)
def test_dates_as_people_write_them(text: str, language: str | None, expected: str | None) -> None:
    """Months by name, digits of any script, numbers in the language's order; no guess where in doubt."""
    found = read_written(text, language=language)
    assert (found[0].isoformat() if found else None) == expected


def test_a_clock_beside_the_day_gives_the_minute() -> None:
    """The precision says how much was written."""
    with_clock, without = read_written("3 March 2026 14:05"), read_written("3 March 2026")
    assert with_clock is not None
    assert without is not None
    assert (with_clock[1], without[1]) == ("minute", "day")


@given(st.text(max_size=80))
def test_any_line_can_be_read(text: str) -> None:
    """Whatever a page has beside its headline, reading it never raises."""
    read_written(text, language="en")
