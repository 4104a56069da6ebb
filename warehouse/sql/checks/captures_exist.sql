-- Grain: one reference to a capture that is not there. Inputs: core.*, raw.*. Users: warehouse/checks.py.

WITH referenced AS (
    SELECT 'core.links' AS referenced_by, link_id AS referrer_id, capture_id FROM core.links
    UNION ALL
    SELECT 'core.links' AS referenced_by, link_id AS referrer_id, loaded_capture_id AS capture_id FROM core.links
    UNION ALL
    SELECT 'core.articles' AS referenced_by, article_id AS referrer_id, last_capture_id AS capture_id
    FROM core.articles
    UNION ALL
    SELECT 'core.revisions' AS referenced_by, revision_id AS referrer_id, capture_id FROM core.revisions
    UNION ALL
    SELECT 'core.further_pages' AS referenced_by, first_capture_id AS referrer_id, first_capture_id AS capture_id
    FROM core.further_pages
    UNION ALL
    SELECT 'core.further_pages' AS referenced_by, first_capture_id AS referrer_id, capture_id
    FROM core.further_pages
    UNION ALL
    SELECT 'raw.outcomes' AS referenced_by, outcome_id AS referrer_id, capture_id FROM raw.outcomes
    UNION ALL
    SELECT 'raw.polls' AS referenced_by, poll_id AS referrer_id, UNNEST(capture_ids) AS capture_id FROM raw.polls
)

SELECT
    r.referenced_by,
    r.referrer_id,
    r.capture_id
FROM referenced AS r
WHERE
    r.capture_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM raw.captures AS c WHERE c.capture_id = r.capture_id)
