-- Grain: one text that is not what its key says: SHA-256, characters. Inputs: core.texts. Users: warehouse/audits.py.

SELECT
    text_sha256,
    SHA256(text) AS found_sha256,
    char_count,
    LENGTH(text) AS found_chars
FROM core.texts
WHERE SHA256(text) <> text_sha256 OR LENGTH(text) <> char_count
