-- Grain: one article whose words the search index does not have, or one segment that overlaps another, or a count of
-- places that is less than that of the segments.
-- Inputs: core.search_documents, core.search_postings, core.search_segments. Users: warehouse/checks.py.
-- What is sorted was counted when it was; only what came after the last segment is looked at row by row.

WITH sorted AS (
    SELECT
        COALESCE(SUM(row_count), 0) AS row_count,
        COALESCE(MAX(last_place), 0) AS last_place
    FROM core.search_segments
),

recent AS (
    SELECT DISTINCT CAST(p.place >> 13 AS UINTEGER) AS doc_id
    FROM core.search_postings AS p
    WHERE p.place > (SELECT last_place FROM sorted)
)

SELECT
    'article without words' AS what,
    d.doc_id AS number
FROM core.search_documents AS d
WHERE
    d.token_count > 0
    AND d.doc_id * 8192::UBIGINT > (SELECT last_place FROM sorted)
    AND d.doc_id NOT IN (SELECT doc_id FROM recent)

UNION ALL

SELECT
    'segment that overlaps another',
    s.first_place
FROM core.search_segments AS s
JOIN core.search_segments AS o ON o.first_place < s.first_place AND o.last_place >= s.first_place

UNION ALL

SELECT
    'fewer places than in the segments',
    s.row_count
FROM sorted AS s
WHERE s.row_count > (SELECT COUNT(*) FROM core.search_postings)
