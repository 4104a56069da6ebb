-- main.runs. Grain: one run. Inputs: raw.runs, raw.run_ends. Users: analysts.

CREATE VIEW main.runs AS
SELECT
    r.run_id,
    r.command,
    r.parameters,
    r.wirewatch_version,
    r.started_at,
    e.finished_at,
    COALESCE(e.status, 'running') AS status,
    e.summary
FROM raw.runs AS r
LEFT JOIN raw.run_ends AS e ON e.run_id = r.run_id;

COMMENT ON VIEW main.runs IS 'One run of one command';
COMMENT ON COLUMN main.runs.run_id IS 'Id of the run';
COMMENT ON COLUMN main.runs.command IS 'Command or flow that was run';
COMMENT ON COLUMN main.runs.parameters IS 'Parameters of the run, as a JSON object';
COMMENT ON COLUMN main.runs.wirewatch_version IS 'Version of wirewatch that ran';
COMMENT ON COLUMN main.runs.started_at IS 'When it started';
COMMENT ON COLUMN main.runs.finished_at IS 'When it ended; of an interrupted run, when a later one found it dead';
COMMENT ON COLUMN main.runs.status IS 'running, interrupted (its process died before it could say how it ended), or how it ended';
COMMENT ON COLUMN main.runs.summary IS 'Counts of the run, as a JSON object';
