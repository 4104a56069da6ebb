-- What the published file holds. Grain: one row. Inputs: main.articles, main.outlets. User: warehouse/browse.py.

SELECT
    COUNT(*) AS article_count,
    COUNT(*) FILTER (revision_count > 1) AS revised_count,
    COUNT(*) FILTER (removed_at IS NOT NULL) AS removed_count,
    MAX(first_seen_at) AS newest_seen_at,
    (SELECT COUNT(*) FROM main.outlets) AS outlet_count
FROM main.articles
