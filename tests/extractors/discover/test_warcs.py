import pytest

from extractors.discover.warcs import OutletFinder, generic_outlet_id, make_link, registered_domain
from extractors.errors import Reason
from extractors.outlets import OUTLET_ID, Outlet, Urls


def outlet(outlet_id: str, include: str) -> Outlet:
    """An outlet on a host that it shares with another one."""
    return Outlet(
        outlet_id=outlet_id,
        name=outlet_id,
        homepage="https://www.example.org/",
        urls=Urls(hosts=("www.example.org",), include=(include,)),
    )


FINDER = OutletFinder({"en": outlet("en_news", "/en/[0-9]+/$"), "ar": outlet("ar_news", "/ar/[0-9]+/$")})


def test_outlets_on_one_host_are_told_apart_by_their_patterns() -> None:
    """A page goes to the outlet that accepts its URL, not to the first on its host."""
    assert FINDER.find("https://www.example.org/ar/7/")[0].outlet_id == "ar_news"
    assert FINDER.find("https://www.example.org/en/7/")[0].outlet_id == "en_news"


def test_a_page_on_an_outlets_host_that_is_no_article_says_so() -> None:
    """It is not slipped into a generic outlet."""
    assert FINDER.find("https://www.example.org/about")[1] is Reason.EXCLUDED_URL


@pytest.mark.parametrize(
    ("url", "outlet_id"),
    [
        ("https://news.paper.co.uk/a", "web_paper_co_uk"),
        ("https://paper.co.uk/b", "web_paper_co_uk"),
        ("https://www.xn--80ak6aa92e.com/c", "web_xn_80ak6aa92e_com"),
        ("http://127.0.0.1:8081/d", "web_127_0_0_1_8081"),
    ],
)
def test_every_other_page_belongs_to_its_registered_domain(url: str, outlet_id: str) -> None:
    """Subdomains of one registered domain are one outlet."""
    found, problem = FINDER.find(url)
    assert (found.outlet_id, problem) == (outlet_id, None)
    assert make_link(url, found, "warc:x.warc.gz").source_id == "warc:x.warc.gz"


@pytest.mark.parametrize("url", ["", "http://", "http://[::1", "not a url", "ftp://example.org/x", "http://a b/"])
def test_what_is_no_page_address_is_an_outcome_of_an_outlet(url: str) -> None:
    """Nothing raises, and nothing vanishes."""
    found, problem = FINDER.find(url)
    assert problem is Reason.BAD_URL
    assert OUTLET_ID.fullmatch(found.outlet_id)


def test_a_generic_id_is_a_valid_outlet_id_however_long_the_domain() -> None:
    """Ids are names of outlets like any other."""
    assert OUTLET_ID.fullmatch(generic_outlet_id("a" * 200 + ".example"))
    assert registered_domain("https://a.b.example.com/x") == "example.com"
