-- Grain: one link whose current reason no attempt gave. Inputs: core.links, raw.outcomes.
-- Users: warehouse/checks.py.

SELECT
    l.link_id,
    l.outlet_id,
    l.requested_url,
    l.stage,
    l.reason
FROM core.links AS l
ANTI JOIN raw.outcomes AS o ON o.link_id = l.link_id AND o.stage = l.stage AND o.reason = l.reason
WHERE l.state = 'done'
