"""Behavior of extractors.outlets, and of the outlet files that are shipped."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from extractors.errors import ConfigurationError, Reason
from extractors.normalize.urls import cms_id_of, link_problem, normalize_url
from extractors.outlets import ExpectSettings, FetchSettings, Outlet, load_outlet, load_outlets
from extractors.records import SourceKind
from extractors.toml_records import make_record, record_in

SHIPPED = Path(__file__).parents[2] / "config" / "outlets"

WHOLE: dict[str, Any] = {
    "outlet_id": "example",
    "name": "Example",
    "homepage": "https://www.example.org/",
    "country": "no",
    "languages": ["en", "ar-SY"],
    "aliases": ["Ex"],
    "timezone": "Asia/Damascus",
    "sources": [
        {"kind": "feed", "url": "https://www.example.org/feed/", "every_minutes": 15, "max_items": 50},
        {"kind": "urls", "urls": ["https://www.example.org/a"]},
        {
            "kind": "section",
            "url": "https://www.example.org/news/",
            "max_pages": 5,
            "links": "//h2/a",
            "next_page": "//a[@rel='next']",
        },
        {
            "kind": "section",
            "url": "https://www.example.org/archive/",
            "page_url": "https://www.example.org/date/{year}/{month:02}/{day:02}/page/{page}/",
        },
    ],
    "urls": {
        "hosts": ["www.example.org"],
        "include": ["/news/"],
        "exclude": ["/live/"],
        "rewrite": [{"pattern": r"\?p=(\d+)", "replace": r"\1/"}],
        "cms_id": r"/(?P<id>\d+)/",
    },
    "fetch": {
        "user_agent": "x",
        "seconds_between_requests": 5,
        "total_timeout_seconds": 30,
        "max_body_bytes": 1_000_000,
    },
    "recheck": {"after_hours": [1, 24]},
    "layouts": [
        {
            "valid_until": "2025-03-01",
            "body": "//article",
            "drop": ["//nav"],
            "title": "//h1",
            "standfirst": "//h2",
            "byline": "//address",
            "published": "//time/@datetime",
            "section": "//a[1]",
            "tags": "//a",
        }
    ],
    "title": {"suffixes": [" | Example"], "kicker_separator": " | "},
    "republication": {"source_line": "^Source: (?P<publisher>.+)$", "disclaimer": "^The views"},
    "text": {"min_chars": 0, "drop_lines": ["^x$"]},
    "expect": {"max_silence_hours": 48, "min_articles_per_day": 1, "min_fill": {"published_at": 0.95}},
    "schedule": {"cron": "*/10 6-22 * * mon-fri", "timezone": "Asia/Damascus"},
}

BAD_VALUES: list[tuple[str, Any]] = [
    ("outlet_id", None),
    ("folder", 7),
    ("name", ""),
    ("homepage", "www.example.org"),
    ("homepage", "https://user:secret@www.example.org/"),
    ("country", "NO"),
    ("country", False),
    ("languages", ["English"]),
    ("aliases", "Ex"),
    ("timezone", "Asia/Nowhere"),
    ("timezone", "../../etc/passwd"),
    ("sources", {}),
    ("sources.0.kind", "rss"),
    ("sources.0.kind", "warc"),
    ("sources.0.url", "file:///etc/passwd"),
    ("sources.0.every_minutes", 0),
    ("sources.0.max_every_minutes", 0),
    ("sources.0.max_items", 0),
    ("sources.1.urls", ["/a"]),
    ("sources.1.file", ""),
    ("sources.1.path", ""),
    ("sources.0.post_types", ["wp/v2/posts"]),
    ("sources.0.post_types", []),
    ("sources.2.max_pages", 0),
    ("sources.2.links", "//a["),
    ("sources.2.next_page", "//a["),
    ("sources.3.page_url", "/page/{page}/"),
    ("sources.3.page_url", "https://www.example.org/page/1/"),
    ("sources.3.page_url", "https://www.example.org/{page"),
    ("sources.3.page_url", "https://www.example.org/{}"),
    ("sources.3.page_url", "https://www.example.org/{year:zz}/"),
    ("sources.3.page_url", "https://www.example.org/{slug}/{page}/"),
    ("sources.3.page_url", "https://www.example.org/{year}/{day}/"),
    ("sources.3.page_url", "https://www.example.org/{page}/{month}/"),
    ("urls", []),
    ("urls.hosts", []),
    ("urls.hosts", ["https://www.example.org"]),
    ("urls.hosts", ["WWW.example.org"]),
    ("urls.include", ["("]),
    ("urls.exclude", ["["]),
    ("urls.rewrite", ["x"]),
    ("urls.rewrite.0.pattern", "("),
    ("urls.rewrite.0.replace", r"\2/"),
    ("urls.rewrite.0.replace", r"\g<id>/"),
    ("urls.cms_id", r"/(\d+)/"),
    ("fetch", 5),
    ("fetch.user_agent", 5),
    ("fetch.seconds_between_requests", -1),
    ("fetch.total_timeout_seconds", 0),
    ("fetch.max_body_bytes", 10),
    ("fetch.requests_per_day", 0),
    ("fetch.verify_tls", "never"),
    ("recheck", 5),
    ("recheck.after_hours", 5),
    ("recheck.after_hours", [6, 1]),
    ("recheck.after_hours", [1, 1]),
    ("recheck.after_hours", [0, 1]),
    ("recheck.after_hours", ["soon"]),
    ("recheck.after_hours", [1e9]),
    ("layouts", {}),
    ("layouts.0.valid_until", "soon"),
    ("layouts.0.body", "//div["),
    ("layouts.0.drop", ["//["]),
    ("layouts.0.title", "//["),
    ("layouts.0.standfirst", "//["),
    ("layouts.0.byline", "//["),
    ("layouts.0.published", "//["),
    ("layouts.0.section", "//["),
    ("layouts.0.tags", "//["),
    ("title", ""),
    ("title.suffixes", " | Example"),
    ("title.kicker_separator", 1),
    ("republication", ""),
    ("republication.source_line", "^Source: (.+)$"),
    ("republication.disclaimer", "("),
    ("text", ""),
    ("text.min_chars", -1),
    ("text.drop_lines", ["("]),
    ("expect", ""),
    ("expect.max_silence_hours", 0),
    ("expect.min_articles_per_day", -1),
    ("expect.min_fill", {"published_at": 95}),
    ("expect.min_words", 0),
    ("expect.min_language_share", {"en": 90}),
    ("expect.min_section_share", {"news": -1}),
    ("expect.history_weeks", 1),
    ("expect.min_history_days", 0),
    ("expect.recent_articles", 1),
    ("expect.min_deviation", 0),
    ("expect.min_silence_hours", 0),
    ("expect.silence_factor", 0),
    ("expect.min_volume_share", 2),
    ("expect.max_source_failure_hours", 0),
    ("expect.max_failure_share", 2),
    ("expect.max_no_article_rise", 2),
    ("expect.min_text_share", 2),
    ("expect.max_fill_drop", 2),
    ("expect.max_language_shift", 2),
    ("expect.max_section_shift", 2),
    ("expect.ignore", ["luck"]),
    ("schedule", "daily"),
    ("schedule.cron", "daily"),
    ("schedule.cron", ""),
    ("schedule.timezone", "Damascus"),
]


def changed(key: str, value: Any) -> dict[str, Any]:
    """The whole record with one value changed; ``sources.0.kind`` names a place."""
    record = copy.deepcopy(WHOLE)
    *path, last = [int(part) if part.isdigit() else part for part in key.split(".")]
    place: Any = record
    for part in path:
        place = place[part]
    place[last] = value
    return record


def keys_of(model: type[BaseModel], prefix: str = "") -> set[str]:
    """Every key of a record and of the records in it."""
    found: set[str] = set()
    for name, info in model.model_fields.items():
        found.add(prefix + name)
        inner = record_in(info.annotation)
        if inner is not None:
            found |= keys_of(inner, f"{prefix}{name}.")
    return found


def test_the_whole_file_is_read() -> None:
    """Every key arrives with its value."""
    outlet = make_record(Outlet, WHOLE, file="example.toml")
    assert outlet.country == "no"
    assert outlet.sources[0].source_id == "feed:https://www.example.org/feed/"
    assert outlet.sources[1].source_id == "urls:list"
    assert outlet.layouts[0].valid_until is not None
    assert outlet.expect.min_fill == {"published_at": 0.95}


@pytest.mark.parametrize(("key", "value"), BAD_VALUES)
def test_a_bad_value_is_refused(key: str, value: Any) -> None:
    """The error names the file and the key of every wrong value."""
    with pytest.raises(ConfigurationError) as caught:
        make_record(Outlet, changed(key, value), file="example.toml")
    assert caught.value.file == "example.toml"
    found = caught.value.key.replace("[", ".").replace("]", "")
    assert found == key or found.startswith(f"{key}."), found


def test_what_is_unusual_is_set_for_all_and_for_one() -> None:
    """An outlet's own value wins, the others are those of wirewatch.toml; promises are its own."""
    outlet = make_record(Outlet, {**WHOLE, "expect": {"min_volume_share": 0.2, "min_words": 50}}, file="x.toml")
    settings = ExpectSettings(min_volume_share=0.5, max_fill_drop=0.5, ignore=("section",))
    learned = settings.for_outlet(outlet)
    assert (learned.min_volume_share, learned.max_fill_drop, learned.ignore) == (0.2, 0.5, ("section",))
    assert outlet.expect.promises() == {
        "max_silence_hours": None,
        "min_articles_per_day": None,
        "min_fill": {},
        "min_words": 50,
        "min_language_share": {},
        "min_section_share": {},
    }


def test_every_key_has_a_bad_value_above() -> None:
    """A key that is added without a test of its check fails here."""
    tested = {".".join(part for part in key.split(".") if not part.isdigit()) for key, _ in BAD_VALUES}
    assert tested == keys_of(Outlet)


@pytest.mark.parametrize("key", ["nmae", "urls.host", "sources.0.every_minute", "layouts.0.boddy", "expect.min_fil"])
def test_an_unknown_key_is_refused(key: str) -> None:
    """A misspelt key is refused with the right one, at any depth."""
    with pytest.raises(ConfigurationError, match="is not a known key") as caught:
        make_record(Outlet, changed(key, 1), file="example.toml")
    assert "did you mean" in caught.value.advice


def test_a_kind_that_is_no_source_is_refused_by_name() -> None:
    """The message says what reads it."""
    with pytest.raises(ConfigurationError, match="`wirewatch backfill --warc`") as caught:
        make_record(Outlet, changed("sources.0.kind", SourceKind.WARC.value), file="example.toml")
    assert caught.value.key == "sources[0].kind"


@pytest.mark.parametrize(
    ("sources", "problem"),
    [
        ([{"kind": "feed"}], "needs 'url'"),
        ([{"kind": "sitemap"}], "a source of kind 'sitemap' needs 'url'"),
        ([{"kind": "urls"}], "needs 'urls', a list of URLs, or 'file'"),
        ([{"kind": "folder"}], "needs 'path'"),
        ([{"kind": "feed", "url": "https://a.b/", "path": "saved"}], "'path' is only for a source of kind 'folder'"),
        ([{"kind": "feed", "url": "https://a.b/", "file": "a.txt"}], "'file' is only for a source of kind 'urls'"),
        ([{"kind": "feed", "url": "https://a.b/", "post_types": ["a"]}], "'post_types' is only for"),
        ([{"kind": "wordpress", "url": "https://a.b/", "post_types": ["a", "a"]}], "names one twice"),
        (
            [{"kind": "wordpress", "url": "https://a.b/wp-json/wp/v2/x", "post_types": ["a"]}],
            "'post_types', and a 'url' that names one",
        ),
        ([{"kind": "sitemap", "url": "https://a.b/", "page_url": "https://a.b/{page}"}], "'page_url' is only for"),
        ([{"kind": "feed", "url": "https://a.b/", "next_page": "//a"}], "'next_page' is only for a source of kind"),
        (
            [{"kind": "section", "url": "https://a.b/", "next_page": "//a", "page_url": "https://a.b/{page}"}],
            "both 'next_page' and 'page_url'",
        ),
        ([{"kind": "feed", "url": "https://a.b/"}] * 2, "lists the same source twice"),
    ],
)
def test_sources_have_what_they_need(sources: list[dict[str, Any]], problem: str) -> None:
    """A source names its place, and is listed once."""
    with pytest.raises(ConfigurationError, match=problem):
        make_record(Outlet, {**WHOLE, "sources": sources}, file="example.toml")


def write(folder: Path, name: str, extra: str = "") -> Path:
    """A small outlet's file."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    text = f'name = "A"\nhomepage = "https://a.example/"\n{extra}\n[urls]\nhosts = ["a.example"]\n'
    path.write_text(text, encoding="utf-8")
    return path


def test_the_files_name_is_the_outlet_id(tmp_path: Path) -> None:
    """Files are read from the folder and those below it, sorted by id."""
    write(tmp_path / "b", "zeta.toml")
    write(tmp_path, "alpha.toml")
    outlets = load_outlets(tmp_path)
    assert list(outlets) == ["alpha", "zeta"]
    assert outlets["alpha"].outlet_id == "alpha"


@pytest.mark.parametrize("name", ["New-Arab.toml", "1a.toml", "a.toml", "über.toml"])
def test_a_name_that_cannot_be_an_id_is_refused(tmp_path: Path, name: str) -> None:
    """Ids are lower-case words, since they become names of files and rows."""
    with pytest.raises(ConfigurationError, match="cannot be an outlet_id"):
        load_outlet(write(tmp_path, name))


def test_an_id_in_the_file_is_refused(tmp_path: Path) -> None:
    """Two places for one thing would disagree one day."""
    with pytest.raises(ConfigurationError, match="the file's name is the outlet_id"):
        load_outlet(write(tmp_path, "alpha.toml", 'outlet_id = "beta"'))


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    """The second claim of an id names both the file and the id."""
    write(tmp_path / "x", "alpha.toml")
    second = write(tmp_path / "y", "alpha.toml")
    with pytest.raises(ConfigurationError, match="'alpha' is claimed by two files") as caught:
        load_outlets(tmp_path)
    assert caught.value.file == str(second)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    """A wrong --config is told from an empty one."""
    with pytest.raises(ConfigurationError, match="there is no such folder"):
        load_outlets(tmp_path / "none")
    assert load_outlets(tmp_path) == {}


def test_include_and_exclude() -> None:
    """A URL is accepted when a pattern includes it and none excludes it; no pattern includes everything."""
    outlet = make_record(Outlet, WHOLE, file="example.toml")
    assert outlet.accepts_url("https://www.example.org/news/a")
    assert not outlet.accepts_url("https://www.example.org/tag/a")
    assert not outlet.accepts_url("https://www.example.org/news/live/a")
    open_to_all = make_record(Outlet, changed("urls.include", []), file="example.toml")
    assert open_to_all.accepts_url("https://www.example.org/tag/a")


def test_an_outlets_fetch_settings_go_over_the_shared_ones() -> None:
    """What the outlet's file does not set stays as wirewatch.toml has it."""
    outlet = make_record(Outlet, WHOLE, file="example.toml")
    settings = FetchSettings(contact="mailto:a@example.org", seconds_between_requests=9, attempts=7).for_outlet(outlet)
    assert (settings.seconds_between_requests, settings.user_agent, settings.attempts) == (5, "x", 7)


def test_certificates_are_checked_unless_an_outlets_own_file_says_otherwise() -> None:
    """No setting lifts that for all outlets at once."""
    strict = make_record(Outlet, WHOLE, file="example.toml")
    lax = make_record(Outlet, changed("fetch.verify_tls", False), file="example.toml")
    assert (strict.fetch.verify_tls, lax.fetch.verify_tls) == (True, False)
    assert FetchSettings().for_outlet(lax) == FetchSettings().for_outlet(strict)
    with pytest.raises(ConfigurationError, match=r"verify_tls: is not a known key"):
        make_record(FetchSettings, {"verify_tls": False}, file="wirewatch.toml")


BAD_FETCH_SETTINGS: list[tuple[str, Any]] = [
    ("contact", ""),
    ("user_agent", 1),
    ("allow_addresses", ["127.0.0.1"]),
    ("allow_addresses", ["localhost:80"]),
    ("allow_addresses", ["10.0.0.0/8"]),
    ("seconds_between_requests", -1),
    ("requests_per_day", 0),
    ("jitter_share", 2),
    ("connect_timeout_seconds", 0),
    ("read_timeout_seconds", 0),
    ("total_timeout_seconds", 0),
    ("max_body_bytes", 1),
    ("max_redirects", -1),
    ("max_article_pages", 0),
    ("max_connections", 0),
    ("attempts", 0),
    ("retry_wait_seconds", -1),
    ("retry_after_cap_seconds", -1),
    ("robots_cache_hours", 25),
]


@pytest.mark.parametrize(("key", "value"), BAD_FETCH_SETTINGS)
def test_bad_fetch_settings_are_refused(key: str, value: Any) -> None:
    """Every key of [fetch] has bounds."""
    with pytest.raises(ConfigurationError) as caught:
        make_record(FetchSettings, {key: value}, file="wirewatch.toml")
    assert caught.value.key.startswith(key)


def test_every_fetch_setting_has_a_bad_value_above() -> None:
    """A key that is added without a test of its check fails here."""
    assert {key for key, _ in BAD_FETCH_SETTINGS} == keys_of(FetchSettings)


def test_the_shipped_outlets_load() -> None:
    """The five files are valid, say what is unconfirmed, and expect something."""
    outlets = load_outlets(SHIPPED)
    assert {"sohr_en", "sohr_ar", "new_arab_en", "new_arab_ar", "intelligence_online"} <= set(outlets)
    for outlet in outlets.values():
        assert "# unconfirmed" in (SHIPPED / f"{outlet.outlet_id}.toml").read_text(encoding="utf-8")
        assert outlet.sources
        assert outlet.expect.max_silence_hours
        assert normalize_url(outlet.homepage, outlet) == outlet.homepage


@pytest.mark.parametrize(
    ("outlet_id", "url", "expected", "cms_id"),
    [
        ("sohr_en", "https://www.syriahr.com/en/123456/", "https://www.syriahr.com/en/123456/", "123456"),
        ("sohr_en", "http://syriahr.com/en/?p=123456", "https://www.syriahr.com/en/123456/", "123456"),
        ("sohr_en", "https://www.syriahr.com/en/123456/?fbclid=IwAR0", "https://www.syriahr.com/en/123456/", "123456"),
        ("sohr_en", "https://www.syriahr.com/en/123456", "https://www.syriahr.com/en/123456/", "123456"),
        ("sohr_en", "https://www.syriahr.com/en/category/news/", Reason.EXCLUDED_URL, None),
        ("sohr_en", "https://www.syriahr.com/%d9%82/123456/", Reason.EXCLUDED_URL, None),
        ("sohr_ar", "https://www.syriahr.com/%d9%82/123456/", "https://www.syriahr.com/%D9%82/123456/", "123456"),
        ("sohr_ar", "https://www.syriahr.com/ق/123456", "https://www.syriahr.com/%D9%82/123456/", "123456"),
        ("sohr_ar", "https://www.syriahr.com/?p=123456&utm_source=x", "https://www.syriahr.com/?p=123456", "123456"),
        ("sohr_ar", "https://www.syriahr.com/en/123456/", Reason.EXCLUDED_URL, None),
        ("sohr_ar", "https://www.syriahr.com/2020/05/", Reason.EXCLUDED_URL, None),
        ("new_arab_en", "https://www.newarab.com/news/a-slug", "https://www.newarab.com/news/a-slug", None),
        ("new_arab_en", "https://www.newarab.com/news/a-slug-1", "https://www.newarab.com/news/a-slug-1", None),
        ("new_arab_en", "http://english.alaraby.co.uk/news/a", "https://www.newarab.com/news/a", None),
        ("new_arab_en", "https://www.newarab.com/node/12", "https://www.newarab.com/node/12", "12"),
        ("new_arab_en", "https://www.newarab.com/tag/syria", Reason.EXCLUDED_URL, None),
        ("new_arab_en", "https://www.alaraby.com/news/a", Reason.FOREIGN_HOST, None),
        ("new_arab_ar", "https://alaraby.co.uk/politics/ق", "https://www.alaraby.co.uk/politics/%D9%82", None),
        ("new_arab_ar", "https://english.alaraby.co.uk/news/a", Reason.FOREIGN_HOST, None),
        ("intelligence_online", "https://www.newarab.com/news/a", Reason.FOREIGN_HOST, None),
    ],
)
def test_the_shipped_url_rules(outlet_id: str, url: str, expected: str, cms_id: str | None) -> None:
    """Forms of one address that were seen become one, with the id in it; others' pages are refused."""
    outlet = load_outlets(SHIPPED)[outlet_id]
    problem = link_problem(url, outlet)
    assert (problem or normalize_url(url, outlet)) == expected
    if problem is None:
        assert cms_id_of(url, outlet) == cms_id
        assert normalize_url(expected, outlet) == expected
