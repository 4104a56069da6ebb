"""``wirewatch outlets add`` on the sample outlets: what it finds, shows and writes."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from terminal import Terminal
from workbench import Workbench

from extractors.outlets import Outlet, load_outlet
from flows.runs.pipeline import Request, ingest
from flows.settings import open_workspace
from flows.shown.progress import SilentReporter, printable
from newsroom import expected_articles
from warehouse.query import run_query


def places(bench: Workbench) -> tuple[str | Path, ...]:
    """The options that point a command at a workbench."""
    return ("--config", bench.workspace.config, "--home", bench.workspace.home)


def add(terminal: Terminal, bench: Workbench, url: str, *options: str) -> tuple[int, dict[str, Any]]:
    """Exit code and summary of ``outlets add URL --id harbor_post``."""
    code = terminal.run("outlets", "add", url, "--id", "harbor_post", "--json", *options, *places(bench))
    return code, json.loads(terminal.out)


def written(bench: Workbench) -> Path:
    """The file that ``add`` writes."""
    return bench.workspace.config / "outlets" / "harbor_post.toml"


def kinds(outlet: Outlet) -> list[str]:
    """Kinds of an outlet's sources, in their order."""
    return [str(source.kind) for source in outlet.sources]


def test_a_wordpress_site_is_added_and_loads_what_it_previewed(terminal: Terminal, new_bench: Workbench) -> None:
    """REST and feed are found, addresses and ids told apart; the file loads, and a run with it brings the articles."""
    code, summary = add(terminal, new_bench, new_bench.newsroom.observatory_url + "/en/")
    assert code == 0
    outlet = load_outlet(written(new_bench))
    origin = new_bench.newsroom.observatory_url
    assert kinds(outlet) == ["wordpress", "feed"]
    assert outlet.name == "The Qadrian Observatory for Human Rights"
    assert outlet.homepage == f"{origin}/en/"
    assert outlet.languages == ("en",)
    assert outlet.accepts_url(f"{origin}/en/41388/")
    assert not outlet.accepts_url(f"{origin}/en/category/press/")
    assert outlet.urls.cms_id is not None
    assert outlet.title.suffixes == (" • The Qadrian Observatory for Human Rights",)
    assert not new_bench.workspace.home.exists()

    workspace = open_workspace(new_bench.workspace.config, new_bench.workspace.home)
    report = asyncio.run(ingest(workspace, Request(outlet_ids=("harbor_post",)), SilentReporter()))
    assert not report.has_failed
    rows = run_query(new_bench.workspace.home, "SELECT canonical_url, title FROM articles").to_pylist()
    loaded = {row["canonical_url"].removeprefix(origin): row["title"] for row in rows}
    assert set(loaded) == {each.path for each in expected_articles("morning", "sample_observatory_en")}
    assert summary["preview"]
    assert all(loaded[each["url"].removeprefix(origin)] == each["title"] for each in summary["preview"])


def test_a_newspaper_with_sitemaps_gets_the_best_of_each_kind(terminal: Terminal, bench: Workbench) -> None:
    """The news sitemap before the feed, the sitemap of everything last; a page that is forbidden says so."""
    code, summary = add(terminal, bench, bench.newsroom.gazette_url)
    outlet = load_outlet(written(bench))
    assert code == 0
    assert kinds(outlet) == ["news_sitemap", "feed", "sitemap"]
    assert outlet.title.suffixes == (" | The Levantine Gazette",)
    reasons = [each["reason"] for each in summary["preview"]]
    assert len(reasons) == 10
    assert set(reasons) == {None, "robots_disallowed"}
    assert [each["why"] for each in summary["sources"] if each["kind"] == "feed"] == [
        "16 links, 16 with a time, the newest of 2026-03-29, 1 of other sites"
    ]


def test_the_preview_shows_articles_as_they_would_be_loaded(terminal: Terminal, bench: Workbench) -> None:
    """Time, number of words, headline, authors and first words; ``--dry-run`` prints the file and writes none."""
    assert terminal.run("outlets", "add", bench.newsroom.gazette_url, "--id", "post", "--dry-run", *places(bench)) == 0
    assert not (bench.workspace.config / "outlets" / "post.toml").exists()
    assert 'kind = "news_sitemap"' in terminal.out
    lines = [line.strip() for line in terminal.out.splitlines()]
    (row,) = [
        i for i, line in enumerate(lines) if line.endswith("170  A school on wheels comes to the camps of Kizilova")
    ]
    assert lines[row].startswith("2026-03-29 07:10")
    assert lines[row + 1] == "Mariam Qassis"
    assert lines[row + 2].startswith("The bus from Beyler carried commuters")
    assert "9 of 10 pages gave an article. Nothing was written." in terminal.out
    table = terminal.out.partition("\n   kind")[2].partition("\n#")[0]
    assert max(map(len, table.splitlines())) <= 80


@pytest.mark.parametrize("page", ["/en/41388/", "/en/feed/"])
def test_any_page_or_feed_of_the_site_leads_to_its_home(terminal: Terminal, bench: Workbench, page: str) -> None:
    """Whoever pastes an article's or a feed's address gets the outlet."""
    if page == "/en/feed/":
        bench.newsroom.misbehave("observatory", "/en/wp-json/.*", "http_403")
    code, _ = add(terminal, bench, bench.newsroom.observatory_url + page)
    outlet = load_outlet(written(bench))
    assert code == 0
    assert outlet.homepage == bench.newsroom.observatory_url + "/en/"
    assert outlet.accepts_url(bench.newsroom.observatory_url + "/en/41388/")


def test_a_feed_that_is_gone_is_said_and_the_usual_addresses_are_tried(terminal: Terminal, bench: Workbench) -> None:
    """A 404 behind ``rel=alternate`` is one of the things tried; the working feed is found by its usual address."""
    bench.newsroom.misbehave("gazette", "/rss", "http_404")
    code, summary = add(terminal, bench, bench.newsroom.gazette_url)
    assert code == 0
    sources = {each["kind"]: each for each in summary["sources"]}
    assert sources["feed"]["url"].endswith("/rss.xml")
    assert sources["feed"]["found_by"] == "a usual address"
    assert [each["why"] for each in summary["others"] if each["url"].endswith("/rss")] == ["http_404: 404 Not Found"]


def test_a_feed_of_other_sites_is_no_source(terminal: Terminal, bench: Workbench) -> None:
    """A feed most of whose links lead elsewhere is ranked out, and what it lists is not fetched."""
    bench.newsroom.misbehave("gazette", "/rss(?:.xml)?", "foreign_adverts")
    code, summary = add(terminal, bench, bench.newsroom.gazette_url)
    assert code == 0
    assert "feed" not in {each["kind"] for each in summary["sources"]}
    assert "lists another site: 21 of 37 links" in {each["why"] for each in summary["others"]}


def test_a_site_without_feed_and_sitemap_gets_its_home_page_as_a_section(terminal: Terminal, bench: Workbench) -> None:
    """The last resort: links of the home page that look like articles, told apart by their shape."""
    paths = "/(?:rss|feed|atom|index|feeds|sitemap|news-sitemap|sitemap_index|wp-sitemap|sitemap-news).*"
    bench.newsroom.misbehave("gazette", paths, "http_404")
    code, _ = add(terminal, bench, bench.newsroom.gazette_url)
    outlet = load_outlet(written(bench))
    assert code == 0
    assert kinds(outlet) == ["section"]
    assert outlet.accepts_url(bench.newsroom.gazette_url + "/news/strike-on-market-in-tel-hamra-kills-six")
    assert not outlet.accepts_url(bench.newsroom.gazette_url + "/subscribe")


@pytest.mark.parametrize(
    ("behavior", "path", "reason"),
    [("challenge", ".*", "challenge"), ("http_403", ".*", "http_403"), ("html_as_feed", "/(?!robots).*", "not_html")],
)
def test_nothing_found_is_exit_code_1_with_all_that_was_tried(
    terminal: Terminal, bench: Workbench, behavior: str, path: str, reason: str
) -> None:
    """Each thing tried is there with its reason, and no file is written; a challenge ends the search early."""
    bench.newsroom.misbehave("gazette", path, behavior)
    url = bench.newsroom.gazette_url + "/"
    assert terminal.run("outlets", "add", url, "--id", "harbor_post", *places(bench)) == 1
    assert f"{url}: {reason}" in terminal.out
    assert "No source of" in terminal.out
    assert not written(bench).exists()
    if behavior == "challenge":
        assert len(bench.newsroom.requests) < 8


def test_a_site_whose_robots_forbid_everything_is_not_asked(terminal: Terminal, bench: Workbench) -> None:
    """Only robots.txt is asked for, and the reason stands at each thing that was not."""
    bench.newsroom.misbehave("gazette", "/robots.txt", "robots_of_nobody")
    code, summary = add(terminal, bench, bench.newsroom.gazette_url)
    assert code == 1
    assert {request.path for request in bench.newsroom.requests} == {"/robots.txt"}
    assert {each["reason"] for each in summary["others"]} == {"robots_disallowed"}
    assert summary["sources"] == []


def test_pages_that_give_no_article_are_shown_with_their_reasons(terminal: Terminal, bench: Workbench) -> None:
    """The file is written, since its sources work; exit code 1 and a hint say what is missing."""
    bench.newsroom.misbehave("observatory", r"/en/\d+/", "consent_wall")
    code, summary = add(terminal, bench, bench.newsroom.observatory_url + "/en/")
    assert code == 1
    assert {each["reason"] for each in summary["preview"]} == {"consent_wall"}
    assert summary["is_written"] is True
    assert load_outlet(written(bench)).title.suffixes == ()


def test_no_file_is_ever_replaced(terminal: Terminal, bench: Workbench) -> None:
    """A taken id and a known home page are wrong calls, told before anything is asked."""
    path = bench.workspace.config / "outlets" / "sample_gazette.toml"
    before = path.read_bytes()
    for words in (("--id", "sample_gazette"), ()):
        assert terminal.run("outlets", "add", bench.newsroom.gazette_url, *words, *places(bench)) == 2
        assert "sample_gazette" in terminal.err
    assert path.read_bytes() == before
    assert bench.newsroom.requests == ()


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("www.example.org", "did you mean https://www.example.org?"),
        ("ftp://example.org/", "give the address of the home page"),
        ("https://user:secret@example.org/", "holds credentials"),
        ("https://[x/", "give the address of the home page"),
        ("newspaper", "give the address of the home page"),
    ],
)
def test_a_bad_url_is_exit_code_2_with_advice(terminal: Terminal, bench: Workbench, url: str, advice: str) -> None:
    """One line, no traceback."""
    assert terminal.run("outlets", "add", url, *places(bench)) == 2
    assert advice in terminal.err
    assert len(terminal.err.splitlines()) == 1


def test_a_site_inside_the_operators_network_is_refused(terminal: Terminal, bench: Workbench) -> None:
    """The address guard holds for this command too; one line says so."""
    assert terminal.run("outlets", "add", "http://127.0.0.1:1/", *places(bench)) == 1
    assert "private_address" in terminal.err
    assert "Traceback" not in terminal.err


def test_an_address_that_leads_to_another_site_is_followed_once(terminal: Terminal, bench: Workbench) -> None:
    """The other site is searched under the same guard, and the line before it says where the address led."""
    bench.newsroom.misbehave("gazette", "/", "redirect_to_closed_port")
    assert terminal.run("outlets", "add", bench.newsroom.gazette_url, "--id", "harbor_post", *places(bench)) == 1
    assert "leads to https://127.0.0.1:1/" in terminal.out
    assert "private_address at https://127.0.0.1:1/" in terminal.err


@pytest.mark.parametrize(("answer", "is_written"), [("y", True), ("n", False)])
def test_a_person_is_asked_before_the_file_is_written(
    terminal: Terminal, bench: Workbench, monkeypatch: pytest.MonkeyPatch, answer: str, is_written: bool
) -> None:
    """On a terminal, after the preview; nothing else asks."""

    class Keyboard(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(sys, "stdin", Keyboard(f"{answer}\n"))
    code = terminal.run("outlets", "add", bench.newsroom.gazette_url, "--id", "harbor_post", *places(bench))
    assert code == 0
    assert "harbor_post.toml?" in terminal.out
    assert written(bench).exists() is is_written
    assert ("Nothing was written." in terminal.out) is not is_written


def test_a_hostile_name_steers_neither_file_nor_terminal(terminal: Terminal, bench: Workbench) -> None:
    """Escape sequences, quotes and line breaks of a page stay inside their string."""
    bench.newsroom.misbehave("gazette", "/", "hostile_name")
    code = terminal.run("outlets", "add", bench.newsroom.gazette_url, "--id", "harbor_post", *places(bench))
    assert code == 0
    assert "\x1b" not in terminal.out
    outlet = load_outlet(written(bench))
    assert outlet.name == "Post\" [urls] 'x' = 1 [31m[31m red eman"
    assert outlet.urls.hosts == (bench.newsroom.gazette_url.removeprefix("http://"),)


def test_printable_drops_what_turns_text_around() -> None:
    """Overrides of the writing direction go; right-to-left text stays as it is."""
    assert printable("\u202eevil\u202c العربية\u2066\x1b[2J") == "evil العربية[2J"
