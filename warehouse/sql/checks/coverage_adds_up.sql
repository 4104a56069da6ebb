-- Grain: one outlet and day whose books do not balance. Inputs: main.coverage, main.coverage_reasons.
-- Users: warehouse/checks.py.

WITH reasons AS (
    SELECT outlet_id, discovered_date, SUM(link_count) AS done
    FROM main.coverage_reasons
    GROUP BY outlet_id, discovered_date
)

SELECT
    c.outlet_id,
    c.discovered_date,
    c.discovered,
    c.pending,
    COALESCE(r.done, 0) AS done
FROM main.coverage AS c
LEFT JOIN reasons AS r ON r.outlet_id = c.outlet_id AND r.discovered_date = c.discovered_date
WHERE
    c.discovered <> c.pending + COALESCE(r.done, 0)
    OR c.discovered <> c.pending + COALESCE(LIST_SUM(MAP_VALUES(c.reasons)), 0)
