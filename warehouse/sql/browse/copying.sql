-- Who copies whom, most first. Grain: one outlet that copies another one. Inputs: main.outlet_republishing, main.outlets.
-- User: warehouse/browse.py.

SELECT
    COALESCE(o.name, r.origin_outlet_id) AS origin_name,
    COALESCE(c.name, r.copy_outlet_id) AS copy_name,
    r.copy_count,
    r.credited_share,
    r.median_lag_minutes
FROM main.outlet_republishing AS r
LEFT JOIN main.outlets AS o ON o.outlet_id = r.origin_outlet_id
LEFT JOIN main.outlets AS c ON c.outlet_id = r.copy_outlet_id
ORDER BY r.copy_count DESC, r.origin_outlet_id, r.copy_outlet_id
LIMIT $limit
