"""Every named bad behavior of the newsroom, met by the whole pipeline over real HTTP.

All of them are met in one run, each on a page or in a source of its own, with the well-behaved outlets beside them.
"""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from workbench import Workbench, make_workbench

from flows.runs.report import RunReport
from flows.settings import open_workspace
from newsroom import Edition, RunningNewsroom, behavior_names, expected_articles, running_newsroom
from newsroom.misbehaviors.encodings import bomb

MORNING = expected_articles(Edition.MORNING)
ENGLISH = next(e for e in MORNING if e.outlet_id == "sample_gazette" and e.path.startswith("/news/"))
ARABIC = next(e for e in MORNING if e.outlet_id == "sample_observatory_ar")
LISTED = [e.path for e in MORNING if e.outlet_id == "sample_gazette"][:3]
POSTED = [e.path for e in MORNING if e.outlet_id == "sample_observatory_en"][:3]
BODY_LIMIT_BYTES = 8_000_000
ARTICLE = "loaded"


PAGES = {
    # statuses
    "http_401": "http_401",
    "http_403": "http_403",
    "http_404": "http_404",
    "http_408": "timeout",
    "http_410": "http_410",
    "http_418": "http_4xx",
    "http_451": "http_4xx",
    "http_500": "http_5xx",
    "http_502": "http_5xx",
    "http_503": "http_5xx",
    "http_999": "http_5xx",
    "challenge": "challenge",
    "retry_garbage": "http_5xx",
    "partial_content": "protocol_error",
    "lying_304": "protocol_error",
    # redirects
    "redirect_loop": "too_many_redirects",
    "redirect_chain": "too_many_redirects",
    "cookies_required": "too_many_redirects",
    "redirect_to_private": "foreign_host",
    "redirect_to_foreign": "foreign_host",
    "redirect_to_closed_port": "foreign_host",
    "redirect_to_mapped": "foreign_host",
    "redirect_to_number": "foreign_host",
    "redirect_to_file": "bad_url",
    "redirect_to_ftp": "bad_url",
    "redirect_to_data": "bad_url",
    "redirect_to_script": "bad_url",
    "redirect_to_garbage": "bad_url",
    "redirect_to_bad_port": "bad_url",
    "redirect_to_long": "bad_url",
    "redirect_home": "redirected_home",
    "redirect_to_login": "excluded_url",
    "redirect_nowhere": "protocol_error",
    "redirect_with_credentials": ARTICLE,
    "meta_refresh": "empty",
    # transport
    "slow_body": "timeout",
    "stalled": "timeout",
    "silent": "timeout",
    "endless_headers": "timeout",
    "endless_hints": "timeout",
    "truncated": "truncated_body",
    "chunked_cut": "truncated_body",
    "chunked_garbage": "truncated_body",
    "reset": "truncated_body",
    "chunked_trailers": ARTICLE,
    "not_http": "protocol_error",
    "hung_up": "protocol_error",
    "header_bomb": "protocol_error",
    "two_lengths": "protocol_error",
    "header_flood": "protocol_error",
    "longer_than_length": ARTICLE,
    "endless_body": "too_large",
    "huge_length": "too_large",
    "empty_body": "empty",
    # encodings
    "gzip_bomb": "too_large",
    "bomb_in_bomb": "too_large",
    "broken_gzip": "truncated_body",
    "unknown_encoding": "bad_encoding",
    "many_members": "bad_encoding",
    "many_layers": "bad_encoding",
    "gzip_claimed": "bad_encoding",
    "gzip_unclaimed": "not_html",
    "two_layers": ARTICLE,
    "raw_deflate": ARTICLE,
    "gzip_members": ARTICLE,
    "empty_gzip": "empty",
    "unknown_charset": ARTICLE,
    "utf_16": ARTICLE,
    "nul_bytes": ARTICLE,
    # pages
    "not_html": "not_html",
    "json_as_page": "not_html",
    "picture": "not_html",
    "consent_wall": "consent_wall",
    "soft_404": "soft_404",
    "script_only": "script_only",
    "login_page": "paywall_stub",
    "quiet_challenge": "challenge",
    "cookie_page": "challenge",
    "front_page": "listing_page",
    "untyped": ARTICLE,
    "deep_page": "empty",
    "tag_flood": "too_large",
    "attribute_flood": ARTICLE,
    "doctype_bomb": ARTICLE,
    "hostile_json_ld": ARTICLE,
    "surrogates_in_json_ld": ARTICLE,
    "dates_of_2082": ARTICLE,
    "impossible_dates": ARTICLE,
    "garbage_links": ARTICLE,
    "canonical_elsewhere": ARTICLE,
    "long_words": ARTICLE,
    "hostile_name": ARTICLE,
}
"""What becomes of an English page that behaves so: the reason, or the right article."""

ARABIC_PAGES = {
    "windows_1256": ARTICLE,
    "missing_charset": ARTICLE,
    "wrong_charset": ARTICLE,
    "codec_charset": ARTICLE,
    "utf_16": ARTICLE,
    "nul_bytes": ARTICLE,
}

FEEDS = {
    "http_503": "http_5xx",
    "html_as_feed": "not_a_feed",
    "login_page": "not_a_feed",
    "quiet_challenge": "not_a_feed",
    "json_as_feed": "not_a_feed",
    "picture_as_feed": "not_a_feed",
    "packed_feed": "not_a_feed",
    "empty_body": "not_a_feed",
    "gzip_unclaimed": "not_a_feed",
    "gzip_bomb": "too_large",
    "deep_json_feed": "feed_parse_error",
    "lying_304": "protocol_error",
    "redirect_to_private": "foreign_host",
    "broken_xml": "polled",
    "empty_feed": "polled",
    "billion_laughs": "polled",
    "quadratic_laughs": "polled",
    "external_entity": "polled",
    "deep_feed": "polled",
    "blank_lines": "polled",
    "blank_prologue": "polled",
    "ten_thousand_items": "polled",
    "same_item": "polled",
    "same_guids": "polled",
    "changing_addresses": "polled",
    "endless_feed": "polled",
    "attributes_without_end": "polled",
    "bases_without_end": "polled",
    "foreign_adverts": "polled",
    "strange_links": "polled",
    "feed_dates_of_2082": "polled",
    "surrogates_in_feed": "polled",
    "utf_16": "polled",
}
"""How the poll of a feed that behaves so ends. The outlet's articles are loaded all the same: where the feed does not
list them, from the next source."""

LISTING_PAGES = 6
LISTED_BEFORE = {"ten_thousand_items": ("excluded_url", 10_000), "foreign_adverts": ("foreign_host", 20)}

LISTINGS = {
    "endless_index": "polled",
    "index_of_itself": "polled",
    "index_of_thousands": "polled",
    "deep_sitemap": "feed_parse_error",
    "laughing_sitemap": "feed_parse_error",
    "hub_of_itself": "polled",
    "endless_hub": "polled",
}
"""How the poll of a sitemap or a section that behaves so ends."""

RESTS = {
    "http_403": "http_403",
    "challenge": "challenge",
    "rest_error": "not_a_feed",
    "rest_html": "not_a_feed",
    "rest_cut": "not_a_feed",
    "rest_deep": "not_a_feed",
    "rest_huge": "too_large",
    "rest_endless": "polled",
    "rest_empty_pages": "not_a_feed",
    "rest_link_bomb": "polled",
    "rest_surrogates": "polled",
    "rest_dates_of_2082": "polled",
}

HOSTS = (
    ("http_500", "/robots.txt", "robots_unreachable"),
    ("silent", "/robots.txt", "robots_unreachable"),
    ("reset", "/robots.txt", "robots_unreachable"),
    ("redirect_to_private", "/robots.txt", "robots_unreachable"),
    ("redirect_to_file", "/robots.txt", "robots_unreachable"),
    ("redirect_chain", "/robots.txt", "polled"),
    ("soft_404", "/robots.txt", "polled"),
    ("http_403", "/robots.txt", "polled"),
    ("huge_robots", "/robots.txt", "polled"),
    ("robots_of_stars", "/robots.txt", "polled"),
    ("robots_of_bytes", "/robots.txt", "polled"),
    ("robots_bomb", "/robots.txt", "polled"),
    ("robots_of_nobody", "/robots.txt", "robots_disallowed"),
    ("http_429", "/rss.*", "http_429"),
    ("http_429_date", "/rss.*", "http_429"),
    ("retry_next_month", "/rss.*", "http_5xx"),
    ("captcha", "/rss.*", "challenge"),
    ("waf_accepted", "/rss.*", "challenge"),
)
"""What a whole host does, and how the poll of its outlet ends."""


@pytest.fixture(scope="module")
def met() -> dict[str, Any]:
    """The report of the one run that meets everything."""
    return {}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, met: dict[str, Any]) -> Iterator[Workbench]:
    """A home after one run over the well-behaved and every hostile outlet."""
    with running_newsroom() as newsroom:
        bench = make_hostile_workbench(newsroom, tmp_path_factory.mktemp("hostile"))
        met["report"] = bench.ingest()
        yield bench


def make_hostile_workbench(newsroom: RunningNewsroom, folder: Path) -> Workbench:
    """The sample outlets, two outlets whose every page misbehaves, and one for each bad source."""
    make_workbench(newsroom, folder)
    config = folder / "config"
    settings = config / "wirewatch.toml"
    limits = f"attempts = 2\nretry_after_cap_seconds = 0.5\nmax_body_bytes = {BODY_LIMIT_BYTES}\n"
    settings.write_text(settings.read_text(encoding="utf-8") + limits, encoding="utf-8")
    outlets = config / "outlets"
    for behavior in PAGES:
        newsroom.misbehave("gazette", english_path(behavior), behavior, like=ENGLISH.path)
    for behavior in ARABIC_PAGES:
        newsroom.misbehave("observatory", arabic_path(behavior), behavior, like=ARABIC.path)
    urls = [newsroom.gazette_url + english_path(behavior) for behavior in PAGES]
    write_outlet(
        outlets, "sample_gazette", "hostile_pages", [{"kind": "urls", "urls": urls}], include=["/news/hostile-"]
    )
    urls = [newsroom.observatory_url + arabic_path(behavior) for behavior in ARABIC_PAGES]
    write_outlet(outlets, "sample_observatory_ar", "hostile_arabic", [{"kind": "urls", "urls": urls}])
    for behavior in FEEDS:
        newsroom.misbehave("gazette", f"/rss?case={behavior}", behavior)
    for outlet_id, behaviors in outlets_of("feed", FEEDS).items():
        sources = [{"kind": "feed", "url": f"{newsroom.gazette_url}/rss?case={behavior}"} for behavior in behaviors]
        last = {"kind": "feed", "url": f"{newsroom.gazette_url}/rss.xml?of={outlet_id}"}
        write_outlet(outlets, "sample_gazette", outlet_id, [*sources, last], include=LISTED)
    for behavior in LISTINGS:
        path = "/latest" if "hub" in behavior else "/sitemap.xml"
        newsroom.misbehave("gazette", rf"{path}\?case={behavior}\b.*", behavior)
        outlet_id = f"listing_{behavior}"
        source = {"kind": "sitemap", "url": f"{newsroom.gazette_url}{path}?case={behavior}", "max_pages": LISTING_PAGES}
        pager = {"kind": "section", "next_page": "//nav[@class='pager']/a"} if "hub" in behavior else {}
        last = {"kind": "feed", "url": f"{newsroom.gazette_url}/rss.xml?of={outlet_id}"}
        write_outlet(outlets, "sample_gazette", outlet_id, [{**source, **pager}, last], include=LISTED)
    for behavior in RESTS:
        newsroom.misbehave("observatory", rf".*wp-json.*case={behavior}\b.*", behavior)
    for outlet_id, behaviors in outlets_of("rest", RESTS).items():
        root = f"{newsroom.observatory_url}/en/wp-json/wp/v2/posts"
        sources = [{"kind": "wordpress", "url": f"{root}?case={behavior}"} for behavior in behaviors]
        last = {"kind": "feed", "url": f"{newsroom.observatory_url}/en/feed/?of={outlet_id}"}
        write_outlet(outlets, "sample_observatory_en", outlet_id, [*sources, last], include=POSTED)
    return Workbench(newsroom, open_workspace(config, folder / "home"))


def outlet_of(kind: str, behavior: str, reason: str) -> str:
    """The outlet whose source behaves so: one of its own where the source answers, else the one for all that fail."""
    return f"{kind}_{behavior}" if reason == "polled" else f"{kind}_failing"


def outlets_of(kind: str, table: dict[str, str]) -> dict[str, list[str]]:
    """Outlets with the behaviors of their sources, in the order in which these are asked."""
    outlets: dict[str, list[str]] = {}
    for behavior, reason in table.items():
        outlets.setdefault(outlet_of(kind, behavior, reason), []).append(behavior)
    return outlets


def write_outlet(
    folder: Path, like: str, outlet_id: str, sources: list[dict[str, Any]], *, include: list[str] | None = None
) -> None:
    """A copy of a sample outlet with other sources, whose articles may be narrowed to a few paths."""
    text = (folder / f"{like}.toml").read_text(encoding="utf-8")
    text = re.sub(r"\[\[sources\]\].*?(?=\[urls\])", lambda _: toml_of(sources), text, count=1, flags=re.DOTALL)
    text = re.sub(r"\[expect\].*?(?=\n\[|\Z)", "", text, flags=re.DOTALL)
    if include is not None:
        patterns = ", ".join(f"'{re.escape(path)}'" for path in include)
        text = re.sub(r"(?m)^include = \[.*\].*$", lambda _: f"include = [{patterns}]", text)
    (folder / f"{outlet_id}.toml").write_text(text, encoding="utf-8")


def toml_of(sources: list[dict[str, Any]]) -> str:
    """Tables of sources; Python writes these texts and lists as TOML does."""
    tables = ("[[sources]]\n" + "".join(f"{key} = {value!r}\n" for key, value in source.items()) for source in sources)
    return "\n".join(tables) + "\n"


def english_path(behavior: str) -> str:
    """Where a page of the Gazette behaves so."""
    return f"/news/hostile-{behavior.replace('_', '-')}"


def arabic_path(behavior: str) -> str:
    """Where a page of the Observatory behaves so."""
    return f"/hostile-{behavior.replace('_', '-')}/{900_000 + list(ARABIC_PAGES).index(behavior)}/"


def became(bench: Workbench, outlet_id: str, path: str) -> tuple[str, dict[str, Any] | None, str]:
    """What became of a page: the last reason, the article where there is one, and the detail."""
    (last,) = bench.ask(
        "SELECT arg_max(reason, occurred_at) AS reason, arg_max(detail, occurred_at) AS detail FROM outcomes "
        f"WHERE outlet_id = '{outlet_id}' AND requested_url LIKE '%{path}' AND stage <> 'discover'"
    )
    articles = bench.ask(
        "SELECT a.* FROM articles AS a JOIN links AS l USING (article_id) "
        f"WHERE l.outlet_id = '{outlet_id}' AND l.requested_url LIKE '%{path}'"
    )
    return last["reason"], next(iter(articles), None), last["detail"]


@pytest.mark.parametrize(("behavior", "reason"), PAGES.items())
def test_a_page_ends_in_its_reason_or_as_the_right_article(bench: Workbench, behavior: str, reason: str) -> None:
    """Whatever a page does, what is stored is the truth about it."""
    found, article, detail = became(bench, "hostile_pages", english_path(behavior))
    assert found == reason, detail
    if reason != ARTICLE:
        assert article is None
        return
    assert article is not None
    assert article["text"] == ENGLISH.text
    assert article["title"].removeprefix("\ufffd") == ENGLISH.title
    assert urlsplit(article["canonical_url"]).path == english_path(behavior)


@pytest.mark.parametrize("behavior", ARABIC_PAGES)
def test_arabic_is_read_in_any_charset(bench: Workbench, behavior: str) -> None:
    """Declared, missing, wrong and impossible charsets give the same letters."""
    found, article, detail = became(bench, "hostile_arabic", arabic_path(behavior))
    assert found == ARTICLE, detail
    assert article is not None
    assert (article["title"], article["text"]) == (ARABIC.title, ARABIC.text)


def test_dates_that_cannot_be_are_not_stored(bench: Workbench) -> None:
    """An article of 2082 or of the ninety-ninth month is loaded, and nothing says that it is of then."""
    years = bench.column(
        "SELECT DISTINCT year(t) FROM "
        "(SELECT unnest([published_at, modified_at]) AS t FROM articles) WHERE t IS NOT NULL"
    )
    assert years == [2026]


@pytest.mark.parametrize(("behavior", "reason"), FEEDS.items())
def test_a_feed_ends_in_its_reason_and_its_articles_are_loaded(bench: Workbench, behavior: str, reason: str) -> None:
    """A bad feed is called what it is; what it lists all the same, or what the next source lists, is loaded."""
    outlet_id = outlet_of("feed", behavior, reason)
    polls = bench.ask(f"FROM polls WHERE outlet_id = '{outlet_id}' AND source_id LIKE '%/rss?case={behavior}'")
    assert [poll["reason"] for poll in polls] == [reason], polls
    paths = bench.column(f"SELECT canonical_url FROM articles WHERE outlet_id = '{outlet_id}'")
    assert sorted(urlsplit(url).path for url in paths) == sorted(LISTED)


@pytest.mark.parametrize(("behavior", "reason"), LISTINGS.items())
def test_a_listing_ends_in_its_reason_and_within_its_pages(bench: Workbench, behavior: str, reason: str) -> None:
    """Circles are seen, endless ones are left after ``max_pages``, and the articles are loaded once."""
    outlet_id = f"listing_{behavior}"
    polls = bench.ask(f"FROM polls WHERE outlet_id = '{outlet_id}' AND source_id LIKE '%case={behavior}%'")
    assert [poll["reason"] for poll in polls] == [reason], polls
    paths = bench.column(f"SELECT canonical_url FROM articles WHERE outlet_id = '{outlet_id}'")
    assert sorted(urlsplit(url).path for url in paths) == sorted(LISTED)
    asked = [each.path for each in bench.newsroom.requests if f"case={behavior}" in each.path]
    assert 1 <= len(asked) <= LISTING_PAGES


@pytest.mark.parametrize(("behavior", "reason"), RESTS.items())
def test_a_rest_endpoint_ends_in_its_reason_and_its_articles_are_loaded(
    bench: Workbench, behavior: str, reason: str
) -> None:
    """A bad endpoint is called what it is; what it lists all the same, or what the feed lists, is loaded."""
    outlet_id = outlet_of("rest", behavior, reason)
    polls = bench.ask(f"FROM polls WHERE outlet_id = '{outlet_id}' AND source_id LIKE '%/posts?case={behavior}'")
    assert [poll["reason"] for poll in polls] == [reason], polls
    loaded = bench.column(f"SELECT canonical_url FROM articles WHERE outlet_id = '{outlet_id}'")
    assert sorted(urlsplit(url).path for url in loaded) == sorted(POSTED)


@pytest.mark.parametrize(("behavior", "expected"), LISTED_BEFORE.items())
def test_every_entry_that_is_set_aside_is_an_outcome(
    bench: Workbench, behavior: str, expected: tuple[str, int]
) -> None:
    """However many they are."""
    rows = bench.ask(
        "SELECT reason, count(*) AS entries FROM outcomes "
        f"WHERE outlet_id = 'feed_{behavior}' AND stage = 'discover' AND reason = '{expected[0]}' GROUP BY ALL"
    )
    found = {row["reason"]: row["entries"] for row in rows}
    assert found[expected[0]] >= expected[1]


def test_links_that_are_none_are_outcomes_each(bench: Workbench) -> None:
    """No strange link is dropped without a word, and none was asked for."""
    rows = bench.ask(
        "SELECT reason, count(*) AS entries FROM outcomes "
        "WHERE outlet_id = 'feed_strange_links' AND stage = 'discover' GROUP BY ALL"
    )
    found = {row["reason"]: row["entries"] for row in rows}
    assert found["bad_url"] + found["foreign_host"] >= 10
    assert found["foreign_host"] >= 2


@pytest.mark.parametrize("outlet_id", ["sample_gazette", "sample_observatory_ar", "sample_observatory_en"])
def test_the_neighbors_are_loaded(bench: Workbench, outlet_id: str) -> None:
    """The same hosts' own outlets lose no article to what happens beside them."""
    loaded = bench.column(f"SELECT count(*) FROM articles WHERE outlet_id = '{outlet_id}'")
    assert loaded == [sum(e.outlet_id == outlet_id for e in MORNING)]


def test_no_outlet_ends_in_an_exception_and_the_books_balance(bench: Workbench, met: dict[str, Any]) -> None:
    """Every failure is an outcome; every link has one; no check is missed."""
    report: RunReport = met["report"]
    assert {outlet.outlet_id: outlet.problem for outlet in report.outlets if outlet.problem} == {}
    assert report.missed == []
    without = bench.column(
        "SELECT requested_url FROM links AS l WHERE NOT EXISTS (FROM outcomes AS o WHERE o.link_id = l.link_id)"
    )
    assert without == []


def test_every_behavior_is_met() -> None:
    """The tables name each behavior of the newsroom, and there are at least sixty."""
    met = {*PAGES, *ARABIC_PAGES, *FEEDS, *LISTINGS, *RESTS, *(behavior for behavior, *_ in HOSTS)}
    assert set(behavior_names()) - met == set()
    assert len(met) >= 60


def test_hosts_that_misbehave_as_a_whole(tmp_path: Path) -> None:
    """Bad rules and requests to be left alone end the poll with their reason, and touch no other host."""
    with running_newsroom() as newsroom:
        make_workbench(newsroom, tmp_path)
        settings = tmp_path / "config" / "wirewatch.toml"
        quick = settings.read_text(encoding="utf-8").replace("total_timeout_seconds = 5", "total_timeout_seconds = 1")
        settings.write_text(f"{quick}attempts = 2\nretry_after_cap_seconds = 0.5\n", encoding="utf-8")
        found = []
        for behavior, path, _ in HOSTS:
            # A home for each: what a host has done is held against it by the next run.
            bench = Workbench(newsroom, open_workspace(tmp_path / "config", tmp_path / behavior / path.strip("/.*")))
            newsroom.behave()
            newsroom.misbehave("gazette", path, behavior, retry_after=30)
            report = bench.ingest("sample_gazette", "sample_observatory_ar", limit=0)
            by_id = {outlet.outlet_id: outlet for outlet in report.outlets}
            reason = by_id["sample_gazette"].sources[0][1]
            found.append((behavior, path, "polled" if reason == "not_modified" else reason))
            assert by_id["sample_gazette"].problem == ""
            assert by_id["sample_observatory_ar"].sources[0][1] == "polled", behavior
        assert found == list(HOSTS)


def test_no_body_is_held_beyond_its_bound(tmp_path: Path) -> None:
    """Bombs of hundreds of megabytes, all at once, cost a few times the limit of one body."""
    behaviors = ("gzip_bomb", "bomb_in_bomb", "endless_body", "huge_length", "many_members")
    with running_newsroom() as newsroom:
        make_workbench(newsroom, tmp_path)
        for behavior in behaviors:
            newsroom.misbehave("gazette", english_path(behavior), behavior, megabytes=400)
        urls = [newsroom.gazette_url + english_path(behavior) for behavior in behaviors]
        outlets = tmp_path / "config" / "outlets"
        write_outlet(outlets, "sample_gazette", "hostile_pages", [{"kind": "urls", "urls": urls}])
        path = outlets / "hostile_pages.toml"
        path.write_text(f"{path.read_text(encoding='utf-8')}\n[fetch]\nmax_body_bytes = 4_000_000\n", encoding="utf-8")
        bench = Workbench(newsroom, open_workspace(tmp_path / "config", tmp_path / "home"))
        bomb(400)
        tracemalloc.start()
        try:
            report = bench.ingest("hostile_pages")
            _, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert report.outlets[0].as_dict()["not_loaded"] == {"bad_encoding": 1, "too_large": 4}
    assert peak_bytes < 80_000_000
