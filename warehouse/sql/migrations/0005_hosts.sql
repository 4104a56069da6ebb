-- core.hosts: what is remembered of a host between runs; core.outlets: its hosts, and whether their TLS is checked.
-- Grain: one host (a name, with its port where that is not the scheme's own).
-- Users: warehouse/hosts.py; main.hosts, main.outlets, main.outlet_health.

CREATE TABLE core.hosts (
    host VARCHAR PRIMARY KEY,
    asked_date DATE NOT NULL,
    request_count BIGINT NOT NULL,
    challenge_count INTEGER NOT NULL,
    resting_until TIMESTAMPTZ,
    resting_reason VARCHAR
);
COMMENT ON TABLE core.hosts IS 'One host that was asked for something';
COMMENT ON COLUMN core.hosts.host IS 'Its name, with its port where that is not the scheme''s own';
COMMENT ON COLUMN core.hosts.asked_date IS 'UTC day on which it was asked last';
COMMENT ON COLUMN core.hosts.request_count IS 'Requests on that day, by all runs and outlets';
COMMENT ON COLUMN core.hosts.challenge_count IS 'Rests in a row because of challenges; 0 after a good answer';
COMMENT ON COLUMN core.hosts.resting_until IS 'Until when it is left alone; a time that has passed holds nobody back';
COMMENT ON COLUMN core.hosts.resting_reason IS 'Why: challenge, or http_429 or http_5xx with a long Retry-After';

-- A list gets no default, as in 0004; the next run writes it.
ALTER TABLE core.outlets ADD COLUMN hosts VARCHAR[];
COMMENT ON COLUMN core.outlets.hosts IS 'Hosts that are asked for it';
ALTER TABLE core.outlets ADD COLUMN is_tls_verified BOOLEAN DEFAULT TRUE;
COMMENT ON COLUMN core.outlets.is_tls_verified IS 'Whether the certificates of its hosts are checked';
