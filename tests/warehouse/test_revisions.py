"""Placing an article's states in time."""

from __future__ import annotations

import uuid
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from warehouse_samples import NOW, at, make_article, make_capture

from warehouse.revisions import Reading, Revision, changed_fields, content_of, current_of, place, revision_of


def state(minute: int, title: str) -> Revision:
    """The story under a title, as captured at a minute."""
    capture = make_capture(fetched_at=at(minute))
    return revision_of(make_article(title=title), capture, article_id=str(uuid.UUID(int=1)), run_id="r", now=NOW)


def titles(chain: list[Revision]) -> str:
    """The titles of a chain, in order."""
    return "".join(each.content.title if each.content else "-" for each in chain)


def chain_of(*states: tuple[int, str]) -> list[Revision]:
    """States that were loaded in their order, each as news."""
    chain: list[Revision] = []
    for minute, title in states:
        placed = place(chain, state(minute, title))
        assert placed
        chain = placed
    return chain


def test_a_state_that_is_loaded_late_gets_its_place() -> None:
    """The current state stays; numbers, kinds and comparisons of the later ones move."""
    chain = chain_of((5, "B"), (9, "C"))
    placed = place(chain, state(1, "A"))
    assert placed
    assert titles(placed) == "ABC"
    assert [each.kind for each in placed] == ["first", "edit", "edit"]
    assert [each.revision_number for each in placed] == [1, 2, 3]
    assert placed[1].compared_with == placed[0].revision_id
    assert placed[1].changed_fields == ("title",)
    assert current_of(placed).revision_id == chain[1].revision_id


def test_what_the_neighbors_show_is_no_news() -> None:
    """Neither as the state before nor as the state after."""
    chain = chain_of((3, "A"), (9, "B"))
    assert place(chain, state(5, "A")) is None
    assert place(chain, state(5, "B")) is None
    assert place(chain, state(1, "A")) is None
    assert place(chain, state(12, "B")) is None


def test_the_newest_reading_stays_current_though_it_changed_nothing() -> None:
    """A at 1, still A at 9; that it was B at 5 becomes known later: it was A again at 9."""
    last = Reading(capture_id="c9", captured_at=at(9))
    placed = place(chain_of((1, "A")), state(5, "B"), last=last)
    assert placed
    assert titles(placed) == "ABA"
    assert (placed[-1].captured_at, placed[-1].capture_id) == (at(9), "c9")


def test_the_same_capture_read_anew_is_a_reextraction() -> None:
    """What a better extractor changes is not the outlet's edit."""
    chain = chain_of((1, "A"), (5, "B"))
    placed = place(chain, replace(state(1, "A*"), extractor="newer"))
    assert placed
    assert [(each.kind, each.revision_number) for each in placed] == [("first", 1), ("reextracted", 2), ("edit", 3)]
    assert titles(placed) == "AA*B"


def test_a_capture_that_changed_nothing_read_anew_is_a_reextraction() -> None:
    """The newest reading is known though it left no revision."""
    unchanged = replace(state(9, "A*"), extractor="newer")
    last = Reading(capture_id=unchanged.capture_id or "", captured_at=at(9), extractor="older")
    placed = place(chain_of((1, "A")), unchanged, last=last)
    assert placed
    assert placed[-1].kind == "reextracted"


def test_changed_fields_name_what_an_analyst_calls_them() -> None:
    """The text is called text, not its hash; a changed modified_at is no changed field."""
    before = content_of(make_article())
    after = content_of(make_article(text="Other words.", tags=(), modified_at=NOW))
    assert changed_fields(before, after) == ("text", "tags")
    assert content_of(make_article(modified_at=NOW)) == before


OBSERVATIONS = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from("ABC")), min_size=1, max_size=9, unique_by=lambda each: each[0]
)


@given(OBSERVATIONS)
def test_any_order_of_loading_ends_in_the_same_truth(observations: list[tuple[int, str]]) -> None:
    """The newest observation is current, the chain is in order, says nothing twice, and claims only what was seen."""
    chain: list[Revision] = []
    last: Reading | None = None
    for minute, title in observations:
        observed = state(minute, title)
        chain = place(chain, observed, last=last) or chain
        if last is None or observed.captured_at > last.captured_at:
            last = Reading(capture_id=observed.capture_id or "", captured_at=observed.captured_at)
        assert place(chain, observed, last=last) is None, "loading the same again is no news"
    shown = titles(chain)
    assert shown[-1] == max(observations)[1]
    assert all(left != right for left, right in pairwise(shown))
    assert [each.captured_at for each in chain] == sorted(each.captured_at for each in chain)
    assert {(each.captured_at, each.content.title) for each in chain if each.content} <= {
        (at(minute), title) for minute, title in observations
    }
    assert [each.revision_number for each in chain] == list(range(1, len(chain) + 1))
    assert [each.kind for each in chain] == ["first"] + ["edit"] * (len(chain) - 1)
    assert len({each.revision_id for each in chain}) == len(chain)
