-- core.health_changes, core.health_check_changes: when an outlet, and each check of it, changed its state; insert-only,
-- noted in the archive. core.health_checks: what the last evaluation found; made anew by each one, and noted nowhere.
-- core.notices: what was told to whom; insert-only, noted in the archive.
-- Grain: one change of an outlet; one change of a check; one outlet and check; one outlet in one message.
-- Users: warehouse/health/; main.health_changes, main.health_checks, main.outlet_health.

CREATE TABLE core.health_changes (
    outlet_id VARCHAR NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    run_id VARCHAR NOT NULL,
    state VARCHAR NOT NULL CHECK (state IN ('ok', 'warning', 'failing')),
    previous_state VARCHAR NOT NULL,
    reasons VARCHAR[] NOT NULL
);
COMMENT ON TABLE core.health_changes IS 'One change of an outlet''s state; insert-only';
COMMENT ON COLUMN core.health_changes.outlet_id IS 'The outlet';
COMMENT ON COLUMN core.health_changes.changed_at IS 'When the run found it changed';
COMMENT ON COLUMN core.health_changes.run_id IS 'That run';
COMMENT ON COLUMN core.health_changes.state IS 'Its state since: ok, warning or failing, the worst of its checks';
COMMENT ON COLUMN core.health_changes.previous_state IS 'Its state before';
COMMENT ON COLUMN core.health_changes.reasons IS 'A sentence for each check that was not ok, the worst first';

CREATE TABLE core.health_check_changes (
    outlet_id VARCHAR NOT NULL,
    check_name VARCHAR NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    run_id VARCHAR NOT NULL,
    state VARCHAR NOT NULL CHECK (state IN ('ok', 'warning', 'failing')),
    previous_state VARCHAR NOT NULL,
    figure DOUBLE,
    usual DOUBLE,
    bound DOUBLE,
    sentence VARCHAR NOT NULL,
    samples VARCHAR[] NOT NULL
);
COMMENT ON TABLE core.health_check_changes IS 'One change of a check''s state; insert-only';
COMMENT ON COLUMN core.health_check_changes.outlet_id IS 'The outlet';
COMMENT ON COLUMN core.health_check_changes.check_name IS 'The check';
COMMENT ON COLUMN core.health_check_changes.changed_at IS 'When the run found it changed';
COMMENT ON COLUMN core.health_check_changes.run_id IS 'That run';
COMMENT ON COLUMN core.health_check_changes.state IS 'Its state since: ok, warning or failing';
COMMENT ON COLUMN core.health_check_changes.previous_state IS 'Its state before';
COMMENT ON COLUMN core.health_check_changes.figure IS 'What was found, in the check''s unit';
COMMENT ON COLUMN core.health_check_changes.usual IS 'What is usual';
COMMENT ON COLUMN core.health_check_changes.bound IS 'The bound that figure is held against';
COMMENT ON COLUMN core.health_check_changes.sentence IS 'The same for a person';
COMMENT ON COLUMN core.health_check_changes.samples IS 'A few addresses to look at';

-- Without a key: rows are replaced by deleting them and inserting others, which a key forbids within one transaction.
CREATE TABLE core.health_checks (
    outlet_id VARCHAR NOT NULL,
    check_name VARCHAR NOT NULL,
    evaluated_at TIMESTAMPTZ NOT NULL,
    state VARCHAR NOT NULL CHECK (state IN ('ok', 'learning', 'warning', 'failing')),
    figure DOUBLE,
    usual DOUBLE,
    bound DOUBLE,
    is_promised BOOLEAN NOT NULL,
    sentence VARCHAR NOT NULL
);
COMMENT ON TABLE core.health_checks IS 'One check of one outlet, as the last evaluation found it';
COMMENT ON COLUMN core.health_checks.outlet_id IS 'The outlet; once for each check';
COMMENT ON COLUMN core.health_checks.check_name IS 'The check';
COMMENT ON COLUMN core.health_checks.evaluated_at IS 'When it was evaluated last';
COMMENT ON COLUMN core.health_checks.state IS 'ok, learning (too little history to judge), warning or failing';
COMMENT ON COLUMN core.health_checks.figure IS 'What was found, in the check''s unit';
COMMENT ON COLUMN core.health_checks.usual IS 'What is usual';
COMMENT ON COLUMN core.health_checks.bound IS 'The bound that figure is held against';
COMMENT ON COLUMN core.health_checks.is_promised IS 'Whether a minimum or maximum of the outlet''s file is missed, which fails the run';
COMMENT ON COLUMN core.health_checks.sentence IS 'The same for a person';

CREATE TABLE core.notices (
    receiver VARCHAR NOT NULL,
    outlet_id VARCHAR NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL,
    run_id VARCHAR NOT NULL,
    state VARCHAR NOT NULL CHECK (state IN ('ok', 'warning', 'failing', 'flapping')),
    told_until TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE core.notices IS 'One outlet in one message that a receiver took, or since when a receiver is known; insert-only';
COMMENT ON COLUMN core.notices.receiver IS 'The receiver: the start of the SHA-256 of its address, which is a secret';
COMMENT ON COLUMN core.notices.outlet_id IS 'The outlet; empty where the row says since when the receiver is known';
COMMENT ON COLUMN core.notices.sent_at IS 'When the receiver took it';
COMMENT ON COLUMN core.notices.run_id IS 'Run that sent it';
COMMENT ON COLUMN core.notices.state IS 'The state that was told; flapping when it changes to and fro';
COMMENT ON COLUMN core.notices.told_until IS 'Newest change of the outlet that the message knew of';
