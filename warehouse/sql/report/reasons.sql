-- The one reason for which each link that was discovered in the period ended. Grain: one reason of one class of coverage.
-- Input: main.coverage_reasons. User: the report.

SELECT
    class,
    reason,
    CAST(SUM(link_count) AS BIGINT) AS link_count,
    COUNT(DISTINCT outlet_id) AS outlet_count
FROM main.coverage_reasons
WHERE discovered_date >= $since_date AND discovered_date <= $today
GROUP BY class, reason
ORDER BY link_count DESC, reason
