from __future__ import annotations

import gzip
import socket
import zlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import feedparser
import httpx
import pytest

from newsroom import RunningNewsroom, behavior_names, running_newsroom

PAGE = "/en/41207/"
NEVER_END = {"slow_body", "stalled", "silent"}
DRIPS = {"endless_body", "endless_headers", "endless_hints"}
CUT_SHORT = {
    "truncated",
    "broken_gzip",
    "chunked_cut",
    "chunked_garbage",
    "reset",
    "not_http",
    "hung_up",
    "header_bomb",
}
CUT_SHORT |= {
    "huge_length",
    "two_lengths",
    "redirect_to_garbage",
    "redirect_to_data",
    "redirect_to_script",
    "gzip_claimed",
}
OF_OTHER_PAGES = {"surrogates_in_json_ld", "rest_surrogates", "rest_dates_of_2082"}


@pytest.fixture
def url(newsroom: RunningNewsroom) -> str:
    """The page that misbehaves."""
    return f"{newsroom.observatory_url}{PAGE}"


@pytest.mark.parametrize("name", sorted(set(behavior_names()) - NEVER_END - DRIPS - OF_OTHER_PAGES))
def test_every_behavior_answers_and_then_ends(
    newsroom: RunningNewsroom, client: httpx.Client, url: str, name: str
) -> None:
    """Ordered once, it answers once in its way, and the site is well again after it."""
    newsroom.misbehave("observatory", PAGE, name, times=1, megabytes=1)
    well = client.get(f"{newsroom.observatory_url}/en/41219/").status_code
    if name in CUT_SHORT:
        with pytest.raises((httpx.RemoteProtocolError, httpx.DecodingError, httpx.ReadError, httpx.InvalidURL)):
            read_to_the_end(client, url)
    else:
        client.get(url, headers={"accept-encoding": "identity"})
    assert well == client.get(url).status_code == 200


def read_to_the_end(client: httpx.Client, url: str) -> None:
    """Read a page, and be content only with a whole one."""
    body = client.get(url).content
    if not body.rstrip().endswith(b"</html>"):
        raise httpx.DecodingError("the page has no end")


@pytest.mark.parametrize("name", sorted(NEVER_END))
def test_an_answer_that_does_not_come_is_left_by_the_client(newsroom: RunningNewsroom, url: str, name: str) -> None:
    """A client with a limit gets away, and the server still answers others."""
    newsroom.misbehave("observatory", PAGE, name, seconds=30)
    with httpx.Client(trust_env=False, timeout=0.3) as hasty, pytest.raises(httpx.ReadTimeout):
        hasty.get(url)
    with httpx.Client(trust_env=False) as other:
        assert other.get(f"{newsroom.observatory_url}/robots.txt").status_code == 200


def test_a_newsroom_closes_while_a_client_waits() -> None:
    """Stopping the server is not held up by those whom it keeps waiting."""
    with running_newsroom() as newsroom:
        newsroom.misbehave("gazette", "/rss", "stalled")
        with socket.create_connection(("127.0.0.1", newsroom.gazette_port), timeout=10) as waiting:
            waiting.sendall(b"GET /rss HTTP/1.1\r\nHost: gazette.example\r\n\r\n")
            assert waiting.recv(12) == b"HTTP/1.1 200"
    with pytest.raises(ConnectionError), socket.create_connection(("127.0.0.1", newsroom.gazette_port), timeout=10):
        pass


def test_a_slow_body_comes_whole_in_the_end(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """A byte at a time."""
    newsroom.misbehave("gazette", "/robots.txt", "slow_body", seconds=0)
    assert client.get(f"{newsroom.gazette_url}/robots.txt").text.startswith("User-agent: *")


@pytest.mark.parametrize(
    ("name", "status"),
    [(f"http_{code}", code) for code in (401, 403, 404, 410, 451, 500, 502, 503)] + [("challenge", 403)],
)
def test_statuses_are_what_they_say(
    newsroom: RunningNewsroom, client: httpx.Client, url: str, name: str, status: int
) -> None:
    """The number in the name is the status."""
    newsroom.misbehave("observatory", PAGE, name)
    assert client.get(url).status_code == status


def test_retry_after_comes_in_both_forms(newsroom: RunningNewsroom, client: httpx.Client, url: str) -> None:
    """Seconds, or a date."""
    newsroom.misbehave("observatory", PAGE, "http_429", retry_after=7)
    response = client.get(url)
    assert (response.status_code, response.headers["retry-after"]) == (429, "7")
    newsroom.misbehave("observatory", PAGE, "http_429_date", retry_after=3600)
    moment = parsedate_to_datetime(client.get(url).headers["retry-after"])
    assert (moment - datetime.now(UTC)).total_seconds() > 3000


def test_redirects_go_where_they_should_not(newsroom: RunningNewsroom, client: httpx.Client, url: str) -> None:
    """Round in a circle, inside the operator's network, to another host."""
    for name, start in (
        ("redirect_loop", url),
        ("redirect_to_private", "http://169.254.169.254/"),
        ("redirect_to_foreign", "https://parked.example/"),
    ):
        newsroom.misbehave("observatory", PAGE, name)
        response = client.get(url)
        assert response.status_code == 302
        assert response.headers["location"].startswith(start)


def test_a_challenge_bears_its_mark(newsroom: RunningNewsroom, client: httpx.Client, url: str) -> None:
    """The header by which such an answer is told from a plain refusal."""
    newsroom.misbehave("observatory", PAGE, "challenge")
    assert client.get(url).headers["cf-mitigated"] == "challenge"


def test_a_bomb_is_small_on_the_wire_and_large_in_memory(
    newsroom: RunningNewsroom, client: httpx.Client, url: str
) -> None:
    """A thousand times as large."""
    newsroom.misbehave("observatory", PAGE, "gzip_bomb", megabytes=2)
    with client.stream("GET", url) as response:
        raw = b"".join(response.iter_raw())
    assert len(raw) < 10_000
    assert len(gzip.decompress(raw)) == 2_000_000


def test_a_broken_stream_lacks_its_end(newsroom: RunningNewsroom, client: httpx.Client, url: str) -> None:
    """The length is right, so only the decoder can tell."""
    newsroom.misbehave("observatory", PAGE, "broken_gzip")
    with client.stream("GET", url) as response:
        raw = b"".join(response.iter_raw())
    unpacker = zlib.decompressobj(47)
    assert unpacker.decompress(raw).startswith(b"<!DOCTYPE html>")
    assert not unpacker.eof


def test_a_truncated_answer_announced_more_than_came(newsroom: RunningNewsroom) -> None:
    """The connection ends before ``Content-Length`` is reached."""
    newsroom.misbehave("observatory", PAGE, "truncated")
    with socket.create_connection(("127.0.0.1", newsroom.observatory_port), timeout=10) as raw:
        raw.sendall(f"GET {PAGE} HTTP/1.1\r\nHost: observatory.example\r\n\r\n".encode())
        received = b"".join(iter(lambda: raw.recv(65536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    announced = next(int(line.split(b":")[1]) for line in head.splitlines() if line.startswith(b"content-length"))
    assert 0 < len(body) < announced


def test_broken_xml_breaks_a_parser(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """Cut inside a tag, while the length fits."""
    newsroom.misbehave("gazette", "/rss", "broken_xml")
    response = client.get(f"{newsroom.gazette_url}/rss")
    assert response.status_code == 200
    assert feedparser.parse(response.content).bozo


def test_a_wrong_charset_is_not_what_the_header_says(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """Arabic in windows-1256 under a header of UTF-8."""
    newsroom.misbehave("observatory", "/feed/", "wrong_charset")
    response = client.get(f"{newsroom.observatory_url}/feed/")
    assert "utf-8" in response.headers["content-type"].lower()
    assert "المرصد القادري" in response.content.decode("windows-1256")
    with pytest.raises(UnicodeDecodeError):
        response.content.decode("utf-8")


def test_a_liar_says_304_to_everybody(newsroom: RunningNewsroom, client: httpx.Client, url: str) -> None:
    """Also to who asked for the page itself."""
    newsroom.misbehave("observatory", PAGE, "lying_304")
    assert client.get(url).status_code == 304


def test_an_unknown_host_or_behavior_is_refused(newsroom: RunningNewsroom) -> None:
    """With the names that exist."""
    with pytest.raises(ValueError, match=r"there are .*http_401"):
        newsroom.misbehave("gazette", "/", "sulk")
    with pytest.raises(ValueError, match="observatory or gazette"):
        newsroom.misbehave("tribune", "/", "http_503")  # type: ignore[arg-type] # that is the point
