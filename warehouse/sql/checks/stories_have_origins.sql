-- Grain: one article whose story has no origin, or that has no story though all have been compared.
-- Inputs: core.articles, core.story_upkeep. Users: warehouse/checks.py.

SELECT
    a.article_id,
    a.story_id,
    o.story_id AS story_of_origin
FROM core.articles AS a
LEFT JOIN core.articles AS o ON o.article_id = a.story_id
WHERE
    (a.story_id IS NOT NULL AND o.story_id IS DISTINCT FROM a.story_id)
    OR (a.story_id IS NULL AND (SELECT is_complete FROM core.story_upkeep))
