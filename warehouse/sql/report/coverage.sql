-- What became of the links that were discovered in the period, until now. Always: discovered = pending + loaded + revised
-- + unchanged + no_article + gone + rejected + failed. Grain: one outlet. Input: main.coverage. User: the report.

SELECT
    outlet_id,
    CAST(SUM(discovered) AS BIGINT) AS discovered,
    CAST(SUM(fetched) AS BIGINT) AS fetched,
    CAST(SUM(extracted) AS BIGINT) AS extracted,
    CAST(SUM(with_article) AS BIGINT) AS with_article,
    CAST(SUM(pending) AS BIGINT) AS pending,
    CAST(SUM(loaded) AS BIGINT) AS loaded,
    CAST(SUM(revised) AS BIGINT) AS revised,
    CAST(SUM(unchanged) AS BIGINT) AS unchanged,
    CAST(SUM(no_article) AS BIGINT) AS no_article,
    CAST(SUM(gone) AS BIGINT) AS gone,
    CAST(SUM(rejected) AS BIGINT) AS rejected,
    CAST(SUM(failed) AS BIGINT) AS failed
FROM main.coverage
WHERE discovered_date >= $since_date AND discovered_date <= $today
GROUP BY outlet_id
ORDER BY discovered DESC, outlet_id
