-- Languages of the articles that were first seen. Grain: one outlet and language. Input: core.article_facts.
-- User: the report.

SELECT
    outlet_id,
    language,
    COUNT(*) AS article_count
FROM core.article_facts
WHERE seen_date >= $since_date AND seen_date <= $today
GROUP BY ALL
ORDER BY article_count DESC, outlet_id, language
