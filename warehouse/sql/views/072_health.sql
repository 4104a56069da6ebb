-- main.health_checks, main.health_changes, main.health_check_changes. Grain: one check of one outlet; one change of an
-- outlet's state; one change of a check's state. Inputs: core.health_*, core.notices. Users: analysts, flows/status.py.

CREATE VIEW main.health_checks AS
WITH latest AS (
    SELECT
        outlet_id,
        check_name,
        ARG_MAX(state, changed_at) AS state,
        MAX(changed_at) AS changed_at,
        ARG_MAX(samples, changed_at) AS samples
    FROM core.health_check_changes
    GROUP BY outlet_id, check_name
)

SELECT
    c.outlet_id,
    c.check_name,
    c.state,
    l.changed_at AS since,
    c.evaluated_at,
    c.figure,
    c.usual,
    c.bound,
    c.is_promised,
    c.sentence,
    CASE WHEN c.state IN ('warning', 'failing') THEN COALESCE(l.samples, []) ELSE [] END AS samples
FROM core.health_checks AS c
LEFT JOIN latest AS l ON l.outlet_id = c.outlet_id AND l.check_name = c.check_name;

COMMENT ON VIEW main.health_checks IS 'One check of one outlet, as the last run that judged it found it';
COMMENT ON COLUMN main.health_checks.outlet_id IS 'The outlet';
COMMENT ON COLUMN main.health_checks.check_name IS 'silence, volume, sources, failures, no_article, text_length, language, section, or fill_ and a field';
COMMENT ON COLUMN main.health_checks.state IS 'ok, learning (too little history to judge), warning or failing';
COMMENT ON COLUMN main.health_checks.since IS 'Since when it is in this state, UTC; NULL when it was never in another one';
COMMENT ON COLUMN main.health_checks.evaluated_at IS 'When it was judged last, UTC';
COMMENT ON COLUMN main.health_checks.figure IS 'What was found: hours (silence, sources), articles a day (volume), words (text_length), else a share';
COMMENT ON COLUMN main.health_checks.usual IS 'What is usual, in the same unit; NULL where that is not known';
COMMENT ON COLUMN main.health_checks.bound IS 'The bound that figure is held against, in the same unit; of language and section, by how much the share may differ';
COMMENT ON COLUMN main.health_checks.is_promised IS 'Whether a promise of the outlet''s file is missed, which fails the run';
COMMENT ON COLUMN main.health_checks.sentence IS 'The same for a person';
COMMENT ON COLUMN main.health_checks.samples IS 'A few addresses that show it; empty while it is ok';

CREATE VIEW main.health_changes AS
SELECT
    c.outlet_id,
    c.changed_at,
    c.state,
    c.previous_state,
    LEAD(c.changed_at) OVER (PARTITION BY c.outlet_id ORDER BY c.changed_at) AS until_at,
    c.reasons,
    c.run_id,
    (SELECT MIN(n.sent_at) FROM core.notices AS n WHERE n.outlet_id = c.outlet_id AND n.told_until >= c.changed_at)
        AS notified_at
FROM core.health_changes AS c;

COMMENT ON VIEW main.health_changes IS 'One change of an outlet''s state';
COMMENT ON COLUMN main.health_changes.outlet_id IS 'The outlet';
COMMENT ON COLUMN main.health_changes.changed_at IS 'When a run found it changed, UTC';
COMMENT ON COLUMN main.health_changes.state IS 'Its state from then on: ok, warning or failing, the worst of its checks';
COMMENT ON COLUMN main.health_changes.previous_state IS 'Its state before';
COMMENT ON COLUMN main.health_changes.until_at IS 'When it changed again, UTC; NULL for the state that it is in';
COMMENT ON COLUMN main.health_changes.reasons IS 'A sentence for each check that was not ok, the worst first';
COMMENT ON COLUMN main.health_changes.run_id IS 'The run';
COMMENT ON COLUMN main.health_changes.notified_at IS 'When a receiver first took a message that knew of it, UTC; NULL while none has';

CREATE VIEW main.health_check_changes AS
SELECT
    outlet_id,
    check_name,
    changed_at,
    state,
    previous_state,
    figure,
    usual,
    bound,
    sentence,
    samples,
    run_id
FROM core.health_check_changes;

COMMENT ON VIEW main.health_check_changes IS 'One change of the state of one check of one outlet';
COMMENT ON COLUMN main.health_check_changes.outlet_id IS 'The outlet';
COMMENT ON COLUMN main.health_check_changes.check_name IS 'The check, as in health_checks';
COMMENT ON COLUMN main.health_check_changes.changed_at IS 'When a run found it changed, UTC';
COMMENT ON COLUMN main.health_check_changes.state IS 'Its state from then on: ok, warning or failing';
COMMENT ON COLUMN main.health_check_changes.previous_state IS 'Its state before';
COMMENT ON COLUMN main.health_check_changes.figure IS 'What was found, in the unit that health_checks says';
COMMENT ON COLUMN main.health_check_changes.usual IS 'What was usual';
COMMENT ON COLUMN main.health_check_changes.bound IS 'The bound that figure was held against';
COMMENT ON COLUMN main.health_check_changes.sentence IS 'The same for a person';
COMMENT ON COLUMN main.health_check_changes.samples IS 'A few addresses that showed it';
COMMENT ON COLUMN main.health_check_changes.run_id IS 'The run';
