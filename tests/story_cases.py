"""Seeded texts of invented words: reports, what becomes of them when others publish them, and what only looks like it.

Reports hold names, numbers and days, as the press does, and quote each other; bulletins are of one form.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MORNING = datetime(2026, 3, 10, 7, 0, tzinfo=UTC)
SYLLABLES = """
    ka re mi so tu la ne vo da pi gu sha fe lor min tes bar dun ald ost em ir qua zel
""".split()  # noqa: SIM905 - a list would be a line a word
COMMON = """
    the of in and to a on for with by from at as that was were is has had said after their its which
""".split()  # noqa: SIM905 - a list would be a line a word
NAMES = """
    Tel Kafr Marj Deir Umm Wadi Jisr Ain Qasr Bir Zaytun Lawza Sumaq Rihan Hamra Qamh Nahrin Beyli
    Salloum
""".split()  # noqa: SIM905 - a list would be a line a word
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = ["January", "February", "March", "April", "May", "June"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Two articles and whether one is a copy of the other; the second was published ``hours`` after the first."""

    kind: str
    first: str
    second: str
    is_copy: bool
    is_same_outlet: bool = False
    hours: float = 3


class Writer:
    """Writes texts from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.words = ["".join(self.random.choices(SYLLABLES, k=self.random.randint(1, 4))) for _ in range(4_000)]

    def word(self) -> str:
        """A word: a common one as often as not."""
        return self.random.choice(COMMON) if self.random.random() < 0.45 else self.random.choice(self.words)

    def name(self) -> str:
        """A place or a person."""
        return " ".join(self.random.sample(NAMES, 2))

    def number(self) -> str:
        """A number, as digits or as a word."""
        if self.random.random() < 0.3:
            return self.random.choice(["two", "three", "five", "seven", "nine", "twelve"])
        return str(self.random.randint(2, 4_000))

    def day(self) -> str:
        """A day, in one of the ways to say it."""
        date = f"{self.random.randint(1, 28)} {self.random.choice(MONTHS)}"
        return self.random.choice([self.random.choice(DAYS), date])

    def sentence(self) -> str:
        """A sentence with now and then a name, a number and a day."""
        words = [self.word() for _ in range(self.random.randint(9, 26))]
        for chance, make in ((0.6, self.name), (0.5, self.number), (0.25, self.day)):
            if self.random.random() < chance:
                words.insert(self.random.randint(1, len(words)), make())
        return f"{words[0].capitalize()} {' '.join(words[1:])}."

    def paragraph(self) -> str:
        """Three or four sentences."""
        return " ".join(self.sentence() for _ in range(self.random.randint(2, 4)))

    def report(self, paragraphs: int = 0) -> str:
        """A report of a usual length."""
        return "\n".join(self.paragraph() for _ in range(paragraphs or self.random.randint(4, 12)))

    def bulletin(self, day: str, *, place: str, wounded: str, rounds: str) -> str:
        """A bulletin of one form: only day, place and numbers are its own."""
        return (
            f"Government forces shelled the outskirts of {place} with {rounds} mortar rounds on {day}, according to "
            f"volunteers of the Observatory in the province. The shelling wounded {wounded} people, who were taken to "
            "the field hospital behind the lines. Reconnaissance aircraft were seen over the valley for the whole day. "
            "The Observatory renews its call to all parties to keep to the truce, to let ambulances pass and to spare "
            "markets, schools and hospitals, which are protected by international humanitarian law."
        )


def copied(kind: str, change: Callable[[Writer, str], str]) -> Callable[[Writer], Case]:
    """Cases in which another outlet publishes a changed report."""

    def make(writer: Writer) -> Case:
        report = writer.report()
        return Case(kind=kind, first=report, second=change(writer, report), is_copy=True)

    return make


def excerpt(share: float) -> Callable[[Writer, str], str]:
    """Words in a row, from anywhere in the report."""

    def change(writer: Writer, report: str) -> str:
        words = report.split(" ")
        length = round(len(words) * share)
        start = writer.random.randint(0, len(words) - length)
        return " ".join(words[start : start + length])

    return change


def changed_facts(writer: Writer, report: str) -> str:
    """Some of the names and numbers replaced: a tenth of them."""
    return " ".join(
        writer.random.choice(NAMES) if word in NAMES and writer.random.random() < 0.05
        else writer.number() if word.isdigit() and writer.random.random() < 0.1
        else word
        for word in report.split(" ")
    )  # fmt: skip


def edited(writer: Writer, report: str) -> str:
    """A word in twenty replaced, as a sub-editor does."""
    return " ".join(writer.word() if writer.random.random() < 0.05 else word for word in report.split(" "))


def other_day(writer: Writer, *, is_same_outlet: bool, kind: str) -> Case:
    """Two bulletins of one form about different days; often about one place."""
    place, other = writer.name(), writer.name()
    first, second = writer.random.sample(DAYS, 2)
    bulletins = [
        writer.bulletin(day, place=where, wounded=writer.number(), rounds=writer.number())
        for day, where in ((first, place), (second, writer.random.choice([place, other])))
    ]
    return Case(
        kind=kind, first=bulletins[0], second=bulletins[1], is_copy=False, is_same_outlet=is_same_outlet, hours=24
    )


def same_day(writer: Writer) -> Case:
    """Two bulletins of one outlet and day about different places."""
    day = writer.random.choice(DAYS)
    first, second = (
        writer.bulletin(day, place=place, wounded=writer.number(), rounds=writer.number())
        for place in writer.random.sample(["Tel Zaytun", "Kafr Lawza", "Deir Sumaq", "Umm Rihan"], 2)
    )
    return Case(kind="bulletins of a day", first=first, second=second, is_copy=False, is_same_outlet=True, hours=2)


def recap(writer: Writer) -> Case:
    """A bulletin that closes with yesterday's."""
    first = writer.bulletin("Monday", place=writer.name(), wounded=writer.number(), rounds=writer.number())
    second = f"{writer.paragraph()}\nYesterday, {first[0].lower()}{first[1:]}"
    return Case(kind="yesterday's recap", first=first, second=second, is_copy=False, is_same_outlet=True, hours=24)


def quoting(writer: Writer) -> Case:
    """Two reports of one event in words of their own, with the same two sentences quoted."""
    quote = f"{writer.sentence()} {writer.sentence()}"
    first, second = (f"{writer.report(4)}\n{quote}\n{writer.report(2)}" for _ in range(2))
    return Case(kind="same quotation", first=first, second=second, is_copy=False)


def boilerplate(writer: Writer) -> Case:
    """Two reports of one outlet that close with the same paragraph."""
    closing = "\n".join(f"{writer.sentence()} {writer.sentence()}" for _ in range(1))
    first, second = (f"{writer.report(3)}\n{closing}" for _ in range(2))
    return Case(kind="same closing words", first=first, second=second, is_copy=False, is_same_outlet=True, hours=30)


def repeated(writer: Writer) -> Case:
    """An outlet publishes a report again, with a paragraph more."""
    report = writer.report()
    return Case(
        kind="published again",
        first=report,
        second=f"{report}\n{writer.paragraph()}",
        is_copy=True,
        is_same_outlet=True,
        hours=20,
    )


KINDS: Mapping[str, Callable[[Writer], Case]] = {
    "excerpt of 30 %": copied("excerpt of 30 %", excerpt(0.3)),
    "excerpt of 50 %": copied("excerpt of 50 %", excerpt(0.5)),
    "excerpt of 70 %": copied("excerpt of 70 %", excerpt(0.7)),
    "added paragraph": copied("added paragraph", lambda writer, report: f"{report}\n{writer.paragraph()}"),
    "changed facts": copied("changed facts", changed_facts),
    "edited": copied("edited", edited),
    "another dateline": copied(
        "another dateline", lambda writer, report: f"{writer.name().upper()}, {writer.day()} (Agence) – {report}"
    ),
    "site's boilerplate": copied(
        "site's boilerplate", lambda writer, report: f"Share this story now\n{report}\n{writer.sentence()}"
    ),
    "published again": repeated,
    "bulletins, one outlet": lambda writer: other_day(writer, is_same_outlet=True, kind="bulletins, one outlet"),
    "bulletins, two outlets": lambda writer: other_day(writer, is_same_outlet=False, kind="bulletins, two outlets"),
    "bulletins of a day": same_day,
    "yesterday's recap": recap,
    "same quotation": quoting,
    "same closing words": boilerplate,
}


def cases(kind: str, count: int, *, seed: int = 1) -> list[Case]:
    """Cases of a kind."""
    writer = Writer(seed)
    return [KINDS[kind](writer) for _ in range(count)]


def published(case: Case) -> tuple[datetime, datetime]:
    """When the two articles were published."""
    return MORNING, MORNING + timedelta(hours=case.hours)
