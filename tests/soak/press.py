"""Six invented outlets on loopback that publish every few seconds, and that can be made to fail while they are watched.

    with running_press(seed=1) as press:
        press.set_mood("harbor_times", Mood.SILENT)       # goes on answering, publishes nothing
        press.url("harbor_times")

Each has a port, a feed and pages of its own; what it publishes is drawn from a seed. An outlet that is down does not
accept connections at all.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum
from html import escape

ADDRESS = "127.0.0.1"
START_SECONDS = 10.0
SLOW_SECONDS = 8.0
FEED_ITEMS = 60
HEAD_BYTES = 65_536

OUTLETS = {
    "harbor_times": "The Harbor Times",
    "valley_post": "The Valley Post",
    "northern_wire": "Northern Wire",
    "lake_courier": "The Lake Courier",
    "ridge_monitor": "Ridge Monitor",
    "plains_herald": "The Plains Herald",
}

WHO = ("The town council", "A committee of farmers", "The harbor office", "A panel of engineers", "The school board",
       "The water authority", "A group of residents", "The market inspectors")  # fmt: skip
DID = ("agreed to", "put off", "asked for", "published", "criticized", "paid for", "voted on", "withdrew")
WHAT = ("a plan for the old bridge", "the repair of two pumping stations", "new rules for the night market",
        "a survey of the eastern wells", "the budget for winter roads", "an inquiry into the ferry’s delays",
        "a list of unsafe buildings", "the sale of the former mill")  # fmt: skip
WHERE = (
    "in Port Amal",
    "at Dar Qasim",
    "in the upper valley",
    "near the lake",
    "on the northern ridge",
    "in Wadi Sumr",
)
THEN = ("Work is to begin before the first snow and will take about {n} weeks.",
        "Officials put the cost at {n} million and said that no tax would rise for it.",
        "Some {n} families have waited for a decision since the flood of last spring.",
        "A first attempt failed {n} years ago, when two contractors went out of business.",
        "Of the {n} people who spoke at the hearing, most asked for more time.",
        "The minutes, {n} pages long, are to be laid open at the town hall.")  # fmt: skip


class Mood(StrEnum):
    """How an outlet does."""

    WELL = "well"
    SILENT = "silent"
    SLOW = "slow"
    BUSY = "busy"
    REDESIGNED = "redesigned"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article as it was written."""

    number: int
    title: str
    author: str
    published_at: datetime
    paragraphs: tuple[str, ...]


@dataclass(slots=True)
class House:
    """One outlet: what it has published, and how it does now."""

    outlet_id: str
    dice: random.Random
    every_seconds: float
    stories: list[Story] = field(default_factory=list)
    mood: Mood = Mood.WELL
    port: int = 0
    server: asyncio.Server | None = None
    requests: int = 0

    def publish(self, now: datetime) -> None:
        """Write one more story."""
        dice = self.dice
        number = len(self.stories) + 1
        title = f"{dice.choice(WHO)} {dice.choice(DID)} {dice.choice(WHAT)} {dice.choice(WHERE)}"
        paragraphs = tuple(self.paragraph(number, part) for part in range(dice.randint(6, 10)))
        author = f"{dice.choice(('Lina', 'Omar', 'Ruth', 'Karim', 'Edda'))} {dice.choice(('Haddad', 'Moss', 'Sabri'))}"
        self.stories.append(Story(number=number, title=title, author=author, published_at=now, paragraphs=paragraphs))

    def paragraph(self, number: int, part: int) -> str:
        """A few sentences; none of another story's has the same."""
        dice = self.dice
        deed = f"{dice.choice(WHO)} {dice.choice(DID)} {dice.choice(WHAT)} {dice.choice(WHERE)}"
        first = f"{deed}, {OUTLETS[self.outlet_id]} was told in report {number}.{part}."
        return " ".join((first, *(each.format(n=dice.randint(2, 90)) for each in dice.sample(THEN, 2))))


class Press:
    """The outlets while they run. Its methods may be called from any thread."""

    def __init__(self, seed: int, every_seconds: float) -> None:
        self.houses = {
            outlet_id: House(outlet_id, random.Random(f"{seed} {outlet_id}"), every_seconds) for outlet_id in OUTLETS
        }
        self._loop = asyncio.new_event_loop()
        self._closing = threading.Event()

    def url(self, outlet_id: str) -> str:
        """An outlet's address, without a slash at its end."""
        return f"http://{ADDRESS}:{self.houses[outlet_id].port}"

    def set_mood(self, outlet_id: str, mood: Mood) -> None:
        """Let an outlet do well or badly from now on."""
        asyncio.run_coroutine_threadsafe(self._set_mood(self.houses[outlet_id], mood), self._loop).result(10)

    async def _set_mood(self, house: House, mood: Mood) -> None:
        house.mood = mood
        if mood is Mood.DOWN and house.server is not None:
            house.server.close()
            house.server = None
        elif mood is not Mood.DOWN and house.server is None:
            await self._listen(house)

    async def _listen(self, house: House) -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await answer(house, reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                pass  # the other side went away; nobody is left to tell
            finally:
                writer.close()

        house.server = await asyncio.start_server(serve, ADDRESS, house.port, limit=HEAD_BYTES, reuse_address=True)
        house.port = house.server.sockets[0].getsockname()[1]

    async def _publish_for_ever(self, house: House) -> None:
        while True:
            if house.mood is not Mood.SILENT:
                house.publish(datetime.now(UTC))
            await asyncio.sleep(house.every_seconds * house.dice.uniform(0.7, 1.3))

    async def _run(self, started: threading.Event) -> None:
        for house in self.houses.values():
            for _ in range(10):
                house.publish(datetime.now(UTC))
            await self._listen(house)
        writers = [asyncio.create_task(self._publish_for_ever(house)) for house in self.houses.values()]
        started.set()
        await asyncio.to_thread(self._closing.wait)
        for task in writers:
            task.cancel()
        for house in self.houses.values():
            if house.server is not None:
                house.server.close()

    def run(self, started: threading.Event) -> None:
        """Serve until ``close``; the thread's work."""
        self._loop.run_until_complete(self._run(started))

    def close(self) -> None:
        """Let ``run`` end."""
        self._closing.set()


async def answer(house: House, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request and close the connection."""
    head = await reader.readuntil(b"\r\n\r\n")
    house.requests += 1
    path = head.split(b" ", 2)[1].decode("ascii", "replace")
    if house.mood is Mood.SLOW:
        await asyncio.sleep(SLOW_SECONDS)
    if house.mood is Mood.BUSY and path != "/robots.txt":
        await send(writer, 429, "text/plain", "too many requests", "Retry-After: 30\r\n")
        return
    kind, body = content_of(house, path)
    await send(writer, 200 if body else 404, kind, body)


def content_of(house: House, path: str) -> tuple[str, str]:
    """What stands at a path; nothing where nothing does."""
    if path == "/feed.xml":
        return "application/rss+xml; charset=utf-8", feed_of(house)
    if path.startswith("/news/") and path[6:].isdigit():
        number = int(path[6:])
        if 1 <= number <= len(house.stories):
            return "text/html; charset=utf-8", page_of(house, house.stories[number - 1])
    return "text/plain", ""


async def send(writer: asyncio.StreamWriter, status: int, kind: str, body: str, more: str = "") -> None:
    """Send a whole answer."""
    data = body.encode()
    head = f"HTTP/1.1 {status} {'OK' if status == 200 else 'No'}\r\nContent-Type: {kind}\r\n{more}"
    writer.write(f"{head}Content-Length: {len(data)}\r\nConnection: close\r\n\r\n".encode() + data)
    await writer.drain()


def feed_of(house: House) -> str:
    """The newest stories as RSS 2.0."""
    origin = f"http://{ADDRESS}:{house.port}"
    items = "".join(
        f"<item><title>{escape(story.title)}</title><link>{origin}/news/{story.number}</link>"
        f"<guid>{origin}/news/{story.number}</guid><pubDate>{format_datetime(story.published_at)}</pubDate></item>"
        for story in reversed(house.stories[-FEED_ITEMS:])
    )
    name = escape(OUTLETS[house.outlet_id])
    return f'<rss version="2.0"><channel><title>{name}</title><link>{origin}/</link>{items}</channel></rss>'


def page_of(house: House, story: Story) -> str:
    """One story's page; the new design keeps the first paragraph where all of them stood."""
    name = OUTLETS[house.outlet_id]
    paragraphs = [f"<p>{escape(each)}</p>" for each in story.paragraphs]
    is_new = house.mood is Mood.REDESIGNED
    kept, moved = (paragraphs[:1], paragraphs[1:]) if is_new else (paragraphs, [])
    byline = "" if is_new else f'<p class="byline">By {escape(story.author)}</p>'
    author = "" if is_new else f'<meta name="author" content="{escape(story.author)}">'
    return f"""<!DOCTYPE html><html lang="en"><head><title>{escape(story.title)} | {escape(name)}</title>{author}
<meta property="article:published_time" content="{story.published_at.isoformat()}">
<meta property="og:title" content="{escape(story.title)}"></head>
<body><nav><a href="/">Home</a> <a href="/about">About</a></nav>
<article><h1>{escape(story.title)}</h1>{byline}
<div class="entry-content">{"".join(kept)}</div>
<div class="reader-flow"><div>{"</div><div>".join(moved)}</div></div></article>
<footer>All rights reserved by {escape(name)}.</footer></body></html>"""


@contextmanager
def running_press(*, seed: int = 1, every_seconds: float = 25.0) -> Iterator[Press]:
    """Serve the outlets while the block runs.

    Raises:
        RuntimeError: They did not come up.
    """
    press, started = Press(seed, every_seconds), threading.Event()
    thread = threading.Thread(target=press.run, args=(started,), name="press", daemon=True)
    thread.start()
    try:
        if not started.wait(START_SECONDS):
            raise RuntimeError("the outlets did not come up")
        yield press
    finally:
        press.close()
        thread.join(START_SECONDS)
