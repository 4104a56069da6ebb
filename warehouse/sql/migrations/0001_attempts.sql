-- raw: what was tried and what came back, insert-only.
-- Grain: one run, one end of a run, one archived response, one poll of one source, one attempt.
-- Users: main.runs, main.captures, main.polls, main.outcomes, main.coverage, main.outlet_health.

CREATE TABLE raw.runs (
    run_id VARCHAR PRIMARY KEY,
    command VARCHAR NOT NULL,
    parameters VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    wirewatch_version VARCHAR NOT NULL,
    process VARCHAR NOT NULL
);
COMMENT ON TABLE raw.runs IS 'One started run';
COMMENT ON COLUMN raw.runs.run_id IS 'Id of the run, as the flow made it';
COMMENT ON COLUMN raw.runs.command IS 'Command or flow that was run';
COMMENT ON COLUMN raw.runs.parameters IS 'Parameters of the run, as a JSON object';
COMMENT ON COLUMN raw.runs.started_at IS 'When the run started';
COMMENT ON COLUMN raw.runs.wirewatch_version IS 'Version of wirewatch that ran';
COMMENT ON COLUMN raw.runs.process IS 'Host, process id and start of the process; tells a killed run from a running one';

CREATE TABLE raw.run_ends (
    run_id VARCHAR PRIMARY KEY,
    finished_at TIMESTAMPTZ NOT NULL,
    status VARCHAR NOT NULL,
    summary VARCHAR NOT NULL
);
COMMENT ON TABLE raw.run_ends IS 'One ended run';
COMMENT ON COLUMN raw.run_ends.run_id IS 'The run that ended';
COMMENT ON COLUMN raw.run_ends.finished_at IS 'When it ended; of an interrupted run, when a later one found it dead';
COMMENT ON COLUMN raw.run_ends.status IS 'How it ended, as the flow said; interrupted when its process was gone';
COMMENT ON COLUMN raw.run_ends.summary IS 'Counts of the run, as a JSON object';

CREATE TABLE raw.captures (
    capture_id UUID PRIMARY KEY,
    run_id VARCHAR NOT NULL,
    outlet_id VARCHAR NOT NULL,
    requested_url VARCHAR NOT NULL,
    final_url VARCHAR NOT NULL,
    http_status INTEGER NOT NULL,
    headers STRUCT("name" VARCHAR, "value" VARCHAR)[] NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    body_sha256 VARCHAR NOT NULL,
    body_bytes BIGINT NOT NULL,
    warc_file VARCHAR NOT NULL,
    warc_offset BIGINT NOT NULL
);
COMMENT ON TABLE raw.captures IS 'One archived response';
COMMENT ON COLUMN raw.captures.capture_id IS 'UUID of the WARC record';
COMMENT ON COLUMN raw.captures.run_id IS 'Run that recorded it first';
COMMENT ON COLUMN raw.captures.outlet_id IS 'Outlet that it was fetched for';
COMMENT ON COLUMN raw.captures.requested_url IS 'URL that was asked for';
COMMENT ON COLUMN raw.captures.final_url IS 'URL that answered, after redirects';
COMMENT ON COLUMN raw.captures.http_status IS 'HTTP status code';
COMMENT ON COLUMN raw.captures.headers IS 'Response headers in their order and spelling';
COMMENT ON COLUMN raw.captures.fetched_at IS 'When the response was received';
COMMENT ON COLUMN raw.captures.body_sha256 IS 'SHA-256 of the decoded body, in hexadecimal';
COMMENT ON COLUMN raw.captures.body_bytes IS 'Size of the decoded body';
COMMENT ON COLUMN raw.captures.warc_file IS 'WARC file, relative to the archive folder';
COMMENT ON COLUMN raw.captures.warc_offset IS 'Offset of the record in the WARC file, in bytes';

CREATE TABLE raw.polls (
    poll_id UUID NOT NULL,
    run_id VARCHAR NOT NULL,
    outlet_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    polled_at TIMESTAMPTZ NOT NULL,
    reason VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    http_status INTEGER,
    listed_count INTEGER NOT NULL,
    new_count INTEGER NOT NULL,
    changed_count INTEGER NOT NULL,
    known_count INTEGER NOT NULL,
    rejected_count INTEGER NOT NULL,
    capture_ids UUID[] NOT NULL
);
COMMENT ON TABLE raw.polls IS 'One poll of one source';
COMMENT ON COLUMN raw.polls.poll_id IS 'Id of the poll';
COMMENT ON COLUMN raw.polls.run_id IS 'Run that polled';
COMMENT ON COLUMN raw.polls.outlet_id IS 'Outlet of the source';
COMMENT ON COLUMN raw.polls.source_id IS 'Kind and URL of the source';
COMMENT ON COLUMN raw.polls.polled_at IS 'When the poll ended';
COMMENT ON COLUMN raw.polls.reason IS 'How it ended: polled, not_modified or the reason of its failure';
COMMENT ON COLUMN raw.polls.detail IS 'What was seen, for a person';
COMMENT ON COLUMN raw.polls.http_status IS 'HTTP status code, where there was one';
COMMENT ON COLUMN raw.polls.listed_count IS 'Items that the source listed';
COMMENT ON COLUMN raw.polls.new_count IS 'Links that were not known before';
COMMENT ON COLUMN raw.polls.changed_count IS 'Known links that became due again, since the source now says something else of them';
COMMENT ON COLUMN raw.polls.known_count IS 'Known links about which there was nothing to do';
COMMENT ON COLUMN raw.polls.rejected_count IS 'Listed links that are not the outlet''s, or too old';
COMMENT ON COLUMN raw.polls.capture_ids IS 'Responses that the poll read';

CREATE TABLE raw.outcomes (
    outcome_id UUID NOT NULL,
    run_id VARCHAR NOT NULL,
    outlet_id VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    requested_url VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    http_status INTEGER,
    occurred_at TIMESTAMPTZ NOT NULL,
    source_id VARCHAR,
    link_id UUID,
    capture_id UUID,
    article_id UUID
);
COMMENT ON TABLE raw.outcomes IS 'One attempt and what became of it';
COMMENT ON COLUMN raw.outcomes.outcome_id IS 'UUIDv5 of run, stage, link or URL, and capture or time: one attempt is recorded once';
COMMENT ON COLUMN raw.outcomes.run_id IS 'Run of the attempt';
COMMENT ON COLUMN raw.outcomes.outlet_id IS 'Outlet of the attempt';
COMMENT ON COLUMN raw.outcomes.stage IS 'discover, fetch, extract, load or check';
COMMENT ON COLUMN raw.outcomes.requested_url IS 'URL of the attempt';
COMMENT ON COLUMN raw.outcomes.reason IS 'One of the closed set of reasons';
COMMENT ON COLUMN raw.outcomes.detail IS 'What was seen, for a person';
COMMENT ON COLUMN raw.outcomes.http_status IS 'HTTP status code, where there was one';
COMMENT ON COLUMN raw.outcomes.occurred_at IS 'When it happened';
COMMENT ON COLUMN raw.outcomes.source_id IS 'Source of the link or poll, where known';
COMMENT ON COLUMN raw.outcomes.link_id IS 'Link of the attempt; NULL for a poll';
COMMENT ON COLUMN raw.outcomes.capture_id IS 'Response of the attempt, where one was kept';
COMMENT ON COLUMN raw.outcomes.article_id IS 'Article that was loaded, revised or found unchanged';
