from __future__ import annotations

from typing import Any

import httpx
import pytest

from newsroom import Edition, RunningNewsroom


def test_the_edition_changes_over_http(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """By either port, as the demo does it."""
    response = client.post(f"{newsroom.gazette_url}/_newsroom/edition", json={"edition": "evening"})
    assert response.json() == {"edition": "evening"}
    assert newsroom.edition is Edition.EVENING
    assert client.get(f"{newsroom.observatory_url}/en/41422/").status_code == 200


def test_misbehavior_is_ordered_counted_and_ended_over_http(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """Twice, then well again; DELETE ends what has no count."""
    control, url = f"{newsroom.observatory_url}/_newsroom/misbehave", f"{newsroom.observatory_url}/en/feed/"
    client.post(control, json={"site": "observatory", "path": "/en/feed/", "behavior": "http_503", "times": 2})
    assert [client.get(url).status_code for _ in range(3)] == [503, 503, 200]
    client.post(control, json={"site": "observatory", "path": "/en/.*", "behavior": "http_403"})
    assert [client.get(url).status_code for _ in range(3)] == [403, 403, 403]
    assert client.delete(control).status_code == 200
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("edition", {"edition": "noon"}),
        ("edition", {}),
        ("edition", []),
        ("misbehave", {"site": "observatory", "path": "/", "behavior": "http_299"}),
        ("misbehave", {"site": "tribune", "path": "/", "behavior": "http_503"}),
        ("misbehave", {"site": "gazette", "behavior": "http_503"}),
        ("misbehave", {"site": "gazette", "path": "(", "behavior": "http_503"}),
    ],
)
def test_a_wrong_order_is_refused_and_changes_nothing(
    newsroom: RunningNewsroom, client: httpx.Client, path: str, body: Any
) -> None:
    """400 with a sentence."""
    response = client.post(f"{newsroom.gazette_url}/_newsroom/{path}", json=body)
    assert response.status_code == 400
    assert response.json()["problem"]
    assert newsroom.edition is Edition.MORNING
    assert client.get(f"{newsroom.gazette_url}/").status_code == 200


def test_an_order_holds_for_its_host_and_its_addresses_only(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """A path is matched whole, with its query or without; the latest order goes first."""
    newsroom.misbehave("observatory", "/en/", "http_403")
    assert client.get(f"{newsroom.observatory_url}/en/?p=41207").status_code == 403
    assert client.get(f"{newsroom.observatory_url}/en/41207/").status_code == 200
    assert client.get(f"{newsroom.gazette_url}/").status_code == 200
    newsroom.misbehave("observatory", "/en/?p=41207", "http_404", times=1)
    assert client.get(f"{newsroom.observatory_url}/en/?p=41207").status_code == 404
    assert client.get(f"{newsroom.observatory_url}/en/?p=41207").status_code == 403


def test_requests_are_logged_as_they_came(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """Host, method, path with its query, headers in lower case; control requests are not the outlets' business."""
    client.get(f"{newsroom.observatory_url}/en/?p=41207", headers={"User-Agent": "wirewatch/0 (+https://a.example)"})
    client.head(f"{newsroom.gazette_url}/robots.txt")
    client.get(f"{newsroom.gazette_url}/_newsroom/state")
    first, second = newsroom.requests
    assert (first.host, first.method, first.path) == ("observatory", "GET", "/en/?p=41207")
    assert first.headers["user-agent"] == "wirewatch/0 (+https://a.example)"
    assert (second.host, second.method, second.path) == ("gazette", "HEAD", "/robots.txt")
    newsroom.forget_requests()
    assert newsroom.requests == ()


def test_the_state_lists_every_behavior_with_a_sentence(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """What can be ordered is documented where it is ordered."""
    state = client.get(f"{newsroom.gazette_url}/_newsroom/state").json()
    assert state["edition"] == "morning"
    assert all(sentence.endswith(".") for sentence in state["behaviors"].values())
