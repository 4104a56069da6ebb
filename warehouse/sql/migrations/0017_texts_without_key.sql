-- core.texts without a key, and core.text_keys, which leads from a hash to its text.
-- Grain: one text, in both. Users: warehouse/texts.py, warehouse/stories/texts.py, warehouse/search_index.py; the views.
-- DuckDB goes on filling the unfinished part of a table that has a key, and each checkpoint then compresses all of that
-- part anew, up to 122,880 texts: 4 s of processor time for ten new ones behind 40,000, and as much room left free in the
-- file as they took. Without a key it begins a new part: 5 ms. So the key stands in a table whose rows are short.
-- Its first 128 bits tell a hash from every other.

CREATE TABLE core.keyless_texts (
    text_number UINTEGER NOT NULL,
    text_sha256 VARCHAR NOT NULL,
    text VARCHAR USING COMPRESSION zstd NOT NULL,
    char_count INTEGER NOT NULL,
    word_count INTEGER NOT NULL,
    sentence_count INTEGER
);

INSERT INTO core.keyless_texts BY NAME
SELECT text_number, text_sha256, text, char_count, word_count, sentence_count
FROM core.texts;

DROP TABLE core.texts;
ALTER TABLE core.keyless_texts RENAME TO texts;
COMMENT ON TABLE core.texts IS 'One text; insert-only, stored once by hash, in the order of its numbers';
COMMENT ON COLUMN core.texts.text_number IS 'Counts texts as they come: leads to a text without looking at every hash';
COMMENT ON COLUMN core.texts.text_sha256 IS 'SHA-256 of the text in UTF-8, in hexadecimal';
COMMENT ON COLUMN core.texts.text IS 'Plain text, one paragraph or list item a line';
COMMENT ON COLUMN core.texts.char_count IS 'Characters of the text';
COMMENT ON COLUMN core.texts.word_count IS 'Words of the text: runs of letters, digits and their marks, in any script';
COMMENT ON COLUMN core.texts.sentence_count IS 'Sentences of the text; NULL of texts that were stored before sentences were counted';

CREATE TABLE core.text_keys (
    text_key UUID PRIMARY KEY,
    text_number UINTEGER NOT NULL
);
COMMENT ON TABLE core.text_keys IS 'Where one text is: the number of a hash';
COMMENT ON COLUMN core.text_keys.text_key IS 'The first 128 bits of the text''s SHA-256';
COMMENT ON COLUMN core.text_keys.text_number IS 'Number of the text in core.texts';

INSERT INTO core.text_keys BY NAME
SELECT
    CAST(LEFT(text_sha256, 32) AS UUID) AS text_key,
    text_number
FROM core.texts;
