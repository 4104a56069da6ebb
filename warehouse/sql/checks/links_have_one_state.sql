-- Grain: one link that is done without a reason, fetched without a capture, or leads to an article that is missing.
-- Inputs: core.links, core.articles. Users: warehouse/checks.py.

SELECT
    l.link_id,
    l.state,
    l.reason,
    l.capture_id,
    l.article_id
FROM core.links AS l
LEFT JOIN core.articles AS a ON a.article_id = l.article_id
WHERE
    (l.state = 'done' AND (l.reason IS NULL OR l.stage IS NULL))
    OR (l.state = 'fetched' AND l.capture_id IS NULL)
    OR (l.state = 'done' AND l.retry_at IS NOT NULL AND l.article_id IS NULL)
    OR (l.article_id IS NOT NULL AND a.article_id IS NULL)
