"""Ids, countries, title endings, and the file that a proposal becomes."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.discover.autodiscovery.address_patterns import AddressPattern
from extractors.discover.autodiscovery.candidates import Candidate
from extractors.discover.autodiscovery.findings import Finding
from extractors.discover.autodiscovery.home_pages import Told
from extractors.discover.autodiscovery.outlet_files import outlet_of, quoted, write_outlet_file
from extractors.discover.autodiscovery.proposals import Proposal, country_of, outlet_id_for, shared_suffix, with_preview
from extractors.errors import Reason
from extractors.outlets import OUTLET_ID, load_outlet
from extractors.records import Article, SourceKind

DAY = date(2026, 3, 3)


def make_proposal(name: str = "The Post", told_by: str = "og:site_name", suffix: str = " | The Post") -> Proposal:
    """A proposal with something in each field."""
    feed = Candidate(kind=SourceKind.FEED, url="https://www.example.org/feed/", found_by=told_by)
    other = Candidate(kind=SourceKind.SITEMAP, url="https://www.example.org/sitemap.xml", found_by=told_by)
    return Proposal(
        outlet_id="post",
        asked_url="https://www.example.org/",
        homepage="https://www.example.org/",
        name=Told(value=name, told_by=told_by),
        country="gb",
        languages=("en",),
        languages_told_by=told_by,
        hosts=("www.example.org", "example.org"),
        pattern=AddressPattern(include=r"^https://www\.example\.org/\d+$", told_by=told_by, cms_id=r"(?P<id>\d+)$"),
        sources=(Finding(candidate=feed, reason=Reason.POLLED, newest_at=datetime(2026, 3, 3, tzinfo=UTC)),),
        unused=tuple(Finding(candidate=other, reason=Reason.POLLED, detail=told_by) for _ in range(7)),
        title_suffix=Told(value=suffix, told_by=told_by),
    )


def test_the_file_is_an_outlets_file(tmp_path: Path) -> None:
    """It loads as it is, with every value of the proposal."""
    proposal = make_proposal()
    path = tmp_path / "post.toml"
    path.write_text(write_outlet_file(proposal, on=DAY), encoding="utf-8")
    outlet = load_outlet(path)
    assert (outlet.name, outlet.country, outlet.languages) == ("The Post", "gb", ("en",))
    assert outlet.urls.hosts == proposal.hosts
    assert outlet.urls.include == (r"^https://www\.example\.org/\d+$",)
    assert outlet.urls.cms_id == r"(?P<id>\d+)$"
    assert outlet.title.suffixes == (" | The Post",)
    assert [source.source_id for source in outlet.sources] == ["feed:https://www.example.org/feed/"]
    assert outlet_of(proposal, path.read_text(encoding="utf-8")).name == outlet.name


def previewed(*languages: str | None) -> list[tuple[Article, str]]:
    """Articles in some languages, with the titles of their pages."""
    article = Article(
        outlet_id="post", identity="1", canonical_url="u", normalized_url="u", capture_id="c", language=None,
        languages=(), declared_language=None, title="t", kicker=None, standfirst=None, dateline=None, text="x",
        corrections=None, byline=None, authors=(), credits=(), agency=(),
        published_at=None, published_precision=None, modified_at=None, section=None, tags=(), image_url=None,
        image_caption=None, image_credit=None,
        original_publisher=None, original_url=None, has_disclaimer=False, is_free=True, extractor="", provenance=(),
    )  # fmt: skip
    return [(replace(article, language=each), f"Story {n} | The Post") for n, each in enumerate(languages)]


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        (("en",) * 10, ("en",)),
        (("ar",) * 7 + ("en",) * 3, ("ar", "en")),
        (("en",) * 9 + ("fr",), ("en",)),  # one quotation is no language of the outlet
        ((None, None), ("en",)),
        ((), ("en",)),
    ],
)
def test_the_previewed_pages_tell_languages_and_title(languages: tuple[str | None, ...], expected: tuple[str]) -> None:
    """What they say counts more than the home page."""
    proposal = with_preview(make_proposal(), previewed(*languages))
    assert proposal.languages == expected
    assert (proposal.title_suffix is not None) is (len(languages) >= 3)


@given(st.text(min_size=1), st.text(), st.text(min_size=1))
def test_no_text_of_a_page_leaves_its_place(name: str, told_by: str, suffix: str) -> None:
    """Whatever a page is called and whatever a server says, the file holds the same keys."""
    text = write_outlet_file(make_proposal(name, told_by, suffix), on=DAY)
    assert tomllib.loads(text).keys() == {"name", "homepage", "country", "languages", "sources", "urls", "title"}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_string_is_read_back_as_it_was(value: str) -> None:
    """Literal or escaped."""
    assert tomllib.loads(f"value = {quoted(value)}")["value"] == value


@pytest.mark.parametrize(
    ("url", "taken", "expected"),
    [
        ("https://www.newarab.com/", (), "newarab"),
        ("https://www.alaraby.co.uk/", (), "alaraby"),
        ("https://www.syriahr.com/en/", (), "syriahr_en"),
        ("https://english.example.org/", (), "english_example"),
        ("https://www.newarab.com/", ("newarab", "newarab_2"), "newarab_3"),
        ("https://24.org/", (), "site_24"),
        ("http://127.0.0.1:8081/en/", (), "site_127_0_0_1_8081_en"),
        ("https://xn--mgbab2bd.org/", (), "xn_mgbab2bd"),
    ],
)
def test_an_id_is_made_of_the_address(url: str, taken: tuple[str, ...], expected: str) -> None:
    """Of the registered name and the language's folder, free and fit for a file's name."""
    found = outlet_id_for(url, taken)
    assert found == expected
    assert OUTLET_ID.fullmatch(found)


@pytest.mark.parametrize(
    ("url", "country"),
    [
        ("https://www.lemonde.fr/", "fr"),
        ("https://www.alaraby.co.uk/", "gb"),
        ("https://www.newarab.com/", None),
        ("https://news.io/", None),
        ("http://127.0.0.1:81/", None),
        ("https://localhost/", None),
    ],
)
def test_a_domain_tells_a_country_or_none(url: str, country: str | None) -> None:
    """Domains that are sold for their letters say nothing."""
    assert country_of(url) == country


@pytest.mark.parametrize(
    ("titles", "suffix"),
    [
        (["Rain • The Post", "Truce • The Post", "Bread • The Post"], " • The Post"),
        (["Idlib | Rain | The Post", "Aleppo | Bread | The Post", "Truce | The Post"], " | The Post"),
        (["مطر - العربي", "خبز - العربي", "هدنة - العربي"], " - العربي"),
        (["Rain in the east", "Bread in the east", "Truce in the east"], None),
        (["Rain - East | The Post", "Bread - East | The Post", "Truce - East | The Post"], " - East | The Post"),
        (["Rain | The Post", "Truce | The Post"], None),
        (["Rain | The Post"] * 5, None),
        (["Rain | ", "Truce | ", "Bread | "], None),
        ([], None),
    ],
)
def test_what_all_titles_end_in(titles: list[str], suffix: str | None) -> None:
    """From a separator on; words alone that happen to repeat are no ending of the site."""
    assert shared_suffix(titles) == suffix
