-- Grain: one outlet and day whose books do not balance, of the days of discovery from a month before $since on: a
-- constant that goes down to the links, of which a run has touched few that are older.
-- Inputs: core.links, main.coverage, main.coverage_reasons. Users: warehouse/checks.py.

WITH counted AS (
    SELECT outlet_id, CAST(first_seen_at AT TIME ZONE 'UTC' AS DATE) AS discovered_date, COUNT(*) AS link_count
    FROM core.links
    WHERE first_seen_at >= CAST($since - INTERVAL 30 DAY AS DATE)
    GROUP BY ALL
),

reasons AS (
    SELECT outlet_id, discovered_date, SUM(link_count) AS done
    FROM main.coverage_reasons
    WHERE discovered_date >= CAST($since - INTERVAL 30 DAY AS DATE)
    GROUP BY ALL
),

summed AS (
    SELECT
        outlet_id,
        discovered_date,
        discovered,
        pending,
        loaded + revised + unchanged + no_article + gone + rejected + failed AS done,
        COALESCE(LIST_SUM(MAP_VALUES(reasons)), 0) AS done_by_map
    FROM main.coverage
    WHERE discovered_date >= CAST($since - INTERVAL 30 DAY AS DATE)
)

SELECT
    outlet_id,
    discovered_date,
    l.link_count,
    s.discovered,
    s.pending,
    s.done,
    COALESCE(r.done, 0) AS done_by_reasons
FROM counted AS l
FULL JOIN summed AS s USING (outlet_id, discovered_date)
FULL JOIN reasons AS r USING (outlet_id, discovered_date)
WHERE
    l.link_count IS DISTINCT FROM s.discovered
    OR s.discovered IS DISTINCT FROM s.pending + s.done
    OR s.done <> COALESCE(r.done, 0)
    OR s.done <> s.done_by_map
