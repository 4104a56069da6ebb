-- How long after publication articles were first seen; what came seven days later or more was found by a backfill, and
-- is counted apart, as in main.publication_lag. Grain: one outlet. Input: core.article_facts. User: the report.

SELECT
    outlet_id,
    COUNT(*) AS article_count,
    COUNT(*) FILTER (lag_minutes < 10_080) AS measured_count,
    COUNT(*) FILTER (lag_minutes >= 10_080) AS late_count,
    COUNT(*) FILTER (lag_minutes IS NULL) AS unknown_count,
    QUANTILE_CONT(lag_minutes, 0.5) FILTER (lag_minutes < 10_080) AS p50_minutes,
    QUANTILE_CONT(lag_minutes, 0.9) FILTER (lag_minutes < 10_080) AS p90_minutes
FROM core.article_facts
WHERE seen_date >= $since_date AND seen_date <= $today
GROUP BY outlet_id
ORDER BY measured_count DESC, outlet_id
