-- Grain: one name whose article is missing, or one article without its own name.
-- Inputs: core.identities, core.articles. Users: warehouse/checks.py.

SELECT
    i.identity_id,
    i.article_id
FROM core.identities AS i
LEFT JOIN core.articles AS a ON a.article_id = i.article_id
WHERE a.article_id IS NULL
UNION ALL
SELECT
    CAST(NULL AS UUID) AS identity_id,
    a.article_id
FROM core.articles AS a
WHERE NOT EXISTS (SELECT 1 FROM core.identities AS i WHERE i.identity_id = a.article_id)
