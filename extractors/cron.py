"""Cron expressions of configuration files, checked as crontab(5) has them: five fields, names of months and days."""

from __future__ import annotations

import re
from dataclasses import dataclass

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
PART = re.compile(r"(?P<first>\*|[a-z0-9]+)(?:-(?P<last>[a-z0-9]+))?(?:/(?P<step>[0-9]{1,4}))?")
EXAMPLE = "write five fields (minute, hour, day, month, weekday), such as '30 6 * * mon-fri'"


@dataclass(frozen=True, slots=True, kw_only=True)
class CronField:
    """One of the five fields: what it counts, its bounds, and names that stand for numbers."""

    name: str
    lowest: int
    highest: int
    names: tuple[str, ...] = ()

    def number(self, word: str) -> int:
        """The number that a word stands for.

        Raises:
            ValueError: It stands for none of the field's.
        """
        if word in self.names:
            return self.lowest + self.names.index(word)
        if not word.isdigit() or not self.lowest <= int(word) <= self.highest:
            raise ValueError(f"{word!r} is no {self.name}; it is {self.lowest} to {self.highest}")
        return int(word)

    def check(self, text: str) -> None:
        """Accept ``*``, a number, a range, each with a step, or a list of these.

        Raises:
            ValueError: It is none of them.
        """
        for part in text.split(","):
            found = PART.fullmatch(part)
            if found is None:
                raise ValueError(f"{part!r} is no {self.name}; {EXAMPLE}")
            first, last, step = found["first"], found["last"], found["step"]
            if (last is not None and first == "*") or (step is not None and int(step) == 0):
                raise ValueError(f"{part!r} is no {self.name}; {EXAMPLE}")
            if first != "*":
                start = self.number(first)
                if last is not None and self.number(last) < start:
                    raise ValueError(f"{part!r} ends before it starts")


FIELDS = (
    CronField(name="minute", lowest=0, highest=59),
    CronField(name="hour", lowest=0, highest=23),
    CronField(name="day", lowest=1, highest=31),
    CronField(name="month", lowest=1, highest=12, names=MONTHS),
    CronField(name="weekday", lowest=0, highest=7, names=DAYS),
)


def check_cron(value: str) -> str:
    """Accept a cron expression.

    Raises:
        ValueError: With what is wrong with it.
    """
    words = value.lower().split()
    if len(words) != len(FIELDS):
        raise ValueError(f"has {len(words)} fields; {EXAMPLE}")
    for kind, word in zip(FIELDS, words, strict=True):
        kind.check(word)
    return value


def check_cron_or_off(value: str) -> str:
    """Accept a cron expression, or nothing."""
    return check_cron(value) if value.strip() else ""
