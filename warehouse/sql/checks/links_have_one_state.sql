-- Grain: one link that is done without a reason, fetched without a capture, or leads to an article that is missing, of
-- those that something became of since $since.
-- Inputs: core.links, core.articles. Users: warehouse/checks.py.

SELECT
    l.link_id,
    l.state,
    l.reason,
    l.capture_id,
    l.article_id
FROM core.links AS l
WHERE
    GREATEST(l.queued_at, l.decided_at, l.extracted_at) >= $since
    AND (
        (l.state = 'done' AND (l.reason IS NULL OR l.stage IS NULL))
        OR (l.state = 'fetched' AND l.capture_id IS NULL)
        OR (l.state = 'done' AND l.retry_at IS NOT NULL AND l.article_id IS NULL)
        OR (
            l.article_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM core.articles AS a WHERE a.article_id = l.article_id)
        )
    )
