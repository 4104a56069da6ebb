-- What a search can be narrowed to: languages. Grain: one language. Input: main.languages. User: warehouse/browse.py.

SELECT
    language,
    SUM(article_count) AS article_count
FROM main.languages
WHERE language IS NOT NULL
GROUP BY language
ORDER BY article_count DESC, language
