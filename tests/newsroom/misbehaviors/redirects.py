"""Ways to somewhere else."""

from __future__ import annotations

from newsroom.exchange import Exchange
from newsroom.misbehaviors.registry import behavior


@behavior
async def redirect_loop(exchange: Exchange) -> None:
    """302 to the same address."""
    await exchange.respond(302, b"", {"location": f"{exchange.origin}{exchange.target}"})


@behavior
async def redirect_to_private(exchange: Exchange) -> None:
    """302 to a cloud's metadata address."""
    await exchange.respond(302, b"", {"location": "http://169.254.169.254/latest/meta-data/"})


@behavior
async def redirect_to_foreign(exchange: Exchange) -> None:
    """302 to a host that is not the outlet's."""
    await exchange.respond(302, b"", {"location": "https://parked.example/"})


def redirect_to(name: str, location: str, meaning: str) -> None:
    """Register a 302 to a fixed place; ``{origin}`` in it stands for the host itself."""

    async def redirect(exchange: Exchange) -> None:
        await exchange.respond(302, b"", {"location": location.replace("{origin}", exchange.origin)})

    redirect.__name__ = name
    redirect.__doc__ = meaning
    behavior(redirect)


for name, location, meaning in (
    ("redirect_to_file", "file:///etc/passwd", "302 to a file of the machine that asks."),
    ("redirect_to_ftp", "ftp://127.0.0.1/pub/news.html", "302 to another protocol."),
    ("redirect_to_data", "data:text/html,<h1>News</h1>", "302 to a page inside its own address."),
    ("redirect_to_script", "javascript:alert(1)", "302 to a script."),
    ("redirect_to_closed_port", "https://127.0.0.1:1/", "302 to a port that nobody listens on."),
    ("redirect_to_mapped", "http://[::ffff:127.0.0.1]:1/", "302 to loopback in its spelling of IPv6."),
    ("redirect_to_number", "http://2130706433/", "302 to loopback as one number."),
    ("redirect_to_garbage", "http://[::bad/", "302 to what is no address."),
    ("redirect_to_bad_port", "http://127.0.0.1:99999999/", "302 to a port that cannot be."),
    ("redirect_home", "{origin}/", "302 to the front page, as sites do with what they took down."),
    ("redirect_to_login", "{origin}/?login=required", "302 to a form."),
    ("redirect_to_long", "{origin}/news/" + "a" * 5_000, "302 to an address of five thousand letters."),
):
    redirect_to(name, location, meaning)


@behavior
async def redirect_nowhere(exchange: Exchange) -> None:
    """302 without a ``Location``."""
    await exchange.respond(302)


@behavior
async def redirect_chain(exchange: Exchange) -> None:
    """302 to another address each time, for ever."""
    path, _, count = exchange.target.partition("?hop=")
    await exchange.respond(302, b"", {"location": f"{exchange.origin}{path}?hop={int(count or 0) + 1}"})


@behavior
async def redirect_with_credentials(exchange: Exchange) -> None:
    """302 to the right page, with a user's name and password in its address; 401 to whoever sends them."""
    if b"authorization" in dict(exchange.scope["headers"]):
        await exchange.respond(401)
    elif exchange.target.endswith("?in"):
        answer = await exchange.healthy()
        await exchange.respond(answer.status, answer.body)
    else:
        location = exchange.origin.replace("//", "//editor:secret@") + exchange.target + "?in"
        await exchange.respond(302, b"", {"location": location})


@behavior
async def cookies_required(exchange: Exchange) -> None:
    """302 to the same address with a cookie, until the cookie comes back."""
    headers = {"location": f"{exchange.origin}{exchange.target}", "set-cookie": "seen=1; Path=/"}
    await exchange.respond(302, b"", headers)


@behavior
async def meta_refresh(exchange: Exchange) -> None:
    """200 with a page that sends browsers elsewhere at once."""
    await exchange.respond(
        200,
        '<html><head><title>Redirecting</title><meta http-equiv="refresh" content="0; url=/news/elsewhere"></head>'
        '<body><p>You are being taken to the article. <a href="/news/elsewhere">Click here</a> if nothing happens.</p>'
        "</body></html>",
    )
