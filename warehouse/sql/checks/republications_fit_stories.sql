-- Grain: one article that is a copy by its story and none by core.republications, or the reverse, or of another story.
-- Inputs: core.articles, core.republications, core.copies. Users: warehouse/checks.py.

SELECT
    COALESCE(a.article_id, p.copy_article_id) AS article_id,
    a.story_id,
    p.origin_article_id,
    p.matched_article_id
FROM core.articles AS a
FULL JOIN core.republications AS p ON p.copy_article_id = a.article_id
LEFT JOIN core.articles AS m ON m.article_id = p.matched_article_id
LEFT JOIN core.copies AS c
    ON c.first_id = LEAST(p.copy_article_id, p.matched_article_id)
    AND c.second_id = GREATEST(p.copy_article_id, p.matched_article_id)
WHERE
    COALESCE(a.story_id <> a.article_id, FALSE) <> (p.copy_article_id IS NOT NULL)
    OR a.article_id IS NULL
    OR (
        p.copy_article_id IS NOT NULL
        AND (
            p.origin_article_id IS DISTINCT FROM a.story_id
            OR m.story_id IS DISTINCT FROM a.story_id
            OR m.article_id = a.article_id
            OR c.first_id IS NULL
        )
    )
