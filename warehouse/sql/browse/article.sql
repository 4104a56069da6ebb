-- One article in its current revision. Grain: one article. Input: main.articles. User: warehouse/browse.py.

FROM main.articles
WHERE article_id = TRY_CAST($article_id AS UUID)
