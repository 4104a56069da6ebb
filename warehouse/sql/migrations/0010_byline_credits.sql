-- Whom a byline names, of whichever kind, and the languages that a real share of a text is in.
-- Grain: as before, one state of one article; older states do not know them until they are read again.
-- A list gets no default: adding one to a table with a key and rows fails in DuckDB 1.5. NULL is read as none.
-- Users: warehouse/chains.py; main.articles, main.revisions, main.changes.

ALTER TABLE core.revisions ADD COLUMN credits STRUCT(name VARCHAR, kind VARCHAR)[];
ALTER TABLE core.revisions ADD COLUMN languages VARCHAR[];
COMMENT ON COLUMN core.revisions.credits IS 'All whom the byline names, in its order and as it names them, each with its kind: person, agency, outlet (itself or its staff) or organization; NULL in states that were loaded before it was read';
COMMENT ON COLUMN core.revisions.languages IS 'Languages that a real share of the text is in, BCP 47, its own first; NULL in states that were loaded before it was read';
