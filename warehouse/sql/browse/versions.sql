-- The articles of one story, who was first and who copied after how long. Grain: one article, the first one on top.
-- Inputs: main.articles, main.republications. User: warehouse/browse.py.

SELECT
    a.article_id,
    a.outlet_id,
    a.outlet_name,
    a.language,
    a.title,
    a.published_at,
    a.removed_at,
    p.copy_article_id IS NULL AS is_first,
    p.lag_minutes,
    p.similarity,
    p.credited_by,
    p.origin_reason
FROM main.articles AS a
LEFT JOIN main.republications AS p ON p.copy_article_id = a.article_id
WHERE a.story_id = TRY_CAST($story_id AS UUID)
ORDER BY is_first DESC, p.lag_minutes NULLS LAST, a.article_id
LIMIT $limit
