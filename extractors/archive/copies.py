"""Turns a response from somebody else's WARC file, or a saved page, into a capture of ours, with its own id."""

from __future__ import annotations

from extractors.archive.exchange import ArchivedResponse, RawResponse
from extractors.archive.writer import Archive
from extractors.records import Capture


def copy_response(response: ArchivedResponse, archive: Archive, *, outlet_id: str) -> Capture:
    """Append a response to our own archive, so that the warehouse points at nothing else.

    The ``capture_id`` is the original record's, so whoever calls this can ask first whether it is known already.

    Raises:
        ArchiveError: It could not be written.
    """
    location = archive.append(
        RawResponse(
            requested_url=response.requested_url,
            final_url=response.target_url,
            http_status=response.http_status,
            reason_phrase=response.reason_phrase,
            headers=tuple((name.encode(), value.encode()) for name, value in response.headers),
            raw_body=response.raw_body,
            fetched_at=response.fetched_at,
            capture_id=response.capture_id,
            is_resource=response.is_resource,
        )
    )
    return Capture(
        capture_id=location.capture_id,
        outlet_id=outlet_id,
        requested_url=response.requested_url,
        final_url=response.target_url,
        http_status=response.http_status,
        headers=response.headers,
        fetched_at=response.fetched_at,
        body_sha256=response.body_sha256,
        body_bytes=len(response.body),
        warc_file=location.warc_file,
        warc_offset=location.warc_offset,
    )
