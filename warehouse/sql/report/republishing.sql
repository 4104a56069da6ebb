-- Who copied whom: copies that were first seen in the period. Grain: one outlet that was first and one that copied.
-- Inputs: main.republications, core.articles. User: the report.

SELECT
    p.origin_outlet_id,
    p.copy_outlet_id,
    COUNT(*) AS copy_count,
    COUNT(*) FILTER (p.is_credited) AS credited_count,
    MEDIAN(p.lag_minutes) AS median_lag_minutes,
    COUNT(*) OVER () AS total_count,
    CAST(SUM(COUNT(*)) OVER () AS BIGINT) AS total_copy_count
FROM main.republications AS p
JOIN core.articles AS c ON c.article_id = p.copy_article_id
WHERE p.origin_outlet_id <> p.copy_outlet_id AND c.first_seen_at >= $since AND c.first_seen_at < $until
GROUP BY p.origin_outlet_id, p.copy_outlet_id
ORDER BY copy_count DESC, p.origin_outlet_id, p.copy_outlet_id
LIMIT $limit
