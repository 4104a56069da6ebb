-- core: when each source is polled next, and the bodies that its last full answers had.
-- Grain: one source. Inputs: the polls. Users: warehouse/polls.py, warehouse/sources.py, the flows; main.sources.

CREATE TABLE core.source_schedules (
    outlet_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    interval_minutes DOUBLE NOT NULL,
    fresh_minutes DOUBLE NOT NULL,
    polled_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    good_at TIMESTAMPTZ,
    is_enough BOOLEAN NOT NULL,
    last_reason VARCHAR NOT NULL,
    failing_since TIMESTAMPTZ,
    failure_count INTEGER NOT NULL,
    failure_weight DOUBLE NOT NULL,
    recovered_at TIMESTAMPTZ,
    recovery VARCHAR NOT NULL,
    PRIMARY KEY (outlet_id, source_id)
);
COMMENT ON TABLE core.source_schedules IS 'When one source is polled next, and how it has done';
COMMENT ON COLUMN core.source_schedules.outlet_id IS 'Outlet of the source';
COMMENT ON COLUMN core.source_schedules.source_id IS 'Kind and URL of the source';
COMMENT ON COLUMN core.source_schedules.interval_minutes IS 'Interval by what its good polls brought, between the bounds of the outlet''s file';
COMMENT ON COLUMN core.source_schedules.fresh_minutes IS 'How long its last full answer holds, as the server or the feed says; 0 where neither does';
COMMENT ON COLUMN core.source_schedules.polled_at IS 'When it was polled last, well or not';
COMMENT ON COLUMN core.source_schedules.due_at IS 'When it is polled next by runs that name no outlet';
COMMENT ON COLUMN core.source_schedules.good_at IS 'When a poll last went well';
COMMENT ON COLUMN core.source_schedules.is_enough IS 'Whether its last poll made the sources after it unnecessary';
COMMENT ON COLUMN core.source_schedules.last_reason IS 'How its last poll ended';
COMMENT ON COLUMN core.source_schedules.failing_since IS 'First of the failures in a row; NULL while it does not fail';
COMMENT ON COLUMN core.source_schedules.failure_count IS 'Failures in a row';
COMMENT ON COLUMN core.source_schedules.failure_weight IS 'Sum of their weights: 1 hard, 0.5 soft, 0.25 a name that cannot be resolved';
COMMENT ON COLUMN core.source_schedules.recovered_at IS 'When it last went well again after failures';
COMMENT ON COLUMN core.source_schedules.recovery IS 'From how many failures since when it recovered then, for a person';

-- A list gets no default: adding one to a table with a key and more than 2,048 rows fails in DuckDB 1.5.
ALTER TABLE core.source_states ADD COLUMN bodies STRUCT(url VARCHAR, body_sha256 VARCHAR)[];
COMMENT ON COLUMN core.source_states.bodies IS 'SHA-256 of the decoded bodies that were read whole last, each with its URL';
