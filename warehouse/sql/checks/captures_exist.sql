-- Grain: one reference to a capture that is not there, in rows that were written since $since.
-- Inputs: core.*, raw.*. Users: warehouse/checks.py.

WITH touched_links AS (
    SELECT link_id, capture_id, loaded_capture_id
    FROM core.links
    WHERE GREATEST(queued_at, decided_at, extracted_at) >= $since
),

referenced AS (
    SELECT 'core.links' AS referenced_by, link_id AS referrer_id, capture_id FROM touched_links
    UNION ALL
    SELECT 'core.links' AS referenced_by, link_id AS referrer_id, loaded_capture_id AS capture_id FROM touched_links
    UNION ALL
    SELECT 'core.articles' AS referenced_by, article_id AS referrer_id, last_capture_id AS capture_id
    FROM core.articles
    WHERE last_seen_at >= $since
    UNION ALL
    SELECT 'core.revisions' AS referenced_by, revision_id AS referrer_id, capture_id
    FROM core.revisions
    WHERE loaded_at >= $since
    UNION ALL
    SELECT 'core.further_pages' AS referenced_by, first_capture_id AS referrer_id, first_capture_id AS capture_id
    FROM core.further_pages
    WHERE occurred_at >= $since
    UNION ALL
    SELECT 'core.further_pages' AS referenced_by, first_capture_id AS referrer_id, capture_id
    FROM core.further_pages
    WHERE occurred_at >= $since
    UNION ALL
    SELECT 'raw.outcomes' AS referenced_by, outcome_id AS referrer_id, capture_id
    FROM raw.outcomes
    WHERE occurred_at >= $since
    UNION ALL
    SELECT 'raw.polls' AS referenced_by, poll_id AS referrer_id, UNNEST(capture_ids) AS capture_id
    FROM raw.polls
    WHERE polled_at >= $since
)

SELECT
    r.referenced_by,
    r.referrer_id,
    r.capture_id
FROM referenced AS r
WHERE
    r.capture_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM raw.captures AS c WHERE c.capture_id = r.capture_id)
