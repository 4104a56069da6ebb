-- Grain: one link whose current reason no attempt gave, of those that something became of since $since.
-- Inputs: core.links, raw.outcomes. Users: warehouse/checks.py.

WITH decided AS (
    SELECT link_id, outlet_id, requested_url, stage, reason
    FROM core.links
    WHERE state = 'done' AND GREATEST(queued_at, decided_at, extracted_at) >= $since
),

-- Only their own outcomes meet the comparison: there are several times as many of all links.
told AS (
    SELECT o.link_id, o.stage, o.reason
    FROM raw.outcomes AS o
    SEMI JOIN decided AS d ON d.link_id = o.link_id
)

SELECT
    d.link_id,
    d.outlet_id,
    d.requested_url,
    d.stage,
    d.reason
FROM decided AS d
ANTI JOIN told AS t ON t.link_id = d.link_id AND t.stage = d.stage AND t.reason = d.reason
