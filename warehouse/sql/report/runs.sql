-- How often wirewatch was at work. Grain: one UTC day, command and status. Input: main.runs. User: the report.

SELECT
    CAST(MAKE_TIMESTAMP(EPOCH_US(started_at)) AS DATE) AS started_date,
    command,
    status,
    COUNT(*) AS run_count
FROM main.runs
WHERE started_at >= $since AND started_at < $until
GROUP BY ALL
ORDER BY ALL
