-- What must be there before the first migration: the record of migrations, of views, and the change counter.
-- Grain: one migration; one set of views; one warehouse. Users: warehouse/migrate.py, warehouse/publish.py.

CREATE SCHEMA IF NOT EXISTS raw;
CREATE SCHEMA IF NOT EXISTS core;

CREATE TABLE IF NOT EXISTS core.schema_migrations (
    name VARCHAR PRIMARY KEY,
    checksum VARCHAR NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE core.schema_migrations IS 'One applied migration';
COMMENT ON COLUMN core.schema_migrations.name IS 'File name of the migration, without its ending';
COMMENT ON COLUMN core.schema_migrations.checksum IS 'SHA-256 of the file as it was applied, in hexadecimal';
COMMENT ON COLUMN core.schema_migrations.applied_at IS 'When it was applied';

CREATE TABLE IF NOT EXISTS core.schema_views (
    checksum VARCHAR NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE core.schema_views IS 'The set of views and macros that main holds now; one row';
COMMENT ON COLUMN core.schema_views.checksum IS 'SHA-256 over all files of the set, in hexadecimal';
COMMENT ON COLUMN core.schema_views.applied_at IS 'When the set was applied';

CREATE TABLE IF NOT EXISTS core.change_counter (
    change_count BIGINT NOT NULL
);
COMMENT ON TABLE core.change_counter IS 'How often the warehouse was written; one row. Publishing compares it';
COMMENT ON COLUMN core.change_counter.change_count IS 'Grows by one with each committed write';

INSERT INTO core.change_counter (change_count)
SELECT 0
WHERE NOT EXISTS (SELECT 1 FROM core.change_counter);
