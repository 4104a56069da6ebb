"""What sources said of links, as the archive has it noted: which wording need not be noted again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb

from extractors.records import Hints
from warehouse.rows import hint_id_of, hints_from, read_by_keys

# Wordings that were stored before there was a journal are noted when they are seen the next time.
READ_SIGHTED = """
    SELECT
        CAST(s.link_id AS VARCHAR) AS link_id, s.source_id, h.is_archived,
        h.hint_id, h.title, h.standfirst, h.body_html, h.language, h.authors,
        h.published, h.modified, h.cms_id, h.section, h.tags, h.image_url
    FROM core.sightings AS s
    JOIN core.hints AS h ON h.hint_id = s.hint_id
    JOIN wanted AS w ON s.link_id = CAST(w.key AS UUID)
"""
Sighting = tuple[str, str]
"""``link_id`` and ``source_id``."""


def archived_hints(con: duckdb.DuckDBPyConnection, listed: Mapping[Sighting, Hints]) -> set[Sighting]:
    """Those of some sightings whose source said the very same at its last listing, and the archive has it."""
    rows = read_by_keys(con, READ_SIGHTED, (link_id for link_id, _ in listed))
    known = {(row["link_id"], row["source_id"]): row["hint_id"] for row in rows if row["is_archived"]}
    return {key for key, hints in listed.items() if hints != Hints() and known.get(key) == hint_id_of(hints)}


def hints_of_sightings(con: duckdb.DuckDBPyConnection, sightings: Iterable[Sighting]) -> dict[Sighting, Hints]:
    """What sources said when they listed links last."""
    wanted = set(sightings)
    rows = read_by_keys(con, READ_SIGHTED, (link_id for link_id, _ in wanted))
    return {key: hints_from(row) for row in rows if (key := (row["link_id"], row["source_id"])) in wanted}
