"""``wirewatch outlets check`` on the sample outlets: what works, what does not, and that nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from terminal import Terminal
from workbench import Workbench


def places(bench: Workbench) -> tuple[str | Path, ...]:
    """The options that point a command at a workbench."""
    return ("--config", bench.workspace.config, "--home", bench.workspace.home)


def check(terminal: Terminal, bench: Workbench, outlet_id: str) -> tuple[int, dict[str, Any]]:
    """Exit code and summary of ``outlets check OUTLET``."""
    code = terminal.run("outlets", "check", outlet_id, "--json", *places(bench))
    return code, json.loads(terminal.out)


def change(bench: Workbench, outlet_id: str, before: str, after: str) -> None:
    """Change an outlet's file."""
    path = bench.workspace.config / "outlets" / f"{outlet_id}.toml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_every_source_is_asked_and_nothing_is_written(terminal: Terminal, new_bench: Workbench) -> None:
    """The second source is asked although the first works; shared pages are read once; there is no home afterwards."""
    code, found = check(terminal, new_bench, "sample_observatory_en")
    assert code == 0
    assert [(each["source_id"].split(":")[0], each["reason"]) for each in found["sources"]] == [
        ("wordpress", "polled"),
        ("feed", "polled"),
    ]
    assert [each["conditional"] for each in found["sources"]] == ["by date", "304"]
    assert [(each["articles"], each["pages"]) for each in found["sources"]] == [(3, 3), (3, 3)]
    assert len(found["pages"]) == 3
    assert {page["read_by"] for page in found["pages"]} == {"layout[0]"}
    assert found["layouts"] == [{"fits": 3, "tried": 3, "silent_rules": {}}]
    assert found["filled"]["title"] == found["filled"]["published_at"] == found["filled"]["text"] == 3
    assert found["problems"] == []
    assert not new_bench.workspace.home.exists()


def test_the_table_counts_what_is_not_the_outlets(terminal: Terminal, bench: Workbench) -> None:
    """Items, own links, adverts of others and excluded addresses, in 80 columns; a forbidden page with its reason."""
    assert terminal.run("outlets", "check", "sample_gazette", *places(bench)) == 0
    (row,) = [line.split() for line in terminal.out.splitlines() if line.startswith("1  polled")]
    assert row == ["1", "polled", "17", "15", "1", "1", "2026-03-29", "304", "2/3"]
    assert "robots_disallowed" in terminal.out
    assert "layout[0] fits 2 of 2 pages." in terminal.out
    assert "2 of 2 sources work, 2 of 3 pages gave an article." in terminal.out
    assert max(map(len, terminal.out.splitlines())) <= 80


def test_a_layout_that_fits_nothing_is_told(terminal: Terminal, bench: Workbench) -> None:
    """The general rules read the pages meanwhile, so the exit code stays 0; a silent rule is told as well."""
    before = "body = \"//div[@class='entry-content']\""
    change(bench, "sample_observatory_en", before, "body = \"//div[@class='of-last-year']\"")
    code, found = check(terminal, bench, "sample_observatory_en")
    assert code == 0
    assert found["problems"] == ["layout[0] fits none of 3 pages: //div[@class='of-last-year']"]
    assert {page["read_by"] for page in found["pages"]} == {"general rules"}


def test_a_layout_of_old_pages_is_no_problem(terminal: Terminal, bench: Workbench) -> None:
    """It is tried and counted, and nobody expects it to fit."""
    old = "[[layouts]]\nvalid_until = 2020-01-01\nbody = \"//div[@class='of-old']\"\n\n[title]"
    change(bench, "sample_observatory_en", "[title]", old)
    _, found = check(terminal, bench, "sample_observatory_en")
    assert [each["fits"] for each in found["layouts"]] == [3, 0]
    assert found["problems"] == []


def test_a_rule_that_finds_nothing_is_told(terminal: Terminal, bench: Workbench) -> None:
    """One rule of a layout can break while its body still fits."""
    change(bench, "sample_observatory_en", "//a[@class='entry-category']", "//a[@class='rubric']")
    _, found = check(terminal, bench, "sample_observatory_en")
    assert found["problems"] == ["layout[0].section finds nothing on any page that it fits"]


@pytest.mark.parametrize(
    ("behavior", "path", "ended"),
    [("http_403", "/rss", "http_403"), ("html_as_feed", "/rss", "not_a_feed"), ("empty_feed", "/rss", "polled")],
)
def test_a_source_that_fails_does_not_hide_the_other(
    terminal: Terminal, bench: Workbench, behavior: str, path: str, ended: str
) -> None:
    """Its row says how it ended, and the other one's pages are read."""
    bench.newsroom.misbehave("gazette", path, behavior)
    code, found = check(terminal, bench, "sample_gazette")
    assert code == 0
    first, second = found["sources"]
    assert (first["reason"], first["is_working"]) == (ended, False)
    assert (second["reason"], second["is_working"], second["articles"]) == ("polled", True, 2)


@pytest.mark.parametrize(
    ("path", "behavior", "pages"), [("/rss.*", "http_404", 0), ("/(?:news|features|opinion)/.*", "consent_wall", 3)]
)
def test_exit_code_1_when_nothing_can_be_loaded(
    terminal: Terminal, bench: Workbench, path: str, behavior: str, pages: int
) -> None:
    """No source works, or no page gives an article; the reasons are there."""
    bench.newsroom.misbehave("gazette", path, behavior)
    code, found = check(terminal, bench, "sample_gazette")
    assert code == 1
    assert found["is_good"] is False
    assert len(found["pages"]) == pages
    assert not any("title" in page for page in found["pages"])


def test_a_server_without_conditional_requests_is_told(terminal: Terminal, bench: Workbench) -> None:
    """A section page of the Gazette is made anew each time, and its answer has no validators."""
    url = bench.newsroom.gazette_url
    sources = f'[[sources]]\nkind = "section"\nurl = "{url}/news"\n\n[urls]'
    change(bench, "sample_gazette", "[urls]", sources)
    _, found = check(terminal, bench, "sample_gazette")
    assert [each["conditional"] for each in found["sources"]] == ["304", "304", "no validators"]


def test_an_outlet_that_does_not_verify_certificates_says_so(terminal: Terminal, bench: Workbench) -> None:
    """The switch is easily forgotten, so each check shows it."""
    change(bench, "sample_gazette", "[title]", "[fetch]\nverify_tls = false\n\n[title]")
    code, found = check(terminal, bench, "sample_gazette")
    assert code == 0
    assert found["is_tls_verified"] is False
    assert found["problems"] == ["TLS certificates are not verified"]


def test_an_unknown_outlet_is_exit_code_2(terminal: Terminal, bench: Workbench) -> None:
    """With the nearest one that is configured."""
    assert terminal.run("outlets", "check", "sample_gazete", *places(bench)) == 2
    assert "did you mean 'sample_gazette'?" in terminal.err
