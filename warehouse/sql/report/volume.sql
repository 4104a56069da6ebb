-- Articles that were first seen, beside what is usual on these weekdays. The day that is not over is compared with
-- nothing. Grain: one outlet and day, week or month. Input: main.outlet_daily. User: the report.

SELECT
    outlet_id,
    CAST(DATE_TRUNC($step, seen_date) AS DATE) AS start_date,
    CAST(SUM(article_count) AS BIGINT) AS article_count,
    CAST(
        SUM(article_count) FILTER (usual_article_count IS NOT NULL AND seen_date < $today) AS BIGINT
    ) AS compared_count,
    SUM(usual_article_count) FILTER (seen_date < $today) AS usual_count,
    COUNT(*) FILTER (article_count = 0 AND seen_date < $today) AS silent_days
FROM main.outlet_daily
WHERE seen_date >= $since_date AND seen_date <= $today
GROUP BY ALL
ORDER BY ALL
