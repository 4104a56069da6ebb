-- Where each field of an article's current revision came from. Grain: one field. Input: main.provenance.
-- User: warehouse/browse.py.

SELECT
    field,
    source,
    raw
FROM main.provenance
WHERE article_id = CAST($article_id AS UUID) AND is_current
ORDER BY COALESCE(LIST_POSITION(['title', 'kicker', 'standfirst', 'text', 'byline', 'authors', 'published_at'], field), 99), field
