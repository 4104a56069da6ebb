from __future__ import annotations

import httpx
import pytest

from newsroom import RunningNewsroom

IDENTITY = {"accept-encoding": "identity"}
PAGE = "/features/a-school-on-wheels-comes-to-the-camps-of-kizilova"


@pytest.mark.parametrize("path", ["gazette/rss", f"gazette{PAGE}", "observatory/en/feed/"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_validators_bring_304_until_the_content_changes(
    newsroom: RunningNewsroom, client: httpx.Client, path: str, encoding: str
) -> None:
    """Both validators, sent back as received, are honored; a compressed answer's ETag is weak."""
    host, _, rest = path.partition("/")
    url = f"{newsroom.gazette_url if host == 'gazette' else newsroom.observatory_url}/{rest}"
    first = client.get(url, headers={"accept-encoding": encoding})
    assert first.headers["etag"].startswith("W/") is (encoding == "gzip")
    for asked in (
        {"if-none-match": first.headers["etag"]},
        {"if-modified-since": first.headers["last-modified"]},
        {"if-none-match": first.headers["etag"], "if-modified-since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    ):
        again = client.get(url, headers={"accept-encoding": encoding, **asked})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == first.headers["etag"]
    newsroom.set_edition("evening")
    assert client.get(url, headers={"if-none-match": first.headers["etag"]}).status_code == 200
    assert client.get(url, headers={"if-modified-since": first.headers["last-modified"]}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"if-none-match": '"another"', "if-modified-since": "Fri, 01 Jan 2027 00:00:00 GMT"},
        {"if-modified-since": "yesterday"},
        {"if-modified-since": "Mon, 02 Mar 2026 00:00:00 GMT"},
    ],
)
def test_a_validator_that_does_not_hold_brings_the_body(
    newsroom: RunningNewsroom, client: httpx.Client, headers: dict[str, str]
) -> None:
    """``If-None-Match`` goes before ``If-Modified-Since``, and nonsense is ignored."""
    assert client.get(f"{newsroom.gazette_url}/rss", headers=headers).status_code == 200


def test_an_error_page_is_never_304(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """``If-None-Match: *`` matches what exists, and the page does not."""
    assert client.get(f"{newsroom.gazette_url}/news/nowhere", headers={"if-none-match": "*"}).status_code == 404


def test_bodies_are_compressed_for_who_takes_it(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """The same text comes either way."""
    plain = client.get(f"{newsroom.gazette_url}{PAGE}", headers=IDENTITY)
    packed = client.get(f"{newsroom.gazette_url}{PAGE}", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


def test_head_has_the_headers_of_get_and_no_body(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """As RFC 9110 has it."""
    url = f"{newsroom.gazette_url}{PAGE}"
    head, get = client.head(url, headers=IDENTITY), client.get(url, headers=IDENTITY)
    assert head.content == b""
    for name in ("content-length", "content-type", "etag", "last-modified"):
        assert head.headers[name] == get.headers[name]
