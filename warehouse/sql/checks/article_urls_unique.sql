-- Grain: one address of an outlet that two articles claim, of those that were seen since $since.
-- Inputs: core.articles. Users: warehouse/checks.py.

SELECT
    outlet_id,
    normalized_url,
    COUNT(*) AS article_count
FROM core.articles
WHERE normalized_url IN (SELECT normalized_url FROM core.articles WHERE last_seen_at >= $since)
GROUP BY outlet_id, normalized_url
HAVING COUNT(*) > 1
