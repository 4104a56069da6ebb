-- What became of everything that was discovered, the newest day on top. Grain: one outlet and day of discovery.
-- Inputs: main.coverage, main.outlets. User: warehouse/browse.py.

SELECT
    COALESCE(o.name, c.outlet_id) AS outlet_name,
    c.*
FROM main.coverage AS c
LEFT JOIN main.outlets AS o ON o.outlet_id = c.outlet_id
WHERE c.discovered_date > (SELECT MAX(discovered_date) FROM main.coverage) - $days
ORDER BY c.discovered_date DESC, outlet_name, c.outlet_id
LIMIT $limit
