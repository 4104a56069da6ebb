-- Stories that were copied, the newest first, each with its copies in the order of their publication.
-- Grain: one story. Inputs: main.stories, main.republications, main.outlets. User: warehouse/browse.py.

WITH told AS (
    FROM main.stories
    WHERE copy_count > 0 AND outlet_count >= $outlets
    ORDER BY last_article_seen_at DESC, published_at DESC, story_id
    LIMIT $limit
),

copied AS (
    SELECT
        p.origin_article_id AS story_id,
        LIST({
            'article_id': p.copy_article_id,
            'outlet_name': COALESCE(o.name, p.copy_outlet_id),
            'published_at': p.copy_published_at,
            'lag_minutes': p.lag_minutes,
            'similarity': p.similarity,
            'credited_by': p.credited_by
        } ORDER BY p.copy_published_at, p.copy_article_id) AS copies
    FROM main.republications AS p
    JOIN told AS t ON t.story_id = p.origin_article_id
    LEFT JOIN main.outlets AS o ON o.outlet_id = p.copy_outlet_id
    GROUP BY ALL
)

SELECT
    t.*,
    c.copies
FROM told AS t
JOIN copied AS c ON c.story_id = t.story_id
ORDER BY t.last_article_seen_at DESC, t.published_at DESC, t.story_id
