"""Pages read in memory: the article or the reason, and what each layout finds."""

from __future__ import annotations

from datetime import UTC, datetime

from extractors.errors import FetchError, PermanentFetchError, Reason, TransientFetchError
from extractors.fetch import Accept
from extractors.outlets import Layout, Outlet, Urls
from extractors.readings import Reading, read_links
from extractors.records import Capture, Fetched, Link, Validators

HOME = "https://www.example.org/"
OUTLET = Outlet(
    outlet_id="example",
    name="Example",
    homepage=HOME,
    urls=Urls(hosts=("www.example.org",), include=(r"^https://www\.example\.org/\d+$",)),
    layouts=(
        Layout(body="//div[@class='new']", title="//h2"),
        Layout(
            body="//div[@class='old']", title="//h1", section="//b", valid_until=datetime(2020, 1, 1, tzinfo=UTC).date()
        ),
    ),
)
SENTENCE = "The river rose by two meters in the night, and the bridge at the mill was closed to all but walkers. "
PAGE = (
    "<html><head><title>River | Example</title></head><body><h1>River rises</h1>"
    f"<div class='old'><p>{SENTENCE * 8}</p></div></body></html>"
)


class Answers:
    """Answers by number: a page, where a redirect led, or an error."""

    def __init__(self, *answers: str | FetchError) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def fetch(
        self, url: str, *, outlet: Outlet, accept: Accept, validators: Validators | None = None
    ) -> Fetched | None:
        """Answer like ``extractors.fetch.client.Fetcher``."""
        assert (outlet, accept, validators) == (OUTLET, Accept.PAGE, None)
        answer = self.answers[len(self.asked)]
        self.asked.append(url)
        if isinstance(answer, FetchError):
            raise answer
        capture = Capture(
            capture_id="c",
            outlet_id="example",
            requested_url=url,
            final_url=answer if answer.startswith("http") else url,
            http_status=200,
            headers=(("Content-Type", "text/html"),),
            fetched_at=datetime(2026, 3, 1, tzinfo=UTC),
            body_sha256="",
            body_bytes=0,
            warc_file="",
            warc_offset=-1,
        )
        return Fetched(capture=capture, body=PAGE.encode())


async def read(*answers: str | FetchError) -> tuple[list[Reading], Answers]:
    """Read as many links as there are answers."""
    site = Answers(*answers)
    urls = [f"{HOME}{number}" for number in range(len(answers))]
    links = [Link(outlet_id="example", source_id="s", requested_url=url, normalized_url=url) for url in urls]
    return [reading async for reading in read_links(links, OUTLET, site)], site


async def test_a_page_is_the_article_that_a_run_would_load() -> None:
    """With the raw title, what read it, and each layout's trial, also of one that is no longer valid."""
    (reading,), _ = await read(PAGE)
    assert reading.article is not None
    assert reading.article.text.startswith("The river rose")
    assert reading.raw_title == "River | Example"
    assert reading.read_by == "general rules"
    assert [(trial.is_match, trial.silent_rules) for trial in reading.trials] == [
        (False, ("title",)),
        (True, ("section",)),
    ]


async def test_a_page_that_leads_elsewhere_has_its_reason() -> None:
    """To the home page, and to an address that is no article."""
    readings, _ = await read(HOME, HOME + "about", HOME + "7")
    assert [reading.reason for reading in readings] == [Reason.REDIRECTED_HOME, Reason.EXCLUDED_URL, None]


async def test_a_refused_page_does_not_stop_the_others() -> None:
    """Its reason and detail are kept."""
    refused = PermanentFetchError(Reason.HTTP_403, HOME, "403 Forbidden", 403)
    readings, _ = await read(refused, refused, refused, PAGE)
    assert [reading.reason for reading in readings] == [Reason.HTTP_403] * 3 + [None]
    assert readings[0].detail == "403 Forbidden"


async def test_a_host_in_trouble_is_not_asked_for_every_page() -> None:
    """Two failures in a row that are the host's end it; one in between does not."""
    late = TransientFetchError(Reason.TIMEOUT, HOME, "no answer")
    readings, site = await read(late, PAGE, late, late, PAGE)
    assert [reading.reason for reading in readings] == [Reason.TIMEOUT, None, Reason.TIMEOUT, Reason.TIMEOUT]
    assert len(site.asked) == 4
