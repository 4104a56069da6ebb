-- How the outlets are doing, those that need a person on top, then those that have been silent longest; each with its
-- last weeks day by day.
-- Grain: one outlet. Inputs: main.outlet_health, main.outlet_daily. User: warehouse/browse.py.

WITH recent AS (
    SELECT
        outlet_id,
        LIST({'seen_date': seen_date, 'article_count': article_count} ORDER BY seen_date) AS days
    FROM main.outlet_daily
    WHERE seen_date > (SELECT MAX(seen_date) FROM main.outlet_daily) - $days
    GROUP BY outlet_id
)

SELECT
    h.*,
    COALESCE(r.days, []) AS days
FROM main.outlet_health AS h
LEFT JOIN recent AS r ON r.outlet_id = h.outlet_id
ORDER BY
    CASE h.state WHEN 'failing' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END,
    h.silence_hours DESC NULLS FIRST,
    h.outlet_id
