-- Whether a query has anything to look for beside its filters. Grain: one row. Input: main.search_pieces.
-- User: warehouse/browse.py.

SELECT COUNT(*) > 0 AS has_words
FROM main.search_pieces($words)
WHERE filter = ''
