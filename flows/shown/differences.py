"""What a re-extraction changed, or would change: by article, by field and by outlet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from extractors.errors import Reason
from flows.shown.progress import printable
from warehouse.rereadings import Rereading

SHOWN_ARTICLES = 50
"""Articles that the table on the terminal lists; ``--json`` lists all."""


@dataclass(slots=True, kw_only=True)
class Differences:
    """What a re-extraction found, page by page."""

    is_dry: bool
    read_count: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    found: list[Rereading] = field(default_factory=list)

    def add(self, rereadings: Iterable[Rereading]) -> None:
        """Take in a batch; what came out as before is only counted."""
        for each in rereadings:
            self.read_count[each.outlet_id] += 1
            if each.reason in (Reason.ARCHIVE_ERROR, Reason.EXTRACT_ERROR):
                self.unreadable[each.outlet_id] += 1
            elif each.is_change or each.is_lost:
                self.found.append(each)

    def count(self, outlet_id: str, kind: str) -> int:
        """Pages of an outlet that were ``revised``, are ``loaded`` for the first time, or are ``lost``."""
        of_outlet = (each for each in self.found if each.outlet_id == outlet_id)
        return sum(each.is_lost if kind == "lost" else each.reason == kind and not each.is_lost for each in of_outlet)

    def fields(self, outlet_id: str | None = None) -> Counter[str]:
        """How often each field came out differently."""
        wanted = (each for each in self.found if outlet_id in (None, each.outlet_id))
        return Counter(name for each in wanted for name in each.changed_fields)

    def as_tables(self) -> list[Table]:
        """By article, by field and by outlet, for the terminal."""
        would = "would change" if self.is_dry else "changed"
        outlets = sorted(self.read_count)
        articles = make_table(f"What {would}", "outlet", "article", "fields")
        for each in self.found[:SHOWN_ARTICLES]:
            what = f"no article: {each.reason}" if each.is_lost else ", ".join(each.changed_fields) or str(each.reason)
            articles.add_row(each.outlet_id, Text(printable(each.title or each.requested_url)), what)
        fields = make_table(f"Fields that {would}", "field", *outlets, "all")
        for name, total in self.fields().most_common():
            fields.add_row(name, *(str(self.fields(outlet)[name]) for outlet in outlets), str(total))
        summary = make_table("By outlet", "outlet", "read", "changed", "new articles", "no article now", "unreadable")
        for outlet in outlets:
            counts = (self.count(outlet, kind) for kind in ("revised", "loaded", "lost"))
            summary.add_row(outlet, str(self.read_count[outlet]), *map(str, counts), str(self.unreadable[outlet]))
        return [articles, fields, summary] if self.found else [summary]

    def as_dict(self) -> dict[str, Any]:
        """Everything, for a machine."""
        return {
            "dry_run": self.is_dry,
            "read": dict(self.read_count),
            "unreadable": dict(self.unreadable),
            "fields": dict(self.fields()),
            "pages": [
                {
                    "outlet_id": each.outlet_id,
                    "article_id": each.article_id,
                    "url": each.requested_url,
                    "title": each.title,
                    "before": each.before,
                    "reason": each.reason,
                    "changed_fields": list(each.changed_fields),
                }
                for each in self.found
            ],
        }

    def conclusion(self) -> str:
        """The result in one sentence."""
        read = sum(self.read_count.values())
        if not self.found:
            return f"{read} pages read again; nothing comes out differently."
        lost = sum(each.is_lost for each in self.found)
        verb = "would change" if self.is_dry else "changed"
        text = f"{read} pages read again; {len(self.found) - lost} {verb}."
        return text + (f" {lost} articles are none by today's rules; they stay." if lost else "")


def make_table(title: str, first: str, *columns: str) -> Table:
    """An empty table in the style of the others."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, title=title, title_justify="left")
    table.add_column(first, no_wrap=True)
    for name in columns:
        table.add_column(name, overflow="fold", justify="left" if name in ("article", "fields") else "right")
    return table
