-- main.sources. Grain: one source that was polled. Input: core.source_schedules.
-- Users: analysts, who want to know whether a source is silent or failing.

CREATE VIEW main.sources AS
SELECT
    outlet_id,
    source_id,
    interval_minutes,
    fresh_minutes,
    polled_at AS last_polled_at,
    good_at AS last_success_at,
    due_at,
    last_reason,
    failing_since,
    failure_count,
    failure_weight,
    recovered_at,
    NULLIF(recovery, '') AS recovery
FROM core.source_schedules;

COMMENT ON VIEW main.sources IS 'One source that was polled: how it is doing, and when it is polled next';
COMMENT ON COLUMN main.sources.outlet_id IS 'Outlet of the source';
COMMENT ON COLUMN main.sources.source_id IS 'Kind and URL of the source';
COMMENT ON COLUMN main.sources.interval_minutes IS 'Interval by what its good polls brought, between the bounds of the outlet''s file';
COMMENT ON COLUMN main.sources.fresh_minutes IS 'How long its last full answer holds, as the server or the feed says; 0 where neither does';
COMMENT ON COLUMN main.sources.last_polled_at IS 'When it was polled last, well or not, UTC';
COMMENT ON COLUMN main.sources.last_success_at IS 'When a poll last went well, UTC';
COMMENT ON COLUMN main.sources.due_at IS 'When it is polled next by runs that name no outlet, UTC';
COMMENT ON COLUMN main.sources.last_reason IS 'How its last poll ended';
COMMENT ON COLUMN main.sources.failing_since IS 'First of the failures in a row, UTC; NULL while it does not fail';
COMMENT ON COLUMN main.sources.failure_count IS 'Failures in a row';
COMMENT ON COLUMN main.sources.failure_weight IS 'Sum of their weights: 1 hard, 0.5 soft, 0.25 a name that cannot be resolved';
COMMENT ON COLUMN main.sources.recovered_at IS 'When it last went well again after failures, UTC';
COMMENT ON COLUMN main.sources.recovery IS 'From how many failures since when it recovered then';
