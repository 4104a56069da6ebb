-- Grain: one of three attempts that show what a check found: the newest of each reason first. Input: raw.outcomes.
-- Users: warehouse/health/evidence.py.

WITH shown AS (
    SELECT
        requested_url,
        reason,
        occurred_at,
        ROW_NUMBER() OVER (PARTITION BY reason ORDER BY occurred_at DESC, requested_url) AS place
    FROM raw.outcomes
    WHERE
        outlet_id = $outlet_id
        AND occurred_at > $from_date
        AND stage <> 'discover'
        AND main.coverage_class(reason) = CASE $check_name WHEN 'failures' THEN 'failed' ELSE 'no_article' END
)

SELECT requested_url || ' (' || reason || ')' AS sample
FROM shown
ORDER BY place, occurred_at DESC, requested_url
LIMIT 3
