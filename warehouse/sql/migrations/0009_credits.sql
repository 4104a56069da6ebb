-- What stands around an article's text: dateline, agencies, notes of correction, the lead image's caption and credit.
-- Grain: as before, one state of one article; older states do not know them until they are read again.
-- A list gets no default: adding one to a table with a key and rows fails in DuckDB 1.5. NULL is read as no agency.
-- Users: warehouse/chains.py; main.articles, main.revisions, main.changes.

ALTER TABLE core.revisions ADD COLUMN dateline VARCHAR;
ALTER TABLE core.revisions ADD COLUMN corrections VARCHAR;
ALTER TABLE core.revisions ADD COLUMN agency VARCHAR[];
ALTER TABLE core.revisions ADD COLUMN image_caption VARCHAR;
ALTER TABLE core.revisions ADD COLUMN image_credit VARCHAR;
COMMENT ON COLUMN core.revisions.dateline IS 'Place, agency and date before the first sentence, as written';
COMMENT ON COLUMN core.revisions.corrections IS 'Notes in which the editors say what they corrected or added, as written, one a line';
COMMENT ON COLUMN core.revisions.agency IS 'News agencies that dateline, byline and credit lines name, by one name each; NULL in states that were loaded before it was read';
COMMENT ON COLUMN core.revisions.image_caption IS 'Caption of the lead image';
COMMENT ON COLUMN core.revisions.image_credit IS 'Who is credited for the lead image, as written';
