from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from extractors.outlets import load_outlets
from extractors.toml_records import read_toml
from newsroom import Edition, articles_in, expected_articles, expected_of, write_sample_config
from newsroom.sample_config import SAMPLE
from newsroom.sites import SITES, WORDING

OUTLETS = load_outlets(SAMPLE / "outlets")


def page_url(outlet_id: str, path: str) -> str:
    """The address of a page at the sample's own ports."""
    return OUTLETS[outlet_id].homepage.removesuffix("/").removesuffix("/en") + path


def test_each_sample_outlet_has_its_file() -> None:
    """Name, language and clock are the site's."""
    assert OUTLETS.keys() == {site.outlet_id for site in SITES.values()}
    for site in SITES.values():
        outlet = OUTLETS[site.outlet_id]
        assert (outlet.name, outlet.languages, outlet.timezone) == (site.name, (site.language,), str(site.zone))
        assert outlet.title.suffixes[0].endswith(site.name)


@pytest.mark.parametrize("article", articles_in(Edition.EVENING), ids=lambda a: f"{a.site}-{a.article_id}")
def test_an_outlet_accepts_its_own_articles_and_nobody_elses(article: object) -> None:
    """English and Arabic share a host: the patterns tell them apart. A gallery and an advert belong to no outlet."""
    expected = expected_of(article)  # type: ignore[arg-type] # parametrize gives objects
    url = page_url(expected.outlet_id, expected.path)
    accepting = {name for name, outlet in OUTLETS.items() if outlet.accepts_url(url)}
    assert accepting == (set() if expected.reason in ("excluded_url", "foreign_host") else {expected.outlet_id})


@pytest.mark.parametrize("key", ["observatory_en", "observatory_ar"])
def test_the_rules_for_reprints_fit_what_the_site_prints(key: str) -> None:
    """The source line gives the publisher, the disclaimer is known by its beginning."""
    import re

    site, wording = (SITES[key], WORDING[key])  # type: ignore[index] # parametrize gives strings
    rules = OUTLETS[site.outlet_id].republication
    publishers = {e.original_publisher for e in expected_articles("evening", site.outlet_id)} - {None}
    assert len(publishers) == 2
    for publisher in publishers:
        found = re.search(rules.source_line or "", f"{wording.source_label}: {publisher}")
        assert found is not None
        assert found["publisher"] == publisher
    assert re.search(rules.disclaimer or "", wording.disclaimer)


def test_a_copy_has_the_ports_of_a_running_newsroom(tmp_path: Path) -> None:
    """Also when the new ports are the old ones, exchanged."""
    target = write_sample_config(tmp_path / "config", observatory_port=8082, gazette_port=8081)
    outlets = load_outlets(target / "outlets")
    assert outlets["sample_observatory_en"].homepage == "http://127.0.0.1:8082/en/"
    assert outlets["sample_gazette"].sources[0].url == "http://127.0.0.1:8081/rss"
    assert outlets["sample_gazette"].accepts_url("http://127.0.0.1:8081/news/x")
    settings = read_toml(target / "wirewatch.toml")
    assert settings["fetch"]["allow_addresses"] == ["127.0.0.1:8082", "127.0.0.1:8081"]


def test_a_copy_says_the_same_as_the_sample_but_for_the_ports(tmp_path: Path) -> None:
    """Comments and all: it is what a reader of the demo's folder learns from."""
    write_sample_config(tmp_path, observatory_port=18081, gazette_port=18082)
    copies = {path.relative_to(tmp_path): path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.toml")}
    assert copies.keys() == {path.relative_to(SAMPLE) for path in SAMPLE.rglob("*.toml")}
    for name, text in copies.items():
        assert text.replace(":1808", ":808") == (SAMPLE / name).read_text(encoding="utf-8")
        tomllib.loads(text)
