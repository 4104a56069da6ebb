-- Grain: one article that is in the search index not once, or not in its current revision.
-- Inputs: core.articles, core.revisions, core.texts, core.search_documents. Users: warehouse/checks.py.

WITH indexed AS (
    SELECT
        article_id,
        COUNT(*) AS document_count,
        ANY_VALUE(outlet_id) AS outlet_id,
        ANY_VALUE(language) AS language,
        ANY_VALUE(title) AS title,
        ANY_VALUE(dated_at) AS dated_at,
        ANY_VALUE(text_number) AS text_number
    FROM core.search_documents
    GROUP BY article_id
),

current_states AS (
    SELECT
        a.article_id,
        a.outlet_id,
        r.language,
        r.title,
        COALESCE(r.published_at, a.first_seen_at) AS dated_at,
        t.text_number
    FROM core.articles AS a
    JOIN core.revisions AS r ON r.revision_id = a.current_revision_id
    JOIN core.texts AS t ON t.text_sha256 = r.text_sha256
)

SELECT
    COALESCE(c.article_id, i.article_id) AS article_id,
    i.document_count,
    c.title,
    i.title AS indexed_title
FROM current_states AS c
FULL JOIN indexed AS i ON i.article_id = c.article_id
WHERE
    i.document_count IS DISTINCT FROM 1
    OR c.article_id IS NULL
    OR c.outlet_id <> i.outlet_id
    OR c.language IS DISTINCT FROM i.language
    OR c.title <> i.title
    OR c.dated_at <> i.dated_at
    OR c.text_number <> i.text_number
