-- core.hints: whether a wording is noted in the archive, from which a warehouse can be rebuilt.
-- raw.captures: since when a response's body is gone on purpose, so that nothing looks lost.
-- Grain: as before, one wording, one archived response. Users: warehouse/hints.py, warehouse/retention.py; main.captures.

ALTER TABLE core.hints ADD COLUMN is_archived BOOLEAN DEFAULT FALSE;
ALTER TABLE core.hints ALTER COLUMN is_archived SET DEFAULT TRUE;
COMMENT ON COLUMN core.hints.is_archived IS 'Whether the archive has it noted; what was stored before there were notes is noted when it is seen again';

ALTER TABLE raw.captures ADD COLUMN body_dropped_at TIMESTAMPTZ;
COMMENT ON COLUMN raw.captures.body_dropped_at IS 'When the body was dropped from the archive by wirewatch maintain, since it was no article''s; NULL while it is there';
