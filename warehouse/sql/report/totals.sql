-- What there is at all. Grain: the warehouse. Inputs: core.articles, core.outlets, raw.runs. User: the report.

SELECT
    COUNT(*) AS article_count,
    COUNT(*) FILTER (first_seen_at >= $since AND first_seen_at < $until) AS new_count,
    COUNT(DISTINCT outlet_id) FILTER (first_seen_at >= $since AND first_seen_at < $until) AS new_outlet_count,
    MIN(first_seen_at) AS oldest_seen_at,
    MAX(first_seen_at) AS newest_seen_at,
    (SELECT COUNT(*) FROM core.outlets) AS outlet_count,
    (SELECT COUNT(*) FROM raw.runs) AS run_count,
    (SELECT MIN(started_at) FROM raw.runs) AS first_run_at
FROM core.articles
