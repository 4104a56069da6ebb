-- main.captures, main.polls, main.outcomes, macro main.is_failure.
-- Grain: one archived response; one poll; one attempt. Inputs: raw.*. Users: analysts, main.outlet_health.

CREATE VIEW main.captures AS
SELECT
    capture_id,
    run_id,
    outlet_id,
    requested_url,
    final_url,
    http_status,
    headers,
    fetched_at,
    body_sha256,
    body_bytes,
    warc_file,
    warc_offset,
    body_dropped_at
FROM raw.captures;

COMMENT ON VIEW main.captures IS 'One fetched response, as it stands in the archive';
COMMENT ON COLUMN main.captures.capture_id IS 'UUID of the WARC record';
COMMENT ON COLUMN main.captures.run_id IS 'Run that recorded it first';
COMMENT ON COLUMN main.captures.outlet_id IS 'Outlet that it was fetched for';
COMMENT ON COLUMN main.captures.requested_url IS 'URL that was asked for';
COMMENT ON COLUMN main.captures.final_url IS 'URL that answered, after redirects';
COMMENT ON COLUMN main.captures.http_status IS 'HTTP status code';
COMMENT ON COLUMN main.captures.headers IS 'Response headers in their order and spelling';
COMMENT ON COLUMN main.captures.fetched_at IS 'When the response was received';
COMMENT ON COLUMN main.captures.body_sha256 IS 'SHA-256 of the decoded body, in hexadecimal';
COMMENT ON COLUMN main.captures.body_bytes IS 'Size of the decoded body';
COMMENT ON COLUMN main.captures.warc_file IS 'WARC file, relative to the archive folder';
COMMENT ON COLUMN main.captures.warc_offset IS 'Offset of the record in the WARC file, in bytes';
COMMENT ON COLUMN main.captures.body_dropped_at IS 'When wirewatch maintain dropped the body, which was no article''s; NULL while the archive has it';

CREATE VIEW main.polls AS
SELECT
    poll_id,
    run_id,
    outlet_id,
    source_id,
    polled_at,
    reason,
    detail,
    http_status,
    listed_count,
    new_count,
    changed_count,
    known_count,
    rejected_count,
    capture_ids
FROM raw.polls;

COMMENT ON VIEW main.polls IS 'One poll of one source';
COMMENT ON COLUMN main.polls.poll_id IS 'Id of the poll';
COMMENT ON COLUMN main.polls.run_id IS 'Run that polled';
COMMENT ON COLUMN main.polls.outlet_id IS 'Outlet of the source';
COMMENT ON COLUMN main.polls.source_id IS 'Kind and URL of the source';
COMMENT ON COLUMN main.polls.polled_at IS 'When the poll ended';
COMMENT ON COLUMN main.polls.reason IS 'How it ended: polled, not_modified, unchanged or the reason of its failure';
COMMENT ON COLUMN main.polls.detail IS 'What was seen, for a person';
COMMENT ON COLUMN main.polls.http_status IS 'HTTP status code, where there was one';
COMMENT ON COLUMN main.polls.listed_count IS 'Items that the source listed';
COMMENT ON COLUMN main.polls.new_count IS 'Links that were not known before';
COMMENT ON COLUMN main.polls.changed_count IS 'Known links that became due again';
COMMENT ON COLUMN main.polls.known_count IS 'Known links about which there was nothing to do';
COMMENT ON COLUMN main.polls.rejected_count IS 'Listed links that are not the outlet''s, or too old';
COMMENT ON COLUMN main.polls.capture_ids IS 'Responses that the poll read';

CREATE VIEW main.outcomes AS
SELECT
    outcome_id,
    run_id,
    outlet_id,
    stage,
    requested_url,
    reason,
    detail,
    http_status,
    occurred_at,
    source_id,
    link_id,
    capture_id,
    article_id
FROM raw.outcomes;

COMMENT ON VIEW main.outcomes IS 'One attempt and what became of it';
COMMENT ON COLUMN main.outcomes.outcome_id IS 'Id of the attempt';
COMMENT ON COLUMN main.outcomes.run_id IS 'Run of the attempt';
COMMENT ON COLUMN main.outcomes.outlet_id IS 'Outlet of the attempt';
COMMENT ON COLUMN main.outcomes.stage IS 'discover, fetch, extract, load or check';
COMMENT ON COLUMN main.outcomes.requested_url IS 'URL of the attempt';
COMMENT ON COLUMN main.outcomes.reason IS 'One of the closed set of reasons';
COMMENT ON COLUMN main.outcomes.detail IS 'What was seen, for a person';
COMMENT ON COLUMN main.outcomes.http_status IS 'HTTP status code, where there was one';
COMMENT ON COLUMN main.outcomes.occurred_at IS 'When it happened';
COMMENT ON COLUMN main.outcomes.source_id IS 'Source of the link or poll, where known';
COMMENT ON COLUMN main.outcomes.link_id IS 'Link of the attempt; NULL for a poll';
COMMENT ON COLUMN main.outcomes.capture_id IS 'Response of the attempt, where one was kept';
COMMENT ON COLUMN main.outcomes.article_id IS 'Article that was loaded, revised or found unchanged';

-- A listed link that is not the outlet's (discover, with a link) is no failure; nor is a page that is no article.
CREATE MACRO main.is_failure(stage, reason, link_id) AS
    NOT (stage = 'discover' AND link_id IS NOT NULL)
    AND reason NOT IN (
        'polled', 'loaded', 'revised',
        'not_modified', 'unchanged', 'already_known', 'not_due', 'too_old', 'outlet_busy', 'budget_spent',
        'listing_page', 'consent_wall', 'paywall_stub', 'soft_404', 'live_blog_shell', 'script_only', 'too_short',
        'empty', 'further_page'
    );

COMMENT ON MACRO main.is_failure IS 'Whether an outcome is a failure: neither a success, nor nothing to do, nor a page that is no article';
