-- Grain: one address of an outlet that two articles claim. Inputs: core.articles. Users: warehouse/checks.py.

SELECT
    outlet_id,
    normalized_url,
    COUNT(*) AS article_count
FROM core.articles
GROUP BY outlet_id, normalized_url
HAVING COUNT(*) > 1
