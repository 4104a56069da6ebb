-- What became of the articles that were found, and whose they are. Grain: one article. Input: main.articles.
-- User: warehouse/browse.py.

SELECT
    article_id,
    outlet_name,
    kicker,
    published_precision,
    revision_count,
    removed_at,
    original_publisher,
    story_id <> article_id AS is_copy
FROM main.articles
WHERE article_id IN (SELECT UNNEST(CAST($article_ids AS UUID [])))
