-- Articles that were taken down or put back, newest first, with the headline that they had or have.
-- Grain: one takedown or restoration. Inputs: core.revisions, core.articles. User: the report.

SELECT
    a.outlet_id,
    r.kind,
    r.captured_at,
    c.title,
    c.language,
    c.canonical_url,
    c.published_at,
    a.removed_at IS NOT NULL AS is_removed_now,
    r.article_id,
    COUNT(*) OVER () AS total_count
FROM core.revisions AS r
JOIN core.articles AS a ON a.article_id = r.article_id
JOIN core.revisions AS c ON c.revision_id = a.current_revision_id
WHERE r.kind IN ('removed', 'restored') AND r.captured_at >= $since AND r.captured_at < $until
ORDER BY r.captured_at DESC, r.revision_id
LIMIT $limit
