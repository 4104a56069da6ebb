-- Grain: one dropped body that an article, a revision or a page that waits still needs.
-- Inputs: raw.captures, core.*. Users: warehouse/audits.py.

WITH needed AS (
    SELECT last_capture_id AS capture_id, article_id AS needed_by FROM core.articles
    UNION ALL
    SELECT capture_id, article_id AS needed_by FROM core.revisions
    UNION ALL
    SELECT capture_id, link_id AS needed_by FROM core.links WHERE state = 'fetched'
)

SELECT
    n.capture_id,
    n.needed_by,
    c.body_dropped_at
FROM needed AS n
JOIN raw.captures AS c ON c.capture_id = n.capture_id
WHERE c.body_dropped_at IS NOT NULL
