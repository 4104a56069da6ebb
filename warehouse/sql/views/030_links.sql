-- main.links, main.stubs. Grain: one link; one link to an article behind a paywall.
-- Inputs: core.links, core.stubs, core.texts. Users: analysts, main.coverage.

CREATE VIEW main.links AS
SELECT
    link_id,
    outlet_id,
    requested_url,
    normalized_url,
    source_id,
    first_seen_at,
    state,
    CASE WHEN state = 'done' THEN stage END AS stage,
    CASE WHEN state = 'done' THEN reason END AS reason,
    decided_at,
    attempt_count,
    retry_at,
    extracted_at,
    capture_id,
    article_id
FROM core.links;

COMMENT ON VIEW main.links IS 'One discovered link and what has become of it so far';
COMMENT ON COLUMN main.links.link_id IS 'UUIDv5 of outlet and normalized URL';
COMMENT ON COLUMN main.links.outlet_id IS 'Outlet of the link';
COMMENT ON COLUMN main.links.requested_url IS 'URL as the source wrote it';
COMMENT ON COLUMN main.links.normalized_url IS 'What two spellings of one address have in common; NULL for a link rejected when it was listed';
COMMENT ON COLUMN main.links.source_id IS 'Source that listed it first';
COMMENT ON COLUMN main.links.first_seen_at IS 'When it was discovered';
COMMENT ON COLUMN main.links.state IS 'pending: to be fetched; fetched: to be extracted; done: see reason';
COMMENT ON COLUMN main.links.stage IS 'Stage that ended it; NULL while it is not done';
COMMENT ON COLUMN main.links.reason IS 'Its one current reason; NULL while it is not done';
COMMENT ON COLUMN main.links.decided_at IS 'When the last attempt ended';
COMMENT ON COLUMN main.links.attempt_count IS 'Transient failures in a row';
COMMENT ON COLUMN main.links.retry_at IS 'Not fetched again before this time';
COMMENT ON COLUMN main.links.extracted_at IS 'When a response of it was extracted last, with whatever verdict';
COMMENT ON COLUMN main.links.capture_id IS 'Newest response that was kept';
COMMENT ON COLUMN main.links.article_id IS 'Article that it leads to';

-- A stub that has become an article since, or is gone, is none any more.
CREATE VIEW main.stubs AS
SELECT
    l.link_id,
    l.outlet_id,
    l.requested_url,
    t.text,
    t.word_count,
    FALSE AS is_free,
    s.capture_id
FROM core.links AS l
JOIN core.stubs AS s ON s.capture_id = l.capture_id
JOIN core.texts AS t ON t.text_sha256 = s.text_sha256
WHERE l.state = 'done' AND l.reason = 'paywall_stub';

COMMENT ON VIEW main.stubs IS 'One link to an article that is not free, with the words that are';
COMMENT ON COLUMN main.stubs.link_id IS 'The link';
COMMENT ON COLUMN main.stubs.outlet_id IS 'Its outlet';
COMMENT ON COLUMN main.stubs.requested_url IS 'Its URL, as the source wrote it';
COMMENT ON COLUMN main.stubs.text IS 'What can be read without paying';
COMMENT ON COLUMN main.stubs.word_count IS 'Words of that';
COMMENT ON COLUMN main.stubs.is_free IS 'Never: that is what makes it a stub';
COMMENT ON COLUMN main.stubs.capture_id IS 'Response that shows it';
