-- main.hosts. Grain: one host. Input: core.hosts. Users: analysts, main.outlet_health.

CREATE VIEW main.hosts AS
SELECT
    host,
    asked_date AS last_asked_date,
    CASE
        WHEN asked_date = CAST(NOW() AT TIME ZONE 'UTC' AS DATE) THEN request_count
        ELSE 0
    END AS requests_today,
    challenge_count,
    CASE WHEN resting_until > NOW() THEN resting_until END AS resting_until,
    CASE WHEN resting_until > NOW() THEN resting_reason END AS resting_reason
FROM core.hosts;

COMMENT ON VIEW main.hosts IS 'How one host is doing: what it was asked today, and whether it is left alone';
COMMENT ON COLUMN main.hosts.host IS 'Its name, with its port where that is not the scheme''s own';
COMMENT ON COLUMN main.hosts.last_asked_date IS 'UTC day on which it was asked last';
COMMENT ON COLUMN main.hosts.requests_today IS 'Requests on this UTC day, by all runs and outlets; requests_per_day bounds them';
COMMENT ON COLUMN main.hosts.challenge_count IS 'Rests in a row because of challenges; 0 after a good answer';
COMMENT ON COLUMN main.hosts.resting_until IS 'Until when it is left alone, UTC; NULL when it may be asked';
COMMENT ON COLUMN main.hosts.resting_reason IS 'Why: challenge, or http_429 or http_5xx with a long Retry-After';
