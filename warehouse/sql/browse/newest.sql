-- The newest articles that the filters of a query let through, in the columns of main.search.
-- Grain: one article. Inputs: main.search_filters, main.articles. User: warehouse/browse.py, where a query has no words.

SELECT
    a.article_id,
    a.outlet_id,
    a.language,
    a.title,
    COALESCE(a.published_at, a.first_seen_at) AS published_at,
    CAST(NULL AS DOUBLE) AS score,
    a.standfirst AS snippet,
    1 AS snippet_start,
    [] AS matches,
    COUNT(*) OVER () AS match_count
FROM main.articles AS a, main.search_filters($words) AS f
WHERE
    (f.outlet_ids IS NULL OR LIST_CONTAINS(f.outlet_ids, a.outlet_id))
    AND (f.other_outlet_ids IS NULL OR NOT LIST_CONTAINS(f.other_outlet_ids, a.outlet_id))
    AND (f.languages IS NULL OR LIST_HAS_ANY(f.languages, [LOWER(a.language), LOWER(SPLIT_PART(a.language, '-', 1))]))
    AND (f.other_languages IS NULL OR NOT LIST_HAS_ANY(f.other_languages, [LOWER(COALESCE(a.language, '')), LOWER(SPLIT_PART(COALESCE(a.language, ''), '-', 1))]))
    AND (f.since IS NULL OR COALESCE(a.published_at, a.first_seen_at) >= f.since)
    AND (f.until IS NULL OR COALESCE(a.published_at, a.first_seen_at) < f.until)
ORDER BY COALESCE(a.published_at, a.first_seen_at) DESC, a.article_id
LIMIT $limit
