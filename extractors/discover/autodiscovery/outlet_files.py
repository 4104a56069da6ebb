"""A proposal into an outlet's TOML file, whose comments say what each value rests on, and into the outlet itself."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date

import tomlkit

from extractors.discover.autodiscovery.findings import WORTH, Finding
from extractors.discover.autodiscovery.proposals import Proposal, without_controls
from extractors.outlets import Outlet
from extractors.toml_records import make_record

MOST_UNUSED = 5
LONGEST_LINE_CHARS = 120


def write_outlet_file(proposal: Proposal, *, on: date) -> str:
    """The text of an outlet's file.

    Args:
        proposal: What it says.
        on: The day of the search.
    """
    lines = [
        comment(f"{proposal.name.value}. Found by `wirewatch outlets add {proposal.asked_url}` on {on}."),
        comment("The comments say what each value rests on. Keys that are not here have their defaults (README.md)."),
        "",
        said("name", quoted(proposal.name.value), proposal.name.told_by),
        said("homepage", quoted(proposal.homepage)),
        *country_lines(proposal),
        *language_lines(proposal),
        unset("timezone", quoted("Europe/London"), "for times that the site prints without a zone; not set: UTC"),
        "",
        comment("Sources are tried in this order; the next one when one fails."),
        *(line for finding in proposal.sources for line in source_lines(finding)),
        *unused_lines(proposal.unused),
        "[urls]",
        said("hosts", listed(proposal.hosts), "a link to any other host is an outcome (foreign_host), never a fetch"),
        *pattern_lines(proposal),
        *title_lines(proposal),
    ]
    return "\n".join(lines) + "\n"


def outlet_of(proposal: Proposal, text: str) -> Outlet:
    """The outlet that a file's text describes.

    Raises:
        ConfigurationError: The text is no outlet's file.
    """
    values = {"outlet_id": proposal.outlet_id, **tomllib.loads(text)}
    return make_record(Outlet, values, file=f"{proposal.outlet_id}.toml")


def country_lines(proposal: Proposal) -> Iterator[str]:
    """The country, or where to write it."""
    if proposal.country is not None:
        yield said("country", quoted(proposal.country), "guessed from the domain; ISO 3166-1 alpha-2")
    else:
        yield unset("country", quoted("xx"), "ISO 3166-1 alpha-2; the domain does not tell it")


def language_lines(proposal: Proposal) -> Iterator[str]:
    """The language, or where to write it."""
    if proposal.languages:
        yield said("languages", listed(proposal.languages), f"{proposal.languages_told_by}; BCP 47")
    else:
        yield unset("languages", listed(["en"]), "BCP 47; neither the page nor its headlines tell it")


def source_lines(finding: Finding) -> Iterator[str]:
    """One source, with what it proved."""
    candidate = finding.candidate
    yield comment(f"{candidate.found_by}; {finding.why()}")
    yield "[[sources]]"
    yield said("kind", quoted(candidate.kind), WORTH[candidate.kind])
    yield said("url", quoted(candidate.url))
    yield ""


def unused_lines(unused: Sequence[Finding]) -> Iterator[str]:
    """What was found too."""
    if not unused:
        return
    yield comment("Found too, and not needed:")
    for finding in unused[:MOST_UNUSED]:
        yield comment(f"- {finding.candidate.kind} {finding.candidate.url} ({finding.why()})")
    if len(unused) > MOST_UNUSED:
        yield comment(f"- and {len(unused) - MOST_UNUSED} more")
    yield ""


def pattern_lines(proposal: Proposal) -> Iterator[str]:
    """Which addresses are articles, and where their ids are."""
    pattern = proposal.pattern
    if pattern is None:
        yield unset(
            "include", "['^https://...$']", "the listed links share no shape that is sure, so none is asked for"
        )
        return
    yield said("include", listed([pattern.include]), f"{pattern.told_by}; another one ends as excluded_url")
    if pattern.cms_id is not None:
        yield said("cms_id", quoted(pattern.cms_id), "the number is the post's id: the article stays the same")


def title_lines(proposal: Proposal) -> Iterator[str]:
    """What the site adds to its headlines."""
    if proposal.title_suffix is not None:
        yield ""
        yield "[title]"
        yield said("suffixes", listed([proposal.title_suffix.value]), proposal.title_suffix.told_by)


def said(key: str, value: str, told_by: str = "") -> str:
    """One key with its comment, beside it or above it."""
    line = f"{key} = {value}"
    if not told_by:
        return line
    one_line = f"{line}  {comment(told_by)}"
    return one_line if len(one_line) <= LONGEST_LINE_CHARS else f"{comment(told_by)}\n{line}"


def unset(key: str, value: str, told_by: str) -> str:
    """A key that is not set, to be filled in."""
    return f"# {key} = {value}  {comment(told_by)}"


def comment(text: str) -> str:
    """A comment of one line, whatever a page put into it."""
    return f"# {without_controls(text)}"


def listed(values: Sequence[str]) -> str:
    """Strings as a TOML array on one line."""
    return f"[{', '.join(map(quoted, values))}]"


def quoted(value: str) -> str:
    """A string as TOML: literal where it holds backslashes and can be, else with escapes."""
    is_literal = "\\" in value and "'" not in value and value.isprintable()
    return tomlkit.string(str(value), literal=is_literal).as_string()
