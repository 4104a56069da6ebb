-- The search index: which articles are in it and in which state, and where each word stands.
-- Grain: one article; one word at one place; one segment of places; one warehouse.
-- Postings have two columns. A place is doc_id * 8192 + position, so that the article, the neighbors of a word and
-- whether it stands above the text come out of it by arithmetic: no list, no second column, 3.4 bytes an occurrence.
-- Sorted by word within a segment: the zone maps of DuckDB then lead to a word's rows.
-- Users: warehouse/search_index.py, warehouse/search.py; main.search_ranked, main.search.

CREATE SEQUENCE core.text_numbers;
-- No default: DuckDB 1.5 cannot read its log again where it holds a column with one from a sequence.
ALTER TABLE core.texts ADD COLUMN text_number UINTEGER;
UPDATE core.texts SET text_number = CAST(NEXTVAL('core.text_numbers') AS UINTEGER);
COMMENT ON COLUMN core.texts.text_number IS 'Counts texts as they come: leads to a text without looking at every hash';

CREATE SEQUENCE core.search_doc_ids;

CREATE TABLE core.search_documents (
    doc_id UINTEGER NOT NULL,
    article_id UUID NOT NULL,
    outlet_id VARCHAR NOT NULL,
    language VARCHAR,
    dated_at TIMESTAMPTZ NOT NULL,
    token_count UINTEGER NOT NULL,
    text_number UINTEGER NOT NULL,
    title VARCHAR NOT NULL
);
COMMENT ON TABLE core.search_documents IS 'One article in the search index, in the state that its current revision has';
COMMENT ON COLUMN core.search_documents.doc_id IS 'Number of the state; an article whose words change gets a new one, and what stands under the old one counts no more';
COMMENT ON COLUMN core.search_documents.article_id IS 'The article';
COMMENT ON COLUMN core.search_documents.outlet_id IS 'Its outlet';
COMMENT ON COLUMN core.search_documents.language IS 'Language of its text, BCP 47';
COMMENT ON COLUMN core.search_documents.dated_at IS 'When it was published, else first seen';
COMMENT ON COLUMN core.search_documents.token_count IS 'Words in the index, those above the text included';
COMMENT ON COLUMN core.search_documents.text_number IS 'Its text in core.texts';
COMMENT ON COLUMN core.search_documents.title IS 'Its headline';

CREATE TABLE core.search_postings (
    term_key UBIGINT NOT NULL,
    place UBIGINT NOT NULL
);
COMMENT ON TABLE core.search_postings IS 'One occurrence of one word; in segments that are sorted by word and place, then as they came';
COMMENT ON COLUMN core.search_postings.term_key IS 'Hash of the folded word; see main.search_key';
COMMENT ON COLUMN core.search_postings.place IS 'doc_id * 8192 + position; kicker, title and standfirst have 0 to 126, the text begins at 128';

CREATE TABLE core.search_segments (
    first_place UBIGINT NOT NULL,
    last_place UBIGINT NOT NULL,
    row_count UBIGINT NOT NULL
);
COMMENT ON TABLE core.search_segments IS 'One sorted segment of core.search_postings; segments do not overlap, and what comes after the last one is not sorted yet';
COMMENT ON COLUMN core.search_segments.first_place IS 'Its first place';
COMMENT ON COLUMN core.search_segments.last_place IS 'Its last place';
COMMENT ON COLUMN core.search_segments.row_count IS 'Its rows';

CREATE TABLE core.search_state (
    folding VARCHAR NOT NULL,
    filled_to UINTEGER
);
COMMENT ON TABLE core.search_state IS 'Of what kind the search index is and how far it is filled; one row';
COMMENT ON COLUMN core.search_state.folding IS 'Version of the rules by which words are found and folded';
COMMENT ON COLUMN core.search_state.filled_to IS 'While articles of before are indexed: texts up to this number are done; NULL when all are';

INSERT INTO core.search_state (folding, filled_to)
SELECT '', 0;
