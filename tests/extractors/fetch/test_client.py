"""One URL becomes one archived capture or one reason, over real sockets and against hostile servers."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import tracemalloc
import zlib
from pathlib import Path

import httpcore
import httpx
import pytest
from hostile_site import (
    HTML,
    NOW,
    PAGE,
    Reply,
    Site,
    Sleeps,
    answer,
    failure,
    fetching,
    make_outlet,
    make_settings,
)

from extractors.archive import Archive, iter_responses, read_response
from extractors.errors import ArchiveError, PermanentFetchError, Reason, TransientFetchError
from extractors.fetch import Accept, Fetching
from extractors.fetch.addresses import GuardedBackend, resolve
from extractors.fetch.client import Fetcher
from extractors.fetch.wire import guarded_transport
from extractors.outlets import FetchSettings, Outlet, OutletFetch, Source, Urls
from extractors.records import SourceKind, Validators


async def test_a_page_becomes_an_archived_capture(site: Site, archive: Archive) -> None:
    """The archive holds the bytes as they came, the capture says where and what they decode to."""
    packed = gzip.compress(PAGE)
    site.on(
        "/1", answer("200 Fine", HTML, "Content-Encoding: gzip", 'ETag: W/"1"', "X-Twice: a", "x-twice: b", body=packed)
    )
    async with fetching(site, archive) as fetcher:
        protocol: Fetching = fetcher
        fetched = await protocol.fetch(site.url("/1#top"), outlet=make_outlet(site), accept=Accept.PAGE)
    assert fetched is not None
    capture = fetched.capture
    assert fetched.body == PAGE
    assert (capture.outlet_id, capture.http_status, capture.fetched_at) == ("sample", 200, NOW)
    assert (capture.requested_url, capture.final_url) == (site.url("/1#top"), site.url("/1"))
    assert (capture.body_bytes, capture.body_sha256) == (len(PAGE), hashlib.sha256(PAGE).hexdigest())
    assert [pair for pair in capture.headers if pair[0].lower() == "x-twice"] == [("X-Twice", "a"), ("x-twice", "b")]
    assert capture.validators == Validators(url=site.url("/1"), etag='W/"1"')
    back = read_response(archive.folder, capture.warc_file, capture.warc_offset, max_body_bytes=100_000)
    assert (back.capture_id, back.raw_body, back.body) == (capture.capture_id, packed, PAGE)
    assert (back.reason_phrase, back.headers) == ("Fine", capture.headers)


async def test_without_an_archive_nothing_is_written(site: Site) -> None:
    """A dry run's capture has no place."""
    site.on("/1", answer("200 OK", HTML, body=PAGE))
    async with fetching(site) as fetcher:
        fetched = await fetcher.fetch(site.url(), outlet=make_outlet(site), accept=Accept.PAGE)
    assert fetched is not None
    assert (fetched.capture.warc_file, fetched.capture.warc_offset) == ("", -1)


async def test_an_archive_that_fails_is_no_fetch_error(site: Site, tmp_path: Path) -> None:
    """Nothing may be parsed that was not archived, so the run must hear of it."""
    site.on("/1", answer("200 OK", HTML, body=PAGE))
    (tmp_path / "file").write_text("")
    async with fetching(site, Archive(tmp_path / "file")) as fetcher:
        with pytest.raises(ArchiveError):
            await fetcher.fetch(site.url(), outlet=make_outlet(site), accept=Accept.PAGE)


async def test_the_request_says_who_asks(site: Site) -> None:
    """Name, version and contact; only bounded codings; no cookie that an earlier answer has set."""
    site.on("/1", answer("200 OK", HTML, "Set-Cookie: id=1; Path=/", body=PAGE))
    async with fetching(site) as fetcher:
        outlet = make_outlet(site)
        for _ in range(2):
            await fetcher.fetch(site.url(), outlet=outlet, accept=Accept.PAGE)
        own = make_outlet(site, fetch=OutletFetch(user_agent="Sample reader"))
        await fetcher.fetch(site.url(), outlet=own, accept=Accept.PAGE)
    robots, first, second, third = site.headers
    assert robots["user-agent"] == first["user-agent"]
    assert first["user-agent"].startswith("wirewatch/")
    assert first["user-agent"].endswith(" (+https://watch.example/about)")
    assert first["accept-encoding"] == "gzip, deflate"
    assert first["accept"].startswith("text/html")
    assert "cookie" not in second
    assert third["user-agent"] == "Sample reader"


async def test_nothing_comes_from_the_environment(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that the environment names is not asked."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.on("/1", answer("200 OK", HTML, body=PAGE))
    async with fetching(site) as fetcher:
        assert await fetcher.fetch(site.url(), outlet=make_outlet(site), accept=Accept.PAGE)


STATUSES = {
    "401 Unauthorized": Reason.HTTP_401,
    "403 Forbidden": Reason.HTTP_403,
    "404 Not Found": Reason.HTTP_404,
    "410 Gone": Reason.HTTP_410,
    "418 Teapot": Reason.HTTP_4XX,
    "304 Not Modified": Reason.PROTOCOL_ERROR,
    "302 Found": Reason.PROTOCOL_ERROR,
    "206 Partial Content": Reason.PROTOCOL_ERROR,
    "408 Request Timeout": Reason.TIMEOUT,
    "500 Oops": Reason.HTTP_5XX,
    "503 Busy": Reason.HTTP_5XX,
}


@pytest.mark.parametrize(("status", "reason"), STATUSES.items())
async def test_each_status_has_its_reason(site: Site, status: str, reason: Reason) -> None:
    """Transient ones are tried three times, the others once."""
    site.on("/1", answer(status, HTML, length=not status.startswith("304")))
    error = await failure(site)
    assert (error.reason, error.http_status, error.url) == (reason, int(status[:3]), site.url())
    assert len(site.pages) == (3 if isinstance(error, TransientFetchError) else 1)


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
async def test_the_page_of_a_takedown_is_kept(site: Site, archive: Archive, status: str) -> None:
    """The error carries the archived response."""
    site.on("/1", answer(status, HTML, body=b"<html>taken down</html>"))
    async with fetching(site, archive) as fetcher:
        with pytest.raises(PermanentFetchError) as caught:
            await fetcher.fetch(site.url(), outlet=make_outlet(site), accept=Accept.PAGE)
    capture = caught.value.capture
    assert capture is not None
    back = read_response(archive.folder, capture.warc_file, capture.warc_offset, max_body_bytes=1_000)
    assert (back.http_status, back.body) == (int(status[:3]), b"<html>taken down</html>")


async def test_a_takedown_with_a_broken_page_is_still_a_takedown(site: Site, archive: Archive) -> None:
    """The reason is the status; there is just no page to keep."""
    site.on("/1", answer("404 Not Found", HTML, "Content-Encoding: gzip", body=b"no gzip"))
    async with fetching(site, archive) as fetcher:
        with pytest.raises(PermanentFetchError) as caught:
            await fetcher.fetch(site.url(), outlet=make_outlet(site), accept=Accept.PAGE)
    assert (caught.value.reason, caught.value.capture) == (Reason.HTTP_404, None)


def raw_deflate(data: bytes) -> bytes:
    """Deflate without zlib's header."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


CHUNKED_PAGE = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
GOOD_BODIES: dict[str, Reply] = {
    "plain": answer("200 OK", HTML, body=PAGE),
    "chunked": answer("200 OK", HTML, "Transfer-Encoding: chunked", body=CHUNKED_PAGE, length=False),
    "until the connection closes": answer("200 OK", HTML, body=PAGE, length=False),
    "zlib": answer("200 OK", HTML, "Content-Encoding: deflate", body=zlib.compress(PAGE)),
    "raw deflate": answer("200 OK", HTML, "Content-Encoding: deflate", body=raw_deflate(PAGE)),
    "no content type": answer("200 OK", body=PAGE),
}


@pytest.mark.parametrize("reply", GOOD_BODIES.values(), ids=GOOD_BODIES.keys())
async def test_bodies_in_every_wrapping(site: Site, archive: Archive, reply: Reply) -> None:
    """The same page comes out, and out of the archive too."""
    site.on("/1", reply)
    async with fetching(site, archive) as fetcher:
        fetched = await fetcher.fetch(site.url(), outlet=make_outlet(site), accept=Accept.PAGE)
    assert fetched is not None
    assert fetched.body == PAGE
    capture = fetched.capture
    assert read_response(archive.folder, capture.warc_file, capture.warc_offset, max_body_bytes=100_000).body == PAGE


async def hang_up(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
    """Close without a word."""
    del path, headers
    writer.close()


async def drip(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
    """Send a byte now and then, forever: no single read takes long."""
    del path, headers
    writer.write(f"HTTP/1.1 200 OK\r\n{HTML}\r\n\r\n".encode())
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def drip_headers(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
    """Never come to an end with the headers."""
    del path, headers
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(1_000_000):
        writer.write(f"X-{number}: {'x' * 1_000}\r\n".encode())
        await writer.drain()


ZIP = "Content-Encoding: gzip"
BAD: dict[str, tuple[Reply, Reason]] = {
    "cut by the length": (
        answer("200 OK", HTML, "Content-Length: 9999", body=PAGE, length=False),
        Reason.TRUNCATED_BODY,
    ),
    "cut in a chunk": (
        answer("200 OK", HTML, "Transfer-Encoding: chunked", body=b"ffff\r\nabc", length=False),
        Reason.TRUNCATED_BODY,
    ),
    "cut gzip": (answer("200 OK", HTML, ZIP, body=gzip.compress(PAGE)[:-20]), Reason.TRUNCATED_BODY),
    "wrong encoding": (answer("200 OK", HTML, ZIP, body=PAGE), Reason.BAD_ENCODING),
    "unknown encoding": (answer("200 OK", HTML, "Content-Encoding: br", body=PAGE), Reason.BAD_ENCODING),
    "declares too much": (answer("200 OK", HTML, "Content-Length: 100001", length=False), Reason.TOO_LARGE),
    "is too much": (answer("200 OK", HTML, body=b"x" * 100_001, length=False), Reason.TOO_LARGE),
    "decodes to too much": (answer("200 OK", HTML, ZIP, body=gzip.compress(bytes(100_001))), Reason.TOO_LARGE),
    "a picture": (answer("200 OK", "Content-Type: image/jpeg", body=b"\xff\xd8"), Reason.NOT_HTML),
    "a picture without type": (answer("200 OK", body=b"\xff\xd8"), Reason.NOT_HTML),
    "hangs up": (hang_up, Reason.PROTOCOL_ERROR),
    "no HTTP": (answer("nonsense \x00", body=b""), Reason.PROTOCOL_ERROR),
    "headers without end": (drip_headers, Reason.PROTOCOL_ERROR),
    "challenge": (answer("403 Forbidden", HTML, "cf-mitigated: challenge"), Reason.CHALLENGE),
    "challenge in the body": (
        answer("503 Busy", HTML, ZIP, body=gzip.compress(b"<script>window._cf_chl_opt={}</script>")),
        Reason.CHALLENGE,
    ),
}


@pytest.mark.parametrize(("reply", "reason"), BAD.values(), ids=BAD.keys())
async def test_what_is_wrong_with_an_answer_is_its_reason(site: Site, reply: Reply, reason: Reason) -> None:
    """Each way to fail has one reason of the closed set."""
    site.on("/1", reply)
    error = await failure(site, attempts=1)
    assert error.reason == reason
    assert error.detail


async def test_a_body_without_end_is_stopped_by_the_total_time(site: Site) -> None:
    """Each read is quick; the whole is not."""
    site.on("/1", drip)
    error = await failure(site, attempts=1, total_timeout_seconds=0.3, read_timeout_seconds=10)
    assert error.reason == Reason.TIMEOUT


async def test_a_server_that_says_nothing_is_a_timeout(site: Site) -> None:
    """The time for one read."""

    async def silent(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        del path, headers, writer
        await asyncio.sleep(2)

    site.on("/1", silent)
    error = await failure(site, attempts=1, read_timeout_seconds=0.1)
    assert error.reason == Reason.TIMEOUT


async def test_nobody_there(site: Site) -> None:
    """A closed port is met at robots.txt already; the detail says what happened."""
    outlet = make_outlet(site, hosts=("127.0.0.1:9",))
    async with fetching(site, attempts=1, allow_addresses=("127.0.0.1:9",)) as fetcher:
        with pytest.raises(TransientFetchError, match="connect_error") as caught:
            await fetcher.fetch("http://127.0.0.1:9/1", outlet=outlet, accept=Accept.PAGE)
    assert caught.value.reason == Reason.ROBOTS_UNREACHABLE


async def test_a_server_that_speaks_no_tls(site: Site) -> None:
    """What fails in the handshake is a TLS error, not a failed connection."""

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    place = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, fetching(site, attempts=1, allow_addresses=(place,)) as fetcher:
        with pytest.raises(TransientFetchError, match="tls_error"):
            await fetcher.fetch(f"https://{place}/1", outlet=make_outlet(site, hosts=(place,)), accept=Accept.PAGE)


async def test_a_bomb_does_not_fill_the_memory(site: Site) -> None:
    """100 MB of zeros over a real socket, stopped at the bound of one."""
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(100)) + packer.flush()
    site.on("/1", answer("200 OK", HTML, ZIP, body=bomb))
    async with fetching(site, attempts=1, max_body_bytes=1_000_000) as fetcher:
        tracemalloc.start()
        try:
            with pytest.raises(PermanentFetchError) as caught:
                await fetcher.fetch(site.url(), outlet=make_outlet(site), accept=Accept.PAGE)
            _, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert caught.value.reason == Reason.TOO_LARGE
    assert peak_bytes < 12_000_000


async def test_redirects_are_followed_and_remembered(site: Site, archive: Archive) -> None:
    """The capture knows where it began and where it ended; so does the archive."""
    site.on("/?p=1", answer("301 Moved", "Location: /en/1"))
    site.on("/en/1", answer("307 There", f"Location: http://me:secret@{site.host}/en/1/#top"))
    site.on("/en/1/", answer("200 OK", HTML, body=PAGE))
    async with fetching(site, archive) as fetcher:
        fetched = await fetcher.fetch(site.url("/?p=1"), outlet=make_outlet(site), accept=Accept.PAGE)
    assert fetched is not None
    assert (fetched.capture.requested_url, fetched.capture.final_url) == (site.url("/?p=1"), site.url("/en/1/"))
    assert "authorization" not in site.headers[-1]
    [item] = iter_responses(archive.folder / fetched.capture.warc_file)
    assert (item.requested_url, item.target_url) == (site.url("/?p=1"), site.url("/en/1/"))  # type: ignore[union-attr]


REDIRECTS = {
    "to itself": ("/1", Reason.TOO_MANY_REDIRECTS),
    "metadata": ("http://169.254.169.254/latest/meta-data/", Reason.FOREIGN_HOST),
    "another outlet": ("https://other.example/1", Reason.FOREIGN_HOST),
    "a name that only looks like ours": ("http://127.0.0.1.nip.example/1", Reason.FOREIGN_HOST),
    "another port": ("http://127.0.0.1:1/", Reason.FOREIGN_HOST),
    "a file": ("file:///etc/passwd", Reason.BAD_URL),
    "a script": ("javascript:alert(1)", Reason.BAD_URL),
    "no port": ("http://127.0.0.1:99999999/", Reason.BAD_URL),
}


@pytest.mark.parametrize(("location", "reason"), REDIRECTS.values(), ids=REDIRECTS.keys())
async def test_redirects_that_are_not_followed(site: Site, location: str, reason: Reason) -> None:
    """Each hop meets the checks of the first request."""
    site.on("/1", answer("302 Found", f"Location: {location}"))
    error = await failure(site)
    assert error.reason == reason
    assert site.pages == ["/1"]


async def test_redirects_end(site: Site) -> None:
    """Five are followed, the sixth is not."""
    for number in range(9):
        site.on(f"/{number}", answer("302 Found", f"Location: /{number + 1}"))
    error = await failure(site, "/0")
    assert error.reason == Reason.TOO_MANY_REDIRECTS
    assert site.pages == [f"/{number}" for number in range(6)]


async def test_a_redirect_into_the_own_network_is_refused_at_the_connection(site: Site) -> None:
    """Even where the outlet's file lists the host: the address decides, on every hop."""
    site.on("/1", answer("302 Found", "Location: http://169.254.169.254/latest/"))
    outlet = make_outlet(site, hosts=("169.254.169.254",))
    async with fetching(site) as fetcher:
        with pytest.raises(PermanentFetchError) as caught:
            await fetcher.fetch(site.url(), outlet=outlet, accept=Accept.PAGE)
    assert (caught.value.reason, caught.value.url) == (Reason.PRIVATE_ADDRESS, "http://169.254.169.254/latest/")


async def test_the_connection_goes_where_the_guard_looked(site: Site) -> None:
    """The name stays in the Host header; a name that later answers with another address is refused then (rebinding)."""
    answers = [["127.0.0.1"], ["127.0.0.1"], ["10.0.0.7"]]

    async def rebinding(host: str, port: int) -> list[str]:
        assert (host, port) == ("news.example", site.port)
        return answers.pop(0) if len(answers) > 1 else answers[0]

    site.on("/1", answer("200 OK", HTML, body=PAGE))
    name = f"news.example:{site.port}"
    outlet = make_outlet(site, hosts=(name,))
    async with Fetcher(make_settings(site), archive=None, resolver=rebinding) as fetcher:
        assert await fetcher.fetch(f"http://{name}/1", outlet=outlet, accept=Accept.PAGE)
        with pytest.raises(PermanentFetchError) as caught:
            await fetcher.fetch(f"http://{name}/1", outlet=outlet, accept=Accept.PAGE)
    assert caught.value.reason == Reason.PRIVATE_ADDRESS
    assert site.headers[-1]["host"] == name
    assert site.asked == ["/robots.txt", "/1"]


@pytest.mark.parametrize("host", ["127.0.0.1:{}", "2130706433:{}", "0x7f.1:{}", "localhost:{}"])
async def test_without_permission_loopback_is_not_reached(site: Site, host: str) -> None:
    """However the address is spelled."""
    place = host.format(site.port)
    outlet = make_outlet(site, hosts=(place,))
    async with fetching(site, allow_addresses=()) as fetcher:
        with pytest.raises(PermanentFetchError, match="allow_addresses") as caught:
            await fetcher.fetch(f"http://{place}/1", outlet=outlet, accept=Accept.PAGE)
    assert caught.value.reason == Reason.PRIVATE_ADDRESS
    assert site.asked == []


def test_the_guard_hangs_where_the_pool_looks_for_its_backend() -> None:
    """Httpx has no public way to it: this fails when a new version has moved it."""
    transport = guarded_transport(FetchSettings(), resolve)
    assert isinstance(transport, httpx.AsyncHTTPTransport)
    pool = transport._pool
    assert isinstance(pool, httpcore.AsyncConnectionPool)
    assert isinstance(pool._network_backend, GuardedBackend)
    connection = pool.create_connection(httpcore.Origin(b"https", b"news.example", 443))
    assert isinstance(connection._network_backend, GuardedBackend)  # type: ignore[attr-defined]  # its own, private


async def test_whose_hosts_a_url_may_be_on(site: Site) -> None:
    """A page only on the outlet's hosts; a source also where the outlet's file says that it is."""
    site.on("/feed", answer("200 OK", "Content-Type: application/rss+xml", body=b"<rss/>"))
    site.on("/1", answer("200 OK", HTML, body=PAGE))
    outlet = Outlet(
        outlet_id="sample",
        name="Sample",
        homepage="https://news.example/",
        urls=Urls(hosts=("news.example",)),
        sources=(Source(kind=SourceKind.FEED, url=site.url("/feed")),),
    )
    async with fetching(site) as fetcher:
        assert await fetcher.fetch(site.url("/feed"), outlet=outlet, accept=Accept.FEED)
        with pytest.raises(PermanentFetchError) as caught:
            await fetcher.fetch(site.url("/1"), outlet=outlet, accept=Accept.PAGE)
    assert caught.value.reason == Reason.FOREIGN_HOST


@pytest.mark.parametrize(
    "url", ["", "news", "/1", "ftp://127.0.0.1/1", "http://", "http://[::1/", "http://a\x00b/", "//a"]
)
async def test_what_is_no_url_is_a_reason(site: Site, url: str) -> None:
    """Anybody's string may stand in a feed."""
    async with fetching(site) as fetcher:
        with pytest.raises(PermanentFetchError) as caught:
            await fetcher.fetch(url, outlet=make_outlet(site), accept=Accept.PAGE)
    assert caught.value.reason == Reason.BAD_URL


async def test_validators_are_sent_as_they_came_and_304_is_nothing(site: Site) -> None:
    """To the URL that they belong to, and to no other."""

    async def conditional(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        known = headers.get("if-none-match") == 'W/"1"'
        reply = answer("304 Not Modified", length=False) if known else answer("200 OK", HTML, body=PAGE)
        await reply(path, headers, writer)

    site.on("/1", conditional)
    site.on("/2", conditional)
    validators = Validators(url=site.url("/1"), etag='W/"1"', last_modified="yesterday")
    async with fetching(site) as fetcher:
        outlet = make_outlet(site)
        assert await fetcher.fetch(site.url("/1"), outlet=outlet, accept=Accept.PAGE, validators=validators) is None
        assert await fetcher.fetch(site.url("/2"), outlet=outlet, accept=Accept.PAGE, validators=validators)
        assert await fetcher.fetch(site.url("/1"), outlet=outlet, accept=Accept.PAGE)
    assert "if-none-match" not in site.headers[-2]


async def test_robots_txt_is_asked_first_and_once(site: Site) -> None:
    """And obeyed."""
    site.on("/robots.txt", answer("200 OK", body=b"User-agent: wirewatch\nDisallow: /secret"))
    site.on("/1", answer("200 OK", HTML, body=PAGE))
    async with fetching(site) as fetcher:
        outlet = make_outlet(site)
        await asyncio.gather(*(fetcher.fetch(site.url(), outlet=outlet, accept=Accept.PAGE) for _ in range(5)))
        with pytest.raises(PermanentFetchError) as caught:
            await fetcher.fetch(site.url("/secret/1"), outlet=outlet, accept=Accept.PAGE)
    assert caught.value.reason == Reason.ROBOTS_DISALLOWED
    assert site.asked == ["/robots.txt", *["/1"] * 5]


async def test_a_redirect_to_a_forbidden_page_is_not_followed(site: Site) -> None:
    """robots.txt holds for each hop."""
    site.on("/robots.txt", answer("200 OK", body=b"User-agent: *\nDisallow: /secret"))
    site.on("/1", answer("301 Moved", "Location: /secret"))
    assert (await failure(site)).reason == Reason.ROBOTS_DISALLOWED
    assert site.pages == ["/1"]


ROBOTS: dict[str, tuple[Reply, Reason | None]] = {
    "missing": (answer("404 Not Found"), None),
    "forbidden": (answer("403 Forbidden"), None),
    "gone": (answer("410 Gone"), None),
    "redirects in a circle": (answer("302 Found", "Location: /robots.txt"), None),
    "broken": (answer("500 Oops"), Reason.ROBOTS_UNREACHABLE),
    "busy": (answer("503 Busy"), Reason.ROBOTS_UNREACHABLE),
    "too many requests": (answer("429 Slow", "Retry-After: 1"), Reason.ROBOTS_UNREACHABLE),
    "hangs up": (hang_up, Reason.ROBOTS_UNREACHABLE),
    "cut": (answer("200 OK", "Content-Length: 99", length=False), Reason.ROBOTS_UNREACHABLE),
    "redirects into the own network": (answer("302 Found", "Location: http://10.0.0.1/"), Reason.ROBOTS_UNREACHABLE),
    "says no": (answer("200 OK", body=b"User-agent: *\nDisallow: /"), Reason.ROBOTS_DISALLOWED),
    "says no at the start of megabytes": (
        answer("200 OK", body=b"User-agent: *\nDisallow: /\n" + b"#" * 3_000_000),
        Reason.ROBOTS_DISALLOWED,
    ),
}


@pytest.mark.parametrize(("reply", "reason"), ROBOTS.values(), ids=ROBOTS.keys())
async def test_what_becomes_of_robots_txt(site: Site, reply: Reply, reason: Reason | None) -> None:
    """Unavailable allows, unreachable forbids for now (RFC 9309 section 2.3.1)."""
    site.on("/robots.txt", reply)
    site.on("/1", answer("200 OK", HTML, body=PAGE))
    if reason is None:
        async with fetching(site) as fetcher:
            assert await fetcher.fetch(site.url(), outlet=make_outlet(site), accept=Accept.PAGE)
    else:
        assert (await failure(site)).reason == reason
        assert site.pages == []


async def test_robots_txt_is_tried_again_before_it_is_unreachable(site: Site) -> None:
    """One bad moment is not the end of a run."""
    site.on("/robots.txt", answer("500 Oops"), hang_up, answer("404 Not Found"))
    site.on("/1", answer("200 OK", HTML, body=PAGE))
    async with fetching(site) as fetcher:
        assert await fetcher.fetch(site.url(), outlet=make_outlet(site), accept=Accept.PAGE)


async def test_crawl_delay_and_spacing_are_kept(site: Site) -> None:
    """The longer of the two, counted from robots.txt on; an outlet's own spacing replaces the general one."""
    site.on("/robots.txt", answer("200 OK", body=b"User-agent: *\nCrawl-delay: 3"))
    site.on("/1", answer("200 OK", HTML, body=PAGE))
    sleeps = Sleeps()
    async with fetching(site, sleeps=sleeps, seconds_between_requests=60) as fetcher:
        outlet = make_outlet(site, fetch=OutletFetch(seconds_between_requests=1))
        for _ in range(2):
            await fetcher.fetch(site.url(), outlet=outlet, accept=Accept.PAGE)
    assert sleeps.slept == [1, 3]


async def test_a_transient_failure_is_tried_again(site: Site) -> None:
    """The attempt that succeeds is the one that counts."""
    site.on("/1", hang_up, answer("502 Bad", HTML), answer("200 OK", HTML, body=PAGE))
    async with fetching(site) as fetcher:
        assert await fetcher.fetch(site.url(), outlet=make_outlet(site), accept=Accept.PAGE)
    assert len(site.pages) == 3


@pytest.mark.parametrize(
    ("header", "slept"),
    [("Retry-After: 40", 40), ("Retry-After: Sun, 22 Nov 2026 12:01:10 GMT", 70), ("X-Nothing: 1", 30)],
)
async def test_a_429_is_waited_out_and_tried_again(site: Site, header: str, slept: float) -> None:
    """As long as the host asks for, in either form; 30 s where it does not say."""
    site.on("/1", answer("429 Slow", header), answer("200 OK", HTML, body=PAGE))
    sleeps = Sleeps()
    async with fetching(site, sleeps=sleeps) as fetcher:
        assert await fetcher.fetch(site.url(), outlet=make_outlet(site), accept=Accept.PAGE)
    assert sleeps.slept == [slept]


async def test_a_host_that_wants_hours_is_left_alone(site: Site) -> None:
    """No second attempt, no request for its other pages in this run, and the error says how long."""
    site.on("/1", answer("503 Busy", "Retry-After: 7200"))
    sleeps = Sleeps()
    async with fetching(site, sleeps=sleeps) as fetcher:
        for _ in range(2):
            with pytest.raises(TransientFetchError) as caught:
                await fetcher.fetch(site.url(), outlet=make_outlet(site), accept=Accept.PAGE)
            assert (caught.value.reason, caught.value.retry_after_seconds) == (Reason.HTTP_5XX, 7_200)
    assert site.pages == ["/1"]
    assert sleeps.slept == []


async def test_requests_run_side_by_side_where_nothing_asks_for_spacing(site: Site) -> None:
    """Up to ``max_connections`` and no more."""
    running = [0]
    most = [0]

    async def slow(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        await asyncio.sleep(0.05)
        running[0] -= 1
        await answer("200 OK", HTML, body=PAGE)(path, headers, writer)

    site.on("/1", slow)
    async with fetching(site, max_connections=4) as fetcher:
        outlet = make_outlet(site)
        await asyncio.gather(*(fetcher.fetch(site.url(), outlet=outlet, accept=Accept.PAGE) for _ in range(12)))
    assert most == [4]


async def test_a_transport_of_a_test_takes_the_networks_place() -> None:
    """Tests of other stages need no server."""

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/robots.txt":
            return httpx.Response(404)
        headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
        return httpx.Response(200, headers=headers, content=gzip.compress(PAGE))

    outlet = Outlet(outlet_id="a", name="A", homepage="https://news.example/", urls=Urls(hosts=("news.example",)))
    settings = FetchSettings(seconds_between_requests=0)
    async with Fetcher(settings, archive=None, transport=httpx.MockTransport(handle)) as fetcher:
        fetched = await fetcher.fetch("https://news.example/1", outlet=outlet, accept=Accept.PAGE)
    assert fetched is not None
    assert fetched.body == PAGE
