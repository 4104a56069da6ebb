"""Answers to the page: every section's view, the template, the style sheet, and the policy that lets nothing else in.

Whatever comes from outside goes through Jinja's escaping; what is put in as it is, are the drawings and the style
sheet. The policy in the page's head allows this one style sheet, by its hash, and nothing from anywhere: no script can
run and no request can leave, even where escaping would have failed.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jinja2
from markupsafe import Markup

from flows.report_page import shown
from flows.report_page.answers import Answers
from flows.report_page.changes import edits_of
from flows.report_page.coverage import CLASSES, STAGES, ledger_of
from flows.report_page.health import health_of
from flows.report_page.languages import NAMES, lag_of, language_name, languages_of, risen_words_of
from flows.report_page.names import OutletNames
from flows.report_page.stories import network_of
from flows.report_page.volume import LOUD, QUIET, volume_of
from warehouse.partitions import PublishedFile

SECTIONS = MappingProxyType(
    {
        "volume": ("Volume", ("volume", "runs")),
        "changes": ("What changed", ("revisions", "edits", "numbers", "removals")),
        "stories": ("Top stories", ("stories",)),
        "network": ("Who copies whom", ("republishing",)),
        "words": ("Words that rose", ("word_sizes", "words")),
        "languages": ("Languages", ("languages",)),
        "lag": ("How soon we see it", ("lag",)),
        "health": ("Health", ("health", "runs")),
        "coverage": ("Coverage", ("coverage", "reasons")),
    }
)
"""The sections in their order: heading, and the questions behind it."""

RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})

REASONS_OF_ORIGIN = MappingProxyType(
    {
        "source_line": "a copy names it as its source",
        "agency": "a copy names it as its agency",
        "published_at": "by the stated times of publication",
        "first_seen_at": "by when it was first seen",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One section for the table of contents and the foot."""

    key: str
    title: str
    questions: tuple[str, ...]


def render(answers: Answers, source: PublishedFile, *, made_at: datetime) -> str:
    """The page.

    Args:
        answers: What it tells.
        source: Which warehouse was asked.
        made_at: Aware time.
    """
    names = OutletNames(answers.rows("health"))
    health = health_of(answers)
    volume = volume_of(answers, names)
    style = style_sheet()
    identity = {**asdict(source), "path": Path(source.path).name}
    return (
        environment(names)
        .get_template("page.html")
        .render(
            answers=answers,
            period=answers.period,
            totals=answers.row("totals"),
            revisions=answers.rows("revisions"),
            edits=edits_of(answers),
            runs=answers.rows("runs"),
            volume=volume,
            network=network_of(answers, names),
            words=risen_words_of(answers),
            languages=languages_of(answers),
            lag=lag_of(answers, names),
            health=health,
            needy=[each for each in health if each.state != "ok"],
            ledger=ledger_of(answers),
            headings=[Heading(key=key, title=title, questions=asked) for key, (title, asked) in SECTIONS.items()],
            made_at=made_at,
            identity=identity,
            wirewatch=version("wirewatch"),
            style=Markup(style),  # noqa: S704 - the package's own file
            policy=policy_for(style),
            classes=CLASSES,
            stages=STAGES,
            origin_reasons=REASONS_OF_ORIGIN,
            quiet=QUIET,
            loud=LOUD,
        )
    )


def policy_for(style: str) -> str:
    """The Content-Security-Policy of a page with one style sheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


@cache
def style_sheet() -> str:
    """The page's style sheet."""
    return (resources.files("flows.report_page") / "templates" / "page.css").read_text(encoding="utf-8")


def environment(names: OutletNames) -> jinja2.Environment:
    """Jinja with everything escaped, and with the ways in which the page says things."""
    found = jinja2.Environment(
        loader=jinja2.PackageLoader("flows.report_page", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "count": shown.count,
        "day": shown.day,
        "difference": shown.difference,
        "direction": direction,
        "drawing": Markup,  # what drawings.draw() made, of an escaping XML writer
        "language_name": language_name,
        "language_tag": shown.language_tag,
        "line": shown.on_one_line,
        "machine_time": shown.machine_time,
        "megabytes": shown.megabytes,
        "moment": shown.moment,
        "outlet": names.of,
        "passage": shown.passage,
        "share": shown.share,
        "span": shown.span,
        "web_address": shown.web_address,
    }
    found.filters.update(filters)
    found.globals["days"] = shown.days
    return found


def direction(language: object) -> str:
    """In which direction texts of a language run."""
    tag = shown.language_tag(language)
    if tag is None:
        return "auto"
    subtag = tag.split("-")[0].lower()
    return "rtl" if subtag in RIGHT_TO_LEFT else "ltr" if subtag in NAMES else "auto"
