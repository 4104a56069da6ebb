-- How much was edited, taken down and put back. Grain: one outlet. Inputs: core.revisions, core.articles.
-- User: the report.

SELECT
    a.outlet_id,
    COUNT(*) FILTER (r.kind = 'edit') AS edit_count,
    COUNT(DISTINCT r.article_id) FILTER (r.kind = 'edit') AS edited_article_count,
    COUNT(*) FILTER (r.kind = 'removed') AS removed_count,
    COUNT(*) FILTER (r.kind = 'restored') AS restored_count
FROM core.revisions AS r
JOIN core.articles AS a ON a.article_id = r.article_id
WHERE r.kind IN ('edit', 'removed', 'restored') AND r.captured_at >= $since AND r.captured_at < $until
GROUP BY a.outlet_id
ORDER BY edit_count DESC, a.outlet_id
