from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story_members import SEEN, make_member

from warehouse.stories.members import Member, names_of
from warehouse.stories.origins import OriginReason, Pair, lead_of, origin_of, reason_first, rooted

NAMES = {outlet: names_of(outlet.title(), (), ()) for outlet in ("alpha", "beta", "gamma")}


def at(minutes: float) -> Any:
    """A time some minutes after two hours before noon."""
    return SEEN - timedelta(hours=2) + timedelta(minutes=minutes)


def origins(members: Sequence[Member], pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The origin of each of some articles."""
    by_id = {member.article_id: member for member in members}
    known = [Pair(first_id=min(pair), second_id=max(pair), similarity=0.9, containment=1.0) for pair in pairs]
    leads = rooted(
        {
            each: lead_of(
                by_id[each], [pair for pair in known if each in (pair.first_id, pair.second_id)], by_id, NAMES
            )
            for each in by_id
        }
    )
    return {each: origin_of(each, leads) for each in by_id}


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({}, {"published_at": at(1)}, OriginReason.PUBLISHED_AT),
        ({"published_at": at(1)}, {}, None),
        ({"published_at": at(9)}, {"original_publisher": "Alpha"}, OriginReason.SOURCE_LINE),
        ({"published_at": at(9)}, {"agency": ("Alpha",)}, OriginReason.AGENCY),
        ({"original_publisher": "Beta"}, {"agency": ("Alpha",), "published_at": at(1)}, None),
        (
            {"original_publisher": "Beta"},
            {"original_publisher": "Alpha", "published_at": at(1)},
            OriginReason.PUBLISHED_AT,
        ),
        (
            {"published_at": None},
            {"first_seen_at": SEEN + timedelta(1), "published_at": None},
            OriginReason.FIRST_SEEN_AT,
        ),
        ({}, {"published_at": None}, OriginReason.PUBLISHED_AT),
        ({}, {}, OriginReason.FIRST_SEEN_AT),
    ],
)
def test_the_first_publisher_is_known_by_source_line_then_times(
    first: dict[str, Any], second: dict[str, Any], reason: OriginReason | None
) -> None:
    """A source line counts more than an agency, that more than any time; of two that name each other, times count."""
    one, other = make_member("a", "alpha", **first), make_member("b", "beta", **second)
    assert reason_first(one, other, NAMES) is reason
    assert (reason_first(other, one, NAMES) is None) is (reason is not None)


def test_a_copy_hangs_on_whom_it_names_before_the_earliest() -> None:
    """Another outlet may have had it sooner; the source line says where this one has it from."""
    members = [
        make_member("a", "alpha", published_at=at(5)),
        make_member("b", "beta", published_at=at(0)),
        make_member("c", "gamma", published_at=at(9), original_publisher="Alpha"),
    ]
    assert origins(members, [("a", "c"), ("b", "c")]) == {"a": "a", "b": "b", "c": "a"}


def test_a_copy_of_a_copy_belongs_to_the_first() -> None:
    """The third shares a paragraph with the second that the first does not have."""
    members = [make_member(each, "alpha", published_at=at(n)) for n, each in enumerate("abc")]
    assert origins(members, [("a", "b"), ("b", "c")]) == {"a": "a", "b": "a", "c": "a"}


def test_a_digest_joins_no_two_stories() -> None:
    """It is like both, and belongs to one."""
    members = [make_member(each, "alpha", published_at=at(n)) for n, each in enumerate("abd")]
    assert origins(members, [("a", "d"), ("b", "d")]) == {"a": "a", "b": "b", "d": "a"}


def test_a_circle_opens_at_whom_the_source_line_names() -> None:
    """Beta names Alpha, which published after Gamma, which published after Beta."""
    members = [
        make_member("a", "alpha", published_at=at(9)),
        make_member("b", "beta", published_at=at(0), original_publisher="Alpha"),
        make_member("c", "gamma", published_at=at(5)),
    ]
    assert set(origins(members, [("a", "b"), ("b", "c"), ("a", "c")]).values()) == {"a"}


def test_the_story_of_who_is_not_looked_at_is_taken_over() -> None:
    """Only what may have changed is worked out again."""
    known = make_member("k", "alpha", story_id="root", published_at=at(0))
    new = make_member("n", "beta", published_at=at(1))
    pair = Pair(first_id="k", second_id="n", similarity=1, containment=1)
    leads = rooted({"n": lead_of(new, [pair], {"k": known, "n": new}, NAMES)})
    assert origin_of("n", leads) == "root"


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from([None, "Alpha", "Beta", "Gamma"])), min_size=2, max_size=7),
    st.randoms(use_true_random=False),
)
def test_origins_depend_on_no_order(articles: list[tuple[int, str | None]], random: Any) -> None:
    """Whatever the times and source lines say, every article gets one origin, which is its own."""
    members = [
        make_member(str(n), ("alpha", "beta", "gamma")[n % 3], published_at=at(minutes), original_publisher=says)
        for n, (minutes, says) in enumerate(articles)
    ]
    pairs = [pair for pair in itertools.combinations([each.article_id for each in members], 2) if random.random() < 0.6]
    found = origins(members, pairs)
    assert all(found[origin] == origin for origin in found.values())
    shuffled, turned = list(members), list(pairs)
    random.shuffle(shuffled)
    random.shuffle(turned)
    assert origins(shuffled, turned) == found
