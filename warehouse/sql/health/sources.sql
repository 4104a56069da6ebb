-- Grain: one source of an outlet's file that was polled. Inputs: core.source_schedules, configured (outlet and source).
-- Users: warehouse/health/figures.py.

SELECT
    s.outlet_id,
    s.source_id,
    c.position,
    s.last_reason,
    s.good_at,
    (EPOCH($now) - EPOCH(s.failing_since)) / 3600 AS failing_hours
FROM core.source_schedules AS s
JOIN configured AS c ON c.outlet_id = s.outlet_id AND c.source_id = s.source_id
ORDER BY s.outlet_id, c.position
